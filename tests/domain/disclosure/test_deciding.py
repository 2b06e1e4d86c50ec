from __future__ import annotations

from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from goround.domain.disclosure import (
    Audit,
    Because,
    Cell,
    Model,
    NotReleasable,
    Past,
    Progress,
    Rules,
    Shown,
    Span,
    decide,
    facts_of,
)
from goround.domain.disclosure.facts import Unsound

RULES = Rules()
YEAR = Span.of(2015, 1, 12)
ADDING = Model(adding=frozenset({"attendances"}))


def whole(unit: tuple[int, ...] = (), span: Span = YEAR, measure: str = "parents") -> Cell:
    return Cell(measure, span, unit)


def part(name: str, unit: tuple[int, ...] = ()) -> Cell:
    return Cell("parents", YEAR, unit, "gender", name)


def table(**parts: int) -> dict[Cell, int]:
    """The network's parents by gender."""
    return {part(name): count for name, count in parts.items()} | {whole(): sum(parts.values())}


def released(
    figures: dict[Cell, int], past: list[Past] | None = None, model: Model = ADDING
) -> dict[Cell, Shown]:
    return dict(decide(facts_of(past or [], figures, figures, model), RULES).shown)


def as_past(figures: dict[Cell, int], shown: dict[Cell, Shown]) -> Past:
    return Past(figures, {c: s.number if s.because is None else None for c, s in shown.items()})


def test_year_of_414_parents_shows_rounded_counts_and_hides_both_zeros():
    shown = released(table(men=62, women=352, other=0, unknown=0))

    assert shown == {
        whole(): Shown(415),
        part("men"): Shown(60),
        part("women"): Shown(350),
        part("other"): Shown(None, Because.SMALL),
        part("unknown"): Shown(None, Because.SMALL),
    }


@pytest.mark.parametrize("few", [0, 1, 9])
def test_lone_small_count_takes_another_one_with_it(few: int):
    shown = released(table(men=few, women=100))

    assert shown[part("men")] == Shown(None, Because.SMALL)
    assert shown[part("women")] == Shown(None, Because.SHIELDS)
    assert shown[whole()] == Shown(Rules().rounded(100 + few))


def test_group_of_women_only_does_not_say_so():
    shown = released(table(men=0, women=12))

    assert shown[part("women")].number is None


def test_organisation_cannot_be_told_by_taking_the_others_from_the_network():
    figures = {whole((1,)): 60, whole((2,)): 7, whole(): 67}

    shown = released(figures)

    assert [shown[cell].number for cell in (whole((1,)), whole((2,)), whole())] == [None, None, 65]


def test_month_cannot_be_told_by_taking_the_others_from_the_year():
    months = {whole((), month, "attendances"): 20 for month in YEAR.each()}
    december = whole((), YEAR.each()[-1], "attendances")
    year = whole((), YEAR, "attendances")
    figures = months | {december: 3}
    figures[year] = sum(figures.values())
    first = decide(facts_of([], figures, list(months), ADDING), RULES).shown

    later = decide(facts_of([as_past(figures, dict(first))], figures, [year], ADDING), RULES).shown

    assert first[december] == Shown(None, Because.SMALL)
    assert sum(each.number is None for each in first.values()) == 1
    # Eleven rounded months are too vague to take from a year.
    assert later[year] == Shown(225)


def test_two_months_and_what_they_add_up_to_are_too_close():
    pair = Span.of(2015, 1, 2)
    figures = {
        whole((), pair.each()[0], "attendances"): 20,
        whole((), pair.each()[1], "attendances"): 3,
        whole((), pair, "attendances"): 23,
    }
    months = [cell for cell in figures if cell.span.months == 1]
    first = decide(facts_of([], figures, months, ADDING), RULES).shown

    facts = facts_of(
        [as_past(figures, dict(first))], figures, [whole((), pair, "attendances")], ADDING
    )

    assert [each.number for each in first.values()] == [20, None]
    assert decide(facts, RULES).shown[whole((), pair, "attendances")].because is Because.SHIELDS
    assert decide(facts, RULES, audited=False).shown[whole((), pair, "attendances")].number == 25


def test_small_correction_leaves_the_figure_that_was_shown():
    before = table(men=62, women=352, other=0, unknown=0)
    past = as_past(before, released(before))

    shown = released(table(men=68, women=352, other=0, unknown=0), [past])

    assert shown[part("men")] == Shown(60, Because.STANDS)
    assert shown[whole()] == Shown(415, Because.STANDS)
    assert shown[part("women")] == Shown(350)


def test_large_correction_replaces_the_figure():
    before = table(men=62, women=352, other=0, unknown=0)
    past = as_past(before, released(before))

    shown = released(table(men=92, women=352, other=0, unknown=0), [past])

    assert (shown[part("men")], shown[whole()]) == (Shown(90), Shown(445))


