"""Opening, joining, tapping and closing a circle: what is kept, and what is gone."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from random import Random

import pytest

from goround.apps.accounts.models import User
from goround.apps.audit.models import Event
from goround.apps.circle.hours import can_open
from goround.apps.circle.models import CircleDevice, CircleSeat, Evenness, OpenCircle
from goround.apps.circle.selectors import (
    circle_behind,
    device_in,
    meeting_led,
    open_circle_of,
    session_of,
    snapshot_from,
)
from goround.apps.circle.services import (
    AliasTaken,
    CircleClosed,
    NotNow,
    act,
    add_person,
    close_circle,
    forget_closed,
    join_as_table,
    join_with_phone,
    let_phones_go,
    open_circle,
    set_door,
)
from goround.apps.groups.models import Leadership
from goround.apps.meetings.models import Meeting
from goround.apps.organisations.roles import Role
from goround.domain.circle.commands import Begin, Finish, Leading, Leave, Sitting
from goround.domain.circle.facts import Seat, Way
from goround.domain.circle.rules import NotAllowed
from tests.make import (
    NOON,
    make_facilitator,
    make_group,
    make_leadership,
    make_meeting,
    make_user,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def meeting() -> Meeting:
    return make_meeting(make_group(), starts_at=NOON)


@pytest.fixture
def dolores(meeting: Meeting) -> User:
    host = meeting.group.organisation
    user = make_user(role=Role.FACILITATOR, organisation=host)
    make_leadership(meeting.group, make_facilitator(host, user=user))
    return user


def opened(meeting: Meeting, by: User, *aliases: str) -> OpenCircle:
    return open_circle(
        meeting=meeting,
        aliases=aliases or ("Ana", "Ben", "Cleo"),
        device="phone",
        rng=Random(1),
        by=by,
        at=NOON,
    )


def tap(circle: OpenCircle, command, *, hand=None, at=NOON, by=None) -> OpenCircle:
    return act(circle=circle, command=command, hand=hand or Leading("phone"), by=by, at=at)


def run_through(circle: OpenCircle, seconds: list[int]) -> OpenCircle:
    at = NOON
    circle = tap(circle, Begin("b", circle.circle().round.offers), at=at)
    for turn, took in enumerate(seconds, start=1):
        at += timedelta(seconds=took)
        circle = tap(circle, Finish(f"f{turn}", turn), at=at)
    return circle


def test_opening_gives_everybody_a_seat_and_leaves_one_audit_entry(meeting, dolores):
    circle = opened(meeting, dolores, "Ana", " Ben ", "ana", "")
    again = opened(meeting, dolores, "Somebody else")

    assert again == circle
    assert list(circle.people.values_list("number", "alias")) == [(1, "Ana"), (2, "Ben")]
    assert circle.circle().seats == (Seat(1), Seat(2))
    assert circle.organisation_id == meeting.group.organisation_id
    assert [event.kind for event in Event.objects.all()] == ["circle.opened"]


@pytest.mark.parametrize("hours", [-13, 8, 24])
def test_circle_opens_only_around_the_meeting(meeting, dolores, hours):
    with pytest.raises(NotNow):
        open_circle(
            meeting=meeting,
            aliases=["Ana"],
            device="phone",
            rng=Random(1),
            by=dolores,
            at=NOON + timedelta(hours=hours),
        )


def test_evening_meeting_has_its_circle_from_midnight_on(meeting):
    """Six in the evening in Los Angeles is two in the morning in London."""
    evening = make_meeting(meeting.group, starts_at=datetime(2026, 3, 5, 2, 0, tzinfo=UTC))
    midnight = datetime(2026, 3, 4, 8, 0, tzinfo=UTC)

    assert can_open(evening, at=midnight)
    assert not can_open(evening, at=midnight - timedelta(seconds=1))


def test_cancelled_meeting_has_no_circle(meeting, dolores):
    meeting.status, meeting.cancelled_because = Meeting.Status.CANCELLED, "snow"
    meeting.save()

    with pytest.raises(NotNow):
        opened(meeting, dolores)


def test_taps_move_the_circle_and_leave_no_audit_entry(meeting, dolores):
    circle = run_through(opened(meeting, dolores), [60, 60])

    state = circle.circle()
    assert (state.round.now.seat, state.round.done) == (3, (1, 2))
    assert circle.version == 4
    assert [event.kind for event in Event.objects.all()] == ["circle.opened"]


def test_tap_sent_twice_changes_the_version_once(meeting, dolores):
    circle = tap(opened(meeting, dolores), Begin("b", 0))

    assert tap(circle, Begin("b", 0)).version == circle.version


def test_device_that_does_not_lead_changes_nothing(meeting, dolores):
    circle = opened(meeting, dolores)

    with pytest.raises(NotAllowed):
        tap(circle, Begin("b", 0), hand=Leading("tablet"))
    circle.refresh_from_db()
    assert circle.version == 1


def test_person_who_just_came_gets_a_seat_once(meeting, dolores):
    circle = opened(meeting, dolores)
    came = {
        "circle": circle,
        "alias": "Dora",
        "way": Way.TELEPHONE,
        "key": "k",
        "device": "phone",
        "by": dolores,
        "at": NOON,
    }

    for _ in range(2):
        circle = add_person(**came)

    assert circle.circle().seats[3:] == (Seat(4, Way.TELEPHONE),)
    assert circle.people.filter(alias="Dora").count() == 1
    with pytest.raises(AliasTaken):
        add_person(**came | {"key": "other", "alias": "dora"})


def test_person_who_went_and_came_back_has_the_old_seat(meeting, dolores):
    circle = tap(opened(meeting, dolores), Leave("l", 2))

    circle = add_person(
        circle=circle, alias="ben", way=Way.ROOM, key="k", device="phone", by=dolores, at=NOON
    )

    assert circle.circle().seats == (Seat(1), Seat(2), Seat(3))
    assert circle.people.count() == 3


def test_telephone_joins_on_the_seat_of_that_name_or_on_a_new_one(meeting, dolores):
    circle = opened(meeting, dolores)

    circle = join_with_phone(circle=circle, alias="ben", token="t1", by=None, at=NOON)
    circle = join_with_phone(circle=circle, alias="Dora", token="t2", by=None, at=NOON)

    assert circle.circle().seats == (Seat(1), Seat(2, Way.PHONE), Seat(3), Seat(4, Way.PHONE))
    assert device_in(dolores, "t1", at=NOON).seat.number == 2
    assert device_in(dolores, "t2", at=NOON).seat.alias == "Dora"
    assert not CircleDevice.objects.filter(token_hash__in=["t1", "t2"]).exists()


def test_second_telephone_under_the_same_name_is_refused_until_the_first_is_let_go(
    meeting, dolores
):
    circle = join_with_phone(
        circle=opened(meeting, dolores), alias="Ben", token="t1", by=None, at=NOON
    )
    again = {"circle": circle, "alias": "Ben", "token": "t2", "by": None, "at": NOON}
    with pytest.raises(AliasTaken):
        join_with_phone(**again)

    let_phones_go(circle=circle, seat=2, by=dolores, at=NOON)
    circle = join_with_phone(**again)

    assert list(snapshot_from(dolores, circle).devices.values()) == [2]


def test_telephone_acts_for_its_own_seat_only(meeting, dolores):
    circle = tap(opened(meeting, dolores), Begin("b", 0))

    with pytest.raises(NotAllowed):
        tap(circle, Finish("f", 1), hand=Sitting(2))
    assert tap(circle, Finish("f", 1), hand=Sitting(1)).circle().round.now.seat == 2


def test_device_on_the_table_has_no_seat(meeting, dolores):
    circle = join_as_table(circle=opened(meeting, dolores), token="t", by=None, at=NOON)
    join_as_table(circle=circle, token="t", by=None, at=NOON)

    assert list(snapshot_from(dolores, circle).devices.values()) == [None]
    assert len(circle.circle().seats) == 3


def test_code_opens_the_door_until_it_is_shut(meeting, dolores):
    circle = opened(meeting, dolores)
    first = circle.code
    typed = f" {first[:4].lower()}-{first[4:]} "
    assert circle_behind(dolores, typed, at=NOON) == circle
    assert circle_behind(dolores, "", at=NOON) is None

    circle = set_door(circle=circle, is_open=False, rng=Random(2), by=dolores, at=NOON)
    assert circle_behind(dolores, first, at=NOON) is None
    assert circle_behind(dolores, "", at=NOON) is None

    circle = set_door(circle=circle, is_open=True, rng=Random(2), by=dolores, at=NOON)
    assert circle.code not in {None, first}


def test_closing_leaves_nothing_but_who_opened_and_closed_it(meeting, dolores):
    circle = run_through(opened(meeting, dolores), [60, 60, 60])
    join_with_phone(circle=circle, alias="Ben", token="t", by=None, at=NOON)

    for _ in range(2):
        close_circle(circle=circle, keep=False, by=dolores, at=NOON)

    left = [model.objects.count() for model in (OpenCircle, CircleSeat, CircleDevice, Evenness)]
    assert left == [0, 0, 0, 0]
    assert [(event.kind, event.facts) for event in Event.objects.order_by("pk")] == [
        ("circle.opened", {"meeting": meeting.pk}),
        ("circle.closed", {"meeting": meeting.pk, "kept_evenness": False}),
    ]


def test_group_may_keep_how_evenly_time_was_shared(meeting, dolores):
    circle = run_through(opened(meeting, dolores), [60, 120, 180])

    close_circle(circle=circle, keep=True, by=dolores, at=NOON)

    assert [float(kept.value) for kept in Evenness.objects.all()] == [0.67]


def test_figure_of_two_people_is_never_kept(meeting, dolores):
    circle = run_through(opened(meeting, dolores, "Ana", "Ben"), [60, 120])

    close_circle(circle=circle, keep=True, by=dolores, at=NOON)

    assert not Evenness.objects.exists()


def test_closed_circle_takes_no_taps(meeting, dolores):
    circle = opened(meeting, dolores)
    close_circle(circle=circle, keep=False, by=dolores, at=NOON)

    with pytest.raises(CircleClosed):
        tap(circle, Begin("b", 0))


def test_forgotten_circle_is_shut_after_the_meeting_and_deleted_daily(meeting, dolores):
    circle = opened(meeting, dolores)
    join_with_phone(circle=circle, alias="Ben", token="t", by=None, at=NOON)
    late = circle.until

    assert open_circle_of(dolores, meeting, at=late) is None
    assert device_in(dolores, "t", at=late) is None
    assert circle_behind(dolores, circle.code, at=late) is None
    with pytest.raises(CircleClosed):
        tap(circle, Begin("b", 0), at=late)
    assert forget_closed(by=None, at=late - timedelta(seconds=1)) == 0
    assert forget_closed(by=None, at=late) == 1
    assert not OpenCircle.objects.exists()


def test_only_who_leads_the_parents_finds_the_circle(meeting, dolores):
    host = meeting.group.organisation
    opened(meeting, dolores)
    tomas = make_user(role=Role.CHILDRENS_LEADER, organisation=host)
    make_leadership(
        meeting.group,
        make_facilitator(host, user=tomas),
        part=Leadership.Part.CHILDRENS_LEADER,
    )
    others = [
        make_user(role=Role.FACILITATOR, organisation=host),
        make_user(role=Role.COORDINATOR, organisation=host),
        make_user(role=Role.SUPERVISOR, organisation=host),
        make_user(),
        tomas,
    ]

    assert meeting_led(dolores, host, meeting.pk) == meeting
    assert open_circle_of(dolores, meeting, at=NOON) is not None
    for stranger in others:
        assert meeting_led(stranger, host, meeting.pk) is None
        assert open_circle_of(stranger, meeting, at=NOON) is None


def test_session_counts_the_meetings_that_were_not_cancelled(meeting, dolores):
    for days, status in ((7, "planned"), (14, "cancelled"), (21, "planned")):
        because = "snow" if status == "cancelled" else ""
        make_meeting(
            meeting.group,
            starts_at=NOON - timedelta(days=days),
            status=status,
            cancelled_because=because,
        )

    assert session_of(dolores, meeting) == 3
