from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from goround.domain.privacy.keeping import Kept, Rule, RulesWrong, months_before, read_rules

WHOLE = "\n".join(f'[{kind}]\nmonths = 3\nbecause = "So."' for kind in Kept)


def test_rules_say_how_long_and_why():
    rules = read_rules(WHOLE.replace("months = 3", "days = 30", 1))

    assert rules[Kept.WAITING] == Rule("So.", days=30)
    assert rules[Kept.TRAIL] == Rule("So.", months=3)
    assert set(rules) == set(Kept)


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        (
            WHOLE.replace("[waiting]", "[dreaming]"),
            "[dreaming] is not a thing that rules are about.",
        ),
        (WHOLE.replace("[waiting]", "[dreaming]"), "[waiting] is missing."),
        (WHOLE.replace("months = 3", "months = 0", 1), "[waiting] months must be a whole number"),
        (WHOLE.replace("months = 3", "months = true", 1), "[waiting] months must be a whole"),
        (WHOLE.replace("months = 3", "", 1), "[waiting] must say months or days, one of them."),
        (WHOLE.replace("months = 3", "months = 3\ndays = 1", 1), "one of them."),
        (WHOLE.replace('"So."', '" "', 1), "[waiting] must say because"),
        (WHOLE.replace("months = 3", "months = 3\nweeks = 1", 1), "[waiting] weeks is not known."),
        ("waiting = 3\n", "[waiting] must be a table"),
        ("[", "The file is not TOML"),
    ],
)
def test_rules_that_make_no_sense_are_named(wrong, says):
    with pytest.raises(RulesWrong) as caught:
        read_rules(wrong)

    assert any(says in problem for problem in caught.value.problems)


@pytest.mark.parametrize(
    ("moment", "months", "earlier"),
    [
        ((2026, 3, 31), 1, (2026, 2, 28)),
        ((2024, 2, 29), 12, (2023, 2, 28)),
        ((2026, 1, 15), 1, (2025, 12, 15)),
        ((2026, 6, 1), 84, (2019, 6, 1)),
    ],
)
def test_months_go_back_to_the_same_day_or_the_last(moment, months, earlier):
    assert months_before(datetime(*moment, tzinfo=UTC), months) == datetime(*earlier, tzinfo=UTC)


@given(st.integers(0, 40_000), st.integers(1, 1_200))
def test_more_months_go_further_back(days, months):
    moment = datetime(1990, 1, 1, tzinfo=UTC) + timedelta(days=days)

    assert months_before(moment, months) < months_before(moment, months - 1)
