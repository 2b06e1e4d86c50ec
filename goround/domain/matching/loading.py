"""Where a search begins: an earlier answer, its locks, and what of it can be used."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from goround.domain.matching.answer import Answer, FormedGroup
from goround.domain.matching.filling import Filled, fill_arena
from goround.domain.matching.kernels.basics import has_room, is_apart, pair_of
from goround.domain.matching.kernels.leading import is_free
from goround.domain.matching.kernels.moving import (
    add_leader,
    add_unit,
    close_spot,
    forget,
    may_join,
    open_spot,
    settle,
)
from goround.domain.matching.layout import Layout, lay_out
from goround.domain.matching.problem import Problem
from goround.domain.matching.rules import broken_rules
from goround.domain.matching.tables import (
    ALL_BITS,
    F_WIDTH,
    G_LANGUAGE,
    G_SIZE,
    G_TYPE,
    H_LEADER,
    H_WIDTH,
    LEADERS_WANTED,
    SIZE_MIN,
    U_PINNED,
    U_WIDTH,
)


@dataclass(frozen=True, slots=True)
class Start:
    """A layout, and an arena with the usable groups of an earlier answer if there was one.

    ``home`` is the hour of each unit in that answer, -1 for none.
    """

    layout: Layout
    seed: int
    filled: Filled | None = None
    home: Sequence[int] = ()

    def fill(self) -> Filled:
        """The arena to search on; everybody is unplaced if there was no earlier answer."""
        return self.filled or fill_arena(self.layout, seed=self.seed)


def begin(problem: Problem, *, seed: int, start: Answer | None) -> Start:
    """Lay the problem out and load ``start`` into it.

    Locked groups are fixed: out of the search's hands, even where they break a rule. So is a
    group with a locked member if it breaks a rule, because no legal group could keep them.
    Other groups that break a rule are left out, and their members are unplaced.
    """
    if start is None:
        return Start(lay_out(problem), seed)
    bad = _breaking(problem, start.groups)
    fixed = [
        group
        for group in start.groups
        if group.locked or (group.id in bad and start.locked_members.intersection(group.members))
    ]
    while True:
        loose = [group for group in start.groups if group not in fixed and group.id not in bad]
        layout = lay_out(problem, fixed)
        home = _homes(layout, start.groups)
        filled = fill_arena(layout, seed=seed, home=home)
        stuck = _load(layout, filled, loose, start.locked_members)
        if not stuck:
            return Start(layout, seed, filled, home)
        fixed += stuck


def _breaking(problem: Problem, groups: Sequence[FormedGroup]) -> set[str]:
    """Ids of groups that break a rule or hold somebody who does."""
    home = {name: group.id for group in groups for name in group.members}
    bad = set()
    for broken in broken_rules(problem, groups):
        bad |= {broken.group} if broken.group else set()
        bad |= {home[name] for name in broken.who if name in home}
        bad |= {value for key, value in broken.detail if key == "other"}
    return bad


def _homes(layout: Layout, groups: Sequence[FormedGroup]) -> list[int]:
    """Each unit's hour in the earlier answer, or -1."""
    hour_of = _hour_numbers(layout)
    home = {
        name: hour_of.get((group.venue, str(group.slot)), -1)
        for group in groups
        for name in group.members
    }
    parents = layout.problem.parents
    return [home.get(parents[unit[0]].id, -1) for unit in layout.units]


def _hour_numbers(layout: Layout) -> dict[tuple[str, str], int]:
    venues, hours = layout.problem.venues, layout.hours
    return {
        (venues[hours.venue[hour]].id, str(hours.span(hour))): hour for hour in range(len(hours))
    }


def _load(
    layout: Layout, filled: Filled, groups: Sequence[FormedGroup], pinned: frozenset[str]
) -> list[FormedGroup]:
    """Put groups into the arena; gives those with a locked member that would not go in."""
    hour_of, stuck = _hour_numbers(layout), []
    parents = layout.problem.parents
    unit_of = {parents[p].id: number for number, unit in enumerate(layout.units) for p in unit}
    leader_of = {row.id: number for number, row in enumerate(layout.problem.facilitators)}
    t, at = filled.arena, filled.at
    for name in pinned & unit_of.keys():
        t[at.unit + U_WIDTH * unit_of[name] + U_PINNED] = 1
    for group in groups:
        hour = at.hour + H_WIDTH * hour_of[group.venue, str(group.slot)]
        units = [at.unit + U_WIDTH * unit_of[name] for name in group.members if name in unit_of]
        leaders = [at.leader + F_WIDTH * leader_of[name] for name in group.facilitators]
        whole = all(name in unit_of for name in group.members)
        if not (whole and _put(t, hour, list(dict.fromkeys(units)), leaders)) and (
            pinned.intersection(group.members)
        ):
            stuck.append(group)
    return stuck


def _put(t: Any, hour: int, units: list[int], leaders: list[int]) -> bool:
    """Open the group in the arena if it keeps every rule there."""
    if not has_room(t, hour):
        return False
    pairs = [pair_of(t, unit, hour) for unit in units]
    if -1 in pairs or any(is_apart(t, unit, hour) for unit in units):
        return False
    spot = open_spot(t, hour)
    t[spot + G_LANGUAGE] = t[spot + G_TYPE] = ALL_BITS
    fits = True
    for pair in pairs:
        fits = fits and may_join(t, spot, pair)
        if fits:
            add_unit(t, spot, pair)
            settle(t, spot)
    able = t[t[hour + H_LEADER] : t[hour + H_WIDTH + H_LEADER]].tolist()
    wanted = t[LEADERS_WANTED]
    led = [one for one in leaders if one in able and is_free(t, one, hour)][:wanted]
    for leader in led:
        add_leader(t, spot, leader)
    settle(t, spot)
    kept = bool(
        fits
        and len(led) == wanted
        and t[spot + G_SIZE] >= t[SIZE_MIN]
        and t[spot + G_LANGUAGE]
        and t[spot + G_TYPE]
    )
    if not kept:
        close_spot(t, spot)
    forget(t)
    return kept
