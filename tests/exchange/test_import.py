"""Bringing people along from a table, on the command line and on the page, and the start of an import."""

from __future__ import annotations

import json
from datetime import timedelta
from io import BytesIO

import pytest
import sqlalchemy as sa

from app.admission.models import AdmissionBatch, AdmissionCase, AdmissionMove, DataOrigin
from app.admission.ticks import ask_after_interview, follow_up, freshness
from app.db import db, unit_of_work
from app.exchange.ticks import tell_imported
from app.mail.models import Letter
from app.managers.models import Manager, ManagerDocument
from app.privacy.actions import erase
from app.settings.actions import change
from tests.factories import make_manager, make_user
from tests.office import Office

pytestmark = pytest.mark.sql

HEAD = "Nr;Nachname;Vorname;E-Mail;Telefon;Land;Sprache;Status;Schuhgröße\n"
ROWS = (
    HEAD
    + "17;van der Berg;Dr. Jan;Jan@Example.org;040 30200300;Deutschland;Niederländisch;Nachfassen 1;43\n"
    + "18;Maaßdorf;Jürgen;j.maassdorf@example.org;;;;;\n"
    + "19;Roth;Eva;known@example.org;;;;;\n"
    + "20;Kaputt;Karl;kein-klammeraffe;;;;;\n"
    + "\n"
    + "21;Zweimal;Zoe;JAN@example.org;;;;;\n"
    + "22;Frei;Fritz;frei@example.org;;;;Freigegeben;\n"
)


def run(app, folder, text, *given, name="alle.csv"):
    file = folder / name
    file.write_bytes(text if isinstance(text, bytes) else text.encode("cp1252"))
    return app.test_cli_runner().invoke(args=["import", "managers", str(file), *given])


def count(model) -> int:
    db.session.rollback()
    return db.session.scalar(sa.select(sa.func.count()).select_from(model))


def test_a_dry_run_says_row_by_row_what_would_happen_and_changes_nothing(app, tmp_path):
    make_manager(email="known@example.org")

    done = run(app, tmp_path, ROWS, "--dry-run", "--json")

    told = json.loads(done.stdout)
    assert done.exit_code == 1 and done.stderr.strip() == "1 of 6 rows were refused."
    assert [(row["row"], row["outcome"]) for row in told["rows"]] == [
        (2, "created"), (3, "created"), (4, "skipped"), (5, "refused"), (7, "skipped"), (8, "created"),
    ]  # fmt: skip
    assert told["unknown_columns"] == ["Schuhgröße"] and told["batch"] is None
    assert (count(Manager), count(AdmissionBatch), count(AdmissionMove)) == (1, 0, 0)


def test_people_come_in_as_they_are_and_a_second_run_adds_nobody(app, tmp_path):
    make_manager(email="known@example.org")

    told = json.loads(run(app, tmp_path, ROWS, "--json").stdout)
    assert (told["created"], told["skipped"], told["refused"]) == (3, 2, 1)
    jan = db.session.scalars(sa.select(Manager).where(Manager.email == "jan@example.org")).one()
    case = db.session.get_one(AdmissionCase, jan.id)
    assert (jan.title, jan.first_name, jan.particle, jan.last_name) == ("Dr.", "Jan", "van der", "Berg")
    assert (jan.phone, jan.country, jan.language, jan.state) == ("+494030200300", "DE", "nl", "follow_up_1")
    assert (case.stages_used, case.next_on, case.batch_id) == (1, None, told["batch"])
    assert (jan.source, jan.source_note, db.session.get_one(DataOrigin, jan.id).ground) == ("import", "alle.csv", "interest")
    assert db.session.scalars(sa.select(Manager.state).where(Manager.email == "frei@example.org")).one() == "released"
    assert db.session.scalars(sa.select(AdmissionMove.came)).all() == [True, True]  # who is released does not wait
    assert count(Letter) == 0

    again = json.loads(run(app, tmp_path, ROWS, "--json").stdout)
    assert (again["created"], again["skipped"], again["batch"]) == (0, 5, None)
    assert (count(Manager), count(AdmissionBatch)) == (4, 1)
    assert "nothing to start" in run(app, tmp_path, ROWS).stdout


def test_without_an_address_nobody_comes_in_twice(app, tmp_path):
    text = "Nachname;Vorname\nOhne;Olga\nOhne;Olga\n"

    first, second = (json.loads(run(app, tmp_path, text, "--json").stdout) for _time in range(2))
    assert (first["created"], first["skipped"], second["created"]) == (1, 1, 0)


