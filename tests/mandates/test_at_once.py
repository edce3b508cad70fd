"""Two people at one handbook or milestone in the same moment, at two web processes: one wins, the other sees why."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, date, datetime
from functools import partial
from typing import Any

import pypdfium2
import pytest
import sqlalchemy as sa

from app import create_app
from app.core.clock import FrozenClock
from app.db import db
from app.mandates import handbook_rules
from app.mandates.models import Mandate
from app.mandates.plan_models import EvaluationMoment, HandbookVersion, Milestone
from app.talks.models import Talk
from app.timeline.models import Event
from config import Config
from tests.conftest import TUESDAY_MORNING
from tests.databases import fresh_database
from tests.factories import make_contact, make_mandate, make_user, reload, save
from tests.journeys.doors import Answer, Visitor, at_once, form_in
from tests.mandates.whole import newest_link
from tests.office import Office
from tests.servers import live_server

pytestmark = [pytest.mark.sql, pytest.mark.slow]
ROUNDS = 8
STALE = "Somebody else saved this in the meantime"
ADJUSTED = "The handbook was adjusted meanwhile. Please read the new version."


class Desk:
    """A mandate with a plan, two colleagues on it at two doors, and the client at the second one."""

    def __init__(self, app: Any, urls: tuple[str, str]) -> None:
        people = [Office(app, make_user()) for _ in urls]
        self.office, self.other = people
        self.colleagues = [Visitor(url, cookie_of(one)) for url, one in zip(urls, people, strict=True)]
        self.client = Visitor(urls[1])

    def mandate(self) -> Mandate:
        contact = make_contact(language="en", email="rainer@client.example")
        found = make_mandate(
            owner=self.office.user, colleagues=(self.other.user,), contact=contact, stage=2,
            goal="93 %", exit_plan="Successor", handed_over="Keys", exit_on=date(2026, 6, 30),
        )  # fmt: skip
        save(Milestone(mandate_id=found.id, title="Plan agreed", due_on=date(2026, 4, 1), state="planned"))
        save(EvaluationMoment(mandate_id=found.id, planned_on=date(2026, 4, 15)))
        return found

    def presented(self) -> Mandate:
        found = self.mandate()
        self.office.open(f"/mandates/{found.id}/handbook").form("/versions").submit()
        return found


def cookie_of(person: Office) -> str:
    kept = person.client.get_cookie("lotse")
    assert kept is not None
    return f"lotse={kept.value}"


@pytest.fixture(scope="module")
def desk(tmp_path_factory) -> Iterator[Desk]:
    folder = tmp_path_factory.mktemp("desk")
    with fresh_database(folder) as database:
        config = Config(
            database_url=database, secret_key="only-for-tests-" + "x" * 40, public_url="http://localhost",
            mail_url=f"file:{folder / 'mail'}", files_url=str(folder / "files"), require_mfa="off", testing=True,
        )  # fmt: skip
        settings = {
            "DATABASE_URL": database, "FILES_URL": config.files_url, "MAIL_URL": config.mail_url, "SECRET_KEY": config.secret_key,
            "REQUIRE_MFA": "off", "SCHEDULER": "off",
            "LOTSE_CLOCK_OFFSET": str(int((TUESDAY_MORNING - datetime.now(UTC)).total_seconds())),
        }  # fmt: skip
        app = create_app(config, FrozenClock(TUESDAY_MORNING))
        with app.app_context(), live_server(settings) as first, live_server(settings) as second:
            yield Desk(app, (first.url, second.url))
            db.session.remove()
            db.engine.dispose()


def versions(mandate: Mandate) -> list[HandbookVersion]:
    db.session.rollback()
    db.session.expire_all()
    wanted = sa.select(HandbookVersion).where(HandbookVersion.mandate_id == mandate.id).order_by(HandbookVersion.number)
    return list(db.session.scalars(wanted))


def check(mandate: Mandate) -> None:
    """Raise where the versions are not what they must be, whoever won."""
    found = versions(mandate)
    assert [one.number for one in found] == list(range(1, len(found) + 1))
    assert sum(one.accepted_on is None and one.dropped_on is None for one in found) <= 1
    told = db.session.scalars(sa.select(Event.kind).where(Event.kind == "mandates.handbook_accepted")).all()
    accepted = db.session.scalar(sa.select(sa.func.count()).where(HandbookVersion.accepted_on.is_not(None)))
    assert len(told) == accepted
    talks = sa.select(sa.func.count(Talk.id)).where(Talk.mandate_id == mandate.id, Talk.kind == "evaluation")
    assert db.session.scalar(talks) == (1 if any(one.accepted_on for one in found) else 0)


def paper(content: bytes) -> str:
    """Return what stands in the paper, without the lines that say how it stands."""
    with pypdfium2.PdfDocument(content) as document:
        text = "\n".join(page.get_textpage().get_text_range() for page in document)
    return re.sub(r"(Presented on|Accepted by)[^\n]*", "", text)


def told(answer: Answer) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]*>", " ", answer.text))


def test_the_client_accepts_while_a_colleague_presents_something_else(desk):
    outcomes: Counter[str] = Counter()
    for _round in range(ROUNDS):
        mandate = desk.presented()
        base = f"/mandates/{mandate.id}"
        desk.office.open(f"{base}/handbook/1/request").submit()
        link = newest_link()
        save(Milestone(mandate_id=mandate.id, title="Second step", due_on=date(2026, 5, 4), state="planned"))
        acceptance, shown = desk.client.form(link), desk.client.ask(f"{link}?format=pdf")
        presenting = desk.colleagues[0].form(f"{base}/handbook", "/versions", summary="One step more")

        client, colleague = at_once(partial(desk.client.post, acceptance), partial(desk.colleagues[0].post, presenting))

        check(mandate)
        first = versions(mandate)[0]
        if client.status == 303:
            outcomes["accepted"] += 1
            assert colleague.status in (303, 409), told(colleague)
            assert handbook_rules.digest(first.content) == acceptance.fields["digest"]
            assert paper(desk.client.ask(f"{link}?format=pdf").content) == paper(shown.content)
            if colleague.status == 409:
                assert STALE in colleague.text and "One step more" in colleague.text
                assert desk.colleagues[0].post(form_in(colleague.text, presenting.action)).status == 303
            assert [(one.accepted_how, one.summary) for one in versions(mandate)] == [("link", None), (None, "One step more")]
        else:
            outcomes["adjusted"] += 1
            assert (client.status, colleague.status) == (422, 303), told(client)
            assert ADJUSTED in client.text and "Second step" in client.text
            assert first.accepted_on is None
            assert desk.client.post(form_in(client.text, link)).status == 303
            assert [one.accepted_how for one in versions(mandate)] == ["link"]
        check(mandate)
    print(dict(outcomes))


def test_two_colleagues_record_the_acceptance_of_one_version(desk):
    for _round in range(ROUNDS):
        mandate = desk.presented()
        path = f"/mandates/{mandate.id}/handbook/1/acceptance"
        first, second = desk.colleagues
        by_mail, in_person = first.form(path, accepted_how="mail"), second.form(path, accepted_how="meeting", accepted_by="Jan")

        answers = at_once(partial(first.post, by_mail), partial(second.post, in_person))

        assert sorted(one.status for one in answers) == [303, 409], [told(one) for one in answers]
        won = [answer.status for answer in answers].index(303)
        loser = answers[1 - won]
        assert STALE in loser.text and ("mail" if won == 0 else "Jan") in loser.text
        (version,) = versions(mandate)
        assert version.accepted_how == ("mail", "meeting")[won]
        again = desk.colleagues[1 - won].post(form_in(loser.text, path))
        assert again.status == 422 and "This version was accepted or withdrawn meanwhile." in again.text
        check(mandate)


def test_the_client_presses_accept_in_two_windows(desk):
    for _round in range(ROUNDS // 2):
        mandate = desk.presented()
        desk.office.open(f"/mandates/{mandate.id}/handbook/1/request").submit()
        link = newest_link()
        windows = [Visitor(one.url) for one in desk.colleagues]

        answers = at_once(*(partial(one.post, one.form(link)) for one in windows))

        assert {answer.status for answer in answers} <= {303, 200} and 303 in {answer.status for answer in answers}, [
            told(one) for one in answers
        ]
        assert all("Thank you" in one.ask(link).text for one in windows)
        check(mandate)


def test_two_colleagues_present_at_once(desk):
    for _round in range(ROUNDS // 2):
        mandate = desk.mandate()
        forms = [one.form(f"/mandates/{mandate.id}/handbook", "/versions", summary=f"By {one.url}") for one in desk.colleagues]

        answers = at_once(*(partial(one.post, form) for one, form in zip(desk.colleagues, forms, strict=True)))

        assert sorted(one.status for one in answers) == [303, 409], [told(one) for one in answers]
        won = [answer.status for answer in answers].index(303)
        assert [one.summary for one in versions(mandate)] == [f"By {desk.colleagues[won].url}"]
        assert f"By {desk.colleagues[1 - won].url}" in answers[1 - won].text
        check(mandate)


def test_two_colleagues_move_one_milestone(desk):
    for _round in range(ROUNDS):
        mandate = desk.mandate()
        step = db.session.scalars(sa.select(Milestone.id).where(Milestone.mandate_id == mandate.id)).one()
        path, days = f"/mandates/{mandate.id}/plan/milestones/{step}", ("2026-05-04", "2026-05-11")
        forms = [one.form(path, due_on=day, means=f"until {day}") for one, day in zip(desk.colleagues, days, strict=True)]

        answers = at_once(*(partial(one.post, form) for one, form in zip(desk.colleagues, forms, strict=True)))

        assert sorted(one.status for one in answers) == [303, 409], [told(one) for one in answers]
        won = [answer.status for answer in answers].index(303)
        loser = answers[1 - won].text
        assert STALE in loser and all(f"until {day}" in loser for day in days)
        db.session.rollback()
        kept = db.session.scalars(sa.select(Milestone.due_on).where(Milestone.id == step)).one()
        assert kept == date.fromisoformat(days[won])
        assert desk.colleagues[1 - won].post(form_in(loser, path)).status == 303
        db.session.rollback()
        assert db.session.scalars(sa.select(Milestone.due_on).where(Milestone.id == step)).one().isoformat() == days[1 - won]


def test_a_milestone_moves_while_the_handbook_is_accepted(desk):
    for _round in range(ROUNDS // 2):
        mandate = desk.presented()
        step = db.session.scalars(sa.select(Milestone.id).where(Milestone.mandate_id == mandate.id)).one()
        first, second = desk.colleagues
        moving = first.form(f"/mandates/{mandate.id}/plan/milestones/{step}", due_on="2026-05-04")
        accepting = second.form(f"/mandates/{mandate.id}/handbook/1/acceptance", accepted_how="meeting")

        moved, accepted = at_once(partial(first.post, moving), partial(second.post, accepting))

        assert {moved.status, accepted.status} <= {303, 409, 422}, [told(moved), told(accepted)]
        assert 303 in (moved.status, accepted.status)
        (version,) = versions(mandate)
        assert version.content["milestones"][0]["due_on"] == "2026-04-01"  # as it was presented, whatever came first
        if moved.status == 422:
            assert "Please write why it is moved or dropped." in moved.text
        for answer in (moved, accepted):
            assert answer.status != 409 or STALE in answer.text or "meanwhile" in answer.text, told(answer)
        assert reload(mandate).stage == (3 if accepted.status == 303 else 2)
        check(mandate)
