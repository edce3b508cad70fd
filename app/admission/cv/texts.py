"""Reasons, tips and the pattern for rewriting, in the language of whoever reads them. The words lie in words/*.toml."""

from __future__ import annotations

from app.admission.cv.judge import Judgement
from app.admission.cv.vocabulary import LANGUAGES, loaded


def reason(judgement: Judgement, language: str) -> str:
    """Return in words why the verdict is what it is."""
    return _texts(language)["reasons"][judgement.why] % judgement.values


def tip(criterion: str, judgement: Judgement, language: str) -> str | None:
    """Return what the manager can do about it; None where nothing falls short."""
    return None if judgement.verdict == "ok" else str(_texts(language)["tips"][criterion])


def tip_for(criterion: str, language: str) -> str:
    """Return what to do about a criterion, whatever was found."""
    return str(_texts(language)["tips"][criterion])


def example(language: str) -> str:
    """Return the pattern: industry, turnover, headcount, task, result."""
    return str(_texts(language)["example"]["station"])


def not_judged(kind: str, language: str) -> str:
    """Return the sentence for a paper that is no CV."""
    return str(_texts(language)["kinds"][kind])


def _texts(language: str) -> dict[str, dict[str, str]]:
    return loaded(f"texts-{language if language in LANGUAGES else 'en'}")
