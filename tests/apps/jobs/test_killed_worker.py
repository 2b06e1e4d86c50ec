"""A real worker, killed while it saves a list: the next one finishes it, every row once."""

from __future__ import annotations

import os
import random
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

ROWS = 4_000
KILLS = 3
ROOT = Path(__file__).parents[3]

BEGIN = f"""
import django
django.setup()
from tests.make import NOON, make_coordinator, make_programme
from tests.make_lists import make_list, row
from goround.apps.jobs.work import run_next
from goround.apps.people.imports.services import confirm_list
programme = make_programme()
ana = make_coordinator(programme.organisation)
rows = [row(f"p{{n}}", apart=f"p{{n - 1}}" if n % 100 == 1 else "") for n in range({ROWS})]
listed = make_list(programme, rows, by=ana)
run_next("reader")
confirm_list(list_import=listed, by=ana, at=NOON)
"""


@pytest.fixture
def database(tmp_path):
    """A database of its own with a list that waits to be saved."""
    env = os.environ | {
        "GOROUND_ENV": "test",
        "GOROUND_DATA_DIR": str(tmp_path),
        "GOROUND_DATABASE_URL": f"sqlite:///{tmp_path}/goround.sqlite3",
        "PYTHONPATH": str(ROOT),
    }
    for command in (["-m", "django", "migrate", "-v", "0"], ["-c", BEGIN]):
        subprocess.run([sys.executable, *command], env=env, cwd=ROOT, check=True)
    return tmp_path / "goround.sqlite3", env


@contextmanager
def worker(env: dict[str, str]) -> Iterator[subprocess.Popen[bytes]]:
    command = [sys.executable, "-m", "django", "worker", "--once"]
    process = subprocess.Popen(command, env=env, cwd=ROOT)
    try:
        yield process
    finally:
        process.kill()
        process.wait(timeout=10)


def ask(path: Path, question: str) -> list[tuple[int, ...]]:
    connection = sqlite3.connect(path, timeout=20)
    try:
        with connection:
            return connection.execute(question).fetchall()
    finally:
        connection.close()


def saved_rows(path: Path) -> int:
    return ask(path, "SELECT saved_rows FROM people_listimport")[0][0]


def wait_until_saved(path: Path, process: subprocess.Popen[bytes], rows: int) -> None:
    give_up_at = time.monotonic() + 60
    while saved_rows(path) < rows:
        assert process.poll() is None, "the worker ended too early"
        assert time.monotonic() < give_up_at, f"{saved_rows(path)} rows after a minute"
        time.sleep(0.01)


def test_killed_import_is_finished_exactly_once(database):
    path, env = database
    moments = random.Random(414)
    for kill in range(1, KILLS + 1):
        with worker(env) as process:
            wait_until_saved(path, process, kill * 1_000 - 500)
            time.sleep(moments.uniform(0, 0.2))
            process.kill()
        assert saved_rows(path) < ROWS
        # As if the lease had run out.
        ask(path, "UPDATE jobs_job SET leased_until = '2020-01-01 00:00:00', attempts = 1")

    with worker(env) as process:
        assert process.wait(timeout=120) == 0

    assert ask(path, "SELECT status, text, saved_rows, new_rows FROM people_listimport") == [
        ("saved", "", ROWS, ROWS)
    ]
    assert ask(path, "SELECT count(*), count(DISTINCT reference) FROM people_parent") == [
        (ROWS, ROWS)
    ]
    assert ask(path, "SELECT count(*), count(DISTINCT parent_id) FROM people_referral") == [
        (ROWS, ROWS)
    ]
    assert ask(path, "SELECT count(*) FROM apart_keepapart") == [(ROWS // 100,)]
    pieces = ask(
        path,
        "SELECT json_extract(facts, '$.from_row'), json_extract(facts, '$.to_row')"
        " FROM audit_event WHERE kind = 'list_import.rows_saved' ORDER BY id",
    )
    assert pieces == [(start + 1, start + 500) for start in range(0, ROWS, 500)]
    assert ask(path, "SELECT count(*) FROM audit_event WHERE kind = 'list_import.saved'") == [(1,)]
    assert ask(path, "SELECT count(*) FROM jobs_job WHERE status = 'done'") == [(2,)]
    assert ask(path, "PRAGMA integrity_check") == [("ok",)]
