"""Mail addresses and phone numbers that are the person's own: not an agency's, not a referee's."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from urllib.parse import unquote

from app.admission.cv.dates import days
from app.admission.cv.rows import Paper, Row
from app.admission.cv.vocabulary import folded, pattern, words

EMAIL = re.compile(r"(?<![\w.+-])[A-Za-z0-9_][\w.+'-]*@(?:[\w-]+\.)+[A-Za-z]{2,24}(?![\w-])")
_HIDDEN_AT = re.compile(
    r"([\w.+-]+)\s*(?:\(at\)|\[at\]|\{at\}|\s@\s)\s*((?:[\w-]+\s?(?:\.|\(dot\)|\(punkt\)|\[dot\])\s?)+[a-z]{2,})", re.IGNORECASE
)
_NUMBER = re.compile(r"(?<![\w.,/@€$£#-])(?:\+|00|\(\+|\(0|0)[\d][\d\s()/.\-–]{5,24}\d(?![\w%])")
_LABELLED = r"(?<![a-z])(?:{labels})\b\.?\s*(?:nr\.?|no\.?|number|privat|privé|private|gesch\.?|mobile?)?\s*[:.]?\s*(?P<number>[+(]?\d[\d\s()/.\-–]{{4,24}}\d)"


@dataclass(frozen=True)
class Found:
    """An address or a number with the row it stands in; a link's target has none."""

    text: str
    row: Row | None


def own_emails(paper: Paper) -> list[Found]:
    found: list[Found] = []
    foreign: set[str] = set()
    name = name_words(paper)
    for row in paper.rows:
        for address in _addresses(row.text):
            if _is_foreign(row, paper, address, name):
                foreign.add(address)
            else:
                _add(found, Found(address, row))
    for link in paper.links:
        if not link.lower().startswith("mailto:"):
            continue
        for address in _addresses(unquote(link[7:].split("?")[0])):
            if address not in foreign:
                _add(found, Found(address, None))
    return found


def _addresses(text: str) -> list[str]:
    found = [match[0].strip("'.-").lower() for match in EMAIL.finditer(text)]
    if not found:
        for match in _HIDDEN_AT.finditer(text):
            domain = re.sub(r"[(\[](?:dot|punkt)[)\]]", ".", match[2])
            found.append(f"{match[1]}@{domain}".replace(" ", "").lower())
    return found


def _add(found: list[Found], new: Found) -> None:
    if all(one.text != new.text for one in found):
        found.append(new)


def own_phones(paper: Paper) -> list[Found]:
    found: list[Found] = []
    name = name_words(paper)
    for row in paper.rows:
        numbers = _numbers(row)
        if numbers and not _is_foreign(row, paper, None, name):
            for number in numbers:
                _add(found, Found(number, row))
    for link in paper.links:
        if link.lower().startswith(("tel:", "callto:")) and len(re.sub(r"\D", "", link)) >= 7:
            number = unquote(link.partition(":")[2])
            digits = re.sub(r"\D", "", number)
            if all(re.sub(r"\D", "", one.text)[-7:] != digits[-7:] for one in found):
                found.append(Found(number, None))
    return found


@cache
def _phone_patterns() -> tuple[re.Pattern[str], ...]:
    labels = "|".join(
        sorted({re.escape(folded(word)) for word in words("contact", "phone") if len(word) > 1}, key=len, reverse=True)
    )
    return (
        re.compile(_LABELLED.format(labels=labels)),
        re.compile(r"(?:^|[\s|])(?:t|m|p|h)[.:]?\s+(?P<number>[+(0]\d?[\d\s()/.\-–]{5,24}\d)"),
        re.compile(rf"(?P<number>{_NUMBER.pattern})"),
        re.compile(r"(?<![\w.,+-])(?P<number>\(?\d{3}\)?[ .-]\d{3}[.-]\d{4})(?!\w)"),
    )


@cache
def _not_a_phone() -> re.Pattern[str]:
    """What stands before a fax number, a bank account or a number of an office."""
    either = "|".join(sorted({re.escape(folded(word)) for word in words("contact", "fax") + words("contact", "numbers")}))
    return re.compile(rf"(?<![a-z])(?:{either})\W{{0,3}}(?:\w{{0,6}}\W{{1,2}})?$|(?<![a-z])[a-z]{{2}}\d\d(?:\s?\w{{4}})*\s?$")


