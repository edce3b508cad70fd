"""What stands beside a company's name, in brackets or behind a dash: its business in a few words, or a number of something."""

from __future__ import annotations

import re

from app.admission.cv.figures import has_size
from app.admission.cv.rows import Row
from app.admission.cv.station import LONGEST_HEAD, Station
from app.admission.cv.vocabulary import folded, pattern

LONGEST_DESCRIPTION = 9  # words
_NO_BUSINESS = re.compile(
    r"\b(?:interim|freelance|freiberuflich|selbststandig|self-employed|zzp|remote|part-?time|parttime|teilzeit|vollzeit|fulltime|full-time"
    r"|contract|permanent|befristet|unbefristet|today|heute|heden|later|spater|zuletzt|seit|since|sinds|including|inkl|including"
    r"|see|siehe|zie|now|nu|jetzt|formerly|vormals|voorheen|part of|teil der|deel van|ltd|gmbh|region|deutschland|germany|nederland)\b"
)


def _asides(row: Row, station: Station) -> list[str]:
    """Return what stands beside the company's name on its line: behind a dash, a comma or in brackets."""
    name = station.organisation
    if not name or name not in row.text or row.line.bullet or len(row.text) > LONGEST_HEAD:
        return []
    rest = row.text.replace(name, "\t", 1)
    pieces = [found for one in re.findall(r"\(([^()]*)\)|\s[-–—]\s([^()]*)", rest) for found in one]
    pieces = [part for piece in pieces for part in re.split(r",\s|;\s|\s[·|•]\s|\s[-–—]\s|\t", piece)]
    return [piece.strip(" ,;:.–—-") for piece in pieces if piece.strip(" ,;:.–—-")]


def aside_describes(row: Row, station: Station) -> bool:
    """ "Lumbre – tiles and stoves": words in small letters beside the name say what it does, whatever the trade."""
    for piece in _asides(row, station):
        plain = folded(piece)
        if (
            piece[:1].islower()
            and not re.search(r"\d", piece)
            and re.search(r"[a-z]{5,}", plain)
            and len(plain.split()) <= LONGEST_DESCRIPTION
            and not pattern("titles", "words").search(plain)
            and not pattern("tasks", "words", "reporting", "labels").search(plain)
            and not _NO_BUSINESS.search(plain)
        ):
            return True
    return False


_COUNT = re.compile(
    r"(?:rund|ca\.?|circa|about|some|over|uber|mehr als|more than|meer dan|ruim|etwa|ungefahr|ongeveer)?\s*\d[\d.,']*\s+(?:[a-z-]+\s)?(?P<what>[a-z-]{4,})"
)
_NO_SIZE = re.compile(
    r".*(?:jahre?n?|monate?n?|wochen?|tagen?|stunden?|years?|months?|weeks?|days?|hours?|jaar|jaren|maanden?|weken|dagen|uur"
    r"|projekte?n?|projects?|projecten|mandate?n?|assignments?|opdrachten|prozent|percent|procent|reports|teams?|euro|franken|stellen|phasen)"
)


def counts_beside(row: Row, station: Station) -> bool:
    """ "Staywell – 64 hostels": a number of something beside the name is a size, unless of time or of work."""
    return any(_counts(piece) for piece in _asides(row, station))


def _counts(text: str) -> bool:
    for piece in re.split(r",\s|;\s?", text):
        plain = folded(piece).strip()
        found = _COUNT.fullmatch(plain)
        if found and not _NO_SIZE.fullmatch(found["what"]) and not pattern("size", "team").search(plain):
            return True
    return False


def bracket_describes(text: str) -> bool:
    """Brackets that hold a size tell the business beside it: "(Porzellanmanufaktur, 330 Beschäftigte)"."""
    for match in re.finditer(r"\(([^()]{8,120})\)", text):
        if has_size(match[0]) or _counts(match[1]):
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
