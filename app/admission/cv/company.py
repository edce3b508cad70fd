"""What a station says of the company: its line of business, and its size as a number.

Source: docs/domain.md, "How a CV is read". The bare name, the job title, team sizes and project budgets do not count.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

from app.admission.cv import size, vocabulary
from app.admission.cv.beside import LONGEST_DESCRIPTION, aside_describes, bracket_describes
from app.admission.cv.figures import has_size, industries, sentences
from app.admission.cv.rows import Row
from app.admission.cv.size import company_labels
from app.admission.cv.station import LONGEST_HEAD, Station, without_periods
from app.admission.cv.vocabulary import compiled, folded, pattern, words

# Words that name any company, and say nothing of its business.
_ANY_COMPANY = re.compile(
    r"(?:(?:ein|eine|einem|einer|der|die|das|dem|den|a|an|the|een|de|het)\s)?(?:haus|unternehmen|firma|gruppe|konzern|betrieb|gesellschaft"
    r"|company|business|group|firm|organisation|organization|bedrijf|groep|onderneming|concern|organisatie|huis)"
)
_LINE_COLUMN = re.compile(r"branche|industrie|industry|sector|kundenbranche|line of business|umfeld")
_SMALL = r"(?:von|vom|fur|in|im|aus|mit|of|for|in|from|with|van|voor|uit|met|und|and|en)"


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
    return Told(_industry(station), size.told(station))


# Line of business ---------------------------------------------------------------------------------------------


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
    if not industries().search(plain) or len(plain.split()) > LONGEST_DESCRIPTION or _ANY_COMPANY.fullmatch(plain):
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
        if _LINE_COLUMN.fullmatch(row.column) and re.search(r"[a-z]{3}", row.plain):
            return row
        if company_labels().search(row.plain):
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
    if aside_describes(row, station):
        return True
    told = sentences(text)
    if len(told) > 1 and len(text) > LONGEST_HEAD and sized:
        # Only what stands in the sentence with the size is said of the company by the size's side.
        if not any(has_size(one) for one in told[:2]):
            return any(describes(piece) for piece, _aside in _pieces(told[0])) or _in_phrase(row)
        text = next(one for one in told[:2] if has_size(one)) if not describes(told[0]) else told[0]
    if bracket_describes(text) or (sized and (_unit_tells(text) or _with_size(text, row, station))):
        return True
    is_prose = row.has_task and not sized and not row.has_legal_form and not (row.has_title and len(text) < LONGEST_HEAD)
    if is_prose or (pattern("tasks", "reporting").search(row.plain) and not sized and index > 2):
        return (bool(index) and _begins_with_company(row, text)) or _in_phrase(row)
    organisation = station.organisation
    if organisation and _does(organisation).search(folded(text)):
        return True
    return any(_piece_describes(piece, is_aside, row, station, sized) for piece, is_aside in _pieces(text)) or _in_phrase(row)


_WITH = re.compile(r"(?P<what>[^,;:()|\t]{3,80}?)\s(?:mit|with|met|running|operating)\s(?=\S)")


def _with_size(text: str, row: Row, station: Station) -> bool:
    """ "Zoo mit 230 Angestellten": what stands before the size with which the line begins says what it is."""
    found = _WITH.match(text)
    if found is None or row.line.bullet or not has_size(text[found.end() :]):
        return False
    what = folded(found["what"])
    named = station.organisation is not None and (found["what"] in station.organisation or station.organisation in found["what"])
    return not (
        named
        or _ANY_COMPANY.fullmatch(what)
        or vocabulary.legal_forms().search(found["what"])
        or pattern("titles", "words").search(what)
        or pattern("tasks", "words", "reporting").search(what)
        or pattern("size", "team").search(what)
    )


def _begins_with_company(row: Row, text: str) -> bool:
    """Running text whose first sentence is of the company: "Hersteller von Pumpen. Leitete den Umzug …"."""
    told = sentences(text)
    if row.line.bullet or len(told) < 2 or pattern("tasks", "words").search(folded(told[0])):
        return False
    return any(describes(piece) and not _looks_like_name(piece) for piece, _aside in _pieces(told[0]))


def _piece_describes(piece: str, is_aside: bool, row: Row, station: Station, sized: bool) -> bool:
    plain, organisation = folded(piece), station.organisation
    is_title = piece == station.title or not (sized and row.line.row)
    if (
        is_title
        and pattern("titles", "words").search(plain)
        and not re.search(r"hersteller|anbieter|betreiber|produzent|fabrikant|maker|manufactur|provider|operator", plain)
    ):
        return False
    if pattern("tasks", "labels").match(plain) or pattern("tasks", "reporting").search(plain):
        return False
    if describes(piece):
        if is_aside or (sized and piece != organisation):
            return True
        return not _looks_like_name(piece) and not (piece == organisation and _is_proper(piece))
    return sized and _may_describe(piece, row, organisation)


def _unit_tells(text: str) -> bool:
    """What is counted may tell the business: "340 beds", "28 basisscholen"."""
    return bool(re.search(rf"\d[\d.,']*\s+(?:[a-z-]+\s+)?(?:{pattern('size', 'telling').pattern})", folded(text)))


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
    if _ANY_COMPANY.fullmatch(plain):
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


_VERB = (
    "(?:stellt|produziert|fertigt|betreibt|vertreibt|verkauft|liefert|baut|entwickelt|bietet|handelt|vermietet|verarbeitet|produceert|vervaardigt|levert|maakt"
    "|verkoopt|exploiteert|bouwt|verhuurt|verwerkt|makes|produces|manufactures|operates|supplies|distributes|sells|builds|provides|runs|rents|weaves"
    "|brews|bakes|grows|prints|designs)"
)


@cache
def _does(organisation: str) -> re.Pattern[str]:
    """ "Norrfors rents and erects scaffolds": the company's first name, then what it does."""
    first = re.escape(folded(organisation).split()[0]) if folded(organisation).split() else "-"
    return re.compile(rf"(?<!\w){first}(?:\s\w+){{0,2}}\s{_VERB}\s+\w{{3,}}")


@cache
def _makes() -> re.Pattern[str]:
    """A sentence whose subject is the company: "Die Gesellschaft stellt Fischkonserven her"."""
    subject = r"(?:gesellschaft|unternehmen|firma|gruppe|konzern|betrieb|company|business|group|firm|bedrijf|onderneming|organisatie|concern|fabriek)"
    clause = r"(?:die|dat|das|der|which|that|who)\s(?:\w+\s){0,6}(?:maakt|produceert|levert|verkoopt|bouwt|exploiteert|vervaardigt|herstellt|produziert|fertigt|baut|betreibt|vertreibt|verkauft|makes|produces|weaves|builds|sells|brews|bakes|operates|supplies|rents|distributes)\b"
    return re.compile(rf"{subject}\w*\s(?:\w+\s){{0,2}}{_VERB}\s+\w{{3,}}|{clause}")


def _in_phrase(row: Row) -> bool:
    if _makes().search(row.plain):
        return True
    for match in _phrase().finditer(row.plain):
        rest = match["rest"]
        hit = industries().search(rest)
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
