"""The catalogues: complete, and what bin/i18n does with them."""

from __future__ import annotations

import importlib.util
import json
import subprocess
import sys
from pathlib import Path
from types import ModuleType

import pytest

from tests.servers import ROOT

SCRIPT = ROOT / "bin" / "lib" / "i18n.py"


@pytest.fixture
def i18n(tmp_path: Path) -> ModuleType:
    """The script at work in a tree of its own with one text and one plural."""
    spec = importlib.util.spec_from_file_location("i18n", SCRIPT)
    assert spec and spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    module.ROOT, module.TRANSLATIONS = tmp_path, tmp_path / "app" / "translations"
    (tmp_path / "app").mkdir()
    (tmp_path / "app" / "views.py").write_text('_("Extend %(title)s"); ngettext("One talk", "%(num)d talks", 2)\n')
    return module


def given(tmp_path: Path, translations: dict) -> list[Path]:
    path = tmp_path / "given.json"
    path.write_text(json.dumps(translations))
    return [path]


EXTEND = {"Extend %(title)s": {"de": "%(title)s verlängern", "nl": "%(title)s verlengen"}}
TALKS = {
    "One talk": {
        "plural": "%(num)d talks",
        "de": ["Ein Gespräch", "%(num)d Gespräche"],
        "nl": ["Een gesprek", "%(num)d gesprekken"],
    }
}


def test_every_text_of_lotse_is_translated():
    done = subprocess.run([sys.executable, SCRIPT, "check"], capture_output=True, text=True)

    assert done.stderr == ""
    assert done.returncode == 0


def test_a_complete_catalogue_passes_and_is_compiled(i18n: ModuleType, tmp_path: Path):
    assert i18n.check() == 1

    i18n.fill(given(tmp_path, EXTEND | TALKS), replace=False)

    assert i18n.check() == 0
    assert all(i18n.po_path(language).with_suffix(".mo").exists() for language in ("de", "nl"))


def test_filling_twice_writes_the_same_file(i18n: ModuleType, tmp_path: Path):
    i18n.fill(given(tmp_path, EXTEND | TALKS), replace=False)
    first = i18n.po_path("de").read_bytes()

    i18n.fill(given(tmp_path, TALKS | EXTEND), replace=False)

    assert i18n.po_path("de").read_bytes() == first
    assert b"POT-Creation-Date" not in first and b"#:" not in first


def test_a_translation_that_is_there_stays_unless_told_otherwise(
    i18n: ModuleType, tmp_path: Path, capsys: pytest.CaptureFixture[str]
):
    i18n.fill(given(tmp_path, EXTEND | TALKS), replace=False)
    other = given(tmp_path, {"Extend %(title)s": {"de": "%(title)s ausdehnen", "nl": "%(title)s verlengen"}})

    i18n.fill(other, replace=False)
    assert i18n.load("de").get("Extend %(title)s").string == "%(title)s verlängern"
    assert "kept as it was" in capsys.readouterr().out

    i18n.fill(other, replace=True)
    assert i18n.load("de").get("Extend %(title)s").string == "%(title)s ausdehnen"


@pytest.mark.parametrize(
    ("text", "translation"),
    [
        ("Extend %(title)s", "Verlängern"),
        ("Extend %(title)s", "%(titel)s verlängern"),
        ("Extend %(title)s", "%(title)d verlängern"),
        ("Extend %(title)s", ""),
        ("Half", "50 %"),
        ("Name ", "Name"),
    ],
)
def test_a_translation_with_other_placeholders_is_refused(i18n: ModuleType, tmp_path: Path, text: str, translation: str):
    result = i18n.fill(given(tmp_path, {text: {"de": translation, "nl": translation}}), replace=False)

    assert result == 1
    assert not i18n.po_path("de").exists()


def test_what_no_code_uses_any_more_is_told_and_pruned(i18n: ModuleType, tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    i18n.fill(given(tmp_path, EXTEND | TALKS), replace=False)
    (tmp_path / "app" / "views.py").write_text('_("Extend %(title)s")\n')

    assert i18n.check() == 1
    assert "unused" in capsys.readouterr().err
    i18n.prune()

    assert i18n.check() == 0


def test_a_template_that_cannot_be_read_is_an_error(i18n: ModuleType, tmp_path: Path):
    i18n.fill(given(tmp_path, EXTEND | TALKS), replace=False)
    (tmp_path / "templates").mkdir()
    (tmp_path / "templates" / "page.html").write_text('{{ _("Hello" }}')

    assert i18n.check() == 1
