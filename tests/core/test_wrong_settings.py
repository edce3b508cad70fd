"""A wrong value of the environment stops the start with a sentence that names it."""

from __future__ import annotations

import pytest

from config import Config, WrongSetting


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("PUBLIC_URL", "http://[abc"),
        ("PUBLIC_URL", "http://lotse.example:abc"),
        ("PUBLIC_URL", "lotse.example"),
        ("MAIL_URL", "smtp://[abc"),
        ("MAIL_URL", "smtp://mail.example:99999"),
        ("MAIL_TIMEOUT", "soon"),
        ("SCHEDULER", "on"),
        ("TRUSTED_PROXIES", "10.0.0.300"),
    ],
)
def test_the_sentence_names_the_setting(name, value):
    with pytest.raises(WrongSetting, match=name):
        Config.from_environment({"DATABASE_URL": "sqlite:///:memory:", "SECRET_KEY": "x" * 40, name: value})
