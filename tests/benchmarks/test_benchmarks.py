"""The benchmarks run: in a small form and without a word on time."""

from __future__ import annotations

from benchmarks import firm as firms
from benchmarks import letters
from benchmarks.__main__ import as_dict, as_table
from benchmarks.measure import run
from benchmarks.pages import LISTS, cases_for


def test_every_page_is_measured_against_its_floor(tmp_path, monkeypatch):
    monkeypatch.setattr(firms, "KEPT", tmp_path)

    with firms.firm_of(300) as firm:
        cases = cases_for(firm)
        run(cases, rounds=2, warm_up=1)

    pages = [as_dict(case, cases) for case in cases]
    names = [page["page"] for page in pages]
    assert {f"{one.name}, {where}" for one in LISTS for where in ("page 1", "middle")} < set(names)
    assert all(page["app_ms"] > 0 and page["floor_ms"] > 0 and page["ratio"] > 0 for page in pages)
    table = as_table({"machine": "here", "rounds": 2, "results": [{"managers": 300, "pages": pages}]})
    assert all(name in table for name in names)


def test_a_page_of_the_floor_shows_the_rows_of_the_application(tmp_path, monkeypatch):
    monkeypatch.setattr(firms, "KEPT", tmp_path)

    with firms.firm_of(300) as firm, firm.app.app_context():
        for one in LISTS:
            ours = links_in(firm.office.open(one.path).text, one.room)
            floors = links_in(firm.floor.test_client().get(one.floor_path).get_data(as_text=True), one.room)

            assert len(ours) == 50 or one.name == "clients" or one.among
            assert ours and ours == floors
        board, mandate = "/mandates/board", f"/mandates/{firm.mandate_id}"
        for path, room in ((board, "mandates"), (mandate, "talks"), (mandate, "managers")):
            ours = links_in(firm.office.open(path).text, room)
            floors = links_in(firm.floor.test_client().get(path).get_data(as_text=True), room)
            assert ours and set(ours) == set(floors)


def links_in(text: str, room: str) -> list[str]:
    """Return the numbers of the records that the page links to, in order, each once."""
    found = [part.partition('"')[0] for part in text.split(f'href="/{room}/')[1:]]
    return list(dict.fromkeys(number for number in found if number.isdigit()))


def test_a_round_of_letters_with_two_schedulers_writes_each_once():
    found = letters.measure(12, "sqlite")

    assert (found["letters"], found["twice"], sum(found["shares"])) == (12, 0, 12)
    assert found["seconds"] > 0
