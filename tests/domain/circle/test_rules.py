"""The rules one by one, as a facilitator would tell them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import count

import pytest

from goround.domain.circle.commands import (
    Arrive,
    AtTable,
    Begin,
    ChangeWay,
    Command,
    Finish,
    Hand,
    Leading,
    Leave,
    Pass,
    PassAhead,
    Pause,
    Resume,
    SetSoftTime,
    Sitting,
    TakeLead,
    Undo,
)
from goround.domain.circle.facts import Circle, Seat, Way, spent
from goround.domain.circle.order import Place, Standing, is_over, standing, to_come
from goround.domain.circle.rules import MOST_SEATS, NoRoom, NotAllowed, carry_out

EVENING = datetime(2026, 3, 4, 18, 0, tzinfo=UTC)
PHONE = Leading("phone")
_keys = count()


def key() -> str:
    return f"key-{next(_keys)}"


def after(seconds: float) -> datetime:
    return EVENING + timedelta(seconds=seconds)


def circle_of(*seats: int) -> Circle:
    return Circle(seats=tuple(Seat(seat) for seat in seats), leader=PHONE.device)


def do(circle: Circle, *commands: Command, by: Hand = PHONE, at: datetime = EVENING) -> Circle:
    for command in commands:
        circle = carry_out(circle, command, by=by, at=at)
    return circle


def begun(*seats: int) -> Circle:
    return do(circle_of(*seats), Begin(key(), 0))


def now(circle: Circle) -> int | None:
    return circle.round.now.seat if circle.round.now else None


def number(circle: Circle) -> int:
    return circle.round.offers


def finish(circle: Circle, *, at: datetime = EVENING) -> Circle:
    return do(circle, Finish(key(), number(circle)), at=at)


def pass_on(circle: Circle) -> Circle:
    return do(circle, Pass(key(), number(circle)))


def order_of(circle: Circle) -> list[int]:
    """Who has a turn in which order, when everybody takes theirs."""
    heard = []
    while circle.round.now:
        heard.append(circle.round.now.seat)
        circle = finish(circle)
    return heard


def test_round_goes_from_seat_to_seat_and_ends():
    circle = begun(1, 2, 3)

    assert order_of(circle) == [1, 2, 3]


def test_passed_turn_comes_again_at_the_end():
    circle = pass_on(begun(1, 2, 3))

    assert (now(circle), to_come(circle)) == (2, (3, 1))
    assert order_of(circle) == [2, 3, 1]


def test_second_pass_ends_it_for_this_round():
    circle = finish(pass_on(begun(1, 2)))
    assert circle.round.now and circle.round.now.again

    circle = pass_on(circle)

    assert is_over(circle)
    assert [circle.share(seat).taken for seat in (1, 2)] == [0, 1]


def test_second_round_begins_one_chair_further():
    circle = begun(1, 2, 3)
    for _turn in range(3):
        circle = finish(circle)

    circle = do(circle, Begin(key(), number(circle)))

    assert circle.round.number == 2
    assert order_of(circle) == [2, 3, 1]


def test_whoever_was_not_heard_comes_first_in_the_next_round():
    circle = pass_on(finish(finish(pass_on(begun(1, 2, 3)))))
    assert is_over(circle)

    circle = do(circle, Begin(key(), number(circle)))

    assert order_of(circle) == [1, 2, 3]


def test_latecomer_comes_before_those_who_were_heard_already():
    circle = begun(1, 2, 3)
    for _turn in range(3):
        circle = finish(circle)
    circle = do(circle, Begin(key(), number(circle)))

    circle = do(circle, Arrive(key(), 4))

    assert (now(circle), to_come(circle)) == (2, (4, 3, 1))


def test_latecomer_after_the_round_is_still_offered_a_turn_in_it():
    circle = finish(finish(begun(1, 2)))
    circle = do(circle, Arrive(key(), 3))
    assert not is_over(circle)

    circle = do(circle, Begin(key(), number(circle)))

    assert (circle.round.number, now(circle)) == (1, 3)


def test_leaving_in_ones_turn_gives_it_back_for_later():
    circle = do(begun(1, 2, 3), Leave(key(), 1))
    assert now(circle) == 2

    circle = do(circle, Arrive(key(), 1))

    assert to_come(circle) == (1, 3)
    assert circle.share(1).taken == 0


def test_leaving_in_the_second_offer_keeps_it_the_second():
    circle = do(finish(pass_on(begun(1, 2))), Leave(key(), 1))
    assert is_over(circle)

    circle = do(circle, Arrive(key(), 1))
    circle = do(circle, Begin(key(), number(circle)))

    assert circle.round.now
    assert (circle.round.number, circle.round.now.seat, circle.round.now.again) == (1, 1, True)


def test_coming_back_after_ones_turn_gives_no_second_one():
    circle = do(finish(begun(1, 2, 3)), Leave(key(), 1), Arrive(key(), 1))

    assert order_of(circle) == [2, 3]


def test_saying_ahead_that_one_passes_moves_to_the_end():
    circle = do(begun(1, 2, 3), PassAhead(key(), 2), by=Sitting(2))

    assert order_of(circle) == [1, 3, 2]


def test_tap_that_comes_too_late_moves_nothing():
    circle = begun(1, 2, 3)
    late = number(circle)
    circle = finish(circle)

    assert do(circle, Finish(key(), late)) is circle
    assert do(circle, Pass(key(), late)) is circle


def test_command_sent_twice_is_carried_out_once():
    circle = do(begun(1, 2), Pause("once"))
    circle = do(circle, Resume(key()))

    assert do(circle, Pause("once")) is circle


def test_undo_puts_the_turn_back_as_it_was():
    circle = begun(1, 2, 3)
    moved = finish(circle, at=after(60))

    back = do(moved, Undo(key(), number(moved)), at=after(65))

    assert now(back) == 1
    assert spent(back, at=after(70)) == 70
    assert back.share(1).taken == 0
    assert to_come(back) == to_come(circle)


def test_undo_tapped_twice_goes_back_once():
    circle = finish(finish(begun(1, 2, 3)))
    seen = number(circle)

    circle = do(circle, Undo(key(), seen), Undo(key(), seen))

    assert now(circle) == 2


def test_old_tap_does_not_hit_a_turn_put_back():
    circle = begun(1, 2, 3)
    first = number(circle)
    circle = finish(circle)
    back = do(circle, Undo(key(), number(circle)))

    assert do(back, Finish(key(), first)) is back


def test_undo_of_the_turn_of_somebody_who_left_goes_to_the_next():
    circle = do(finish(begun(1, 2, 3)), Leave(key(), 1))

    circle = do(circle, Undo(key(), number(circle)))

    assert (now(circle), to_come(circle)) == (2, (3,))


def test_undo_of_the_beginning_of_a_round_ends_it_again():
    circle = finish(begun(1))
    circle = do(circle, Begin(key(), number(circle)))

    circle = do(circle, Undo(key(), number(circle)))

    assert circle.round.number == 1
    assert is_over(circle)


def test_undo_without_anything_to_undo_does_nothing():
    circle = circle_of(1, 2)

    assert do(circle, Undo(key(), 0)) is circle


def test_pause_does_not_count_for_the_turn():
    circle = do(begun(1, 2), Pause(key()), at=after(10))
    assert spent(circle, at=after(500)) == 10

    circle = do(circle, Resume(key()), at=after(500))
    circle = finish(circle, at=after(520))

    assert circle.share(1).seconds == 30
    assert spent(circle, at=after(525)) == 5


def test_going_on_to_the_next_ends_a_pause():
    circle = do(begun(1, 2), Pause(key()), at=after(10))

    circle = finish(circle, at=after(100))

    assert not circle.is_paused
    assert circle.share(1).seconds == 10


def test_passed_turn_leaves_no_time():
    circle = do(begun(1, 2), Pass(key(), 1), at=after(30))

    assert circle.share(1).seconds == 0


def test_clock_that_runs_backwards_counts_nothing():
    assert spent(begun(1), at=EVENING - timedelta(hours=1)) == 0


def test_another_leader_takes_over_and_the_first_device_no_longer_leads():
    circle = begun(1, 2)
    tablet = Leading("tablet")
    with pytest.raises(NotAllowed):
        do(circle, Finish(key(), 1), by=tablet)

    circle = do(circle, TakeLead(key()), by=tablet)

    assert now(do(circle, Finish(key(), 1), by=tablet)) == 2
    with pytest.raises(NotAllowed):
        do(circle, Finish(key(), 1), by=PHONE)


def test_own_telephone_acts_for_its_own_seat_only():
    circle = begun(1, 2)

    assert now(do(circle, Finish(key(), 1), by=Sitting(1))) == 2
    with pytest.raises(NotAllowed):
        do(circle, Finish(key(), 1), by=Sitting(2))
    with pytest.raises(NotAllowed):
        do(circle, Leave(key(), 1), by=Sitting(2))
    with pytest.raises(NotAllowed):
        do(circle, Begin(key(), 0), by=Sitting(1))


def test_own_telephone_may_tap_late_without_harm():
    circle = finish(begun(1, 2))

    assert do(circle, Finish(key(), 1), by=Sitting(1)) is circle


def test_device_on_the_table_ends_and_passes_turns_and_nothing_else():
    circle = begun(1, 2, 3)

    assert now(do(circle, Finish(key(), 1), by=AtTable())) == 2
    assert now(do(circle, Pass(key(), 1), by=AtTable())) == 2
    for command in (Leave(key(), 1), Begin(key(), 0), Undo(key(), 1), TakeLead(key())):
        with pytest.raises(NotAllowed):
            do(circle, command, by=AtTable())


def test_changing_the_way_changes_no_turn():
    circle = begun(1, 2)

    changed = do(circle, ChangeWay(key(), 1, Way.TELEPHONE))

    assert changed.seat(1) == Seat(1, Way.TELEPHONE)
    assert changed.round == circle.round
    assert do(changed, ChangeWay(key(), 1, Way.TELEPHONE)) is changed


def test_soft_time_stays_within_reason():
    circle = circle_of(1)

    assert do(circle, SetSoftTime(key(), 5)).soft_seconds == 30
    assert do(circle, SetSoftTime(key(), 10_000)).soft_seconds == 1800


def test_circle_has_an_end_of_seats():
    circle = circle_of(*range(MOST_SEATS))

    with pytest.raises(NoRoom):
        do(circle, Arrive(key(), MOST_SEATS))


def test_beginning_with_nobody_here_does_nothing():
    circle = Circle(leader=PHONE.device)

    assert do(circle, Begin(key(), 0)) is circle


def test_standing_says_where_everybody_is():
    circle = do(pass_on(begun(1, 2, 3, 4, 5)), Leave(key(), 5))

    assert [standing(circle, seat) for seat in (1, 2, 3, 4, 5, 99)] == [
        Standing(Place.PASSED, 3),
        Standing(Place.NOW),
        Standing(Place.NEXT, 1),
        Standing(Place.LATER, 2),
        Standing(Place.AWAY),
        Standing(Place.AWAY),
    ]
    assert standing(finish(circle), 2) == Standing(Place.HAD)
