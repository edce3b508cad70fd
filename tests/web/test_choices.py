"""Fields that offer a choice: a blank is no choice, and nothing else than what is offered comes through."""

from __future__ import annotations

from contextlib import contextmanager

import pytest
from flask import g
from wtforms import SelectField, SelectMultipleField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import Optional

from app.web.forms import BaseForm
from tests.factories import make_mandate, reload

BERTHS = [SelectChoice("", "Please choose"), SelectChoice("1", "Quay"), SelectChoice("2", "Yard")]


class BerthForm(BaseForm):
    berth = SelectField("Berth", [Optional()], choices=BERTHS)
    others = SelectMultipleField("Others", [Optional()], choices=BERTHS[1:])


@contextmanager
def posted(app, **fields):
    with app.test_request_context("/", method="POST", data=fields):
        g.csrf_valid = True
        yield BerthForm.for_request()


@pytest.mark.parametrize("blank", ["", " ", "\t\n"])
def test_a_blank_is_nothing_chosen(app, blank):
    with posted(app, berth=blank, others=[blank, "2"]) as form:
        assert form.submitted()
        assert form.berth.data == ""
        assert form.others.data == ["2"]


def test_beside_a_blank_only_what_is_offered_comes_through(app):
    with posted(app, others=["", "3"]) as form:
        assert not form.submitted()
        assert form.others.errors


def test_a_mandate_is_kept_where_a_program_posts_blanks(office):
    mandate = make_mandate(owner=office.user, signed=False)

    page = office.open(f"/mandates/{mandate.id}/edit").fill(colleague_ids=["", " "], contact_id=" ", title="Anders").submit()

    assert page.status == 200
    assert reload(mandate).title == "Anders"
