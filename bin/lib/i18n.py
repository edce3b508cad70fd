"""The catalogues of German and Dutch texts: what the code says, what is translated, what is not.

A catalogue holds translated entries only, sorted by text, without places and dates, so that
two people who add texts seldom touch the same lines. What is not in it is missing.
"""

import argparse
import fcntl
import json
import os
import re
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_file
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).resolve().parents[2]
TRANSLATIONS = ROOT / "app" / "translations"
LANGUAGES = {"de": "German", "nl": "Dutch"}
SOURCES = ("app", "templates")
KEYWORDS = {
    "_": None,
    "_l": None,
    "N_": None,
    "gettext": None,
    "lazy_gettext": None,
    "ngettext": (1, 2),
    "lazy_ngettext": (1, 2),
    "N_n": (1, 2),
    "pgettext": ((1, "c"), 2),
    "lazy_pgettext": ((1, "c"), 2),
    "npgettext": ((1, "c"), 2, 3),
}
JINJA = {"silent": "false", "extensions": "jinja2.ext.do,jinja2.ext.loopcontrols"}
NAMED = re.compile(r"%\((\w+)\)[#0\- +]*\d*(?:\.\d+)?([a-zA-Z])")
CONTEXT_MARK = "\x04"  # as in .mo files: "context\x04text"

Key = tuple[str | None, str]  # context, text (the singular of a plural)


def main() -> int:
    parser = argparse.ArgumentParser(prog="bin/i18n", description="Texts and their translations.")
    commands = parser.add_subparsers(dest="command", required=True)
    commands.add_parser("extract", help="list every text of the code, one JSON object")
    fill_command = commands.add_parser("fill", help="add translations from JSON files and compile")
    fill_command.add_argument("files", nargs="+", type=Path)
    fill_command.add_argument("--replace", action="store_true", help="change texts that are translated already")
    missing_command = commands.add_parser("missing", help="texts in PATHS that lack a translation")
    missing_command.add_argument("paths", nargs="*", type=Path)
    missing_command.add_argument("--json", action="store_true", help="as a file to complete for 'fill'")
    commands.add_parser("check", help="fail for missing, fuzzy, unused or wrong translations")
    commands.add_parser("prune", help="remove translations that no text uses")
    commands.add_parser("compile", help="write the .mo files where the .po are newer")
    arguments = parser.parse_args()
    match arguments.command:
        case "extract":
            return print_texts()
        case "fill":
            return fill(arguments.files, replace=arguments.replace)
        case "missing":
            return print_missing(arguments.paths, as_json=arguments.json)
        case "check":
            return check()
        case "prune":
            return prune()
        case _:
            compile_catalogues()
            return 0


# What the code says


def source_files(paths: Iterable[Path]) -> Iterator[Path]:
    for path in paths:
        if path.is_file():
            yield path
        elif path.is_dir():
            found = (item for pattern in ("*.py", "*.html", "*.txt", "*.xml") for item in path.rglob(pattern))
            yield from sorted(item for item in found if "static" not in item.parts)
        else:
            sys.exit(f"bin/i18n: there is no {path}")


def extract(paths: Iterable[Path] = ()) -> tuple[Catalog, list[str]]:
    """All texts in `paths` (default: application and templates), and the files that could not be read."""
    texts = Catalog()
    unreadable = []
    for path in source_files(paths or [ROOT / name for name in SOURCES if (ROOT / name).exists()]):
        method, options = ("python", {}) if path.suffix == ".py" else ("jinja2", JINJA)
        place = os.path.relpath(path, ROOT)
        try:
            for line, text, _, context in extract_from_file(method, path, keywords=KEYWORDS, options=options):
                texts.add(text, context=context, locations=[(place, line)])
        except Exception as problem:  # a half-written file of somebody else: said, and an error in `check`
            unreadable.append(f"{place}: {problem}")
    return texts, unreadable


def print_texts() -> int:
    texts, unreadable = extract()
    listing = {name_of(key_of(message)): [f"{file}:{line}" for file, line in message.locations] for message in entries(texts)}
    print(json.dumps(listing, indent=1, ensure_ascii=False, sort_keys=True))
    return complain(unreadable)


def entries(catalogue: Catalog):
    return [message for message in catalogue if message.id]


def key_of(message) -> Key:
    return message.context, message.id[0] if message.pluralizable else message.id


