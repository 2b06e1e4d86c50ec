"""Asking a SQLite file directly, beside the processes that use it."""

from __future__ import annotations

import sqlite3
from pathlib import Path
from typing import Any


def ask(path: Path, question: str) -> list[tuple[Any, ...]]:
    connection = sqlite3.connect(path, timeout=20)
    try:
        with connection:
            return connection.execute(question).fetchall()
    finally:
        connection.close()
