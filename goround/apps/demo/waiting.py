"""The present-day waiting list: the ``la-414`` lists, taken in as a coordinator would."""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Sequence
from datetime import datetime, timedelta
from importlib import resources
from io import StringIO
from random import Random

from goround.apps.accounts.models import User
from goround.apps.audit import services as audit
from goround.apps.demo.history import TRAINING
from goround.apps.demo.names import leaders
from goround.apps.demo.plans import SOURCES, shuffled
from goround.apps.jobs.services import ask_to_stop
from goround.apps.organisations.models import Programme
from goround.apps.people.imports.services import confirm_list, receive_list, save_list
from goround.apps.people.models import Facilitator, ListImport, Referral, Training
from goround.domain.privacy import km_between

Row = dict[str, str]

WEEKS_WAITED = 20
TOWNS = {
    "Pacoima": (34.262, -118.421),
    "Panorama City": (34.224, -118.443),
    "Westlake": (34.054, -118.272),
    "Lincoln Heights": (34.068, -118.211),
    "El Monte": (34.066, -118.030),
}
ROOMS = (
    "library, meeting room",
    "family resource centre",
    "community centre",
    "school, parents' room",
    "apartments, common room",
    "park clubhouse",
)


def load_waiting(programme: Programme, *, by: User, at: datetime, times: int) -> None:
    """Everybody on the list waits for ``programme``, for one to twenty weeks by now.

    The rows keep their ids; in a network so many times as large, copies carry their number.
    """
    rng = Random(2026)  # noqa: S311  the same demo on every machine
    names, rooms = leaders(rng), Counter[str]()
    venues = [row | {"name": _room(row, rooms)} for row in _packaged("venues.csv")]
    _take_in(programme, ListImport.Kind.VENUES, venues, rng, by=by, at=at)
    leads, parents = _packaged("facilitators.csv"), _packaged("parents.csv")
    for copy in range(times):
        people = [_copied(row, copy) | {"name": next(names)} for row in leads]
        _take_in(programme, ListImport.Kind.FACILITATORS, people, rng, by=by, at=at)
        waiting = [_copied(row, copy) for row in parents]
        _take_in(programme, ListImport.Kind.PARENTS, waiting, rng, by=by, at=at)
    _train(programme, rng, at=at)
    _have_waited(programme, rng, at=at, times=times)


def _take_in(
    programme: Programme,
    kind: ListImport.Kind,
    rows: Sequence[Row],
    rng: Random,
    *,
    by: User,
    at: datetime,
) -> None:
    """Upload, look, confirm and save, all at once."""
    received = receive_list(
        organisation=programme.organisation,
        programme=programme,
        kind=kind,
        data=_as_file(rows),
        by=by,
        at=at,
        rng=rng,
    )
    job = confirm_list(list_import=received, by=by, at=at)
    received.refresh_from_db()
    save_list(list_import=received, tick=lambda done, total: True, by=by, at=at, rng=rng)
    # Nothing is left to do in the background.
    ask_to_stop(job=job, by=by, at=at)


def _packaged(file: str) -> list[Row]:
    path = resources.files("goround.apps.demo.data") / "la-414" / file
    with path.open(encoding="utf-8") as lines:
        return list(csv.DictReader(lines))


def _as_file(rows: Sequence[Row]) -> bytes:
    out = StringIO()
    writer = csv.DictWriter(out, fieldnames=list(rows[0]), lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue().encode()


def _copied(row: Row, copy: int) -> Row:
    """The row under another id, and the ids it names with it."""
    if not copy:
        return row
    linked = {
        column: ";".join(f"{name}-{copy}" for name in row[column].split(";") if name)
        for column in ("id", "together", "apart")
        if column in row
    }
    return row | linked


def _room(row: Row, used: Counter[str]) -> str:
    """A name a coordinator would know the room by: its part of town, and what it is."""
    if row["mode"] == "online":
        return row["name"]
    here = float(row["lat"]), float(row["lon"])
    town = min(TOWNS, key=lambda name: km_between(here, TOWNS[name]))
    used[town] += 1
    return f"{town} {ROOMS[(used[town] - 1) % len(ROOMS)]}"


def _train(programme: Programme, rng: Random, *, at: datetime) -> None:
    """Everybody who offers hours has done the three days, some weeks or years ago."""
    today = programme.organisation.local(at).date()
    ready = Facilitator.objects.filter(organisation=programme.organisation, in_service=True)
    trained = Training.objects.bulk_create(
        Training(
            facilitator=one,
            kind=TRAINING,
            completed_on=today - timedelta(days=7 * rng.randint(4, 140)),
        )
        for one in ready.order_by("pk")
    )
    audit.record("demo.trainings_loaded", programme, by=None, at=at, trainings=len(trained))


def _have_waited(programme: Programme, rng: Random, *, at: datetime, times: int) -> None:
    """Spread over the last weeks, most of them recent, with who sent them."""
    sources = shuffled(rng, SOURCES) * times
    waiting = list(Referral.objects.filter(programme=programme, status="waiting").order_by("pk"))
    for referral in waiting:
        days = rng.triangular(7, 7 * WEEKS_WAITED, 14)
        referral.waiting_since = at - timedelta(days=int(days), hours=rng.randint(0, 9))
        referral.source = sources.pop()
    Referral.objects.bulk_update(waiting, ["waiting_since", "source"], batch_size=500)
    audit.record("demo.waiting_list_loaded", programme, by=None, at=at, waiting=len(waiting))