def test_who_was_erased_is_not_brought_back(app, tmp_path, clock):
    manager = make_manager(email="weg@example.org")
    with unit_of_work():
        erase(db.session.get_one(Manager, manager.id), actor=None, at=clock.now())

    done = run(app, tmp_path, "Name;Mail\nWilma Weg;Weg@example.org\nNeu Ling;neu@example.org\n", "--json")

    rows = json.loads(done.stdout)["rows"]
    assert [row["outcome"] for row in rows] == ["refused", "created"]
    assert "erased on request" in rows[0]["reason"]


def test_papers_are_kept_and_one_that_cannot_be_is_told(app, tmp_path):
    folder = tmp_path / "papers"
    (folder / "sub").mkdir(parents=True)
    (folder / "17 Lebenslauf.txt").write_text("Lebenslauf Jan van der Berg, geboren in Hamburg, Einkauf und Logistik")
    (folder / "sub" / "17 Projekte.txt").write_text("Projektliste: 2019 bis 2021 Einkaufsleitung bei einem Zulieferer")
    (folder / "18.exe").write_bytes(b"MZ" + bytes(200))
    (folder / "fremd.txt").write_text("Gehört niemandem")
    (folder / "19.txt").symlink_to("/etc/hostname")

    told = json.loads(run(app, tmp_path, ROWS, "--json", "--papers", str(folder)).stdout)

    rows = {row["row"]: row for row in told["rows"]}
    assert rows[2]["papers"] == ["17 Lebenslauf.txt", "sub/17 Projekte.txt"]
    assert rows[3]["outcome"] == "created" and rows[3]["reason"]
    assert told["unmatched_papers"] == ["fremd.txt"]
    assert count(ManagerDocument) == 2


@pytest.mark.parametrize("text, says", [
    (b"", "empty"), (HEAD, "Below the headings"), ("Vorname\nJan\n", "No column is called"), (b"Nachname\n\0\n", "no table has"),
])  # fmt: skip
def test_a_file_that_is_no_table_is_refused_in_a_sentence(app, tmp_path, text, says):
    done = run(app, tmp_path, text)
    assert done.exit_code == 1 and says in done.stderr and len(done.stderr.strip().splitlines()) == 1
    assert count(AdmissionBatch) == 0


def test_wrong_usage(app, tmp_path):
    runner = app.test_cli_runner()
    assert runner.invoke(args=["import", "managers", str(tmp_path / "none.csv")]).exit_code == 1
    for kind in ("clients", "contacts", "mandates"):
        done = runner.invoke(args=["import", kind, str(tmp_path / "x.csv")])
        assert done.exit_code == 2 and "not there yet" in done.stderr
    assert runner.invoke(args=["import", "nonsense", "x.csv"]).exit_code == 2


def upload(office, text, *, dry="", papers=()):
    page = office.open("/admission/imports/new")
    given = {"file": (BytesIO(text.encode()), "liste.csv"), "papers": [(BytesIO(content), name) for name, content in papers]}
    form = next(one for one in page.forms if "file" in one["names"])
    fields = {name: values for name, values in form["fields"].items() if name != "dry"} | ({"dry": "y"} if dry else {})
    return office.client.post("/admission/imports/new", data={**fields, **given}, follow_redirects=True)


def test_the_page_checks_first_then_brings_along(lead):
    make_manager(email="known@example.org")

    checked = upload(
        lead, ROWS, dry="y", papers=[("18 Profil.txt", b"Profil von Maassdorf, Einkauf und Logistik seit 2001")]
    ).text
    for part in ("What would happen", "To come in: 3. Here already: 2. Not accepted: 1.", "Schuhgröße", "18 Profil.txt"):
        assert part in checked
    assert count(Manager) == 1
    done = upload(lead, ROWS, papers=[("18 Profil.txt", b"Profil von Maassdorf, Einkauf und Logistik seit 2001")]).text
    assert "3 people were brought along." in done and "rows 4, 5, 7" in done and "0 of 1" in done
    assert count(Manager) == 4


def test_a_file_without_a_table_keeps_the_form(lead):
    answer = upload(lead, "Vorname\nJan\n")
    assert answer.status_code == 422 and "No column is called" in answer.text
    assert upload(lead, ROWS.replace("Nachname", "Nachname")).status_code == 200
    nobody = upload(lead, "Nachname;E-Mail\nX;kein\n").text
    assert "Nobody was brought along" in nobody and count(AdmissionBatch) == 1


