"""The single steps of an erasure, table by table; all in the caller's transaction, all past the audit trail."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from app.core.names import fold
from app.db import db
from app.mail.rules import State as LetterState
from app.managers.rules import State
from app.privacy.queries import Scope, only_theirs, person_of_referee, table
from app.privacy.registry import columns, tables_with
from app.privacy.rules import Fate, Person, as_stored_in_json, overwritten, redacted, shell_name

ADMISSION = (
    "cv_review",
    "paper_reading",
    "registration_proof",
    "data_origin",
    "freshness_round",
    "appreciation_request",
    "admission_reaction",
)  # whole rows, before the documents that they are about
OF_MANDATES = (
    "extension",
    "rate_change",
    "mandate_goal",
    "milestone",
    "handbook_version",
    "stage_change",
    "manager_spell",
    "handover_item",
    "goal_view",
)  # what the mandate's own words stand in
ON_MANDATES = ("mandate_candidate", "manager_report", "status_check")  # rows about one manager on a mandate
_SAID_THERE = {
    "mandate_candidate": ["reason", "note"],
    "manager_report": ["tasks", "obstacles"],
    "status_check": ["answers", "note"],
}  # of the other managers, in which this one may be named
_OF_TALKS = ["place", "benefit", "note", "took_part", "record", "step", "answers"]
NO_LETTER = {"subject": "", "text": "", "html": "", "attachments": []}
NOBODY = "…"  # in place of a referee who was erased


def empty(name: str, ids: Iterable[int], **given: Any) -> None:
    """Empty the columns that the registry says are emptied, in the rows with these numbers; `given` stays as given."""
    one = table(name)
    values = {column: _nothing(one.c[column]) for column in columns(name, Fate.EMPTIED)} | given
    _run(sa.update(one).where(one.c.id.in_(set(ids))).values(**values))


def _nothing(column: sa.Column[Any]) -> Any:
    if column.nullable:
        return None
    if column.default is not None and column.default.is_scalar:
        return column.default.arg  # type: ignore[attr-defined]
    return {} if isinstance(column.type, sa.JSON) else ""


def manager(scope: Scope, at: datetime) -> None:
    """Leave of the manager the number, the state and two instants."""
    called, one = shell_name(scope.manager_id), table("manager")
    empty(
        "manager",
        [scope.manager_id],
        last_name=called,
        sort_name=fold(called),
        folded_name=fold(called),
        language="de",
        rate_unit="day",
        rate_currency="EUR",
        state=str(State.ERASED),
        changed_at=at,
        version=one.c.version + 1,
    )
    for name in ("manager_tag", "manager_document"):
        _delete(name, table(name).c.manager_id == scope.manager_id)
    _delete("stored_file", table("stored_file").c.id.in_(scope.file_ids))


def admission(scope: Scope) -> None:
    """Leave of the admission the numbers of the case: proof, papers' words and reviews go."""
    case = table("admission_case")
    values = {column: _nothing(case.c[column]) for column in columns("admission_case", Fate.EMPTIED)}
    _run(sa.update(case).where(case.c.manager_id == scope.manager_id).values(**values))
    for name in ADMISSION:
        _delete(name, table(name).c.manager_id == scope.manager_id)


def interviews(scope: Scope) -> None:
    _delete("recommendation", table("recommendation").c.interview_id.in_(scope.interview_ids))
    _delete("interview", table("interview").c.id.in_(scope.interview_ids))


def talks(scope: Scope, near: re.Pattern[str] | None) -> None:
    """Empty the talks with the manager, and what was said of him or her in the client's talks of the same mandates."""
    empty("talk", scope.talk_ids)
    with_client = scope.mandate_talk_ids - scope.talk_ids
    said: dict[str, Any] = {"record": None, "overall": None, "answers": {}, "may_quote": None}
    talk = table("talk")
    _run(sa.update(talk).where(talk.c.id.in_(with_client)).values(**said))
    _redact("talk", ["place", "benefit", "note", "took_part", "step"], talk.c.id.in_(with_client), near, scope.manager_id)
    listed = talk.c.mandate_id.in_(scope.listed_mandate_ids - scope.mandate_ids)
    _redact("talk", _OF_TALKS, listed, near, scope.manager_id)


