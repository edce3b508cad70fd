"""What bin/run does before it serves: migrate, load the demo firm once, say how to sign in.

All in one process, because importing the application takes most of the time.
"""

import fcntl
import shutil
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
DEMO = ROOT / "instance" / "demo"
LOADED = DEMO / "loaded"  # there only once the demo firm is complete


def main() -> None:
    sys.path.insert(0, str(ROOT))
    (ROOT / "instance").mkdir(exist_ok=True)
    if "--demo" in sys.argv[1:]:
        with (ROOT / "instance" / "demo.lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            prepare_demo()
    else:
        flask("db", "upgrade")
        flask("users", "first-link")


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


if __name__ == "__main__":
    main()
