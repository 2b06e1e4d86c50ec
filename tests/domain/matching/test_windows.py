"""Whatever is found in a window fits into the whole, and polishing only ever gains."""

from __future__ import annotations

from dataclasses import replace
from itertools import product

import pytest

from bench.cases import case
from goround.domain.matching.beside import Beside
from goround.domain.matching.compiled import is_warm
from goround.domain.matching.cost import answer_cost
from goround.domain.matching.engine import Engine, Team, formed
from goround.domain.matching.filling import fill_arena
from goround.domain.matching.layout import Layout, lay_out
from goround.domain.matching.polishing import Polishing
from goround.domain.matching.problem import Problem
from goround.domain.matching.rules import broken_rules
from goround.domain.matching.spells import improve_steps
from goround.domain.matching.tables import MILLION
from goround.domain.matching.windows import Windows

SEEDS = range(0, 400, 57)


@pytest.fixture(scope="module")
def towns() -> Layout:
    """Two towns where many are kept apart, and rooms and facilitators are scarce."""
    return lay_out(_tightened(case(800)))


@pytest.fixture(scope="module")
def teams(towns: Layout) -> tuple[Team, ...]:
    return _engine(towns, 4).best_teams()


def _tightened(problem: Problem) -> Problem:
    parents = list(problem.parents)
    for one in range(0, len(parents) - 40, 7):
        apart = parents[one].apart | {parents[one + 40].id}
        parents[one] = replace(parents[one], apart=apart - parents[one].together)
    return replace(problem, parents=tuple(parents), facilitators=problem.facilitators[::2])


def _engine(layout: Layout, seed: int, moves: int = 3_000) -> Engine:
    engine = Engine(layout, fill_arena(layout, seed=seed), is_compiled=is_warm())
    engine.build(lambda: True)
    improve_steps(engine, moves, (0.2, 0.6), lambda: True)
    return engine


def _windows(layout: Layout, teams: tuple[Team, ...], size: int = 120):
    cutter = Windows(layout)
    for seed in SEEDS:
        for trait in cutter.traits(seed)[:2]:
            yield seed, cutter.around(seed, trait, teams, size)


def test_a_window_and_the_rest_are_all_the_teams(towns, teams):
    for _, window in _windows(towns, teams):
        assert sorted(window.whole(window.teams)) == sorted(teams)


def test_a_window_is_small_and_holds_those_near_the_seed(towns, teams):
    sizes = []
    for seed, window in _windows(towns, teams):
        seated = sum(len(team.units) for team in window.teams)
        assert seated <= 120
        assert len(window.layout.hours) == len(window.hours) <= len(towns.hours)
        assert all(len(window.layout.lead.of(one)) for one in range(len(window.leaders)))
        sizes.append(seated)
        outside = {unit for team in window.rest for unit in team.units}
        assert seed in window.units or seed in outside or not len(towns.unit_pairs.of(seed))
    assert max(sizes) > 60


def test_what_is_found_in_a_window_breaks_no_rule_and_costs_as_much_as_it_says(towns, teams):
    problem, before = towns.problem, answer_cost(towns.problem, formed(towns, teams))
    for seed, window in _windows(towns, teams):
        engine = Engine(window.layout, fill_arena(window.layout, seed=seed), is_compiled=is_warm())
        engine.load(window.teams)
        there = engine.total
        engine.improve(300, 0.0, 0.1)

        groups = formed(towns, window.whole(engine.teams()))

        assert broken_rules(problem, groups) == []
        change = (engine.total - there) / MILLION
        assert answer_cost(problem, groups) == pytest.approx(before + change, abs=0.01)


