"""A real worker, killed while it saves a list: the next one finishes it, every row once."""

from __future__ import annotations

import random
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from tests.kills.installation import Installation, kills

ROWS = 4_000
KILLS = 3
# Lists, each with a worker killed three times; as many as ``make soak`` asks for there.
LISTS = -(-kills(at_least=KILLS) // KILLS)

# Uploaded now: the daily work of a real worker puts aside lists that nobody finished.
BEGIN = f"""
from django.utils import timezone
from tests.make import make_coordinator, make_programme
from tests.make_lists import make_list, row
from goround.apps.jobs.work import run_next
from goround.apps.people.imports.services import confirm_list
programme = make_programme()
ana = make_coordinator(programme.organisation)
rows = [row(f"p{{n}}", apart=f"p{{n - 1}}" if n % 100 == 1 else "") for n in range({ROWS})]
listed = make_list(programme, rows, by=ana, at=timezone.now())
run_next("reader")
confirm_list(list_import=listed, by=ana, at=timezone.now())
"""


@pytest.fixture
def installed(tmp_path):
    """A database of its own with a list that waits to be saved."""
    installation = Installation(tmp_path).migrated()
    installation.python(BEGIN)
    return installation


@contextmanager
def worker(installed: Installation) -> Iterator[subprocess.Popen[bytes]]:
    process = installed.start("worker", "--once")
    try:
        yield process
    finally:
        process.kill()
        process.wait(timeout=10)


def saved_rows(installed: Installation) -> int:
    return installed.ask("SELECT saved_rows FROM people_listimport")[0][0]


def wait_until_saved(installed: Installation, process: subprocess.Popen[bytes], rows: int) -> None:
    give_up_at = time.monotonic() + 60
    while saved_rows(installed) < rows:
        assert process.poll() is None, "the worker ended too early"
        assert time.monotonic() < give_up_at, f"{saved_rows(installed)} rows after a minute"
        time.sleep(0.01)


@pytest.mark.parametrize("number", range(LISTS))
def test_killed_import_is_finished_exactly_once(installed, number):
    moments = random.Random(414 + number)
    for kill in range(1, KILLS + 1):
        with worker(installed) as process:
            wait_until_saved(installed, process, kill * 1_000 - 500)
            time.sleep(moments.uniform(0, 0.2))
            process.kill()
        assert saved_rows(installed) < ROWS
        # As if the lease had run out.
        installed.ask("UPDATE jobs_job SET leased_until = '2020-01-01 00:00:00', attempts = 1")

    with worker(installed) as process:
        assert process.wait(timeout=120) == 0

    listed = installed.ask("SELECT status, locked_text, saved_rows FROM people_listimport")
    assert listed == [("saved", None, ROWS)]
    parents = installed.ask("SELECT count(*), count(DISTINCT reference) FROM people_parent")
    assert parents == [(ROWS, ROWS)]
    assert installed.ask("SELECT count(*), count(DISTINCT parent_id) FROM people_referral") == [
        (ROWS, ROWS)
    ]
    assert installed.ask("SELECT count(*) FROM apart_keepapart") == [(ROWS // 100,)]
    pieces = installed.ask(
        "SELECT json_extract(facts, '$.from_row'), json_extract(facts, '$.to_row')"
        " FROM audit_event WHERE kind = 'list_import.rows_saved' ORDER BY id",
    )
    assert pieces == [(start + 1, start + 500) for start in range(0, ROWS, 500)]
    assert installed.ask("SELECT count(*) FROM audit_event WHERE kind = 'list_import.saved'") == [
        (1,)
    ]
    assert installed.ask("SELECT count(*) FROM jobs_job WHERE status = 'done'") == [(2,)]
    assert installed.ask("PRAGMA integrity_check") == [("ok",)]
