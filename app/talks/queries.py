"""Reading talks."""

from __future__ import annotations

from app.talks.plan_queries import TalkChange, happens_on, open_talks, preview_new_end, talks_of

__all__ = ["TalkChange", "happens_on", "open_talks", "preview_new_end", "talks_of"]
