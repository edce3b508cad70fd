"""`talks plan` on the command line, and 1,000 random cases against a slow second opinion."""

from __future__ import annotations

import json
import random
import time
from datetime import date, timedelta
from functools import cache

import holidays
import pytest
from click.testing import CliRunner, Result

from app.talks.commands import talks

TERM = ["--start", "2026-01-12", "--end", "2026-07-10", "--region", "DE-BY"]
EXTENSION = ["--new-end", "2026-10-30", "--signed-on", "2026-06-01"]
CASE = {"start": "2026-01-12", "end": "2026-07-10", "region": "DE-BY"}


def run(*words: str, stdin: str | None = None) -> Result:
    return CliRunner().invoke(talks, ["plan", *words], input=stdin)


def run_cases(tmp_path, *lines: object) -> Result:
    file = tmp_path / "cases.jsonl"
    file.write_text("".join((line if isinstance(line, str) else json.dumps(line)) + "\n" for line in lines), "utf-8")
    return run("--cases", str(file))


def rows(result: Result) -> list[tuple[str, str, str]]:
    assert result.exit_code == 0, result.stderr
    return [(item["due_on"], item["with"], item["kind"]) for item in json.loads(result.stdout)]


def both(day: str) -> list[tuple[str, str, str]]:
    return [(day, "client", "quality"), (day, "manager", "quality")]


FIRST_HALF = [*both("2026-01-26"), *both("2026-03-09"), *both("2026-04-20"), *both("2026-06-01")]


def test_the_plan_of_half_a_year_in_bavaria():
    result = run(*TERM, "--json")

    assert rows(result) == [*FIRST_HALF, ("2026-06-26", "client", "closing"), ("2026-10-08", "client", "aftercare")]
    assert list(json.loads(result.stdout)[0]) == ["kind", "with", "due_on"]


def test_the_plan_after_an_extension():
    assert rows(run(*TERM, *EXTENSION, "--json")) == [
        *FIRST_HALF,
        ("2026-06-08", "client", "extension"),
        *both("2026-07-13"),
        *both("2026-08-24"),
        ("2026-10-16", "client", "closing"),
        ("2027-01-28", "client", "aftercare"),
    ]


def test_the_plan_after_an_early_end_lists_what_was_held_and_not_what_was_cancelled():
    assert rows(run(*TERM, "--new-end", "2026-04-10", "--signed-on", "2026-03-09", "--json")) == [
        *both("2026-01-26"),
        *both("2026-03-09"),
        ("2026-03-27", "client", "closing"),
        ("2026-07-09", "client", "aftercare"),
    ]


def test_a_closing_talk_already_held_is_listed_beside_the_new_one():
    found = rows(run(*TERM, "--new-end", "2026-10-30", "--signed-on", "2026-06-30", "--json"))

    assert [day for day, _, kind in found if kind == "closing"] == ["2026-06-26", "2026-10-16"]


def test_the_firms_free_days_are_left_out():
    found = rows(run("--start", "2025-12-10", "--end", "2026-07-10", "--region", "DE-HH", "--json"))

    assert found[0][0] == "2025-12-24"


def test_for_people_it_prints_a_line_for_each_talk():
    result = run(*TERM)

    assert result.exit_code == 0
    assert result.stdout.splitlines()[0].split() == ["2026-01-26", "client", "quality"]
    assert len(result.stdout.splitlines()) == 10


@pytest.mark.parametrize("words", [[*TERM, *EXTENSION], [*TERM, *EXTENSION, "--json"]])
def test_two_runs_print_the_same(words):
    assert run(*words).stdout == run(*words).stdout


