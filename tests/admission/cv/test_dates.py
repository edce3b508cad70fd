"""Dates and periods as people write them."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.admission.cv.dates import Point, days, periods


def told(text: str) -> list[tuple[str | None, str | None]]:
    return [(str(one.start) if one.start else None, one.end_text()) for one in periods(text)]


@pytest.mark.parametrize(
    ("text", "start", "end"),
    [
        ("03/2019 – heute", "2019-03", "present"),
        ("März 2019 - Dez. 2020", "2019-03", "2020-12"),
        ("3.2019–12.2020", "2019-03", "2020-12"),
        ("01.03.2019 bis 31.12.2020", "2019-03", "2020-12"),
        ("seit 2008", "2008", "present"),
        ("seit 03/2019", "2019-03", "present"),
        ("08/2023 –", "2023-08", "present"),
        ("Mai 2008 bis dato", "2008-05", "present"),
        ("2019-2021", "2019", "2021"),
        ("2013–18", "2013", "2018"),
        ("'08 – '12", "2008", "2012"),
        ("05/19 – 03/20", "2019-05", "2020-03"),
        ("Q3 2025 bis heute", "2025-07", "present"),
        ("2019 – Q2 2021", "2019", "2021-06"),
        ("1. Quartal 2020 – 3. Quartal 2021", "2020-01", "2021-09"),
        ("Jan – Mär 2020", "2020-01", "2020-03"),
        ("03–09/2021", "2021-03", "2021-09"),
        ("Anfang 2019 – Ende 2020", "2019", "2020"),
        ("sept. 2024 – heden", "2024-09", "present"),
        ("jan. 2021 t/m feb 2023", "2021-01", "2023-02"),
        ("03-2025 t/m heden", "2025-03", "present"),
        ("maart 2024 tot en met juni 2025", "2024-03", "2025-06"),
        ("sinds 2011: zelfstandig", "2011", "present"),
        ("Nov 2025 – to date", "2025-11", "present"),
        ("Since March 2025", "2025-03", "present"),
        ("Feb '25 – present", "2025-02", "present"),
        ("2019-03 – 2020-05", "2019-03", "2020-05"),
        ("2025/03 – 2026/08", "2025-03", "2026-08"),
        ("Sep 2019 to Oct 2020", "2019-09", "2020-10"),
        ("2019/20", "2019", "2020"),
        ("1/25-10/26", "2025-01", "2026-10"),
        ("9/08 – 5/13", "2008-09", "2013-05"),
        ("9/07 – heute", "2007-09", "present"),
        ("1 SEPTEMBER 2021 – HUIDIG", "2021-09", "present"),
    ],
)
def test_periods(text, start, end):
    assert told(text) == [(start, end)]


@pytest.mark.parametrize(
    "text",
    [
        "140 Mio. € Umsatz",
        "20.000 qm",
        "Tel. 040 2211",
        "12 von 14",
        "2.100 Mitarbeiter",
        "Abteilung 12/3",
        "13/25-14/26",
        "Raum 1/2-3",
    ],
)
def test_numbers_that_are_no_dates(text):
    assert told(text) == []


def test_an_end_before_the_start_is_no_period():
    assert ("2021", "2019") not in told("2021 – 2019")


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("Hamburg, den 15.10.2026", "2026-10-15"),
        ("Stand: 10/2026", "2026-10"),
        ("3. Mai 2019", "2019-05-03"),
        ("8 oktober 2026", "2026-10-08"),
        ("October 15, 2026", "2026-10-15"),
        ("15th October 2026", "2026-10-15"),
        ("2026-10-15", "2026-10-15"),
        ("März 2023", "2023-03"),
    ],
)
def test_days(text, day):
    assert [one.text for one in days(text)] == [day]


@given(st.integers(1950, 2070), st.integers(1, 12), st.integers(0, 200))
def test_every_month_comes_back_as_it_was_written(year, month, later):
    end = Point((year * 12 + month - 1 + later) // 12, (year * 12 + month - 1 + later) % 12 + 1)
    if end.year > 2079:
        return

    for form in ("{:02d}/{}", "{:02d}.{}"):
        text = f"{form.format(month, year)} – {form.format(end.month, end.year)}"
        assert told(text) == [(str(Point(year, month)), str(end))]


@given(st.text(max_size=200))
def test_whatever_stands_there_periods_lie_within_it_and_apart(text):
    spans = [one.span for one in periods(text)]

    assert spans == sorted(spans)
    assert all(0 <= start < end <= len(text) for start, end in spans)
    assert all(one[1] <= two[0] for one, two in itertools.pairwise(spans))
