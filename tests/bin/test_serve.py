"""What bin/run serves with: it shares no port, and leaves nothing behind when it is killed."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.servers import LOOPBACK, ROOT, answers, environment, free_port

SERVE = (ROOT / "bin" / "lib" / "serve.py").read_text()
PROGRAM = """
import time
def app(environ, start_response):
    if environ["PATH_INFO"] == "/slow":
        time.sleep(2)
    start_response("200 OK", [("Content-Type", "text/plain")])
    return [environ["REMOTE_ADDR"].encode()]
"""


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    """A tree with a blank in its name, whose wsgi.py is a small program."""
    tree = tmp_path / "a tree"
    (tree / "bin" / "lib").mkdir(parents=True)
    (tree / "bin" / "lib" / "serve.py").write_text(SERVE)
    (tree / "wsgi.py").write_text(PROGRAM)
    return tree


def serve(tree: Path, port: int) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [sys.executable, str(tree / "bin" / "lib" / "serve.py")],
        env=environment({"HOST": LOOPBACK, "PORT": str(port)}),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        cwd="/",
    )


def is_free(port: int) -> bool:
    with socket.socket() as trial:
        return trial.connect_ex((LOOPBACK, port)) != 0


def children(parent: int) -> list[int]:
    stats = [path.read_text().rpartition(")") for path in Path("/proc").glob("[0-9]*/stat")]
    found = [int(head.split()[0]) for head, _, rest in stats if int(rest.split()[1]) == parent]
    assert found
    return found


def test_an_interrupt_lets_requests_end_and_exits_with_zero(tree: Path):
    port = free_port()
    server = serve(tree, port)
    assert answers(f"http://{LOOPBACK}:{port}/", server)

    with socket.create_connection((LOOPBACK, port)) as request:
        request.sendall(b"GET /slow HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
        time.sleep(0.5)
        server.send_signal(signal.SIGINT)
        answer = request.makefile("rb").read()

    assert answer.startswith(b"HTTP/1.1 200") and answer.endswith(LOOPBACK.encode())
    assert server.wait(20) == 0


def test_the_server_header_names_no_version(tree: Path):
    port = free_port()
    server = serve(tree, port)
    assert answers(f"http://{LOOPBACK}:{port}/", server)

    with socket.create_connection((LOOPBACK, port)) as request:
        request.sendall(b"GET / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
        head = request.makefile("rb").read().partition(b"\r\n\r\n")[0].lower()

    assert b"\r\nserver: granian\r\n" in head + b"\r\n"
    server.kill()


def test_a_killed_server_leaves_no_worker_behind(tree: Path):
    port = free_port()
    server = serve(tree, port)
    assert answers(f"http://{LOOPBACK}:{port}/", server)

    server.kill()
    server.wait(20)
    until = time.monotonic() + 10
    while not is_free(port) and time.monotonic() < until:
        time.sleep(0.05)

    assert is_free(port)


def test_a_killed_worker_is_replaced(tree: Path):
    port = free_port()
    server = serve(tree, port)
    assert answers(f"http://{LOOPBACK}:{port}/", server)

    for worker in children(server.pid):
        os.kill(worker, signal.SIGKILL)

    assert answers(f"http://{LOOPBACK}:{port}/", server)
    server.terminate()
    assert server.wait(20) == 0


def test_a_port_in_use_is_refused_with_a_sentence(tree: Path):
    port = free_port()
    server = serve(tree, port)
    assert answers(f"http://{LOOPBACK}:{port}/", server)

    second = serve(tree, port)
    words = second.communicate(timeout=20)[0].decode()

    assert second.returncode == 1
    assert words.count("\n") == 1 and f"Port {port}" in words and "PORT=" in words
    server.kill()


@pytest.mark.parametrize("port", ["0", "65536", "eight", "-1"])
def test_a_port_that_is_none_is_refused(tree: Path, port: str):
    arguments = [sys.executable, str(tree / "bin" / "lib" / "serve.py")]
    done = subprocess.run(arguments, env=environment({"PORT": port}), capture_output=True, text=True)

    assert done.returncode == 1
    assert done.stderr == f"PORT must be a number from 1 to 65535: {port!r}.\n"


def test_an_application_that_refuses_to_start_ends_the_server(tree: Path):
    (tree / "wsgi.py").write_text("raise SystemExit('SCHEDULER must be one of inprocess, off.')")

    server = serve(tree, free_port())
    words = server.communicate(timeout=30)[0].decode()

    assert server.returncode == 1
    assert "SCHEDULER must be one of" in words and "Traceback" not in words
