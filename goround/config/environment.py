"""Typed readings of environment variables that fail loudly and name what is allowed."""

from __future__ import annotations

import os
from pathlib import Path
from urllib.parse import unquote, urlsplit


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
