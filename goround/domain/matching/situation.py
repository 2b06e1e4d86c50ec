"""How many people could share each hour, language and type: counted once, asked often."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from goround.domain.matching.answer import FormedGroup
from goround.domain.matching.eligible import TIE_KM, Ints, Pairs, Places, distances
from goround.domain.matching.fits import in_reach
from goround.domain.matching.layout import Bits, Layout
from goround.domain.matching.people import (
    Person,
    apart_from,
    block_of,
    busy_facilitators,
    contradictions,
    most_members,
    room_is_free,
    shared_languages,
    shared_types,
    stranded,
)
from goround.domain.matching.problem import Facilitator, Parent, Span, Venue

Counts = NDArray[np.int64]
Flags = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class OpenGroups:
    """Groups with an open place, quick to search by language, type and distance."""

    pairs: list[tuple[FormedGroup, Venue]]
    language: NDArray[np.str_]
    type: NDArray[np.str_]
    places: Places

    @classmethod
    def of(cls, layout: Layout, groups: Sequence[FormedGroup]) -> OpenGroups:
        problem, venues = layout.problem, {row.id: row for row in layout.problem.venues}
        pairs = [
            (group, venues[group.venue])
            for group in groups
            if group.venue in venues
            and not group.locked
            and len(group.members) < most_members(problem.policy, venues[group.venue])
        ]
        return cls(
            pairs,
            np.array([group.language for group, _ in pairs], np.str_),
            np.array([group.type for group, _ in pairs], np.str_),
            Places.of([venue for _, venue in pairs]),
        )

    def near(self, parent: Parent, most: int) -> list[tuple[FormedGroup, Venue]]:
        """The nearest that the parent could share language and type with; video rooms first."""
        fits = np.isin(self.language, sorted(parent.languages))
        if parent.interests:
            fits &= np.isin(self.type, sorted(parent.interests))
        some = np.flatnonzero(fits)
        home = np.array([parent.lat]), np.array([parent.lon])
        km = distances(*home, self.places, some)[0]
        return [self.pairs[place] for place in some[np.argsort(km, kind="stable")[:most]]]


_Words = Mapping[str, Counter[str]]


@dataclass
class Situation:
    """A layout and the groups there are. Tables are by hour, language and type.

    Types have one more column at the end: whoever stated none, for a group of ``any``.
    """

    layout: Layout
    groups: Sequence[FormedGroup]
    # By the first of a block: a block may be thousands of parents, asked about one by one.
    _shared: dict[str, Ints] = field(default_factory=dict)
    _meets: dict[str, bool] = field(default_factory=dict)
    _missing: dict[str, list[str]] = field(default_factory=dict)
    _words: dict[int, tuple[_Words, _Words]] = field(default_factory=dict)

    @cached_property
    def placed(self) -> frozenset[str]:
        return frozenset(name for group in self.groups for name in group.members)

    @cached_property
    def number(self) -> dict[str, int]:
        return {parent.id: place for place, parent in enumerate(self.layout.problem.parents)}

    @cached_property
    def apart(self) -> dict[str, frozenset[str]]:
        return apart_from(self.layout.problem)

    @cached_property
    def block(self) -> dict[str, tuple[str, ...]]:
        return block_of(self.layout.problem)

    @cached_property
    def group_of(self) -> dict[str, FormedGroup]:
        return {name: group for group in self.groups for name in group.members}

    def numbers(self, names: Iterable[str]) -> Ints:
        """Places of these parents, in order."""
        return np.array(sorted(self.number[name] for name in names), np.int64)

    def days_of(self, names: Iterable[str]) -> set[tuple[str, int]]:
        """The venues and days at which any of these parents is in a group."""
        groups = [self.group_of[name] for name in names if name in self.group_of]
        return {(group.venue, group.slot.day) for group in groups}

    @cached_property
    def _by_hour(self) -> tuple[Ints, Ints]:
        return _turned(self.layout.attend, len(self.layout.hours))

    @cached_property
    def _leaders_by_hour(self) -> tuple[Ints, Ints]:
        return _turned(self.layout.lead, len(self.layout.hours))

    def seats_at(self, hour: int, parent: Parent) -> Iterator[tuple[int, int]]:
        """Parents who could come and facilitators who could lead, for each language and type.

        Counts words too rare for the tables as well, which takes longer.
        """
        parents, leaders = self._words_at(hour)
        for language in parent.languages:
            kinds = parent.interests or {*parents[language], *leaders[language]}
            for kind in kinds:
                yield _sharing(parents[language], kind), _sharing(leaders[language], kind)

    def _words_at(self, hour: int) -> tuple[_Words, _Words]:
        """How many state each language and type, or with ``""`` no type, at an hour."""
        if hour not in self._words:
            problem, (people, starts) = self.layout.problem, self._by_hour
            here = people[starts[hour] : starts[hour + 1]].tolist()
            leaders, first = self._leaders_by_hour
            able = leaders[first[hour] : first[hour + 1]].tolist()
            self._words[hour] = (
                _words([problem.parents[place] for place in here]),
                _words([problem.facilitators[place] for place in able]),
            )
        return self._words[hour]

    def count_at(self, some: Ints, hour: int) -> Counts:
        """How many of these parents could come at an hour, by language and type."""
        people, starts = self._by_hour
        here = np.intersect1d(some, people[starts[hour] : starts[hour + 1]])
        language, kind = self._parents
        counts: Counts = language[here].T @ kind[here]
        return counts

    def hours_of(self, block: tuple[str, ...]) -> Ints:
        """Hours that suit everybody of a block."""
        if block[0] not in self._shared:
            attend = self.layout.attend
            hours = attend.of(self.number[block[0]]).astype(np.int64)
            for name in block[1:]:
                hours = np.intersect1d(hours, attend.of(self.number[name]), assume_unique=True)
            self._shared[block[0]] = hours
        return self._shared[block[0]]

    def can_meet(self, block: tuple[str, ...]) -> bool:
        """Whether a block has an hour, a language and a type in common."""
        if block[0] not in self._meets:
            people = [self.layout.problem.parents[self.number[name]] for name in block]
            alike = shared_languages(people) and shared_types(people)
            self._meets[block[0]] = bool(alike) and len(self.hours_of(block)) > 0
        return self._meets[block[0]]

    def missing_of(self, block: tuple[str, ...]) -> list[str]:
        """Who of a block cannot come, first of all those not in the problem; else all of it."""
        if block[0] not in self._missing:
            parents, attend = self.layout.problem.parents, self.layout.attend
            places = [self.number[name] for name in block]
            asked = {other for place in places for other in parents[place].together}
            unknown = {name for name in asked if name not in self.number}
            idle = {parents[p].id for p in places if not len(attend.of(p))}
            found = unknown or idle or block
            self._missing[block[0]] = sorted(found)
        return self._missing[block[0]]

    @cached_property
    def stranded(self) -> frozenset[str]:
        return stranded(self.layout.problem)

    @cached_property
    def impossible(self) -> frozenset[str]:
        """Parents whom no group can take, whoever else is in it."""
        policy = self.layout.problem.policy
        clash = {name for pair in contradictions(self.layout.problem) for name in pair}
        large = {name for name, block in self.block.items() if len(block) > policy.size_max}
        torn = {other for name in clash for other in self.block[name]}
        return self.stranded | large | torn

    @cached_property
    def _parents(self) -> tuple[Counts, Counts]:
        parents = self.layout.problem.parents
        language = _flags(self.layout.languages, [row.languages for row in parents])
        return language, _type_flags(self.layout, parents)

    @cached_property
    def alike(self) -> Counts:
        """All parents who could come, placed or not."""
        return self._count_parents(np.arange(len(self.layout.problem.parents)))

    @cached_property
    def waiting(self) -> Counts:
        """Parents who could come, are not placed, and could be."""
        parents, out = self.layout.problem.parents, self.placed | self.impossible
        left = [place for place, row in enumerate(parents) if row.id not in out]
        return self._count_parents(np.array(left, np.int64))

    def _count_parents(self, some: Ints) -> Counts:
        language, kind = self._parents
        return _table(self.layout.attend, some, language, kind, len(self.layout.hours))

    @cached_property
    def able(self) -> Counts:
        """Facilitators who could lead, were they not busy."""
        return self._count_leaders({})

    @cached_property
    def free(self) -> Counts:
        """Facilitators who could lead next to the groups they have."""
        return self._count_leaders(busy_facilitators(self.groups))

    def _count_leaders(self, busy: Mapping[str, Sequence[Span]]) -> Counts:
        people, hours = self.layout.problem.facilitators, self.layout.hours
        language = _flags(self.layout.languages, [row.languages for row in people])
        kind = _type_flags(self.layout, people)
        spans = [hours.spans[slot] for slot in hours.slot.tolist()]
        first, kept = [0], list[int]()
        for number, person in enumerate(people):
            mine = busy.get(person.id, ())
            if len(mine) < person.groups:
                able = self.layout.lead.of(number).tolist()
                kept += [
                    hour
                    for hour in able
                    if not mine or not any(spans[hour].overlaps(slot) for slot in mine)
                ]
            first.append(len(kept))
        km = np.zeros(len(kept), np.float32)
        pairs = Pairs(np.array(first, np.int64), np.array(kept, np.int32), km)
        return _table(pairs, np.arange(len(people)), language, kind, len(hours))

    @cached_property
    def has_room(self) -> Flags:
        """Hours at which one more group could meet, by rooms and chairs."""
        problem, hours = self.layout.problem, self.layout.hours
        held: dict[str, list[FormedGroup]] = {}
        for group in self.groups:
            held.setdefault(group.venue, []).append(group)
        found = np.zeros(len(hours), np.bool_)
        for hour in range(len(hours)):
            venue = problem.venues[hours.venue[hour]]
            enough = most_members(problem.policy, venue) >= problem.policy.size_min
            found[hour] = enough and room_is_free(venue, hours.span(hour), held.get(venue.id, ()))
        return found

    @cached_property
    def places(self) -> Places:
        return Places.of(self.layout.problem.venues)

    def venues_in_reach(self, parent: Parent) -> list[Venue]:
        venues = self.layout.problem.venues
        home = np.array([parent.lat]), np.array([parent.lon])
        km = distances(*home, self.places, np.arange(len(venues)))[0]
        near = np.flatnonzero((km <= parent.max_km + TIE_KM) | self.places.online)
        return [venues[place] for place in near if in_reach(parent, venues[place])]

    @cached_property
    def open_groups(self) -> OpenGroups:
        return OpenGroups.of(self.layout, self.groups)

    def masks(self, parent: Parent) -> tuple[Ints, Ints]:
        """Rows and columns of the tables that are this parent's languages and types."""
        languages, types = self.layout.languages, self.layout.types
        rows = [place for place, name in enumerate(languages.values) if name in parent.languages]
        columns = [place for place, name in enumerate(types.values) if name in parent.interests]
        if not parent.interests:
            columns = list(range(len(types.values) + 1))
        return np.array(rows, np.int64), np.array(columns, np.int64)

    def seats(self, table: NDArray[Any], parent: Parent, hours: NDArray[Any]) -> NDArray[Any]:
        """The part of a table at these hours that is the parent's."""
        rows, columns = self.masks(parent)
        part: NDArray[Any] = table[np.ix_(hours, rows, columns)]
        return part


