"""Which files are taken: by signature and by structure, never by what the sender says they are."""

from __future__ import annotations

import re
import struct
import unicodedata
import zipfile
import zlib
from dataclasses import dataclass
from io import BytesIO

from app.core.errors import N_, RuleViolation

LONGEST_NAME = 120
# Bounds for what a packed document may become; ordinary papers stay far below.
MOST_MEMBERS = 2_000
MOST_UNPACKED = 100 * 1024 * 1024
MOST_RATIO = 200
RATIO_COUNTS_FROM = 1024 * 1024  # small members of nothing but blanks are harmless
MOST_PIXELS = 100_000_000


@dataclass(frozen=True)
class Kind:
    """A type of file that we take."""

    content_type: str
    endings: tuple[str, ...]
    label: str


PDF = Kind("application/pdf", (".pdf",), "PDF")
DOCX = Kind("application/vnd.openxmlformats-officedocument.wordprocessingml.document", (".docx",), "Word (.docx)")
ODT = Kind("application/vnd.oasis.opendocument.text", (".odt",), "OpenDocument (.odt)")
TXT = Kind("text/plain; charset=utf-8", (".txt", ".text"), "Text (.txt)")
JPEG = Kind("image/jpeg", (".jpg", ".jpeg"), "JPEG")
PNG = Kind("image/png", (".png",), "PNG")
KINDS = (PDF, DOCX, ODT, TXT, JPEG, PNG)
ACCEPT = ",".join(ending for kind in KINDS for ending in kind.endings)  # for <input type=file accept>

NOT_TAKEN = N_(
    "We take PDF, Word (.docx), OpenDocument (.odt), text, JPEG and PNG files. Please save the document as a PDF and send that."
)
EMPTY = N_("This file is empty.")
DAMAGED = N_("This %(kind)s file is damaged or incomplete. Please save it once more and send it again.")
PACKED = N_("This file unpacks to far more than a document holds. Please save it as a PDF and send that.")
MACROS = N_("This document holds macros. Please save it as a PDF and send that.")
LOCKED = N_("This document is protected by a password. Please save it without one and send it again.")
OTHER_ENDING = N_(
    "The name ends in “%(ending)s”, but the content is %(kind)s. Please give the file its right ending and send it again."
)
TOO_LARGE = N_(
    "This file has more than %(megabytes)d MB. Please make it smaller, for instance by saving it as a PDF for the screen."
)
HOW_TO_PDF = {
    ".doc": N_(
        "Old Word files (.doc) cannot be taken. Please open it in Word or LibreOffice, choose “Save as”, then “PDF”, and send the PDF."
    ),
    ".rtf": N_(
        "RTF files cannot be taken. Please open it in Word or LibreOffice, choose “Save as”, then “PDF”, and send the PDF."
    ),
    ".pages": N_(
        "Pages documents cannot be taken. Please open it in Pages, choose “File”, “Export to”, then “PDF”, and send the PDF."
    ),
    ".heic": N_("HEIC pictures cannot be taken. Please open the picture, choose “Print”, then “Save as PDF”, and send the PDF."),
}
_HOW_BY_ENDING = {".dot": ".doc", ".heif": ".heic"}
_INVISIBLE = re.compile("[\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff]")
_DEVICE = re.compile(r"(?:con|prn|aux|nul|com\d|lpt\d) *(?:\.|$)", re.IGNORECASE)  # Windows keeps no file of such a name
_ODF_MIMETYPE = b"application/vnd.oasis.opendocument.text"
_SOF = frozenset({0xC0, 0xC1, 0xC2, 0xC3, 0xC5, 0xC6, 0xC7, 0xC9, 0xCA, 0xCB, 0xCD, 0xCE, 0xCF})


