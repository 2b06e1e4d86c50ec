"""Devices that marked without a signal: nothing lost, nothing doubled, nobody's word preferred."""

from __future__ import annotations

from dataclasses import replace
from itertools import permutations

from hypothesis import given, settings
from hypothesis import strategies as st

from goround.domain.marks import Mark, Side, Written, fold
from goround.domain.marks.folding import BY_HAND, Seen

NOTHING = Written(nothing=True)
SEATS, DEVICES = ("seat:1", "seat:2", "heads"), ("a", "b", "c")


def tap(number: int, about: str = "seat:1", said: bool | int | None = True, device: str = "a"):
    return Mark(f"{device}{number}", device, number, about, said)


@st.composite
def taps(draw: st.DrawFn) -> list[Mark]:
    made = []
    for number in range(draw(st.integers(0, 8))):
        device = draw(st.sampled_from(DEVICES))
        about = draw(st.sampled_from(SEATS))
        said = draw(st.integers(0, 2) | st.none() if about == "heads" else st.booleans())
        mark = Mark(f"m{number}", device, draw(st.integers(1, 4)), about, said)
        if made and draw(st.integers(0, 5)) == 0:
            mark = replace(mark, withdraws=draw(st.sampled_from(made)).id)
        made.append(mark)
    return made


pages = st.builds(
    Written,
    present=st.frozensets(st.sampled_from(SEATS[:2])),
    counts=st.fixed_dictionaries({"heads": st.none() | st.integers(0, 2)}),
    nothing=st.booleans(),
    decided=st.dictionaries(st.sampled_from(SEATS[:2]), st.booleans()),
)
knowing = st.dictionaries(
    st.sampled_from(DEVICES),
    st.builds(Seen, pages, st.frozensets(st.sampled_from([f"m{n}" for n in range(8)]))),
)


@settings(max_examples=150, deadline=None)
@given(taps(), pages, knowing, st.randoms(use_true_random=False))
def test_order_and_repetition_change_nothing(marks, page, seen, random):
    again = marks + [random.choice(marks) for _mark in marks]
    random.shuffle(again)

    assert fold(again, by_hand=page, seen=seen) == fold(marks, by_hand=page, seen=seen)


@settings(max_examples=150, deadline=None)
@given(taps(), pages, knowing)
def test_everything_that_was_marked_is_settled_or_asked(marks, page, seen):
    gone = {(mark.device, mark.withdraws) for mark in marks if mark.withdraws}
    standing = [mark for mark in marks if not mark.withdraws and (mark.device, mark.id) not in gone]

    found = fold(marks, by_hand=page, seen=seen)

    assert set(found.settled) | set(found.asked) == {mark.about for mark in standing}
    assert not set(found.settled) & set(found.asked)
    assert all(len({side.said for side in sides}) > 1 for sides in found.asked.values())


@settings(max_examples=100, deadline=None)
@given(taps(), pages, knowing, st.permutations(DEVICES))
def test_no_device_counts_for_more_than_another(marks, page, seen, others):
    name = dict(zip(DEVICES, others, strict=True))
    swapped = [replace(mark, device=name[mark.device]) for mark in marks]
    known = {name[device]: what for device, what in seen.items()}

    found = fold(swapped, by_hand=page, seen=known)
    before = fold(marks, by_hand=page, seen=seen)

    assert found.settled == before.settled
    assert found.asked == {
        about: frozenset(replace(side, device=name.get(side.device, "")) for side in sides)
        for about, sides in before.asked.items()
    }


@settings(max_examples=100, deadline=None)
@given(taps(), pages, knowing, st.integers(0, 8))
def test_coming_in_two_lots_ends_where_one_lot_does(marks, page, seen, cut):
    kept = {mark.id: mark for mark in (*marks[cut:], *marks[:cut])}

    assert fold(kept.values(), by_hand=page, seen=seen) == fold(marks, by_hand=page, seen=seen)


def test_the_last_tap_of_a_device_is_what_it_says():
    for order in permutations([tap(1), tap(2, said=False), tap(3)]):
        assert fold(order, by_hand=NOTHING).settled == {"seat:1": True}


def test_two_devices_that_disagree_are_asked_about_with_both_sides():
    found = fold([tap(1), tap(1, said=False, device="b")], by_hand=NOTHING)

    assert found.settled == {}
    assert found.asked == {"seat:1": frozenset({Side("a", True, "a1"), Side("b", False, "b1")})}


def test_two_devices_that_agree_are_not_asked_about():
    assert fold([tap(1), tap(7, device="b")], by_hand=NOTHING).settled == {"seat:1": True}


def test_a_page_written_meanwhile_is_one_more_side():
    found = fold([tap(1)], by_hand=Written())

    assert found.asked == {"seat:1": frozenset({Side("a", True, "a1"), Side(BY_HAND, False)})}


def test_a_page_the_device_had_seen_is_corrected_by_it():
    found = fold([tap(1)], by_hand=Written(), seen={"a": Seen(Written())})

    assert found.settled == {"seat:1": True}


def test_a_page_changed_since_the_device_left_is_a_side_again():
    page = Written(present=frozenset({"seat:1"}))

    found = fold([tap(1, said=False)], by_hand=page, seen={"a": Seen(Written())})

    assert set(found.asked) == {"seat:1"}


def test_a_device_that_had_seen_a_mark_corrects_it():
    marks = [tap(1), tap(1, said=False, device="b")]

    found = fold(marks, by_hand=NOTHING, seen={"b": Seen(NOTHING, frozenset({"a1"}))})

    assert found.settled == {"seat:1": False}


def test_a_mark_taken_back_says_nothing_whether_it_arrived_or_not():
    back = Mark("x", "a", 9, withdraws="a2")

    assert fold([tap(1), tap(2, said=False), back], by_hand=NOTHING).settled == {"seat:1": True}
    assert fold([back, tap(1)], by_hand=NOTHING).settled == {"seat:1": True}
    assert fold([back], by_hand=NOTHING).settled == {}


def test_one_device_takes_nothing_of_another_back():
    back = Mark("x", "b", 9, withdraws="a1")

    assert fold([tap(1), back], by_hand=NOTHING).settled == {"seat:1": True}


def test_a_number_that_was_not_counted_on_the_page_is_no_side():
    page = Written(counts={"heads": None})

    assert fold([tap(1, "heads", 4)], by_hand=page).settled == {"heads": 4}


def test_what_a_person_decided_stands_above_the_page():
    page = Written(decided={"seat:1": True})

    assert fold([tap(1)], by_hand=page).settled == {"seat:1": True}
    assert set(fold([tap(1, said=False)], by_hand=page).asked) == {"seat:1"}
