"""How fast a list of 40,000 waiting parents is read and saved, and imported once more."""

# Django can only be imported once the settings are in the environment.
# ruff: noqa: PLC0415
from __future__ import annotations

import os
import resource
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from random import Random

from bench import reference

ROWS = 40_000
DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
HOURS = ("09:00-12:00", "13:00-16:00", "17:30-20:30")
TYPES = ("self-care", "special-needs", "new-baby", "men", "foster", "teen")
NOW = datetime(2026, 3, 4, 12, tzinfo=UTC)


def main() -> int:
    with tempfile.TemporaryDirectory(prefix="goround-bench-") as folder:
        _prepare(Path(folder))
        _measure("".join(_lines(Random(414))).encode())
    return 0


def _prepare(folder: Path) -> None:
    """A database of its own, like the one ``make run`` makes."""
    os.environ |= {
        "GOROUND_ENV": "test",
        "GOROUND_DATA_DIR": str(folder),
        "GOROUND_SECRET_KEY": "a key for measuring only",
        "GOROUND_DATABASE_URL": f"sqlite:///{folder}/goround.sqlite3",
        "DJANGO_SETTINGS_MODULE": "goround.config.settings",
    }
    import django
    from django.core.management import call_command

    django.setup()
    call_command("migrate", verbosity=0)


def _measure(data: bytes) -> None:
    from goround.apps.jobs.work import run_next
    from goround.apps.people.imports.services import confirm_list, receive_list
    from goround.apps.people.models import ListImport, Parent, Referral
    from tests.make import make_coordinator, make_programme

    programme = make_programme()
    organisation = programme.organisation
    coordinator = make_coordinator(organisation)
    parts = {
        "organisation": organisation,
        "kind": ListImport.Kind.PARENTS,
        "programme": programme,
        "data": data,
        "by": coordinator,
        "at": NOW,
        "rng": Random(1),
    }
    received = Moment()
    listed = receive_list(**parts)
    uploaded = Moment()
    run_next("bench")
    read = Moment()
    confirm_list(list_import=listed, by=coordinator, at=NOW)
    run_next("bench")
    saved = Moment()
    again = receive_list(**parts)
    run_next("bench")
    ended = Moment()

    again.refresh_from_db()
    waiting = Referral.objects.count()
    if (waiting, Parent.objects.count(), again.same_rows) != (ROWS, ROWS, ROWS):
        raise SystemExit(f"{waiting} parents wait after {ROWS} rows; the second time differs")
    print(f"{ROWS} rows, {len(data) / 1e6:.1f} MB")
    print(f"upload answered in {uploaded.at - received.at:.2f} s")
    loop = reference.seconds()
    _say("read and compared", uploaded, read, loop)
    _say("saved", read, saved, loop)
    _say("the same list again", saved, ended, loop)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"peak memory {peak:.0f} MB")


@dataclass(frozen=True)
class Moment:
    """Now, on the clock and in the processor time of this process."""

    at: float = field(default_factory=time.perf_counter)
    worked: float = field(default_factory=time.process_time)


def _say(what: str, begun: Moment, ended: Moment, loop: float) -> None:
    seconds, worked = ended.at - begun.at, ended.worked - begun.worked
    print(
        f"{what}: {seconds:.1f} s, {ROWS / seconds:.0f} rows/s; processor {worked:.1f} s, "
        f"{ROWS / worked:.0f} rows/s, {worked / loop:.0f} × the reference loop"
    )


def _lines(rng: Random) -> Iterator[str]:
    yield (
        "id,lat,lon,children,languages,available,interests,modes,max_km,needs,tags,wishes,"
        "together,apart,priority\n"
    )
    for number in range(ROWS):
        hours = rng.sample([f"{day} {hour}" for day in DAYS for hour in HOURS], rng.randint(3, 9))
        yield (
            ",".join(
                [
                    f"p{number:05d}",
                    f"{rng.uniform(33.7, 34.3):.3f}",
                    f"{rng.uniform(-118.6, -118.0):.3f}",
                    ";".join(str(rng.randint(0, 16)) for _ in range(rng.randint(0, 3))),
                    rng.choice(["en", "es", "es;en", "zh", "hy"]),
                    ";".join(hours),
                    ";".join(rng.sample(TYPES, rng.randint(0, 2))),
                    rng.choice(["", "in-person", "online"]),
                    rng.choice(["", "5", "8", "25"]),
                    rng.choice(["", "", "childcare", "step-free"]),
                    rng.choice(["", "", "single-parent"]),
                    rng.choice(["", "", "", "single-parent"]),
                    f"p{number - 1:05d}" if number % 50 == 1 else "",
                    f"p{number - 2:05d}" if number % 70 == 2 else "",
                    rng.choice(["", "", "", "3"]),
                ]
            )
            + "\n"
        )
