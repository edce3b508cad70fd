"""Fields copied from a first form, and the session cookie that was seen before: nothing of one request reaches another."""

from __future__ import annotations

from contextlib import contextmanager
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from flask import g
from wtforms import StringField

from app.web.common_forms import ManyOf, OneOf, options
from app.web.forms import BaseForm, NotBlank
from tests.factories import make_manager

PLACES = {"kai": "Quay", "werft": "Yard"}


class PlaceForm(BaseForm):
    name = StringField("Name", [NotBlank()])
    place = OneOf("Place", choices=options(PLACES))
    places = ManyOf("Places", choices=options(PLACES))


@contextmanager
def posted(app, **fields):
    with app.test_request_context("/", method="POST", data=fields):
        g.csrf_valid = True
        yield


def test_what_was_typed_in_one_form_is_not_in_the_next(app):
    with posted(app, name="Feldhusen", place="kai"):
        assert PlaceForm.for_request().name.data == "Feldhusen"

    with posted(app, place="kai"):
        assert not PlaceForm.for_request().name.data


def test_an_error_in_one_form_is_not_in_the_next(app):
    with posted(app, name=" ", place="kai"):
        refused = PlaceForm.for_request()
        assert not refused.validate() and refused.name.errors

    with posted(app, name="Feldhusen", place="kai"):
        form = PlaceForm.for_request()
        assert form.validate() and not form.name.errors


def test_choices_offered_in_one_form_are_not_in_the_next(app):
    with app.test_request_context("/"):
        PlaceForm.for_request().place.choices = options({"insel": "Island"})
        assert [offered.value for offered in PlaceForm.for_request().place.choices] == ["kai", "werft"]


def test_two_forms_of_one_page_hold_their_own(app):
    with app.test_request_context("/"):
        first, second = PlaceForm.for_request(name="Priel"), PlaceForm.for_request(name="Siel")
        assert (first.name.data, second.name.data) == ("Priel", "Siel")
        assert first.name._form is first


@pytest.mark.parametrize(
    ("fields", "accepted"),
    [
        ({"place": "kai"}, True),
        ({"place": "nirgends"}, False),
        ({"place": ""}, False),
        ({}, False),
        ({"place": "kai", "places": ["kai", "werft"]}, True),
        ({"place": "kai", "places": ["kai", "nirgends"]}, False),
    ],
)
def test_a_choice_is_one_of_those_offered(app, fields, accepted):
    with posted(app, name="Feldhusen", **fields):
        assert PlaceForm.for_request().validate() is accepted


def test_a_cookie_seen_before_is_still_refused_once_it_was_changed(office):
    office.open("/managers")
    cookie = office.client.get_cookie("lotse").value
    office.client.set_cookie("lotse", cookie[:-2] + ("aa" if cookie[-2:] != "aa" else "bb"))

    assert office.client.get("/managers").status_code in (302, 303)


def test_a_cookie_seen_before_grows_too_old(app, office):
    office.open("/managers")
    longest = app.permanent_session_lifetime

    with time_machine.travel(datetime.now(UTC) + longest + timedelta(hours=1), tick=False):
        assert office.client.get("/managers").status_code in (302, 303)


@pytest.mark.sql
def test_a_manager_just_entered_is_named_on_the_page_that_follows(office, clock):
    page = office.open("/managers/new").fill(first_name="Wiebke", last_name="Feldhusen").submit()
    assert "Wiebke Feldhusen is entered as ID" in page.text

    clock.move(timedelta(minutes=3))
    assert "is entered as ID" not in office.open(page.path).text


@pytest.mark.sql
def test_who_is_entered_twice_is_shown_to_who_enters(office):
    known = make_manager(first_name="Wiebke", last_name="Feldhusen")

    page = office.open("/managers/new").fill(first_name="Wiebke", last_name="Feldhusen").submit()

    assert f'href="/managers/{known.id}"' in page.text
