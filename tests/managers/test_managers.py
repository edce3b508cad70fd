"""Managers through the pages: the list, the record, entering and changing."""

from __future__ import annotations

import base64
import json
import re
from datetime import date
from decimal import Decimal
from io import BytesIO

import pytest
import sqlalchemy as sa

from app.admission.models import AdmissionCase
from app.db import db, unit_of_work
from app.managers.models import Manager, ManagerDocument
from app.users import belongings
from app.users.models import Absence
from tests.factories import LONG_AGO, make_client, make_manager, make_mandate, make_user, new_manager, reload, save, save_all
from tests.office import Office
from tests.statements import counted

pytestmark = pytest.mark.sql
LARGER_THAN_A_DATABASE = 2**63 + 5


def newest() -> Manager:
    db.session.rollback()
    return db.session.scalars(sa.select(Manager).order_by(Manager.id.desc()).limit(1)).one()


def how_many() -> int:
    db.session.rollback()
    return db.session.scalar(sa.select(sa.func.count()).select_from(Manager))


# Entering


def test_a_manager_is_entered_as_confirmed_and_belongs_to_who_entered_her(office):
    page = office.open("/managers/new")
    page.fill(
        first_name="Anneke",
        particle="van der",
        last_name="Berg",
        form_of_address="frau",
        language="nl",
        country="NL",
        email="Anneke@VanDerBerg.example",
        mobile="06 12345678",
        phone="020 5550123",
        street="Herengracht 12",
        postcode="1012ab",
        city="Amsterdam",
        headline="Post-merger, plant closure",
        functions=["mergers", "relocation"],
        industries=["food"],
        regions=["NL", "DE-NI"],
        languages=["nl", "en"],
        languages_some=["de"],
        is_newcomer="no",
        days_per_week="4",
        rate="1450.50",
        source="recommendation",
        available_from="2026-04-01",
    )
    page = page.submit()

    manager = newest()
    assert page.status == 200
    assert f"ID {manager.id}" in page.text
    assert (manager.state, manager.owner_id, manager.name) == ("confirmed", office.user.id, "Anneke van der Berg")
    assert (manager.email, manager.mobile, manager.phone) == ("anneke@vanderberg.example", "+31612345678", "+31205550123")
    assert (manager.postcode, manager.sort_name, manager.rate) == ("1012 AB", "berg anneke", manager.rate.__class__("1450.50"))
    assert (manager.languages, manager.languages_some, manager.regions) == (["en", "nl"], ["de"], ["DE-NI", "NL"])
    assert (manager.available_from, manager.availability_confirmed_on) == (date(2026, 4, 1), date(2026, 3, 17))
    assert manager.is_newcomer is False
    assert "Geachte mevrouw Van der Berg" in page.text
    assert "Entered, confirmed by us" in page.text


def test_a_whole_name_is_split_once_for_the_person_to_check(office):
    page = office.open("/managers/new").fill(last_name="Dr. Jan van der Berg").submit()

    assert page.status == 422
    assert how_many() == 0
    fields = page.forms[0]["fields"]
    parts = [fields[name][0] for name in ("title", "first_name", "particle", "last_name")]
    assert parts == ["Dr.", "Jan", "van der", "Berg"]

    page.fill(first_name=None, last_name="Garcia Marquez", particle=None, title=None).submit()
    assert newest().name == "Garcia Marquez"


def test_each_malformed_field_is_refused_with_what_was_typed_kept(office):
    page = office.open("/managers/new").fill(
        last_name="Castrup", email="castrup(at)firma", phone="12", postcode="2045", country="DE", rate="-1", headline="Finance"
    )
    wrong = {"rate": "-1", "email": "castrup(at)firma", "phone": "12", "postcode": "2045"}
    right = {"rate": "1400", "email": "castrup@firma.example", "phone": "040 1234567", "postcode": "20459"}
    for name, good in right.items():
        page = page.submit()
        assert page.status == 422, name
        assert how_many() == 0
        assert page.forms[0]["fields"][name][0].startswith(wrong[name])
        assert page.forms[0]["fields"]["headline"] == ["Finance"]
        page.fill(**{name: good})

    assert page.submit().status == 200
    assert newest().phone == "+49401234567"


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("last_name", ""),
        ("last_name", "   "),
        ("last_name", "Cast\0rup"),
        ("last_name", "x" * 81),
        ("headline", "x" * 161),
        ("note", "x" * 20_001),
        ("rate", str(LARGER_THAN_A_DATABASE)),
        ("rate", "NaN"),
        ("rate", "Infinity"),
        ("days_per_week", str(LARGER_THAN_A_DATABASE)),
        ("days_per_week", "8"),
        ("available_from", "2027-02-29"),
        ("available_from", "12026-01-01"),
        ("functions", ["juggling"]),
        ("country", "XX"),
        ("form_of_address", "queen"),
        ("owner_id", str(LARGER_THAN_A_DATABASE)),
        ("owner_id", "nobody"),
    ],
)
def test_what_cannot_be_is_refused_and_changes_nothing(office, field, value):
    page = office.open("/managers/new").fill(last_name="Castrup")

    page = page.fill(**{field: value}).submit()

    assert page.status == 422
    assert how_many() == 0


