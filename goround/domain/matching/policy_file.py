"""The policy as TOML: sizes, facilitators per group and weights, by the names of ``Policy``."""

from __future__ import annotations

import tomllib
from dataclasses import fields
from typing import Any, Final

from goround.domain.matching.problem import Policy

_KEYS: Final = {field.name: field.type for field in fields(Policy)}


class PolicyError(ValueError):
    """The policy file cannot be used."""


def read_policy(text: str, *, default: Policy | None = None, file: str = "policy") -> Policy:
    """The policy in a TOML text; keys it leaves out come from ``default``."""
    try:
        data = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise PolicyError(f"{file} is not readable as TOML: {error}") from None
    base = default or Policy()
    values = {name: getattr(base, name) for name in _KEYS}
    for key, value in data.items():
        values[key] = _checked(key, value, file)
    try:
        return Policy(**values)
    except ValueError as error:
        raise PolicyError(f"{file}: {error}") from None


def _checked(key: str, value: Any, file: str) -> int | float:
    if key not in _KEYS:
        raise PolicyError(f"{file}: unknown key {key!r}; known are {', '.join(_KEYS)}")
    whole = _KEYS[key] == "int"
    if isinstance(value, bool) or not isinstance(value, int if whole else (int, float)):
        wanted = "a whole number" if whole else "a number"
        raise PolicyError(f"{file}: {key} is {value!r}; it must be {wanted}")
    return int(value) if whole else float(value)
