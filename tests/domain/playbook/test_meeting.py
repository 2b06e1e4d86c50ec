"""The guide through a meeting: parts and soft times."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from goround.domain.playbook import Playbook, read_playbook
from goround.domain.playbook.meeting import PLAIN, guide, ordinary_guide
from tests.domain.playbook.examples import SMALLEST, TEXTS


def shipped(name: str) -> Playbook:
    return read_playbook(TEXTS[f"{name}.toml"], source=name)


def told(playbook: Playbook, *, session: int, minutes: int) -> list[tuple[str, int, int]]:
    parts = guide(playbook, session=session, minutes=minutes)
    return [(each.part.key, each.from_minute, each.part.minutes) for each in parts]


def test_circle_of_two_hours_goes_as_its_playbook_says():
    assert told(shipped("circle-of-parents"), session=3, minutes=120) == [
        ("opening", 0, 10),
        ("principles", 10, 5),
        ("check-in", 15, 25),
        ("discussion", 40, 60),
        ("closing", 100, 15),
        ("next", 115, 5),
    ]


def test_first_meeting_of_families_is_the_introduction_of_fifteen_minutes():
    families = shipped("families-make-the-difference")

    assert told(families, session=1, minutes=90) == [
        ("why", 0, 3),
        ("who", 3, 3),
        ("first-round", 6, 6),
        ("next", 12, 3),
    ]
    assert told(families, session=2, minutes=90)[0][0] == "opening"


@pytest.mark.parametrize("name", TEXTS)
@given(minutes=st.integers(30, 300))
def test_meeting_of_any_length_is_filled_and_no_more(name, minutes):
    parts = ordinary_guide(read_playbook(TEXTS[name], source=name), minutes=minutes)

    assert sum(each.part.minutes for each in parts) == minutes
    for before, after in pairwise(parts):
        assert before.from_minute + before.part.minutes == after.from_minute


def test_playbook_without_a_format_has_a_plain_one():
    parts = ordinary_guide(read_playbook(SMALLEST, source="small.toml"), minutes=90)

    assert [each.part.key for each in parts] == [part.key for part in PLAIN]
