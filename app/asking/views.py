"""All pages of asking, by file: loading this module gives them their addresses."""

from __future__ import annotations

from app.asking import answer_views, benefit_views, invitation_views, market_views, overview_views
from app.asking.blueprint import bp

__all__ = ["answer_views", "benefit_views", "bp", "invitation_views", "market_views", "overview_views"]
