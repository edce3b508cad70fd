"""A mandate with everything that a mandate can have, led there through the pages, with rates that nobody can mistake."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa
from flask import Flask

from app.core.clock import FrozenClock
from app.db import acting_as, db
from app.links import actions as links
from app.links.models import PersonalLink
from app.mail.ticks import send_due
from app.mandates import ticks
from app.mandates.candidate_models import Candidate
from app.mandates.course_models import HandoverItem, StatusCheck
from app.mandates.models import Extension
from app.mandates.plan_models import EvaluationMoment, MandateGoal, Milestone
from app.talks.models import Talk
from tests import factories
from tests.office import Office, Page

APRIL = datetime(2026, 4, 1, 7, 0, tzinfo=UTC)
IN_JUNE = datetime(2026, 6, 9, 7, 0, tzinfo=UTC)
RATES = {
    "contract": ("1873.50", "1391.25"),
    "change": ("1911.75", "1402.65"),
    "extension": ("1957.35", "1433.85"),
    "open": ("2013.85", "1477.95"),
}
SHARES = ("25.7", "26.6", "26.7")  # of the margins


def _written(amount: str) -> str:
    """Return a pattern of the amount, or what it was rounded to, in every notation that a page, a paper or a table may have."""
    whole, cents = amount.split(".")
    rounded = [whole, str(int(whole) + 1)]
    thousands = "|".join(f"{one[:-3]}[.,'’ \\s]?{one[-3:]}" for one in rounded)
    return rf"(?<![\w.,])(?:{thousands})(?:[.,]{cents.rstrip('0')}0?)?(?!\w)"


def _margins() -> list[str]:
    found = [f"{float(client) - float(manager):.2f}" for client, manager in RATES.values()]
    return [rf"(?<![\w.,]){one.replace('.', '[.,]').removesuffix('0')}" for one in found]


AMOUNTS = {
    **{amount: re.compile(_written(amount)) for pair in RATES.values() for amount in pair},
    **{f"margin {pattern}": re.compile(pattern) for pattern in _margins()},
    **{f"share {one}": re.compile(rf"(?<![\w.,]){one.replace('.', '[.,]')}\s*%") for one in SHARES},
}
_TOKENS = re.compile(r'(name="(?:csrf_token|form_key|shown|digest)"[^>]*value="[^"]*"|/static/[^"]*|content="[\w.-]{60,}")')


def amounts_in(text: str) -> set[str]:
    """Return which of the mandate's amounts, margins and shares stand in the text, in whatever notation."""
    plain = _TOKENS.sub("", text)
    bare = re.sub(r"<[^>]*>", " ", plain)
    return {name for name, pattern in AMOUNTS.items() if pattern.search(plain) or pattern.search(bare)}


@dataclass
class Whole:
    """The mandate, who owns it, and the numbers of its records by the name that addresses give them."""

    mandate_id: int
    owner: Office
    colleague: Office
    ids: dict[str, list[Any]] = field(default_factory=dict)
    links: dict[str, str] = field(default_factory=dict)

    @property
    def base(self) -> str:
        return f"/mandates/{self.mandate_id}"

    def open(self, path: str) -> Page:
        return self.owner.open(self.base + path)


def numbers(model: Any) -> list[int]:
    db.session.rollback()
    return list(db.session.scalars(sa.select(model.id).order_by(model.id)))


def fine(page: Page) -> Page:
    assert page.status == 200, re.sub(r"\s*<[^>]*>\s*", " ", page.text)[:3000]
    return page


def whole_mandate(app: Flask, clock: FrozenClock) -> Whole:
    """Lead a mandate through its stages, with two accepted handbooks and one that waits, to the middle of March and on."""
    owner, colleague = Office(app, factories.make_user()), Office(app, factories.make_user(language="nl"))
    contact = factories.make_contact(language="de", email="r.osterkamp@client.example")
    mandate = factories.make_mandate(signed=False, contact=contact, owner=owner.user, colleagues=(colleague.user,))
    whole = Whole(mandate.id, owner, colleague)
    _scope(whole)
    _sign(whole)
    _plan(whole)
    clock.move_to(APRIL)
    _report(whole, clock)
    clock.move_to(IN_JUNE)
    _exit(whole)
    _evaluate(whole)
    _change_terms(whole)
    whole.ids |= {
        "mandate_id": [whole.mandate_id],
        "client_id": [contact.client_id],
        "contact_id": [contact.id],
        "candidate_id": numbers(Candidate),
        "extension_id": numbers(Extension),
        "item_id": numbers(HandoverItem),
        "goal_id": numbers(MandateGoal),
        "milestone_id": numbers(Milestone),
        "moment_id": numbers(EvaluationMoment),
        "check_id": numbers(StatusCheck),
        "talk_id": numbers(Talk),
        "user_id": [owner.user.id],
        "side": ["client", "manager", "provider"],
        "year": [2026],
        "number": [1, 2, 3],
        "kind": ["terms"],
        "language": ["de"],
    }
    return whole


