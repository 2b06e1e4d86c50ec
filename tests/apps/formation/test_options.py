"""A quick look at one move must say exactly what the whole engine says of it."""

from __future__ import annotations

import random

import pytest

from goround.apps.formation.figures import effect_of, figures_of
from goround.apps.formation.options import Moves, could_join
from goround.domain.matching import edit
from goround.domain.matching.answer import Answer, FormedGroup
from goround.domain.matching.problem import Facilitator, Parent, Policy, Problem, Span, Venue

EVENINGS = tuple(Span.parse(f"{day} 18:00-20:00") for day in ("mon", "tue", "wed"))
FREE = tuple(Span.parse(f"{day} 17:00-21:00") for day in ("mon", "tue", "wed"))


def make_case(seed: int) -> tuple[Problem, Answer]:
    """A small town at random, and groups in it that keep some rules and break others."""
    rng = random.Random(seed)
    parents = tuple(_parent(rng, n) for n in range(24))
    venues = tuple(
        Venue(f"v{n}", f"Hall {n}", lat=34 + n / 20, lon=-118.0, slots=EVENINGS, rooms=1 + n % 2)
        for n in range(3)
    )
    leaders = tuple(
        Facilitator(
            f"f{n}",
            frozenset(rng.sample(["en", "es"], rng.randint(1, 2))),
            tuple(rng.sample(FREE, rng.randint(1, 3))),
            lat=34.0,
            lon=-118.0,
            groups=rng.randint(1, 2),
        )
        for n in range(8)
    )
    problem = Problem(parents, venues, leaders, Policy(2, 4, 1))
    names = [parent.id for parent in parents[:20]]
    rng.shuffle(names)
    groups = tuple(
        FormedGroup(
            f"g{n:04d}",
            rng.choice(venues).id,
            rng.choice(EVENINGS),
            rng.choice(["en", "es"]),
            rng.choice(["self-care", "men"]),
            (rng.choice(leaders).id,),
            tuple(names[n * 3 : n * 3 + 3]),
        )
        for n in range(6)
    )
    return problem, Answer(groups, (), 0.0, None, 1, 0.0)


def _parent(rng: random.Random, number: int) -> Parent:
    near = [f"p{number + step}" for step in (1, -1)]
    return Parent(
        f"p{number}",
        lat=34 + rng.random() / 5,
        lon=-118.0,
        children=tuple(rng.sample(range(12), rng.randint(0, 2))),
        languages=frozenset(rng.sample(["en", "es"], rng.randint(1, 2))),
        available=tuple(rng.sample(FREE, rng.randint(1, 3))),
        interests=frozenset(rng.sample(["self-care", "men"], rng.randint(0, 2))),
        tags=frozenset(rng.sample(["alone", "new"], rng.randint(0, 2))),
        wishes=frozenset(rng.sample(["alone", "new"], rng.randint(0, 1))),
        together=frozenset(near[:1] if rng.random() < 0.15 and number < 23 else ()),
        apart=frozenset(near[1:] if rng.random() < 0.15 and number else ()),
    )


@pytest.mark.parametrize("seed", range(12))
def test_a_quick_look_says_what_the_whole_engine_says(seed: int):
    problem, answer = make_case(seed)
    before = figures_of(problem, answer)
    for parent in ("p0", "p7", "p13", "p22"):
        moves = Moves(problem, answer, parent)
        for group in moves.likely():
            whole = effect_of(
                before, figures_of(problem, edit.move(problem, answer, parent, group.id))
            )
            quick = moves.to(group).effect
            assert quick["cost"] == pytest.approx(whole["cost"])
            assert quick["placed"] == whole["placed"]
            assert in_any_order(quick["broken"]) == in_any_order(whole["broken"])
            assert in_any_order(quick["mended"]) == in_any_order(whole["mended"])


@pytest.mark.parametrize("seed", range(6))
def test_taking_out_says_what_the_whole_engine_says(seed: int):
    problem, answer = make_case(seed)
    parent = answer.groups[0].members[0]

    quick = Moves(problem, answer, parent).out()

    out = edit.move(problem, answer, parent, None)
    whole = effect_of(figures_of(problem, answer), figures_of(problem, out))
    assert quick["cost"] == pytest.approx(whole["cost"])
    assert quick["placed"] == whole["placed"] == -1
    assert in_any_order(quick["broken"]) == in_any_order(whole["broken"])


def in_any_order(rules: list) -> list[str]:
    return sorted(map(repr, rules))


def test_groups_with_somebody_to_be_kept_apart_from_are_not_offered():
    parents = tuple(
        Parent(f"p{n}", 34, -118, languages=frozenset({"en"}), available=FREE) for n in range(5)
    )
    shy = Parent(
        "shy", 34, -118, languages=frozenset({"en"}), available=FREE, apart=frozenset({"p0"})
    )
    venue = Venue("v0", "Hall", lat=34.0, lon=-118.0, slots=EVENINGS, rooms=3)
    groups = (
        FormedGroup("same", "v0", EVENINGS[0], "en", "any", (), ("p0", "p1")),
        FormedGroup("same-day", "v0", EVENINGS[0], "en", "any", (), ("p2",)),
        FormedGroup("other-day", "v0", EVENINGS[1], "en", "any", (), ("p3", "p4")),
    )
    problem = Problem((*parents, shy), (venue,), (), Policy(2, 4))

    offered = Moves(problem, Answer(groups, (), 0, None, 1, 0), "shy").likely()

    assert [group.id for group in offered] == ["other-day"]


def test_the_likeliest_groups_come_first():
    problem, answer = make_case(3)
    moves = Moves(problem, answer, "p22")

    broken = [len(moves.to(group).effect["broken"]) for group in moves.likely()]

    assert broken[0] == min(broken)


def test_only_parents_without_a_group_who_fit_could_join_a_new_one():
    problem, answer = make_case(5)
    group = FormedGroup("new", "v0", EVENINGS[0], "es", "men", (), ())

    names = could_join(problem, answer, group)

    by_id = {parent.id: parent for parent in problem.parents}
    assert set(names) <= set(by_id) - {name for each in answer.groups for name in each.members}
    assert all("es" in by_id[name].languages for name in names)
    assert all("men" in by_id[name].interests or not by_id[name].interests for name in names)
