"""Locks that leave others room to point at a row, so that two acts do not wait for each other."""

from __future__ import annotations

import ast
from pathlib import Path

import goround.apps

APPS = Path(goround.apps.__file__).parent


def test_every_lock_lets_others_point_at_the_row():
    """PostgreSQL locks a row that something new points at; FOR UPDATE would keep it waiting.

    Whoever holds the trail and makes such a row would then wait for somebody who waits for the
    trail.
    """
    without = [
        f"{path.relative_to(APPS)}:{call.lineno}"
        for path in sorted(APPS.rglob("*.py"))
        for call in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(call, ast.Call)
        and isinstance(call.func, ast.Attribute)
        and call.func.attr == "select_for_update"
        and "no_key" not in [word.arg for word in call.keywords]
    ]

    assert without == []