def references(scope: Scope, reason: str) -> None:
    """Take the manager's referees with all that they said, and what third parties asked about the manager."""
    _delete("outside_call", table("outside_call").c.manager_id == scope.manager_id)
    for number in sorted(scope.referee_ids):
        referee(number, reason, also=scope.referee_ids)


def referee(number: int, reason: str, also: Iterable[int] = ()) -> None:
    """Delete a referee; the talks keep their shape without what was said, and the name goes wherever it stands.

    `also` are the numbers of referees that go with this one.
    """
    own = person_of_referee(number)
    alone, near, talk = only_theirs(own, {number, *also}), own.nearby(), table("talk")
    talk_ids = set(db.session.scalars(sa.select(talk.c.id).where(talk.c.referee_id == number)))
    _letters_of_referee(number, talk_ids, own, near, reason)
    empty("talk", talk_ids)
    _run(sa.update(talk).where(talk.c.referee_id == number).values(referee_id=None, version=talk.c.version + 1))
    _delete("personal_link", _about_referee("personal_link", "subject", number))
    _events_of_referee(number, talk_ids, near)
    _overwrite({"referee": [number], "talk": talk_ids})
    path, base = table("form_post").c.leads_to, f"/references/referees/{number}"
    _delete("form_post", sa.and_(sa.or_(path == base, path.like(f"{base}/%")), path != f"{base}/removal"))
    _delete("referee", table("referee").c.id == number)
    _elsewhere(alone, NOBODY)


def _about_referee(name: str, prefix: str, number: int) -> sa.ColumnElement[bool]:
    one = table(name).c
    return sa.and_(one[f"{prefix}_type"] == "referee", one[f"{prefix}_id"] == number)


def _letters_of_referee(number: int, talk_ids: set[int], own: Person, near: re.Pattern[str] | None, reason: str) -> None:
    letter = table("letter")
    of_talks = sa.and_(letter.c.about_type == "talk", letter.c.about_id.in_(talk_ids))
    about = sa.or_(_about_referee("letter", "about", number), of_talks)
    theirs = set(db.session.scalars(sa.select(letter.c.id).where(about, sa.func.lower(letter.c.to_address).in_(own.emails))))
    waits = sa.and_(letter.c.id.in_(theirs), letter.c.state == LetterState.QUEUED)
    _run(sa.update(letter).where(waits).values(state=str(LetterState.CANCELLED), reason=reason))
    empty("letter", theirs, guard_args={}, **NO_LETTER)
    attempt = table("letter_attempt")
    _run(sa.update(attempt).where(attempt.c.letter_id.in_(theirs)).values(reply=""))
    _redact("letter", columns("letter", Fate.REDACTED), about, near, NOBODY)
    _digests(letter, own, own.everywhere())


def _events_of_referee(number: int, talk_ids: set[int], near: re.Pattern[str] | None) -> None:
    subject, event = table("event_subject"), table("event")
    own = _about_referee("event_subject", "about", number)
    of_talks = sa.and_(subject.c.about_type == "talk", subject.c.about_id.in_(talk_ids))
    ids = set(db.session.scalars(sa.select(subject.c.event_id).where(sa.or_(own, of_talks))))
    _delete("event_subject", own)
    shared = set(db.session.scalars(sa.select(subject.c.event_id).where(subject.c.event_id.in_(ids))))
    _delete("event", event.c.id.in_(ids - shared))
    for row in db.session.execute(sa.select(event.c.id, event.c.facts).where(event.c.id.in_(shared))):
        facts = {name: value for name, value in row.facts.items() if name not in ("text", "reason")}
        _run(sa.update(event).where(event.c.id == row.id).values(facts=facts))
    _redact("event", ["facts"], event.c.id.in_(shared), near, NOBODY)


def _overwrite(rows_of: Mapping[str, Iterable[int]]) -> None:
    trail = table("audit_change")
    for name, ids in rows_of.items():
        theirs = sa.and_(trail.c.table_name == name, trail.c.row_id.in_([str(one) for one in ids]))
        for row in db.session.execute(sa.select(trail.c.id, trail.c.old, trail.c.new).where(theirs)).all():
            _run(sa.update(trail).where(trail.c.id == row.id).values(old=overwritten(row.old), new=overwritten(row.new)))


