"""What bin/run does before it serves: migrate, load the demo firm once, say how to sign in.

All in the process that serves afterwards, because importing the application takes most of the time.
"""

import fcntl
import os
import shutil
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
DEMO = ROOT / "instance" / "demo"
LOADED = DEMO / "loaded"  # there only once the demo firm is complete


def prepare(*, demo: bool) -> None:
    """Bring the database up to date and print the way in; end the process where a command refuses."""
    sys.path.insert(0, str(ROOT))
    wanted = os.environ.pop("SCHEDULER", None)  # for the process that serves, not for these commands
    (ROOT / "instance").mkdir(exist_ok=True)
    if demo:
        with (ROOT / "instance" / "demo.lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            prepare_demo()
    else:
        flask("db", "upgrade")
        flask("users", "first-link")
    forget_application()
    os.environ["SCHEDULER"] = wanted or "inprocess"


def prepare_demo() -> None:
    if not LOADED.exists():
        shutil.rmtree(DEMO, ignore_errors=True)  # a load that was broken off
        print("Loading the demo firm, once …", flush=True)
    DEMO.mkdir(exist_ok=True)
    flask("db", "upgrade")
    if not LOADED.exists():
        flask("demo", "load")
        LOADED.touch()
    flask("demo", "sign-ins")


def flask(*arguments: str) -> None:
    """Run `flask ARGUMENTS`; end with its exit code where it refuses."""
    from flask.cli import ScriptInfo

    from wsgi import app

    try:
        app.cli.main(args=list(arguments), prog_name="flask", obj=ScriptInfo(create_app=lambda: app))
    except SystemExit as end:
        if end.code:
            raise
    sys.stdout.flush()


def forget_application() -> None:
    """Close its connections: the serving process is forked from this one and makes an application of its own."""
    from app.db import db
    from wsgi import app

    with app.app_context():
        db.session.remove()
        db.engine.dispose()
    del sys.modules["wsgi"]
