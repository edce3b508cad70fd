"""A number of the settings may be one: no page, mail or wording then speaks of "1 days"."""

from __future__ import annotations

import re
from types import SimpleNamespace

import pytest
import sqlalchemy as sa

from app.admission import art14, legal, stage_letters
from app.core.clock import clock
from app.db import db, unit_of_work
from app.interviews import labels as interview_labels
from app.mail.compose import speaking
from app.managers.rules import Source
from app.mandates import labels as mandate_labels
from app.settings import actions as settings
from app.settings.queries import firm
from app.talks import labels as talk_labels
from app.talks.models import Talk
from tests.admission.test_letters import matter
from tests.admission.test_registration import fill, mails, path_in
from tests.factories import make_mandate, make_user
from tests.office import Office

MANY = r"days|dagen|Tage|Tagen|working days|werkdagen|Arbeitstagen|weeks|weken|Wochen|months|maanden|Monate|hours|Stunden"
WRONG = re.compile(rf"\b1 ({MANY}|people|Personen|personen|mails|E-Mails|concrete recommendations)\b")
RIGHT = re.compile(r"\b1 (day|dag|Tag|working day|werkdag|Arbeitstag|week|Woche)\b")
ONES = (
    "confirm_link_days", "purge_after_mail_days", "purge_latest_days", "review_working_days", "withdrawal_days",
    "withdrawn_kept_days", "registration_mails_a_day", "first_talk_after_days", "closing_lead_days", "extension_talk_after_days",
    "aftercare_days", "exit_countdown_weeks", "fits_due_talk_days", "availability_known_days", "papers_fresh_months",
    "least_recommendations", "hours_a_day", "import_letters_per_day",
)  # fmt: skip


@pytest.fixture(autouse=True)
def everything_is_one(app) -> None:
    with unit_of_work():
        settings.change(
            dict.fromkeys(ONES, 1)
            | {"registration_fee": 180, "talk_every_days": 7, "decide_before_end_days": (1,), "short_term_days": 2}
        )


def check(*texts: str, least: int) -> None:
    """Assert that no text is wrong, and that so many places speak of one."""
    plain = [" ".join(re.sub(r"<[^>]*>", "", text).split()) for text in texts]
    assert [found[0] for text in plain for found in WRONG.finditer(text)] == []
    assert sum(len(RIGHT.findall(text)) for text in plain) >= least


@pytest.mark.parametrize("language", ["de", "nl", "en"])
def test_who_registers_reads_of_one_day(app, language):
    visitor = Office(app)
    pages = [visitor.open(f"/register{path}?lang={language}") for path in ("", "/again", "/terms", "/privacy")]
    fill(visitor, language)
    pages.append(visitor.open(path_in(mails()[0])))
    pages.append(pages[-1].submit())
    pages.append(visitor.open(path_in(mails("admission.welcome")[0])))
    pages.append(pages[-1].submit())

    assert {page.status for page in pages} == {200}
    check(*(page.text for page in pages), *(letter.text for letter in mails()), least=15)


@pytest.mark.parametrize("language", ["de", "nl", "en"])
def test_letters_and_labels_speak_of_one_day(app, language):
    origin = SimpleNamespace(source=Source.OTHER, ground=next(iter(art14.GROUNDS)))
    one = matter(language)
    with unit_of_work(), speaking(language):
        texts = [
            str(art14.blocks(one.manager, origin)),
            stage_letters._upload(one),
            mandate_labels.clause(firm()),
            talk_labels.every_days(1),
            talk_labels.every_days(10),
            interview_labels.missing("recommendations", 1),
            legal.preview("A {review_days|Arbeitstag|Arbeitstagen} b {purge_days} c", language),
        ]
    assert "A 1 Arbeitstag b 1 c" in texts
    check(*texts, least=4)
    assert not any("%(" in text or "1.4" in text for text in texts)


@pytest.mark.parametrize("language", ["de", "nl", "en"])
def test_the_office_reads_of_one_day(app, language):
    office = Office(app, make_user("lead", language=language))
    mandate = make_mandate(owner=office.user, planned=True, client_rate=1890, manager_rate=1450)
    talks = db.session.scalars(sa.select(Talk.id).where(Talk.mandate_id == mandate.id)).all()
    answer = office.open(f"/mandates/{mandate.id}/extensions/new")
    preview = answer.fill(new_end_on="2026-10-30", signed_on=clock().today("Europe/Berlin").isoformat(), reason="r").submit()

    assert preview.status == 200
    pages = [
        office.open(path)
        for path in (
            f"/mandates/{mandate.id}", "/mandates?view=ending", "/managers", f"/managers/{mandate.manager_id}/availability",
            f"/managers/{mandate.manager_id}/documents", "/admission", *(f"/talks/{number}" for number in talks),
        )
    ]  # fmt: skip
    check(preview.text, *(page.text for page in pages), least=6)
