"""Typed readings of environment variables that fail loudly and name what is allowed."""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import NamedTuple
from urllib.parse import SplitResult, unquote, urlsplit


class SettingError(Exception):
    """An environment variable holds something Goround cannot work with."""


def text(name: str, default: str | None = None) -> str:
    value = os.environ.get(name, "").strip()
    if value:
        return value
    if default is None:
        raise SettingError(f"{name} is not set; it must have a value.")
    return default


def one_of(name: str, allowed: tuple[str, ...], default: str) -> str:
    value = text(name, default)
    if value not in allowed:
        raise SettingError(f"{name} is {value!r}; it must be one of {', '.join(allowed)}.")
    return value


def whole_number(name: str, default: int) -> int:
    value = text(name, str(default))
    try:
        return int(value)
    except ValueError:
        raise SettingError(f"{name} is {value!r}; it must be a whole number.") from None


def yes_or_no(name: str, default: bool) -> bool:
    value = text(name, "yes" if default else "no").lower()
    if value in {"yes", "true", "1"}:
        return True
    if value in {"no", "false", "0"}:
        return False
    raise SettingError(f"{name} is {value!r}; it must be yes or no.")


def several(name: str, default: tuple[str, ...] = ()) -> list[str]:
    value = text(name, ",".join(default) or " ")
    return [part.strip() for part in value.split(",") if part.strip()]


def key_file(name: str, default: Path | None) -> Path:
    if default is None and not os.environ.get(name, "").strip():
        raise SettingError(
            f"{name} is not set; it must say where the key file is that unlocks contact details, "
            "outside the database and its backups. Name a place that only Goround's own account "
            "can read, and on a new server make the file there: goround keys new"
        )
    return Path(text(name, str(default))).absolute()


def database(name: str, default: str) -> dict[str, object]:
    """Django's database settings from ``sqlite:///path`` or ``postgresql://user:pw@host/db``.

    A socket folder goes into the query: ``postgresql:///goround?host=/run/postgresql``.
    """
    url = text(name, default)
    parts = urlsplit(url)
    if parts.scheme == "sqlite":
        return _sqlite(Path(unquote(parts.path[1:])))
    if parts.scheme in {"postgresql", "postgres"}:
        return _postgresql(url)
    raise SettingError(
        f"{name} starts with {parts.scheme + ':' if parts.scheme else url[:10]!r}; "
        "it must start with sqlite:/// or postgresql://."
    )


def _sqlite(path: Path) -> dict[str, object]:
    # FULL, not NORMAL: at NORMAL a power cut loses commits that were acknowledged.
    # secure_delete: an erased key is written over, not left in a free page of the file.
    return {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": str(path),
        "OPTIONS": {
            "transaction_mode": "IMMEDIATE",
            "timeout": 20,
            "init_command": (
                "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA secure_delete=ON;"
            ),
        },
    }


def _postgresql(url: str) -> dict[str, object]:
    parts = urlsplit(url)
    query = dict(pair.split("=", 1) for pair in parts.query.split("&") if "=" in pair)
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path.lstrip("/")),
        "USER": unquote(parts.username or query.get("user", "")),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": parts.hostname or unquote(query.get("host", "")),
        "PORT": str(parts.port or query.get("port", "")),
        "CONN_MAX_AGE": 60,
        "CONN_HEALTH_CHECKS": True,
    }


class Smtp(NamedTuple):
    """How to reach the mail service that takes our messages."""

    host: str
    port: int
    user: str
    password: str
    # TLS from the first byte, or after STARTTLS; neither only to this same machine.
    ssl: bool
    starttls: bool


SMTP_PORTS = {"smtp": 587, "smtps": 465, "smtp+plain": 25}
THIS_MACHINE = {"localhost", "127.0.0.1", "::1"}


def smtp(name: str) -> Smtp | None:
    """``smtp://user:password@host:587`` (STARTTLS) or ``smtps://…:465`` (TLS); None when not set.

    ``smtp+plain://localhost:25`` goes without encryption, to a mail service on this machine.
    """
    parts = _address(name, text(name, " "))
    if parts is None:
        return None
    if parts.scheme not in SMTP_PORTS:
        raise SettingError(f"{name} must start with smtp://, smtps:// or smtp+plain://.")
    host = parts.hostname or ""
    if not host:
        raise SettingError(f"{name} names no host; an example is smtp://mail.example.org:587.")
    if parts.scheme == "smtp+plain" and host not in THIS_MACHINE:
        raise SettingError(
            f"{name} would carry addresses unencrypted to {host}; smtp+plain:// is for localhost. "
            "Use smtp:// or smtps://."
        )
    return Smtp(
        host,
        parts.port or SMTP_PORTS[parts.scheme],
        unquote(parts.username or ""),
        unquote(parts.password or ""),
        ssl=parts.scheme == "smtps",
        starttls=parts.scheme == "smtp",
    )


def _address(name: str, value: str) -> SplitResult | None:
    if not value.strip():
        return None
    try:
        parts = urlsplit(value)
        parts.port  # noqa: B018  reading it is what finds a port that is no number
    except ValueError:
        # Not shown: it may hold a password.
        raise SettingError(f"{name} cannot be read as an address.") from None
    return parts


def email_address(name: str, default: str | None = None) -> str:
    value = text(name, default)
    if not re.fullmatch(r"[^\s@<>,;]+@[^\s@<>,;]+", value):
        raise SettingError(f"{name} is {value!r}; it must be one address, as in name@example.org.")
    return value


def web_address(name: str, default: str) -> str:
    """``https://groups.example.org``, without a slash at its end."""
    value = text(name, default).rstrip("/")
    parts = _address(name, value)
    if parts is None or parts.scheme not in {"http", "https"} or not parts.hostname:
        raise SettingError(f"{name} is {value!r}; it must be as in https://groups.example.org.")
    return value
