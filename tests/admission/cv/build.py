"""Papers made from the invented texts in invented/*.cv: the same words as PDF, Word, OpenDocument or plain text.

A text begins with "FORMAT LAYOUT". Then: "# heading", "**bold line**", "* bullet", "| cell | cell |", "left >> right",
an empty line is white space, "<<<" to ">>>" stands in a narrow column at the side.
"""

from __future__ import annotations

import json
import zipfile
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from xml.sax.saxutils import escape

import typst

FOLDER = Path(__file__).parent / "invented"


@dataclass
class Item:
    kind: str  # heading, bold, bullet, row, pair, plain, gap
    cells: list[str]
    aside: bool = False


def items_of(text: str) -> tuple[str, str, list[Item]]:
    first, *lines = text.splitlines()
    form, layout = first.split()
    found, aside = [], False
    for line in lines:
        if line in ("<<<", ">>>"):
            aside = line == "<<<"
        elif not line.strip():
            found.append(Item("gap", [], aside))
        elif line.startswith("# "):
            found.append(Item("heading", [line[2:]], aside))
        elif line.startswith("* "):
            found.append(Item("bullet", [line[2:]], aside))
        elif line.startswith("|"):
            found.append(Item("row", [cell.strip() for cell in line.strip("|").split(" | ")], aside))
        elif " >> " in line or line.startswith(">> "):
            found.append(Item("pair", [part.strip() for part in line.split(">>")], aside))
        elif line.startswith("**") and line.endswith("**"):
            found.append(Item("bold", [line.strip("*")], aside))
        else:
            found.append(Item("plain", [line], aside))
    return form, layout, found


def built(name: str) -> tuple[str, bytes]:
    """Return file name and bytes of one text."""
    return paper(name, (FOLDER / f"{name}.cv").read_text(encoding="utf-8"))


def paper(name: str, text: str) -> tuple[str, bytes]:
    """Return file name and bytes of a text given as such."""
    form, layout, items = items_of(text)
    make = {"pdf": _pdf, "docx": _docx, "odt": _odt, "txt": _txt}[form]
    return f"{name}.{form}", make(items, layout)


def labels() -> list[dict[str, object]]:
    return [json.loads(line) for line in (FOLDER / "labels.jsonl").read_text(encoding="utf-8").splitlines()]


# Text ---------------------------------------------------------------------------------------------------------


def _txt(items: list[Item], layout: str) -> bytes:
    return "\n".join("- " + item.cells[0] if item.kind == "bullet" else "  ".join(item.cells) for item in items).encode()


# PDF ----------------------------------------------------------------------------------------------------------


def _pdf(items: list[Item], layout: str) -> bytes:
    head = '#set page(margin: 2cm)\n#set text(font: ("Libertinus Serif", "DejaVu Sans"), size: 10pt, hyphenate: true)\n#set par(leading: 0.6em, spacing: 0.75em)\n'
    if layout == "sidebar":
        side = _typst([item for item in items if item.aside], layout)
        main = _typst([item for item in items if not item.aside], layout)
        body = f'#grid(columns: (4.2cm, 1fr), gutter: 8mm, block(fill: rgb("#e6ecf2"), inset: 6pt, height: 24cm, width: 100%)[{side}], [{main}])'
    else:
        body = _typst(items, layout)
    return bytes(typst.compile((head + body).encode()))


def _words(text: str, *, strong: bool = False) -> str:
    inner = json.dumps(text.replace("**", ""), ensure_ascii=False)
    return f'#text(weight: "bold", {inner})' if strong or text.startswith("**") else f"#text({inner})"


def _typst(items: list[Item], layout: str) -> str:
    found: list[str] = []
    rows: list[list[str]] = []
    for item in [*items, Item("end", [])]:
        if item.kind == "row":
            rows.append(item.cells)
            continue
        if rows:
            columns = max(len(row) for row in rows)
            cells = ", ".join(f"[{_words(cell)}]" for row in rows for cell in [*row, *[""] * (columns - len(row))])
            found.append(f"#table(columns: {columns}, inset: 5pt, {cells})\n")
            rows = []
        if item.kind == "heading":
            found.append(
                f'#v(4mm)#text(size: 13pt, weight: "bold", fill: rgb("#1f3a5f"), {json.dumps(item.cells[0], ensure_ascii=False)})\n'
            )
        elif item.kind == "bold":
            found.append(_words(item.cells[0], strong=True) + "\n")
        elif item.kind == "bullet":
            found.append(f"#list([{_words(item.cells[0])}])\n")
        elif item.kind == "pair" and layout == "twocol":
            found.append(f"#grid(columns: (3.4cm, 1fr), [{_words(item.cells[0])}], [{_words(item.cells[1])}])\n")
        elif item.kind == "pair":
            found.append(f"#grid(columns: (1fr, auto), [{_words(item.cells[0])}], [{_words(item.cells[1])}])\n")
        elif item.kind == "plain":
            found.append(_words(item.cells[0]) + "\n")
        elif item.kind == "gap":
            found.append("#v(2mm)\n")
    return "\n".join(found)


