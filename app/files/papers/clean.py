"""Text as a person reads it: ligatures, soft hyphens and blanks of all kinds put right, broken words joined."""

from __future__ import annotations

import re
import unicodedata

_LIGATURES = {0xFB00: "ff", 0xFB01: "fi", 0xFB02: "fl", 0xFB03: "ffi", 0xFB04: "ffl", 0xFB05: "st", 0xFB06: "st"}
_BLANKS = dict.fromkeys([0xA0, *range(0x2000, 0x200B), 0x202F, 0x205F, 0x3000, 0x1680], " ")
# Zero width, direction marks, soft hyphen, byte order mark, variation selectors: nobody sees them.
_NOTHING: dict[int, None] = dict.fromkeys(
    [0xAD, 0x180E, *range(0x200B, 0x2010), *range(0x202A, 0x202F), *range(0x2060, 0x2070), 0xFEFF, *range(0xFE00, 0xFE10)]
)
_HYPHENS = {0x2010: "-", 0x2011: "-", 0xFFFE: "-", 0x02: "-", 0xFE63: "-", 0xFF0D: "-"}
_BULLETS = "▹▷△▲❑❒✧✴➣⮚⇒⬥•◦▪▫■□●○‣⁃∙·►▶▸➢➤➔→✓✔✦◆◇❖❯›»*–—-\uf0b7\uf0a7\uf0d8\uf0fc\uf076\uf02d\uf0a8"
BULLET = re.compile(rf"^\s*(?:[{re.escape(_BULLETS)}]|o(?=\s))\s*(?=\S)")
# A hyphen before these words stands for a part of a word that follows later: "Insel- und Fließfertigung".
_HALVES = re.compile(r"(?:und|oder|bzw|sowie|u\.|en|of|and|or|to|bis|als|wie|noch|tot)\b")
_ADDRESS_END = re.compile(r"(?:^|[\s<(:])([\w.+-]+@[\w.-]*)$")
_ADDRESS_TAIL = re.compile(r"^[\w-]*(?:\.[\w-]+)*\.[a-z]{2,}\b", re.IGNORECASE)
_WEB_END = re.compile(r"(?:https?://|www\.)\S*[/.-]$", re.IGNORECASE)


def clean(text: str) -> str:
    """Return the text with what nobody sees taken out; tabs stay, runs of other blanks become one."""
    text = text.translate(_LIGATURES | _BLANKS | _NOTHING | _HYPHENS)
    text = unicodedata.normalize("NFC", text)
    text = "".join(c if c == "\t" or (c >= " " and not 0x7F <= ord(c) < 0xA0) else " " for c in text)
    text = re.sub(r"(?<=\w)@ | @(?=\w)", "@", text) if text.count("@") == 1 else text
    return re.sub(r" *\t[ \t]*", "\t", re.sub(r" {2,}", " ", text)).strip()


def breaks_address(before: str, after: str) -> bool:
    """Tell whether a mail or web address runs on from the end of one line to the next."""
    if _WEB_END.search(before):
        return bool(re.match(r"[\w-]+", after)) and " " not in after.strip()
    end = _ADDRESS_END.search(before)
    if end is None:
        return bool(after.startswith("@") and re.search(r"[\w.-]$", before))
    domain = end.group(1).partition("@")[2]
    if domain.endswith((".", "-")) or not domain:
        return bool(re.match(r"[\w-]+", after))
    if after.startswith("."):
        return bool(re.match(r"\.[a-z]{2,}", after))
    return "." not in domain and bool(_ADDRESS_TAIL.match(after))


def joined(before: str, after: str) -> str:
    """Return two lines of one paragraph as one, a word broken over them made whole."""
    if breaks_address(before, after):
        return before + after
    if re.search(r"\w-$", before) and not before.endswith(" -"):
        if _HALVES.match(after):
            return f"{before} {after}"
        if after[:1].islower() and not before[-2:-1].isdigit():
            return before[:-1] + after
        return before + after
    if before.endswith("/"):
        return before + after
    return f"{before} {after}"
