"""What there is of a person, what the law keeps, and whether somebody was erased."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

import sqlalchemy as sa

from app.core.environment import environment
from app.db import db
from app.managers.models import Manager, ManagerDocument
from app.mandates.models import Mandate
from app.privacy.models import ErasedAddress, Erasure
from app.privacy.rules import Person, address_hash, kept_until
from app.settings.queries import firm
from app.talks.models import Talk
from app.talks.rules import State as TalkState

OPEN = (TalkState.DUE, TalkState.ARRANGED)
_NAMES = ("first_name", "particle", "last_name")


def table(name: str) -> sa.Table:
    """Return a table by its name; an erasure works on the tables, past the audit trail."""
    return db.metadata.tables[name]


@dataclass(frozen=True)
class Scope:
    """The numbers of all that is about one manager."""

    manager_id: int
    talk_ids: frozenset[int]  # with the manager
    open_talk_ids: frozenset[int]
    free_talk_ids: frozenset[int]  # with the manager, and part of no mandate
    mandate_ids: frozenset[int]
    signed_mandate_ids: frozenset[int]
    mandate_talk_ids: frozenset[int]  # all talks of these mandates, with the client too
    listed_mandate_ids: frozenset[int]  # on whose short list the manager was, on them or not
    interview_ids: frozenset[int]
    document_ids: frozenset[int]
    referee_ids: frozenset[int]
    outside_call_ids: frozenset[int]
    file_ids: frozenset[int]
    hashes: frozenset[str]

    @property
    def named_mandate_ids(self) -> frozenset[int]:
        """The mandates in whose words the last name alone names this manager."""
        return self.mandate_ids | self.listed_mandate_ids

    def abouts(self) -> dict[str, frozenset[int]]:
        """Return what letters, links, files and events of the manager's own are about."""
        return {
            "manager": frozenset({self.manager_id}),
            "talk": self.talk_ids,
            "interview": self.interview_ids,
            "manager_document": self.document_ids,
            "referee": self.referee_ids,
            "outside_call": self.outside_call_ids,
        }


def scope_of(manager_id: int) -> Scope:
    """Read the numbers of all that is about the manager."""
    talk, mandate, listed = table("talk").c, table("mandate").c, table("mandate_candidate").c
    referees = _numbers("referee", _in("referee", "manager_id", {manager_id}))
    theirs = sa.or_(talk.manager_id == manager_id, talk.referee_id.in_(referees))
    talks = db.session.execute(sa.select(talk.id, talk.state, talk.mandate_id).where(theirs)).all()
    spell = table("manager_spell").c
    was_on = sa.select(spell.mandate_id).where(spell.manager_id == manager_id)
    mandates = db.session.execute(
        sa.select(mandate.id, mandate.signed_on).where(sa.or_(mandate.manager_id == manager_id, mandate.id.in_(was_on)))
    ).all()
    mandate_ids = frozenset(row.id for row in mandates)
    talk_ids = frozenset(row.id for row in talks)
    interviews = _numbers(
        "interview", sa.or_(_in("interview", "manager_id", {manager_id}), _in("interview", "talk_id", talk_ids))
    )
    documents = db.session.execute(
        sa.select(ManagerDocument.id, ManagerDocument.file_id).where(ManagerDocument.manager_id == manager_id)
    ).all()
    scope = Scope(
        manager_id=manager_id,
        talk_ids=talk_ids,
        open_talk_ids=frozenset(row.id for row in talks if row.state in OPEN),
        free_talk_ids=frozenset(row.id for row in talks if row.mandate_id is None),
        mandate_ids=mandate_ids,
        signed_mandate_ids=frozenset(row.id for row in mandates if row.signed_on is not None),
        mandate_talk_ids=_numbers("talk", _in("talk", "mandate_id", mandate_ids)),
        listed_mandate_ids=frozenset(db.session.scalars(sa.select(listed.mandate_id).where(listed.manager_id == manager_id))),
        interview_ids=interviews,
        document_ids=frozenset(row.id for row in documents),
        referee_ids=referees,
        outside_call_ids=_numbers("outside_call", _in("outside_call", "manager_id", {manager_id})),
        file_ids=frozenset(row.file_id for row in documents),
        hashes=frozenset(),
    )
    return _with_files(scope)


def _with_files(scope: Scope) -> Scope:
    file = table("stored_file").c
    owned = [sa.and_(file.owner_type == kind, file.owner_id.in_(ids)) for kind, ids in scope.abouts().items()]
    found = db.session.execute(sa.select(file.id, file.sha256).where(sa.or_(file.id.in_(scope.file_ids), *owned))).all()
    return replace(scope, file_ids=frozenset(row.id for row in found), hashes=frozenset(row.sha256 for row in found))


def _in(name: str, column: str, ids: Iterable[int]) -> Any:
    return table(name).c[column].in_(set(ids))


def _numbers(name: str, condition: Any) -> frozenset[int]:
    return frozenset(db.session.scalars(sa.select(table(name).c.id).where(condition)))