def test_ten_megabytes_in_a_text_field_are_too_much(office):
    page = office.open("/managers/new").fill(last_name="Castrup", note="x" * 10_000_000).submit()

    assert page.status in (413, 422)
    assert how_many() == 0


def test_two_clicks_enter_one_manager(office):
    page = office.open("/managers/new").fill(last_name="Castrup", first_name="Bernd")

    page.submit()
    again = page.submit()

    assert again.status == 200
    assert again.path.startswith("/managers")
    assert how_many() == 1


def test_somebody_known_already_is_shown_with_a_link_and_not_refused(office):
    known = make_manager(first_name="Jürgen", last_name="Maaßdorf", email="jm@firma.example")

    same_name = office.open("/managers/new").fill(first_name="Juergen", last_name="Maassdorf").submit()
    same_mail = office.open("/managers/new").fill(last_name="Wessendorf", email="JM@firma.example").submit()
    another = office.open("/managers/new").fill(last_name="Wessendorf", first_name="Friedhelm").submit()

    assert f'href="/managers/{known.id}"' in same_name.text
    assert f'href="/managers/{known.id}"' in same_mail.text
    assert "know already" not in another.text
    assert how_many() == 4


def test_a_lead_enters_somebody_as_released_with_a_reason_only(lead):
    page = lead.open("/managers/new").fill(last_name="Castrup", release="y").submit()
    assert page.status == 422

    page = page.fill(reason="Known from eleven mandates").submit()

    assert (newest().state, newest().released_on) == ("released", date(2026, 3, 17))
    assert "Known from eleven mandates" in page.text


def test_a_consultant_cannot_release_at_entry(office):
    page = office.open("/managers/new")
    assert "release" not in page.forms[0]["names"]

    data = {name: values[0] for name, values in page.forms[0]["fields"].items() if values}
    office.post("/managers/new", {**data, "last_name": "Castrup", "release": "y", "reason": "I say so"})

    assert newest().state == "confirmed"


# Changing


def test_a_change_is_told_in_words(office):
    manager = make_manager(owner=office.user, regions=("NL",))

    page = office.open(f"/managers/{manager.id}/edit")
    page = page.fill(headline="Finance", regions=["NL", "BE"], phone="0211 4566-0").submit()

    assert page.status == 200
    assert "Changed: phone, headline" in page.text.replace(", and ", ", ").replace(" and ", ", ")
    assert reload(manager).regions == ["BE", "NL"]
    assert manager.phone == "+4921145660"


def test_saving_without_a_change_tells_nothing(office):
    manager = make_manager(owner=office.user, regions=("NL",), languages=("de",), rate=1450, phone="+4921145660")
    version = manager.version

    page = office.open(f"/managers/{manager.id}/edit").submit()

    assert "Changed:" not in page.text
    assert reload(manager).version == version


@pytest.mark.parametrize("change", [{"headline": "Finance"}, {"regions": ["BE"]}])
def test_the_second_of_two_who_save_gets_both_versions(office, lead, change):
    manager = make_manager(owner=office.user, regions=("NL",))
    first = office.open(f"/managers/{manager.id}/edit").fill(**change)
    second = lead.open(f"/managers/{manager.id}/edit").fill(city="Hamburg", note="typed by me")

    assert first.submit().status == 200
    page = second.submit()

    assert page.status == 409
    assert "typed by me" in page.text
    assert reload(manager).city is None
    page.keep("mine").submit()
    assert reload(manager).city == "Hamburg"