def requests(scope: Scope, near: re.Pattern[str] | None) -> None:
    """Empty the forms in which clients wrote of the person, and take the name out of the requests of the mandates."""
    ask, form = table("ask"), table("written_answer")
    theirs = ask.c.mandate_id.in_(scope.mandate_ids) | ask.c.talk_id.in_(scope.mandate_talk_ids | scope.talk_ids)
    _run(sa.update(form).where(form.c.ask_id.in_(sa.select(ask.c.id).where(theirs))).values(answers={}))
    _redact("ask", columns("ask", Fate.REDACTED), theirs, near, scope.manager_id)
    asked = set(db.session.scalars(sa.select(ask.c.contact_id).where(theirs)))
    _redact("contact_wish", ["note"], table("contact_wish").c.contact_id.in_(asked), near, scope.manager_id)
    trail = table("audit_change").c
    of_wishes = sa.and_(trail.table_name == "contact_wish", trail.row_id.in_([str(one) for one in asked]))
    _redact("audit_change", ["old", "new"], of_wishes, near, scope.manager_id)


def mandates(scope: Scope, near: re.Pattern[str] | None) -> None:
    """Take the name out of the mandates; one that was never signed loses its manager."""
    mandate = table("mandate")
    theirs, named = mandate.c.id.in_(scope.mandate_ids), scope.named_mandate_ids
    _redact("mandate", columns("mandate", Fate.REDACTED), mandate.c.id.in_(named), near, scope.manager_id)
    _delete("mandate_candidate", table("mandate_candidate").c.manager_id == scope.manager_id)
    for name, texts in {**{one: columns(one, Fate.REDACTED) for one in OF_MANDATES}, **_SAID_THERE}.items():
        _redact(name, texts, table(name).c.mandate_id.in_(named), near, scope.manager_id)
    for name in ("manager_report", "status_check"):
        empty(name, db.session.scalars(sa.select(table(name).c.id).where(table(name).c.manager_id == scope.manager_id)))
    unsigned = scope.mandate_ids - scope.signed_mandate_ids
    is_on = mandate.c.manager_id == scope.manager_id
    _run(sa.update(mandate).where(theirs, is_on).values(manager_override_reason=None, version=mandate.c.version + 1))
    _run(sa.update(mandate).where(mandate.c.id.in_(unsigned)).values(manager_id=None))


def letters(scope: Scope, own: Person, alone: Person, reason: str) -> None:
    """Empty the letters to the person, take back those that wait, and take the name out of the letters to others."""
    letter, near = table("letter"), own.nearby()
    about = sa.or_(*(sa.and_(letter.c.about_type == kind, letter.c.about_id.in_(ids)) for kind, ids in scope.abouts().items()))
    address = sa.func.lower(letter.c.to_address)
    theirs = sa.or_(address.in_(alone.emails), sa.and_(about, address.in_(own.emails)))
    ids = set(db.session.scalars(sa.select(letter.c.id).where(theirs)))
    _run(
        sa.update(letter)
        .where(letter.c.id.in_(ids), letter.c.state == LetterState.QUEUED)
        .values(state=str(LetterState.CANCELLED), reason=reason)
    )
    empty("letter", ids, guard_args={}, **NO_LETTER)
    attempt = table("letter_attempt")
    _run(sa.update(attempt).where(attempt.c.letter_id.in_(ids)).values(reply=""))
    # To others, about this person: what has gone need not stay; what waits is read by somebody who needs it.
    gone, waits = letter.c.state != LetterState.QUEUED, letter.c.state == LetterState.QUEUED
    _run(sa.update(letter).where(about, gone).values(**NO_LETTER))
    of_mandates = sa.and_(letter.c.about_type == "mandate", letter.c.about_id.in_(scope.named_mandate_ids))
    of_their_talks = sa.and_(letter.c.about_type == "talk", letter.c.about_id.in_(scope.mandate_talk_ids))
    read = sa.or_(sa.and_(about, waits), of_mandates, of_their_talks)
    _redact("letter", columns("letter", Fate.REDACTED), read, near, scope.manager_id)
    _digests(letter, own, near)


