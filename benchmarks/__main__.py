"""`bin/bench [--managers N …] [--rounds R] [--only WORDS]`: measures, prints a table, writes benchmarks/results/; `--letters N`: a round of letters; `--asks N`: the guard; `--reliability`: the long forms of tests/reliability."""

from __future__ import annotations

import argparse
import json
import os
import platform
import statistics
import subprocess
import sys
from pathlib import Path
from typing import Any

from benchmarks.asks import measure as asks_measure
from benchmarks.firm import SEED, firm_of
from benchmarks.letters import measure
from benchmarks.measure import Case, run
from benchmarks.pages import cases_for

ROOT = Path(__file__).resolve().parent.parent
RESULTS = ROOT / "benchmarks" / "results"
LETTERS_WITHIN = 20  # seconds for a round of 2,000


def main() -> int:
    parser = argparse.ArgumentParser(prog="bin/bench", description="The application against a floor, in one run.")
    parser.add_argument("--managers", type=int, nargs="+", default=[10_000, 100_000])
    parser.add_argument("--rounds", type=int, default=40)
    parser.add_argument("--letters", type=int, metavar="N", help="Instead: a follow-up round with N letters due, two schedulers.")
    parser.add_argument("--asks", type=int, metavar="N", help="Instead: the guard over N requests to a tenth as many contacts.")
    parser.add_argument("--reliability", action="store_true", help="Instead: kill, freeze, cut off and fill up, at length.")
    parser.add_argument("--only", default="", metavar="WORDS", help="Print only the pages with these words in their names.")
    parser.add_argument("--no-write", action="store_true", help="Print only.")
    arguments = parser.parse_args()
    if arguments.letters:
        return letters_round(arguments.letters)
    if arguments.reliability:
        return reliability()
    if arguments.asks:
        return asks_round(arguments.asks)
    results = []
    for managers in arguments.managers:
        with firm_of(managers) as firm:
            cases = cases_for(firm, arguments.only)
            run(cases, arguments.rounds)
            results.append({"managers": managers, "pages": [as_dict(case, cases) for case in cases]})
    report = {"machine": machine(), "seed": SEED, "rounds": arguments.rounds, "results": results}
    table = as_table(report)
    print(table)
    if not arguments.no_write and not arguments.only:
        RESULTS.mkdir(exist_ok=True)
        (RESULTS / "latest.json").write_text(json.dumps(report, indent=1) + "\n")
        (RESULTS / "latest.md").write_text(table + "\n")
    missed = [page for result in results for page in result["pages"] if not page["within"]]
    return 1 if missed else 0


def letters_round(letters: int) -> int:
    """Measure a follow-up round on each database; 1 where it took too long, or a letter is missing or there twice."""
    print(machine())
    missed = 0
    for database in ("sqlite", "postgresql"):
        found = measure(letters, database)
        print(json.dumps(found))
        missed += found["seconds"] > LETTERS_WITHIN or found["twice"] > 0 or found["letters"] != letters
    return 1 if missed else 0


def asks_round(asks: int) -> int:
    """Measure the guard on each database; 1 where a decision takes more than two statements, or what is slow takes too long."""
    print(machine())
    missed = 0
    for database in ("sqlite", "postgresql"):
        found = asks_measure(asks, database)
        print(json.dumps(found))
        missed += max(found["statements"].values()) > 2 or not found["within"]
    return 1 if missed else 0


def reliability() -> int:
    """Run the long forms of the tests of reliability on each database; half an hour on two cores that have nothing else to do."""
    failed = 0
    for beside, marked in (([], "long"), (["-m", "tests.servers", sys.executable], "long and sql")):
        print(f"{machine()}, load {' '.join(f'{one:.1f}' for one in os.getloadavg())}", flush=True)
        tests = ["-m", "pytest", "-s", "-m", marked, "tests/reliability"]
        failed += subprocess.run([sys.executable, *beside, *tests], cwd=ROOT, check=False).returncode != 0
    return 1 if failed else 0


def as_dict(case: Case, cases: list[Case]) -> dict[str, Any]:
    first = next((c for c in cases if case.name.endswith("middle") and c.name == case.name.replace("middle", "page 1")), None)
    of_first = statistics.median(a.wall / b.wall for a, b in zip(case.of_app, first.of_app, strict=True)) if first else None
    within = (case.ratio is None or case.limit is None or case.ratio <= case.limit) and (of_first is None or of_first <= 1.25)
    return {
        "page": case.name,
        "app_ms": round(case.app_ms, 2),
        "floor_ms": None if case.floor_ms is None else round(case.floor_ms, 2),
        "ratio": None if case.ratio is None else round(case.ratio, 2),
        "processor_ratio": None if case.processor_ratio is None else round(case.processor_ratio, 2),
        "limit": case.limit,
        "of_page_1": None if of_first is None else round(of_first, 2),
        "statements": case.statements,
        "within": within,
    }


def as_table(report: dict[str, Any]) -> str:
    lines = [f"{report['machine']}, {report['rounds']} interleaved rounds, medians in milliseconds"]
    for result in report["results"]:
        lines += [
            "",
            f"## {result['managers']:,} managers",
            "",
            "| page | Lotse | floor | times | of processor | at most | of page 1 | statements | |",
            "|---|--:|--:|--:|--:|--:|--:|--:|---|",
        ]
        for page in result["pages"]:
            shown = [
                page[name] if page[name] is not None else ""
                for name in ("page", "app_ms", "floor_ms", "ratio", "processor_ratio", "limit", "of_page_1", "statements")
            ]
            lines.append("| " + " | ".join(str(cell) for cell in shown) + f" | {'' if page['within'] else 'MISSED'} |")
    return "\n".join(lines)


def machine() -> str:
    commit = subprocess.run(
        ["git", "rev-parse", "--short", "HEAD"], cwd=ROOT, capture_output=True, text=True, check=False
    ).stdout.strip()
    return f"Python {platform.python_version()}, {os.cpu_count()} cores, commit {commit}"


if __name__ == "__main__":
    sys.exit(main())
