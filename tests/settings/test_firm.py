"""The firm's settings: every number with its words and default, refusals at the field, two administrators at once."""

from __future__ import annotations

from dataclasses import fields

import pytest
import sqlalchemy as sa

from app.core.errors import RuleViolation
from app.db import db, unit_of_work
from app.settings import actions, queries, texts
from app.settings.models import FirmSetting
from app.settings.rules import NAMES, Firm, bounds_of
from tests.factories import make_user
from tests.office import Office

pytestmark = pytest.mark.sql


def test_every_setting_has_words_and_fits_its_own_bounds():
    named = [name for _heading, _note, names in texts.GROUPS for name in names]

    assert sorted(named) == sorted(NAMES)
    for field in fields(Firm):
        value = getattr(Firm(), field.name)
        for number in value if isinstance(value, tuple) else (value,):
            if isinstance(number, int):
                least, most = bounds_of(field.name)
                assert least <= number <= most, field.name


def test_the_page_shows_each_number_with_its_default(administrator):
    page = administrator.open("/settings/firm")

    assert 'name="talk_every_days"' in page.text
    assert "Default: 42." in page.text
    assert "Default: 60, 30." in page.text


def test_saving_the_page_as_shown_keeps_nothing(administrator):
    assert administrator.open("/settings/firm").submit().status == 200

    assert db.session.scalar(sa.select(sa.func.count()).select_from(FirmSetting)) == 0


def test_a_change_is_in_force_at_once_and_only_what_differs_is_kept(administrator):
    administrator.open("/settings/firm").fill(
        name="Hafenkontor Interim", region="DE-HH", free_days="12-24, 12-31 01-02", decide_before_end_days="90,45", talk_every_days="28", digest_at="08:15"
    ).submit()  # fmt: skip

    db.session.rollback()
    firm = queries.fresh()
    assert (firm.name, firm.region, firm.talk_every_days, firm.digest_at) == ("Hafenkontor Interim", "DE-HH", 28, "08:15")
    assert firm.free_days == ("12-24", "12-31", "01-02")
    assert firm.decide_before_end_days == (90, 45)
    assert db.session.scalar(sa.select(sa.func.count()).select_from(FirmSetting)) == 6
    assert queries.firm() == firm

    administrator.open("/settings/firm").fill(talk_every_days="42").submit()
    db.session.rollback()
    assert queries.fresh().talk_every_days == 42


@pytest.mark.parametrize("field, value, words", [
    ("talk_every_days", "0", "between 1 and 1000"),
    ("talk_every_days", "", "This field is required."),
    ("talk_every_days", "soon", "Not a valid integer value"),
    ("talk_every_days", "9" * 30, "between 1 and 1000"),
    ("free_days", "24.12.", "is not a day of the year"),
    ("free_days", "02-30", "no year has"),
    ("decide_before_end_days", "60, x", "is no number from"),
    ("digest_at", "02:30", "Nothing is scheduled between 2:00 and 3:00"),
    ("digest_at", "25:00", "is not a time of day"),
    ("digest_until", "07:00", "must be later"),
    ("mailbox", "nowhere", "not a mail address"),
    ("zone", "Mars/Olympus", "Not a valid choice"),
    ("name", " ", "Please fill this in."),
])  # fmt: skip
def test_wrong_input_is_refused_at_its_field_and_nothing_is_kept(administrator, field, value, words):
    refused = administrator.open("/settings/firm").fill(**{"aftercare_days": "77", field: value}).submit()

    assert refused.status == 422
    assert words in refused.text
    assert f'id="{field}-error"' in refused.text
    assert 'value="77"' in refused.text
    db.session.rollback()
    assert queries.fresh() == Firm()


def test_two_administrators_at_once_the_second_sees_both_versions(app, administrator):
    other = Office(app, make_user(role="administrator"))
    mine = administrator.open("/settings/firm").fill(talk_every_days="21")
    other.open("/settings/firm").fill(talk_every_days="35").submit()

    conflict = mine.submit()

    assert conflict.status == 409
    assert "35" in conflict.text
    assert "21" in conflict.text
    db.session.rollback()
    assert queries.fresh().talk_every_days == 35


def test_a_version_made_up_is_a_conflict_and_no_crash(administrator):
    assert administrator.open("/settings/firm").fill(version="nonsense").submit().status == 409


def test_only_administrators_open_it(office, lead):
    assert office.open("/settings/firm").status == 403
    assert lead.open("/settings/firm").status == 403


def test_an_unknown_setting_is_a_bug(app):
    with pytest.raises(KeyError), unit_of_work():
        actions.change({"colour": "pink"})
    with pytest.raises(RuleViolation), unit_of_work():
        actions.change({"region": "XX"})
