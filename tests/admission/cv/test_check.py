"""`cv check` on the command line: JSON alone, one entry per file, without a database."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from flask import Flask

from app.admission.commands import cv
from app.core.clock import CLOCK, FrozenClock
from tests.admission.cv import build
from tests.conftest import TUESDAY_MORNING
from tests.files import hostile

ROOT = Path(__file__).resolve().parents[3]


def check(*words: str) -> Result:
    app = Flask("cv")  # the command needs a clock and nothing else of the application
    app.extensions[CLOCK] = FrozenClock(TUESDAY_MORNING)
    with app.app_context():
        return CliRunner().invoke(cv, ["check", *words])


def paper(folder: Path, name: str) -> Path:
    file, content = build.built(name)
    path = folder / file
    path.write_bytes(content)
    return path


def test_an_entry_says_what_the_interface_promises(tmp_path):
    path = paper(tmp_path, "a04-de")

    result = check(str(path), "--as-of", "2026-11-21")

    assert result.exit_code == 0 and result.stderr == ""
    [entry] = json.loads(result.stdout)
    assert entry["file"] == str(path)
    assert (entry["readable"], entry["is_cv"], entry["language"]) == (True, True, "de")
    assert entry["facts"]["emails"] == ["mail@anja-reuterwall.example.de"]
    assert entry["facts"]["phones"] == ["+49 89 9982 7712"]
    assert entry["facts"]["latest"] == "2026-11" and entry["facts"]["made_on"] == "2026-11-18"
    assert {"start": "2025-03", "end": "2025-12"}.items() <= entry["facts"]["stations"][1].items()
    assert "organisation" in entry["facts"]["stations"][1]
    assert list(entry["criteria"]) == ["contact", "company_facts", "tasks", "plain_language", "project_list", "currency"]
    for criterion in entry["criteria"].values():
        assert criterion["verdict"] in ("ok", "weak", "missing")
        assert all(set(one) == {"quote", "page"} for one in criterion["evidence"])
        assert (criterion["tip"] is None) == (criterion["verdict"] == "ok")


def test_files_are_answered_in_their_order_whatever_they_are(tmp_path):
    bomb = tmp_path / "bomb.docx"
    bomb.write_bytes(hostile.bomb())
    entity = tmp_path / "entity.docx"
    entity.write_bytes(hostile.external_entity())
    empty = tmp_path / "empty.pdf"
    empty.write_bytes(b"")
    wrong = tmp_path / "wrong.docx"
    wrong.write_bytes(build.built("a04-de")[1])
    files = [bomb, paper(tmp_path, "a13-de"), entity, tmp_path / "none.pdf", empty, wrong, paper(tmp_path, "a17-de"), tmp_path]

    result = check(*map(str, files))

    entries = json.loads(result.stdout)
    assert result.exit_code == 0
    assert [entry["file"] for entry in entries] == [str(file) for file in files]
    assert [entry["readable"] for entry in entries] == [False, True, False, False, False, False, True, False]
    assert [bool(entry["is_cv"]) for entry in entries] == [False, True, False, False, False, False, False, False]
    for entry in entries:
        assert (entry["facts"] is None) == (entry["criteria"] is None) == (not entry["is_cv"])
        assert entry["is_cv"] or entry["reason"]
    assert "root:" not in result.stdout


def test_without_a_day_it_is_today(tmp_path):
    path = paper(tmp_path, "b12-en")  # its latest date is October 2026, the clock stands in March

    [entry] = json.loads(check(str(path)).stdout)

    assert entry["criteria"]["currency"]["verdict"] == "ok"


def test_wrong_usage_and_a_day_that_is_none():
    assert check().exit_code == 2
    refused = check("x.pdf", "--as-of", "21.11.2026")

    assert refused.exit_code == 2 and refused.stdout == ""
    assert "21.11.2026" in refused.stderr


@pytest.mark.slow
def test_it_needs_no_database(tmp_path):
    environment = os.environ | {"DATABASE_URL": "postgresql://nobody@127.0.0.1:1/none", "SECRET_KEY": "x" * 40}

    done = subprocess.run(
        [sys.executable, "-P", "-m", "flask", "--app", str(ROOT / "wsgi.py"), "cv", "check", str(paper(tmp_path, "a09-en"))],
        capture_output=True,
        env=environment,
        cwd=tmp_path,
        timeout=60,
        check=False,
    )

    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)[0]["criteria"]["contact"]["verdict"] == "ok"
