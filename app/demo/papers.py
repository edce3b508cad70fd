"""The papers of the demo firm's applicants: small real files made while loading, from good CVs to a scan without text.

The same career and day give the same bytes.
"""

from __future__ import annotations

import zipfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from io import BytesIO
from zoneinfo import ZoneInfo

from markupsafe import escape

from app.demo.careers import CAREERS, LETTERS, Career, Words
from app.web import pdf

PACKED_AT = (2026, 1, 1, 0, 0, 0)  # of the parts of a packed file: the same bytes each time


@dataclass(frozen=True)
class Line:
    """A line of a paper; `kind` is title, heading, text or point."""

    kind: str
    text: str


@dataclass(frozen=True)
class Person:
    """Whose paper it is."""

    name: str
    email: str
    phone: str
    language: str


def cv(person: Person, place: int, quality: str, form: str, on: date) -> tuple[str, bytes]:
    """Return name and content of a CV made on that day.

    `place` chooses the career; `quality` is good, bare (titles and employers only), thin (no size of the companies, no
    tasks in the last stations, no phone), letter (no CV at all) or scan (no text); `form` is pdf, docx, odt or txt.
    """
    words, career = CAREERS[person.language]
    lines = _letter(person) if quality == "letter" else _lines(person, words, career[place % len(career)], quality, on)
    surname = person.name.split()[-1]
    return f"{words.file_name} {surname}.{form}", _FORMS[form](lines, person, quality == "scan", on)


def _letter(person: Person) -> list[Line]:
    return [Line("text", text.format(name=person.name)) for text in LETTERS[person.language]]


def _lines(person: Person, words: Words, career: Career, quality: str, on: date) -> list[Line]:
    phone = f" · {person.phone}" if quality != "thin" else ""
    lines = [Line("title", words.title), Line("text", person.name), Line("text", f"{person.email}{phone}")]
    if quality == "good":
        lines.append(Line("text", career.profile))
    lines.append(Line("heading", words.stations))
    year = on.year
    for number, station in enumerate(career.stations):
        end = words.today if station.until == 0 else f"{station.until_month:02}/{year - station.until}"
        period = f"{station.since_month:02}/{year - station.since} – {end}"
        if quality == "bare":
            period = f"{year - station.since} – {words.today if station.until == 0 else year - station.until}"
        lines.append(Line("text", f"{period}  {station.role}, {station.company}"))
        if quality == "good":
            lines.append(Line("text", station.about))
        if quality == "good" or (quality == "thin" and number > 1):
            lines.extend(Line("point", task) for task in station.tasks)
    lines += [Line("heading", words.education), Line("text", career.education.format(year=year - career.graduated))]
    if quality == "good":
        lines.append(Line("text", f"{words.made} {on:%d.%m.%Y}" if person.language != "en" else f"{words.made} {on:%d/%m/%Y}"))
    return lines


def _pdf(lines: Sequence[Line], person: Person, is_scan: bool, on: date) -> bytes:
    plain = [{"kind": line.kind, "text": line.text} for line in lines]
    at = datetime.combine(on, time(12), ZoneInfo("Europe/Berlin"))
    data = {"title": f"CV {person.name}", "language": person.language, "lines": plain, "scan": is_scan}
    return pdf.render("demo/cv.typ", data, at=at)


def _txt(lines: Sequence[Line], _person: Person, _is_scan: bool, _on: date) -> bytes:
    marks = {"heading": "\n", "point": "- "}
    return "\n".join(marks.get(line.kind, "") + line.text for line in lines).encode()


_WORD = "http://schemas.openxmlformats.org"
_DOCX = {
    "[Content_Types].xml": f'<Types xmlns="{_WORD}/package/2006/content-types"><Default Extension="rels" '
    'ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Override PartName="/word/document.xml" '
    'ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/></Types>',
    "_rels/.rels": f'<Relationships xmlns="{_WORD}/package/2006/relationships"><Relationship Id="rId1" '
    f'Type="{_WORD}/officeDocument/2006/relationships/officeDocument" Target="word/document.xml"/></Relationships>',
}


def _docx(lines: Sequence[Line], _person: Person, _is_scan: bool, _on: date) -> bytes:
    paragraphs = "".join(f'<w:p><w:r><w:t xml:space="preserve">{escape(line.text)}</w:t></w:r></w:p>' for line in lines)
    body = f'<w:document xmlns:w="{_WORD}/wordprocessingml/2006/main"><w:body>{paragraphs}</w:body></w:document>'
    return _packed({**_DOCX, "word/document.xml": body})


_OPEN = "urn:oasis:names:tc:opendocument:xmlns"
_ODT_TYPE = "application/vnd.oasis.opendocument.text"


def _odt(lines: Sequence[Line], _person: Person, _is_scan: bool, _on: date) -> bytes:
    paragraphs = "".join(f"<text:p>{escape(line.text)}</text:p>" for line in lines)
    content = (
        f'<office:document-content xmlns:office="{_OPEN}:office:1.0" xmlns:text="{_OPEN}:text:1.0" office:version="1.3">'
        f"<office:body><office:text>{paragraphs}</office:text></office:body></office:document-content>"
    )
    manifest = (
        f'<manifest:manifest xmlns:manifest="{_OPEN}:manifest:1.0" manifest:version="1.3">'
        f'<manifest:file-entry manifest:full-path="/" manifest:media-type="{_ODT_TYPE}"/>'
        '<manifest:file-entry manifest:full-path="content.xml" manifest:media-type="text/xml"/></manifest:manifest>'
    )
    return _packed({"mimetype": _ODT_TYPE, "content.xml": content, "META-INF/manifest.xml": manifest})


def _packed(parts: dict[str, str]) -> bytes:
    packed = BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for name, text in parts.items():
            part = zipfile.ZipInfo(name, PACKED_AT)
            head = "" if name == "mimetype" else '<?xml version="1.0" encoding="UTF-8"?>'
            part.compress_type = zipfile.ZIP_STORED if name == "mimetype" else zipfile.ZIP_DEFLATED
            archive.writestr(part, head + text)
    return packed.getvalue()


_FORMS: dict[str, Callable[[Sequence[Line], Person, bool, date], bytes]] = {
    "pdf": _pdf, "docx": _docx, "odt": _odt, "txt": _txt,
}  # fmt: skip
