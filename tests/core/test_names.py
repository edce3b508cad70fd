"""How people are addressed and found: docs/domain.md, "People"."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.core.names import fold, fold_company, full_name, salutation, searchable, short_address, sort_name, split_name, spoken_to


@pytest.mark.parametrize(
    ("language", "form", "title", "first", "particle", "last", "country", "line"),
    [
        ("de", "frau", "Dr.", "Anneke", None, "Roelofs", "NL", "Sehr geehrte Frau Dr. Roelofs"),
        ("de", "herr", None, "Volker", "von", "Zumkley", "DE", "Sehr geehrter Herr von Zumkley"),
        ("de", None, "Dr.", "Jürgen", None, "Maaßdorf", "DE", "Guten Tag, Jürgen Maaßdorf"),
        ("de", "neither", None, "Eike", None, "Rickmers", "DE", "Guten Tag, Eike Rickmers"),
        ("nl", "frau", None, "Nienke", "van der", "Berg", "NL", "Geachte mevrouw Van der Berg"),
        ("nl", "herr", None, "Pieter", "van", "Haverkate", "BE", "Geachte heer van Haverkate"),
        ("nl", "herr", None, "Pieter", "van", "Haverkate", None, "Geachte heer Van Haverkate"),
        ("nl", None, None, "Anneke", None, "Roelofs", "NL", "Geachte Anneke Roelofs"),
        ("nl", None, None, "Jan", "van der", "Berg", "NL", "Geachte Jan van der Berg"),
        ("nl", None, None, None, "van der", "Berg", "NL", "Geachte Van der Berg"),
        ("en", "frau", None, "Anneke", None, "Roelofs", "NL", "Dear Ms Roelofs"),
        ("en", "herr", "Dr.", "Rainer", None, "Osterkamp", "DE", "Dear Dr. Osterkamp"),
        ("en", None, None, "Anneke", None, "Roelofs", "NL", "Dear Anneke Roelofs"),
    ],
)
def test_a_letter_begins_as_the_person_is_addressed(language, form, title, first, particle, last, country, line):
    assert salutation(language, form, title, first, particle, last, country) == line


def test_a_person_is_spoken_of_by_form_and_name_or_by_the_full_name():
    assert short_address("nl", "frau", None, "Nienke", "van der", "Berg", "NL") == "mevrouw Van der Berg"
    assert short_address("de", None, None, "Eike", None, "Rickmers") == "Eike Rickmers"
    assert short_address("nl", "herr", None, "Jan", "van der", "Berg", "NL") == "de heer Van der Berg"


def test_a_greeting_speaks_to_a_person():
    assert spoken_to("nl", "herr", None, "Jan", "van der", "Berg", "NL") == "meneer Van der Berg"
    assert spoken_to("nl", "frau", None, "Nienke", "van der", "Berg", "NL") == "mevrouw Van der Berg"
    assert spoken_to("nl", None, None, "Nienke", "van der", "Berg", "NL") == "Nienke van der Berg"
    assert spoken_to("de", "herr", "Dr.", "Jan", None, "Reekers") == "Herr Dr. Reekers"


@pytest.mark.parametrize(
    ("typed", "parts"),
    [
        ("Prof. Dr. Jan van der Berg", ("Prof. Dr.", "Jan", "van der", "Berg")),
        ("Henrike Aldenhoff", (None, "Henrike", None, "Aldenhoff")),
        ("Aldenhoff", (None, None, None, "Aldenhoff")),
        ("van der Berg", (None, None, "van der", "Berg")),
        ("", (None, None, None, "")),
    ],
)
def test_a_name_typed_in_one_field_is_proposed_in_parts(typed, parts):
    assert split_name(typed) == parts


def test_particles_do_not_count_for_sorting():
    assert sort_name("Anneke", "Berg") == "berg anneke"


@pytest.mark.parametrize(
    ("name", "folded"),
    [
        ("Velbrink GmbH & Co. KG", "velbrink"),
        ("Oosterschans B.V.", "oosterschans"),
        ("AG", "ag"),
        ("Blauwhaven N.V.", "blauwhaven"),
    ],
)
def test_legal_forms_fall_off_company_names(name, folded):
    assert fold_company(name) == folded


@given(st.text(max_size=60))
def test_folding_is_plain_and_stable(text):
    folded = fold(text)

    assert folded == fold(folded) and folded.isascii() and folded == folded.strip()
    assert folded in searchable(text)


@given(st.text(alphabet="abcdefghäöüß ", min_size=1, max_size=20), st.text(alphabet="abcdefgh", min_size=1, max_size=20))
def test_a_full_name_holds_its_parts(first, last):
    assert last in full_name(None, first, None, last)