def name_of(key: Key) -> str:
    context, text = key
    return text if context is None else f"{context}{CONTEXT_MARK}{text}"


# The catalogues


def po_path(language: str) -> Path:
    return TRANSLATIONS / language / "LC_MESSAGES" / "messages.po"


def load(language: str) -> Catalog:
    path = po_path(language)
    if not path.exists():
        return Catalog(locale=language)
    with path.open("rb") as file:
        return read_po(file, locale=language)


def save(language: str, catalogue: Catalog) -> None:
    catalogue.header_comment = f"# Lotse: {LANGUAGES[language]} texts. Written by bin/i18n."
    catalogue.fuzzy = False
    for message in entries(catalogue):
        message.locations, message.auto_comments, message.user_comments = [], [], []
        message.flags.discard("python-format")
    path = po_path(language)
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.with_name(f".messages.{os.getpid()}.po")
    with temporary.open("wb") as file:
        write_po(file, catalogue, width=0, no_location=True, sort_output=True, ignore_obsolete=True)
    lines = temporary.read_text(encoding="utf-8").splitlines(keepends=True)
    moving = (
        '"POT-Creation-Date',
        '"PO-Revision-Date',
        '"Generated-By',
        '"Last-Translator',
        '"Language-Team',
        '"Report-',
        '"Project-',
    )
    temporary.write_text("".join(line for line in lines if not line.startswith(moving)), encoding="utf-8")
    temporary.replace(path)


