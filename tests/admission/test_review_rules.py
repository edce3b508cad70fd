"""What a review may find and decide."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.admission import review_rules as rules
from app.admission.review_rules import CRITERIA
from app.admission.state_rules import Verb
from app.core.errors import RuleViolation


def verdicts(**given: str):
    return {name: {"verdict": given.get(name, "ok"), "note": ""} for name in CRITERIA}


any_verdicts = st.fixed_dictionaries(
    {name: st.fixed_dictionaries({"verdict": st.sampled_from(["", *rules.offered(name)]), "note": st.text(max_size=5)}) for name in CRITERIA}
)  # fmt: skip


@pytest.mark.parametrize("problem, analysis, has_paper, expected", [
    (None, None, False, "no_paper"),
    ("scanned", None, True, "unreadable"),
    (None, {"is_cv": False}, True, "no_cv"),
    (None, {"is_cv": True}, True, None),
    (None, None, True, None),  # read, but a rule stumbled: a person judges alone
])  # fmt: skip
def test_why_papers_cannot_be_judged(problem, analysis, has_paper, expected):
    assert rules.obstacle(problem, analysis, has_paper) == expected


def test_the_analyser_proposes_and_leaves_open_what_it_did_not_judge():
    proposed = rules.proposed({"criteria": {"tasks": {"verdict": "weak"}}})

    assert proposed["tasks"] == {"verdict": "weak", "note": ""}
    assert proposed["contact"] == {"verdict": "", "note": ""}


def test_plain_language_is_never_missing():
    with pytest.raises(RuleViolation) as refused:
        rules.checked({"plain_language": {"verdict": "missing", "note": ""}})

    assert refused.value.field == "verdict_plain_language"


@pytest.mark.parametrize("verb, given_verdicts, hindered_by, reason, field", [
    (Verb.PASS, verdicts(), None, None, None),
    (Verb.PASS, verdicts(tasks="weak"), None, None, None),
    (Verb.PASS, verdicts(tasks="missing"), None, " ", "reason"),
    (Verb.PASS, verdicts(tasks="missing"), None, "Known from a mandate", None),
    (Verb.PASS, verdicts(tasks=""), None, None, "verdict_tasks"),
    (Verb.PASS, verdicts(), "unreadable", None, "reason"),
    (Verb.FALL_SHORT, verdicts(tasks="weak"), None, None, None),
    (Verb.FALL_SHORT, verdicts(tasks="weak", contact=""), None, None, "verdict_contact"),
    (Verb.FALL_SHORT, {}, "no_paper", None, None),
    (Verb.REFUSE, {}, None, None, None),
])  # fmt: skip
def test_what_the_verdicts_carry(verb, given_verdicts, hindered_by, reason, field):
    if field is None:
        rules.check_decision(verb, given_verdicts, hindered_by, reason)
        return
    with pytest.raises(RuleViolation) as refused:
        rules.check_decision(verb, given_verdicts, hindered_by, reason)
    assert refused.value.field == field


@pytest.mark.parametrize("verb", [Verb.FALL_SHORT, Verb.REPEAT])
def test_nothing_is_asked_for_where_everything_is_ok(verb):
    with pytest.raises(RuleViolation):
        rules.check_decision(verb, verdicts())


@given(any_verdicts)
def test_what_falls_short_is_what_was_judged_weak_or_missing_in_the_rubrics_order(given_verdicts):
    short = rules.shortfalls(given_verdicts)

    assert set(short) == {name for name, one in given_verdicts.items() if one["verdict"] in ("weak", "missing")}
    assert list(short) == [name for name in CRITERIA if name in short]
    assert rules.checked(given_verdicts).keys() == set(CRITERIA)
