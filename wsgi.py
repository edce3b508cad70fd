"""What the web server and the command line load."""

from __future__ import annotations

import sys

from app import create_app
from config import Config, WrongSetting

try:
    app = create_app(Config.from_environment())
except WrongSetting as wrong:
    sys.exit(str(wrong))
