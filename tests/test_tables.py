"""Tests make their tables straight from the models; migrations must make the same."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterable
from pathlib import Path

import pytest
from django.db import connection

from tests.migrated import lay_migrated

# What an index or a trigger is, and for a table what it is made of, in any order.
Made = dict[str, set[str]]


def made_of(rows: Iterable[tuple[str, str | None]]) -> Made:
    return {
        name: set(parts(sql)) for name, sql in rows if sql and not name.startswith("django_migr")
    }


def parts(sql: str) -> list[str]:
    """The definitions between the outermost brackets of a statement, and what stands before."""
    before, _, inner = " ".join(sql.split()).partition("(")
    depth, found = 0, [""]
    for letter in inner:
        depth += {"(": 1, ")": -1}.get(letter, 0)
        if letter == "," and depth == 0:
            found.append("")
        else:
            found[-1] += letter
    return [before.strip(), *(re.sub(r"\s+", " ", each).strip(" )") for each in found)]


MASTER = "SELECT name, sql FROM sqlite_master"


@pytest.mark.django_db
def test_migrations_make_the_tables_that_the_models_say(tmp_path: Path) -> None:
    if connection.vendor != "sqlite":
        pytest.skip("compared on SQLite; the restore drill migrates a PostgreSQL and reads it all")
    lay_migrated(tmp_path / "migrated.sqlite3")
    with sqlite3.connect(tmp_path / "migrated.sqlite3") as file:
        migrated = made_of(file.execute(MASTER))
    with connection.cursor() as cursor:
        ours = made_of(cursor.execute(MASTER))

    assert len(ours) > 100
    assert {name: made for name, made in ours.items() if migrated.get(name) != made} == {}
    assert set(migrated) == set(ours)
