"""How often the analyser and a reviewer say the same. On the command line: python -m tests.admission.cv.agreement [FOLDER …]"""

from __future__ import annotations

import json
import sys
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from app.admission.cv import analyse
from app.files import reading
from tests.admission.cv import build

HERE = Path(__file__).parent
JUDGED_ON = date(2026, 11, 21)
# Per hundred: what two people reach is 87 to 100.
FLOORS = {
    "contact": 97,
    "language": 98,
    "tasks": 88,
    "project_list": 80,
    "company_facts": 80,
    "latest": 88,
    "made_on": 88,
    "stations": 75,
    "plain_language": 75,
}


@dataclass
class Agreement:
    count: int = 0
    good: Counter[str] = field(default_factory=Counter)
    apart: list[str] = field(default_factory=list)

    def share(self, name: str) -> float:
        return 100 * self.good[name] / self.count

    def below(self) -> list[str]:
        return [f"{name}: {self.share(name):.0f} %" for name, floor in FLOORS.items() if self.share(name) < floor]


def wanted(label: dict[str, Any]) -> dict[str, Any]:
    given = {
        name: label[name]
        for name in ("language", "company_facts", "tasks", "project_list", "plain_language", "latest", "made_on", "stations")
    }
    return given | {"contact": {2: "ok", 1: "weak", 0: "missing"}[label["email"] + label["phone"]]}


def found(name: str, content: bytes) -> dict[str, Any]:
    analysis = analyse(reading.read(content, reading.kind_of(content, name)), JUDGED_ON)
    if analysis.facts is None or analysis.criteria is None:
        return {"kind": analysis.kind, "language": analysis.language, "stations": -99}
    facts = analysis.facts
    return {name: one.verdict for name, one in analysis.criteria.items()} | {
        "kind": analysis.kind,
        "language": analysis.language,
        "latest": facts.latest,
        "made_on": facts.made_on,
        "stations": len(facts.stations),
    }


def agree(papers: Iterable[tuple[str, bytes, dict[str, Any]]]) -> Agreement:
    """Compare name, content and label of each paper that is a CV."""
    result = Agreement()
    for name, content, label in papers:
        result.count += 1
        got, want = found(name, content), wanted(label)
        for key, value in want.items():
            same = abs(got[key] - value) <= max(1, value / 10) if key == "stations" else got.get(key) == value
            result.good[key] += same
            if not same:
                result.apart.append(f"{name} {key}: {got.get(key)}, the reviewer {value}")
    return result


def in_folder(folder: Path) -> list[tuple[str, bytes, dict[str, Any]]]:
    labels = [json.loads(line) for line in (folder / "labels.jsonl").read_text(encoding="utf-8").splitlines() if line.strip()]
    return [(label["file"], (folder / label["file"]).read_bytes(), label) for label in labels]


def invented() -> list[tuple[str, bytes, dict[str, Any]]]:
    return [(*build.built(str(label["file"]).rpartition(".")[0]), label) for label in build.labels() if "kind" not in label]


def held_back(papers: list[tuple[str, bytes, dict[str, Any]]]) -> set[str]:
    """Every third file of each language, by name: not looked at while the rules were written."""
    by_language: dict[str, list[str]] = {}
    for name, _content, label in sorted(papers, key=lambda paper: paper[0]):
        by_language.setdefault(label["language"], []).append(name)
    return {name for names in by_language.values() for number, name in enumerate(names) if number % 3 == 2}


def main() -> None:
    sets: dict[str, list[tuple[str, bytes, dict[str, Any]]]] = {}
    if sys.argv[1:]:
        sets = {folder: in_folder(Path(folder)) for folder in sys.argv[1:]}
    else:
        data = in_folder(HERE / "data")
        back = held_back(data)
        sets["data, seen"] = [paper for paper in data if paper[0] not in back]
        sets["data, held back"] = [paper for paper in data if paper[0] in back]
        sets["invented"] = invented()
        sets["printed"] = in_folder(HERE / "printed")
        sets["wild"] = in_folder(HERE / "wild")
    for title, papers in sets.items():
        result = agree(papers)
        print(f"{title} ({result.count}): " + ", ".join(f"{name} {result.share(name):.0f} %" for name in FLOORS))
        for line in result.apart:
            print("   ", line)
    reading.READERS.close()


if __name__ == "__main__":
    main()