def person_of(manager: Manager) -> Person:
    """Return what names the manager: names, addresses and phone numbers, those of the audit trail too."""
    now = {name: getattr(manager, name) or "" for name in (*_NAMES, "email", "phone", "mobile")}
    audit = table("audit_change").c
    trail = db.session.execute(
        sa.select(audit.old, audit.new).where(audit.table_name == "manager", audit.row_id == str(manager.id))
    ).all()
    states = [now] + [{**now, **{k: v for k, v in values.items() if k in now and v}} for row in trail for values in row]
    return Person(
        number=manager.id,
        names=tuple(dict.fromkeys((one["first_name"], one["particle"], one["last_name"]) for one in states)),
        emails=tuple(dict.fromkeys(one["email"].lower() for one in states if one["email"])),
        phones=tuple(dict.fromkeys(one[name] for one in states for name in ("phone", "mobile") if one[name])),
    )


def person_of_referee(referee_id: int) -> Person:
    """Return what names a referee, as `person_of` does; the audit trail never holds the number."""
    row = db.session.execute(sa.select(table("referee")).where(table("referee").c.id == referee_id)).mappings().one()
    audit = table("audit_change").c
    trail = db.session.execute(
        sa.select(audit.old, audit.new).where(audit.table_name == "referee", audit.row_id == str(referee_id))
    ).all()
    now = {name: row[name] or "" for name in (*_NAMES, "email")}
    states = [now] + [{**now, **{k: v for k, v in values.items() if k in now and v}} for one in trail for values in one]
    return Person(
        number=0,
        names=tuple(dict.fromkeys((one["first_name"], one["particle"], one["last_name"]) for one in states)),
        emails=tuple(dict.fromkeys(one["email"].lower() for one in states if one["email"])),
        phones=(row["phone"],) if row["phone"] else (),
    )


def only_theirs(person: Person, referees: Iterable[int] = ()) -> Person:
    """Return what names this person and nobody else whom we know: no namesakes, no shared address or number.

    `referees` are the numbers of those who go too.
    """
    names, emails, phones = set[tuple[str, str]](), set[str](), set[str]()
    lasts = [last for _first, _particle, last in person.names]
    for name in ("manager", "contact", "user_account", "referee"):
        columns = table(name).c
        others = {"manager": columns.id != person.number, "referee": columns.id.not_in(set(referees))}.get(name, sa.true())
        named = sa.select(columns.first_name, columns.last_name).where(others, columns.last_name.in_(lasts))
        names |= {(row.first_name or "", row.last_name) for row in db.session.execute(named)}
        emails |= set(db.session.scalars(sa.select(sa.func.lower(columns.email)).where(others, columns.email.in_(person.emails))))
        for column in ("phone", "mobile"):
            if column in columns:
                shared = sa.select(columns[column]).where(others, columns[column].in_(person.phones))
                phones |= set(db.session.scalars(shared))
    return replace(
        person,
        names=tuple(one for one in person.names if (one[0], one[2]) not in names),
        emails=tuple(one for one in person.emails if one not in emails),
        phones=tuple(one for one in person.phones if one not in phones),
    )


@dataclass(frozen=True)
class Kept:
    """A mandate that stays as a shell, and until when."""

    number: str
    client: str
    until: date | None  # None: its end is not known
    runs: bool


@dataclass(frozen=True)
class Outlook:
    """What an erasure would take and leave, for the page that says it beforehand."""

    documents: int
    interviews: int
    talks: int
    arranged: int
    letters_waiting: int
    referees: int
    kept: list[Kept]


def outlook(manager_id: int, today: date) -> Outlook:
    """Return what the erasure of this manager would take and leave."""
    scope = scope_of(manager_id)
    letter = table("letter").c
    about = [sa.and_(letter.about_type == kind, letter.about_id.in_(ids)) for kind, ids in scope.abouts().items()]
    waiting = db.session.scalar(
        sa.select(sa.func.count()).select_from(table("letter")).where(letter.state == "queued", sa.or_(*about))
    )
    signed = db.session.scalars(
        sa.select(Mandate).where(Mandate.id.in_(scope.signed_mandate_ids)).options(sa.orm.joinedload(Mandate.client))
    ).all()
    arranged = sa.select(sa.func.count(Talk.id)).where(Talk.id.in_(scope.talk_ids), Talk.state == TalkState.ARRANGED)
    return Outlook(
        documents=len(scope.file_ids),
        interviews=len(scope.interview_ids),
        talks=len(scope.talk_ids),
        arranged=db.session.scalar(arranged) or 0,
        letters_waiting=waiting or 0,
        referees=len(scope.referee_ids),
        kept=[
            Kept(
                one.number,
                one.client.name,
                kept_until(one.ends_on, firm().region[:2]) if one.ends_on else None,
                one.runs_on(today),
            )
            for one in sorted(signed, key=lambda mandate: mandate.id)
        ],
    )


def was_erased(email: str | None) -> bool:
    """Say whether somebody with this mail address was erased."""
    if not (email or "").strip():
        return False
    wanted = address_hash(environment().secret_key, email or "")
    return db.session.scalar(sa.select(ErasedAddress.hash).where(ErasedAddress.hash == wanted)) is not None


def erasure_of(manager_id: int) -> Erasure | None:
    return db.session.scalar(sa.select(Erasure).where(Erasure.manager_id == manager_id))
