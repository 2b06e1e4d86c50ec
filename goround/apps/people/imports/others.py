"""Lists of venues, of facilitators and of a network's postcodes."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from goround.apps.accounts.models import User
from goround.apps.organisations.models import Venue
from goround.apps.organisations.services import save_venue
from goround.apps.people.imports.kinds import MOST, Listed, ListKind, Tally
from goround.apps.people.models import Facilitator, Postcode
from goround.apps.people.services import save_facilitator
from goround.domain.matching import problem
from goround.domain.matching.files import (
    HeaderError,
    RowProblem,
    read_facilitators,
    read_postcodes,
    read_venues,
)
from goround.domain.matching.reading import FACILITATOR_COLUMNS, VENUE_COLUMNS, RawRow
from goround.domain.privacy.place import coarse_cell

MOST_NAME = 120
MOST_SHOWN = 80
MOST_POSTCODE = 12


@dataclass(frozen=True, slots=True)
class Row:
    id: str
    values: dict[str, Any]

    def differs(self, there: Any) -> bool:
        return any(getattr(there, name) != value for name, value in self.values.items())


class _RowByRow(ListKind):
    """A short list, of which each row is looked up and saved by itself."""

    def compare(self, rows: Sequence[Row]) -> Tally:
        known = self.known([row.id for row in rows])
        new = sum(row.id not in known for row in rows)
        changed = sum(row.id in known and row.differs(known[row.id]) for row in rows)
        return Tally(new, changed, len(rows) - new - changed)

    def save(self, rows: Sequence[Row], *, by: User, at: datetime) -> Tally:
        known, tally = self.known([row.id for row in rows]), self.compare(rows)
        for row in rows:
            self.save_one(row, known.get(row.id), by=by, at=at)
        return tally

    def known(self, ids: Sequence[str]) -> dict[str, Any]:
        raise NotImplementedError

    def save_one(self, row: Row, there: Any, *, by: User, at: datetime) -> None:
        raise NotImplementedError


class VenuesList(_RowByRow):
    file = "venues.csv"
    columns = VENUE_COLUMNS

    def read(self, lines: Iterable[str]) -> Listed:
        kept = list(lines)
        read, raw = read_venues(kept, file=self.file), self.raw(kept, [])
        listed = Listed(problems=list(read.problems))
        for venue in read.rows:
            sizes = (("rooms", venue.rooms), ("capacity", venue.capacity or 0))
            wrong = _too_long(self.file, raw[venue.id], "name", venue.name, MOST_NAME)
            wrong = wrong or _too_many(self.file, raw[venue.id], sizes) or _no_room(venue, raw)
            if wrong:
                listed.problems.append(wrong)
            else:
                listed.rows.append(_venue_row(venue))
        listed.problems.sort(key=lambda one: one.line)
        return listed

    def known(self, ids: Sequence[str]) -> dict[str, Venue]:
        found = Venue.objects.filter(organisation=self.organisation, reference__in=ids)
        return {venue.reference: venue for venue in found}

    def save_one(self, row: Row, there: Venue | None, *, by: User, at: datetime) -> None:
        venue = there or Venue(organisation=self.organisation, reference=row.id)
        save_venue(venue=venue, by=by, at=at, **row.values)


class FacilitatorsList(_RowByRow):
    """Columns as in ``formation.md``, and a ``name`` that colleagues see, if there is one."""

    file = "facilitators.csv"
    columns = FACILITATOR_COLUMNS

    def read(self, lines: Iterable[str]) -> Listed:
        kept = list(lines)
        read = read_facilitators(kept, file=self.file)
        raw = self.raw(kept, ["name", "max_km"])
        listed = Listed(problems=list(read.problems))
        for person in read.rows:
            row = raw[person.id]
            wrong = _too_long(self.file, row, "name", row["name"], MOST_SHOWN)
            wrong = wrong or _too_many(self.file, row, [("groups", person.groups)])
            if wrong:
                listed.problems.append(wrong)
            else:
                listed.rows.append(_facilitator_row(person, row))
        listed.problems.sort(key=lambda one: one.line)
        return listed

    def known(self, ids: Sequence[str]) -> dict[str, Facilitator]:
        found = Facilitator.objects.filter(organisation=self.organisation, reference__in=ids)
        return {person.reference: person for person in found}

    def save_one(self, row: Row, there: Facilitator | None, *, by: User, at: datetime) -> None:
        person = there or Facilitator(
            organisation=self.organisation, reference=row.id, shown_as=row.id
        )
        save_facilitator(facilitator=person, by=by, at=at, **row.values)


class PostcodesList(ListKind):
    """A network's table of postcodes: ``postcode``, ``lat``, ``lon``. Kept as coarse cells."""

    file = "postcodes.csv"
    columns = ("postcode", "lat", "lon")

    def read(self, lines: Iterable[str]) -> Listed:
        table = read_postcodes(lines, file=self.file)
        if too_long := [code for code in table if not 1 <= len(code) <= MOST_POSTCODE]:
            raise HeaderError(
                f"{self.file}: {too_long[0][:40]!r} is no postcode; "
                f"one has 1 to {MOST_POSTCODE} characters"
            )
        return Listed(rows=[(code, coarse_cell(*place)) for code, place in table.items()])

    def compare(self, rows: Sequence[tuple[str, str]]) -> Tally:
        known = self._known(rows)
        new = sum(code not in known for code, _ in rows)
        changed = sum(code in known and known[code] != cell for code, cell in rows)
        return Tally(new, changed, len(rows) - new - changed)

    def save(self, rows: Sequence[tuple[str, str]], *, by: User, at: datetime) -> Tally:
        tally, network = self.compare(rows), self.organisation.network
        Postcode.objects.bulk_create(
            (Postcode(network=network, code=code, cell=cell) for code, cell in rows),
            update_conflicts=True,
            unique_fields=["network", "code"],
            update_fields=["cell"],
        )
        return tally

    def _known(self, rows: Sequence[tuple[str, str]]) -> dict[str, str]:
        found = Postcode.objects.filter(
            network=self.organisation.network_id, code__in=[code for code, _ in rows]
        )
        return dict(found.values_list("code", "cell"))


