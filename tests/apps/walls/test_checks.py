"""In production the pages' role must be held by the wall."""

from __future__ import annotations

import pytest
from django.db import connection

from goround.apps.walls.checks import pages_do_not_stand_above_the_wall
from tests.wall import as_the_program

pytestmark = pytest.mark.django_db

on_postgresql = pytest.mark.skipif(
    "connection.vendor != 'postgresql'", reason="SQLite has no roles"
)


@pytest.fixture
def production(settings):
    settings.PRODUCTION, settings.AS_OWNER = True, False
    return settings


@on_postgresql
def test_an_owner_that_no_wall_holds_may_not_serve(production):
    said = [str(error.msg) for error in pages_do_not_stand_above_the_wall(None)]

    assert [" ".join(line.split(",")[0].split()[4:]) for line in said] == [
        "has BYPASSRLS",
        "owns the tables",
    ]


@on_postgresql
def test_a_role_that_only_reads_and_writes_rows_may_serve(production):
    with as_the_program():
        assert pages_do_not_stand_above_the_wall(None) == []


@on_postgresql
def test_the_owner_may_migrate(production):
    production.AS_OWNER = True

    assert pages_do_not_stand_above_the_wall(None) == []


def test_sqlite_and_the_demo_are_not_asked(settings):
    settings.PRODUCTION = connection.vendor != "postgresql"
    settings.AS_OWNER = False

    assert pages_do_not_stand_above_the_wall(None) == []
