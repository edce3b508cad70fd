"""What WTForms says by itself is said in the reader's language, all of it."""

from __future__ import annotations

from pathlib import Path

import pytest
import wtforms
from babel.messages.pofile import read_po

from app.web.form_texts import FORM_TEXTS

LOCALES = Path(wtforms.__file__).parent / "locale"


def messages() -> list[str | tuple[str, str]]:
    with (LOCALES / "wtforms.pot").open("rb") as file:
        return [message.id for message in read_po(file) if message.id]


@pytest.mark.parametrize("language", ["de", "nl"])
@pytest.mark.parametrize("message", messages(), ids=str)
def test_each_message_is_translated(app, language, message):
    with app.test_request_context(f"/login?lang={language}"):
        if isinstance(message, tuple):
            assert FORM_TEXTS.ngettext(*message, 1) not in message
            assert FORM_TEXTS.ngettext(*message, 2) not in message
        else:
            assert FORM_TEXTS.gettext(message) != message


@pytest.mark.parametrize(
    "language, words",
    [("de", "Bitte füllen Sie dieses Feld aus."), ("nl", "Vul dit veld in."), ("en", "This field is required.")],
)
def test_a_field_left_empty_is_refused_in_the_reader_s_language(app, language, words):
    client = app.test_client()
    with app.app_context():
        page = client.get(f"/login?lang={language}").get_data(as_text=True)
    token = page.split('name="csrf_token" type="hidden" value="')[1].split('"')[0]
    with app.app_context():
        answer = client.post(f"/login?lang={language}", data={"csrf_token": token, "email": "k@example.org", "password": ""})

    assert words in answer.get_data(as_text=True)