@pytest.mark.parametrize(
    "words",
    [
        [],
        TERM[:4],
        TERM[2:],
        [*TERM, *EXTENSION[:2]],
        [*TERM, *EXTENSION[2:]],
        [*TERM, "--cases", __file__],
        ["--cases", "no-such-file.jsonl"],
        ["--cases", "."],
        [*TERM, "--colour", "red"],
        [*TERM, "more"],
    ],
)
def test_wrong_usage_ends_with_2(words):
    result = run(*words)

    assert result.exit_code == 2
    assert result.stdout == ""


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (["--start", "2026-07-11", *TERM[2:]], "must not lie before the start"),
        ([*TERM[:4], "--region", "DE-XX"], "no region"),
        ([*TERM[:4], "--region", "de\nby"], "no region"),
        ([*TERM[:4], "--region", ""], "no region"),
        (["--start", "2026-02-29", *TERM[2:]], "no day"),
        (["--start", "tomorrow", *TERM[2:]], "no day"),
        (["--start", "x" * 100_000, *TERM[2:]], "x"),
        ([*TERM, "--new-end", "2026-01-11", "--signed-on", "2026-01-05"], "must not lie before the start"),
        ([*TERM, "--new-end", "2026-13-01", "--signed-on", "2026-01-05"], "no day"),
        ([*TERM, "--new-end", "2026-10-30", "--signed-on", ""], "no day"),
        ([*TERM, "--new-end", "2026-10-30", "--signed-on", "9999-12-31"], "calendar"),
        (["--start", "9999-11-01", "--end", "9999-12-31", "--region", "DE-BY"], "calendar"),
        (["--start", "0001-01-01", "--end", "9999-12-31", "--region", "DE-BY"], "hundred years"),
    ],
)
def test_what_is_refused_ends_with_1_and_one_line_that_says_why(words, sentence):
    result = run(*words)

    assert result.exit_code == 1
    assert result.stdout == ""
    assert sentence in result.stderr
    assert result.stderr.count("\n") == 1
    assert len(result.stderr) < 1000


def test_cases_are_answered_line_by_line_in_the_order_of_the_file(tmp_path):
    extended = CASE | {"new_end": "2026-10-30", "signed_on": "2026-06-01"}

    result = run_cases(tmp_path, extended, CASE, extended)

    lines = result.stdout.splitlines()
    assert len(lines) == 3
    assert lines[0] == lines[2] == run(*TERM, *EXTENSION, "--json").stdout.strip()
    assert lines[1] == run(*TERM, "--json").stdout.strip()


def test_cases_may_hold_nulls_blank_lines_other_keys_and_a_byte_order_mark(tmp_path):
    with_nulls = CASE | {"new_end": None, "signed_on": None, "name": "half a year"}

    result = run_cases(tmp_path, "\ufeff" + json.dumps(with_nulls), "", CASE)

    assert result.exit_code == 0
    assert result.stdout.splitlines() == [run(*TERM, "--json").stdout.strip()] * 2


def test_cases_come_from_standard_input_too():
    result = run("--cases", "-", "--json", stdin=json.dumps(CASE) + "\n")

    assert result.stdout == run(*TERM, "--json").stdout


def test_no_cases_are_no_lines(tmp_path):
    result = run_cases(tmp_path)

    assert (result.exit_code, result.stdout) == (0, "")


@pytest.mark.parametrize(
    ("case", "sentence"),
    [
        ("{", "no JSON"),
        ("[" * 100_000, "no JSON"),
        ("[]", "JSON object"),
        ("null", "JSON object"),
        (CASE | {"start": None}, "start"),
        ({"start": "2026-01-12", "end": "2026-07-10"}, "region"),
        (CASE | {"start": 20260112}, "must be a text"),
        (CASE | {"region": ["DE-BY"]}, "must be a text"),
        (CASE | {"end": "2026-01-11"}, "must not lie before the start"),
        (CASE | {"end": "2026-02-30"}, "no day"),
        (CASE | {"region": "DE-\0"}, "no region"),
        (CASE | {"new_end": "2026-10-30"}, "go together"),
        (CASE | {"signed_on": "2026-06-01"}, "go together"),
        (CASE | {"new_end": "", "signed_on": "2026-06-01"}, "no day"),
    ],
)
def test_a_refused_case_names_its_line_and_nothing_is_printed(tmp_path, case, sentence):
    result = run_cases(tmp_path, CASE, "", case, CASE)

    assert (result.exit_code, result.stdout) == (1, "")
    assert "Line 3: " in result.stderr
    assert sentence in result.stderr
    assert result.stderr.count("\n") == 1


def test_a_file_in_another_encoding_is_refused(tmp_path):
    file = tmp_path / "cases.jsonl"
    file.write_bytes('{"region": "Düsseldorf"}'.encode("cp1252"))

    result = run("--cases", str(file))

    assert result.exit_code == 1
    assert "UTF-8" in result.stderr


# The second opinion: written from the text of docs/domain.md, day by day, sharing no code with the rules.

QUALITY_SIDES = ("client", "manager")


