"""Reading one file: where each key stands, and noting what is wrong instead of stopping at it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches
from typing import Any

KEY = re.compile(r"(?=.{1,40}\Z)[a-z0-9]+(-[a-z0-9]+)*")
KEYS = "small letters, digits and single hyphens, at most 40, such as 'social-support'"
LANGUAGE = re.compile(r"[a-z]{2,3}(-[a-z0-9]{2,8})*")


@dataclass
class Notes:
    """What is wrong with one file, each with its line where it has one."""

    source: str
    lines: Mapping[str, int]
    problems: list[str] = field(default_factory=list)

    def problem(self, path: str, sentence: str) -> None:
        line = self.line_of(path)
        where = f"line {line}: " if line else ""
        self.problems.append(f"{self.source}: {where}{path} {sentence}")

    def line_of(self, path: str) -> int | None:
        """The key's own line, else that of the nearest heading above it."""
        while path:
            if path in self.lines:
                return self.lines[path]
            path = path.rpartition(".")[0]
        return None


def lines_of(text: str) -> dict[str, int]:
    """The line of each key path and heading, from 1. Read line by line, as a person does."""
    found: dict[str, int] = {}
    heading: list[str] = []
    for number, line in enumerate(text.split("\n"), start=1):
        if line.lstrip().startswith("["):
            heading = _parts(line.partition("[")[2].partition("]")[0].strip("["))
            here = heading
        elif "=" in line:
            here = [*heading, *_parts(line.partition("=")[0])]
        else:
            continue
        found.setdefault(".".join(here), number)
    return found


def _parts(name: str) -> list[str]:
    return [part.strip().strip("\"'") for part in name.split(".")]


@dataclass
class Table:
    """One table of the file. Each reader gives a harmless stand-in after noting a problem."""

    values: Mapping[str, Any]
    notes: Notes
    path: str = ""
    asked: set[str] = field(default_factory=set)

    def at(self, key: str) -> str:
        return f"{self.path}.{key}" if self.path else key

    def has(self, key: str) -> bool:
        self.asked.add(key)
        return key in self.values

    def find(self, key: str, allowed: str, *, required: bool = True) -> Any:
        if not self.has(key) and required:
            self.notes.problem(self.at(key), f"is missing; it must be {allowed}")
        return self.values.get(key)

    def refuse(self, key: str, found: object, allowed: str) -> None:
        if found is not None:
            self.notes.problem(self.at(key), f"is {shown(found)}; it must be {allowed}")

    def text(self, key: str, *, longest: int) -> str:
        allowed = f"text of 1 to {longest} characters"
        found = self.find(key, allowed)
        if is_text(found, longest):
            return " ".join(found.split())
        self.refuse(key, found, allowed)
        return "missing"

    def key(self, key: str) -> str:
        found = self.find(key, KEYS)
        if isinstance(found, str) and KEY.fullmatch(found):
            return found
        self.refuse(key, found, KEYS)
        return "missing"

    def whole(self, key: str, *, low: int, high: int) -> int:
        allowed = f"a whole number from {low} to {high}"
        found = self.find(key, allowed)
        if isinstance(found, int) and not isinstance(found, bool) and low <= found <= high:
            return found
        self.refuse(key, found, allowed)
        return low

    def truth(self, key: str, *, default: bool) -> bool:
        found = self.find(key, "true or false", required=False)
        if found is None or isinstance(found, bool):
            return default if found is None else found
        self.refuse(key, found, "true or false")
        return default

    def names(self, key: str, allowed: str, *, required: bool = True) -> tuple[str, ...]:
        """A list of texts, each once."""
        found = self.find(key, f"a list of {allowed}", required=required)
        fits = isinstance(found, list) and all(is_text(each, 80) for each in found)
        if fits and found and len(set(found)) == len(found):
            return tuple(found)
        self.refuse(key, found, f"a list of {allowed}, each once")
        return ()

    def words(self, key: str, *, longest: int) -> dict[str, str]:
        """Words by language; none where the key is left out."""
        allowed = f'words by language, such as {{ en = "…" }}, each of 1 to {longest} characters'
        found = self.find(key, allowed, required=False)
        if found is None:
            return {}
        if by_language(found) and all(is_text(each, longest) for each in found.values()):
            return {code: " ".join(told.split()) for code, told in found.items()}
        self.refuse(key, found, allowed)
        return {}

    def lists(self, key: str, *, longest: int) -> dict[str, tuple[str, ...]]:
        """A list of words by language; none where the key is left out."""
        allowed = 'a list of words by language, such as { en = ["…", "…"] }'
        found = self.find(key, allowed, required=False)
        if found is None:
            return {}
        if by_language(found) and all(_all_texts(each, longest) for each in found.values()):
            return {code: tuple(told) for code, told in found.items()}
        self.refuse(key, found, allowed)
        return {}

    def table(self, key: str, *, required: bool = False) -> Table:
        found = self.find(key, "a table", required=required)
        if found is not None and not isinstance(found, dict):
            self.refuse(key, found, "a table")
            found = {}
        return Table(found or {}, self.notes, self.at(key))

    def tables(self, key: str) -> list[Table]:
        """Every table under ``key``, whose names the author makes up."""
        inner = self.table(key, required=True)
        for name in inner.values:
            if not KEY.fullmatch(name):
                self.notes.problem(inner.at(name), f"must be named with {KEYS}")
        return [inner.table(name) for name in inner.values]

    def listed(self, key: str) -> list[Table]:
        """``[[key]]``, however many times it stands there."""
        found = self.find(key, "tables", required=False) or []
        if not isinstance(found, list) or not all(isinstance(each, dict) for each in found):
            self.refuse(key, found, f"written as [[{key}]]")
            return []
        return [Table(each, self.notes, self.at(key)) for each in found]

    @property
    def name(self) -> str:
        return self.path.rpartition(".")[2]

    def done(self) -> None:
        """Note every key nobody asked for, with the nearest name there is."""
        for key in self.values:
            if key not in self.asked:
                near = get_close_matches(key, sorted(self.asked), n=1)
                hint = f"did you mean '{near[0]}'?" if near else f"may be {_named(self.asked)}"
                self.notes.problem(self.at(key), f"is not known here; {hint}")


def is_text(found: object, longest: int) -> bool:
    return isinstance(found, str) and bool(found.strip()) and len(found) <= longest


def by_language(found: object) -> bool:
    return (
        isinstance(found, dict)
        and bool(found)
        and all(isinstance(code, str) and LANGUAGE.fullmatch(code) for code in found)
    )


def _all_texts(found: object, longest: int) -> bool:
    return isinstance(found, list) and bool(found) and all(is_text(each, longest) for each in found)


def _named(keys: set[str]) -> str:
    return ", ".join(sorted(keys))


def shown(value: object) -> str:
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