def test_same_release_again_says_the_same():
    figures = table(men=62, women=340, other=7, unknown=5)
    first = released(figures)

    again = released(figures, [as_past(figures, first)])

    assert {cell: shown.number for cell, shown in again.items()} == {
        cell: shown.number for cell, shown in first.items()
    }


def test_ledger_that_tells_too_much_refuses_the_next_release():
    figures = table(men=5, women=50)
    leaky = Past(figures, {whole(): 55, part("women"): 50})

    with pytest.raises(NotReleasable) as refused:
        decide(facts_of([leaky], figures | {whole((1,)): 55}, [whole((1,))], ADDING), RULES)

    assert refused.value.cell == part("men")
    assert "50" not in str(refused.value)


def test_nothing_large_enough_is_an_empty_release():
    assert decide(
        facts_of([], table(men=3, women=4), table(men=3, women=4), ADDING), RULES
    ).is_empty


def test_category_that_holds_others_is_their_sum_and_the_whole_is_told_without_them():
    nested = Model(nested={"same": "not-better", "worse": "not-better"})
    figures = table(**{"better": 50, "not-better": 19, "worse": 15, "same": 4})
    figures[whole()] = 69

    shown = released(figures, model=nested)

    assert shown[part("better")].number == 50
    assert shown[part("not-better")].number == 20
    # 20 of whom 15 are one thing would leave too little room for the other.
    assert (shown[part("worse")].number, shown[part("same")].number) == (None, None)


def test_parts_that_do_not_add_up_are_refused_without_saying_a_count():
    with pytest.raises(Unsound, match="do not add up") as refused:
        facts_of([], table(men=3, women=44) | {whole(): 48}, [], ADDING)

    assert "44" not in str(refused.value)


@given(threshold=st.sampled_from([5, 10, 15]), count=st.integers(15, 500))
def test_shown_number_tells_exactly_the_counts_that_round_to_it(threshold: int, count: int):
    rules = Rules(threshold, 5)
    shown = rules.rounded(count)

    least, most = rules.told_by(shown)

    could_be = [number for number in range(threshold, 600) if abs(number - shown) * 2 < 5]
    assert (least, most) == (could_be[0], could_be[-1])
    assert least <= count <= most


@pytest.mark.parametrize(("threshold", "base"), [(0, 5), (10, 0), (10, 4)])
def test_rules_that_make_no_sense_are_refused(threshold: int, base: int):
    with pytest.raises(ValueError, match="threshold of"):
        Rules(threshold, base)


@given(counts=st.lists(st.integers(0, 14), min_size=2, max_size=3), seen=st.integers(0, 15))
@settings(max_examples=60)
def test_audit_agrees_with_trying_every_possibility(counts: list[int], seen: int):
    rules = Rules(4, 2)
    figures = table(**{f"p{number}": count for number, count in enumerate(counts)})
    facts = facts_of([], figures, figures, ADDING)
    shown = {
        at: rules.rounded(facts.counts[at])
        for place, at in enumerate(facts.asked.values())
        if seen >> place & 1 and not rules.is_small(facts.counts[at])
    }

    narrow = Audit(facts, rules).narrow(shown, near=facts.asked.values())

    assert narrow == _by_trying(facts.counts, facts.asked, shown, rules)


def _by_trying(
    counts: list[int], asked: dict[Cell, int], shown: dict[int, int], rules: Rules
) -> list[int]:
    top = asked[whole()]
    parts = [at for at in asked.values() if at != top]
    ranges = [
        range(rules.told_by(shown[at])[0], rules.told_by(shown[at])[1] + 1)
        if at in shown
        else range(24)
        for at in parts
    ]
    least, most = rules.told_by(shown[top]) if top in shown else (0, 1_000)
    possible = [
        dict(zip([*parts, top], [*values, sum(values)], strict=True))
        for values in product(*ranges)
        if least <= sum(values) <= most
    ]
    return [
        at
        for at in sorted(asked.values())
        if rules.is_small(counts[at])
        and shown
        and not {0, rules.most_hidden} <= {values[at] for values in possible}
    ]


def test_decision_is_watched_and_can_be_broken_off():
    figures = table(men=62, women=352, other=4, unknown=12)
    facts = facts_of([], figures, figures, ADDING)
    seen: list[tuple[int, int, int]] = []

    class Enough(Exception):
        pass

    def stop(progress: Progress) -> None:
        raise Enough

    watched = decide(facts, RULES, watch=lambda p: seen.append((p.solved, p.tried, p.to_try)))

    assert watched == decide(facts, RULES)
    assert [solved for solved, _, _ in seen] == list(range(1, len(seen) + 1))
    assert all(tried <= to_try for _, tried, to_try in seen)
    assert seen
    with pytest.raises(Enough):
        decide(facts, RULES, watch=stop)
