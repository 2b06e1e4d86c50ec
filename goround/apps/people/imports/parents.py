"""A list of waiting parents: each row becomes a parent and their place on the waiting list."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import lru_cache
from itertools import chain
from typing import Any

from goround.apps.accounts.models import User
from goround.apps.organisations.models import Programme
from goround.apps.people.imports.kinds import MOST, Listed, ListKind, Tally
from goround.apps.people.imports.links import Links
from goround.apps.people.models import Parent, Postcode, Referral
from goround.apps.people.opening import keep_details, open_details
from goround.domain.matching import problem
from goround.domain.matching.files import RowProblem, read_parents
from goround.domain.matching.reading import PARENT_COLUMNS, RawRow, cells
from goround.domain.privacy.alias import suggest_alias
from goround.domain.privacy.place import cell_centre, coarse_cell

# The columns of ``Parent`` that a list speaks of, besides the locked home and ages; the others
# are left as they are.
COLUMNS = (
    "languages",
    "available",
    "interests",
    "modes",
    "max_km",
    "needs",
    "tags",
    "wishes",
)


@dataclass(frozen=True, slots=True)
class ParentRow:
    id: str
    values: dict[str, Any]
    priority: int


@dataclass(slots=True)
class _Step:
    """What saving a few rows comes to."""

    new: list[ParentRow] = field(default_factory=list)
    facts: list[tuple[Parent, ParentRow]] = field(default_factory=list)
    to_refer: list[Parent] = field(default_factory=list)
    priorities: list[Referral] = field(default_factory=list)
    tally: Tally = field(default_factory=Tally)


class ParentsList(ListKind):
    file = "parents.csv"
    columns = PARENT_COLUMNS

    _aliases: set[str] | None = None

    def read(self, lines: Iterable[str]) -> Listed:
        kept = list(lines)
        raw = self.raw(kept, ["available", "max_km"])
        read = read_parents(kept, postcodes=self._postcodes(kept), file=self.file)
        listed = Listed(problems=list(read.problems))
        good = []
        for parent in read.rows:
            if wrong := _too_much(parent, raw[parent.id], self.file):
                listed.problems.append(wrong)
            else:
                good.append(parent)
        self.links = Links.of(self.organisation, good)
        listed.rows = [_row_of(parent, raw[parent.id]) for parent in good]
        listed.unknown_ids = self.links.unknown_ids()
        listed.parts_people = bool(self.links.apart)
        listed.problems.sort(key=lambda one: one.line)
        return listed

    def compare(self, rows: Sequence[ParentRow]) -> Tally:
        return self._step(rows).tally

    def save(self, rows: Sequence[ParentRow], *, by: User, at: datetime) -> Tally:
        # What a list says was true when it came in, however long saving it takes.
        told_at = self.list_import.uploaded_at
        step = self._step(rows)
        _update(step, told_at=told_at)
        parents = self._add(step.new, at=at, told_at=told_at)
        priority = {row.id: row.priority for row in rows}
        Referral.objects.bulk_create(
            Referral(
                organisation_id=self.organisation.pk,
                programme_id=self._programme.pk,
                parent_id=parent.pk,
                door=Referral.Door.LIST,
                priority=priority[parent.reference or ""],
                waiting_since=told_at,
            )
            for parent in chain(parents, step.to_refer)
        )
        Referral.objects.bulk_update(step.priorities, ["priority"])
        self.links.save([row.id for row in rows], by=by, at=at)
        return step.tally

    def _step(self, rows: Sequence[ParentRow]) -> _Step:
        ids = [row.id for row in rows]
        known = {
            parent.reference: parent
            for parent in Parent.objects.filter(organisation=self.organisation, reference__in=ids)
        }
        open_details(known.values())
        referred = self._referrals(known.values())
        relinked = self.links.differing(ids)
        step, new, changed, withdrawn = _Step(), 0, 0, 0
        for row in rows:
            parent = known.get(row.id)
            if parent is None:
                step.new.append(row)
                new += 1
                continue
            parent.organisation = self.organisation
            referral = referred.get(parent.pk)
            differs = _differs(step, row, parent, referral)
            changed += differs or row.id in relinked
            if referral and referral.status == Referral.Status.WITHDRAWN:
                withdrawn += 1
        step.tally = Tally(new, changed, len(rows) - new - changed, withdrawn)
        return step

    def _referrals(self, parents: Iterable[Parent]) -> dict[int, Referral]:
        """Each parent's referral in this programme that counts: withdrawn only if all are."""
        found = Referral.objects.filter(
            programme=self._programme, parent__in=[parent.pk for parent in parents]
        )
        order = {Referral.Status.WITHDRAWN: 0, Referral.Status.PLACED: 1}
        best = sorted(found, key=lambda row: (order.get(Referral.Status(row.status), 2), row.pk))
        return {referral.parent_id: referral for referral in best}

    @property
    def _programme(self) -> Programme:
        programme = self.list_import.programme
        if programme is None:
            raise ValueError(f"{self.list_import} has no programme; a list of parents needs one")
        return programme

    def _add(self, rows: Sequence[ParentRow], *, at: datetime, told_at: datetime) -> list[Parent]:
        today = self.organisation.local(told_at).date()
        parents = Parent.objects.bulk_create(
            Parent(
                organisation_id=self.organisation.pk,
                reference=row.id,
                alias=self._alias(),
                created_at=at,
                **{name: row.values[name] for name in COLUMNS},
            ).telling(
                home_cell=row.values["home_cell"],
                children_ages=row.values["children_ages"],
                ages_on=today if row.values["children_ages"] else None,
            )
            for row in rows
        )
        keep_details(parents, new=True)
        return parents

    def _alias(self) -> str:
        """Two friendly words that nobody at the organisation goes by, numbered when all do."""
        if self._aliases is None:
            all_aliases = Parent.objects.filter(organisation=self.organisation)
            self._aliases = {alias.lower() for alias in all_aliases.values_list("alias", flat=True)}
        words = suggest_alias(self.rng)
        alias, number = words, 1
        while alias.lower() in self._aliases:
            number += 1
            alias = f"{words} {number}"
        self._aliases.add(alias.lower())
        return alias

    def _postcodes(self, lines: Sequence[str]) -> Mapping[str, tuple[float, float]]:
        if "postcode" not in lines[0].lower():
            return {}
        table = Postcode.objects.filter(network=self.organisation.network_id)
        return {code: cell_centre(cell) for code, cell in table.values_list("code", "cell")}