def test_nobody_is_written_to_before_the_start_and_then_so_many_a_day(app, lead, clock, tmp_path):
    people = "".join(f"Reihe{number};r{number}@example.org;Nachfassen 1\n" for number in range(7)) + "Ohne;;Nachfassen 1\n"
    batch = json.loads(run(app, tmp_path, "Nachname;Mail;Status\n" + people, "--json").stdout)["batch"]
    with unit_of_work():
        change({"import_letters_per_day": 3})
    clock.move(timedelta(days=60))
    follow_up(clock.now())
    tell_imported(clock.now())
    assert count(Letter) == 0

    page = lead.open(f"/admission/imports/{batch}")
    assert "7 people get the notice of Art. 14 by mail" in page.text and "One has no mail address" in page.text
    assert page.submit().status == 422  # not ticked
    page = lead.open(f"/admission/imports/{batch}").fill(sure=True).submit()
    assert "Started: 8 people have a next date now." in page.text
    db.session.rollback()
    # 60 days after 17 March is a Saturday: three begin on Monday, three on Tuesday, two on Wednesday, 14 days each.
    due = db.session.scalars(sa.select(AdmissionCase.next_on).order_by(AdmissionCase.next_on)).all()
    assert [day.isoformat()[5:] for day in due] == ["06-01"] * 3 + ["06-02"] * 3 + ["06-03"] * 2
    assert [tell_imported(clock.now()).done for _time in range(2)] == [3, 0]
    told = []
    for _day in range(3):
        clock.move(timedelta(days=1))
        told.append(tell_imported(clock.now()).done)
    assert told == [3, 1, 0] and count(Letter) == 7
    assert "Started" in lead.open(f"/admission/imports/{batch}").text


def test_released_in_the_table_counts_once_a_lead_has_started_the_import(app, lead, clock, tmp_path):
    text = "Nachname;Mail;Status\nFrei;frei@example.org;Freigegeben\nPause;pause@example.org;Pausiert\n"
    batch = json.loads(run(app, tmp_path, text, "--json").stdout)["batch"]
    frei = db.session.scalars(sa.select(Manager).where(Manager.email == "frei@example.org")).one()
    assert (frei.state, frei.released_on, frei.waits_for_start) == ("released", None, True)
    assert "offered to clients once a lead has started it" in lead.open(f"/managers/{frei.id}").text
    clock.move(timedelta(days=40))
    assert freshness(clock.now()).done == 0 and ask_after_interview(clock.now()).done == 0 and count(Letter) == 0

    page = lead.open(f"/admission/imports/{batch}")
    assert "One is released in the table" in page.text
    page.fill(sure=True).submit()
    db.session.rollback()
    people = db.session.scalars(sa.select(Manager).order_by(Manager.id)).all()
    assert [(one.state, one.waits_for_start, one.released_on is None) for one in people] == [
        ("released", False, False), ("paused", False, False),
    ]  # fmt: skip
    assert "Released as the import says, by starting it" in lead.open(f"/managers/{frei.id}").text


def test_who_has_no_address_becomes_a_step_of_the_starter(app, lead, tmp_path):
    text = "Nachname;Mail;Status\nMit;mit@example.org;Nachfassen 1\nOhne;;Nachfassen 1\nFort;fort@example.org;Nicht aufgenommen\n"
    told = json.loads(run(app, tmp_path, text, "--json").stdout)
    assert told["created"] == 3, told
    lead.open(f"/admission/imports/{told['batch']}").fill(sure=True).submit()
    db.session.rollback()
    found = db.session.scalars(sa.select(Manager).order_by(Manager.id)).all()
    mit, ohne, fort = found
    assert (mit.owner_id, mit.next_step, fort.owner_id, fort.next_step) == (None, None, None, None)
    assert ohne.owner_id == lead.user.id and ohne.next_step_on is not None
    assert ohne.next_step == "Write by post or phone (no e-mail address), with the notice of Art. 14"
    listed = lead.open(f"/admission?batch={told['batch']}").text
    assert "write by post or phone" in listed and "then follow-up 2" in listed
    assert "Write by post or phone" in lead.open(f"/managers/{ohne.id}").text


@pytest.mark.parametrize("role, status", [("administrator", 200), ("lead", 200), ("consultant", 403), ("auditor", 403)])
def test_only_leads_and_administrators_bring_people_along(app, role, status):
    office = Office(app, make_user(role))
    for path in ("/admission/imports", "/admission/imports/new"):
        assert office.open(path).status == status
    assert office.open("/admission/imports/999999999999").status in (403, 404)
    assert ("Bring people along" in office.open("/admission").text) == (status == 200)
