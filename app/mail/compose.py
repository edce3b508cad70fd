"""Letters as plain text and HTML out of the same blocks, in the recipient's language.

    with speaking(to.language):
        written = compose(to.language, [_("Dear Ms Roelofs,"), _("…")], button=(_("Answer"), LINK_PLACE))
    queue(…, text=written.text, html=written.html)

Looks: docs/design.md, "Mails".
"""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

import pytz
from flask import current_app, g
from flask_babel import force_locale, get_timezone

from app.mail import openings
from app.mail.rules import LINK_PLACE
from app.web.language import locale_of

WIDTH = 72


@dataclass(frozen=True)
class Heading:
    """A heading inside a letter."""

    text: str


@dataclass(frozen=True)
class Bullets:
    """A list of short sentences."""

    items: Sequence[str]


@dataclass(frozen=True)
class Facts:
    """Pairs of label and value: when, where, who."""

    rows: Sequence[tuple[str, str]]


@dataclass(frozen=True)
class Row:
    """One line of a digest. `mark` is its time or age; `tone` is "", "late" or "soon"."""

    mark: str
    label: str
    url: str
    note: str = ""
    tone: str = ""


@dataclass(frozen=True)
class Rows:
    """The lines of a digest, each a link to the very thing."""

    rows: Sequence[Row]


Block = str | Heading | Bullets | Facts | Rows  # a str is a paragraph; its line breaks are kept
Button = tuple[str, str]  # label, address (LINK_PLACE for the personal link)


@dataclass(frozen=True)
class Composed:
    """A letter's two bodies."""

    text: str
    html: str


@contextmanager
def speaking(language: str, zone: str | None = None) -> Iterator[None]:
    """Translate and format in `language` ("de", "nl", "en") inside, instants in `zone` (None: as it was)."""
    with force_locale(locale_of(language)):
        if zone is None:
            yield
            return
        get_timezone()  # so that there is one to come back to
        kept = g._flask_babel.babel_tzinfo
        g._flask_babel.babel_tzinfo = pytz.timezone(zone)
        try:
            yield
        finally:
            g._flask_babel.babel_tzinfo = kept


def compose(
    language: str,
    blocks: Iterable[Block],
    *,
    title: str = "",
    lead: str = "",
    preview: str = "",
    button: Button | None = None,
    closing: Iterable[Block] = (),
    footer: str = "",
    footer_link: Button | None = None,
) -> Composed:
    """Write a letter. All texts come translated; the order is the same in both bodies.

    `title` and the quieter `lead` stand on top, `preview` is what mailboxes show beside the subject, `closing` follows
    the one button, `footer` says small why this came.
    """
    blocks = openings.german(list(blocks)) if language == "de" else blocks
    parts = {
        "language": language,
        "title": title,
        "lead": lead,
        "preview": preview,
        "blocks": [_tagged(block) for block in blocks],
        "button": button,
        "closing": [_tagged(block) for block in closing],
        "footer": footer,
        "footer_link": footer_link,
    }
    # Straight from the environment: context processors of pages know a reader, letters have none.
    html = current_app.jinja_env.get_template("mail/layout.html").render(parts)
    return Composed(_as_text(parts), html)


def _tagged(block: Block) -> tuple[str, Block]:
    return ("paragraph" if isinstance(block, str) else type(block).__name__.lower()), block


def _as_text(parts: dict) -> str:
    pieces = [parts["title"], _wrapped(parts["lead"])]
    pieces += [_block_text(block) for _kind, block in parts["blocks"]]
    if parts["button"]:
        pieces.append(_link_text(parts["button"]))
    pieces += [_block_text(block) for _kind, block in parts["closing"]]
    foot = _wrapped(parts["footer"])
    if parts["footer_link"]:
        foot = f"{foot}\n{_link_text(parts['footer_link'])}".strip()
    if foot:
        pieces.append(f"-- \n{foot}")
    return "\n\n".join(piece for piece in pieces if piece) + "\n"


def _block_text(block: Block) -> str:
    if isinstance(block, str):
        return _wrapped(block)
    if isinstance(block, Heading):
        return f"{block.text}\n{'-' * min(len(block.text), WIDTH)}"
    if isinstance(block, Bullets):
        return "\n".join(_wrapped(item, first="- ", rest="  ") for item in block.items)
    if isinstance(block, Facts):
        return "\n".join(_wrapped(f"{label}: {value}", rest="  ") for label, value in block.rows)
    return "\n\n".join(_row_text(row) for row in block.rows)


def _row_text(row: Row) -> str:
    lines = [_wrapped(f"{row.mark}: {row.label}", first="- ", rest="  ")]
    if row.note:
        lines.append(_wrapped(row.note, first="  ", rest="  "))
    return "\n".join([*lines, f"  {row.url}"])


def _link_text(link: Button) -> str:
    label, url = link
    return f"{label}:\n{url}"


def _wrapped(text: str, first: str = "", rest: str = "") -> str:
    lines = [
        textwrap.fill(
            line,
            WIDTH,
            initial_indent=first if number == 0 else rest,
            subsequent_indent=rest,
            break_long_words=False,
            break_on_hyphens=False,
        )
        for number, line in enumerate(text.split("\n"))
    ]
    return "\n".join(lines).strip("\n")


__all__ = ["LINK_PLACE", "Block", "Bullets", "Composed", "Facts", "Heading", "Row", "Rows", "compose", "speaking"]