def _row_of(parent: problem.Parent, raw: RawRow) -> ParentRow:
    values = {
        "home_cell": coarse_cell(parent.lat, parent.lon),
        "languages": _in_order(parent.languages),
        "available": hours_in_order(raw["available"]),
        "interests": _in_order(parent.interests),
        "modes": _in_order(parent.modes),
        # An empty cell is nothing said, not the fifteen kilometres then assumed.
        "max_km": parent.max_km if raw["max_km"] else None,
        "needs": _in_order(parent.needs),
        "tags": _in_order(parent.tags),
        "wishes": _in_order(parent.wishes),
        "children_ages": parent.children,
    }
    return ParentRow(parent.id, values, parent.priority)


# The same few words and hours stand in thousands of rows.
@lru_cache(maxsize=4096)
def _in_order(words: frozenset[str]) -> tuple[str, ...]:
    return tuple(sorted(words))


@lru_cache(maxsize=4096)
def _span(text: str) -> tuple[int, int, str]:
    """Day, beginning and the one way to write it."""
    span = problem.Span.parse(text)
    return span.day, span.start, str(span)


def hours_in_order(cell: str) -> tuple[str, ...]:
    """The hours of a cell, each once and written one way. Raises ``SpanError``."""
    return tuple(text for _, _, text in sorted({_span(text) for text in cells(cell)}))


def _too_much(parent: problem.Parent, raw: RawRow, file: str) -> RowProblem | None:
    if parent.priority <= MOST:
        return None
    return RowProblem(
        file, raw.line, "priority", f"{parent.priority} is more than {MOST}", parent.id
    )


def _differs(step: _Step, row: ParentRow, parent: Parent, referral: Referral | None) -> bool:
    """Note what has to be done for a parent who is known; False when nothing has to."""
    if facts := any(getattr(parent, name) != value for name, value in row.values.items()):
        step.facts.append((parent, row))
    if referral is None:
        step.to_refer.append(parent)
        return True
    if referral.status == Referral.Status.WAITING and referral.priority != row.priority:
        referral.priority = row.priority
        step.priorities.append(referral)
        return True
    return facts


def _update(step: _Step, *, told_at: datetime) -> None:
    for parent, row in step.facts:
        if parent.children_ages != row.values["children_ages"]:
            ages = row.values["children_ages"]
            parent.ages_on = parent.organisation.local(told_at).date() if ages else None
        for name, value in row.values.items():
            setattr(parent, name, value)
    # One upsert: an UPDATE of many rows with CASE is several times slower.
    Parent.objects.bulk_create(
        [parent for parent, _ in step.facts],
        update_conflicts=True,
        unique_fields=["id"],
        update_fields=COLUMNS,
    )
    keep_details([parent for parent, _ in step.facts])
