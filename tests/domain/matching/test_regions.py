"""Large rounds are cut into regions whose answers fit together."""

from __future__ import annotations

import time
from dataclasses import replace

import pytest

from bench.cases import case
from goround.domain.matching.engine import Team, formed
from goround.domain.matching.filling import fill_arena
from goround.domain.matching.layout import Layout, lay_out
from goround.domain.matching.problem import Problem
from goround.domain.matching.regions import Region, cut
from goround.domain.matching.rules import broken_rules
from goround.domain.matching.side_by_side import SideBySide
from goround.domain.matching.spells import Limits


@pytest.fixture(scope="module")
def towns() -> Layout:
    """Three towns, with people kept apart and facilitators who lead several groups."""
    return lay_out(_with_more_apart(case(1_100)))


@pytest.fixture(scope="module")
def teams(towns: Layout) -> tuple[Team, ...]:
    return _search(towns, iterations=6_000)


def test_answers_of_regions_fit_together_without_breaking_a_rule(
    towns: Layout, teams: tuple[Team, ...]
) -> None:
    groups = formed(towns, teams)

    assert broken_rules(towns.problem, groups) == []
    assert sum(len(group.members) for group in groups) > 800


def test_the_same_seed_threads_and_iterations_give_the_same_groups(
    towns: Layout, teams: tuple[Team, ...]
) -> None:
    assert _search(towns, iterations=6_000) == teams


def test_telling_it_to_stop_keeps_the_best_so_far(towns: Layout) -> None:
    search = SideBySide(towns, 1, lambda: 2, _limits(1_000_000_000))

    found = search.run((), lambda: not search.standing.is_built)

    placed = sum(len(group.members) for group in formed(towns, found))
    assert broken_rules(towns.problem, formed(towns, found)) == []
    assert placed == search.standing.placed > 0


@pytest.mark.parametrize("turn", range(4))
def test_every_team_is_in_one_region_or_rests(
    towns: Layout, teams: tuple[Team, ...], turn: int
) -> None:
    pieces = cut(towns, teams, 3, turn)

    whole = [team for region in pieces.regions for team in region.whole(region.teams)]

    assert sorted([*whole, *pieces.resting]) == sorted(teams)


@pytest.mark.parametrize("turn", range(4))
def test_regions_share_no_parent_no_facilitator_and_no_hall(
    towns: Layout, teams: tuple[Team, ...], turn: int
) -> None:
    pieces = cut(towns, teams, 3, turn)
    online = {place for place, venue in enumerate(towns.problem.venues) if venue.is_online}

    units = [set(region.units.tolist()) for region in pieces.regions]
    everybody = range(len(towns.problem.facilitators))
    leaders = [
        {number for number in everybody if len(region.layout.lead.of(number))}
        for region in pieces.regions
    ]
    halls = [
        set(towns.hours.venue[region.layout.unit_pairs.hour].tolist()) - online
        for region in pieces.regions
    ]

    for sets in (units, leaders, halls):
        assert all(sets)
        assert sum(map(len, sets)) == len(set.union(*sets))


def test_regions_never_have_more_video_rooms_than_there_are(
    towns: Layout, teams: tuple[Team, ...]
) -> None:
    pieces = cut(towns, teams, 3, 1)
    online = [h for h, v in enumerate(towns.hours.venue) if towns.problem.venues[v].is_online]
    resting = [team.hour for team in pieces.resting]

    for hour in online:
        rooms = towns.problem.venues[towns.hours.venue[hour]].rooms - resting.count(hour)
        kept = [region.layout.reserved for region in pieces.regions]
        assert sum(rooms - int(some[hour]) for some in kept if some is not None) == rooms


def test_one_whose_other_is_across_the_seam_cannot_come_to_the_same_video_room(
    towns: Layout,
) -> None:
    pieces = cut(towns, (), 3, 0)
    home = {
        towns.problem.parents[place].id: number
        for number, region in enumerate(pieces.regions)
        for unit in region.layout.units
        for place in unit
    }
    online = [venue.is_online for venue in towns.problem.venues]
    split = [
        {parent.id, other}
        for parent in towns.problem.parents
        for other in parent.apart
        if home.get(parent.id) is not None
        and home.get(other) is not None
        and home[parent.id] != home[other]
    ]

    assert split
    for pair in split:
        may_meet_online = [name for name in pair if _has_hour(pieces.regions, name, online)]
        assert len(may_meet_online) <= 1


def test_losses_of_the_regions_are_those_of_their_parents(towns: Layout) -> None:
    for region in cut(towns, (), 3, 2).regions:
        assert fill_arena(region.layout, seed=1).at.spots > 0
        assert [towns.units[unit] for unit in region.units] == list(region.layout.units)


def _has_hour(regions: tuple[Region, ...], name: str, online: list[bool]) -> bool:
    for region in regions:
        layout = region.layout
        for number, unit in enumerate(layout.units):
            if any(layout.problem.parents[place].id == name for place in unit):
                hours = layout.unit_pairs.of(number).tolist()
                return any(online[layout.hours.venue[hour]] for hour in hours)
    return False


def _search(layout: Layout, iterations: int) -> tuple[Team, ...]:
    return SideBySide(layout, 1, lambda: 2, _limits(iterations)).run((), lambda: True)


def _limits(iterations: int) -> Limits:
    return Limits(0, time.monotonic(), iterations, time.monotonic)


def _with_more_apart(problem: Problem) -> Problem:
    """Every tenth parent is kept apart from the one before, who lives in another town."""
    rows = list(problem.parents)
    for place in range(10, len(rows), 10):
        one, two = rows[place], rows[place - 1]
        if not (one.together or two.together or two.apart):
            rows[place] = replace(one, apart=one.apart | {two.id})
    return replace(problem, parents=tuple(rows))