def test_availability_is_confirmed_today_and_unknown_after_thirty_days(office, clock):
    manager = make_manager(owner=office.user)
    assert "never confirmed" in office.open(f"/managers/{manager.id}").text

    page = office.open(f"/managers/{manager.id}/availability").fill(available_from="2026-04-20").submit()

    assert "from 20 Apr" in page.text
    assert reload(manager).availability_confirmed_on == date(2026, 3, 17)
    clock.move(date(2026, 4, 16) - date(2026, 3, 17))
    assert "from 20 Apr" in office.open(f"/managers/{manager.id}").text
    clock.move(date(2026, 4, 17) - date(2026, 4, 16))
    assert 'lo-warn">unknown' in office.open(f"/managers/{manager.id}").text


def test_the_next_step_is_set_and_done(office):
    manager = make_manager(owner=office.user)
    page = (
        office.open(f"/managers/{manager.id}/next-step").fill(next_step="Send two profiles", next_step_on="2026-03-16").submit()
    )
    assert page.status == 422
    assert page.forms[0]["fields"]["next_step"] == ["Send two profiles"]

    page = page.fill(next_step_on="2026-03-20").submit()
    assert "Fri 20 March" in page.text

    page = page.form("completion").submit()
    assert "No next step is set" in page.text
    assert "Done: Send two profiles" in page.text
    assert reload(manager).next_step is None


def test_a_step_changed_meanwhile_is_not_marked_done(office, lead):
    manager = make_manager(owner=office.user, next_step="Call", next_step_on=date(2026, 3, 18))
    old_page = office.open(f"/managers/{manager.id}").form("completion")
    lead.open(f"/managers/{manager.id}/next-step").fill(next_step="Send the contract").submit()

    assert old_page.submit().status == 409
    assert reload(manager).next_step == "Send the contract"


def test_a_note_goes_to_the_timeline_and_an_empty_one_is_refused(office):
    manager = make_manager()
    page = office.open(f"/managers/{manager.id}").form("notes")
    assert page.fill(text="  ").submit().status == 422

    page = office.open(f"/managers/{manager.id}").form("notes").fill(text="Wants <more> of the north").submit()

    assert "Wants &lt;more&gt; of the north" in page.text


def test_the_owner_changes_to_somebody_who_is_there(office):
    manager = make_manager(owner=office.user)
    colleague, away = make_user(), make_user()
    make_user(role="assistant", last_name="Assistance")
    save(Absence(user_id=away.id, starts_on=date(2026, 3, 16), ends_on=date(2026, 3, 20)))

    page = office.open(f"/managers/{manager.id}/owner")
    assert f'value="{away.id}"' not in page.text
    assert "Assistance" not in page.text
    page = page.fill(owner_id=str(colleague.id)).submit()

    assert reload(manager).owner_id == colleague.id
    assert "looks after this from now on" in page.text
    assert office.open(f"/managers/{manager.id}/owner").status == 403


def test_a_lead_releases_with_a_reason_that_stays_visible(lead, office):
    manager = make_manager(state="interview")
    assert office.open(f"/managers/{manager.id}/release").status == 403

    page = lead.open(f"/managers/{manager.id}/release").submit()
    assert page.status == 422
    page = page.fill(reason="Talked at length on the phone").submit()

    assert reload(manager).state == "released"
    assert "Talked at length on the phone" in page.text


def test_the_next_talk_stands_in_where_no_step_is_set(office):
    manager = make_manager()
    mandate = make_mandate(manager=manager, planned=True)

    page = office.open(f"/managers/{manager.id}")

    assert "Quality talk" in page.text.split("Facts")[0]
    assert f'href="/mandates/{mandate.id}"' in page.text
    assert names_on(office.open("/managers?step=none")) == []


def test_a_leaving_colleagues_managers_and_clients_go_to_somebody_else(office, lead):
    to = make_user(last_name="Reekers")
    mine = [make_manager(owner=office.user), make_manager(owner=office.user)]
    out, client = make_manager(owner=office.user, state="out"), make_client(owner=office.user)
    versions = [manager.version for manager in mine]
    kinds = [belongings.KINDS["managers"], belongings.KINDS["clients"]]
    assert [kind.count(office.user.id) for kind in kinds] == [2, 1]

    with unit_of_work():
        for kind in kinds:
            kind.hand_over(office.user, to, lead.user, mine[0].created_at)

    assert [kind.count(office.user.id) for kind in kinds] == [0, 0]
    assert [reload(manager).owner_id for manager in mine] == [to.id, to.id]
    assert [manager.version for manager in mine] == [version + 1 for version in versions]
    assert (reload(out).owner_id, reload(client).owner_id) == (office.user.id, to.id)
    assert "K. Reekers looks after this from now on" in lead.open(f"/managers/{mine[1].id}").text


