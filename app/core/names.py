"""Names as people write them and as they are found again.

`fold` makes "Jürgen Maaßdorf", "juergen maassdorf" and "JURGEN MAASSDORF GmbH" comparable;
the other functions address people as docs/domain.md, "Clients and contacts", says.
"""

from __future__ import annotations

import re
import unicodedata

_GERMAN = str.maketrans(
    {
        "ä": "ae",
        "ö": "oe",
        "ü": "ue",
        "ß": "ss",
        "æ": "ae",
        "ø": "oe",
        "å": "aa",
        "œ": "oe",
        "đ": "d",
        "ł": "l",
        "ð": "d",
        "þ": "th",
        "ĳ": "ij",
    }
)
_NOT_WORD = re.compile(r"[^0-9a-z@+]+")
LEGAL_FORMS = frozenset(
    "gmbh ag kg ohg gbr se ug kgaa mbh ev eg co cie partg bv nv vof cv sa sarl sas srl spa ltd limited llc plc inc corp sl ab oy as aps".split()
)
PARTICLES = frozenset(
    "von vom zu zum zur der den dem de du van ten ter te het la le los del della di da dos das af av zum".split()
)


def fold(text: str) -> str:
    """Return `text` in small ASCII letters with single spaces: umlauts as ae/oe/ue/ss, accents off."""
    lowered = unicodedata.normalize("NFC", text).casefold().translate(_GERMAN)
    plain = "".join(c for c in unicodedata.normalize("NFKD", lowered) if not unicodedata.combining(c))
    return _NOT_WORD.sub(" ", plain).strip()


def fold_company(name: str) -> str:
    """Return the folded company name without its legal form ("Velbrink GmbH & Co. KG" → "velbrink").

    A name that is nothing but a legal form keeps it.
    """
    folded = fold(re.sub(r"\b([A-Za-z])\.\s?(?=[A-Za-z]\.)", r"\1", name).replace(".", ""))
    words = [word for word in folded.split() if word not in LEGAL_FORMS]
    return " ".join(words) or folded


def shorten_umlauts(folded: str) -> str:
    """Return `folded` with ae/oe/ue as a/o/u, as people type who leave the dots off."""
    return folded.replace("ae", "a").replace("oe", "o").replace("ue", "u")


def searchable(text: str) -> str:
    """Return what a search looks in: the folded text and, where it differs, the one with its dots left off.

    So "Jürgen" is found by "jürgen", "juergen" and "jurgen".
    """
    folded = fold(text)
    shortened = shorten_umlauts(folded)
    return folded if shortened == folded else f"{folded} {shortened}"


def full_name(title: str | None, first: str | None, particle: str | None, last: str) -> str:
    """Return "Dr. Anneke van der Berg": title, first name, particle, last name; empty parts left out."""
    return " ".join(part for part in (title, first, particle, last) if part)


def sort_name(first: str | None, last: str) -> str:
    """Return what a list sorts by: folded last name, then first name; the particle does not count."""
    return fold(f"{last} {first or ''}")


def capitalised_particle(particle: str | None, country: str | None) -> str:
    """Return the particle as it stands with no first name before it: "Van der" in the Netherlands.

    In a Dutch letter particles are capitalised there ("mevrouw Van der Berg"); Belgian ones stay as written.
    `country` is the person's, as ISO code; where it is not known, the person counts as Dutch.
    """
    if not particle:
        return ""
    return particle[0].upper() + particle[1:] if country != "BE" else particle


_SALUTATIONS = {
    ("de", "frau"): "Sehr geehrte Frau {name}",
    ("de", "herr"): "Sehr geehrter Herr {name}",
    ("de", None): "Guten Tag, {full}",
    ("nl", "frau"): "Geachte mevrouw {name}",
    ("nl", "herr"): "Geachte heer {name}",
    ("nl", None): "Geachte {full}",
    ("en", "frau"): "Dear Ms {name}",
    ("en", "herr"): "Dear Mr {name}",
    ("en", None): "Dear {full}",
}
_SHORT: dict[tuple[str, str | None], str] = {
    ("de", "frau"): "Frau {name}",
    ("de", "herr"): "Herr {name}",
    ("nl", "frau"): "mevrouw {name}",
    ("nl", "herr"): "de heer {name}",
    ("en", "frau"): "Ms {name}",
    ("en", "herr"): "Mr {name}",
}
_SPOKEN_TO = _SHORT | {("nl", "herr"): "meneer {name}"}


def _address(
    patterns: dict[tuple[str, str | None], str],
    language: str,
    form: str | None,
    title: str | None,
    first: str | None,
    particle: str | None,
    last: str,
    country: str | None,
) -> str:
    known = form if form in ("frau", "herr") else None
    lead = title if language == "de" or (title and title.startswith(("Dr", "Prof"))) else None
    if known and language == "en" and lead:
        known_pattern = "Dear {name}" if patterns is _SALUTATIONS else "{name}"
    else:
        known_pattern = patterns.get((language, known), "{full}")
    shown_particle = capitalised_particle(particle, country) if language == "nl" else (particle or "")
    if language == "nl":
        lead = None
    name = " ".join(part for part in (lead, shown_particle, last) if part)
    full = " ".join(part for part in (first, particle if first else shown_particle, last) if part)
    return known_pattern.format(name=name, full=full)


def salutation(
    language: str,
    form: str | None,
    title: str | None,
    first: str | None,
    particle: str | None,
    last: str,
    country: str | None = None,
) -> str:
    """Return the first line of a letter, without the comma.

    `form` is "frau", "herr" or anything else (never guessed): then "Guten Tag, Jürgen Maaßdorf",
    "Geachte Anneke Roelofs", "Dear Anneke Roelofs". Source: docs/domain.md, "Clients and contacts".
    """
    return _address(_SALUTATIONS, language, form, title, first, particle, last, country)


def short_address(
    language: str,
    form: str | None,
    title: str | None,
    first: str | None,
    particle: str | None,
    last: str,
    country: str | None = None,
) -> str:
    """Return how a person is spoken of: "Frau Dr. Roelofs", "mevrouw Van der Berg", else the full name."""
    return _address(_SHORT, language, form, title, first, particle, last, country)


def spoken_to(
    language: str,
    form: str | None,
    title: str | None,
    first: str | None,
    particle: str | None,
    last: str,
    country: str | None = None,
) -> str:
    """Return how a person is spoken to: as `short_address`, but "meneer Van der Berg" where one speaks of "de heer"."""
    return _address(_SPOKEN_TO, language, form, title, first, particle, last, country)


def split_name(text: str) -> tuple[str | None, str | None, str | None, str]:
    """Propose (title, first name, particle, last name) for a name typed in one field.

    "Prof. Dr. Jan van der Berg" → ("Prof. Dr.", "Jan", "van der", "Berg"). Only a proposal: the person checks it.
    """
    words = text.split()
    titles: list[str] = []
    while (
        len(words) > 1
        and re.fullmatch(r"(?i)(prof|dr|dipl|mag|ir|ing|drs|mr|habil|phd|mba)[.\-a-z]*\.?", words[0])
        and (words[0].endswith(".") or words[0].lower() in ("dr", "prof", "ir", "drs"))
    ):
        titles.append(words.pop(0))
    at = len(words) - 1
    while at > 0 and words[at - 1].casefold() in PARTICLES:
        at -= 1
    first, particle, last = words[: max(at, 0)], words[at : len(words) - 1], words[-1] if words else ""
    return " ".join(titles) or None, " ".join(first) or None, " ".join(particle) or None, last