def _digests(letter: sa.Table, own: Person, near: re.Pattern[str] | None) -> None:
    """Empty the letters that went to colleagues and name the person: short forms of a name stand in them."""
    colleagues = sa.select(sa.func.lower(table("user_account").c.email))
    inside = sa.and_(sa.func.lower(letter.c.to_address).in_(colleagues), letter.c.state != LetterState.QUEUED)
    rows = db.session.execute(
        sa.select(letter.c.id, letter.c.subject, letter.c.text).where(inside, _holds(letter, ["subject", "text"], own.tokens()))
    )
    ids = [row.id for row in rows if near is not None and near.search(f"{row.subject}\n{row.text}")]
    _run(sa.update(letter).where(letter.c.id.in_(ids)).values(**NO_LETTER))


def links_and_traces(scope: Scope) -> None:
    """Delete personal links, answered forms, what was told, and the row of the index of names."""
    link = table("personal_link").c
    _delete(
        "personal_link",
        sa.or_(*(sa.and_(link.subject_type == kind, link.subject_id.in_(ids)) for kind, ids in scope.abouts().items())),
    )
    path = table("form_post").c.leads_to
    places = [f"/managers/{scope.manager_id}", f"/admission/{scope.manager_id}"]
    forms = sa.or_(*(sa.or_(path == place, path.like(f"{place}/%"), path.like(f"{place}?%")) for place in places))
    _delete("form_post", sa.and_(forms, path != f"{places[0]}/erasure"))  # the form that asks for this very erasure stays
    _delete("told", table("told").c.recipient == f"manager {scope.manager_id}")
    index = table("search_name").c
    _delete("search_name", sa.and_(index.kind == "manager", index.record_id == scope.manager_id))
    if db.engine.dialect.name == "sqlite":
        # Deleted trigrams stay in older segments of the index; building it anew from the names leaves none.
        db.session.execute(sa.text("INSERT INTO search_name_fts(search_name_fts) VALUES ('rebuild')"))


def events(scope: Scope, near: re.Pattern[str] | None) -> None:
    """Delete what is told of the person alone; where it shows on other records too, the facts lose the name."""
    subject, event = table("event_subject"), table("event")
    own = sa.or_(*(sa.and_(subject.c.about_type == kind, subject.c.about_id.in_(ids)) for kind, ids in scope.abouts().items()))
    ids = set(db.session.scalars(sa.select(subject.c.event_id).where(own)))
    _delete("event_subject", own)
    shared = set(db.session.scalars(sa.select(subject.c.event_id).where(subject.c.event_id.in_(ids))))
    _delete("event", event.c.id.in_(ids - shared))
    said = {"text", "reason"}
    for row in db.session.execute(sa.select(event.c.id, event.c.facts).where(event.c.id.in_(shared))):
        facts = {name: value for name, value in row.facts.items() if name not in said}
        _run(sa.update(event).where(event.c.id == row.id).values(facts=facts))
    of_mandates = sa.select(subject.c.event_id).where(
        subject.c.about_type == "mandate", subject.c.about_id.in_(scope.named_mandate_ids)
    )
    _redact("event", ["facts"], sa.or_(event.c.id.in_(shared), event.c.id.in_(of_mandates)), near, scope.manager_id)


def audit(scope: Scope, rows_of: Mapping[str, Sequence[str]], near: re.Pattern[str] | None) -> None:
    """Overwrite old and new values of the person's own rows, and take the name out of the mandates'."""
    trail = table("audit_change")
    of_rows = [sa.and_(trail.c.table_name == name, trail.c.row_id.in_(ids)) for name, ids in rows_of.items()]
    tags = sa.and_(trail.c.table_name == "manager_tag", trail.c.row_id.like(f"{scope.manager_id}-%"))
    found = db.session.execute(sa.select(trail.c.id, trail.c.old, trail.c.new).where(sa.or_(*of_rows, tags))).all()
    for row in found:
        _run(sa.update(trail).where(trail.c.id == row.id).values(old=overwritten(row.old), new=overwritten(row.new)))
    of_mandates = sa.and_(trail.c.table_name == "mandate", trail.c.row_id.in_([str(one) for one in scope.mandate_ids]))
    for row in db.session.execute(sa.select(trail.c.id, trail.c.old, trail.c.new).where(of_mandates)).all():
        _run(sa.update(trail).where(trail.c.id == row.id).values(old=_without_reason(row.old), new=_without_reason(row.new)))
    said = [sa.and_(trail.c.table_name == name, trail.c.row_id.in_(ids)) for name, ids in _lines_of(scope).items()]
    _redact("audit_change", ["old", "new"], sa.or_(sa.false(), *said), near, scope.manager_id)