# Word ---------------------------------------------------------------------------------------------------------

_W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"


def docx(body: str, extra: dict[str, str] | None = None) -> bytes:
    """Return a Word document around the XML of its body."""
    out = BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(
            "[Content_Types].xml",
            '<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>',
        )
        archive.writestr(
            "word/document.xml", f'<?xml version="1.0"?><w:document xmlns:w="{_W}"><w:body>{body}</w:body></w:document>'
        )
        for name, content in (extra or {}).items():
            archive.writestr(name, content)
    return out.getvalue()


def _paragraph(text: str, *, strong: bool = False, size: int = 0, bullet: bool = False, tab: str | None = None) -> str:
    strong = strong or text.startswith("**")
    marks = ("<w:b/>" if strong else "") + (f'<w:sz w:val="{size * 2}"/>' if size else "")
    numbered = '<w:pPr><w:numPr><w:numId w:val="1"/></w:numPr></w:pPr>' if bullet else ""
    right = f"<w:r><w:tab/><w:t>{escape(tab)}</w:t></w:r>" if tab is not None else ""
    return f'<w:p>{numbered}<w:r><w:rPr>{marks}</w:rPr><w:t xml:space="preserve">{escape(text.replace("**", ""))}</w:t></w:r>{right}</w:p>'


def _docx(items: list[Item], layout: str) -> bytes:
    if layout == "sidebar":
        side, main = (_docx_body([item for item in items if item.aside is aside]) for aside in (True, False))
        return docx(f"<w:tbl><w:tr><w:tc>{side}</w:tc><w:tc>{main}</w:tc></w:tr></w:tbl><w:p/>")
    return docx(_docx_body(items))


def _docx_body(items: list[Item]) -> str:
    found, rows = [], []
    for item in [*items, Item("end", [])]:
        if item.kind == "row":
            rows.append("<w:tr>" + "".join(f"<w:tc>{_paragraph(cell)}</w:tc>" for cell in item.cells) + "</w:tr>")
            continue
        if rows:
            found.append(f"<w:tbl>{''.join(rows)}</w:tbl>")
            rows = []
        if item.kind == "heading":
            found.append(_paragraph(item.cells[0], strong=True, size=14))
        elif item.kind == "bold":
            found.append(_paragraph(item.cells[0], strong=True))
        elif item.kind == "bullet":
            found.append(_paragraph(item.cells[0], bullet=True))
        elif item.kind == "pair":
            found.append(_paragraph(item.cells[0], tab=item.cells[1]))
        elif item.kind == "plain":
            found.append(_paragraph(item.cells[0]))
        elif item.kind == "gap":
            found.append("<w:p/>")
    return "".join(found)


# OpenDocument -------------------------------------------------------------------------------------------------

_NAMES = (
    'xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0" '
    'xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0" xmlns:style="urn:oasis:names:tc:opendocument:xmlns:style:1.0" '
    'xmlns:fo="urn:oasis:names:tc:opendocument:xmlns:xsl-fo-compatible:1.0" xmlns:xlink="http://www.w3.org/1999/xlink"'
)


def odt(body: str) -> bytes:
    out = BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(zipfile.ZipInfo("mimetype"), "application/vnd.oasis.opendocument.text")
        archive.writestr(
            "content.xml",
            f'<?xml version="1.0"?><office:document-content {_NAMES}><office:automatic-styles>'
            '<style:style style:name="B" style:family="paragraph"><style:text-properties fo:font-weight="bold"/></style:style>'
            '<style:style style:name="H" style:family="text"><style:text-properties text:display="none"/></style:style>'
            f"</office:automatic-styles><office:body><office:text>{body}</office:text></office:body></office:document-content>",
        )
    return out.getvalue()


def _odt(items: list[Item], layout: str) -> bytes:
    found, rows = [], []
    for item in [*items, Item("end", [])]:
        if item.kind == "row":
            cells = "".join(
                f"<table:table-cell><text:p>{escape(cell.replace('**', ''))}</text:p></table:table-cell>" for cell in item.cells
            )
            rows.append(f"<table:table-row>{cells}</table:table-row>")
            continue
        if rows:
            found.append(f"<table:table>{''.join(rows)}</table:table>")
            rows = []
        text = escape(item.cells[0].replace("**", "")) if item.cells else ""
        if item.kind == "heading":
            found.append(f'<text:h text:outline-level="2">{text}</text:h>')
        elif item.kind == "bold":
            found.append(f'<text:p text:style-name="B">{text}</text:p>')
        elif item.kind == "bullet":
            found.append(f"<text:list><text:list-item><text:p>{text}</text:p></text:list-item></text:list>")
        elif item.kind == "pair":
            found.append(f"<text:p>{text}<text:tab/>{escape(item.cells[1])}</text:p>")
        elif item.kind in ("plain", "gap"):
            found.append(f"<text:p>{text}</text:p>")
    return odt("".join(found))
