"""Reading a TOML table key by key, noting what is wrong instead of stopping at it."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches
from enum import StrEnum
from math import isfinite
from typing import Any, TypeVar

E = TypeVar("E", bound=StrEnum)
T = TypeVar("T")

KEY = re.compile(r"(?=.{1,60}\Z)[a-z0-9]+(-[a-z0-9]+)*")
"""At most 60 characters: that much room a stored key has."""
_KEYS = "small letters, digits and single hyphens, at most 60, such as 'new-baby'"
_ABSENT = object()
_STAND_IN = "missing"


@dataclass
class Notes:
    """What reading one file found: its problems in order, and every key it may hold."""

    source: str
    problems: list[str] = field(default_factory=list)
    known: set[str] = field(default_factory=set)
    refused: set[str] = field(default_factory=set)

    def problem(self, sentence: str) -> None:
        self.problems.append(f"{self.source}: {sentence}")

    def refuse(self, path: str, sentence: str) -> None:
        """Note a problem of one key, so that nothing is concluded from its stand-in later."""
        self.refused.add(path)
        self.problem(f"{path} {sentence}")


def shown(value: object) -> str:
    """A value as a person would find it in the file, cut short when it is long."""
    match value:
        case bool():
            text = "true" if value else "false"
        case dict():
            text = "a table"
        case list():
            text = "a list"
        case _:
            text = repr(value)
    return text if len(text) <= 60 else f"{text[:57]}..."


@dataclass
class Table:
    """One table of the file. Each reader returns a harmless stand-in after noting a problem."""

    values: Mapping[str, Any]
    notes: Notes
    path: str = ""
    asked: list[str] = field(default_factory=list)

    def at(self, key: str) -> str:
        return f"{self.path}.{key}" if self.path else key

    def has(self, key: str) -> bool:
        self._ask(key)
        return key in self.values

    def text(self, key: str, *, longest: int, default: str | None = None) -> str:
        allowed = f"text of 1 to {longest} characters"
        found = self._find(key, allowed, default or _STAND_IN, default is None)
        if isinstance(found, str) and found.strip() and len(found) <= longest:
            return " ".join(found.split())
        return self._refuse(key, found, allowed, _STAND_IN)

    def key(self, key: str) -> str:
        found = self._find(key, _KEYS, _STAND_IN, True)
        if isinstance(found, str) and KEY.fullmatch(found):
            return found
        return self._refuse(key, found, _KEYS, _STAND_IN)

    def whole(self, key: str, *, low: int, high: int, default: int | None = None) -> int:
        allowed = f"a whole number from {low} to {high}"
        found = self._find(key, allowed, low if default is None else default, default is None)
        if isinstance(found, int) and not isinstance(found, bool) and low <= found <= high:
            return found
        return self._refuse(key, found, allowed, low)

    def maybe_whole(self, key: str, *, low: int, high: int) -> int | None:
        return self.whole(key, low=low, high=high) if self.has(key) else None

    def number(self, key: str, *, low: float, high: float, default: float) -> float:
        allowed = f"a number from {low:g} to {high:g}"
        found = self._find(key, allowed, default, False)
        is_number = isinstance(found, int | float) and not isinstance(found, bool)
        if is_number and isfinite(found) and low <= found <= high:
            return float(found)
        return self._refuse(key, found, allowed, default)

    def truth(self, key: str, *, default: bool = False) -> bool:
        found = self._find(key, "true or false", default, False)
        return (
            found if isinstance(found, bool) else self._refuse(key, found, "true or false", default)
        )

    def one_of(self, key: str, options: type[E]) -> E:
        allowed = f"one of {', '.join(options)}"
        found = self._find(key, allowed, next(iter(options)), True)
        if isinstance(found, str) and found in list(options):
            return options(found)
        return self._refuse(key, found, allowed, next(iter(options)))

    def some_of(self, key: str, options: type[E]) -> tuple[E, ...]:
        names = ", ".join(options)
        stand_in = (next(iter(options)),)
        found = self._find(key, f"a list of one or more of {names}", list(stand_in), True)
        if not isinstance(found, list) or not found:
            return self._refuse(key, found, f"a list of one or more of {names}", stand_in)
        for item in found:
            if not isinstance(item, str) or item not in list(options):
                return self._refuse(key, item, f"one of {names}", stand_in, verb="holds")
        return tuple(options(item) for item in self._each_once(key, found))

    def texts(self, key: str, *, longest: int) -> tuple[str, ...]:
        allowed = f"text of 1 to {longest} characters"
        found = self._find(key, f"a list of {allowed}", [], False)
        if not isinstance(found, list):
            return self._refuse(key, found, f"a list of {allowed}", ())
        for item in found:
            if not isinstance(item, str) or not 1 <= len(item) <= longest:
                return self._refuse(key, item, allowed, (), verb="holds")
        return tuple(self._each_once(key, found))

    def pair(self, key: str, *, low: int, high: int) -> tuple[int, int] | None:
        allowed = f"two whole numbers from {low} to {high}, the smaller first"
        found = self._find(key, allowed, None, False)
        match found:
            case None:
                return None
            case [int(first), int(last)] if low <= first <= last <= high and not (
                isinstance(first, bool) or isinstance(last, bool)
            ):
                return first, last
        return self._refuse(key, found, allowed, None)

    def table(self, key: str) -> "Table":
        """The table under ``key``; an empty one when it is missing or no table."""
        found = self._find(key, "a table", {}, False)
        if not isinstance(found, dict):
            found = self._refuse(key, found, "a table", {})
        return Table(found, self.notes, self.at(key))

    def named(self, key: str, read: Callable[["Table", str], Any]) -> tuple[Any, ...]:
        """Every entry of an open table, where the author of the file makes up the keys."""
        inner = self.table(key)
        for name in inner.values:
            inner._ask(name)
            if not KEY.fullmatch(name):
                inner._refuse(name, name, f"named with {_KEYS}", None)
        return tuple(read(inner, name) for name in inner.values)

    def done(self) -> None:
        """Note every key nobody asked for, with the nearest name that exists."""
        for key in self.values:
            if key not in self.asked:
                near = get_close_matches(key, self.asked, n=1)
                hint = f"; did you mean {self.at(near[0])}?" if near else f"; {self._names()}"
                self.notes.refuse(self.at(key), f"is not a key of a playbook{hint}")

    def _each_once(self, key: str, items: list[str]) -> list[str]:
        twice = next((item for item in items if items.count(item) > 1), None)
        if twice is not None:
            self._refuse(key, twice, "named once", None, verb="names more than once")
        return items

    def _names(self) -> str:
        where = self.path or "the file"
        return f"{where} may hold {', '.join(sorted(self.asked))}"

    def _ask(self, key: str) -> None:
        self.asked.append(key)
        self.notes.known.add(self.at(key))

    def _find(self, key: str, allowed: str, default: Any, required: bool) -> Any:
        self._ask(key)
        found = self.values.get(key, _ABSENT)
        if found is not _ABSENT:
            return found
        if required:
            self.notes.refuse(self.at(key), f"is missing; it must be {allowed}")
        return default

    def _refuse(self, key: str, found: object, allowed: str, stand_in: T, *, verb: str = "is") -> T:
        self.notes.refuse(self.at(key), f"{verb} {shown(found)}; it must be {allowed}")
        return stand_in
