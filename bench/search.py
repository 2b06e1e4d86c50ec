"""Looking parents up by what they are called, in an organisation of ten thousand."""

# Django can only be imported once the settings are in the environment.
# ruff: noqa: PLC0415
from __future__ import annotations

import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING, Any

from bench import reference
from bench.pages import prepare, signed_in

if TYPE_CHECKING:  # Django is not ready when this module is read
    from goround.apps.organisations.models import Programme

PARENTS = 10_000
RUNS = 15
WANTED_MS = 200
MEASURE = "import sys; from bench.search import measure; measure(sys.argv[1])"

# One whom few are called like, one with whom many share letters, and nobody.
CALLED = ("brave mapl", "r", "zzzz")


def main() -> int:
    # A process of its own: Django keeps to one database.
    with tempfile.TemporaryDirectory(prefix="goround-bench-") as folder:
        return subprocess.run([sys.executable, "-c", MEASURE, folder], check=False).returncode


def measure(folder: str) -> None:
    """Fill one organisation of the demo, look people up on each page, print the slowest name."""
    prepare(Path(folder), 1)
    from goround.apps.groups.models import Group
    from goround.apps.people.models import Parent

    group = Group.objects.get(name="Westlake evening circle")
    _fill(group.programme)
    host = f"/o/{group.organisation.slug}/"
    there = Parent.objects.filter(organisation=group.organisation).count()
    loop = reference.seconds()
    print(f"{there} parents; the reference loop takes {1000 * loop:.1f} ms")
    print(f"{'page':<28}{'ms':>8}{'most':>8}{'× loop':>9}{'queries':>9}")
    coordinator, lead = signed_in("coordinator"), signed_in("safeguarding-lead")
    add = f"{host}groups/{group.pk}/members/add/"
    pages: dict[str, Callable[[str], Any]] = {
        "add a member": lambda called: coordinator.get(add, {"called": called}),
        "in an emergency": lambda called: coordinator.post(
            f"{host}emergency/", {"find-called": called}
        ),
        "two who must not meet": lambda called: lead.post(
            f"{host}lead/apart/new/", {"find-one": called, "find-other": called}
        ),
        "may not collect a child": lambda called: lead.post(
            f"{host}lead/barred/new/", {"find-called": called}
        ),
    }
    for name, ask in pages.items():
        _measure(name, ask, loop)
    print(flush=True)


def _fill(programme: Programme) -> None:
    """Everybody waits, has told a home and a safe way to be reached, and has a key for both."""
    from django.utils.timezone import now

    from goround.apps.people.models import Parent, Referral
    from goround.apps.people.opening import keep_details
    from goround.domain.privacy.alias import suggest_alias

    chance, at, here = Random(8), now(), programme.organisation
    begun = time.perf_counter()
    parents = Parent.objects.bulk_create(
        Parent(
            organisation=here,
            alias=suggest_alias(chance),
            languages=("en",),
            available=("mon 17:00-21:00",),
            created_at=at,
        )
        for _number in range(PARENTS)
    )
    for parent in parents:
        parent.safe_contact = f"Text after 8, {parent.pk}"
    keep_details(parents, new=True)
    Referral.objects.bulk_create(
        Referral(
            organisation=here,
            programme=programme,
            parent=parent,
            door=Referral.Door.SELF,
            waiting_since=at,
        )
        for parent in parents
    )
    print(f"{PARENTS} parents added in {time.perf_counter() - begun:.1f} s")


def _measure(name: str, ask: Callable[[str], Any], loop: float) -> None:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    middles, most, asked = [], 0.0, 0
    for called in CALLED:
        with CaptureQueriesContext(connection) as queries:
            answer = ask(called)
        if answer.status_code != 200:
            raise SystemExit(f"{name} answered {answer.status_code}")
        asked = max(asked, len(queries))
        taken = [_once(ask, called) for _ in range(RUNS)]
        middles.append(statistics.median(taken))
        most = max(most, *taken)
    middle = max(middles)
    late = "" if 1000 * middle < WANTED_MS else f"  over {WANTED_MS} ms"
    print(
        f"{name:<28}{1000 * middle:>8.1f}{1000 * most:>8.1f}{middle / loop:>9.2f}{asked:>9}{late}",
        flush=True,
    )


def _once(ask: Callable[[str], Any], called: str) -> float:
    """Seconds of processor time, SQLite's included: other work on the machine counts less."""
    begun = time.process_time()
    ask(called)
    return time.process_time() - begun
