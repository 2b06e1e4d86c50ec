"""A problem as plain data, for keeping with the search that it was for.

What equals its default is left out: most parents have said little, and a page reads this.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import MISSING, Field, fields
from functools import lru_cache
from typing import Any, TypeVar

from goround.apps.formation.models import Search
from goround.apps.keys.content import lock_text, unlock_text
from goround.domain.matching.problem import Facilitator, Parent, Policy, Problem, Span, Venue

Row = TypeVar("Row", Parent, Venue, Facilitator, Policy)

_PLACE = {"table": "formation_search", "column": "problem"}

# Hundreds of parents share a few dozen hours.
span_of = lru_cache(maxsize=4096)(Span.parse)


def lock_problem(problem: Problem, search: Search) -> bytes:
    """Locked with the organisation's key: it holds coarse homes, and who is kept apart."""
    return lock_plain(problem_to_json(problem), search)


def problem_of(search: Search) -> Problem:
    """The facts that a search began with."""
    return problem_from_json(plain_problem_of(search))


def lock_plain(data: Mapping[str, Any], search: Search) -> bytes:
    text = json.dumps(data, separators=(",", ":"))
    return lock_text(text, organisation_id=search.organisation_id, row=search.pk, **_PLACE)


def plain_problem_of(search: Search) -> dict[str, Any]:
    """The facts as plain data; none before the search began."""
    if not search.locked_problem:
        return {}
    locked, organisation_id = search.locked_problem, search.organisation_id
    text = unlock_text(locked, organisation_id=organisation_id, row=search.pk, **_PLACE)
    data: dict[str, Any] = json.loads(text)
    return data


def problem_to_json(problem: Problem) -> dict[str, Any]:
    return {
        "parents": [_row_to_json(row) for row in problem.parents],
        "venues": [_row_to_json(row) for row in problem.venues],
        "facilitators": [_row_to_json(row) for row in problem.facilitators],
        "policy": _row_to_json(problem.policy),
    }


def problem_from_json(data: Mapping[str, Any]) -> Problem:
    return Problem(
        parents=tuple(_row_from_json(Parent, row) for row in data["parents"]),
        venues=tuple(_row_from_json(Venue, row) for row in data["venues"]),
        facilitators=tuple(_row_from_json(Facilitator, row) for row in data["facilitators"]),
        policy=_row_from_json(Policy, data["policy"]),
    )


def _row_to_json(row: Any) -> dict[str, Any]:
    values = ((field, getattr(row, field.name)) for field in fields(row))
    return {field.name: _plain(value) for field, value in values if value != _default(field)}


def _row_from_json(kind: type[Row], data: Mapping[str, Any]) -> Row:
    return kind(**{name: _typed(kind, name, value) for name, value in data.items()})


def _default(field: Field[Any]) -> Any:
    if field.default_factory is not MISSING:
        return field.default_factory()
    return field.default


def _plain(value: Any) -> Any:
    match value:
        case frozenset():
            return sorted(value)
        case tuple():
            return [str(item) if isinstance(item, Span) else item for item in value]
    return value


def _typed(kind: type, name: str, value: Any) -> Any:
    if not isinstance(value, list):
        return value
    if name in {"available", "slots"}:
        return tuple(map(span_of, value))
    return tuple(value) if name == "children" else frozenset(value)
