"""Bringing managers along from a table: one row after the other, each wholly or not at all.

Nobody of a batch is written to, and nothing is owed, before a lead starts it: until then the cases have no next date.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext, suppress
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

import sqlalchemy as sa
from flask_babel import gettext as _
from sqlalchemy.orm import joinedload

from app.admission import art14, flow
from app.admission.actions import terms
from app.admission.models import AdmissionBatch, AdmissionCase
from app.admission.state_rules import LEFT, STAGES, next_date
from app.core.dates import ONE_DAY, add_working_days, local_day
from app.core.errors import N_, RuleViolation
from app.core.names import full_name, sort_name
from app.db import db
from app.exchange import rules
from app.exchange.rules import Line, Outcome, Papers
from app.exchange.sheets import rows_of
from app.files.rules import clean_name
from app.mail.compose import speaking
from app.managers import actions as managers
from app.managers.document_actions import add_document
from app.managers.models import Manager
from app.managers.rules import Source, State
from app.settings.queries import firm
from app.timeline import record as tell
from app.timeline.steps import set_step
from app.users.models import User
from app.users.ownership import assign

MAY_BE_OFFERED = (State.RELEASED, State.PAUSED)
BY_POST_WITHIN = timedelta(days=7)
AT_ONCE = 100  # rows in one transaction


@dataclass
class Table:
    """A file as it was read: rows of cells with their numbers, what stands where, and the papers beside it."""

    name: str
    columns: rules.Columns
    rows: list[tuple[int, list[str]]]
    papers: Papers


@dataclass
class Report:
    """What became of a file. `unmatched` are papers that belong to nobody in it."""

    lines: list[Line]
    unknown: tuple[str, ...]
    unmatched: list[str] = field(default_factory=list)
    batch_id: int | None = None

    def count(self, outcome: Outcome) -> int:
        return sum(line.outcome is outcome for line in self.lines)


@dataclass(frozen=True)
class Manner:
    """How it is done: by whom, whether people may be brought in as released, on what ground the data are kept."""

    actor: Any
    at: datetime
    ground: str
    may_release: bool
    was_erased: Callable[[str | None], bool]  # privacy.queries: a room on the same floor
    dry: bool = False


def read(content: bytes, name: str, papers: Sequence[str], most: int) -> Table:
    """Return the table in a file; raise RuleViolation at `file` where it is none, has no rows, or more than `most`."""
    rows = rows_of(content, rules.known_headings)
    at = next((number for number, row in enumerate(rows) if row), 0)
    found = rules.columns(rows[at])
    people = [(number + 1, row) for number, row in enumerate(rows) if number > at and row]
    if not people:
        raise RuleViolation(N_("Below the headings there is no row."), field="file")
    if len(people) > most:
        raise RuleViolation(N_("This file has more than %(most)d rows. Please split it."), field="file", most=most)
    return Table(clean_name(name)[:200], found, people, Papers(papers))


def bring_along(
    table: Table,
    manner: Manner,
    content_of: Callable[[str], bytes],
    work: Callable[[], AbstractContextManager[Any]] = nullcontext,
) -> Report:
    """Enter the managers of the table; with `manner.dry` only say what would become of each row.

    `work` is the unit of work around every AT_ONCE rows. `content_of` returns the bytes of one of the papers. Raises
    RuleViolation at `ground` for an unknown one.
    """
    if manner.ground not in art14.GROUNDS:
        raise RuleViolation(N_("“%(key)s” is not on the list."), field="ground", key=manner.ground)
    known = _Known(table)
    report, batch = Report([], table.columns.unknown), _Batch(table.name, manner)
    for some in _parts(table.rows):
        with nullcontext() if manner.dry else work():
            report.lines += [_row(number, cells, table, known, manner, batch, content_of) for number, cells in some]
    report.batch_id = batch.id
    used = {name for line in report.lines for name in line.papers}
    report.unmatched = [name for name in table.papers.names if name not in used]
    return report


def _parts(rows: list[tuple[int, list[str]]]) -> Iterator[list[tuple[int, list[str]]]]:
    for first in range(0, len(rows), AT_ONCE):
        yield rows[first : first + AT_ONCE]


@dataclass
class _Batch:
    """The batch of an import, kept with the first person who came in: none is left where nobody did."""

    name: str
    manner: Manner
    id: int | None = None

    def kept(self) -> int:
        """Return its number."""
        if self.id is None:
            actor = self.manner.actor
            row = AdmissionBatch(
                name=self.name, imported_at=self.manner.at, imported_by_id=actor.id if actor is not None else None
            )
            db.session.add(row)
            db.session.flush()
            self.id = row.id
        return self.id


class _Known:
    """The addresses and, for those without one, the names of who is here already or stood in the file before."""

    def __init__(self, table: Table) -> None:
        at = table.columns.at.get("email")
        wanted = {cells[at].strip().lower() for _n, cells in table.rows if at is not None and at < len(cells)} - {""}
        self.emails: dict[str, int] = {}
        for some in (sorted(wanted)[first : first + 500] for first in range(0, len(wanted), 500)):
            live = sa.select(Manager.email, Manager.id).where(Manager.email.in_(some), Manager.state != State.ERASED)
            self.emails.update({row.email: row.id for row in db.session.execute(live)})
        self.rows: dict[str, int] = {}
        self.names: dict[str, int] = {}

    def check(self, manager: Manager, row: int) -> None:
        """Raise _Skip for somebody who is here already, else remember."""
        if manager.email:
            if manager.email in self.emails:
                raise _Skip(N_("This mail address is known already: ID %(number)d."), number=self.emails[manager.email])
            if manager.email in self.rows:
                raise _Skip(N_("This mail address stands in row %(row)d already."), row=self.rows[manager.email])
            self.rows[manager.email] = row
            return
        key = sort_name(manager.first_name, manager.last_name)
        if key in self.names:
            raise _Skip(N_("Without a mail address: the same name stands in row %(row)d already."), row=self.names[key])
        there = db.session.scalar(
            sa.select(Manager.id).where(Manager.sort_name == key, Manager.state != State.ERASED).order_by(Manager.id).limit(1)
        )
        if there is not None:
            raise _Skip(N_("Without a mail address: somebody of this name is here already, ID %(number)d."), number=there)
        self.names[key] = row


def start(batch: AdmissionBatch, *, actor: Any, at: datetime) -> int:
    """Let the clock write to the people of this batch, and let their reviews and stages fall due; return how many.

    Each gets the next date of the state, spread over working days, at most `import_letters_per_day` of them a day; the
    notices of Art. 14 follow at the same pace (`ticks.tell_imported`). Who came as released is so by this start. Who has no
    mail address becomes a step of the owner, else of `actor`. Raises RuleViolation where it was started already.
    """
    if batch.started_at is not None:
        raise RuleViolation(N_("This import was started already."))
    batch.started_at, batch.started_by_id = at, actor.id if actor is not None else None
    kept, today = firm(), local_day(at, firm().zone)
    cases = db.session.scalars(
        sa.select(AdmissionCase)
        .where(AdmissionCase.batch_id == batch.id)
        .options(joinedload(AdmissionCase.manager))
        .order_by(AdmissionCase.manager_id)
    ).all()
    dated = [case for case in cases if next_date(State(case.manager.state), today, terms()) is not None and case.next_on is None]
    first = add_working_days(today - ONE_DAY, 1, kept.region, kept.free_month_days)
    for place, case in enumerate(dated):
        begins = add_working_days(first, place // kept.import_letters_per_day, kept.region, kept.free_month_days)
        case.next_on = next_date(State(case.manager.state), begins, terms())
        case.entered_state_at = at
    for case in cases:
        if case.manager.state in MAY_BE_OFFERED and case.manager.released_on is None:
            case.manager.released_on = today
            tell("admission.released_by_start", case.manager, actor=actor, at=at, text=batch.name)
    by_post = [case.manager for case in cases if case.manager.email is None and case.manager.state not in LEFT]
    for place, manager in enumerate(by_post):
        begins = add_working_days(first, place // kept.import_letters_per_day, kept.region, kept.free_month_days)
        _leave_to_a_colleague(manager, begins, actor=actor, at=at)
    return len(dated)


def _leave_to_a_colleague(manager: Manager, begins: date, *, actor: Any, at: datetime) -> None:
    """Have somebody without a mail address written to by hand, a week after `begins` at the latest; a step there is stays."""
    today, owner = local_day(at, firm().zone), db.session.get(User, manager.owner_id) if manager.owner_id else None
    if owner is None and actor is not None:
        owner = db.session.get_one(User, actor.id)
        with suppress(RuleViolation):  # who is away gets nothing new; the case shows it as owed all the same
            assign(manager, owner, actor=actor, at=at, today=today)
    if manager.next_step is None:
        with speaking(owner.language if owner is not None else firm().language):
            step = _("Write by post or phone (no e-mail address), with the notice of Art. 14")
        set_step(manager, step, begins + BY_POST_WITHIN, actor=None, at=at, today=today)


class _Skip(RuleViolation):
    """Not refused: there is nothing to do."""


def _row(
    number: int,
    cells: list[str],
    table: Table,
    known: _Known,
    manner: Manner,
    batch: _Batch,
    content_of: Callable[[str], bytes],
) -> Line:
    line = Line(number, _shown(cells, table), Outcome.CREATED)
    try:
        values = rules.values_of(cells, table.columns)
        state = values.pop("state")
        values |= {"source": Source.IMPORT.value, "source_note": table.name}
        draft = managers.draft(values)
        line.name = full_name(draft.title, draft.first_name, draft.particle, draft.last_name)
        _check(draft, state, manner)
        known.check(draft, number)
        own = {key: cells[at] if at < len(cells) else "" for key, at in table.columns.at.items()}
        line.papers = table.papers.of(own.get("number", ""), draft.email or "", own.get("papers", ""))
        if not manner.dry:
            manager = _enter(values, state, manner, batch)
            line.manager_id = manager.id
            _keep_papers(manager, line, manner, content_of)
    except RuleViolation as violation:
        line.outcome = Outcome.SKIPPED if isinstance(violation, _Skip) else Outcome.REFUSED
        line.reason, line.values = violation.message, violation.values
    return line


def _shown(cells: Sequence[str], table: Table) -> str:
    at = table.columns.at
    parts = [cells[at[key]] for key in ("first_name", "last_name", "name") if key in at and at[key] < len(cells)]
    return " ".join(filter(None, parts))[:120]


def _check(draft: Manager, state: State, manner: Manner) -> None:
    if manner.was_erased(draft.email):
        raise RuleViolation(N_("The data of this person were erased on request; an import does not bring anybody back."))
    if state in (State.RELEASED, State.PAUSED) and not manner.may_release:
        raise RuleViolation(N_("Only a lead may bring somebody along as released."))


def _enter(values: Mapping[str, Any], state: State, manner: Manner, batch: _Batch) -> Manager:
    today = local_day(manner.at, firm().zone)
    manager = managers.enter(values, owner=None, actor=manner.actor, at=manner.at, today=today)
    if state is not State(manager.state):
        manager.state = state.value
    used = STAGES.index(state) + 1 if state in STAGES else 0
    case = AdmissionCase(
        manager_id=manager.id, entered_state_at=manner.at, stages_used=used, repeated=False, batch_id=batch.kept(), falls_short=""
    )
    db.session.add(case)
    flow.note(None, manager.state, at=manner.at)
    art14.notify(manager, source=Source.IMPORT.value, ground=manner.ground, at=manner.at)
    return manager


def _keep_papers(manager: Manager, line: Line, manner: Manner, content_of: Callable[[str], bytes]) -> None:
    """Keep the papers as CVs; one that cannot be kept is told with the row, the person comes in all the same."""
    today = local_day(manner.at, firm().zone)
    for name in line.papers:
        try:
            add_document(
                manager,
                "cv",
                content_of(name),
                name=name.rsplit("/", 1)[-1],
                made_on=None,
                received_on=today,
                actor=manner.actor,
                at=manner.at,
                most_megabytes=firm().upload_megabytes,
            )
        except RuleViolation as violation:
            line.reason, line.values = violation.message, violation.values
