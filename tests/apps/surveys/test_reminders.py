"""At most two notes, discreet, to those who agreed, and none after an answer or a no."""

from __future__ import annotations

from datetime import timedelta

import pytest

from goround.apps.outbox.kinds import kind_of
from goround.apps.outbox.models import Message
from goround.apps.outbox.selectors import messages_for
from goround.apps.surveys.models import Awaited
from goround.apps.surveys.notices import REMINDER, remind_all, reminder_days
from goround.apps.surveys.services import refuse
from goround.domain.privacy.discreet import revealing
from tests.make import NOON, make_coordinator, make_group, make_membership, make_parent
from tests.make_messages import agree
from tests.make_surveys import answer, make_wave

pytestmark = pytest.mark.django_db

DAY = timedelta(days=1)


@pytest.fixture
def group():
    return make_group()


@pytest.fixture
def member(group):
    parent = make_parent(group.organisation, safe_email="ana@example.org")
    agree(parent)
    return make_membership(group, parent, joined_on=group.today(at=NOON) - 30 * DAY)


def told() -> list[tuple[int, str]]:
    rows = Message.objects.filter(kind=REMINDER).order_by("pk")
    return [(message.parent_id, message.event) for message in rows]


def days_go_by(wave, until: int) -> None:
    for day in range(until + 1):
        remind_all(at=NOON + day * DAY)


def test_a_long_wave_reminds_twice_and_a_short_one_once(group):
    long, short = make_wave(group, days=20), make_wave(group, days=5)

    assert [day - long.opens_on for day in reminder_days(long)] == [2 * DAY, 17 * DAY]
    assert [day - short.opens_on for day in reminder_days(short)] == [2 * DAY]
    assert reminder_days(make_wave(group, days=1)) == ()


def test_two_notes_at_most_however_often_the_day_begins(group, member):
    wave = make_wave(group, days=20)

    days_go_by(wave, 20)
    days_go_by(wave, 20)

    parent = member.parent_id
    assert told() == [
        (parent, f"wave {wave.pk} reminder 1"),
        (parent, f"wave {wave.pk} reminder 2"),
    ]


def test_nobody_is_written_to_without_consent(group):
    make_membership(group, joined_on=group.today(at=NOON))

    days_go_by(make_wave(group, days=20), 20)

    assert told() == []


@pytest.mark.parametrize("act", [answer, lambda wave, parent: refuse(
    wave=wave, parent=parent, by=None, at=NOON)])  # fmt: skip
def test_an_answer_and_a_no_end_it(group, member, act):
    wave = make_wave(group, days=20)
    act(wave, parent=member.parent)

    days_go_by(wave, 20)

    assert told() == []


def test_a_note_on_its_way_is_not_sent_after_a_no(group, member):
    wave = make_wave(group, days=20)
    days_go_by(wave, 2)
    message = Message.objects.get(kind=REMINDER)
    assert kind_of(message).write(message, NOON + 2 * DAY) is not None

    refuse(wave=wave, parent=member.parent, by=None, at=NOON + 2 * DAY)

    assert kind_of(message).write(message, NOON + 2 * DAY) is None


def test_the_words_say_nothing_to_who_looks_over_a_shoulder(group, member):
    days_go_by(make_wave(group, days=20), 2)
    message = Message.objects.get(kind=REMINDER)

    words = kind_of(message).write(message, NOON + 2 * DAY)

    assert words is not None
    assert revealing(words.everything(), language="en") == []
    assert group.name not in words.everything()
    assert "10 minutes" in words.everything()


def test_a_coordinator_does_not_see_who_is_reminded(group, member):
    """A second reminder says who has not answered."""
    days_go_by(make_wave(group, days=20), 20)

    seen = messages_for(make_coordinator(group.organisation), group.organisation)

    assert not seen.filter(kind=REMINDER).exists()


def test_nobody_is_awaited_once_a_wave_is_over(group, member):
    make_wave(group, days=3)

    remind_all(at=NOON + 4 * DAY)

    assert not Awaited.objects.exists()
