"""Who stands where in the demo firm's admission, and what happened on the way there. All of it is invented."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Deed = Literal[
    "confirm", "take", "short", "pass", "refuse", "tick", "papers", "halt", "withdraw", "reaction", "interview", "admit"
]


@dataclass(frozen=True)
class Step:
    """What happened so many days ago (colleagues: or on the next working day; tick: when it was due); `what` is a reason, a reaction's code, or quality and form of new papers."""

    days_ago: int
    deed: Deed
    what: str = ""


@dataclass(frozen=True)
class Applicant:
    """Somebody who registered so many days ago; `paper` is quality and form of the first CV, empty for none."""

    name: str
    language: str
    days_ago: int
    paper: str
    steps: tuple[Step, ...] = ()
    form: str | None = None  # of address, said on confirming


APPLICANTS = (
    # Registered, not confirmed yet
    Applicant("Hauke Brookmann", "de", 1, "good pdf"),
    Applicant("Tjeerd Poelstra", "nl", 6, ""),
    # Confirmed: a review is owed
    Applicant("Dr. Insa Feddersen-Holm", "de", 2, "good pdf", (Step(1, "confirm"),), "frau"),
    Applicant("Fergus Underhay", "en", 1, "thin docx", (Step(1, "confirm"),), "herr"),
    Applicant("Uta Gerdes", "de", 3, "scan pdf", (Step(2, "confirm"),), "frau"),
    Applicant("Klaas Harms", "de", 2, "letter txt", (Step(1, "confirm"),)),
    Applicant("Lieke Hoogterp", "nl", 1, "good odt", (Step(0, "confirm"),), "frau"),
    # In review: begun, late, and once more with new papers
    Applicant("Hanneke Oosterwal", "nl", 3, "thin pdf", (Step(2, "confirm"), Step(1, "take")), "frau"),
    Applicant("Reinhold Wübbenhorst", "de", 9, "bare docx", (Step(8, "confirm"), Step(6, "take")), "herr"),
    Applicant("Detlef Rüdebusch", "de", 24, "bare odt", (Step(23, "confirm"), Step(21, "short"), Step(7, "tick"), Step(1, "papers", "good pdf")), "herr"),
    # Follow-up 1, 2, 3
    Applicant("Holger Quitmann", "de", 8, "bare pdf", (Step(7, "confirm"), Step(5, "short")), "herr"),
    Applicant("Menno Blokdijk", "nl", 15, "thin docx", (Step(14, "confirm"), Step(12, "short")), "herr"),
    Applicant("Percival Wainfleet", "en", 12, "", (Step(11, "confirm"), Step(9, "short")), "herr"),
    Applicant("Frauke Tammena", "de", 26, "thin txt", (Step(25, "confirm"), Step(22, "short"), Step(8, "tick"), Step(6, "reaction", "always_worked")), "frau"),
    Applicant("Cordelia Stapleford", "en", 28, "bare pdf", (Step(27, "confirm"), Step(24, "short"), Step(10, "tick"), Step(4, "halt", "On a sailing trip until the end of the month, sends papers afterwards")), "frau"),
    Applicant("Wolfram Siefken", "de", 41, "bare docx", (Step(40, "confirm"), Step(37, "short"), Step(23, "tick"), Step(9, "tick"), Step(8, "reaction", "convince_in_talk")), "herr"),
    Applicant("Geert Molendijk", "nl", 42, "thin pdf", (Step(41, "confirm"), Step(39, "short"), Step(25, "tick"), Step(11, "tick")), "herr"),
    # Interview owed, and admitted after one
    Applicant("Karin Lüttmann", "de", 30, "thin pdf", (Step(29, "confirm"), Step(27, "short"), Step(16, "papers", "good pdf"), Step(15, "pass")), "frau"),
    Applicant("Imogen Kettlewell", "en", 7, "good pdf", (Step(6, "confirm"), Step(4, "pass")), "frau"),
    Applicant("Marlies Heuvelmann", "de", 75, "bare pdf", (Step(74, "confirm"), Step(72, "short"), Step(64, "papers", "good docx"), Step(62, "pass"), Step(48, "interview"), Step(46, "admit")), "frau"),
    # Out: after the third letter, and refused
    Applicant("Diederik Veldkoper", "nl", 80, "bare docx", (Step(79, "confirm"), Step(77, "short"), Step(63, "tick"), Step(49, "tick"), Step(35, "tick")), "herr"),
    Applicant("Enno Stührenberg", "de", 20, "thin pdf", (Step(19, "confirm"), Step(17, "refuse", "Sucht eine Festanstellung und hat bisher kein Mandat geführt.")), "herr"),
    # Withdrawn
    Applicant("Jolanda Westerkwartier", "nl", 9, "thin pdf", (Step(8, "confirm"), Step(5, "withdraw")), "frau"),
)  # fmt: skip

# Those whom a colleague entered, by their place in story.PEOPLE: first CV and what happened then. Of 22 and 24 the interviews are planned.
ENTERED = {
    22: ("good pdf", (Step(12, "take"), Step(10, "pass"))),
    23: ("bare docx", (Step(14, "take"), Step(12, "short"))),
    24: ("good docx", (Step(14, "take"), Step(12, "pass"))),
    25: ("thin pdf", (Step(14, "short"), Step(3, "halt", "Verhuist deze maand, stuurt daarna een nieuw cv"))),
    26: ("thin txt", (Step(11, "short"), Step(9, "reaction", "other"))),
    27: ("good pdf", (Step(2, "take"),)),
}
PAUSED = 16
"""Whom three letters about availability did not reach, by place in story.PEOPLE."""
ASKED_DAYS_AGO = (80, 66, 52, 38)

SAID = {
    "de": "Hat bisher mit den alten Unterlagen immer Arbeit gefunden, denkt aber darüber nach.",
    "nl": "Vindt het veel werk, belt volgende week.",
    "en": "Has always found work with these papers, will think about it.",
}