# Documents


def upload(page, name: str, content: bytes, **values: str):
    form = page.forms[0]
    data = {key: found[0] for key, found in form["fields"].items() if found}
    return page.office.post(page.path, {**data, **values, "file": (BytesIO(content), name)})


def test_a_document_becomes_the_next_version_of_its_kind_and_can_be_had_back(office):
    manager = make_manager(owner=office.user)
    path = f"/managers/{manager.id}/documents/new"

    upload(office.open(path), "cv.txt", b"First version", kind="cv", made_on="2025-01-31")
    page = upload(office.open(path), "cv.txt", b"Second version", kind="cv", made_on="2026-02-01")

    assert page.status == 200
    versions = db.session.scalars(sa.select(ManagerDocument).order_by(ManagerDocument.number)).all()
    assert [(v.number, v.made_on, v.received_on) for v in versions] == [
        (1, date(2025, 1, 31), date(2026, 3, 17)),
        (2, date(2026, 2, 1), date(2026, 3, 17)),
    ]
    assert "older than 12 months" in page.text
    kept = office.client.get(f"/managers/{manager.id}/documents/{versions[0].id}")
    assert kept.get_data() == b"First version"
    assert kept.headers["Content-Disposition"].startswith("attachment")
    other = make_manager()
    assert office.open(f"/managers/{other.id}/documents/{versions[0].id}").status == 404


@pytest.mark.parametrize(
    ("name", "content", "made_on"),
    [
        ("cv.exe", b"MZ", "2026-01-01"),
        ("cv.txt", b"", "2026-01-01"),
        ("cv.txt", b"x", "2026-03-18"),
        ("cv.txt", b"x", "2027-02-29"),
    ],
)
def test_a_document_that_cannot_be_is_refused(office, name, content, made_on):
    manager = make_manager(owner=office.user)

    page = upload(office.open(f"/managers/{manager.id}/documents/new"), name, content, kind="cv", made_on=made_on)

    assert page.status == 422
    assert db.session.scalar(sa.select(sa.func.count()).select_from(ManagerDocument)) == 0


def test_the_same_file_twice_is_refused(office):
    manager = make_manager(owner=office.user)
    path = f"/managers/{manager.id}/documents/new"
    upload(office.open(path), "cv.txt", b"The only version", kind="cv")

    page = upload(office.open(path), "cv.txt", b"The only version", kind="cv")

    assert page.status == 422
    assert "here already, as version 1" in page.text


# Rights


def test_an_assistant_changes_how_to_reach_and_papers_and_sees_no_rate(app):
    manager = make_manager(owner=make_user(), rate=1450, headline="Finance")
    assistant = Office(app, make_user(role="assistant"))

    page = assistant.open(f"/managers/{manager.id}")
    assert "1,450" not in page.text
    assert "1,450" not in assistant.open("/managers").text
    page = assistant.open(f"/managers/{manager.id}/edit")
    assert "rate" not in page.forms[0]["names"]
    page.fill(mobile="0171 39200 21").submit()
    assert reload(manager).mobile == "+491713920021"

    assert assistant.open(f"/managers/{manager.id}/documents/new").status == 200
    assert assistant.open(f"/managers/{manager.id}/next-step").status == 200
    for path in ("/managers/new", f"/managers/{manager.id}/availability", f"/managers/{manager.id}/owner"):
        assert assistant.open(path).status == 403


def test_an_assistant_cannot_post_what_the_form_does_not_show(app):
    manager = make_manager(rate=1450)
    assistant = Office(app, make_user(role="assistant"))
    form = assistant.open(f"/managers/{manager.id}/edit").forms[0]
    data = {name: values[0] for name, values in form["fields"].items() if values}

    assistant.post(f"/managers/{manager.id}/edit", {**data, "rate": "1", "headline": "mine"})

    assert (reload(manager).rate, manager.headline) == (1450, None)


