"""Metrics on an address of their own: in the form that Prometheus reads, protected, and about nobody."""

from __future__ import annotations

import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import pytest
from flask import Flask

from app.core.measures import Counter, Times
from app.health.measuring import Metrics
from config import Config, WrongSetting
from tests.databases import empty_database
from tests.factories import make_manager
from tests.health.exposition import Samples, of, read
from tests.office import Office
from tests.servers import LOOPBACK, die_with_parent, environment, flask, flask_command, free_port, live_server

TOKEN = "leuchtfeuer-priel-29"


@pytest.mark.parametrize(
    "value, token, said",
    [
        ("9100", "", "METRICS must be HOST:PORT"),
        ("127.0.0.1", "", "METRICS must be HOST:PORT"),
        ("127.0.0.1:99999", "", "METRICS names a port"),
        ("127.0.0.1:9100/metrics", "", "METRICS must be HOST:PORT"),
        ("0.0.0.0:9100", "", "set METRICS_TOKEN too"),
        ("[::]:9100", "", "set METRICS_TOKEN too"),
        ("lotse.example.org:9100", "", "set METRICS_TOKEN too"),
        ("127.0.0.1:9100", "short", "METRICS_TOKEN must be at least 16"),
    ],
)
def test_a_wrong_address_stops_the_start_with_a_sentence(value: str, token: str, said: str) -> None:
    with pytest.raises(WrongSetting, match=said.replace("[", r"\[")):
        Config.from_environment({"METRICS": value, "METRICS_TOKEN": token, "SECRET_KEY": "x" * 40})


@pytest.mark.parametrize(
    "value, token", [("", ""), ("127.0.0.1:9100", ""), ("[::1]:9100", ""), ("localhost:9100", ""), ("0.0.0.0:9100", TOKEN)]
)
def test_an_address_that_is_our_own_or_has_a_token_is_taken(value: str, token: str) -> None:
    config = Config.from_environment({"METRICS": value, "METRICS_TOKEN": token, "SECRET_KEY": "x" * 40})

    assert (config.metrics, config.metrics_token) == (value, token)


def test_counters_and_times_are_written_as_prometheus_reads_them() -> None:
    counter, times = Counter("a_total", "Some.", ("what",)), Times("b_seconds", "Long.", ("route",))
    counter.add(('a "quoted"\\\n thing',), 2)
    for seconds in (0.001, 0.005, 0.3, 99):
        times.observe(("/x",), seconds)

    samples = read("\n".join([*counter.lines(), *times.lines()]) + "\n")

    assert of(samples, "a_total", what='a \\"quoted\\"\\\\\\n thing') == 2
    assert of(samples, "b_seconds_bucket", route="/x", le="0.005") == 2
    assert of(samples, "b_seconds_bucket", route="/x", le="0.5") == 3
    assert of(samples, "b_seconds_count", route="/x") == 4


@pytest.mark.sql
def test_the_text_tells_how_the_installation_is_and_names_nobody(app: Flask, office: Office) -> None:
    manager = make_manager(first_name="Zwanette", last_name="Querdenfeld", email="zwanette@querdenfeld.example")
    office.open(f"/managers/{manager.id}")
    office.open("/p/Geheimer-Teil-einer-Adresse")
    office.open("/gibt-es-nicht/Querdenfeld")

    text = Metrics(app).text()

    samples = read(text)
    assert of(samples, "lotse_database_up") == 1
    assert of(samples, "lotse_healthy") == 0  # no scheduler ran
    assert of(samples, "lotse_letters", state="queued") == 0
    assert (of(samples, "lotse_request_seconds_count", method="GET", route="/managers/<int:manager_id>", status="200") or 0) >= 1
    assert (of(samples, "lotse_request_seconds_count", method="GET", route="none", status="404") or 0) >= 1
    assert not [mark for mark in ("Zwanette", "Querdenfeld", "Geheimer-Teil") if mark in text]


def ask(port: int, path: str = "/metrics", token: str = "") -> tuple[int, str]:
    request = urllib.request.Request(
        f"http://{LOOPBACK}:{port}{path}", headers={"Authorization": f"Bearer {token}"} if token else {}
    )
    try:
        with urllib.request.urlopen(request, timeout=10) as answer:
            return answer.status, answer.read().decode()
    except urllib.error.HTTPError as refused:
        return refused.code, refused.read().decode()


@contextmanager
def live_scheduler(settings: Mapping[str, str], log: Path) -> Iterator[None]:
    with log.open("ab") as output:
        process = subprocess.Popen(
            flask_command("scheduler"), env=environment(settings), stdout=output, stderr=output, preexec_fn=die_with_parent
        )
        try:
            yield
        finally:
            process.terminate()
            process.wait(60)


@pytest.mark.sql
@pytest.mark.slow
def test_web_process_and_scheduler_answer_each_at_an_address_of_their_own(tmp_path: Path) -> None:
    web_port, scheduler_port = free_port(), free_port()
    with empty_database(tmp_path) as database:
        settings = {
            "DATABASE_URL": database, "FILES_URL": str(tmp_path / "files"), "MAIL_URL": f"file:{tmp_path / 'mail'}",
            "SECRET_KEY": "only-for-tests-" + "x" * 40, "REQUIRE_MFA": "off", "SCHEDULER": "off", "METRICS_TOKEN": TOKEN,
        }  # fmt: skip
        flask("db", "upgrade", settings=settings)
        flask("mail", "test", "r.osterkamp@example.org", settings=settings)
        with live_server({**settings, "METRICS": f"{LOOPBACK}:{web_port}"}) as server:
            ask(int(server.url.rpartition(":")[2]), "/login")
            assert ask(int(server.url.rpartition(":")[2]))[0] == 404  # not where the pages are
            assert ask(web_port)[0] == 401
            assert ask(web_port, token="wrong-" + TOKEN)[0] == 401
            assert ask(web_port, "/", TOKEN)[0] == 404
            status, text = ask(web_port, token=TOKEN)
            assert status == 200
            samples = read(text)
            assert of(samples, "lotse_request_seconds_count", method="GET", route="/login", status="200") == 1
            assert of(samples, "lotse_letters", state="queued") == 1
            with live_scheduler({**settings, "METRICS": f"{LOOPBACK}:{scheduler_port}"}, tmp_path / "log"):
                sent = wait_for_sent(scheduler_port)
            assert of(sent, "lotse_heartbeat_age_seconds") is not None
            assert (of(sent, "lotse_job_runs_total", job="reminders.digests", result="done") or 0) >= 1
            assert "r.osterkamp" not in str(sent)


def wait_for_sent(port: int) -> Samples:
    """Ask until a letter was sent and a job ran; fail after a minute."""
    for _second in range(60):
        try:
            samples = read(ask(port, token=TOKEN)[1])
        except OSError:  # it does not listen yet
            samples = {}
        ran = of(samples, "lotse_job_runs_total", job="reminders.digests", result="done")
        if ran and of(samples, "lotse_letter_attempts_total", outcome="sent"):
            return samples
        time.sleep(1)
    raise AssertionError(samples)