def test_groups_that_must_stay_keep_what_they_use(towns, teams):
    """The first third is fixed, as a coordinator's locks are."""
    groups = formed(towns, teams)
    fixed = groups[: len(groups) // 3]
    layout = lay_out(towns.problem, fixed)
    rest = _engine(layout, 2).best_teams()

    for seed, window in _windows(layout, rest):
        engine = _engine(window.layout, seed, 200)
        everything = (*fixed, *formed(layout, window.whole(engine.teams())))

        assert broken_rules(towns.problem, everything) == []


def test_polishing_only_gains_and_knows_what_it_has(towns, teams):
    problem, before = towns.problem, formed(towns, teams)
    placed = sum(len(group.members) for group in before)
    cost = answer_cost(problem, before)
    polishing = Polishing(towns, teams, (round(cost * MILLION), placed), 3)

    polishing.run(6_000, lambda: True)
    groups = formed(towns, polishing.teams)

    assert broken_rules(problem, groups) == []
    assert answer_cost(problem, groups) == pytest.approx(polishing.total / MILLION, abs=0.1)
    assert sum(len(group.members) for group in groups) == polishing.placed
    assert polishing.total < cost * MILLION


def test_a_seed_and_a_number_of_moves_give_the_same_teams_again(towns, teams):
    runs = []
    for seed in (5, 5, 6):
        polishing = Polishing(towns, teams, (0, 0), seed)
        polishing.run(800, lambda: True)
        runs.append(polishing.teams)

    assert runs[0] == runs[1] != runs[2]


def test_polishing_stops_when_told_and_keeps_what_is_legal(towns, teams):
    polishing = Polishing(towns, teams, (0, 0), 1)

    polishing.run(10**9, lambda: False)

    assert broken_rules(towns.problem, formed(towns, polishing.teams)) == []


def test_windows_side_by_side_share_nobody(towns, teams):
    cutter = Windows(towns)
    for seed in SEEDS:
        one = cutter.around(seed, cutter.traits(seed)[0], teams, 120)
        for other in SEEDS:
            trait = cutter.traits(other)[0]
            two = cutter.around(other, trait, teams, 120, one.units.tolist())
            assert not set(one.units.tolist()) & set(two.units.tolist())


def test_two_windows_may_stand_beside_each_other_when_no_rule_is_broken(towns, teams):
    """Judged as the rules judge it, whichever of the two is taken first."""
    cutter, beside, problem = Windows(towns), Beside(towns), towns.problem
    judged = []
    for one, two in product(SEEDS, SEEDS[1::2]):
        first = cutter.around(one, cutter.traits(one)[0], teams, 120)
        barred = first.units.tolist()
        second = cutter.around(two, cutter.traits(two)[-1], teams, 120, barred)
        if not (first.layout.units and second.layout.units):
            continue
        found = [_changed(window, seed) for window, seed in ((first, one), (second, two))]
        inside = {unit for team in first.whole(first.teams) for unit in team.units}
        inside -= {unit for team in first.rest for unit in team.units}
        rest = [team for team in second.rest if inside.isdisjoint(team.units)] + [*found[0]]

        is_legal = broken_rules(problem, formed(towns, [*rest, *found[1]])) == []

        assert beside.may_stand(found[1], rest) == is_legal
        judged.append(is_legal)
    assert {True, False} == set(judged)


def _changed(window, seed):
    """What a hot search, far from the best, makes of it."""
    engine = Engine(window.layout, fill_arena(window.layout, seed=seed), is_compiled=is_warm())
    engine.load(window.teams)
    engine.improve(300, 0.0, 0.1)
    return window.outside(engine.teams())


def test_locked_groups_count_beside_what_windows_found(towns, teams):
    groups = formed(towns, teams)
    layout = lay_out(towns.problem, groups[: len(groups) // 3])
    beside = Beside(layout)
    rest = _engine(layout, 2).best_teams()
    assert beside.may_stand(rest, [])

    crowded = [team for team in teams for _ in range(3)]

    assert not beside.may_stand(crowded, rest)


def test_two_lanes_gain_and_break_no_rule_and_do_the_same_again(towns, teams):
    problem = towns.problem
    cost = answer_cost(problem, formed(towns, teams))
    runs = []
    for _ in range(2):
        polishing = Polishing(towns, teams, (round(cost * MILLION), 0), 3)
        polishing.run(6_000, lambda: True, lambda: 2)
        runs.append(polishing.teams)
        groups = formed(towns, polishing.teams)
        assert broken_rules(problem, groups) == []
        assert answer_cost(problem, groups) == pytest.approx(polishing.total / MILLION, abs=0.1)
    assert runs[0] == runs[1]
    assert polishing.total < cost * MILLION


def test_the_hour_of_an_earlier_answer_stays_dearer_elsewhere_in_a_window(towns, teams):
    home = [-1] * len(towns.units)
    for team in teams:
        for unit in team.units:
            home[unit] = team.hour
    for _, window in _windows(towns, teams):
        there = window.home(home)
        for team in window.teams:
            assert all(there[unit] == team.hour for unit in team.units)
        assert window.home(()) == []
