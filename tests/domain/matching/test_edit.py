"""A coordinator's hand: each change is made, costed and can be seen through."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from goround.domain.matching.answer import Answer, FormedGroup, from_json, to_json
from goround.domain.matching.cost import answer_cost
from goround.domain.matching.edit import (
    add_group,
    dissolve,
    effect,
    lock_group,
    lock_member,
    move,
    swap,
    unlock_group,
    unlock_member,
)
from goround.domain.matching.join import merges, open_places
from goround.domain.matching.problem import Problem
from goround.domain.matching.rules import broken_rules
from goround.domain.matching.search import solve
from tests.domain.matching.cases import MONDAY, a_hall, a_leader, a_parent, a_problem


def two_groups() -> tuple[Problem, Answer]:
    """Five near the one hall, five near the other, one over."""
    parents = [a_parent(f"n{n}", children=(3.0,)) for n in range(5)]
    parents += [a_parent(f"s{n}", lat=33.9, children=(5.0,)) for n in range(5)]
    halls = [a_hall(), a_hall(id="south", lat=33.9)]
    problem = a_problem([*parents, a_parent("over", needs=frozenset({"lift"}))], halls)
    return problem, solve(problem, seconds=0, seed=1, iterations=200)


def home(answer: Answer, parent: str) -> str | None:
    group = answer.group_of(parent)
    return None if group is None else group.venue


def test_move_changes_group_cost_and_nothing_else():
    problem, before = two_groups()
    south = next(group.id for group in before.groups if group.venue == "south")

    after = move(problem, before, "n0", south)

    assert [home(after, name) for name in ("n0", "n1", "s0")] == ["south", "hall", "south"]
    assert after.cost == pytest.approx(answer_cost(problem, after.groups))
    # 11.12 km further, and a window of two years for six people.
    seen = effect(problem, before, after)
    assert seen.cost_change == pytest.approx(11.1195 + 0.5 * 6 * 2, abs=1e-3)
    assert (seen.newly_broken, seen.mended) == ([], [])


def test_swapped_parents_change_places_and_nothing_else():
    problem, before = two_groups()

    after = swap(problem, before, "n0", "s0")

    assert [home(after, name) for name in ("n0", "s0", "n1", "s1")] == [
        "south",
        "hall",
        "hall",
        "south",
    ]
    assert effect(problem, before, after).cost_change == pytest.approx(
        answer_cost(problem, after.groups) - before.cost
    )
    again = swap(problem, after, "s0", "n0")
    assert {group.id: set(group.members) for group in again.groups} == {
        group.id: set(group.members) for group in before.groups
    }


def test_swapping_with_somebody_who_waits_leaves_the_other_waiting_with_a_reason():
    problem, before = two_groups()

    after = swap(problem, before, "n0", "over")

    assert home(after, "over") == "hall"
    assert [(row.parent, row.reason) for row in after.unplaced] == [("n0", "no-room-left")]


def test_swapping_within_a_group_changes_nothing_and_strangers_are_refused():
    problem, before = two_groups()

    assert swap(problem, before, "n0", "n1") == before
    with pytest.raises(KeyError):
        swap(problem, before, "n0", "nobody")


def test_moving_there_and_back_has_no_effect():
    problem, before = two_groups()
    north, south = before.groups[0].id, before.groups[1].id

    back = move(problem, move(problem, before, "n0", south), "n0", north)

    seen = effect(problem, before, back)
    assert (round(seen.cost_change, 9), seen.newly_broken, seen.mended) == (0.0, [], [])


def test_move_breaks_rules_when_told_and_says_which():
    problem, before = two_groups()
    one = move(problem, before, "n0", None)

    two = move(problem, one, "n1", None)
    there = move(problem, before, "over", before.groups[0].id)

    assert [row.parent for row in two.unplaced] == ["n0", "n1", "over"]
    assert [broken.code for broken in effect(problem, one, two).newly_broken] == ["too-small"]
    assert [broken.code for broken in effect(problem, two, one).mended] == ["too-small"]
    assert [broken.code for broken in effect(problem, before, there).newly_broken] == ["need-unmet"]


def test_move_of_the_last_member_ends_the_group():
    problem, before = two_groups()
    group = before.groups[0]
    for member in group.members:
        before = move(problem, before, member, None)

    assert group.id not in {left.id for left in before.groups}


@pytest.mark.parametrize(("parent", "group"), [("nobody", None), ("n0", "no-group")])
def test_move_refuses_unknown_ids(parent, group):
    problem, before = two_groups()

    with pytest.raises(KeyError):
        move(problem, before, parent, group)


def test_dissolve_leaves_the_members_with_reasons():
    problem, before = two_groups()
    group = next(group for group in before.groups if group.venue == "hall")

    after = dissolve(problem, before, group.id)

    assert {row.parent for row in after.unplaced} == {*group.members, "over"}
    assert {row.reason for row in after.unplaced} == {"no-room-left", "no-venue-meets-needs"}
    assert effect(problem, before, after).cost_change == pytest.approx(5000)


def test_add_group_takes_members_out_of_their_groups_and_finds_facilitators():
    leaders = [a_leader("a"), a_leader("b"), a_leader("c")]
    problem = a_problem(8, [a_hall(rooms=2)], leaders, facilitators=1, size_max=6)
    before = solve(problem, seconds=0, seed=1, iterations=100)
    moving = before.groups[0].members[:2]

    after = add_group(problem, before, "hall", MONDAY, "en", "any", moving)

    new = next(group for group in after.groups if group.members == moving)
    assert len(new.facilitators) == 1
    assert len({name for group in after.groups for name in group.facilitators}) == 3
    assert not set(moving) & set(after.groups[0].members)


def test_a_group_takes_another_language_and_leader_when_it_must():
    both, es = frozenset({"en", "es"}), frozenset({"es"})
    parents = [a_parent(f"p{n}", languages=both) for n in range(4)] + [a_parent("x", languages=es)]
    problem = a_problem(
        parents, [a_hall()], [a_leader("a"), a_leader("b", languages=es)], facilitators=1
    )
    group = FormedGroup("g1", "hall", MONDAY, "en", "any", ("a",), ("p0", "p1", "p2", "p3"))
    before = replace(solve(problem, seconds=0, seed=1, iterations=0), groups=(group,), unplaced=())

    after = move(problem, before, "x", "g1")

    assert (after.groups[0].language, after.groups[0].facilitators) == ("es", ("b",))
    assert broken_rules(problem, after.groups) == []


def test_locks_are_kept_and_taken_off():
    _, before = two_groups()
    group = before.groups[0]
    locked = lock_member(lock_group(before, group.id), group.members[0])

    assert (locked.groups[0].locked, locked.locked_members) == (True, {group.members[0]})
    assert unlock_member(unlock_group(locked, group.id), group.members[0]) == before
    with pytest.raises(KeyError):
        lock_member(before, "over")
    with pytest.raises(KeyError):
        lock_group(before, "no-group")


def test_moving_a_locked_member_takes_off_the_lock():
    problem, before = two_groups()
    locked = lock_member(before, "n0")

    assert move(problem, locked, "n0", None).locked_members == frozenset()
    assert move(problem, locked, "n1", None).locked_members == {"n0"}


def test_an_answer_survives_json():
    _, before = two_groups()
    answer = lock_member(lock_group(before, before.groups[0].id), "n0")

    assert from_json(json.loads(json.dumps(to_json(answer)))) == answer
    assert any(row.change for row in answer.unplaced)


def test_open_places_lists_the_cheapest_group_first():
    problem, answer = two_groups()
    north, south = sorted(answer.groups, key=lambda group: group.venue)
    grown = replace(problem, parents=(*problem.parents, a_parent("new", children=(3.0,))))

    options = open_places(grown, answer.groups, "new")

    assert [option.group_id for option in options] == [north.id, south.id]
    assert options[0].cost_change == pytest.approx(0.0)
    assert options[1].cost_change == pytest.approx(11.1195 + 0.5 * 6 * 2, abs=1e-3)
    joined = move(grown, answer, "new", options[1].group_id)
    assert broken_rules(grown, joined.groups) == []


def test_open_places_keeps_apart_apart_and_together_together():
    problem, answer = two_groups()
    shy = a_parent("shy", apart=frozenset({"n0"}))
    friend = a_parent("friend", lat=33.95, together=frozenset({"s0"}))
    grown = replace(problem, parents=(*problem.parents, shy, friend))
    south = next(group.id for group in answer.groups if group.venue == "south")

    for name in ("shy", "friend"):
        options = open_places(grown, answer.groups, name)
        assert [option.group_id for option in options] == [south]


def test_open_places_offers_nothing_full_or_breaking():
    problem, answer = two_groups()
    odd = a_parent("odd", languages=frozenset({"fr"}))
    lost = a_parent("lost", together=frozenset({"gone"}))
    grown = replace(problem, parents=(*problem.parents, odd, lost))

    assert [open_places(grown, answer.groups, name) for name in ("odd", "lost", "n0")] == [[]] * 3


def test_merges_join_two_small_groups_where_one_met():
    problem = a_problem(
        [a_parent(f"p{n}", lat=34.0 + 0.01 * (n > 2)) for n in range(6)],
        [a_hall(), a_hall(id="other", lat=34.01)],
    )
    one = FormedGroup("g1", "hall", MONDAY, "en", "any", (), ("p0", "p1", "p2"))
    two = FormedGroup("g2", "other", MONDAY, "en", "any", (), ("p3", "p4"))

    (merge,) = merges(problem, [one, two])

    assert merge.groups == ("g1", "g2")
    assert merge.kept == replace(one, members=("p0", "p1", "p2", "p3", "p4"))
    assert merge.cost_change == pytest.approx(2 * 1.11195, abs=1e-3)


def test_merges_break_nothing():
    far = [a_parent(f"p{n}", lat=34.0 + 0.3 * (n > 2), max_km=5.0) for n in range(6)]
    problem = a_problem(far, [a_hall(), a_hall(id="other", lat=34.3)])
    one = FormedGroup("g1", "hall", MONDAY, "en", "any", (), ("p0", "p1", "p2"))
    two = FormedGroup("g2", "other", MONDAY, "en", "any", (), ("p3", "p4", "p5"))

    assert merges(problem, [one, two]) == []
    assert merges(problem, []) == []