def _numbers(row: Row) -> list[str]:
    text = row.text
    if not re.search(r"\d\D{0,3}\d\D{0,3}\d\D{0,3}\d", text):
        return []
    for span in sorted(
        [period.span for period in row.periods if not period.single] + [day.span for day in days(text) if day.has_day],
        reverse=True,
    ):
        if not re.search(r"[+(]\d|\b0\d{2,}", text[max(0, span[0] - 6) : span[1]]):
            text = text[: span[0]] + " " * (span[1] - span[0]) + text[span[1] :]
    plain = "".join(c if len(c.casefold()) == 1 else "s" for c in text).casefold()
    found: list[str] = []
    for one in _phone_patterns():
        for match in one.finditer(plain):
            start, end = match.span("number")
            number = text[start:end].strip(" .-–/")
            number = re.split(r"\s{3,}|\s[–-]\s(?=0\d{3,})|\s/\s(?=[+0]\d{3,})", number)[0].strip()
            digits = re.sub(r"\D", "", number)
            if not 7 <= len(digits) <= 15 or _not_a_phone().search(plain[:start]):
                continue
            if re.fullmatch(r"\d{1,2}\.\d{1,2}\.\d{4}", number) or number.count("(") > number.count(")") + 1:
                continue
            if all(digits[-7:] not in re.sub(r"\D", "", other) for other in found):
                found.append(number)
    return found


def name_words(paper: Paper) -> set[str]:
    """Return the words of the person's name, as well as they can be told: the largest of the first lines."""
    first = [row for row in paper.rows if row.page == 1 and not row.is_heading][:14]
    texts = {
        row.number: re.split(r"[,·|•]|\s[–-]\s", re.sub(r"^[^:]{2,40}:\s*", "", row.text.split("\t")[0]))[0].strip()
        for row in first
    }
    candidates = [
        row
        for row in first
        if re.fullmatch(r"[A-Za-zÀ-ž.,'’\- ]{4,60}", texts[row.number])
        and 2 <= len(texts[row.number].split()) <= 7
        and not (row.line.bullet or "@" in row.text)
    ]
    if not candidates:
        return set()
    best = max(candidates, key=lambda row: (row.line.size, row.line.strong, -row.number))
    return {
        word
        for word in re.findall(r"[a-z]{3,}", folded(texts[best.number]))
        if word not in ("interim", "manager", "prof", "dipl", "ing", "lebenslauf", "curriculum", "vitae")
    }


def _is_foreign(row: Row, paper: Paper, address: str | None, name: set[str]) -> bool:
    """Tell an agency's or a referee's: by the section, by words on the line or just above it, and never by the person's name."""
    mine = address is not None and any(word[:5] in re.sub(r"[^a-z]", "", folded(address)) for word in name)
    above = [
        other
        for other in paper.rows[max(0, row.number - 2) : row.number]
        if other.page == row.page and other.line.place == row.line.place and not other.is_heading
    ]
    if row.section == "references":
        return not mine or bool(pattern("contact", "referee").search(row.plain))
    if pattern("contact", "referee").search(row.plain) and not mine and not row.is_margin:
        return True
    nearby = " ".join(other.plain for other in (*above, row) if len(other.text) < 200)
    if pattern("contact", "other").search(row.plain) or (pattern("contact", "other").search(nearby) and not mine):
        return not mine
    if mine:
        return False
    return is_anonymous(paper) or (
        (row.is_margin or row.has_legal_form) and _is_an_agency_s(paper) and not _addresses_of_person(row, name)
    )


def _is_an_agency_s(paper: Paper) -> bool:
    """An agency presents the person: "Kandidatenprofil", "candidate profile" at the top."""
    return any(re.search(r"kandidat\w*|kandidaat\w*|candidate", row.plain) for row in paper.rows[:12])


def _addresses_of_person(row: Row, name: set[str]) -> bool:
    return any(word[:5] in re.sub(r"[^a-z]", "", folded(address)) for address in _addresses(row.text) for word in name)


def is_anonymous(paper: Paper) -> bool:
    """An agency's paper hides the name: a candidate with a number, or "confidential" at the top."""
    top = [row.plain for row in paper.rows[:12]]
    words_found = pattern("contact", "anonymous")
    return any(
        re.search(
            r"(?:kandidat|candidate|kandidaat|bewerber|profil)\w*[ -]*(?:nr\.?|no\.?|number|nummer|id)?[ .:#-]*\d{2,}", line
        )
        for line in top
    ) or any(
        words_found.search(line) and re.search(r"anonym|geanonim|vertraulich|vertrouwelijk|confidential|blind", line)
        for line in top
    )
