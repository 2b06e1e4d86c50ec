from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from goround.domain.costs import (
    CURRENCIES,
    Currency,
    Kind,
    Line,
    Rate,
    add_up,
    amount_of,
    rates,
    rounded_to,
    share_base,
)

USD = CURRENCIES["USD"]
amounts = st.integers(0, 10**9)
lines = st.builds(Line, st.sampled_from(Kind), amounts, st.booleans())
few = settings(max_examples=50)

# A mini-grant's budget for four sessions: www.wvdhhr.org/bph/modules/minigrants/budget.htm
MINI_GRANT = (
    Line(Kind.WORKER_TIME, amount_of(40_00, how_many=2, times=4)),
    Line(Kind.COPIES, 30_00),
    Line(Kind.CHILDREN, 80_00),
    Line(Kind.TRANSPORT, 80_00),
    Line(Kind.VENUE, 60_00),
)


def test_mini_grant_costs_570_and_142_50_a_session():
    found = add_up(MINI_GRANT)

    assert found.paid_by_kind[Kind.WORKER_TIME] == 320_00
    assert (found.paid, found.donated) == (570_00, 0)
    assert Rate(found.paid, 4).each == 142_50
    assert USD.written(142_50) == Decimal("142.50")


def test_donated_value_is_never_money():
    found = add_up([*MINI_GRANT, Line(Kind.VENUE, 999_00, is_donated=True)])

    assert (found.paid, found.donated) == (570_00, 999_00)
    assert found.paid_by_kind[Kind.VENUE] == 60_00
    assert found.donated_by_kind == {Kind.VENUE: 999_00}


@few
@given(st.lists(lines))
def test_add_up_loses_and_invents_nothing(told):
    found = add_up(told)

    assert found.paid + found.donated == sum(line.amount for line in told)
    assert sum(found.paid_by_kind.values()) == found.paid
    assert sum(found.donated_by_kind.values()) == found.donated


@few
@given(st.lists(lines), st.lists(lines))
def test_add_up_in_two_heaps_comes_to_the_same(one, other):
    both, apart = add_up(one + other), (add_up(one), add_up(other))

    assert both.paid == apart[0].paid + apart[1].paid
    assert both.donated == apart[0].donated + apart[1].donated


@few
@given(amounts, st.integers(1, 10**6))
def test_rate_is_within_half_a_unit(total, of):
    each = Rate(total, of).each

    assert abs(2 * each * of - 2 * total) <= of


@few
@given(amounts)
def test_rate_of_nothing_is_not_known(total):
    assert Rate(total, 0).each is None


@few
@given(st.sampled_from(sorted(CURRENCIES)), amounts)
def test_currency_reads_what_it_writes(code, units):
    currency = CURRENCIES[code]

    assert currency.units(currency.written(units)) == units


def test_currency_refuses_half_a_cent():
    with pytest.raises(ValueError, match="more than 2 places"):
        Currency("USD").units(Decimal("1.005"))


def test_amount_refuses_less_than_nothing():
    with pytest.raises(ValueError, match="below 0"):
        amount_of(40_00, how_many=-1)


def test_heads_make_a_participant_cost_a_most():
    found = rates(
        570_00, meetings=4, attendances=38, meetings_not_counted=0, participants=10, heads=3
    )

    assert (found.per_meeting.is_most, found.per_attendance.is_most) == (False, False)
    assert found.per_participant == Rate(570_00, 10, is_most=True)
    assert [found.per_attendance.each, found.per_participant.each] == [15_00, 57_00]


def test_an_uncounted_meeting_makes_an_attendance_cost_a_most():
    found = rates(
        570_00, meetings=4, attendances=30, meetings_not_counted=1, participants=10, heads=0
    )

    assert found.per_meeting == Rate(570_00, 4)
    assert found.per_attendance.is_most
    assert found.per_participant.is_most


@few
@given(st.integers(10, 5_000), st.integers(1, 500), st.integers(0, 10**6))
def test_rounded_sum_could_stand_for_ten_heads_more_or_fewer(heads, price, other):
    """Whatever each head was paid, and whatever else the money went to."""
    total = heads * price + other

    base = share_base(total, heads, least=10)

    assert base >= 10 * price
    assert abs(2 * (rounded_to(total, base) - total)) <= base


@few
@given(st.integers(0, 10**9), st.integers(10, 10**5))
def test_base_is_one_two_or_five_with_noughts(total, heads):
    base = share_base(total, heads, least=10)

    assert str(base).rstrip("0") in {"1", "2", "5"}


def test_money_of_fewer_than_ten_has_no_base():
    with pytest.raises(ValueError, match="show no money"):
        share_base(1_000, 9, least=10)
