"""How long a draft of a release takes: a network of 20 organisations, as its ledger grows.

Every audit reads the whole ledger, so the month drafted last takes longest.
``BENCH_HOSTS`` makes the network smaller for a look.
"""

# Django can only be imported once the settings are in the environment.
# ruff: noqa: PLC0415
from __future__ import annotations

import os
import random
import subprocess
import sys
import tempfile
import time
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:  # Django is not ready when this module is read
    from goround.apps.organisations.models import Network
    from goround.apps.releases.catalogue import Table
    from goround.domain.disclosure import Span

HOSTS = int(os.environ.get("BENCH_HOSTS", "20"))
GROUPS, MONTHS = 5, 12
AT = datetime(2026, 1, 15, 12, tzinfo=UTC)
MEASURE = "from bench.drafts import measure; measure()"


def main() -> int:
    # A process of its own: Django keeps to one database.
    with tempfile.TemporaryDirectory(prefix="goround-bench-") as folder:
        env = os.environ | {
            "GOROUND_ENV": "demo",
            "GOROUND_DATA_DIR": folder,
            "GOROUND_SECRET_KEY": "a key for measuring only",
            "GOROUND_DATABASE_URL": f"sqlite:///{folder}/goround.sqlite3",
            "DJANGO_SETTINGS_MODULE": "goround.config.settings",
        }
        return subprocess.run([sys.executable, "-c", MEASURE], env=env, check=False).returncode


def measure() -> None:
    """Fill, then draft and release month after month, and what is made of the year."""
    import django
    from django.core.management import call_command

    django.setup()
    call_command("migrate", verbosity=0)
    from goround.apps.releases.catalogue import COSTS, GROUP_YEAR, MONTH, SNAPSHOT
    from goround.domain.disclosure import Span

    network = _fill()
    year = Span.of(2025, 1, MONTHS)
    print(f"{HOSTS} organisations, {HOSTS * GROUPS} groups")
    for month in year.each():
        _draft(network, MONTH, month)
    for table in (SNAPSHOT, GROUP_YEAR, COSTS):
        _draft(network, table, year)
    for month in (*year.each()[:2], *year.each()[-2:]):
        _draft(network, MONTH, month)


def _draft(network: Network, table: Table, span: Span) -> None:
    from goround.apps.releases.catalogue import first_day
    from goround.apps.releases.services import make_draft, publish
    from goround.apps.releases.working_out import history

    ledger = len(history(network))
    begun = time.perf_counter()
    draft = make_draft(network=network, table=table, span=span, by=None, at=AT)
    seconds = time.perf_counter() - begun
    print(
        f"{table.key:<14}{first_day(span):%Y-%m} after {ledger:>2} releases: {seconds:>6.1f} s"
        f"{'  refused' if draft.refused_for else ''}",
        flush=True,
    )
    if not draft.refused_for:
        publish(draft=draft, by=None, at=AT)


def _fill() -> Network:
    from goround.apps.organisations.models import Network, Organisation

    network = Network.objects.create(name="Bench", slug="bench")
    for number in range(HOSTS):
        host = Organisation.objects.create(
            network=network, name=f"Host {number}", slug=f"host-{number}", time_zone="UTC"
        )
        _fill_host(host, random.Random(number))
    return network


def _fill_host(host, chance: random.Random) -> None:  # type: ignore[no-untyped-def]
    from goround.apps.groups.models import Group, Membership
    from goround.apps.meetings.models import Attendance, Meeting
    from goround.apps.organisations.models import Programme
    from goround.apps.people.models import Parent, Referral

    first = datetime(2025, 1, 6, 18, tzinfo=UTC)
    programme = Programme.objects.create(
        organisation=host, playbook_key="parent-support-circles", name="C", door=f"d-{host.pk}"
    )
    for number in range(GROUPS):
        group = Group.objects.create(
            organisation=host,
            programme=programme,
            name=f"g{number}",
            type=chance.choice(["self-care", "men", "teen"]),
            rrule="FREQ=MONTHLY",
            first_at=first,
            time_zone="UTC",
            minutes=90,
            created_at=first,
        )
        parents = Parent.objects.bulk_create(
            Parent(
                organisation=host,
                alias="p",
                created_at=first,
                gender=chance.choices(["female", "male", "other", ""], [80, 14, 2, 4])[0],
            )
            for _ in range(chance.randint(2, 12))
        )
        Referral.objects.bulk_create(
            Referral(
                organisation=host,
                programme=programme,
                parent=parent,
                door=Referral.Door.LIST,
                status=Referral.Status.PLACED,
                source=chance.choice(["hospitals", "schools", ""]),
                waiting_since=first,
                ended_at=first,
            )
            for parent in parents
        )
        members = Membership.objects.bulk_create(
            Membership(
                organisation=host,
                group=group,
                parent=parent,
                alias=f"p{parent.pk}",
                joined_on=first.date(),
            )
            for parent in parents
        )
        for month in range(MONTHS):
            starts = first + timedelta(days=30 * month)
            meeting = Meeting.objects.create(
                organisation=host,
                group=group,
                occurrence=starts,
                starts_at=starts,
                ends_at=starts + timedelta(minutes=90),
                status=Meeting.Status.HELD,
                recorded_at=starts,
            )
            Attendance.objects.bulk_create(
                Attendance(organisation=host, meeting=meeting, membership=member)
                for member in members
                if chance.random() < 0.7
            )


if __name__ == "__main__":
    sys.exit(main())
