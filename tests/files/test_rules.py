"""Which files are taken, and what is said about the others."""

from __future__ import annotations

import zipfile
from io import BytesIO

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from app.core.errors import RuleViolation
from app.files.rules import (
    DAMAGED,
    EMPTY,
    HOW_TO_PDF,
    LOCKED,
    MACROS,
    NOT_TAKEN,
    OTHER_ENDING,
    PACKED,
    TOO_LARGE,
    check,
    clean_name,
)
from tests.files import samples


def judged(content: bytes, name: str) -> str:
    """Return the content type, or the message of the refusal."""
    try:
        return check(content, name, most_megabytes=10, field="cv").content_type
    except RuleViolation as violation:
        return violation.message if violation.field == "cv" else "refused at no field"


@pytest.mark.parametrize(
    ("content", "name", "content_type"),
    [
        (samples.PDF, "cv.pdf", "application/pdf"),
        (samples.PDF + b"\r\n\0\0", "CV.PDF", "application/pdf"),
        (samples.PDF, "cv", "application/pdf"),
        (samples.docx(), "cv.docx", "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
        (samples.odt(), "cv.odt", "application/vnd.oasis.opendocument.text"),
        ("Lebenslauf\tJürgen\r\n".encode(), "cv.txt", "text/plain; charset=utf-8"),
        ("Lebenslauf Jürgen".encode("cp1252"), "cv.txt", "text/plain; charset=utf-8"),
        ("Lebenslauf Jürgen".encode("utf-16"), "cv.txt", "text/plain; charset=utf-8"),
        (samples.jpeg(), "a.jpg", "image/jpeg"),
        (samples.jpeg(), "a.JPEG", "image/jpeg"),
        (samples.png(), "a.png", "image/png"),
    ],
)
def test_these_are_taken(content: bytes, name: str, content_type: str) -> None:
    assert judged(content, name) == content_type


@pytest.mark.parametrize(
    ("content", "name", "message"),
    [
        (b"", "cv.pdf", EMPTY),
        (b"MZ\x90\0" + b"\0" * 100, "cv.pdf", NOT_TAKEN),
        (b"<html><script>alert(1)</script>", "cv.pdf", NOT_TAKEN),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "a.png", NOT_TAKEN),
        (b"GIF89a<script>", "a.gif", NOT_TAKEN),
        (b"plain words", "cv", NOT_TAKEN),
        (b"bin\0ary", "cv.txt", NOT_TAKEN),
        (samples.PDF[:60], "cv.pdf", DAMAGED),
        (b"%PDF-1.4 nothing else", "cv.pdf", DAMAGED),
        (samples.docx()[:-30], "cv.docx", DAMAGED),
        (samples.png()[:40], "a.png", DAMAGED),
        (samples.png(100_000, 100_000), "a.png", DAMAGED),
        (samples.jpeg()[:-2], "a.jpg", DAMAGED),
        (samples.jpeg(60_000, 60_000), "a.jpg", DAMAGED),
        (samples.PDF, "cv.html", OTHER_ENDING),
        (samples.PDF, "cv.docx", OTHER_ENDING),
        (samples.PDF, "cv.pdf.exe", OTHER_ENDING),
        (samples.odt(b"application/vnd.oasis.opendocument.sheet"[:39]), "cv.odt", NOT_TAKEN),
        (samples.packed({"readme.txt": b"x"}), "cv.docx", NOT_TAKEN),
        (samples.docx(**{"word/vbaProject.bin": b"x"}), "cv.docx", MACROS),
        (samples.OLE, "cv.doc", HOW_TO_PDF[".doc"]),
        (samples.OLE, "cv.docx", HOW_TO_PDF[".doc"]),
        (samples.RTF, "cv.rtf", HOW_TO_PDF[".rtf"]),
        (samples.RTF, "cv.doc", HOW_TO_PDF[".rtf"]),
        (samples.HEIC, "a.heic", HOW_TO_PDF[".heic"]),
        (samples.HEIC, "a.jpg", HOW_TO_PDF[".heic"]),
        (samples.packed({"Index/Document.iwa": b"x"}), "cv.pages", HOW_TO_PDF[".pages"]),
        (samples.packed({"Index/Document.iwa": b"x"}), "cv.docx", HOW_TO_PDF[".pages"]),
    ],
)
def test_these_are_refused_with_what_to_do(content: bytes, name: str, message: str) -> None:
    assert judged(content, name) == message