def test_a_consultant_reads_the_managers_of_others_and_changes_none(office):
    manager = make_manager(owner=make_user())

    assert office.open(f"/managers/{manager.id}").status == 200
    for path in ("edit", "availability", "next-step", "documents/new", "owner"):
        assert office.open(f"/managers/{manager.id}/{path}").status == 403


def test_an_auditor_changes_nothing(app):
    manager = make_manager()
    auditor = Office(app, make_user(role="auditor"))

    assert auditor.open(f"/managers/{manager.id}").status == 200
    for path in ("edit", "availability", "next-step", "documents/new", "owner", "notes/new", "release"):
        assert auditor.open(f"/managers/{manager.id}/{path}").status == 403


def test_losing_the_manager_while_typing_is_noticed_before_the_write(office, lead):
    manager = make_manager(owner=office.user)
    page = office.open(f"/managers/{manager.id}/availability").fill(available_from="2026-04-01")
    lead.open(f"/managers/{manager.id}/owner").fill(owner_id=str(lead.user.id)).submit()

    assert page.submit().status == 403
    assert reload(manager).available_from is None


@pytest.mark.parametrize("number", [999_999, 2**63 - 1, LARGER_THAN_A_DATABASE])
def test_an_unknown_manager_is_not_found(office, number):
    assert office.open(f"/managers/{number}").status == 404
    assert office.open(f"/managers/{number}/edit").status == 404


def test_an_erased_manager_is_gone(office):
    manager = make_manager(state="erased")

    assert office.open(f"/managers/{manager.id}").status == 404
    assert str(manager.sort_name.split()[0]).capitalize() not in office.open("/managers").text


# The list


def names_on(page) -> list[str]:
    return [part.split("</a>")[0].split(">")[-1] for part in page.text.split('role="rowheader">')[1:]]


def test_the_list_shows_who_is_on_a_mandate_and_from_when_free(office):
    manager = make_manager(first_name="Henrike", last_name="Aldenhoff", available_from=date(2026, 1, 1))
    make_mandate(manager=manager, starts_on=date(2026, 1, 12), ends_on=date(2026, 7, 10))

    page = office.open("/managers")

    assert "On mandate" in page.text.split("rowheader", 1)[1]
    assert "from 11 Jul" in page.text
    assert names_on(office.open("/managers?state=on_mandate")) == ["Henrike Aldenhoff"]
    assert names_on(office.open("/managers?available=unknown")) == []


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("q=aldenh", ["Aldenhoff"]),
        ("q=Müller", ["Mueller"]),
        ("q=al", ["Aldenhoff"]),
        ("q=%25", []),
        ("q=!!", []),
        ("state=interview", ["Mueller"]),
        ("function=finance", ["Aldenhoff"]),
        ("industry=food", ["Mueller"]),
        ("region=DE", ["Aldenhoff"]),
        ("region=NL-Noord", ["Mueller"]),
        ("language=nl", ["Mueller"]),
        ("available=now", ["Aldenhoff"]),
        ("available=four_weeks", ["Aldenhoff", "Mueller"]),
        ("available=unknown", ["Wessendorf"]),
        ("owner=mine", ["Mueller"]),
        ("newcomer=yes", ["Aldenhoff"]),
        ("step=none", ["Aldenhoff", "Wessendorf"]),
        ("sort=next_step", ["Mueller"]),
        ("sort=newest", ["Wessendorf", "Mueller", "Aldenhoff"]),
        ("state=nonsense", ["Aldenhoff", "Mueller", "Wessendorf"]),
    ],
)
def test_the_list_is_narrowed(office, query, found):
    today = date(2026, 3, 17)
    make_manager(
        functions=("finance",), regions=("DE-NI",), first_name=None, last_name="Aldenhoff", is_newcomer=True,
        available_from=date(2026, 3, 17), availability_confirmed_on=today,
    )  # fmt: skip
    make_manager(
        industries=("food",), regions=("NL",), languages=("nl",), first_name=None, last_name="Mueller", state="interview",
        owner=office.user, available_from=date(2026, 4, 14), availability_confirmed_on=today, next_step="Call", next_step_on=today,
    )  # fmt: skip
    make_manager(first_name=None, last_name="Wessendorf")

    assert names_on(office.open(f"/managers?{query}")) == found


