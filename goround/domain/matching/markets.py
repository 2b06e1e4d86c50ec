"""Where a group could come about: an hour with one language and one type.

A *market* holds the units who could sit there together and the facilitators who could lead
them, were nobody busy elsewhere. Every legal group lies in a market, whose members may be
chosen freely but for ages, wishes and who is kept apart. A unit in no market cannot be placed
by anybody; the search need not try, and the bound is built on what is left.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np
from numpy.typing import NDArray

from goround.domain.matching.eligible import Flags, Ints, Pairs
from goround.domain.matching.people import most_members
from goround.domain.matching.tables import NO_TYPE_BIT

if TYPE_CHECKING:
    from goround.domain.matching.layout import Layout

MOST_ENTRIES: Final = 60_000_000
Places = NDArray[np.int32]


@dataclass(frozen=True, slots=True)
class Markets:
    """Sorted by hour. ``language`` and ``type`` are single bits of the layout's.

    The units of market m are ``unit[unit_first[m]:unit_first[m + 1]]`` with ``km`` for all
    their members, its facilitators ``leader[leader_first[m]:leader_first[m + 1]]``.
    """

    hour: Ints
    language: Ints
    type: Ints
    unit_first: Ints
    unit: Places
    km: NDArray[np.float32]
    leader_first: Ints
    leader: Places

    def __len__(self) -> int:
        return len(self.hour)


@dataclass(frozen=True, slots=True)
class _Seats:
    """Who could sit in which market: one entry for each person and market, by market."""

    person: Places
    key: Ints
    pair: Ints


def markets_of(layout: Layout) -> Markets | None:
    """All markets with enough units, chairs, rooms and facilitators; None if far too many."""
    languages, types = len(layout.languages.values), len(layout.types.values)
    problem, policy = layout.problem, layout.problem.policy
    sizes = np.array([len(unit) for unit in layout.units], np.int64)
    parents = _seats(layout, layout.unit_pairs, _unit_masks(layout))
    leaders = _seats(
        layout,
        layout.lead,
        _masks(layout, [(row.languages, row.interests) for row in problem.facilitators]),
    )
    if parents is None or leaders is None:
        return None
    kinds = max(1, types)
    count = len(layout.hours) * languages * kinds
    willing = np.array([row.groups > 0 for row in problem.facilitators], np.bool_)
    leaders = _only(leaders, willing[leaders.person] if len(leaders.person) else None)
    able = np.bincount(leaders.key, minlength=count)
    open_ = np.repeat(usable_hours(layout), languages * kinds) & (able >= policy.facilitators)
    parents = _only(parents, open_[parents.key])
    seats = np.bincount(parents.key, weights=sizes[parents.person], minlength=count)
    parents = _only(parents, seats[parents.key] >= policy.size_min)
    keys = np.unique(parents.key)
    leaders = _only(leaders, np.isin(leaders.key, keys)) if policy.facilitators else _none()
    hour, rest = np.divmod(keys, languages * kinds)
    language, kind = np.divmod(rest, kinds)
    return Markets(
        hour=hour,
        language=np.left_shift(1, language),
        type=np.left_shift(1, kind) if types else np.full(len(keys), NO_TYPE_BIT),
        unit_first=np.searchsorted(parents.key, np.append(keys, count)),
        unit=parents.person,
        km=layout.unit_pairs.km[parents.pair],
        leader_first=np.searchsorted(leaders.key, np.append(keys, count)),
        leader=leaders.person,
    )


def usable_hours(layout: Layout) -> Flags:
    """Hours with a room and enough chairs."""
    problem, policy = layout.problem, layout.problem.policy
    enough = [
        most_members(policy, venue) >= policy.size_min and venue.rooms > 0
        for venue in problem.venues
    ]
    usable: Flags = np.array(enough, np.bool_)[layout.hours.venue]
    return usable


def _unit_masks(layout: Layout) -> list[tuple[int, int]]:
    parents = layout.problem.parents
    every = _masks(layout, [(row.languages, row.interests) for row in parents])
    masks = []
    for unit in layout.units:
        language, kind = every[unit[0]]
        for place in unit[1:]:
            language, kind = language & every[place][0], kind & every[place][1]
        masks.append((language, kind))
    return masks


def _masks(
    layout: Layout, people: Sequence[tuple[frozenset[str], frozenset[str]]]
) -> list[tuple[int, int]]:
    known = {
        both: (layout.languages.mask(both[0]), layout.type_mask(both[1])) for both in set(people)
    }
    return [known[both] for both in people]


def _seats(layout: Layout, pairs: Pairs, masks: Sequence[tuple[int, int]]) -> _Seats | None:
    """Every person's pairs, once for each language and type of theirs."""
    languages, types = len(layout.languages.values), len(layout.types.values)
    known = list(dict.fromkeys(masks))
    number = {both: place for place, both in enumerate(known)}
    cells = [_cells(both, languages, types) for both in known]
    width = np.array([len(row) for row in cells], np.int64)
    profile = np.array([number[both] for both in masks], np.int64)
    owner = np.repeat(np.arange(len(masks)), np.diff(pairs.first[: len(masks) + 1]))
    times = width[profile[owner]] if len(owner) else np.zeros(0, np.int64)
    total = int(times.sum())
    if total > MOST_ENTRIES:
        return None
    pair = np.repeat(np.arange(len(owner)), times)
    within = np.arange(total) - np.repeat(np.cumsum(times) - times, times)
    starts = np.concatenate(([0], np.cumsum(width)))
    flat = np.array([cell for row in cells for cell in row], np.int64)
    cell = flat[starts[profile[owner[pair]]] + within] if total else within
    key = pairs.hour[pair].astype(np.int64) * (languages * max(1, types)) + cell
    order = np.argsort(key, kind="stable")
    return _Seats(owner[pair[order]].astype(np.int32), key[order], pair[order])


def _cells(both: tuple[int, int], languages: int, types: int) -> list[int]:
    """A group of ``any`` could also be called any type there is, so it needs no cell then."""
    kinds = [place for place in range(types) if both[1] >> place & 1]
    if not types:
        kinds = [0]
    rows = [place for place in range(languages) if both[0] >> place & 1]
    return [row * max(1, types) + kind for row in rows for kind in kinds]


def _only(seats: _Seats, keep: Flags | None) -> _Seats:
    if keep is None:
        return seats
    return _Seats(seats.person[keep], seats.key[keep], seats.pair[keep])


def _none() -> _Seats:
    nothing = np.zeros(0, np.int64)
    return _Seats(nothing.astype(np.int32), nothing, nothing)
