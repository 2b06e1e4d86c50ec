"""A backup, killed at any moment: under its name there is a whole file, or none."""

from __future__ import annotations

import random
import time
from pathlib import Path

import pytest

from tests.kills.installation import Installation, kills

KILLS = kills(at_least=6)
PARENTS = 1_500
BEGIN = f"""
from tests.make import make_organisation, make_parent
host = make_organisation()
for _ in range({PARENTS}):
    make_parent(host)
"""
READ_ALL = """
import json, pathlib
from goround.apps.backups.services import _counts_in
for path in sorted(pathlib.Path("FOLDER").glob("goround-*.backup")):
    print(_counts_in(path)["people.parent"])
"""


@pytest.fixture
def installation(tmp_path) -> Installation:
    installation = Installation(tmp_path).migrated()
    installation.python(BEGIN)
    return installation


def seconds_of_a_whole_one(installation: Installation, folder: Path) -> float:
    began = time.monotonic()
    installation.run("backup", str(folder))
    return time.monotonic() - began


def test_killed_backup_is_whole_or_not_there(installation, tmp_path):
    moments, folder = random.Random(414), tmp_path / "backups"
    longest = seconds_of_a_whole_one(installation, folder)
    for _ in range(KILLS):
        process = installation.start("backup", str(folder))
        time.sleep(moments.uniform(0.4, 1.05) * longest)
        process.kill()
        process.wait(timeout=20)
    installation.run("backup", str(folder))

    found = installation.python(READ_ALL.replace("FOLDER", str(folder))).split()

    assert set(found) == {str(PARENTS)}
    assert 2 <= len(found) <= KILLS + 2
    assert installation.ask("SELECT count(*) FROM backups_backup") <= [(len(found),)]
    assert installation.ask("PRAGMA integrity_check") == [("ok",)]
