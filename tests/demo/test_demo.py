"""The demo firm and the bulk generator: the same seed gives the same firm, in the shape that was promised."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

import pytest
import sqlalchemy as sa

from app.admission import appreciation_queries, art14, follow_up, queue_rules
from app.admission.appreciation_rules import quarter_of
from app.admission.cv.analysis import analyse
from app.admission.letter_rules import Kind
from app.admission.models import AdmissionCase, CvReview, DataOrigin, PaperReading, RegistrationProof
from app.asking import overview_queries, step_queries
from app.asking.models import WrittenAnswer
from app.clients.models import Client, Contact
from app.db import db
from app.demo import applicants, bulk, firm, papers, story
from app.demo.courses import courses
from app.files import reading
from app.interviews.models import Interview
from app.ledger.models import Ask
from app.mail.models import Letter
from app.managers.models import Manager, ManagerDocument
from app.managers.rules import State
from app.mandates import (
    exit_actions,
    exit_panel,
    gate_queries,
    gate_rules,
    handover_actions,
    handover_rules,
    plan_queries,
    report_queries,
    status_actions,
    status_rules,
)
from app.mandates.candidate_models import Candidate
from app.mandates.course_models import ManagerReport, StatusCheck
from app.mandates.course_queries import course_of
from app.mandates.handover_rules import state_of
from app.mandates.models import Mandate
from app.mandates.plan_models import HandbookVersion, StageChange
from app.mandates.rules import Stage
from app.search.models import SearchName
from app.talks.models import Talk
from app.users.models import User
from tests.factories import make_benefit, make_user


def count(model, *where) -> int:
    return db.session.scalar(sa.select(sa.func.count()).select_from(model).where(*where)) or 0


@pytest.mark.slow
def test_the_demo_firm_has_something_of_everything(app, clock):
    for purpose in ("quality", "extension", "closing"):
        make_benefit(purposes=[purpose])  # the library comes with the migrations
    firm.build(1, clock.now())

    before = appreciation_queries.quarters(quarter_of(clock.now().date()))[1]
    assert before.firm is not None and before.firm.count == 7
    assert {user.role for user in db.session.scalars(sa.select(User))} == set(story.SIGN_INS)
    assert count(Manager) == len(story.PEOPLE) + len(applicants.APPLICANTS) and count(Client) == len(story.COMPANIES)
    assert {state for (state,) in db.session.execute(sa.select(Talk.state).distinct())} >= {"due", "arranged", "held", "declined"}
    assert {language for (language,) in db.session.execute(sa.select(Letter.language).distinct())} >= {"de", "nl"}
    assert count(Interview, Interview.completed_at.is_not(None)) >= 5
    unsent = set(db.session.scalars(sa.select(Letter.purpose).where(Letter.state != "sent")))
    assert unsent == {"asking.invitation"}, "letters of the past are delivered on their day, but for the one that waits"
    assert count(Talk, Talk.state == "due", Talk.due_on < clock.now().date()) > 0, "something must be overdue"
    in_admission(clock.now())
    in_asking(clock.now().date())
    in_stages(clock.now().date())


def the(key: str) -> Mandate:
    return db.session.scalars(sa.select(Mandate).where(Mandate.title == courses()[key].title)).one()


def in_asking(today: date) -> None:
    asked = {entry.mandate.title: entry for entry in db.session.scalars(sa.select(Ask).where(Ask.link_id.is_not(None)))}
    answers = {
        key: asked[the(key).title].answer for key in ("cfo", "hafen", "einkauf", "distributie", "logistiek", "verkoop", "plant")
    }
    assert answers == {
        "cfo": None, "hafen": "yes", "einkauf": "yes", "distributie": "later", "logistiek": "written", "verkoop": None, "plant": "no",
    }  # fmt: skip
    waits = asked[the("werk").title]
    assert waits.purpose == "extension" and waits.asked_on > today and waits.benefit_id
    assert asked[the("einkauf").title].said and asked[the("hafen").title].talk.state == "arranged"
    assert count(WrittenAnswer, WrittenAnswer.sent_at.is_(None)) == count(WrittenAnswer, WrittenAnswer.sent_at.is_not(None)) == 1
    assert overview_queries.declined(today).after_extension >= 1
    stuck = {one.mandate: one.step for one in step_queries.stuck(None, today)}
    assert stuck[the("werk").title] == "other_contact", "declined after an extension: the next way is proposed"
    letters = sa.select(Letter.state, sa.func.count()).where(Letter.purpose == "asking.invitation").group_by(Letter.state)
    assert dict(db.session.execute(letters).all()) == {"sent": 7, "queued": 1}
    assert count(Mandate, Mandate.function.is_(None)) == 0


def in_stages(today: date) -> None:
    assert {key: the(key).stage for key in ("molkerei", "schaden", "cfo", "einkauf")} == {
        "molkerei": 1, "schaden": 2, "cfo": 3, "einkauf": 4,
    }  # fmt: skip
    for mandate in db.session.scalars(sa.select(Mandate).where(Mandate.signed_on.is_not(None))):
        texts = [mandate.goal, mandate.exit_plan, mandate.handed_over, mandate.reach, mandate.means]
        assert all(texts) and len(set(texts)) == len(texts), mandate.title
        assert mandate.place == ("beside" if mandate is the("erp") else "line")
    in_scoping(today)
    handbooks()
    running(today)
    at_their_end(today)


def in_scoping(today: date) -> None:
    assert the("molkerei").means is None and the("molkerei").exit_plan is None and the("molkerei").reach
    listed = {one.state: one for one in candidates_of(the("molkerei"))}
    assert set(listed) == {"presented", "client_interview", "declined"} and listed["declined"].reason
    assert listed["client_interview"].interview_on >= today
    assert the("nachfolge").place == "beside" and gate_rules.missing(1, gate_queries.facts_of(the("nachfolge"), today)) == (
        "contract",
    )
    assert the("vertrieb").lost_on and the("vertrieb").lost_reason


def candidates_of(mandate: Mandate) -> list[Candidate]:
    return list(db.session.scalars(sa.select(Candidate).where(Candidate.mandate_id == mandate.id)))


def handbooks() -> None:
    def states(key: str) -> list[tuple[int, bool, bool]]:
        versions = sorted(plan_queries.versions_of(the(key).id), key=lambda one: one.number)
        return [(one.number, one.accepted_on is not None, one.sent_at is not None) for one in versions]

    assert states("schaden") == [(1, False, True)], "presented by mail and not accepted"
    assert states("cfo") == [(1, True, False), (2, False, True)]
    assert states("werk") == [(1, True, False), (2, True, False)] and states("qualitaet") == []
    hows = {how for (how,) in db.session.execute(sa.select(HandbookVersion.accepted_how).distinct()) if how}
    assert hows == {"link", "signature", "mail", "meeting"}


def running(today: date) -> None:
    assert [spell.reason is not None for spell in the("verkoop").spells] == [True, False], "somebody took over"
    missing = {
        mandate.title
        for mandate in db.session.scalars(sa.select(Mandate))
        if any(one.is_missing for one in report_queries.of_mandate(mandate, today))
    }
    assert missing == {the("cfo").title}
    assert count(ManagerReport, ManagerReport.obstacles.is_not(None)) >= 3
    kept = sa.select(ManagerReport.manager_id, ManagerReport.tasks).where(ManagerReport.sent_in_at.is_not(None))
    told = db.session.execute(kept).all()
    assert len(set(told)) == len(told), "no report says the same as another of the manager"
    answered = db.session.execute(sa.select(StatusCheck.regime, StatusCheck.answers).where(StatusCheck.done_on.is_not(None)))
    bands = {
        (regime, status_rules.band(status_rules.degree(status_rules.Regime(regime), given) or 0)) for regime, given in answered
    }
    assert bands == {("de", "few"), ("de", "some"), ("nl", "few"), ("nl", "some")}
    hafen = the("hafen")
    assert exit_panel.asks_exit(hafen, hafen.open_extensions, today)


def at_their_end(today: date) -> None:
    einkauf = the("einkauf")
    assert 0 < (einkauf.ends_on - today).days < 56 and exit_actions.phasing_of(einkauf.id)
    states = [state_of(item.done_on, item.waived_reason) for item in handover_actions.items_of(einkauf.id)]
    assert sorted(states) == ["done", "done", "open", "open", "waived"]
    views = [view for goal in gate_queries.goals_of(the("kaufm").id) for view in goal.views.values()]
    gaps = gate_rules.wide_gaps([gate_rules.View(view.goal_id, view.side, view.percent, view.given_on) for view in views], 20)
    assert list(gaps.values()) == [30] and len(views) == 6
    joint = sa.select(Talk).where(Talk.mandate_id == the("kaufm").id, Talk.kind == "evaluation", Talk.state == "arranged")
    assert len(db.session.scalars(joint).all()) == 1
    assert "gap_talk" in gate_rules.missing(4, gate_queries.facts_of(the("kaufm"), today))
    aftercare = db.session.scalars(sa.select(Talk).where(Talk.mandate_id == the("personal").id, Talk.kind == "aftercare")).one()
    assert the("personal").closed_on and aftercare.state == "due" and 0 <= (aftercare.due_on - today).days <= 7
    assert course_of(the("personal").id).overrides == []
    early = the("erp")
    assert [one.kind for one in early.signed_extensions] == ["early_end"] and early.closed_on
    assert [one.missing for one in course_of(early.id).overrides] == [["client_view"]]


def in_admission(now: datetime) -> None:
    states = {state for (state,) in db.session.execute(sa.select(Manager.state).distinct())}
    assert states == {state.value for state in State} - {"erased"}, "somebody in every state"
    purposes = {purpose for (purpose,) in db.session.execute(sa.select(Letter.purpose).distinct())}
    assert purposes >= {f"admission.{kind}" for kind in Kind} | {
        "admission.confirmation",
        "admission.welcome",
        "admission.receipt",
    }
    assert {
        language for (language,) in db.session.execute(sa.select(Letter.language).where(Letter.purpose == "admission.stage_1"))
    } == {"de", "nl", "en"}
    assert count(CvReview, CvReview.decided_at.is_(None)) >= 3 and count(CvReview, CvReview.decision == "fall_short") >= 10
    assert count(ManagerDocument) == count(PaperReading), "every paper was read"
    assert count(PaperReading, PaperReading.problem.is_not(None)) == 1, "the scan"
    assert (
        count(RegistrationProof, RegistrationProof.confirmed_at.is_not(None), sa.func.length(RegistrationProof.page_text) > 500)
        >= 20
    )
    assert count(AdmissionCase, AdmissionCase.halted_on.is_not(None)) == 2
    assert count(AdmissionCase, AdmissionCase.entered_state_at > now) == 0
    for manager in db.session.scalars(sa.select(Manager)):
        notice = art14.standing(manager, db.session.get(AdmissionCase, manager.id), now.date())
        assert notice is None or not notice.is_late


@pytest.mark.parametrize("form", ["pdf", "docx", "odt", "txt"])
@pytest.mark.parametrize("language", ["de", "nl", "en"])
def test_the_papers_of_the_demo_are_read_as_they_are_meant(app, language, form):
    person = papers.Person("Insa Feddersen", "feddersen@interim.example", "+49 1515 5501012", language)

    def found(quality: str) -> Any:
        name, content = papers.cv(person, 0, quality, form, date(2026, 3, 10))
        document = reading.read(content, reading.kind_of(content, name))
        return analyse(document, date(2026, 3, 17)).to_json()

    assert {one["verdict"] for one in found("good")["criteria"].values()} == {"ok"}
    assert found("bare")["criteria"]["tasks"]["verdict"] == "missing"
    assert found("thin")["criteria"]["contact"]["verdict"] == "weak"
    assert found("letter")["is_cv"] is False
    assert papers.cv(person, 0, "good", form, date(2026, 3, 10)) == papers.cv(person, 0, "good", form, date(2026, 3, 10))


def test_a_scan_of_the_demo_has_no_text(app):
    person = papers.Person("Uta Gerdes", "gerdes@interim.example", "+49 1515 5501012", "de")
    _name, content = papers.cv(person, 0, "scan", "pdf", date(2026, 3, 10))

    with pytest.raises(reading.Unreadable, match="empty"):
        reading.read(content, reading.kind_of(content, "scan.pdf"))


@pytest.mark.sql
def test_the_bulk_generator_keeps_its_proportions_and_repeats_itself(app, clock):
    owners = [make_user().id for _ in range(3)]

    bulk.load(200, 7, owners, clock.now())
    first = db.session.execute(sa.select(Manager.last_name, Manager.state, Manager.rate).order_by(Manager.id)).all()
    bulk.load(200, 7, owners, clock.now())
    both = db.session.execute(sa.select(Manager.last_name, Manager.state, Manager.rate).order_by(Manager.id)).all()

    assert both[200:] == first
    assert (count(Manager), count(Client), count(Contact), count(Mandate), count(Talk)) == (400, 40, 80, 80, 2000)
    assert count(SearchName) == 400 + 40 + 80 + 80, "the database keeps the index of names by itself"


@pytest.mark.sql
def test_a_twentieth_of_the_bulk_stands_in_the_queue_with_cases_that_fit(app, clock, office):
    bulk.load(2_000, 1, [office.user.id, make_user().id], clock.now())
    today = clock.now().date()

    in_queue = count(Manager, Manager.state.in_(queue_rules.WAITING))
    assert 60 <= in_queue <= 140
    cases = db.session.scalars(sa.select(AdmissionCase)).all()
    assert {case.manager_id for case in cases} == set(
        db.session.scalars(sa.select(Manager.id).where(Manager.state != "released"))
    )
    for case in cases:
        state = case.manager.state
        assert (case.next_on is None) == (state in ("out", "paused"))
        assert case.reviewer_id is not None and case.entered_state_at <= clock.now()
        assert not state.startswith("follow_up") or (case.stages_used == int(state[-1]) and case.falls_short)
    assert not follow_up.due(today), "nobody is written to on the day of the load"
    told = count(DataOrigin, DataOrigin.told_at.is_not(None))
    assert told == count(Manager, Manager.source != "registration") > 1_500
    page = office.open("/admission")
    assert page.status == 200 and page.text.count("/review") > 0


@pytest.mark.sql
def test_mandates_in_bulk_stand_where_their_plan_and_their_days_say(app, clock, office):
    bulk.load(400, 3, [office.user.id], clock.now())
    today = clock.now().date()

    live = db.session.scalars(sa.select(Mandate).where(Mandate.lost_on.is_(None), Mandate.closed_on.is_(None))).all()
    waiting = set()
    for mandate in live:
        versions = plan_queries.versions_of(mandate.id)
        facts = gate_queries.facts_of(mandate, today)
        assert (mandate.stage == Stage.SCOPING) == (mandate.signed_on is None) == (mandate.manager is None)
        assert mandate.stage < Stage.EXECUTION or facts.is_accepted
        assert mandate.stage == Stage.SCOPING or [spell.manager_id for spell in mandate.spells][-1:] == [mandate.manager_id]
        if facts.has_changes_waiting:
            waiting.add(mandate.id)
            assert any(plan_queries.is_open(one) for one in versions), "what is agreed stands in the handbook"
    assert {mandate.stage for mandate in live} == set(Stage) and len(waiting) < len(live) / 4
    assert not report_queries.to_ask(today) and not status_actions.without_checks(today, 10), (
        "nothing starts on the day of the load"
    )
    assert count(StageChange, StageChange.from_stage == Stage.HANDOVER) == count(Mandate, Mandate.closed_on.is_not(None)) > 0
    mandates = [mandate.id for mandate in live[:: len(live) // 8]]
    assert all(office.open(f"/mandates/{number}").status == 200 for number in mandates)


@pytest.mark.sql
def test_records_entered_after_a_bulk_load_get_numbers_of_their_own(app, clock, office):
    bulk.load(20, 1, [office.user.id], clock.now())

    page = office.open("/clients/new").fill(name="Siel Netzservice GmbH", region="DE-SH").submit()

    assert page.status == 200 and "Siel Netzservice GmbH" in page.text


def test_the_courses_of_the_demo_fit_the_terms_and_repeat_no_sentence():
    found = courses()
    assert {term.key for term in story.TERMS} == set(found)
    sentences = [
        text
        for course in found.values()
        for text in (course.goal, course.exit_plan, course.reach, course.expectations, course.means, course.culture)
        if text
    ]
    assert len(set(sentences)) == len(sentences)
    for key, course in found.items():
        assert all(len(text.splitlines()) < 5 and len(text) < 400 for text in sentences), key
        assert all(len(line) <= handover_rules.LONGEST_TEXT for line in (course.handed_over or "").splitlines())
        assert all(
            set(course.views) <= set(gate_rules.SIDES) and len(views) == len(course.goals) for views in course.views.values()
        )


def test_the_demo_is_refused_where_there_are_users(app, office):
    answer = app.test_cli_runner().invoke(args=["demo", "load"])

    assert answer.exit_code == 1 and "empty database" in answer.output
