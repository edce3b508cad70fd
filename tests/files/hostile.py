"""Papers that mean harm, each a few kilobytes large."""

from __future__ import annotations

import zipfile
import zlib
from io import BytesIO

from tests.admission.cv import build

_HEAD = '<?xml version="1.0"?>'
_WORD = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'


def word(document: bytes, **more: bytes) -> bytes:
    """A Word document whose body is these bytes, whatever they are."""
    out = BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(
            "[Content_Types].xml", f'{_HEAD}<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>'
        )
        archive.writestr("word/document.xml", document)
        for name, content in more.items():
            archive.writestr(name.replace("__", "/"), content)
    return out.getvalue()


def bomb() -> bytes:
    """Two hundred kilobytes that unpack to 200 MB."""
    return word(b"<w:document>" + b" " * 200_000_000)


def many_paragraphs(count: int = 400_000) -> bytes:
    """Within every bound of the archive, and hundreds of megabytes once it is a tree."""
    varied = b"".join(b"<w:p><w:r><w:t>%d</w:t></w:r></w:p>" % (number * 2654435761 % 10**9) for number in range(count))
    return word(f"{_HEAD}<w:document {_WORD}><w:body>".encode() + varied + b"</w:body></w:document>")


def external_entity(target: str = "file:///etc/passwd") -> bytes:
    text = f'{_HEAD}<!DOCTYPE w:document [<!ENTITY x SYSTEM "{target}">]><w:document {_WORD}><w:body><w:p><w:r><w:t>Lebenslauf &x;</w:t></w:r></w:p></w:body></w:document>'
    return word(text.encode())


def external_entity_in_utf16() -> bytes:
    text = f'<?xml version="1.0" encoding="UTF-16"?><!DOCTYPE w:document [<!ENTITY x SYSTEM "file:///etc/passwd">]><w:document {_WORD}><w:body><w:p><w:r><w:t>&x;</w:t></w:r></w:p></w:body></w:document>'
    return word(text.encode("utf-16"))


def billion_laughs() -> bytes:
    entities = '<!ENTITY a0 "ha">' + "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 12))
    text = f"{_HEAD}<!DOCTYPE w:document [{entities}]><w:document {_WORD}><w:body><w:p><w:r><w:t>&a11;</w:t></w:r></w:p></w:body></w:document>"
    return word(text.encode())


def deep_tables(depth: int = 5_000) -> bytes:
    return build.docx("<w:tbl><w:tr><w:tc>" * depth + "<w:p/>" + "</w:tc></w:tr></w:tbl>" * depth)


def tables_within_tables(depth: int = 40) -> bytes:
    """As deep as a parser allows."""
    inner = "<w:p><w:r><w:t>Lebenslauf ganz innen</w:t></w:r></w:p>"
    return build.docx("<w:tbl><w:tr><w:tc>" * depth + inner + "</w:tc></w:tr></w:tbl>" * depth)


def pdf(objects: list[bytes]) -> bytes:
    """A PDF of these objects, the first being the catalogue."""
    out = bytearray(b"%PDF-1.4\n")
    places = []
    for number, content in enumerate(objects, start=1):
        places.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, content)
    start = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    out += b"".join(b"%010d 00000 n \n" % place for place in places)
    out += b"trailer<</Root 1 0 R/Size %d>>\nstartxref\n%d\n%%%%EOF\n" % (len(objects) + 1, start)
    return bytes(out)


def stream(content: bytes, more: bytes = b"") -> bytes:
    packed = zlib.compress(content, 9)
    return b"<</Length %d/Filter/FlateDecode%s>>stream\n%s\nendstream" % (len(packed), more, packed)


_FONT = b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>"
_PAGE = b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R/Resources<</Font<</F 5 0 R>>/XObject<</X 6 0 R>>>>>>"


def one_page(content: bytes) -> bytes:
    form = stream(b"/X Do", b"/Type/XObject/Subtype/Form/BBox[0 0 595 842]/Resources<</XObject<</X 6 0 R>>>>")
    return pdf([b"<</Type/Catalog/Pages 2 0 R>>", b"<</Type/Pages/Kids[3 0 R]/Count 1>>", _PAGE, stream(content), _FONT, form])


def endless_pages() -> bytes:
    """A tree of pages that leads back to itself and claims a billion of them."""
    return pdf(
        [
            b"<</Type/Catalog/Pages 2 0 R>>",
            b"<</Type/Pages/Kids[2 0 R 3 0 R]/Count 1000000000/Parent 2 0 R>>",
            _PAGE,
            stream(b"BT ET"),
            _FONT,
            _FONT,
        ]
    )


def form_within_itself() -> bytes:
    return one_page(b"/X Do")


def text_without_end() -> bytes:
    """A page of forty million letters in forty kilobytes."""
    return one_page(b"BT /F 10 Tf 50 800 Td " + b"(aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa) Tj T* " * 800_000 + b"ET")


def many_lines() -> bytes:
    """A page with half a million rules."""
    return one_page(b"0 0 m 500 500 l S " * 500_000 + b"BT /F 10 Tf 50 800 Td (Lebenslauf) Tj ET")
