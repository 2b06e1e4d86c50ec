"""What was answered at two times and what was remembered are never taken for one another."""

from __future__ import annotations

import subprocess
import sys

import pytest

from goround.domain.change import (
    Followed,
    Pair,
    Recall,
    Recalled,
    Sitting,
    StudyError,
)
from goround.domain.change.shares import in_every_part


def test_followed_refuses_what_was_recalled() -> None:
    with pytest.raises(StudyError, match="only sittings"):
        Followed("s", (Sitting(1, 1, 0, 3.0), Recall(2, 1, 3.0, 4.0)))  # type: ignore[arg-type]


def test_recalled_refuses_what_was_followed() -> None:
    with pytest.raises(StudyError, match="one sitting"):
        Recalled("s", (Recall(2, 1, 3.0, 4.0), Sitting(1, 1, 0, 3.0)))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "again", [Sitting(1, 1, 0, 4.0), Sitting(1, 2, 1, 4.0)], ids=["twice", "two groups"]
)
def test_followed_refuses_somebody_in_two_places(again: Sitting) -> None:
    with pytest.raises(StudyError):
        Followed("s", (Sitting(1, 1, 0, 3.0), again))


def test_recalled_refuses_somebody_twice() -> None:
    with pytest.raises(StudyError, match="twice"):
        Recalled("s", (Recall(1, 1, 3.0, 4.0), Recall(1, 1, 3.0, 4.0)))


def test_pairs_are_those_known_at_both_waves() -> None:
    study = Followed(
        "s",
        (
            Sitting(3, 1, 0, 3.0),
            Sitting(3, 1, 1, 4.0),
            Sitting(2, 1, 0, 3.0),
            Sitting(4, 1, 1, 5.0),
            Sitting(5, 1, 0, None),
            Sitting(5, 1, 1, 2.0),
        ),
    )

    assert study.pairs(1) == [Pair(3, 1, 3.0, 4.0)]
    assert study.later_waves == [1]


def test_recalled_pairs_are_those_known_for_both() -> None:
    study = Recalled("s", (Recall(2, 1, 3.0, 4.5), Recall(1, 1, None, 4.0)))

    assert study.pairs() == [Pair(2, 1, 3.0, 4.5)]


def test_words_of_change_load_no_statistics() -> None:
    code = (
        "import sys, goround.domain.change; print([m for m in ('scipy', 'statsmodels', 'numpy')"
        " if m in sys.modules])"
    )

    loaded = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    )

    assert loaded.stdout.strip() == "[]"


def test_people_in_every_part_are_those_who_can_be_told_in_all_of_them() -> None:
    ana, ben, cleo = (Pair(person, 1, 3.0, 4.0) for person in (1, 2, 3))

    assert in_every_part([[ana, ben], [ben, cleo], [ana, ben]]) == [[ben], [ben], [ben]]
    assert in_every_part([[ana], []]) == [[], []]
    assert in_every_part([]) == []