@cache
def free_days(region: str, year: int) -> frozenset[date]:
    country, _, part = region.partition("-")
    return frozenset(holidays.country_holidays(country, subdiv=part or None, years=year, categories=("public",)))


def works(day: date, region: str) -> bool:
    return day.isoweekday() <= 5 and day not in free_days(region, day.year)


def forward(day: date, region: str) -> date:
    while not works(day, region):
        day += timedelta(days=1)
    return day


def back(day: date, region: str) -> date:
    while not works(day, region):
        day -= timedelta(days=1)
    return day


def opinion_on_plan(start: date, end: date, region: str) -> list[list]:
    length = (end - start).days + 1
    days, closing = [], end - timedelta(days=14)
    if length >= 49:
        day = start + timedelta(days=14)
        while day <= end - timedelta(days=35):
            days.append(day)
            day += timedelta(days=42)
    else:
        days.append(start + timedelta(days=length // 2))
        closing = end - timedelta(days=length // 4)
    closing = forward(closing, region) if forward(closing, region) <= end else back(end, region)
    plan = [["quality", side, forward(day, region)] for day in days for side in QUALITY_SIDES]
    return [*plan, ["closing", "client", closing], ["aftercare", "client", forward(end + timedelta(days=90), region)]]


def opinion(start: date, end: date, region: str, new_end: date | None, signed_on: date | None) -> list[tuple]:
    old = opinion_on_plan(start, end, region)
    if new_end is None or signed_on is None:
        return sorted((day.isoformat(), side, kind) for kind, side, day in old)
    held = [talk for talk in old if talk[2] <= signed_on]
    due = [talk for talk in old if talk[2] > signed_on]
    tomorrow = forward(signed_on + timedelta(days=1), region)
    result = list(held)
    new = opinion_on_plan(start, new_end, region)
    if new_end > end:
        new.append(["extension", "client", forward(signed_on + timedelta(days=7), region)])
    for kind, side, day in new:
        alike = [talk for talk in held + due if talk[:2] == [kind, side]]
        near = [talk for talk in alike if abs((talk[2] - day).days) <= 10]
        if kind in ("closing", "aftercare"):
            near += [talk for talk in alike if talk in due and talk not in near]
        nearest = min(near, key=lambda talk: abs((talk[2] - day).days), default=None)
        if nearest is None:
            if day > signed_on or kind in ("closing", "aftercare"):
                result.append([kind, side, max(day, tomorrow)])
        elif nearest in due:
            result.append([kind, side, max(day, tomorrow)])
    return sorted((day.isoformat(), side, kind) for kind, side, day in result)


def random_cases(count: int, seed: int) -> list[dict[str, str]]:
    chance = random.Random(seed)
    cases = []
    for _ in range(count):
        start = date(2018, 1, 1) + timedelta(days=chance.randrange(4000))
        end = start + timedelta(days=chance.choice([chance.randrange(0, 60), chance.randrange(0, 500)]))
        case = {"start": start, "end": end}
        if chance.random() < 0.8:
            case["new_end"] = max(
                start, end + timedelta(days=chance.choice([chance.randrange(-15, 16), chance.randrange(-250, 400)]))
            )
            case["signed_on"] = start + timedelta(days=chance.randrange(-30, (end - start).days + 150))
        regions = ("DE-BY", "DE-HH", "DE-SN", "AT-9", "AT-5", "CH-ZH", "CH-TI", "NL", "BE", "DE")
        cases.append({name: day.isoformat() for name, day in case.items()} | {"region": chance.choice(regions)})
    return cases


def test_a_thousand_random_cases_agree_with_a_second_opinion_and_take_no_time(tmp_path):
    cases = random_cases(1000, seed=20260112)
    began = time.perf_counter()

    result = run_cases(tmp_path, *cases)

    took = time.perf_counter() - began
    assert result.exit_code == 0, result.stderr
    answers = result.stdout.splitlines()
    assert len(answers) == 1000
    for case, answer in zip(cases, answers, strict=True):
        days = {
            name: date.fromisoformat(case[name]) if name in case else None for name in ("start", "end", "new_end", "signed_on")
        }
        found = [(item["due_on"], item["with"], item["kind"]) for item in json.loads(answer)]
        assert found == opinion(days["start"], days["end"], case["region"], days["new_end"], days["signed_on"]), case
        assert all(works(date.fromisoformat(day), case["region"]) for day, _, _ in found)
    assert took < 10  # less than a second on a quiet machine
