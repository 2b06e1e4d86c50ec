"""On PostgreSQL, what the program does is done by the role it has on a server.

Tests make rows as a role that no wall holds. While a page answers, the connection is the
program's: it owns nothing, and every table shows it only what the request opened.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.core.signals import request_finished, request_started
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.postgres import APP_ROLE

_WALL = re.compile(r"^SELECT set_config\('goround\.|^SELECT current_setting\('goround\.")


def answer_pages_as_in_production() -> None:
    request_started.connect(_become_the_program, weak=False)
    request_finished.connect(_become_the_test, weak=False)


@contextmanager
def as_the_program() -> Iterator[None]:
    """The role of pages and workers; on SQLite, which has no roles, nothing changes."""
    _become_the_program()
    try:
        yield
    finally:
        _become_the_test()


def _become_the_program(**_: Any) -> None:
    _say(f"SET ROLE {APP_ROLE}")


def _become_the_test(**_: Any) -> None:
    _say("RESET ROLE")


def _say(statement: str) -> None:
    """Past Django's own list of queries, which tests count."""
    if connection.vendor != "postgresql":
        return
    connection.ensure_connection()
    if not connection.needs_rollback:
        connection.connection.execute(statement)


def questions_in(captured: CaptureQueriesContext) -> list[str]:
    """The queries a page asked, without those of its wall and of the savepoint it stands on.

    In production the wall costs a request one query; ``test_requests`` counts it there.
    """
    questions: list[str] = []
    stands_on: set[str] = set()
    for sql in (query["sql"] for query in captured.captured_queries):
        if _WALL.match(sql):
            if questions and questions[-1].startswith("SAVEPOINT "):
                stands_on.add(questions.pop().removeprefix("SAVEPOINT "))
        elif sql.removeprefix("RELEASE SAVEPOINT ") not in stands_on:
            questions.append(sql)
    return questions


@contextmanager
def asking(num: int, *, at_most: bool = False) -> Iterator[CaptureQueriesContext]:
    """What pytest-django's fixtures of these names do, the wall's own queries left out."""
    with CaptureQueriesContext(connection) as captured:
        yield captured
    asked = questions_in(captured)
    enough = len(asked) <= num if at_most else len(asked) == num
    assert enough, f"{len(asked)} queries, not {num}:\n" + "\n".join(asked)
