"""What a station says was done: activities, responsibilities, results, beyond title, reporting line and technologies."""

from __future__ import annotations

import re
from functools import cache

from app.admission.cv import company, vocabulary
from app.admission.cv.figures import has_size, sentences
from app.admission.cv.rows import Row, tells_work
from app.admission.cv.size import company_labels
from app.admission.cv.station import Station, without_periods
from app.admission.cv.vocabulary import folded, pattern, words


def told(station: Station) -> Row | None:
    """Return the first row that tells of work done, None where none does."""
    if station.inline:
        return None
    for index, row in enumerate(station.rows):
        if index == 0 or (row.periods and _is_head(row)):
            if _in_head(row):
                return row
            continue
        if _tells(row) or (_is_under_label(station.rows[index - 1], row) and len(row.text.split()) >= 2):
            return row
    return None


def _is_under_label(label: Row, row: Row) -> bool:
    """The cell beside "What", or "Aufgaben"."""
    is_beside = bool(row.line.row) and label.line.row == row.line.row
    return is_beside and bool(pattern("tasks", "labels").fullmatch(label.plain.strip(" :")))


@cache
def _labels(key: str) -> re.Pattern[str]:
    either = "|".join(sorted({re.escape(folded(word)) for word in words("tasks", key)}, key=len, reverse=True))
    return re.compile(rf"^\W*(?:{either})\s*(?:/[\w /]+|\([^)]*\))?\s*:\s*")


def _is_head(row: Row) -> bool:
    return row.has_title or row.has_legal_form or len(row.text) < 40


def _tells(row: Row) -> bool:
    text = without_periods(row).strip()
    plain = folded(text)
    if _labels("technology").match(plain) or re.match(r"\W*(?:referenz|reference|referent|kontakt|contact)", plain):
        return False
    if company_labels().match(plain):
        return False
    role, colon, what = plain.partition(":")
    if colon and len(role) <= 60 and len(what.split()) >= 3 and pattern("titles", "words").search(role) and not _reports(what):
        return True  # "CIO a.i.: overgang naar nieuw stelsel"
    label = _labels("labels").match(plain)
    if label:
        plain = plain[label.end() :]
        return len(plain.split()) >= 2
    if pattern("tasks", "reporting").search(plain) and not _without_reporting(plain):
        return False
    if not row.line.bullet and not row.has_task and (row.has_title or row.has_legal_form or has_size(text)):
        return _goes_on(text)
    found = re.findall(r"[^\W\d_]{2,}", text)
    if not row.line.bullet and row.has_title and len(found) <= 7 and not _verbs(plain):
        return False  # a second title
    if row.has_task and len(found) >= 2 and not (row.has_legal_form and len(found) <= 6):
        return True
    if row.has_task and row.line.bullet and len(found) >= 1:
        return True
    if row.line.bullet:
        if has_size(text) and len(found) <= 6:
            return False
        return len(found) >= 3 and any(word[:1].islower() for word in found)
    return len(found) >= 8 and any(word[:1].islower() for word in found[1:]) and not has_size(text)


def _goes_on(text: str) -> bool:
    """A line that begins with the company may go on with the work in a sentence of its own."""
    for one in sentences(text)[1:]:
        plain = folded(one)
        if len(plain.split()) >= 4 and not _reports(plain) and not has_size(one) and not company.describes(one):
            return True
    return False


def _reports(plain: str) -> bool:
    return bool(pattern("tasks", "reporting").search(plain)) or bool(pattern("titles", "words").search(plain))


def _without_reporting(plain: str) -> bool:
    """Tell whether something of work is left when clauses on reporting lines are taken away."""
    rest = [clause for clause in re.split(r"[;.]\s|,\s|;", plain) if not pattern("tasks", "reporting").search(clause)]
    return any(pattern("tasks", "words").search(clause) and len(clause.split()) >= 3 for clause in rest)


def _verbs(plain: str) -> bool:
    return bool(re.search(r"\b(?:ge\w+t|ge\w+en|\w+iert|\w+ed|ein\w+hrt|auf\w+aut)\b", plain))


def _in_head(row: Row) -> bool:
    """One line may hold everything: title, company and what was done."""
    text = without_periods(row)
    if len(text.split()) < 7:
        return False
    told = sentences(text)
    if len(told) > 1 and any(pattern("tasks", "words").search(folded(one)) and len(one.split()) >= 4 for one in told[1:]):
        return True
    for piece in re.split(r"\t|;\s|\s[–—-]\s|:\s|\.\s|,\s", text):
        plain = folded(piece)
        if (
            pattern("titles", "words").search(plain)
            or vocabulary.legal_forms().search(piece)
            or pattern("tasks", "reporting").search(plain)
        ):
            continue
        if tells_work(piece) and len(plain.split()) >= 2:
            return True
    return False