@contextmanager
def only_one() -> Iterator[None]:
    """Keep others from reading and writing the catalogues meanwhile."""
    TRANSLATIONS.mkdir(parents=True, exist_ok=True)
    with (TRANSLATIONS / ".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def compile_catalogues() -> None:
    """Write each messages.mo that is older than its messages.po."""
    for language in LANGUAGES:
        po, mo = po_path(language), po_path(language).with_suffix(".mo")
        if not po.exists() or (mo.exists() and mo.stat().st_mtime >= po.stat().st_mtime):
            continue
        temporary = mo.with_name(f".messages.{os.getpid()}.mo")
        with temporary.open("wb") as file:
            write_mo(file, load(language))
        temporary.replace(mo)


# Adding


def fill(files: list[Path], *, replace: bool) -> int:
    """Add the translations of `files`; a text that is translated already stays unless `replace`."""
    wanted: dict[str, dict] = {}
    for file in files:
        try:
            wanted |= json.loads(file.read_text(encoding="utf-8"))
        except (OSError, ValueError) as problem:
            sys.exit(f"bin/i18n: {file}: {problem}")
    problems = [problem for name, given in wanted.items() for problem in faults_in_given(name, given)]
    if problems:
        return complain([*problems, "nothing was changed"])
    texts, unreadable = extract()
    used = {key_of(message) for message in entries(texts)}
    with only_one():
        for language in LANGUAGES:
            catalogue = load(language)
            added, changed, kept = merge(catalogue, language, wanted, replace=replace)
            save(language, catalogue)
            print(f"{language}: {len(added)} added, {len(changed)} changed")
            for text, other in kept:
                print(f"  kept as it was (--replace to change): {text!r}: {other!r}")
        compile_catalogues()
    for key in [split(name) for name in wanted]:
        if key not in used:
            print(f"  no code uses this text yet: {name_of(key)!r}")
    complain(unreadable)
    return 0


def split(name: str) -> Key:
    context, mark, text = name.rpartition(CONTEXT_MARK)
    return (context if mark else None), text


def merge(catalogue: Catalog, language: str, wanted: dict[str, dict], *, replace: bool):
    added, changed, kept = [], [], []
    for name, given in wanted.items():
        context, text = split(name)
        plural = given.get("plural")
        string = tuple(given[language]) if plural else given[language]
        old = catalogue.get(text, context)
        if old and old.string == string and bool(old.pluralizable) == bool(plural):
            continue
        if old and not replace and (old.pluralizable or not plural):
            kept.append((text, old.string))
            continue
        (changed if old else added).append(text)
        if old:
            catalogue.delete(text, context)
        catalogue.add((text, plural) if plural else text, string, context=context)
    return added, changed, kept


def faults_in_given(name: str, given: object) -> Iterator[str]:
    _, text = split(name)
    if not isinstance(given, dict):
        yield f"{text!r}: an object with 'de' and 'nl' is expected"
        return
    plural = given.get("plural")
    for language in LANGUAGES:
        string = given.get(language)
        if plural and not (isinstance(string, list) and len(string) == 2 and all(isinstance(form, str) for form in string)):
            yield f"{text!r}: {language}: a list of two texts is expected, for one and for many"
        elif not plural and not isinstance(string, str):
            yield f"{text!r}: {language}: a text is expected"
        else:
            yield from (f"{text!r}: {language}: {fault}" for fault in faults(text, plural, string))


# Checking


def placeholders(text: str) -> set[tuple[str, str]]:
    return set(NAMED.findall(text))


def stray_percents(text: str) -> int:
    return NAMED.sub("", text).count("%")


def faults(text: str, plural: str | None, string: str | Iterable[str]) -> Iterator[str]:
    """What is wrong with a translation: empty, or its placeholders are not those of the text."""
    forms = [string] if isinstance(string, str) else list(string)
    if not all(form and form.strip() for form in forms):
        yield "empty"
        return
    allowed = placeholders(text) | placeholders(plural or "")
    for number, form in enumerate(forms):
        original = text if number == 0 else plural or text
        found = placeholders(form)
        for one in sorted(placeholders(original) - found - ({("num", "d")} if number == 0 else set())):
            yield f"lacks %({one[0]}){one[1]} in {form!r}"
        for one in sorted(found - allowed):
            yield f"has a foreign %({one[0]}){one[1]} in {form!r}"
        if stray_percents(form) != stray_percents(original):
            yield f"another number of percent signs in {form!r}"
        if form[:1].isspace() != original[:1].isspace() or form[-1:].isspace() != original[-1:].isspace():
            yield f"blanks at the ends differ in {form!r}"


def lacking(texts: Catalog, catalogue: Catalog) -> list:
    """The messages of `texts` that `catalogue` does not translate in the form needed."""

    def translated(message) -> bool:
        context, text = key_of(message)
        have = catalogue.get(text, context)
        if not have or have.fuzzy or (message.pluralizable and not have.pluralizable):
            return False
        return bool(all(have.string) if have.pluralizable else have.string)

    return [message for message in entries(texts) if not translated(message)]


def print_missing(paths: list[Path], *, as_json: bool) -> int:
    texts, unreadable = extract([ROOT / path if not path.exists() else path for path in paths])
    found: dict[str, dict] = {}
    places: dict[str, str] = {}
    for language in LANGUAGES:
        for message in lacking(texts, load(language)):
            entry = found.setdefault(name_of(key_of(message)), {})
            if message.pluralizable:
                entry["plural"] = message.id[1]
            entry[language] = ["", ""] if message.pluralizable else ""
            places[name_of(key_of(message))] = ":".join(map(str, message.locations[0]))
    if as_json:
        print(json.dumps(found, indent=1, ensure_ascii=False))
    else:
        for name, entry in found.items():
            print(f"{places[name]}: {', '.join(set(entry) & set(LANGUAGES))}: {name!r}")
        print(f"{len(found)} texts lack a translation")
    return 1 if complain(unreadable) or found else 0


def check() -> int:
    texts, problems = extract()
    used = {key_of(message) for message in entries(texts)}
    for language in LANGUAGES:
        catalogue = load(language)
        for message in lacking(texts, catalogue):
            problems.append(f"{language}: missing: {name_of(key_of(message))!r} ({message.locations[0][0]})")
        for message in entries(catalogue):
            context, text = key_of(message)
            plural = message.id[1] if message.pluralizable else None
            if message.fuzzy:
                problems.append(f"{language}: fuzzy: {text!r}")
            if (context, text) not in used:
                problems.append(f"{language}: unused ('bin/i18n prune' removes it): {text!r}")
            problems += [f"{language}: {text!r}: {fault}" for fault in faults(text, plural, message.string)]
    return complain(problems)


def prune() -> int:
    texts, unreadable = extract()
    if unreadable:
        return complain([*unreadable, "nothing was removed"])
    used = {key_of(message) for message in entries(texts)}
    with only_one():
        for language in LANGUAGES:
            catalogue = load(language)
            for message in entries(catalogue):
                if key_of(message) not in used:
                    context, text = key_of(message)
                    catalogue.delete(text, context)
                    print(f"{language}: removed {text!r}: {message.string!r}")
            save(language, catalogue)
        compile_catalogues()
    return 0


def complain(problems: list[str]) -> int:
    for problem in problems:
        print(f"bin/i18n: {problem}", file=sys.stderr)
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
