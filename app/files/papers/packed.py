"""Members of packed documents: bounded before and while they are unpacked, and parsed without DTD or network."""

from __future__ import annotations

import zipfile
from io import BytesIO
from typing import Any

from lxml import etree

from .document import Unreadable

MOST_MEMBERS = 2_000
MOST_UNPACKED = 100 * 1024 * 1024
MOST_RATIO = 200
MOST_OF_A_MEMBER = 16 * 1024 * 1024
RATIO_COUNTS_FROM = 1024 * 1024


class Packed:
    """A ZIP whose directory was judged before anything in it is unpacked."""

    def __init__(self, content: bytes) -> None:
        try:
            self._zip = zipfile.ZipFile(BytesIO(content))
        except Exception:  # zipfile answers a broken directory with whatever it stumbles over
            raise Unreadable("damaged") from None
        members = self._zip.infolist()
        if len(members) > MOST_MEMBERS or sum(member.file_size for member in members) > MOST_UNPACKED:
            raise Unreadable("packed")
        for member in members:
            if member.flag_bits & 0x1:
                raise Unreadable("locked")
            if member.file_size > RATIO_COUNTS_FROM and member.file_size > MOST_RATIO * max(1, member.compress_size):
                raise Unreadable("packed")
        self.names = {member.filename for member in members}

    def read(self, name: str) -> bytes | None:
        """Return a member, None where there is none. What it says of its size is not believed."""
        if name not in self.names:
            return None
        try:
            with self._zip.open(name) as member:
                content = member.read(MOST_OF_A_MEMBER + 1)
        except MemoryError:
            raise
        except Exception:  # as above
            raise Unreadable("damaged") from None
        if len(content) > MOST_OF_A_MEMBER:
            raise Unreadable("too_much")
        return content

    def xml(self, name: str) -> Any | None:
        """Return a member's root element, None where there is none. Raises Unreadable for one with a DTD."""
        content = self.read(name)
        return None if content is None else parsed(content)


def parsed(content: bytes) -> Any:
    """Return the root element; nothing outside is fetched, no entity is resolved, a document type is refused."""
    if b"<!DOCTYPE" in content[:4096].replace(b"\0", b"").upper() or b"<!ENTITY" in content.replace(b"\0", b""):
        raise Unreadable("damaged")
    parser = etree.XMLParser(
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        dtd_validation=False,
        attribute_defaults=False,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
    )
    try:
        root = etree.fromstring(content, parser)
    except etree.XMLSyntaxError:
        raise Unreadable("damaged") from None
    if root.getroottree().docinfo.doctype:
        raise Unreadable("damaged")
    return root
