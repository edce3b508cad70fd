"""What a station says of the company: its line of business, and its size as a number.

Source: docs/domain.md, "How a CV is read". The bare name, the job title, team sizes and project budgets do not count.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

from app.admission.cv import vocabulary
from app.admission.cv.rows import Row
from app.admission.cv.station import LONGEST_HEAD, Station, without_periods
from app.admission.cv.vocabulary import compiled, folded, pattern, words

LONGEST_DESCRIPTION = 9  # words
_SMALL = r"(?:von|vom|fur|in|im|aus|mit|of|for|in|from|with|van|voor|uit|met|und|and|en)"


_SENTENCE_END = re.compile(
    r"(?:(?<=[!?])|(?<=[a-zäöüß0-9)%€]\.)(?<!Mio\.)(?<!Mrd\.)(?<!Tsd\.)(?<!ca\.)(?<!mln\.)(?<!rd\.)(?<!Dr\.)(?<!Nr\.))\s+(?=[A-ZÄÖÜ])"
)


@dataclass(frozen=True)
class Told:
    """Where a station says it, None where it does not."""

    industry: Row | None
    size: Row | None

    @property
    def is_both(self) -> bool:
        return self.industry is not None and self.size is not None

    @property
    def is_any(self) -> bool:
        return self.industry is not None or self.size is not None


def told(station: Station) -> Told:
    if station.inline:
        return Told(None, None)
    return Told(_industry(station), _size(station))


# Size ---------------------------------------------------------------------------------------------------------


@cache
def _sizes() -> tuple[re.Pattern[str], ...]:
    def either(key: str) -> str:
        return "|".join(
            sorted({re.escape(folded(word)).replace(r"\ ", r"\s+") for word in words("size", key)}, key=len, reverse=True)
        )

    number = r"(?:\d[\d.,'\s]*\d|\d)"
    amount = rf"(?:(?:€|eur|euro|£|\$|us\$|usd|chf|gbp|dm)\s?)?{number}\s*\+?\s?(?:m|bn|k|mio|mrd|mln|mld|million(?:en)?|milliard(?:e|en)?|miljoen|miljard|billion|tsd|t|mill)?\.?\s?(?:€|eur|euro|£|\$|usd|chf|gbp|dm|teur|meur|t€|m€)?"
    counts = "|".join(sorted({re.escape(folded(word)) for word in words("size", "numbers")}, key=len, reverse=True))
    heads = rf"(?:{number}|{counts})\s*\+?\s*(?:[a-z-]+\s+){{0,2}}(?:{either('people')}|{either('sites')})n?(?!\w)"
    heads_first = rf"(?<!\w)(?:{either('people')}|{either('sites')})\s*(?:\([^)]{{0,20}}\))?\s*(?::|=|ca\.?|rund|circa|about|approx\.?|>|uber|>\s?|von|of)\s*(?:ca\.?\s*)?{number}"
    money = rf"{amount}\s*(?:[a-z-]+\s+){{0,2}}(?:{either('turnover')})(?!\w)"
    money_first = rf"(?<!\w)(?:{either('turnover')})\s*(?:\([^)]{{0,20}}\))?\s*(?::|=|ca\.?|rund|circa|about|approx\.?|van|von|of|uber|>|~)?\s*(?:ca\.?\s*|rund\s*)?(?:€|eur|£|\$|usd|chf|{number})\s?\d*"
    return tuple(re.compile(one) for one in (heads, money, heads_first, money_first))


def has_size(text: str) -> bool:
    """Tell whether a text names a size that is not a team's or a project's."""
    for clause in re.split(
        r"[;()|\t•·]|,\s|" + vocabulary.STOP + r"\s(?=[A-ZÄÖÜ€£])|\s[–—-]\s|\s(?:und|and|en|with|mit|met)\s(?=\d|ca|rund)", text
    ):
        plain = folded(clause)
        if not re.search(r"\d", plain) and not any(word in plain for word in map(folded, words("size", "numbers"))):
            continue
        if pattern("size", "team").search(plain):
            return False  # what follows on the line is the team's too: "Budget 25 Mio. €, 14 Mitarbeiter"
        if any(one.search(plain) for one in _sizes()):
            return True
    return bool(
        re.search(
            r"\([^()\d]{4,60},\s*(?:ca\.?\s*)?(?:€|EUR|CHF|£)?\s?\d[\d.,]*\s?(?:Mio|Mrd|mln|million|m|bn)\b\.?\s?(?:€|EUR|Euro|CHF|£)?[^()]{0,20}\)",
            text,
        )
    )


def _size(station: Station) -> Row | None:
    for row in (*station.rows, *station.context):
        if row.line.bullet and row is not station.rows[0] and not _tells_company(row) and not _begins_with_number(row, station):
            continue
        text = without_periods(row)
        if _bracket_describes(text):
            return row
        names = row.has_title or row.has_legal_form  # a title may hold a word of work: "Projektleiter Verlagerung"
        if row.has_task and not _tells_company(row) and (len(text) > LONGEST_HEAD // 2 or not names):
            if any(has_size(part) for sentence in sentences(text) if (part := _before_work(sentence))):
                return row
        elif has_size(text):
            return row
    return None


def sentences(text: str) -> list[str]:
    return [part for part in _SENTENCE_END.split(text) if part.strip()]


def _before_work(sentence: str) -> str:
    """Return a sentence up to the clause that tells of work or of a team."""
    kept = []
    for clause in re.split(r"(,\s|;\s|\s[–—-]\s|\t|:\s|\()", sentence):
        plain = folded(clause)
        found = _sizes()[0].search(plain) or _sizes()[1].search(plain)
        told = plain[: found.end()] if found else plain
        if pattern("size", "team").search(told) or (pattern("tasks", "words").search(told) and not _industries().search(told)):
            break
        kept.append(clause[: len(told)] if found else clause)
        if found and pattern("tasks", "words").search(plain[found.end() :]):
            break
    return "".join(kept)


def _begins_with_number(row: Row, station: Station) -> bool:
    """A first bullet may hold the figures: "• 140 Mio. € Umsatz, 620 Mitarbeiter"."""
    first = next((other for other in station.rows[1:] if other.line.bullet), None)
    return (
        row is first
        and not row.has_task
        and bool(re.match(r"\W*(?:ca\.?|rund|circa|about|approx\.?|uber|over)?\s*[€£$]?\s?\d", row.plain))
    )


@cache
def _company_labels() -> re.Pattern[str]:
    labels = "|".join(sorted({re.escape(folded(word)) for word in words("companies", "labels")}, key=len, reverse=True))
    return re.compile(rf"^\W*(?:{labels})\s*(?:/[\w /]+)?:\s*\S")


def _tells_company(row: Row) -> bool:
    """A label says so, or a phrase: "Unternehmen mit 500 Mitarbeitern"."""
    return bool(_company_labels().search(row.plain)) or bool(
        re.search(
            r"\b(?:unternehmen|firma|konzern|gruppe|company|group|business|bedrijf|organisatie|concern|hersteller|producent|manufacturer)\w*\s(?:mit|with|met|of|von|van)\s(?:\w+\s){0,2}[€£$]?\s?\d",
            row.plain,
        )
    )


# Line of business ---------------------------------------------------------------------------------------------


@cache
def _industries() -> re.Pattern[str]:
    return compiled([*words("companies", "industries"), *words("companies", "kinds")])


@cache
def _phrase() -> re.Pattern[str]:
    """Running text: "für einen Automobilzulieferer", "at a regional bank", "bij een woningcorporatie"."""
    articles = r"(?:einen|einem|einer|eines|ein|eine|a|an|een|the|dem|der|den|des|de|het)"
    return re.compile(
        rf"(?<!\w)(?:fur|bei|for|at|bij|voor|in|of|als|von|van)\s+{articles}\s+(?P<rest>(?:[\w-]+\s+){{0,4}}[\w-]+)"
    )


def describes(text: str) -> bool:
    """Tell whether a piece says what a company does, rather than what it is called."""
    plain = folded(text)
    if not _industries().search(plain) or len(plain.split()) > LONGEST_DESCRIPTION:
        return False
    return not vocabulary.legal_forms().search(text)


def _looks_like_name(text: str) -> bool:
    """A bare name: several words, all with capitals, and no word that ties them together; "De Vlier" and "Het Anker" are names."""
    found = text.split()
    if len(found) < 2:
        return False
    plain = folded(text)
    content = [word for word in found if not re.fullmatch(r"van|of|for|voor|and|en|the|de|het|der|den|&", word)]
    if len(content) < len(found) and all(word[:1].isupper() for word in content) and re.search(r"\s(?:van|of|for|voor)\s", text):
        return True  # "Ministerie van Waterbeheer", "University of York"
    if re.search(rf"\s{_SMALL}\s", plain):
        return False
    if re.match(
        r"(?:mittelstand|regional|familien|inhaber|borsennotiert|middelgro|landelijk|internation|deutsch|europa|family|listed|large|small|german|dutch|global|grosser|grosse|leading|fuhrend)\w*\s",
        plain,
    ):
        return False
    later = [word for word in found[1:] if word[:1].isalpha()]
    return all(word[:1].isupper() for word in later)


def _industry(station: Station) -> Row | None:
    for row in station.rows:
        if _company_labels().search(row.plain):
            value = row.text.partition(":")[2].strip()
            piece = re.split(r"[,;(]", value)[0]
            if value and (
                describes(value)
                or describes(piece)
                or folded(row.text).startswith(("branche", "industr", "sector", "kundenbranche"))
            ):
                return row
    for index, row in enumerate((*station.rows, *station.context)):
        if row.line.bullet and index:
            if _in_phrase(row):
                return row
            continue
        if _row_describes(row, station, index):
            return row
    return None


def _row_describes(row: Row, station: Station, index: int) -> bool:
    text = without_periods(row)
    sized = has_size(text)
    is_prose = row.has_task and not sized and not row.has_legal_form and not (row.has_title and len(text) < LONGEST_HEAD)
    if _bracket_describes(text) or (sized and _unit_tells(text)):
        return True
    if is_prose or (pattern("tasks", "reporting").search(row.plain) and not sized and index > 2):
        first = sentences(text)[0] if not row.line.bullet and len(sentences(text)) > 1 else ""
        if (
            first
            and index
            and not pattern("tasks", "words").search(folded(first))
            and any(describes(piece) and not _looks_like_name(piece) for piece, _aside in _pieces(first))
        ):
            return True
        return _in_phrase(row)
    organisation = station.organisation
    for piece, is_aside in _pieces(text):
        plain = folded(piece)
        is_title = piece == station.title or not (sized and row.line.row)
        if (
            is_title
            and pattern("titles", "words").search(plain)
            and not re.search(r"hersteller|anbieter|betreiber|produzent|fabrikant|maker|manufactur|provider|operator", plain)
        ):
            continue
        if pattern("tasks", "labels").match(plain) or pattern("tasks", "reporting").search(plain):
            continue
        if describes(piece):
            if is_aside or (sized and piece != organisation):
                return True
            if not _looks_like_name(piece) and not (piece == organisation and _is_proper(piece)):
                return True
        elif sized and _may_describe(piece, row, organisation):
            return True
    return _in_phrase(row)


def _unit_tells(text: str) -> bool:
    """What is counted may tell the business: "340 beds", "28 basisscholen"."""
    return bool(re.search(rf"\d[\d.,']*\s+(?:[a-z-]+\s+)?(?:{pattern('size', 'telling').pattern})", folded(text)))


def _bracket_describes(text: str) -> bool:
    """Brackets that hold a size tell the business beside it: "(Porzellanmanufaktur, 330 Beschäftigte)"."""
    for match in re.finditer(r"\(([^()]{8,120})\)", text):
        if has_size(match[0]):
            for piece in re.split(r",\s|;\s?|\s[–—-]\s|\s(?:mit|with|met)\s(?=\d)", match[1]):
                plain = folded(piece)
                if (
                    re.search(r"[a-z]{5,}", plain)
                    and not re.search(r"\d", plain)
                    and not has_size(piece)
                    and not pattern("size", "team").search(plain)
                    and not pattern("titles", "words").search(plain)
                ):
                    return True
    return False


def _is_proper(text: str) -> bool:
    """One word that is a name all the same: "Molkerei" describes, "Nordmetall" is what somebody called a firm."""
    return len(text.split()) == 1 and bool(re.search(r"[a-zäöü][A-Z]", text))


def _may_describe(piece: str, row: Row, organisation: str | None) -> bool:
    """On a line with a size, words without a legal form tell the business: "Polstermöbel, 48 Mio. € Umsatz"."""
    named = organisation is not None and piece in organisation and (_looks_like_name(organisation) or len(piece.split()) == 1)
    if row.has_legal_form or named or has_size(piece) or re.search(r"\d", piece):
        return False
    plain = folded(piece)
    if pattern("size", "team", "people", "turnover").search(plain) or pattern("tasks", "words", "reporting").search(plain):
        return False
    if row.line.row:  # a cell of a table may hold the name as well
        return bool(re.search(r"[a-z]{6,}", plain)) and not _looks_like_name(piece)
    return bool(re.search(r"[a-z]{5,}", plain))


def _pieces(text: str) -> list[tuple[str, bool]]:
    """Return the pieces of a line; what stands in brackets after a name is said aside of it."""
    found: list[tuple[str, bool]] = []
    for match in re.finditer(r"\(([^()]{3,80})\)", text):
        found += [(part.strip(), True) for part in re.split(r",\s|;", match[1]) if part.strip()]
    outside = re.sub(r"\([^()]*\)", " ", text)
    for part in re.split(
        r"\t|,\s|;\s|\s[·|•]\s|\s[-–—]\s|:\s|"
        + vocabulary.STOP
        + r"\s(?=[A-ZÄÖÜ€£\d])|\sat\s|\sbei\s(?:der\s|einem\s|einer\s)?|\sbij\s(?:een\s)?|\s(?:mit|with|met)\s(?=\d|ca\.|rund|about|circa)",
        outside,
    ):
        piece = part.strip(" ,;:–—-•·.")
        name = list(vocabulary.legal_forms().finditer(piece))
        if name and len(piece) - name[-1].end() > 5:
            found.append((piece[: name[-1].end()], False))
            piece = piece[name[-1].end() :].strip(" ,;:–—-•·.")
        if piece:
            found.append((piece, False))
    return found


@cache
def _makes() -> re.Pattern[str]:
    """A sentence whose subject is the company: "Die Gesellschaft stellt Fischkonserven her"."""
    subject = r"(?:gesellschaft|unternehmen|firma|gruppe|konzern|betrieb|company|business|group|firm|bedrijf|onderneming|organisatie|concern|fabriek)"
    verb = r"(?:stellt|produziert|fertigt|betreibt|vertreibt|liefert|baut|entwickelt|bietet|handelt|produceert|vervaardigt|levert|maakt|verkoopt|exploiteert|makes|produces|manufactures|operates|supplies|distributes|sells|builds|provides|runs)"
    return re.compile(rf"{subject}\w*\s(?:\w+\s){{0,2}}{verb}\s+\w{{3,}}")


def _in_phrase(row: Row) -> bool:
    if _makes().search(row.plain):
        return True
    for match in _phrase().finditer(row.plain):
        rest = match["rest"]
        hit = _industries().search(rest)
        if hit and _kind_words().search(rest):
            return True
    return False


@cache
def _kind_words() -> re.Pattern[str]:
    return compiled(
        [
            *words("companies", "kinds"),
            "*bank",
            "*versicherer",
            "*insurer",
            "*verzekeraar",
            "*klinik",
            "krankenhaus*",
            "*ziekenhuis",
            "hospital",
            "*corporatie",
            "stadtwerk*",
            "*brauerei",
            "*verlag",
            "*reederei",
            "*spedition",
            "*retailer",
            "*brewery",
            "*bakery",
            "*airline",
            "*gemeente",
            "sparkasse*",
            "*groothandel",
        ]
    )
