"""A column that holds several short words, such as languages or interests.

Kept as text (``;es;en;``) rather than JSON or a join: it works alike on SQLite and
PostgreSQL, one value is found with a plain LIKE, and 40,000 imported rows stay one insert
each. ``has`` asks for one value: ``Parent.objects.filter(languages__has="es")``.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db import models
from django.db.models import lookups


class SeveralField(models.TextField):  # type: ignore[type-arg]
    """Python sees a tuple of strings, in the order given."""

    # What the type checker is told about reading and setting.
    _pyi_private_set_type: Iterable[str]  # type: ignore[assignment]
    _pyi_private_get_type: tuple[str, ...]  # type: ignore[assignment]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("blank", True)
        kwargs.setdefault("default", tuple)
        super().__init__(*args, **kwargs)

    def from_db_value(self, value: str | None, *_: Any) -> tuple[str, ...]:
        return tuple(part for part in (value or "").split(";") if part)

    def to_python(self, value: Any) -> tuple[str, ...]:
        if isinstance(value, str):
            return tuple(part.strip() for part in value.split(";") if part.strip())
        return tuple(value or ())

    def get_prep_value(self, value: Any) -> str:
        words = self.to_python(value)
        return f";{';'.join(words)};" if words else ""

    def value_to_string(self, obj: models.Model) -> str:
        return ";".join(self.value_from_object(obj))


@SeveralField.register_lookup
class Has(lookups.Contains):
    """True where the column holds exactly this word among its words."""

    lookup_name = "has"

    def get_prep_lookup(self) -> str:
        return f";{self.rhs};"

    def get_rhs_op(self, connection: Any, rhs: str) -> str:
        # Databases know operators by the names of Django's own lookups.
        operator: str = connection.operators["contains"]
        return operator % rhs


def words(values: Iterable[str]) -> tuple[str, ...]:
    """The values, each once, in the order first seen."""
    return tuple(dict.fromkeys(values))