def clean_name(raw: str | None) -> str:
    """Return a file's name fit for display and download: no folders, control characters or direction marks.

    At most LONGEST_NAME characters, the ending kept; "document" where nothing is left.
    """
    name = re.split(r"[/\\]", raw or "")[-1]
    name = _INVISIBLE.sub("", unicodedata.normalize("NFC", name))
    name = "".join(c if c.isprintable() else " " for c in name)
    name = " ".join(re.sub(r'[<>:"|?*]', "_", name).split()).lstrip(". ").rstrip(". ")
    stem, dot, ending = name.rpartition(".")
    if len(name) > LONGEST_NAME and dot and len(ending) <= 10:
        name = f"{stem[: LONGEST_NAME - len(ending) - 1].rstrip()}.{ending}"
    if _DEVICE.match(name):
        name = f"_{name}"
    return name[:LONGEST_NAME] or "document"


def check(content: bytes, name: str, *, most_megabytes: int, field: str | None = None) -> Kind:
    """Return what the file is. Nothing in it is unpacked.

    Raises RuleViolation at `field` for one that is too large, empty, of a kind we do not take, damaged, packed too
    tightly, or named against its content. Source: docs/domain.md and docs/decisions, "Files".
    """
    if len(content) > most_megabytes * 1024 * 1024:
        raise RuleViolation(TOO_LARGE, field=field, megabytes=most_megabytes)
    if not content:
        raise RuleViolation(EMPTY, field=field)
    try:
        kind = _kind_of(content, name)
    except RuleViolation as violation:
        violation.field = field
        raise
    ending = _ending(name)
    if ending and ending not in kind.endings:
        raise RuleViolation(OTHER_ENDING, field=field, ending=ending, kind=kind.label)
    return kind


def _kind_of(content: bytes, name: str) -> Kind:
    _refuse_known(content, name)
    if content.startswith((b"%PDF-", b"\xef\xbb\xbf%PDF-")):
        return _checked_pdf(content)
    if content.startswith(b"PK\x03\x04"):
        return _checked_zip(content)
    if content.startswith(b"\xff\xd8\xff"):
        return _checked_jpeg(content)
    if content.startswith(b"\x89PNG\r\n\x1a\n"):
        return _checked_png(content)
    if _ending(name) in TXT.endings:
        return _checked_text(content)
    raise RuleViolation(NOT_TAKEN)


