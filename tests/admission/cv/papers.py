"""Papers out of a few lines, for the rules alone: "# heading", "* bullet", "**bold**", "^header", "_footer"."""

from __future__ import annotations

from datetime import date

from app.admission.cv import Analysis, analyse
from app.files.papers.document import Document, Line, Page

JUDGED_ON = date(2026, 11, 21)


def document(*lines: str, links: tuple[str, ...] = ()) -> Document:
    found: list[Line] = []
    gap = False
    for text in "\n".join(lines).splitlines():
        if not text.strip():
            gap = True
            continue
        line = Line(text, gap=gap)
        gap = False
        if text.startswith("# "):
            line = Line(text[2:], strong=True, level=1, gap=True)
        elif text.startswith("* "):
            line = Line(text[2:], bullet=True)
        elif text.startswith("**"):
            line = Line(text.strip("*"), strong=True, gap=line.gap)
        elif text.startswith("^"):
            line = Line(text[1:], place="header")
        elif text.startswith("_"):
            line = Line(text[1:], place="footer")
        found.append(line)
    return Document("docx", [Page(1, found)], list(links), 1)


def analysed(*lines: str, links: tuple[str, ...] = (), as_of: date = JUDGED_ON) -> Analysis:
    return analyse(document(*lines, links=links), as_of)


STATIONS = """# Berufserfahrung
**Kaufmännische Leiterin (Interim)**\t03/2024 – heute
Nordwerk Pumpen GmbH, Kiel
Hersteller von Pumpen, 80 Mio. € Umsatz, 420 Mitarbeiter
* Liquiditätsplanung eingeführt
**Leiterin Controlling**\t01/2015 – 02/2024
Sylter Fähren AG
* Berichtswesen aufgebaut
# Ausbildung
1998 – 2003 Studium BWL, Universität Kiel"""
