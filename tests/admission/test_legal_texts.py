"""Terms and privacy notice: places, the fee's paragraphs, drafts, and versions that never change."""

from __future__ import annotations

import pytest
import sqlalchemy as sa
from hypothesis import given
from hypothesis import strategies as st

from app.admission import legal
from app.admission import legal_rules as rules
from app.admission.models import LegalEdition, LegalText, RegistrationProof
from app.core.errors import RuleViolation
from app.db import db, unit_of_work
from tests.admission.test_registration import fill, set_fee
from tests.admission.test_registration import visitor as visitor
from tests.factories import make_user
from tests.office import Office

NO_FEE = dict.fromkeys(rules.PLACES, "x") | {"fee": ""}
WITH_FEE = NO_FEE | {"fee": "€180"}


@pytest.mark.parametrize(("text", "values", "shown"), [
    ("A {firm} b", NO_FEE, "A x b"),
    ("One\r\n\r\n[fee] Two\n\nThree", NO_FEE, "One\n\nThree"),
    ("One\n\n[fee] Two\n\nThree", WITH_FEE, "One\n\nTwo\n\nThree"),
    ("It is {fee}.\n\nRest", NO_FEE, "Rest"),
    ("It is {fee}.", WITH_FEE, "It is €180."),
    ("line\nnext", NO_FEE, "line\nnext"),
])  # fmt: skip
def test_places_are_filled_and_without_a_fee_its_paragraphs_are_left_out(text, values, shown):
    assert rules.filled(text, values) == shown


@pytest.mark.parametrize("wrong", ["{price}", "{}", "{ fee}", "{firm.name}"])
def test_an_unknown_place_is_refused_at_its_language(wrong):
    with pytest.raises(RuleViolation) as refused:
        rules.checked(f"Text {wrong}", field="nl")
    assert refused.value.field == "nl"


@pytest.mark.parametrize("missing", ["", "  \n ", "[fee] only of the fee"])
def test_all_three_languages_must_be_there(missing):
    with pytest.raises(RuleViolation) as refused:
        rules.check_whole({"de": "Text", "nl": "Tekst", "en": missing})
    assert refused.value.field == "en"


WORDS = st.text(alphabet="ab \n.äß", max_size=60)


@given(WORDS, WORDS)
def test_a_difference_holds_both_versions_whole(before, after):
    pieces = rules.difference(before, after)

    assert "".join(text for what, text in pieces if what != "new") == before
    assert "".join(text for what, text in pieces if what != "gone") == after


@pytest.fixture
def admin(app) -> Office:
    return Office(app, make_user("administrator"))


def draft(admin: Office, kind: str = "terms", **texts: str) -> None:
    if db.session.scalar(sa.select(LegalEdition.id).where(LegalEdition.in_force_at.is_(None))) is None:
        admin.open("/settings/texts").form(f"{kind}/drafts").submit()
    assert admin.open(f"/settings/texts/{kind}/draft").fill(**texts).submit().status == 200


def put_in_force(admin: Office, kind: str = "terms"):
    return admin.open(f"/settings/texts/{kind}/draft").form("/in-force").submit()


def kept(language: str = "en") -> list[tuple[int, str]]:
    db.session.rollback()
    rows = db.session.execute(
        sa.select(LegalText.number, LegalText.text)
        .where(LegalText.kind == "terms", LegalText.language == language)
        .order_by(LegalText.number)
    )
    return [(number, text) for number, text in rows]


@pytest.mark.sql
def test_a_draft_begins_with_what_is_in_force_and_shows_nowhere_before_it_is(admin, visitor):
    before = visitor.open("/register/terms?lang=en").text
    admin.open("/settings/texts").form("terms/drafts").submit()
    page = admin.open("/settings/texts/terms/draft")
    assert "{withdrawal_days}" in page.text and "[fee]" in page.text
    assert page.text.count("Nothing.") == 3  # changes so far

    draft(admin, en="Only {firm} knows.")

    assert "<del>" in admin.open("/settings/texts/terms/draft").text
    assert visitor.open("/register/terms?lang=en").text == before


