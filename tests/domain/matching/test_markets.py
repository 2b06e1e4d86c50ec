"""Markets hold exactly the units and facilitators who could share a group."""

from __future__ import annotations

from itertools import product

from goround.domain.matching.fits import can_attend, can_lead, speaks, wants
from goround.domain.matching.layout import Layout, lay_out
from goround.domain.matching.markets import markets_of
from goround.domain.matching.problem import Parent, Problem, Span, Venue
from tests.domain.matching.cases import a_leader, a_problem, la_problem

Market = tuple[str, str, str, str, frozenset[str], frozenset[str]]


def test_markets_of_la_414_are_those_that_the_plain_rules_give() -> None:
    problem = la_problem()
    layout = lay_out(problem)

    assert _named(layout) == _by_hand(problem, layout)


def test_markets_of_needs_enough_parents_and_enough_facilitators() -> None:
    three, four = a_problem(3), a_problem(4)
    unled = a_problem(4, leaders=[a_leader("f1")], facilitators=2)
    led = a_problem(4, leaders=[a_leader("f1"), a_leader("f2")], facilitators=2)

    found = [markets_of(lay_out(problem)) for problem in (three, four, unled, led)]

    assert [None if some is None else len(some) for some in found] == [0, 1, 0, 1]


def _named(layout: Layout) -> set[Market]:
    """The markets in names."""
    found = markets_of(layout)
    assert found is not None
    problem, markets = layout.problem, set()
    for number in range(len(found)):
        units = found.unit[found.unit_first[number] : found.unit_first[number + 1]]
        leaders = found.leader[found.leader_first[number] : found.leader_first[number + 1]]
        hour = int(found.hour[number])
        markets.add(
            (
                problem.venues[layout.hours.venue[hour]].id,
                str(layout.hours.span(hour)),
                layout.languages.first(int(found.language[number])),
                layout.types.first(int(found.type[number])),
                frozenset(problem.parents[p].id for unit in units for p in layout.units[unit]),
                frozenset(problem.facilitators[leader].id for leader in leaders),
            )
        )
    return markets


def _by_hand(problem: Problem, layout: Layout) -> set[Market]:
    """The same, by the plain rules, one person at a time."""
    units = [[problem.parents[place] for place in unit] for unit in layout.units]
    found = set()
    for venue in problem.venues:
        for slot in venue.slots:
            there = [unit for unit in units if all(can_attend(p, venue, slot) for p in unit)]
            for language, kind in product(layout.languages.values, layout.types.values):
                parents = _who(there, language, kind)
                leaders = _leaders(problem, venue, slot, (language, kind))
                if len(parents) >= 4 and len(leaders) >= problem.policy.facilitators:
                    found.add((venue.id, str(slot), language, kind, parents, leaders))
    return found


def _who(units: list[list[Parent]], language: str, kind: str) -> frozenset[str]:
    return frozenset(
        parent.id
        for unit in units
        if all(speaks(parent, language) and wants(parent, kind) for parent in unit)
        for parent in unit
    )


def _leaders(problem: Problem, venue: Venue, slot: Span, what: tuple[str, str]) -> frozenset[str]:
    return frozenset(
        row.id
        for row in problem.facilitators
        if can_lead(row, venue, slot) and speaks(row, what[0]) and wants(row, what[1])
    )
