"""Asks every selector on behalf of somebody who may see nothing, and says what it gave away."""

from __future__ import annotations

import importlib
import inspect
import pkgutil
from collections.abc import Callable, Iterator, Mapping
from dataclasses import fields, is_dataclass
from typing import Any

from django.core.exceptions import ObjectDoesNotExist
from django.db.models import Model, QuerySet

import goround.apps
from goround.apps.accounts.models import User
from tests.make import NOON, TODAY
from tests.world import World

Selector = Callable[..., Any]

# What these tell, anybody may know.
TELLS_ANYBODY = {
    "organisations_for": "one's own places",
    "present_month": "the date",
    "roles_held": "one's own roles",
    "works_somewhere": "whether one works anywhere oneself",
    "demo_people": "none on a real network",
    "free_alias": "an alias that nobody has",
    "has_a_lead": "whether there is somebody to turn to",
    "knows_postcodes": "whether a network has a table of postcodes",
    "plan_for": "which duties of the law hold there, and nothing of anybody",
    "postcode_cell": "a line of a public table",
}


def selectors() -> Iterator[tuple[str, Selector]]:
    """Every public selector by name."""
    for found in pkgutil.walk_packages(goround.apps.__path__, "goround.apps."):
        if "selectors" not in found.name.split("."):
            continue
        module = importlib.import_module(found.name)
        for name, selector in inspect.getmembers(module, inspect.isfunction):
            if selector.__module__ == module.__name__ and not name.startswith("_"):
                yield name, selector


def arguments_for(
    selector: Selector, world: World, rows: Mapping[str, Any] | None = None
) -> dict[str, Any] | None:
    """What it must be given; None for one given rows, which another selector let through.

    ``rows`` are rows of the world that may be given after all, by the name of their model.
    """
    known = known_values(world) | dict(rows or {})
    given = {}
    for parameter in list(inspect.signature(selector).parameters.values())[1:]:
        if parameter.default is not parameter.empty:
            continue
        kind = parameter.annotation
        name = kind if isinstance(kind, str) else getattr(kind, "__name__", "")
        if parameter.name == "called":
            given["called"] = "canary"
        elif name in known:
            given[parameter.name] = known[name]
        else:
            return None
    return given


def known_values(world: World) -> dict[str, Any]:
    return {
        "Organisation": world.organisation,
        "Network": world.organisation.network,
        "datetime": NOON,
        "date": TODAY,
    }


def gives_away(selector: Selector, viewer: User, world: World) -> str:
    """What it told somebody who may know nothing, in words; empty when it told nothing."""
    given = arguments_for(selector, world)
    if given is None:
        return ""
    try:
        told = selector(viewer, **given)
    except ObjectDoesNotExist:
        return ""
    if isinstance(told, QuerySet):
        told = list(told)
    if is_dataclass(told) and not isinstance(told, type):
        told = [getattr(told, each.name) for each in fields(told)]
        told = [value for value in told if value and not isinstance(value, Model)]
    return f"{selector.__name__} told {str(told)[:80]}" if told else ""


def rows_in(told: Any) -> Iterator[Model]:
    """Every row that stands somewhere in what a selector told."""
    if isinstance(told, Model):
        yield told
    elif isinstance(told, dict):
        yield from rows_in([*told, *told.values()])
    elif isinstance(told, QuerySet | list | tuple | set | frozenset):
        for each in told:
            yield from rows_in(each)
    elif is_dataclass(told) and not isinstance(told, type):
        for each in fields(told):
            yield from rows_in(getattr(told, each.name))
