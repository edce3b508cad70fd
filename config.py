"""Settings by environment. A wrong value stops the start with a sentence that names it.

Names and defaults: docs/operations.md.
"""

from __future__ import annotations

import ipaddress
import os
import re
import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import SplitResult, urlsplit

ROOT = Path(__file__).resolve().parent


class WrongSetting(Exception):
    """A setting of the environment cannot be used; the message names it."""


@dataclass(frozen=True)
class Config:
    """All that the environment decides. `from_environment` reads it; tests build it directly."""

    database_url: str
    secret_key: str
    public_url: str = "http://127.0.0.1:8000"
    mail_url: str = "file:instance/mail"
    mail_timeout: int = 30  # seconds for one letter, from connecting to the last reply
    mail_from: str = "lotse@localhost.localdomain"
    files_url: str = str(ROOT / "instance" / "files")
    scheduler: str = "off"  # "inprocess" or "off"
    clock_offset: int = 0  # seconds added to the clock
    trusted_proxies: tuple[str, ...] = ()
    backup_dir: str = ""  # where backups lie; empty: see `backups`
    metrics: str = ""  # HOST:PORT where Prometheus reads this process's metrics; empty: nowhere
    metrics_token: str = ""
    require_mfa: str = "auto"  # "auto": administrators and leads; "off"
    testing: bool = False
    flask: Mapping[str, Any] = field(default_factory=dict)  # further Flask settings, for tests

    @property
    def backups(self) -> str:
        """The folder of backups: beside a SQLite database, else in instance/."""
        if self.backup_dir:
            return self.backup_dir
        path = self.database_url.removeprefix("sqlite:///")
        in_file = path != self.database_url and path not in ("", ":memory:")
        return str((Path(path).parent if in_file else ROOT / "instance") / "backups")

    @property
    def is_https(self) -> bool:
        return self.public_url.startswith("https://")

    @classmethod
    def from_environment(cls, environ: Mapping[str, str] = os.environ) -> Config:
        """Read the environment; raise WrongSetting with a sentence for a value that cannot be used."""
        get = lambda name, default="": environ.get(name, "").strip() or default  # noqa: E731
        public_url = get("PUBLIC_URL", f"http://{get('HOST', '127.0.0.1')}:{get('PORT', '8000')}").rstrip("/")
        return cls(
            database_url=_database_url(get("DATABASE_URL")),
            secret_key=get("SECRET_KEY") or _kept_secret(),
            public_url=_http_url("PUBLIC_URL", public_url),
            mail_url=_mail_url(get("MAIL_URL", "file:instance/mail")),
            mail_timeout=_whole("MAIL_TIMEOUT", get("MAIL_TIMEOUT", "30"), 1, 600),
            mail_from=_address("MAIL_FROM", get("MAIL_FROM", "lotse@localhost.localdomain")),
            files_url=_files_url(get("FILES_URL", str(ROOT / "instance" / "files")), get),
            scheduler=_one_of("SCHEDULER", get("SCHEDULER", "off"), ("inprocess", "off")),
            clock_offset=_whole("LOTSE_CLOCK_OFFSET", get("LOTSE_CLOCK_OFFSET", "0"), -(10**10), 10**10),
            trusted_proxies=_networks(get("TRUSTED_PROXIES")),
            backup_dir=_folder("BACKUP_DIR", get("BACKUP_DIR")),
            metrics=_metrics(get("METRICS"), get("METRICS_TOKEN")),
            metrics_token=_token("METRICS_TOKEN", get("METRICS_TOKEN")),
            require_mfa=_one_of("REQUIRE_MFA", get("REQUIRE_MFA", "auto"), ("auto", "off")),
        )


def _database_url(value: str) -> str:
    if not value:
        folder = ROOT / "instance"
        folder.mkdir(exist_ok=True)
        return f"sqlite:///{folder / 'lotse.sqlite3'}"
    for short in ("postgres://", "postgresql://"):
        if value.startswith(short):
            return "postgresql+psycopg://" + value.removeprefix(short)
    if value.startswith("sqlite:///"):
        path = value.removeprefix("sqlite:///")
        if path.startswith("/") or path in ("", ":memory:"):
            return value
        return f"sqlite:///{ROOT / path}"
    if value.startswith("postgresql+psycopg://"):
        return value
    raise WrongSetting("DATABASE_URL must begin with sqlite:/// or postgresql://.")


def _kept_secret() -> str:
    """Return the key kept in instance/; make it once, readable by the owner alone."""
    path = ROOT / "instance" / "secret_key"
    path.parent.mkdir(exist_ok=True)
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        kept = path.read_text().strip()
        if len(kept) < 32:
            raise WrongSetting("The key in instance/secret_key is too short; remove the file, or set SECRET_KEY.") from None
        return kept
    key = secrets.token_urlsafe(48)
    with os.fdopen(handle, "w") as file:
        file.write(key + "\n")
    return key


def _http_url(name: str, value: str) -> str:
    parts = _parts(name, value)
    if parts.scheme not in ("http", "https") or not parts.hostname or parts.path.strip("/") or parts.query:
        raise WrongSetting(f"{name} must be an address such as https://lotse.example.org, without a path: {value!r}.")
    return value