def _refuse_known(content: bytes, name: str) -> None:
    """Refuse what people often send, with the sentence that helps them."""
    ending = _ending(name)
    how = _HOW_BY_ENDING.get(ending, ending)
    if content.startswith(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"):
        how = ".doc"
    elif content.startswith(b"{\\rtf"):
        how = ".rtf"
    elif content[4:8] == b"ftyp" and content[8:12] in (b"heic", b"heix", b"hevc", b"mif1", b"msf1", b"heim", b"heis"):
        how = ".heic"
    if how in HOW_TO_PDF:
        raise RuleViolation(HOW_TO_PDF[how])


def _ending(name: str) -> str:
    _stem, dot, ending = name.rpartition(".")
    return f".{ending.lower()}" if dot and ending.isalnum() and len(ending) <= 5 else ""


def _checked_pdf(content: bytes) -> Kind:
    # Scanners and mail programs leave bytes behind the end mark; without any the file was cut off.
    if b"%%EOF" not in content[-4096:] or b"startxref" not in content:
        raise RuleViolation(DAMAGED, kind=PDF.label)
    return PDF


def _checked_text(content: bytes) -> Kind:
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        encodings: tuple[str, ...] = ("utf-16",)
    else:
        encodings = ("utf-8-sig", "cp1252")
    for encoding in encodings:
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if not any(c < " " and c not in "\t\n\r\f" for c in text):
            return TXT
    raise RuleViolation(NOT_TAKEN)


def _checked_zip(content: bytes) -> Kind:
    try:
        with zipfile.ZipFile(BytesIO(content)) as archive:
            members = archive.infolist()
            _check_members(members, len(content))
            names = {member.filename for member in members}
            if "word/document.xml" in names and "[Content_Types].xml" in names:
                if any(name.lower().endswith(("vbaproject.bin", "vbadata.xml")) for name in names):
                    raise RuleViolation(MACROS)
                return DOCX
            if members and members[0].filename == "mimetype" and "content.xml" in names:
                return _checked_odt(archive, members[0])
            if any(name.endswith(".iwa") for name in names):
                raise RuleViolation(HOW_TO_PDF[".pages"])
    except (zipfile.BadZipFile, EOFError, struct.error, zlib.error, NotImplementedError, UnicodeError, ValueError, OSError):
        raise RuleViolation(DAMAGED, kind="ZIP") from None
    raise RuleViolation(NOT_TAKEN)


def _check_members(members: list[zipfile.ZipInfo], size: int) -> None:
    """Judge the archive by its directory alone: count, sum, ratio, overlaps, names."""
    if len(members) > MOST_MEMBERS or sum(member.file_size for member in members) > MOST_UNPACKED:
        raise RuleViolation(PACKED)
    if sum(member.compress_size for member in members) > size or len({member.header_offset for member in members}) < len(members):
        raise RuleViolation(PACKED)  # members that share their bytes
    if len({member.filename for member in members}) < len(members):
        raise RuleViolation(DAMAGED, kind="ZIP")
    for member in members:
        if member.flag_bits & 0x1:
            raise RuleViolation(LOCKED)
        if member.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
            raise RuleViolation(DAMAGED, kind="ZIP")
        if member.file_size > RATIO_COUNTS_FROM and member.file_size > MOST_RATIO * max(1, member.compress_size):
            raise RuleViolation(PACKED)
        path = member.filename
        if path.startswith(("/", "\\")) or ".." in re.split(r"[/\\]", path) or "\0" in path or ":" in path:
            raise RuleViolation(DAMAGED, kind="ZIP")


def _checked_odt(archive: zipfile.ZipFile, first: zipfile.ZipInfo) -> Kind:
    if first.compress_type != zipfile.ZIP_STORED or first.file_size != len(_ODF_MIMETYPE) or archive.read(first) != _ODF_MIMETYPE:
        raise RuleViolation(NOT_TAKEN)
    if any(member.filename.startswith("Basic/") for member in archive.infolist()):
        raise RuleViolation(MACROS)
    return ODT


def _checked_jpeg(content: bytes) -> Kind:
    """Walk the segments up to the picture's data; its size must be there, and reasonable."""
    at, end = 2, len(content)
    while at + 4 <= end:
        if content[at] != 0xFF:
            break
        marker = content[at + 1]
        if marker == 0xFF:
            at += 1
            continue
        length = int.from_bytes(content[at + 2 : at + 4])
        if length < 2:
            break
        if marker in _SOF and at + 9 <= end:
            height, width = struct.unpack(">HH", content[at + 5 : at + 9])
            if not width or width * height > MOST_PIXELS or b"\xff\xd9" not in content[at:]:
                break
            return JPEG
        at += 2 + length
    raise RuleViolation(DAMAGED, kind=JPEG.label)


def _checked_png(content: bytes) -> Kind:
    """Walk the chunks from IHDR to IEND by their lengths."""
    at, end, first = 8, len(content), True
    while at + 12 <= end:
        length, name = int.from_bytes(content[at : at + 4]), content[at + 4 : at + 8]
        if first:
            if name != b"IHDR" or length != 13:
                break
            width, height = struct.unpack(">II", content[at + 8 : at + 16])
            if not width or not height or width * height > MOST_PIXELS:
                break
            first = False
        if at + 12 + length > end:
            break
        if name in (b"IHDR", b"IEND") and zlib.crc32(content[at + 4 : at + 8 + length]) != int.from_bytes(
            content[at + 8 + length : at + 12 + length]
        ):
            break
        if name == b"IEND":
            return PNG
        at += 12 + length
    raise RuleViolation(DAMAGED, kind=PNG.label)
