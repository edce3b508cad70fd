"""The CV analyser: what a paper says of a manager, and how it stands against the six criteria.

Pure and offline: a document of lines goes in, facts and verdicts with quoted words come out. It never rejects by itself.
Source: docs/domain.md, "How a CV is read".
"""

from app.admission.cv.analysis import Analysis, analyse

__all__ = ["Analysis", "analyse"]
