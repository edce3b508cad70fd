"""Drawings of terms and talks: what lies where, and what is left out where there is no room."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import pairwise

import pytest

from app.mandates.drawing import plan_of
from app.mandates.handbook_panel import Step
from app.web.charts import BEFORE_AFTER_SHEET, PLAN_SHEET, Bar, Dot, Lane, Note, draw
from tests.factories import make_mandate

LANES = (Lane("Term", 50, has_axis=False), Lane("Client", 111), Lane("Manager", 167))
START, END = date(2025, 11, 3), date(2026, 7, 31)


@pytest.fixture(autouse=True)
def _reader(app):
    with app.test_request_context():
        yield


def plan(*dots: Dot, start: date = START, end: date = END, notes: tuple[Note, ...] = (), today: date | None = None):
    return draw(PLAN_SHEET, "Plan", "Finding", LANES, [Bar(0, start, end, label="Contract")], dots, notes, today=today)


def test_days_lie_in_order_between_the_edges():
    days = [START + timedelta(days=30 * number) for number in range(9)]

    chart = plan(*[Dot(1, day) for day in days])

    xs = [x for x, _y, _css in chart.circles]
    assert xs == sorted(xs)
    assert PLAN_SHEET.left <= xs[0] < xs[-1] <= PLAN_SHEET.right


def test_a_bar_covers_its_last_day():
    one_day = plan(start=START, end=START)

    assert one_day.bars[0][2] > 1


@pytest.mark.parametrize("days", [0, 10, 48, 365, 1_000, 3_650])
def test_names_of_months_never_crowd(days):
    chart = plan(start=START, end=START + timedelta(days=days))

    xs = [x for x, _name in chart.ticks]
    assert 1 <= len(xs) <= 15
    assert all(later - earlier > 50 for earlier, later in pairwise(xs))


def test_today_is_drawn_only_where_it_lies_on_the_paper():
    assert plan(today=date(2026, 3, 17)).now_x is not None
    assert plan(today=date(2027, 3, 17)).now_x is None


def test_the_closing_talk_is_a_diamond_and_the_others_are_circles():
    chart = plan(Dot(1, END, "is-close"), Dot(2, END, "is-held"))

    assert len(chart.diamonds) == 1
    assert [css for _x, _y, css in chart.circles] == ["dot is-held"]


def test_words_that_would_touch_others_are_left_out():
    first, second = Note(1, END, ("Closing talk", "31 July")), Note(1, END, ("Something else", "31 July"))

    chart = plan(Dot(1, END), notes=(first, second))

    words = [text.words for text in chart.texts]
    assert "Closing talk" in words
    assert "Something else" not in words


def test_words_at_the_right_edge_stand_at_the_left_of_their_talk():
    chart = plan(Dot(1, END), notes=(Note(1, END, ("Abschlussgespräch", "31. Juli statt 23. April")),))

    assert all("e" in text.css.split() for text in chart.texts if text.y < 111 and text.y > 70)


def test_a_label_that_does_not_fit_into_its_bar_is_left_out():
    chart = draw(
        BEFORE_AFTER_SHEET,
        "t",
        "f",
        LANES[:2],
        [Bar(0, START, START + timedelta(days=9), label="Contract until 12 November")],
        [Dot(1, END)],
    )

    assert chart.texts == []


def test_a_shorter_end_cuts_the_term_that_is_drawn(office):
    mandate = make_mandate(owner=office.user, planned=True)
    for end, signed in (("2026-10-30", "2026-03-15"), ("2026-08-31", "2026-03-16")):
        page = office.open(f"/mandates/{mandate.id}/extensions/new").fill(new_end_on=end, signed_on=signed, reason="r").submit()
        page.submit()

    page = office.open(f"/mandates/{mandate.id}")

    assert "extended to 31 Aug" in page.text
    assert "extended to 30 Oct" not in page.text
    assert page.text.count('class="term') == 2


def test_a_mandate_without_a_term_has_no_drawing(office):
    assert plan_of(make_mandate(signed=False), [], date(2026, 3, 17)) is None


def step(number: int, title: str, day: date, is_reached: bool = False) -> Step:
    return Step(number, 1, title, day, is_reached, is_late=False, is_after_end=False)


@pytest.mark.parametrize(("title", "said"), [("Plan agreed", "Plan agreed, 1. Juli"), ("Plan " * 12, "1. Juli")])
def test_the_milestone_that_comes_next_is_named_at_its_mark(office, title, said):
    steps = [
        step(1, "Start", date(2026, 2, 2), is_reached=True),
        step(2, title, date(2026, 7, 1)),
        step(3, "End", date(2026, 7, 9)),
    ]

    drawn = plan_of(make_mandate(planned=False), (), date(2026, 3, 17), steps)

    assert drawn is not None
    assert said in [text.words for text in drawn.texts]
    assert "1 von 3 Meilensteinen erreicht" in drawn.finding


def test_words_under_a_mark_begin_there_and_stay_on_the_paper():
    for day, css in ((START, "halo"), (END, "e halo")):
        text = plan(Dot(0, START), Dot(0, END), notes=(Note(0, day, ("w" * 60,), "under"),)).texts[-1]
        assert text.css == css and text.x <= PLAN_SHEET.right + 4
