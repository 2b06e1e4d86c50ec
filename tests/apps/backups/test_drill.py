"""The drill: back up a filled network, restore it into an empty place, and use it there."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.kills.installation import Installation
from tests.postgres import temporary_postgres

# What every table holds, but for the entries that the backup and its return add themselves; of
# messages only how many there are, because those that were due come back held back.
CONTENT = """
import json
from hashlib import sha256
from django.apps import apps
from goround.apps.backups.rows import _models, _rows
for model in _models(apps):
    rows = [json.dumps(row, sort_keys=True) for row in _rows(model)]
    rows = [row for row in rows if '"backup.' not in row and "message.held_back" not in row]
    if model._meta.label_lower == "outbox.message":
        rows = ["message"] * len(rows)
    if model._meta.label_lower not in {"backups.backup", "audit.chain", "keys.sentinel"}:
        print(model._meta.label_lower, len(rows), sha256(repr(rows).encode()).hexdigest())
"""
PASSPHRASE = "six words that nobody would guess"
# Two organisations with a row in every table: more kinds of rows than the demo has, and fewer.
FILL = f"""
from django.utils import timezone
from goround.apps.accounts.services import create_user
from tests.world import make_world
first = make_world("FIRST")
make_world("SECOND", network=first.organisation.network)
create_user(handle="coordinator", passphrase="{PASSPHRASE}", by=None, at=timezone.now())
"""
SIGN_IN = f"""
from django.contrib.auth import authenticate
print(authenticate(username="coordinator", password="{PASSPHRASE}").handle)
"""
ERASE_ONE = """
from django.utils import timezone
from goround.apps.people.models import Parent
from goround.apps.records.erasing import erase
parent = Parent.objects.exclude(memberships=None).earliest("pk")
erase(parent=parent, by=None, at=timezone.now())
print(parent.pk)
"""
NEW_ROW = """
from tests.make import make_network, make_user
print(make_network().pk, make_user("newcomer").pk)
"""


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Installation:
    """A network, and a backup of it."""
    installation = Installation(tmp_path_factory.mktemp("filled")).migrated()
    installation.python(FILL)
    installation.run("backup", str(installation.folder / "backups"))
    return installation


@pytest.fixture
def bare_place(filled: Installation, tmp_path: Path) -> Installation:
    """A place without tables, to which somebody brought the key file that was kept apart."""
    installation = Installation(tmp_path / "place")
    shutil.copytree(filled.folder / "keys", installation.folder / "keys")
    return installation


@pytest.fixture
def place(bare_place: Installation) -> Installation:
    """The same with current tables, as after ``goround migrate``."""
    return bare_place.migrated()


@pytest.fixture(scope="module")
def postgresql() -> Iterator[str]:
    with temporary_postgres() as url:
        yield url


def backup_of(installation: Installation) -> Path:
    (found,) = (installation.folder / "backups").glob("*.backup")
    return found


def refused(place: Installation, file: Path) -> str:
    """What is said when a file is refused, once it is sure that the place stayed empty."""
    done = place.run("restore", str(file), check=False)
    assert done.returncode == 1
    assert done.stdout == ""
    tables = place.ask("SELECT count(*) FROM sqlite_master") if place.database.exists() else [(0,)]
    people = place.ask("SELECT count(*) FROM accounts_user") if tables != [(0,)] else [(0,)]
    assert people == [(0,)]
    return done.stderr


def test_restored_network_is_the_same(filled, place):
    said = place.run("restore", str(backup_of(filled))).stdout

    assert "rows are back" in said
    assert place.python(CONTENT) == filled.python(CONTENT)
    assert place.ask("PRAGMA foreign_key_check") == []
    assert "The trail holds, and the key file opens every key." in said
    assert "BROKEN" not in place.run("audit", "verify").stdout
    assert place.python(SIGN_IN) == "coordinator\n"
    # Rows that are made now get numbers of their own.
    assert len(place.python(NEW_ROW).split()) == 2


def test_backup_of_sqlite_moves_into_postgresql_and_back(filled, place, postgresql, tmp_path):
    on_postgresql = Installation(tmp_path / "larger", database_url=postgresql)
    shutil.copytree(filled.folder / "keys", on_postgresql.folder / "keys")
    create_database(postgresql)

    on_postgresql.run("restore", str(backup_of(filled)))
    assert on_postgresql.python(CONTENT) == filled.python(CONTENT)
    on_postgresql.run("backup", str(on_postgresql.folder / "backups"))
    assert len(on_postgresql.python(NEW_ROW).split()) == 2

    place.run("restore", str(backup_of(on_postgresql)))
    assert place.python(CONTENT) == filled.python(CONTENT)


def create_database(url: str) -> None:
    import psycopg

    socket = url.partition("host=")[2].replace("%2F", "/")
    with psycopg.connect(
        host=socket, user="goround", dbname="postgres", autocommit=True
    ) as connection:
        connection.execute("CREATE DATABASE goround")


def test_older_backup_brings_nobody_back_who_was_erased(filled, place, tmp_path):
    """Lived on since the backup: somebody was erased, and another backup was made."""
    lived = Installation(tmp_path / "lived").migrated()
    shutil.copytree(filled.folder / "keys", lived.folder / "keys")
    shutil.copytree(filled.folder / "backups", lived.folder / "backups")
    older = backup_of(lived)
    lived.run("restore", str(older))
    (gone,) = lived.python(ERASE_ONE).split()
    lived.run("backup", str(lived.folder / "backups"))

    said = place.run("restore", str(older)).stdout

    assert "1 parents who had been erased since were erased again." in said
    assert place.ask(f"SELECT alias FROM people_parent WHERE id = {gone}") == [("—",)]
    assert place.ask(f"SELECT count(*) FROM keys_datakey WHERE parent_id = {gone}") == [(0,)]
    assert place.ask("SELECT count(*) FROM people_parent WHERE erased_at IS NOT NULL") == [(1,)]
    assert place.ask(
        f"SELECT count(*) FROM audit_event WHERE kind = 'parent.erased' AND subject_id = {gone}"
    ) == [(1,)]
    # What the file says is no name, and the list that is kept from now on knows it too.
    assert re.fullmatch("[0-9a-f]{64}\n", (place.folder / "erased.txt").read_text())


def test_backup_without_its_key_is_refused(filled, tmp_path):
    place = Installation(tmp_path / "no-key")

    said = refused(place, backup_of(filled))

    assert "made with key" in said
    assert "Nothing was restored." in said


def test_backup_that_was_cut_off_is_refused(filled, bare_place, tmp_path):
    short = tmp_path / "short.backup"
    short.write_bytes(backup_of(filled).read_bytes()[:-100])

    assert "cut off" in refused(bare_place, short)


def test_backup_with_one_changed_byte_is_refused(filled, bare_place, tmp_path):
    content = bytearray(backup_of(filled).read_bytes())
    content[len(content) // 2] ^= 1
    changed = tmp_path / "changed.backup"
    changed.write_bytes(content)

    assert "was changed" in refused(bare_place, changed)


def test_restoring_says_that_a_chain_was_broken_before(filled, place, tmp_path):
    broken = Installation(tmp_path / "broken").migrated()
    shutil.copytree(filled.folder / "keys", broken.folder / "keys")
    broken.run("restore", str(backup_of(filled)))
    broken.ask("UPDATE audit_event SET kind = 'nothing.happened' WHERE number = 2")
    broken.run("backup", str(broken.folder / "backups"))

    done = place.run("restore", str(backup_of(broken)), check=False)

    assert done.returncode == 1
    assert "rows are back" in done.stdout
    assert "The trail of organisation" in done.stderr


def test_backup_goes_into_an_empty_database_only(filled):
    before = filled.python(CONTENT)

    done = filled.run("restore", str(backup_of(filled)), check=False)

    assert done.returncode == 1
    assert "people in this database already" in done.stderr
    assert filled.python(CONTENT) == before


def test_backup_holds_nothing_that_can_be_read(filled):
    content = backup_of(filled).read_bytes()

    for word in (b"coordinator", b"people_parent", b"organisation"):
        assert word not in content


def test_backup_stays_with_its_owner(filled):
    assert backup_of(filled).stat().st_mode & 0o077 == 0


def test_newer_backup_is_refused(bare_place):
    write = """
