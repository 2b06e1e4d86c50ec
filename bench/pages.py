"""Server time and queries of the ten main pages, on the demo network once and ten times over."""

# Django can only be imported once the settings are in the environment.
# ruff: noqa: PLC0415
from __future__ import annotations

import os
import statistics
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bench import reference

if TYPE_CHECKING:  # Django is not ready when this module is read
    from django.test import Client

    from goround.apps.formation.models import Round

SIZES = (1, 10)
RUNS = 15
# A page answers within this on demo data.
WANTED_MS = 50
SEARCH_SECONDS = 5

# A process of its own for each size: Django keeps to one database.
MEASURE = "import sys; from bench.pages import measure; measure(int(sys.argv[1]), sys.argv[2])"


@dataclass(frozen=True)
class Page:
    name: str
    path: str
    who: str


def main() -> int:
    for times in SIZES:
        with tempfile.TemporaryDirectory(prefix="goround-bench-") as folder:
            command = [sys.executable, "-c", MEASURE, str(times), folder]
            if subprocess.run(command, check=False).returncode:
                return 1
    return 0


def measure(times: int, folder: str) -> None:
    """Load the demo, open every page, print a line for each."""
    prepare(Path(folder), times)
    loop = reference.seconds()
    print(f"demo network {times} ×; the reference loop takes {1000 * loop:.1f} ms")
    print(f"{'page':<22}{'ms':>8}{'most':>8}{'× loop':>9}{'queries':>9}{'kB':>7}")
    for page in _pages():
        _measure(page, loop)
    print(flush=True)


def prepare(folder: Path, times: int) -> None:
    """A database of its own, like the one ``make run`` makes."""
    os.environ |= {
        "GOROUND_ENV": "demo",
        "GOROUND_DATA_DIR": str(folder),
        "GOROUND_SECRET_KEY": "a key for measuring only",
        "GOROUND_DATABASE_URL": f"sqlite:///{folder}/goround.sqlite3",
        "DJANGO_SETTINGS_MODULE": "goround.config.settings",
    }
    import django
    from django.core.management import call_command

    django.setup()
    call_command("migrate", verbosity=0)
    from django.utils.timezone import now

    from goround.apps.demo.services import load_demo

    begun = time.perf_counter()
    load_demo(by=None, at=now(), times=times)
    print(f"\ndemo network {times} × loaded in {time.perf_counter() - begun:.1f} s")


def _pages() -> list[Page]:
    from goround.apps.groups.models import Group
    from goround.apps.meetings.models import Meeting

    host, network = "/o/childrens-circle-la/", "/n/la-circles-demo/"
    circle = Group.objects.get(name="Westlake evening circle")
    open_meeting = Meeting.objects.filter(group=circle, status=Meeting.Status.PLANNED)
    meeting = open_meeting.order_by("starts_at")[0]
    formation_round = _round()
    return [
        Page("today", host, "coordinator"),
        Page("waiting list", f"{host}waiting/", "coordinator"),
        Page("round", f"{host}rounds/{formation_round.pk}/", "coordinator"),
        Page("groups", f"{host}groups/", "coordinator"),
        Page("group", f"{host}groups/{circle.pk}/", "coordinator"),
        Page("my groups", f"{host}run/", "facilitator"),
        Page("roll", f"{host}run/meetings/{meeting.pk}/roll/", "facilitator"),
        Page("month", f"{host}month/?month=2015-04", "coordinator"),
        Page("network's month", f"{network}month/?month=2015-04", "network"),
        Page("snapshot", f"{network}snapshot/", "network"),
    ]


def _round() -> Round:
    """Groups proposed from everybody who waits."""
    from django.utils.timezone import now

    from goround.apps.accounts.models import User
    from goround.apps.formation.services import create_round, start_search
    from goround.apps.formation.settings import default_settings
    from goround.apps.jobs.work import run_next
    from goround.apps.organisations.models import Programme, Venue
    from goround.apps.people.models import Facilitator

    coordinator = User.objects.get(handle="coordinator")
    programme = Programme.objects.get(
        organisation__slug="childrens-circle-la", playbook_key="parent-support-circles"
    )
    here = {"organisation": programme.organisation}
    leaders = Facilitator.objects.filter(in_service=True, **here)
    venues = Venue.objects.filter(in_use=True, **here)
    settings = replace(
        default_settings(programme),
        venues=tuple(venues.values_list("pk", flat=True)),
        facilitators=tuple(leaders.values_list("pk", flat=True)),
        seconds=SEARCH_SECONDS,
    )
    made = create_round(
        programme=programme, settings=settings, name="Bench", seed=1, by=coordinator, at=now()
    )
    start_search(round=made, settings=settings, version=0, by=coordinator, at=now())
    run_next("bench")
    made.refresh_from_db()
    if not made.version:
        raise SystemExit("the search proposed nothing; the round's page cannot be measured")
    return made


def _measure(page: Page, loop: float) -> None:
    client = signed_in(page.who)
    answer, asked = first(client, page.path)
    if answer.status_code != 200:
        raise SystemExit(f"{page.name} answered {answer.status_code}")
    taken = sorted(once(client, page.path) for _ in range(RUNS))
    middle = statistics.median(taken)
    late = "" if 1000 * middle < WANTED_MS else f"  over {WANTED_MS} ms"
    print(
        f"{page.name:<22}{1000 * middle:>8.1f}{1000 * taken[-1]:>8.1f}{middle / loop:>9.2f}"
        f"{asked:>9}{len(answer.content) / 1000:>7.0f}{late}",
        flush=True,
    )


def signed_in(handle: str) -> Client:
    from django.test import Client

    from goround.apps.accounts.models import User

    client = Client()
    client.force_login(User.objects.get(handle=handle))
    return client


def first(client: Client, path: str) -> tuple[Any, int]:
    """An answer, and how many queries it took."""
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    with CaptureQueriesContext(connection) as queries:
        answer = client.get(path)
    # Read at once: the next request forgets them.
    return answer, len(queries)


def once(client: Client, path: str) -> float:
    """Seconds of processor time, SQLite's included: other work on the machine counts less."""
    begun = time.process_time()
    client.get(path)
    return time.process_time() - begun