def test_the_limit_of_size_is_inclusive() -> None:
    content = samples.PDF[:-6] + b" " * (1024 * 1024 - len(samples.PDF)) + samples.PDF[-6:]

    assert check(content, "cv.pdf", most_megabytes=1).content_type == "application/pdf"
    with pytest.raises(RuleViolation) as refused:
        check(content + b"\n", "cv.pdf", most_megabytes=1)
    assert refused.value.message == TOO_LARGE and refused.value.values == {"megabytes": 1}


def test_bombs_are_known_by_the_directory_alone() -> None:
    ratio = samples.docx(**{"word/media/x.xml": b"\0" * 5_000_000})
    count = samples.docx(**{f"word/{number}.xml": b"" for number in range(2_001)})

    assert judged(ratio, "cv.docx") == PACKED
    assert judged(count, "cv.docx") == PACKED


def test_a_directory_that_names_the_same_bytes_often_is_refused() -> None:
    content = samples.docx()
    with zipfile.ZipFile(BytesIO(content)) as archive:
        offset = archive.getinfo("word/document.xml").header_offset
    start = content.index(b"PK\x01\x02", offset)
    second = content.index(b"PK\x01\x02", start + 4)
    entry = bytearray(content[second : content.index(b"PK\x05\x06")])
    entry[42:46] = (0).to_bytes(4, "little")  # points to the first member
    doubled = content[:second] + bytes(entry) + content[content.index(b"PK\x05\x06") :]

    assert judged(doubled, "cv.docx") in (PACKED, DAMAGED)


@pytest.mark.parametrize("path", ["../../etc/passwd", "/etc/passwd", "..\\x", "C:x"])
def test_members_that_lead_out_of_the_archive_are_refused(path: str) -> None:
    assert judged(samples.docx(**{path: b"x"}), "cv.docx") == DAMAGED


def test_a_document_with_a_password_is_refused_as_such() -> None:
    content = bytearray(samples.docx())
    at = content.index(b"PK\x01\x02")
    content[at + 8] |= 1

    assert judged(bytes(content), "cv.docx") == LOCKED


@given(
    st.binary(max_size=400),
    st.sampled_from(
        [b"", b"%PDF-", b"PK\x03\x04", b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n", samples.docx(), samples.png(), samples.jpeg()]
    ),
    st.sampled_from(["x.pdf", "x.docx", "x.txt", "x"]),
)
@example(b"\xff" * 50, b"\xff\xd8\xff", "x.jpg")
def test_no_bytes_make_it_stumble(rest: bytes, start: bytes, name: str) -> None:
    assert judged(start + rest, name)


@pytest.mark.parametrize(
    ("raw", "shown"),
    [
        ("Lebenslauf Jürgen Maaßdorf.pdf", "Lebenslauf Jürgen Maaßdorf.pdf"),
        ("C:\\Users\\me\\cv.pdf", "cv.pdf"),
        ("../../etc/passwd", "passwd"),
        ("cv\u202efdp.exe", "cvfdp.exe"),
        ("cv\0.pdf\r\nX-Header: 1", "cv .pdf X-Header_ 1"),
        (".htaccess", "htaccess"),
        ("  ", "document"),
        (None, "document"),
        ("u\u0308.pdf", "ü.pdf"),
        ("x" * 300 + ".pdf", "x" * 116 + ".pdf"),
        ("CON.pdf", "_CON.pdf"),
        ("lpt1", "_lpt1"),
        ("Conrad.pdf", "Conrad.pdf"),
    ],
)
def test_names_are_made_harmless_for_display(raw: str | None, shown: str) -> None:
    assert clean_name(raw) == shown


@given(st.text(max_size=300))
def test_no_name_stays_harmful(raw: str) -> None:
    name = clean_name(raw)

    assert 1 <= len(name) <= 120 and name.isprintable()
    assert not set(name) & set('/\\\0"<>|:*?') and name not in (".", "..")
