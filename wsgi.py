"""What the web server and the command line load."""

from __future__ import annotations

import os
import sys

from app import create_app
from app.cli import refuse_to_serve
from app.core.garbage import settle
from config import Config, WrongSetting

try:
    app = create_app(Config.from_environment())
except WrongSetting as wrong:
    sys.exit(str(wrong))
settle()

if os.environ.get("LOTSE_SERVES"):
    refuse_to_serve(app)

# The commands load this file too; only a web server tells its metrics and runs the scheduler in process.
if os.environ.get("FLASK_RUN_FROM_CLI") != "true":
    from app.health.measuring import serve

    serve(app)
    if app.extensions["lotse.config"].scheduler == "inprocess":
        from app.scheduler import start_in_process

        start_in_process(app)