from goround.apps.backups import files, services
from django.utils import timezone
lines = [{"migrations": {"people": ["9999_from_the_future"]}}, {"counts": {}}]
with open("FILE", "wb") as file:
    files.write(file, services._label(timezone.now()), lines, key=services._key().secret)
"""
    file = bare_place.folder / "newer.backup"
    bare_place.python(write.replace("FILE", str(file)))

    assert "9999_from_the_future" in refused(bare_place, file)


def test_older_backup_is_brought_up_to_date(bare_place):
    """As version 0.1 would have written it, when accounts had one migration."""
    write = """
from goround.apps.backups import files, services
from django.utils import timezone
now = timezone.now()
lines = [
    {"migrations": {"accounts": ["0001_initial"]}},
    {"table": "accounts.user", "columns": ["id", "password", "handle", "created_at"]},
    [7, "!", "ana", now.isoformat()],
    {"counts": {"accounts.user": 1}},
]
with open("FILE", "wb") as file:
    files.write(file, services._label(now), lines, key=services._key().secret)
"""
    file = bare_place.folder / "older.backup"
    bare_place.python(write.replace("FILE", str(file)))

    bare_place.run("restore", str(file))

    assert bare_place.ask("SELECT id, handle FROM accounts_user") == [(7, "ana")]
    assert bare_place.run("migrate", "--check").returncode == 0


def test_only_the_newest_backups_are_kept(place, tmp_path):
    folder = tmp_path / "kept"
    folder.mkdir()
    for day in (1, 2, 3):
        (folder / f"goround-2026-03-0{day}T031500.backup").write_bytes(b"old")
    (folder / "somebody-elses.backup").write_bytes(b"stays")
    place.run("backup", str(folder), "--keep", "2")

    names = sorted(path.name for path in folder.glob("*.backup"))

    assert names[0] == "goround-2026-03-03T031500.backup"
    assert len(names) == 3
    assert names[2] == "somebody-elses.backup"
