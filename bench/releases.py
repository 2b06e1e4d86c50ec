"""The exact figures behind a year's snapshot over five million attendances, and bare SQL's time.

On SQLite and on PostgreSQL, where its server programs are there. Both must count the same. Rows
are multiplied in the database; ``BENCH_ATTENDANCES`` makes it smaller for a look.
"""

# Django can only be imported once the settings are in the environment.
# ruff: noqa: PLC0415
from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any, TypeVar

if TYPE_CHECKING:  # Django is not ready when this module is read
    from django.db.models import Model

    from goround.apps.organisations.models import Organisation

ATTENDANCES = int(os.environ.get("BENCH_ATTENDANCES", "5000000"))
HOSTS, WEEKS, MEMBERS = 5, 50, 10
RUNS = 3
JANUARY = datetime(2015, 1, 5, 18, tzinfo=UTC)
MEASURE = "import sys; from bench.releases import measure; measure(sys.argv[1])"

T = TypeVar("T")

# One statement for each table of the snapshot that counts people, as somebody would type it.
CAME = (
    "SELECT s.parent_id FROM meetings_attendance a"
    " JOIN groups_membership s ON s.id = a.membership_id"
    " JOIN meetings_meeting m ON m.id = a.meeting_id"
    " WHERE m.status = 'held' AND m.starts_at >= %(begin)s AND m.starts_at < %(end)s"
)
BARE = (
    "SELECT p.organisation_id, p.gender, count(*) FROM people_parent p"
    f" WHERE p.id IN ({CAME}) GROUP BY 1, 2",
    "SELECT p.organisation_id, (SELECT r.source FROM people_referral r WHERE r.parent_id = p.id"
    " ORDER BY r.waiting_since, r.id LIMIT 1) AS source, count(*) FROM people_parent p"
    f" WHERE p.id IN ({CAME}) GROUP BY 1, 2",
    "SELECT g.organisation_id, g.type, count(*) FROM groups_group g WHERE g.id IN"
    " (SELECT m.group_id FROM meetings_meeting m WHERE m.status = 'held'"
    " AND m.starts_at >= %(begin)s AND m.starts_at < %(end)s) GROUP BY 1, 2",
    "SELECT m.organisation_id, m.status, count(*) FROM meetings_meeting m"
    " WHERE m.starts_at >= %(begin)s AND m.starts_at < %(end)s GROUP BY 1, 2",
)
YEAR_2015 = {"begin": datetime(2015, 1, 1, tzinfo=UTC), "end": datetime(2016, 1, 1, tzinfo=UTC)}


def main() -> int:
    with tempfile.TemporaryDirectory(prefix="goround-bench-") as folder:
        if not _in_own_process(f"sqlite:///{folder}/goround.sqlite3"):
            return 1
    return _on_postgres()


def _on_postgres() -> int:
    import psycopg

    from tests.postgres import PostgresMissing, temporary_postgres

    try:
        with temporary_postgres() as address:
            with psycopg.connect(
                address.replace("@/goround?", "@/postgres?"), autocommit=True
            ) as c:
                c.execute("CREATE DATABASE goround")
            return 0 if _in_own_process(address) else 1
    except PostgresMissing as missing:
        print(f"PostgreSQL was not measured: {missing}")
        return 0


def _in_own_process(address: str) -> bool:
    """A process for each database: Django keeps to one."""
    with tempfile.TemporaryDirectory(prefix="goround-bench-") as folder:
        env = os.environ | {
            "GOROUND_ENV": "demo",
            "GOROUND_DATA_DIR": folder,
            "GOROUND_SECRET_KEY": "a key for measuring only",
            "GOROUND_DATABASE_URL": address,
            "DJANGO_SETTINGS_MODULE": "goround.config.settings",
        }
        kind = address.partition(":")[0]
        command = [sys.executable, "-c", MEASURE, kind]
        return subprocess.run(command, env=env, check=False).returncode == 0


def measure(kind: str) -> None:
    """Fill a database, count the snapshot both ways, print a line."""
    import django
    from django.core.management import call_command

    django.setup()
    call_command("migrate", verbosity=0)
    begun = time.perf_counter()
    hosts = _fill()
    print(
        f"{kind}: {_rows():,} attendances made in {time.perf_counter() - begun:.0f} s", flush=True
    )
    bare, counted_bare = _best(_bare)
    ours, counted = _best(lambda: _ours(hosts))
    if counted != counted_bare:
        raise SystemExit(f"{kind}: the two count differently: {counted} and {counted_bare}")
    print(f"{'':12}{'bare SQL':>12}{'snapshot':>12}{'ratio':>8}")
    print(f"{kind:<12}{bare:>10.2f} s{ours:>10.2f} s{ours / bare:>8.2f}", flush=True)


def _best(work: Callable[[], T]) -> tuple[float, T]:
    found = []
    for _ in range(RUNS):
        begun = time.perf_counter()
        answer = work()
        found.append(time.perf_counter() - begun)
    return min(found), answer