def _lines_of(scope: Scope) -> dict[str, set[str]]:
    """Return the rows of the mandates that may name the manager, by table: those that are there, and those that were deleted."""
    trail, named = table("audit_change").c, scope.named_mandate_ids
    lines = {"mandate": {str(number) for number in named}}
    for name in (*OF_MANDATES, *ON_MANDATES, "talk"):
        one = table(name).c
        lines[name] = {str(number) for number in db.session.scalars(sa.select(one.id).where(one.mandate_id.in_(named)))}
    gone = sa.select(trail.table_name, trail.row_id, trail.old).where(
        trail.table_name.in_([*OF_MANDATES, *ON_MANDATES]), trail.change == "deleted"
    )
    for row in db.session.execute(gone):
        if row.old.get("mandate_id") in named:
            lines[row.table_name].add(row.row_id)
    return lines


def _without_reason(values: dict[str, Any]) -> dict[str, Any]:
    """Return a mandate's audited values without why this manager was put on it."""
    return {name: "erased" if name == "manager_override_reason" else value for name, value in values.items()}


def elsewhere(alone: Person) -> None:
    """Take out what names this person and nobody else wherever free text is kept: notes on a client, facts, letters."""
    _elsewhere(alone, shell_name(alone.number))


def _elsewhere(alone: Person, instead: str) -> None:
    pattern = alone.everywhere()
    for name in [*tables_with(Fate.REDACTED), "talk", "audit_change"]:
        texts = {
            "talk": _OF_TALKS,
            "audit_change": ["old", "new"],
        }.get(name) or columns(name, Fate.REDACTED)
        _redact(name, texts, _holds(table(name), texts, alone.tokens()), pattern, instead)


def _holds(one: sa.Table, names: Sequence[str], tokens: Sequence[str]) -> sa.ColumnElement[bool]:
    """Return the condition that one of the columns holds one of the words, whatever their capitals."""
    found: list[sa.ColumnElement[bool]] = []
    for name in names:
        is_json = isinstance(one.c[name].type, sa.JSON)
        text = sa.func.lower(sa.cast(one.c[name], sa.Text) if is_json else one.c[name])
        for token in tokens:
            # SQLite lowers plain letters only, so a word with others is looked for as it is written too.
            written = as_stored_in_json(token) if is_json else token
            found += [text.contains(form, autoescape=True) for form in dict.fromkeys((_lower(written), written.lower()))]
    return sa.or_(sa.false(), *found)


def _lower(text: str) -> str:
    return "".join(letter.lower() if letter.isascii() else letter for letter in text)


def _redact(
    name: str, names: Sequence[str], condition: sa.ColumnElement[bool], pattern: re.Pattern[str] | None, instead: int | str
) -> None:
    """Put `instead` in the place of what matches; a number stands for the shell of that manager."""
    one, instead = table(name), instead if isinstance(instead, str) else shell_name(instead)
    keys = list(one.primary_key.columns)
    for row in db.session.execute(sa.select(*keys, *(one.c[column] for column in names)).where(condition)).mappings().all():
        new = {column: redacted(row[column], pattern, instead) for column in names}
        changed = {column: value for column, value in new.items() if value != row[column]}
        if "title" in changed and "folded_title" in one.c:
            changed["folded_title"] = fold(changed["title"])[:160]
        if changed:
            _run(sa.update(one).where(*(key == row[key.name] for key in keys)).values(**changed))


def _delete(name: str, condition: sa.ColumnElement[bool]) -> None:
    _run(sa.delete(table(name)).where(condition))


def free_talks(ids: Iterable[int]) -> None:
    """Delete talks that belong to no mandate, with those who took part."""
    wanted = set(ids)
    _delete("talk_participant", table("talk_participant").c.talk_id.in_(wanted))
    _delete("talk", table("talk").c.id.in_(wanted))


def _run(statement: Any) -> None:
    db.session.execute(statement)