def _scope(whole: Whole) -> None:
    scoping = whole.open("/scoping").fill(
        reach="Werk eins", expectations="Ruhe", means="Zwei Leute", culture="Direkt", place="line", reports_to="Vorstand",
        goal="93 % pünktlich", exit_plan="Nachfolge von innen", handed_over="Schlüssel\nLieferanten", exit_on="2026-06-30",
        goal_1="Liefertreue", measure_1="93 %", goal_2="Rückstand", measure_2="null",
    )  # fmt: skip
    fine(scoping.submit())
    for name in ("Dollart", "Aldersum"):
        manager = factories.make_manager(first_name="Marijke", last_name=name, language="de", functions=("operations",))
        whole.ids.setdefault("manager_id", []).append(manager.id)
        fine(whole.open("/candidates").fill(manager_name=name).submit())
    first, second = numbers(Candidate)
    fine(whole.open(f"/candidates/{first}").fill(state="presented", on="2026-01-05").submit())
    fine(whole.open(f"/candidates/{first}").fill(state="chosen", on="2026-01-07").submit())
    fine(whole.open(f"/candidates/{second}").fill(state="declined", reason="Zu weit weg").submit())


def _sign(whole: Whole) -> None:
    client, manager = RATES["contract"]
    page = whole.open("/contract").fill(
        manager_name="Dollart", signed_on="2026-01-08", starts_on="2026-01-12", ends_on="2026-07-10", clause="Qualität",
        client_rate=client, manager_rate=manager, days_per_week="4.5",
    )  # fmt: skip
    fine(page.submit())
    for text in ("Angerufen", "Schon wieder"):
        fine(whole.open("/notes/new").fill(text=text).submit())
    fine(whole.open("/next-step").fill(next_step="Plan holen", next_step_on="2026-03-17").submit())
    check = numbers(StatusCheck)[0]
    page = whole.open(f"/status-checks/{check}/answers")
    answers = {name: "no" for name in page.forms[0]["names"] if name.startswith("answer_")}
    fine(page.fill(**answers, note="Alles frei").submit())


def _plan(whole: Whole) -> None:
    for title, due_on in (("Schichtplan steht", "2026-04-01"), ("Rückstand weg", "2026-05-04")):
        fine(whole.open("/plan/milestones/new").fill(title=title, due_on=due_on, owner="Werkleiter").submit())
    fine(whole.open("/plan").form("/moments").submit())
    fine(whole.open("/handbook").form("/versions").submit())
    fine(whole.open("/handbook/1/acceptance").fill(accepted_how="meeting").submit())
    step = numbers(Milestone)[1]
    move(whole, step, "2026-05-11")
    fine(whole.open("/handbook").form("/versions").submit())
    path = send(whole, "/handbook/2/request")
    fine(fine(Office(whole.owner.app, None).open(path)).submit())
    move(whole, step, "2026-05-18")
    fine(whole.open("/handbook").form("/versions").submit())
    whole.links["handbook"] = send(whole, "/handbook/3/request")


def move(whole: Whole, milestone: int, due_on: str) -> None:
    fine(whole.open(f"/plan/milestones/{milestone}").fill(due_on=due_on, reason="Lieferant spät").submit())


def send(whole: Whole, request: str) -> str:
    """Send the letter that asks behind a link; return the link's path."""
    fine(whole.open(request).submit())
    send_due("worker")
    return newest_link()


def newest_link() -> str:
    db.session.rollback()
    link = db.session.scalars(sa.select(PersonalLink).order_by(PersonalLink.id.desc())).first()
    assert link is not None
    return "/p/" + links.url_of(link).rpartition("/p/")[2]


def _report(whole: Whole, clock: FrozenClock) -> None:
    with acting_as("scheduler"):
        assert ticks.ask_reports(clock.now()).done == 1
    send_due("worker")
    whole.links["report"] = newest_link()
    words = {"days": "16.5", "tasks": "Schichtplan", "obstacles": "Zwei Linien stehen"}
    fine(Office(whole.owner.app, None).open(whole.links["report"]).fill(**words).submit())


def _exit(whole: Whole) -> None:
    fine(whole.open("/handover").form("/proposals").submit())
    fine(whole.open("/handover").form("/completion").submit())
    fine(whole.open("/exit/edit").fill(successor="Malte Hinrichsen", days_2026_07="2").submit())


def _evaluate(whole: Whole) -> None:
    page = whole.open("/evaluation/provider")
    shares = {name: "70" for name in page.forms[0]["names"] if name.startswith("percent_")}
    fine(page.fill(**shares).submit())
    for side in ("client", "manager"):
        whole.links[side] = send(whole, f"/evaluation/{side}/request")
        page = Office(whole.owner.app, None).open(whole.links[side])
        fine(page.fill(**dict.fromkeys(shares, "95")).submit())
    assert "points apart" in whole.open("/evaluation").text


def _change_terms(whole: Whole) -> None:
    client, manager = RATES["change"]
    words = "1911.75 statt 1873.50, am Telefon"
    page = whole.open("/rates/new").fill(client_rate=client, manager_rate=manager, effective_on="2026-06-15", reason=words)
    fine(page.submit())
    for key, end, signed in (("extension", "2026-10-30", "2026-06-09"), ("open", "2026-12-18", "")):
        client, manager = RATES[key]
        page = whole.open("/extensions/new").fill(
            new_end_on=end, signed_on=signed, reason="Mehr zu tun", client_rate=client, manager_rate=manager
        )
        fine(fine(page.submit()).submit())
    page = whole.open("/manager").fill(manager_name="Aldersum", first_on="2026-06-15", reason="Krank")
    fine(page.submit())
