"""The blueprint of asking; its pages lie under /talks, /asking and the contacts."""

from __future__ import annotations

from flask import Blueprint

bp = Blueprint("asking", __name__)