def _turned(pairs: Pairs, hours: int) -> tuple[Ints, Ints]:
    """Hour by hour who could be there: those of hour h from ``starts[h]`` to the next start."""
    order = np.argsort(pairs.hour, kind="stable")
    people = np.repeat(np.arange(len(pairs.first) - 1), np.diff(pairs.first))[order]
    return people, np.searchsorted(pairs.hour[order], np.arange(hours + 1))


def _sharing(stated: Counter[str], kind: str) -> int:
    """How many a group of this type suits; ``""`` is one of any type."""
    return stated[kind] + (stated[""] if kind else 0)


def _words(people: Sequence[Person]) -> _Words:
    counts: dict[str, Counter[str]] = defaultdict(Counter)
    for person in people:
        for language in person.languages:
            counts[language].update(person.interests or ("",))
    return counts


def _flags(bits: Bits, sets: Sequence[frozenset[str]]) -> Counts:
    """One column per value, 1 where the set holds it."""
    place = {value: column for column, value in enumerate(bits.values)}
    flags = np.zeros((len(sets), len(bits.values)), np.int64)
    for row, values in enumerate(sets):
        for value in values:
            if value in place:
                flags[row, place[value]] = 1
    return flags


def _type_flags(layout: Layout, people: Sequence[Parent] | Sequence[Facilitator]) -> Counts:
    stated = _flags(layout.types, [person.interests for person in people])
    any_type = np.array([[not person.interests] for person in people], np.int64).reshape(-1, 1)
    return np.hstack([np.maximum(stated, any_type), any_type])


def _table(pairs: Pairs, some: Ints, language: Counts, kind: Counts, hours: int) -> Counts:
    """For every hour, how many of these people share each language and type."""
    counts = pairs.first[some + 1] - pairs.first[some]
    owner = np.repeat(some, counts)
    ends = np.cumsum(counts)
    within = np.arange(ends[-1] if len(ends) else 0) - np.repeat(ends - counts, counts)
    hour = pairs.hour[np.repeat(pairs.first[some], counts) + within]
    order = np.argsort(hour, kind="stable")
    owner, starts = owner[order], np.searchsorted(hour[order], np.arange(hours + 1))
    table = np.zeros((hours, language.shape[1], kind.shape[1]), np.int64)
    for number in range(hours):
        here = owner[starts[number] : starts[number + 1]]
        if len(here):
            table[number] = language[here].T @ kind[here]
    return table