def _ours(hosts: list[Organisation]) -> tuple[int, int, int]:
    """Everything exact that a snapshot goes by, before its audit."""
    from goround.apps.releases.catalogue import SNAPSHOT, scope
    from goround.apps.releases.measuring import Measuring
    from goround.domain.disclosure import Cell, Span

    year = Span.of(2015, 1, 12)
    measuring = Measuring(hosts, datetime(2016, 6, 1, tzinfo=UTC))
    people = measuring.people(scope(SNAPSHOT, year, ()))
    exact = measuring.exact(SNAPSHOT, year)
    held = exact[Cell("meetings", year, (), "state", "held")]
    return people[Cell("parents", year)], exact[Cell("groups", year)], held


def _bare() -> tuple[int, int, int]:
    from django.db import connection

    sums = []
    with connection.cursor() as cursor:
        for statement in BARE:
            cursor.execute(statement, YEAR_2015)
            sums.append(sum(row[-1] for row in cursor.fetchall()))
    parents, sources, groups, meetings = sums
    assert parents == sources
    return parents, groups, meetings


# Rows: one of each kind is made as the program makes it, and multiplied in the database.


def _fill() -> list[Organisation]:
    from django.db import connection

    from goround.apps.organisations.models import Network, Organisation

    network = Network.objects.create(name="Bench", slug="bench")
    hosts = [
        Organisation.objects.create(
            network=network, name=f"Host {number}", slug=f"host-{number}", time_zone="UTC"
        )
        for number in range(HOSTS)
    ]
    groups = ATTENDANCES // (HOSTS * WEEKS * MEMBERS)
    for place, host in enumerate(hosts):
        _fill_host(host, first=1 + place * groups * WEEKS * MEMBERS, groups=groups)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    return hosts


def _fill_host(host: Organisation, *, first: int, groups: int) -> None:
    """Rows are numbered on from ``first``, each kind by itself."""
    from goround.apps.groups.models import Group, Membership
    from goround.apps.meetings.models import Attendance, Meeting
    from goround.apps.organisations.models import Programme
    from goround.apps.people.models import Parent, Referral

    here: dict[str, Any] = {"organisation": host}
    programme = Programme.objects.create(
        **here, playbook_key="parent-support-circles", name="Circles", door=f"door-{host.pk}"
    )
    parent = Parent(**here, alias="p", created_at=JANUARY, gender=Parent.Gender.FEMALE)
    group = Group(
        **here,
        programme=programme,
        name="g",
        type="any",
        rrule="FREQ=WEEKLY",
        first_at=JANUARY,
        time_zone="UTC",
        minutes=90,
        created_at=JANUARY,
    )
    member = Membership(
        **here, group_id=first, parent_id=first, alias="p", joined_on=JANUARY.date()
    )
    referral = Referral(
        **here,
        programme=programme,
        parent_id=first,
        door=Referral.Door.LIST,
        status=Referral.Status.PLACED,
        waiting_since=JANUARY,
        ended_at=JANUARY,
    )
    people = groups * MEMBERS
    gender = "CASE WHEN n % 7 = 0 THEN 'male' ELSE 'female' END"
    source = "CASE n % 3 WHEN 0 THEN 'hospitals' WHEN 1 THEN 'schools' ELSE '' END"
    _multiply(parent, people, first, gender=gender, alias="'p' || n")
    _multiply(referral, people, first, parent_id=f"{first} + n", source=source)
    _multiply(group, groups, first, name="'g' || n")
    of_group = f"{first} + n / {MEMBERS}"
    _multiply(member, people, first, group_id=of_group, parent_id=f"{first} + n", alias="'p' || n")
    for week in range(WEEKS):
        starts = JANUARY + timedelta(days=7 * week)
        meeting = Meeting(
            **here,
            group_id=first,
            occurrence=starts,
            starts_at=starts,
            ends_at=starts + timedelta(minutes=90),
            status=Meeting.Status.HELD,
            recorded_at=starts,
        )
        seen = Attendance(**here, meeting_id=first, membership_id=first)
        held = first + week * groups
        _multiply(meeting, groups, held, group_id=f"{first} + n")
        _multiply(
            seen,
            people,
            first + week * people,
            meeting_id=f"{held} + n / {MEMBERS}",
            membership_id=f"{first} + n",
        )


def _multiply(row: Model, times: int, first: int, **columns: str) -> None:
    """So many rows like this one, their ids counted on; ``columns`` say in SQL what differs."""
    from django.db import connection

    fields = [field for field in row._meta.local_concrete_fields if not field.primary_key]
    values, shared = [f"{first} + n"], list[Any]()
    for field in fields:
        told = columns.get(field.column)
        values.append(told.replace("%", "%%") if told else "%s")
        if told is None:
            shared.append(field.get_db_prep_save(field.pre_save(row, True), connection))
    names = ", ".join(f'"{name}"' for name in ["id", *(field.column for field in fields)])
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {row._meta.db_table} ({names})"
            f" WITH RECURSIVE numbers(n) AS (SELECT 0 UNION ALL SELECT n + 1 FROM numbers"
            f" WHERE n + 1 < {times}) SELECT {', '.join(values)} FROM numbers",
            shared,
        )


def _rows() -> int:
    from goround.apps.meetings.models import Attendance

    return Attendance.objects.count()
