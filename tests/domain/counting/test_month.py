from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from goround.domain.counting import Month, MonthError

months = st.builds(Month, st.integers(1900, 2100), st.integers(1, 12))


def test_month_of_a_day_steps_over_the_year():
    december = Month.of(date(2025, 12, 31))

    assert [str(december.later(step)) for step in (-1, 0, 1)] == ["2025-11", "2025-12", "2026-01"]
    assert december.later(1).first_day == date(2026, 1, 1)


@given(months, st.integers(-500, 500))
def test_a_step_back_undoes_a_step_on(month: Month, step: int):
    assert month.later(step).later(-step) == month
    assert (month.later(step) > month) == (step > 0)


@given(months)
def test_month_reads_what_it_writes(month: Month):
    assert Month.read(str(month)) == month


@pytest.mark.parametrize("text", ["", "2026", "2026-00", "2026-13", "2026-3", "0000-01", "x" * 99])
def test_month_refuses_anything_else(text: str):
    with pytest.raises(MonthError):
        Month.read(text)
