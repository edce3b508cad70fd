from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest

from config import Config
from tests.servers import MailServer


@pytest.fixture
def server() -> Iterator[MailServer]:
    """A real SMTP server."""
    with MailServer() as server:
        yield server


@pytest.fixture
def config(config: Config, server: MailServer) -> Config:
    return replace(config, mail_url=server.url, mail_timeout=2, mail_from="post@hafenkontor.example")