def _venue_row(venue: problem.Venue) -> Row:
    values = {
        "name": venue.name,
        "mode": venue.mode,
        "lat": venue.lat,
        "lon": venue.lon,
        "slots": tuple(str(span) for span in sorted(venue.slots)),
        "rooms": venue.rooms,
        "capacity": venue.capacity,
        "features": tuple(sorted(venue.features)),
    }
    return Row(venue.id, values)


def _facilitator_row(person: problem.Facilitator, raw: RawRow) -> Row:
    values = {
        "languages": tuple(sorted(person.languages)),
        "available": tuple(str(span) for span in sorted(set(person.available))),
        "home_cell": coarse_cell(person.lat, person.lon),
        "max_km": person.max_km if raw["max_km"] else None,
        "interests": tuple(sorted(person.interests)),
        "groups_at_most": person.groups,
    }
    return Row(person.id, values | ({"shown_as": raw["name"]} if raw["name"] else {}))


def _no_room(venue: problem.Venue, raw: dict[str, RawRow]) -> RowProblem | None:
    if venue.rooms >= 1:
        return None
    row = raw[venue.id]
    return RowProblem("venues.csv", row.line, "rooms", "a venue has 1 room or more", venue.id)


def _too_long(file: str, row: RawRow, column: str, text: str, most: int) -> RowProblem | None:
    if len(text) <= most:
        return None
    return RowProblem(file, row.line, column, f"longer than {most} characters", row["id"])


def _too_many(file: str, row: RawRow, values: Iterable[tuple[str, int]]) -> RowProblem | None:
    for column, value in values:
        if value > MOST:
            return RowProblem(file, row.line, column, f"{value} is more than {MOST}", row["id"])
    return None
