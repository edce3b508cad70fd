"""The blueprint of references; its pages lie under /references, the mandates and the managers."""

from __future__ import annotations

from flask import Blueprint

bp = Blueprint("references", __name__)
