"""Company-internal abbreviations and project names that nobody outside can decode."""

from __future__ import annotations

import re

from app.admission.cv import vocabulary
from app.admission.cv.rows import Row
from app.admission.cv.station import Station
from app.admission.cv.vocabulary import folded, known_abbreviations

_TOKEN = re.compile(r"(?<![\w@./])(?:[A-Z0-9ÄÖÜ][\wÄÖÜäöü]*(?:[-/&+][\wÄÖÜäöü]+)*)(?![\w@])")
_MONEY_OR_TIME = re.compile(
    r"^[\d.,]+(?:[-/][\d.,]+)*$|^\d+(?:[.,]\d+)?(?:er|st|nd|rd|th|x|fach|h|m|k|bn|pt|km|kg|qm|m2|prozent|e|de|ste|jahrige|[-\s].*)$",
    re.IGNORECASE,
)
_ROMAN = re.compile(r"^(?=[IVX])(?:X{0,2}(?:IX|IV|V?I{0,3}))$")


def unexplained(stations: list[Station]) -> list[tuple[str, Row]]:
    """Return each unexplained code once, with the first row it stands in."""
    text = " \n ".join(row.text for station in stations for row in station.rows)
    known = known_abbreviations()
    found: dict[str, Row] = {}
    for station in stations:
        names = " ".join(filter(None, [station.organisation]))
        for row in station.rows:
            if row.text.isupper():
                continue
            for token in _codes(row.text):
                if (
                    token in names.split()
                    or token in found
                    or _is_known(token, known)
                    or _is_explained(token, text)
                    or _is_in_name(token, row.text)
                    or _is_state(token, row.text)
                ):
                    continue
                found[token] = row
    return list(found.items())


def _codes(text: str) -> list[str]:
    found = []
    for match in _TOKEN.finditer(text):
        token = match[0].strip("-/&+")
        if len(token) < 2 or _MONEY_OR_TIME.match(token) or _ROMAN.match(token):
            continue
        capitals = sum(1 for c in token if c.isupper())
        digits = sum(1 for c in token if c.isdigit())
        parts = re.split(r"[-/&+]", token)
        if (
            digits and capitals and re.search(r"[A-ZÄÖÜ]", token) and len(token) <= 14 and _is_code(parts, capitals, digits)
        ) or any(len(part) >= 2 and part.isupper() and part.isalpha() for part in parts):
            found.append(token)
    return found


def _is_code(parts: list[str], capitals: int, digits: int) -> bool:
    """Letters and numbers of a code, not "2-Schicht" or "Euro 6"."""
    return (
        all(
            part.isdigit() or part.isupper() or len(part) <= 2 or sum(c.isupper() for c in part) > 1 or part[:1].isupper()
            for part in parts
        )
        and capitals + digits >= 2
        and not (parts[0].isdigit() and len(parts) > 1 and parts[1][1:].islower() and len(parts[1]) > 3)
    )


def _is_known(token: str, known: frozenset[str]) -> bool:
    upper = token.upper()
    if upper in known or upper.rstrip("S") in known:
        return True
    parts = [part for part in re.split(r"[-/&+]", token) if part]
    capital = [part for part in parts if (part.isupper() and len(part) > 1) or re.search(r"\d", part)]
    return (
        all(part.upper() in known or part.isdigit() or (len(part) == 1) or part.upper().rstrip("S") in known for part in capital)
        if capital
        else True
    )


def _is_explained(token: str, text: str) -> bool:
    """Words in brackets after the code, or the code in brackets after words."""
    code = re.escape(token)
    after = re.search(rf"{code}\s*(?:\((?P<a>[^()]{{8,}})\)|[–—=]\s*(?P<b>\w[^,;.]{{8,}}))", text)
    if after and re.search(r"[a-zäöü]{4}", after["a"] or after["b"] or ""):
        return True
    return bool(re.search(rf"[a-zäöüß]{{4,}}\s*\(\s*{code}\s*\)", text))


def _is_state(token: str, text: str) -> bool:
    """The state of a town: "Chicago, IL"."""
    return len(token) == 2 and bool(re.search(rf"[a-z]{{2}},\s{token}(?:\s*$|\t|\s\d{{5}}|[|)])", text))


def _is_in_name(token: str, text: str) -> bool:
    """Part of a company's name with its legal form: "HKL Baumaschinen GmbH", "TRW Group"."""
    for match in vocabulary.legal_forms().finditer(text):
        before = re.split(r",\s|;\s|\t|\s[–—-]\s|\(", text[: match.end()])[-1]
        if re.search(rf"(?<!\w){re.escape(token)}(?!\w)", before) and not vocabulary.pattern("titles", "words").search(
            folded(before)
        ):
            return True
    return False
