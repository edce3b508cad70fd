"""Serve wsgi:app with granian on HOST and PORT: one worker process with threads. With --prepare [--demo] as bin/run.

One process, because SQLite has one writer at a time and the scheduler in process needs
no second. Several hosts or processes each start this with the same DATABASE_URL.
"""

import ctypes
import os
import signal
import socket
import sys
from pathlib import Path

from granian import Granian
from granian.constants import HTTPModes, Interfaces
from granian.http import HTTP1Settings
from granian.log import LogLevels

ROOT = Path(__file__).resolve().parents[2]
THREADS = 12  # more than the cores: some wait for a slow upload or for the database's one writer
PR_SET_PDEATHSIG = 1


def main() -> None:
    host, port = os.environ.get("HOST") or "127.0.0.1", os.environ.get("PORT") or "8000"
    if not port.isdecimal() or not 1 <= int(port) <= 65535:
        sys.exit(f"PORT must be a number from 1 to 65535: {port!r}.")
    refuse_if_busy(host, int(port))
    if "--prepare" in sys.argv[1:]:
        from prepare import prepare

        prepare(demo="--demo" in sys.argv[1:])
    shown = f"[{host}]" if ":" in host else host
    print(f"Lotse is at {os.environ.get('PUBLIC_URL') or f'http://{shown}:{port}'} (Ctrl-C ends it)", flush=True)
    server = Granian(
        "wsgi:app",
        address=host,
        port=int(port),
        interface=Interfaces.WSGI,
        workers=1,
        blocking_threads=THREADS,
        http=HTTPModes.http1,
        http1_settings=HTTP1Settings(header_read_timeout=10_000),
        websockets=False,
        backlog=512,
        respawn_failed_workers=True,  # granian ends by itself when the new one fails at once too
        workers_kill_timeout=10,  # seconds for requests under way when it is told to end
        log_level=LogLevels.error,
        log_access=False,  # addresses of personal links must not be in a log
        working_dir=ROOT,
    )
    server.serve(target_loader=load_application)


def load_application(target: str):
    """Run in the worker process: the application, in a process that does not outlive its parent.

    A worker left over after `kill -9` would go on taking part of the requests, because
    granian's listening sockets share the port.
    """
    parent = os.getppid()
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != parent:
        os.kill(os.getpid(), signal.SIGKILL)
    sys.path.insert(0, str(ROOT))
    os.environ["LOTSE_SERVES"] = "true"  # then it looks first whether database and files are the right ones
    module, name = target.split(":")
    return getattr(__import__(module), name)


def refuse_if_busy(host: str, port: int) -> None:
    """End with a sentence if another program listens there; granian would share the port with it."""
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        with socket.socket(family, kind, protocol) as trial:
            trial.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)  # not a port that just waits out its last connections
            trial.bind(address)
    except OSError as problem:
        reason = problem.strerror or str(problem)
        sys.exit(f"Port {port} of {host} cannot be used ({reason}). Is Lotse running already? Another one: PORT=8001 bin/run")


if __name__ == "__main__":
    try:
        main()
    except KeyboardInterrupt:  # while it was still preparing
        sys.exit(130)
