"""The analyser against reviewers' labels. All persons, companies and addresses are invented."""

from __future__ import annotations

import os
import time
from contextlib import suppress
from pathlib import Path

import pytest

from app.admission.cv import analyse
from app.files import reading
from app.files.papers.document import Document
from app.files.rules import DOCX
from tests.admission.cv import agreement, build


@pytest.fixture(autouse=True, scope="module")
def _children():
    yield
    reading.READERS.close()


@pytest.fixture(scope="module")
def data():
    return agreement.in_folder(agreement.HERE / "data")


def test_it_agrees_on_the_papers_it_was_written_with(data):
    back = agreement.held_back(data)
    result = agreement.agree(paper for paper in data if paper[0] not in back)

    assert result.count == 24
    assert result.below() == [], result.apart


def test_it_agrees_on_the_papers_that_were_held_back(data):
    back = agreement.held_back(data)
    result = agreement.agree(paper for paper in data if paper[0] in back)

    assert result.count == 12
    assert result.below() == [], result.apart


def test_it_agrees_on_other_layouts():
    result = agreement.agree(agreement.invented())

    assert result.count >= 36
    assert result.below() == [], result.apart


def test_it_agrees_on_papers_printed_by_a_browser():
    result = agreement.agree(agreement.in_folder(agreement.HERE / "printed"))

    assert result.below() == [], result.apart


def test_it_agrees_on_papers_of_many_hands():
    result = agreement.agree(agreement.in_folder(agreement.HERE / "wild"))

    assert result.count == 35
    assert result.below() == [], result.apart


@pytest.mark.parametrize("label", [label for label in build.labels() if "kind" in label], ids=lambda label: label["file"])
def test_what_is_no_cv_is_told_and_not_judged(label):
    name, content = build.built(label["file"].rpartition(".")[0])

    analysis = analyse(reading.read(content, reading.kind_of(content, name)), agreement.JUDGED_ON)

    assert analysis.kind == label["kind"]
    assert analysis.facts is None and analysis.criteria is None


def test_the_same_paper_in_two_formats_gets_the_same_verdicts():
    for name in ("a01-de", "a09-en", "a13-de", "b02-de", "b05-nl", "b14-en"):
        _form, layout, items = build.items_of((build.FOLDER / f"{name}.cv").read_text(encoding="utf-8"))
        verdicts = []
        for kind, make in (("docx", build._docx), ("odt", build._odt), ("pdf", build._pdf)):
            content = make(items, layout)
            analysis = analyse(reading.read(content, reading.kind_of(content, f"cv.{kind}")), agreement.JUDGED_ON)
            assert analysis.criteria is not None
            verdicts.append({criterion: one.verdict for criterion, one in analysis.criteria.items()})
        assert verdicts[0] == verdicts[1] == verdicts[2], name


def test_each_verdict_quotes_words_that_stand_in_the_paper(data):
    for name, content, _label in data:
        document = reading.read(content, reading.kind_of(content, name))
        analysis = analyse(document, agreement.JUDGED_ON)
        assert analysis.criteria is not None
        words = {page.number: _plain("\n".join(line.text for line in page.lines)) for page in document.pages}
        links = _plain(" ".join(document.links))
        for criterion, judgement in analysis.criteria.items():
            for quote in judgement.evidence:
                wanted = _plain(quote.quote.rstrip("…"))
                assert wanted in words[quote.page] or wanted in links, (name, criterion, quote)


def _plain(text: str) -> str:
    return "".join(text.split()).casefold()


def processor_seconds() -> float:
    """What this process and its children have used; a busy machine is slow, not wrong."""
    used, tick = time.process_time(), os.sysconf("SC_CLK_TCK")
    for path in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError):  # others come and go meanwhile
            line = path.read_text().rpartition(")")[2].split()
            used += (int(line[11]) + int(line[12])) / tick if line[1] == str(os.getpid()) else 0
    return used


def test_a_paper_takes_less_than_150_milliseconds(data):
    agreement.found(*data[0][:2])  # the child is warm, the words are loaded
    began = processor_seconds()
    for name, content, _label in data:
        agreement.found(name, content)

    assert (processor_seconds() - began) / len(data) < 0.150


def test_a_paper_of_one_endless_line_is_read_in_bounded_time():
    content = build.docx("<w:p><w:r><w:t>" + "Geschäftsführer GmbH 2019 – 2020, " * 6000 + "</w:t></w:r></w:p>")
    document: Document = reading.read(content, DOCX)
    started = time.process_time()

    analyse(document, agreement.JUDGED_ON)

    assert time.process_time() - started < 10
