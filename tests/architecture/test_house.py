"""Who may import whom, who commits, who asks the time: the house holds itself to its plan (docs/decisions)."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
APP = ROOT / "app"

# Lower floors are known to higher ones, never the other way round. Rooms on one floor do not know one another.
FLOORS: tuple[tuple[str, ...], ...] = (
    ("core",),
    ("db",),
    ("web",),
    ("timeline", "mail", "files", "links"),
    ("settings",),
    ("users",),
    ("clients", "managers"),
    ("ledger",),
    ("talks",),
    ("mandates",),
    ("interviews", "feedback", "asking"),
    ("admission", "references"),
    ("reminders",),
    ("search", "today", "figures", "calendar", "exchange", "privacy"),
    ("backup",),
    ("health",),
    ("scheduler", "cli", "demo"),
)
FLOOR_OF = {room: number for number, rooms in enumerate(FLOORS) for room in rooms}
# Nobody imports these; they may read and act across rooms.
FREE = {"views", "ticks", "forms", "commands", "events", "__init__"}

FRAMEWORKS = {
    "flask",
    "flask_sqlalchemy",
    "flask_login",
    "flask_security",
    "flask_babel",
    "flask_wtf",
    "sqlalchemy",
    "wtforms",
    "jinja2",
}
# One room of a floor that the others there may use, with the reason.
NEIGHBOURS = {
    ("mail", "links"): "a letter carries a personal link",
    ("mail", "timeline"): "a letter shows on the timeline",
    ("links", "timeline"): "a revoked link shows on the timeline",
    ("files", "timeline"): "an upload shows on the timeline",
}


def modules() -> list[Path]:
    return sorted(path for path in APP.rglob("*.py"))


def imports_of(path: Path) -> Iterator[str]:
    """Every module that the file imports when it runs; imports for type checking alone are left out."""
    tree = ast.parse(path.read_text())
    hidden = {
        id(inner)
        for node in ast.walk(tree)
        if isinstance(node, ast.If) and "TYPE_CHECKING" in ast.unparse(node.test)
        for inner in ast.walk(node)
    }
    for node in ast.walk(tree):
        if id(node) in hidden:
            continue
        if isinstance(node, ast.Import):
            yield from (name.name for name in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield from (f"{node.module}.{name.name}" for name in node.names)


def room_of(path: Path) -> str:
    return path.relative_to(APP).parts[0].removesuffix(".py")


def is_free(path: Path) -> bool:
    """A room with many pages has several files of views: `contact_views`, `own_views`."""
    return path.stem in FREE or path.stem.endswith(("_views", "_forms"))


@pytest.mark.parametrize("path", modules(), ids=lambda path: str(path.relative_to(ROOT)))
def test_rooms_import_only_from_lower_floors(path):
    room = room_of(path)
    if room == "__init__" or (is_free(path) and path.parent != APP):
        return
    for name in imports_of(path):
        other = name.split(".")[1] if name.startswith("app.") else None
        if other is None or other == room or other not in FLOOR_OF or (room, other) in NEIGHBOURS:
            continue
        assert FLOOR_OF[other] < FLOOR_OF[room], f"{path.relative_to(ROOT)} imports {name}"


def test_every_room_stands_on_a_floor():
    rooms = {room_of(path) for path in modules()} - {"__init__"}

    assert rooms <= set(FLOOR_OF)


@pytest.mark.parametrize(
    "path", [p for p in modules() if p.stem == "rules" or p.stem.endswith("_rules")], ids=lambda p: str(p.relative_to(ROOT))
)
def test_rules_know_no_framework(path):
    for name in imports_of(path):
        assert name.split(".")[0] not in FRAMEWORKS, f"{path.relative_to(ROOT)} imports {name}"
        assert not name.startswith("app.db"), f"{path.relative_to(ROOT)} imports {name}"


@pytest.mark.parametrize(
    "path", [p for p in modules() if p.stem == "actions" or p.stem.endswith("_actions")], ids=lambda p: str(p.relative_to(ROOT))
)
def test_actions_know_neither_requests_nor_forms(path):
    for name in imports_of(path):
        assert name.split(".")[0] not in {"flask", "flask_login", "flask_wtf", "wtforms"}, (
            f"{path.relative_to(ROOT)} imports {name}"
        )
        assert not re.fullmatch(r"app\.\w+\.(forms|views)(\..*)?", name), f"{path.relative_to(ROOT)} imports {name}"


@pytest.mark.parametrize(
    "path", [p for p in modules() if re.fullmatch(r"(\w+_)?models", p.stem)], ids=lambda p: str(p.relative_to(ROOT))
)
def test_models_know_only_rules(path):
    own = rf"app\.{path.parent.name}(\.\w+_models)?"  # a room's models may lie in several files
    for name in imports_of(path):
        if name.startswith("app.") and not re.fullmatch(own, name):
            assert re.match(r"app\.(core|db)(\.|$)|app\.\w+\.(\w+_)?rules(\.|$)", name), name


@pytest.mark.parametrize("path", modules(), ids=lambda path: str(path.relative_to(ROOT)))
def test_only_the_unit_of_work_commits(path):
    if path.parent == APP / "db":
        return

    assert not re.search(r"\.commit\(\)", path.read_text())


@pytest.mark.parametrize("path", [*modules(), ROOT / "config.py", ROOT / "wsgi.py"], ids=lambda path: str(path.relative_to(ROOT)))
def test_only_the_clock_asks_what_time_it_is(path):
    if path == APP / "core" / "clock.py":
        return
    text = path.read_text()

    assert not re.search(r"datetime\.(now|utcnow|today)\(|date\.today\(|\btime\.time\(|func\.now\(|CURRENT_TIMESTAMP", text)


def test_only_the_scheduler_knows_apscheduler():
    knowing = [path for path in modules() if any(name.startswith("apscheduler") for name in imports_of(path))]

    assert knowing == [APP / "scheduler.py"]


def test_templates_name_no_foreign_host_and_hold_no_inline_script_or_style():
    for path in (ROOT / "templates").rglob("*.html"):
        text = path.read_text()
        assert not re.search(r"<script(?![^>]*\bsrc=)[^>]*>|\bon\w+=\"|javascript:", text), path
        if "mail" not in path.relative_to(ROOT / "templates").parts:
            assert not re.search(r"<style|\bstyle=\"", text), path
        assert not re.search(r"(src|href)=\"(https?:)?//", text), path


def test_files_stay_short_enough_to_read():
    long = [str(path.relative_to(ROOT)) for path in modules() if len(path.read_text().splitlines()) > 400]

    assert long == []


def body_lines(function: ast.FunctionDef) -> int:
    """Lines of a function without its signature and docstring."""
    body = function.body[1:] if ast.get_docstring(function) else function.body
    return (function.end_lineno or 0) - body[0].lineno + 1 if body else 0


def test_functions_stay_short_enough_to_read():
    long = [
        f"{path.relative_to(ROOT)}:{node.name}"
        for path in modules()
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.FunctionDef) and body_lines(node) > 40
    ]

    assert long == []
