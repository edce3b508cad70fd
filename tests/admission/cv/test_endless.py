"""Papers that are made to keep the analyser busy: it works in the web process, so nothing may take it long."""

from __future__ import annotations

import time
from datetime import date

import pytest

from app.admission.cv.analysis import analyse
from app.files.papers.document import MOST_LINES, Document, Line, Page

LONGEST = 10.0  # seconds of CPU on a busy machine; before the bounds the first of these took minutes


@pytest.mark.parametrize(
    "line",
    [
        "2019 -",
        "01/2020 ",
        "Interim Manager",
        "01/2019 – 03/2020 Interim Manager, Müller GmbH",
        "1/" * 25,
    ],
)
def test_a_paper_of_one_line_over_and_over_is_judged_soon(line: str) -> None:
    lines = [Line("Lebenslauf"), Line("Berufserfahrung"), *(Line(line) for _ in range(MOST_LINES - 2))]
    before = time.process_time()

    analyse(Document("txt", [Page(1, lines)], [], 1), date(2026, 3, 17))

    assert time.process_time() - before < LONGEST


@pytest.mark.parametrize("piece", ["a", "01/2020 ", "a@b.", "GmbH & Co. KG "])
def test_one_line_without_end_is_judged_soon(piece: str) -> None:
    text = (piece * 400_000)[:400_000]
    before = time.process_time()

    analyse(Document("txt", [Page(1, [Line("Lebenslauf"), Line(text)])], [], 1), date(2026, 3, 17))

    assert time.process_time() - before < LONGEST