def test_a_manager_is_found_by_the_number(office):
    make_manager()
    second = make_manager(first_name=None, last_name="Castrup")

    assert names_on(office.open(f"/managers?q={second.id}")) == ["Castrup"]
    assert names_on(office.open(f"/managers?q=ID+{second.id}")) == ["Castrup"]


def test_stale_papers_are_listed(office):
    old, fresh = make_manager(first_name=None, last_name="Old"), make_manager(first_name=None, last_name="Fresh")
    for manager, day in ((old, "2025-03-16"), (fresh, "2025-03-17")):
        lead_page = Office(office.app, make_user(role="lead")).open(f"/managers/{manager.id}/documents/new")
        upload(lead_page, "cv.txt", manager.last_name.encode(), kind="cv", made_on=day)

    assert names_on(office.open("/managers?papers=stale")) == ["Old"]


def test_the_list_goes_on_page_by_page(office):
    save_all(new_manager(first_name=None, last_name=f"Name{number:02}") for number in range(60))

    first = office.open("/managers")
    after = first.text.split('rel="next"')[0].rsplit('href="', 1)[1].split('"')[0].replace("&amp;", "&")
    second = office.open(after)

    assert len(names_on(first)) == 50
    assert names_on(second) == [f"Name{number:02}" for number in range(50, 60)]
    assert office.open("/managers?after=nonsense").status == 400
    beyond = base64.urlsafe_b64encode(json.dumps(["x", 2**62]).encode()).decode().rstrip("=")
    assert office.open(f"/managers?after={beyond}").status in (200, 400)


def test_pages_ask_the_database_the_same_few_times_whatever_the_length(office):
    def asked(path: str) -> int:
        """The fewest of three: settings and names are read every few seconds, whichever page is open then."""
        counts = []
        for _time in range(3):
            with counted(office.app) as statements:
                assert office.open(path).status == 200
            counts.append(len(statements))
        return min(counts)

    manager = make_manager(regions=("NL",), owner=office.user)
    save_all(new_manager(regions=("NL",)) for _number in range(9))
    lists = ("/managers", "/managers?q=alden", "/managers?region=NL&state=released", "/managers?sort=newest")
    few = [asked(path) for path in lists]
    save_all(new_manager(regions=("NL", "BE")) for _number in range(290))

    assert [asked(path) for path in lists] == few
    assert max(few) <= 6
    assert asked(f"/managers/{manager.id}") <= 8


def test_only_what_differs_is_marked_when_two_save(office):
    manager = make_manager(owner=office.user, is_newcomer=False, rate=Decimal(1300))
    mine = office.open(f"/managers/{manager.id}/edit")
    office.open(f"/managers/{manager.id}/edit").fill(city="Bremen").submit()

    page = mine.fill(city="Kiel").submit()

    assert page.status == 409
    assert re.findall(r'<legend id="both-([\w-]+)"', page.text) == ["city"]


def test_the_page_says_how_the_admission_stands(office):
    manager = make_manager(state="follow_up_2", owner=office.user)
    save(
        AdmissionCase(manager_id=manager.id, entered_state_at=LONG_AGO, stages_used=2, repeated=False, next_on=date(2026, 3, 19))
    )

    shown = office.open(f"/managers/{manager.id}").text
    assert "Follow-up 2, stage 2 of 3" in shown and "Next date: " in shown and f'href="/admission/{manager.id}"' in shown

    office.open(f"/admission/{manager.id}/steps/halt").fill(reason="Im Urlaub").submit()
    assert "The clock stands still" in office.open(f"/managers/{manager.id}").text


@pytest.mark.parametrize(
    ("state", "words", "link"),
    [
        ("in_review", "Review the papers", "/review"),
        ("follow_up_1", "Wait for new papers", ""),
        ("interview", "Plan the interview", ""),
    ],
)
def test_what_is_owed_in_the_admission_is_the_next_step(office, state, words, link):
    manager = make_manager(state=state, owner=office.user)
    save(
        AdmissionCase(manager_id=manager.id, entered_state_at=LONG_AGO, stages_used=1, repeated=False, next_on=date(2026, 3, 19))
    )

    shown = office.open(f"/managers/{manager.id}").text

    assert "No next step is set" not in shown
    assert re.search(rf'<a class="fw-semibold" href="/admission/{manager.id}{link}">{words}[^<]*</a> .*?Thu 19 March', shown)
