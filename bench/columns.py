"""Every group of parents that could meet, listed without leaving one out.

Written apart from the search: only what the rules and the cost say is shared with it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from goround.domain.matching.fits import can_attend, can_lead, km_to, speaks, wants
from goround.domain.matching.people import apart_from, blocks, most_members, stranded
from goround.domain.matching.problem import ANY_TYPE, Facilitator, Parent, Problem, Span, Venue

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
NOBODY: Final = -1
MOST_TEAMS: Final = 1_500_000


class TooMany(Exception):
    """More possible groups than can be listed."""


@dataclass(frozen=True, slots=True)
class Hour:
    venue: Venue
    slot: Span


@dataclass(frozen=True, slots=True)
class Columns:
    """All possible groups: hour, places of the members in ``problem.parents``, cost, kinds.

    ``member`` is filled up with ``NOBODY``. ``kinds`` numbers sets of (language, type) that
    all members share and enough facilitators could lead; ``sets[kinds]`` is one.
    """

    hours: tuple[Hour, ...]
    hour: Ints
    member: Ints
    cost: Floats
    kinds: Ints
    sets: tuple[tuple[tuple[str, str], ...], ...]

    def __len__(self) -> int:
        return len(self.hour)


@dataclass(slots=True)
class _Teams:
    """Some sets of parents, one per row, and what the cost of each is made of."""

    member: Ints
    size: Ints
    language: Ints
    type: Ints
    banned: Ints
    km: Floats
    upper: Floats
    carriers: Ints
    wishers: Ints
    selves: Ints

    def __len__(self) -> int:
        return len(self.size)

    def some(self, which: NDArray[np.bool_]) -> _Teams:
        return _Teams(*(getattr(self, name)[which] for name in self.__slots__))

    @classmethod
    def all_of(cls, parts: Sequence[_Teams]) -> _Teams:
        return cls(
            *(np.concatenate([getattr(part, name) for part in parts]) for name in cls.__slots__)
        )


@dataclass(frozen=True, slots=True)
class _Words:
    """Numbers for languages, types, tags and ages. The last type bit is ``any``."""

    languages: tuple[str, ...]
    types: tuple[str, ...]
    tags: tuple[str, ...]
    ages: Floats

    @classmethod
    def of(cls, problem: Problem) -> _Words:
        people = (*problem.parents, *problem.facilitators)
        ages = {age for parent in problem.parents for age in parent.children} or {0.0}
        return cls(
            tuple(sorted({word for person in people for word in person.languages})),
            (*sorted({word for person in people for word in person.interests}), ANY_TYPE),
            tuple(sorted({word for parent in problem.parents for word in parent.wishes})),
            np.array(sorted(ages), float),
        )

    def upper(self, parent: Parent) -> Floats:
        """For a window that begins at each age: the least end that holds a child of theirs."""
        if not parent.children:
            return self.ages.copy()
        return np.array(
            [min((c for c in parent.children if c >= age), default=np.inf) for age in self.ages]
        )


def _mask(words: Sequence[str], values: frozenset[str]) -> int:
    return sum(1 << place for place, word in enumerate(words) if word in values)


def columns(problem: Problem, *, most: int = MOST_TEAMS) -> Columns:
    """Every group that could be part of a best answer; raises ``TooMany``.

    Left out are groups that cost more than leaving all their members without one.
    """
    words = _Words.of(problem)
    number = {parent.id: place for place, parent in enumerate(problem.parents)}
    lost = stranded(problem)
    units = [[number[name] for name in block] for block in blocks(problem) if block[0] not in lost]
    hours = tuple(Hour(venue, slot) for venue in problem.venues for slot in venue.slots)
    sets: dict[tuple[tuple[str, str], ...], int] = {}
    found: list[tuple[Ints, ...]] = []
    total = 0
    for place, hour in enumerate(hours):
        teams = _teams_at(problem, words, hour, units, most - total)
        teams, cost = _worth_it(problem, teams)
        kinds = _kinds(problem, words, hour, teams, sets)
        led = kinds != NOBODY
        total += int(led.sum())
        found.append((np.full(led.sum(), place), teams.member[led], cost[led], kinds[led]))
    width = problem.policy.size_max
    none = (np.zeros(0, int), np.zeros((0, width), int), np.zeros(0), np.zeros(0, int))
    hour_, member, costs, kind = (np.concatenate(parts) for parts in zip(none, *found, strict=True))
    return Columns(hours, hour_, member, costs, kind, tuple(sets))


def _teams_at(
    problem: Problem, words: _Words, hour: Hour, units: Sequence[list[int]], most: int
) -> _Teams:
    """Take each unit or leave it, one after the other."""
    people, size_most = problem.parents, most_members(problem.policy, hour.venue)
    here = [u for u in units if all(can_attend(people[p], hour.venue, hour.slot) for p in u)]
    alone = [_alone(problem, words, hour, here, u) for u in range(len(here))]
    open_, full = _nobody(problem, words), list[_Teams]()
    for place, one in enumerate(alone):
        if one is None or one.size[0] > size_most:
            continue
        grown = _joined(open_, one, place, size_most)
        at_most = grown.size == size_most
        full.append(grown.some(at_most))
        open_ = _Teams.all_of([open_, grown.some(~at_most)])
        if len(open_) + sum(map(len, full)) > most:
            raise TooMany(f"more than {most} possible groups")
    teams = _Teams.all_of([open_, *full])
    return teams.some(teams.size >= problem.policy.size_min)


def _nobody(problem: Problem, words: _Words) -> _Teams:
    tags = np.zeros((1, len(words.tags)), int)
    return _Teams(
        member=np.full((1, problem.policy.size_max), NOBODY),
        size=np.zeros(1, int),
        language=np.full(1, (1 << len(words.languages)) - 1),
        type=np.full(1, (1 << len(words.types)) - 1),
        banned=np.zeros(1, int),
        km=np.zeros(1),
        upper=words.ages[None, :].copy(),
        carriers=tags,
        wishers=tags.copy(),
        selves=tags.copy(),
    )


def _alone(
    problem: Problem, words: _Words, hour: Hour, here: Sequence[list[int]], unit: int
) -> _Teams | None:
    """One unit as a team; None when they have no language or type, or are kept apart."""
    people = [problem.parents[place] for place in here[unit]]
    if len(people) > problem.policy.size_max:
        return None
    apart = apart_from(problem)
    away = frozenset().union(*(apart.get(person.id, frozenset()) for person in people))
    banned = sum(
        1 << place
        for place, other in enumerate(here)
        if away.intersection(problem.parents[p].id for p in other)
    )
    team = _nobody(problem, words)
    for place, person in zip(here[unit], people, strict=True):
        team.member[0, team.size[0]] = place
        team.size += 1
        team.language &= _mask(words.languages, person.languages)
        if person.interests:
            team.type &= _mask(words.types, person.interests)
        team.km += km_to(person, hour.venue)
        team.upper = np.maximum(team.upper, words.upper(person)[None, :])
        has, hopes = ([tag in of for tag in words.tags] for of in (person.tags, person.wishes))
        team.carriers += np.array(has, int)
        team.wishers += np.array(hopes, int)
        team.selves += np.array(has, int) * np.array(hopes, int)
    team.banned[:] = banned
    torn = bool(banned >> unit & 1)
    return None if torn or not (team.language[0] and team.type[0]) else team


def _joined(teams: _Teams, one: _Teams, place: int, most: int) -> _Teams:
    """The teams that this unit may join, with it."""
    more = int(one.size[0])
    language, kind = teams.language & one.language, teams.type & one.type
    may = (teams.size + more <= most) & (language != 0) & (kind != 0)
    may &= (teams.banned >> place & 1) == 0
    old = teams.some(may)
    for step in range(more):
        old.member[np.arange(len(old)), old.size + step] = one.member[0, step]
    return _Teams(
        old.member,
        old.size + more,
        language[may],
        kind[may],
        old.banned | one.banned,
        old.km + one.km,
        np.maximum(old.upper, one.upper),
        old.carriers + one.carriers,
        old.wishers + one.wishers,
        old.selves + one.selves,
    )


def _worth_it(problem: Problem, teams: _Teams) -> tuple[_Teams, Floats]:
    """The teams that cost no more than leaving everybody in them out, and their costs."""
    cost = _cost(problem, teams)
    keep = cost <= _losses(problem)[teams.member].sum(axis=1)
    return teams.some(keep), cost[keep]


def _losses(problem: Problem) -> Floats:
    """What each parent costs without a group; 0 at the end, for ``NOBODY``."""
    weight = problem.policy.unplaced_weight
    return np.array([*(weight * parent.priority for parent in problem.parents), 0.0])


def _cost(problem: Problem, teams: _Teams) -> Floats:
    policy, ages = problem.policy, _Words.of(problem).ages
    width = (teams.upper - ages[None, :]).min(axis=1)
    unmet = np.where(
        teams.carriers == 0, teams.wishers, np.where(teams.carriers == 1, teams.selves, 0)
    ).sum(axis=1)
    cost: Floats = (
        policy.km_weight * teams.km
        + policy.window_weight * teams.size * width
        + policy.wish_weight * unmet
    )
    return cost


def _kinds(
    problem: Problem,
    words: _Words,
    hour: Hour,
    teams: _Teams,
    sets: dict[tuple[tuple[str, str], ...], int],
) -> Ints:
    """Which languages and types each team could have there, or ``NOBODY`` for none."""
    kinds = np.full(len(teams), NOBODY)
    pairs = np.stack([teams.language, teams.type], axis=1)
    for language, kind in np.unique(pairs, axis=0).tolist():
        could = tuple(
            (word, name)
            for row, word in enumerate(words.languages)
            for column, name in enumerate(words.types)
            if language >> row & 1
            and kind >> column & 1
            and len(leaders_at(problem, hour, word, name)) >= problem.policy.facilitators
        )
        if could:
            which = (teams.language == language) & (teams.type == kind)
            kinds[which] = sets.setdefault(could, len(sets))
    return kinds


def leaders_at(problem: Problem, hour: Hour, language: str, group_type: str) -> list[int]:
    """Places of the facilitators who could lead such a group then."""

    def could(person: Facilitator) -> bool:
        return speaks(person, language) and wants(person, group_type)

    return [
        place
        for place, person in enumerate(problem.facilitators)
        if could(person) and can_lead(person, hour.venue, hour.slot)
    ]