def _mail_url(value: str) -> str:
    if value.startswith("file:"):
        folder = Path(value.removeprefix("file:").removeprefix("//") or "instance/mail")
        return f"file:{folder if folder.is_absolute() else ROOT / folder}"
    parts = _parts("MAIL_URL", value)
    if parts.scheme not in ("smtp", "smtp+starttls", "smtps") or not parts.hostname:
        raise WrongSetting("MAIL_URL must be smtp://, smtp+starttls:// or smtps:// with a host, or file:FOLDER.")
    return value


def _parts(name: str, value: str) -> SplitResult:
    """Return the parts of an address; the value stays out of the sentence, for it may hold a password."""
    try:
        parts = urlsplit(value)
    except ValueError:
        raise WrongSetting(f"{name} is not an address: its host cannot be read.") from None
    try:
        parts.port  # noqa: B018 - a property that checks
    except ValueError:
        raise WrongSetting(f"{name} names a port that is no number from 1 to 65535.") from None
    return parts


def _files_url(value: str, get: Callable[[str], str]) -> str:
    if value.startswith("s3://"):
        return _bucket(value, get)
    if "://" in value:
        raise WrongSetting("FILES_URL must be a folder or s3://bucket.")
    folder = Path(value)
    return str(folder if folder.is_absolute() else ROOT / folder)


def _folder(name: str, value: str) -> str:
    if "://" in value:
        raise WrongSetting(f"{name} must be a folder.")
    return str(ROOT / value) if value else ""


def _bucket(value: str, get: Callable[[str], str]) -> str:
    """Look at what the storage's library reads from the environment by itself, so that it does not fail in the midst of work."""
    if not re.fullmatch(r"s3://[a-z0-9][a-z0-9.-]{1,61}[a-z0-9](/[A-Za-z0-9._/-]*)?", value):
        raise WrongSetting(
            "FILES_URL must be a folder, s3://bucket or s3://bucket/folder; a bucket's name has small letters, digits, - and dots."
        )
    for name in ("AWS_ENDPOINT_URL", "AWS_ENDPOINT_URL_S3"):
        if get(name):
            parts = _parts(name, get(name))
            if parts.scheme not in ("http", "https") or not parts.hostname:
                raise WrongSetting(f"{name} must be the storage's address, such as https://storage.example.org.")
    keys = [name for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY") if not get(name)]
    if keys and not any(get(name) for name in _OTHER_CREDENTIALS):
        raise WrongSetting(f"FILES_URL names a bucket, so {' and '.join(keys)} must be set too.")
    return value


# Machines at Amazon may get their keys from one of these.
_OTHER_CREDENTIALS = (
    "AWS_WEB_IDENTITY_TOKEN_FILE",
    "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI",
    "AWS_CONTAINER_CREDENTIALS_FULL_URI",
    "AWS_METADATA_ENDPOINT",
)


def _metrics(value: str, token: str) -> str:
    """Return HOST:PORT; whoever else than this machine can reach the address needs a token."""
    if not value:
        return ""
    parts = _parts("METRICS", f"//{value}")
    if not parts.hostname or not parts.port or parts.path or parts.query or parts.username is not None:
        raise WrongSetting(f"METRICS must be HOST:PORT, such as 127.0.0.1:9100: {value!r}.")
    try:
        is_ours = parts.hostname == "localhost" or ipaddress.ip_address(parts.hostname).is_loopback
    except ValueError:
        is_ours = False
    if not is_ours and not token:
        raise WrongSetting(f"METRICS names {parts.hostname}, which other machines can reach: set METRICS_TOKEN too.")
    return value


def _token(name: str, value: str) -> str:
    if value and (len(value) < 16 or not value.isascii() or not value.isprintable() or " " in value):
        raise WrongSetting(f"{name} must be at least 16 letters, digits and signs without a space.")
    return value


def _whole(name: str, value: str, least: int, most: int) -> int:
    try:
        number = int(value)
    except ValueError:
        raise WrongSetting(f"{name} must be a whole number: {value!r}.") from None
    if not least <= number <= most:
        raise WrongSetting(f"{name} must lie between {least} and {most}: {value!r}.")
    return number


def _one_of(name: str, value: str, choices: tuple[str, ...]) -> str:
    if value not in choices:
        raise WrongSetting(f"{name} must be one of {', '.join(choices)}: {value!r}.")
    return value


def _address(name: str, value: str) -> str:
    if value.count("@") != 1 or any(c.isspace() or c in "<>,;" for c in value) or not all(value.split("@")):
        raise WrongSetting(f"{name} must be one mail address: {value!r}.")
    return value


def _networks(value: str) -> tuple[str, ...]:
    given = tuple(part.strip() for part in value.split(",") if part.strip())
    for part in given:
        try:
            ipaddress.ip_network(part, strict=False)
        except ValueError:
            raise WrongSetting(f"TRUSTED_PROXIES holds {part!r}, which is no address or network.") from None
    return given