@pytest.mark.sql
def test_a_new_version_takes_force_in_all_languages_together_and_the_old_one_stays(admin, visitor):
    fill(visitor)
    [(number, agreed)] = kept()
    draft(admin, de="Neu für {firm}.", nl="Nieuw voor {firm}.", en="New for {firm}.\n\n[fee] It costs {fee}.")

    assert put_in_force(admin).status == 200

    assert kept() == [(number, agreed), (2, "New for Lotse.")]
    assert [text for _number, text in kept("de")] == ["Neu für Lotse."]
    for language, words in (("de", "Neu für Lotse."), ("nl", "Nieuw voor Lotse."), ("en", "New for Lotse.")):
        assert words in visitor.open(f"/register/terms?lang={language}").text
    assert "accept the terms (version 2)" in visitor.open("/register?lang=en").text
    assert db.session.scalars(sa.select(RegistrationProof)).one().terms.text == agreed
    set_fee(180)
    assert "It costs €180." in visitor.open("/register/terms?lang=en").text
    assert "[fee]" not in visitor.open("/register/terms?lang=en").text


@pytest.mark.sql
def test_a_missing_language_holds_all_of_them_back(admin, visitor):
    draft(admin, de="Neu.", nl="", en="New.")

    refused = put_in_force(admin)

    assert (refused.status, "all three take force together" in refused.text) == (422, True)
    assert "New." not in visitor.open("/register/terms?lang=en").text
    assert kept() == []


@pytest.mark.sql
def test_what_was_typed_is_kept_when_a_place_is_wrong(admin):
    admin.open("/settings/texts").form("terms/drafts").submit()
    page = admin.open("/settings/texts/terms/draft").fill(en="Costs {money}").submit()

    assert page.status == 422 and "Costs {money}" in page.text


@pytest.mark.sql
def test_two_administrators_do_not_both_win_and_a_draft_can_be_thrown_away(app, admin):
    admin.open("/settings/texts").form("terms/drafts").submit()
    first, second, third = (admin.open("/settings/texts/terms/draft") for _time in range(3))
    first.fill(en="First").submit()

    assert second.fill(en="Second").submit().status == 409
    assert third.form("/in-force").submit().status == 409
    admin.open("/settings/texts/terms/draft").form("/discarded").submit()
    assert admin.open("/settings/texts/terms/draft").status == 404


@pytest.mark.sql
def test_versions_can_be_read_with_their_difference_and_how_many_agreed(admin, visitor):
    fill(visitor)
    draft(admin, de="Neu.", nl="Nieuw.", en="There is no claim to anything.")
    put_in_force(admin)

    assert "Version 2" in admin.open("/settings/texts/terms/en").text
    first, second = (admin.open(f"/settings/texts/terms/en/{number}").text for number in (1, 2))
    assert "one person" in first and "0 people" in second
    assert "<ins>" in second and "<del>" in second
    for path in ("terms/en/3", "terms/fr", "other/en", "terms/en/99999999999", "other/draft"):
        assert admin.open(f"/settings/texts/{path}").status == 404


@pytest.mark.sql
@pytest.mark.parametrize("role", ["lead", "consultant", "assistant", "auditor"])
def test_only_administrators_see_and_change_them(app, role):
    assert Office(app, make_user(role)).open("/settings/texts").status == 403


@pytest.mark.sql
@pytest.mark.parametrize("language", ["de", "nl", "en"])
def test_the_built_in_wording_has_no_place_left_open(app, language):
    with unit_of_work():
        for kind in ("terms", "privacy"):
            assert "{" not in legal.in_force(kind, language).text
            assert "%(" not in legal.template(kind, language)
            rules.checked(legal.template(kind, language), field=language)
