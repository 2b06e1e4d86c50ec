"""What is queued for whom, in whose transaction, and how it is stopped."""

from __future__ import annotations

import re
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.core.checks import run_checks
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.utils import timezone

from goround.apps.audit.models import Event
from goround.apps.groups.services import draft_invitation, mark_told
from goround.apps.meetings.notices import by_day, remind_all
from goround.apps.meetings.services import move_meeting
from goround.apps.outbox.daily import KEPT, forget_old, give_up_late
from goround.apps.outbox.models import Message, StaffAddress
from goround.apps.outbox.selectors import given_up, messages_for, notices_for, own_address
from goround.apps.outbox.services import (
    NotToBeTriedAgain,
    hold_back_due,
    set_own_address,
    stop_messages,
    tell_staff,
    try_again,
)
from goround.apps.outbox.staff import ACCESS_ALERT, CHECK_ENDS
from goround.apps.outbox.stopping import read_stop_word, stop_word
from goround.apps.people.models import Parent
from tests.make import NOON, make_coordinator, make_meeting, make_organisation, make_user
from tests.make_messages import cancel, in_days, make_member, make_message, make_planned

pytestmark = pytest.mark.django_db


def kinds() -> list[str]:
    return sorted(Message.objects.values_list("kind", flat=True))


def test_cancelling_tells_every_member_who_agreed_and_nobody_else():
    ana = make_member()
    ben = make_member(ana.group, email="ben@example.org")
    make_member(ana.group, email="")
    gone = make_member(ana.group, email="gone@example.org")
    gone.left_on = gone.group.today(at=timezone.now()) - timedelta(days=1)
    gone.save()
    make_member(email="elsewhere@example.org")

    cancel(make_planned(ana))

    told = Message.objects.values_list("parent_id", "kind")
    assert sorted(told) == sorted((m.parent_id, "meeting-cancelled") for m in (ana, ben))
    entry = Event.objects.get(kind="messages.queued")
    assert entry.facts["count"] == 2


def test_an_act_that_is_undone_tells_nobody():
    member = make_member()
    meeting = make_planned(member)

    with pytest.raises(RuntimeError), transaction.atomic():
        cancel(meeting)
        assert kinds() == ["meeting-cancelled"]
        raise RuntimeError

    assert kinds() == []


def test_nothing_is_told_of_a_meeting_that_is_over():
    member = make_member()

    cancel(make_planned(member, starts_at=timezone.now() - timedelta(hours=1)))

    assert kinds() == []


def test_each_move_is_told_and_each_only_once():
    member = make_member()
    meeting = make_planned(member)
    ana = make_coordinator(member.group.organisation)
    usual, other = meeting.starts_at, in_days(4)
    for hours, starts_at in enumerate([other, other, usual, other]):
        at = timezone.now() + timedelta(hours=hours)
        move_meeting(meeting=meeting, starts_at=starts_at, because="rain", by=ana, at=at)

    assert kinds() == ["meeting-moved"] * 3


def test_reminders_are_queued_once_and_only_for_what_is_near():
    member = make_member()
    at = NOON.replace(hour=0)
    near = make_meeting(member.group, starts_at=at + timedelta(hours=35))
    make_meeting(member.group, starts_at=at + timedelta(hours=37))
    make_meeting(member.group, starts_at=at - timedelta(hours=1))
    for _round in range(2):
        remind_all(at=at)

    message = Message.objects.get()
    assert (message.about_id, message.kind) == (near.pk, "meeting-reminder")
    # Midnight in London is the afternoon in Los Angeles, where the group meets.
    assert (message.due_at, message.best_before) == (at, near.starts_at)


@pytest.mark.parametrize(
    ("hour", "due"),
    [(0, 17), (5, 17), (17, 17), (18, 18), (27.5, 27.5), (28, 41)],
)
def test_reminders_wait_for_the_day(hour, due):
    """Hours since midnight in London; Los Angeles is eight behind."""
    zone = make_organisation().zone
    midnight = NOON.replace(hour=0) + timedelta(days=1)
    asked = midnight + timedelta(hours=hour)
    expected = asked if hour < 4 else midnight + timedelta(hours=due)

    assert by_day(asked, zone) == expected


def test_who_is_told_in_person_also_gets_a_message():
    member = make_member()
    ana = make_coordinator(member.group.organisation)
    invitation = draft_invitation(membership=member, by=ana, at=NOON)
    assert kinds() == []

    for _time in range(2):
        mark_told(invitation=invitation, by=ana, at=NOON)

    assert kinds() == ["place"]


def test_database_refuses_to_tell_one_thing_twice():
    first = make_message()
    again = Message.objects.get()
    again.pk = None

    with pytest.raises(IntegrityError), transaction.atomic():
        again.save()
    assert Message.objects.get() == first


def test_database_refuses_a_message_to_nobody_or_to_two():
    message = make_message()
    somebody = make_user()

    for wrong in ({"parent": None}, {"user": somebody}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Message.objects.filter(pk=message.pk).update(**wrong)


def test_database_refuses_an_end_without_a_moment_and_a_failure_without_a_reason():
    message = make_message()

    for wrong in ({"status": "sent"}, {"status": "given-up", "ended_at": NOON}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Message.objects.filter(pk=message.pk).update(**wrong)


def test_given_up_can_be_tried_again_until_it_is_too_late():
    message = make_message()
    ana = make_coordinator(message.organisation)
    given = {"status": "given-up", "because": "refused", "ended_at": NOON, "attempts": 8}
    Message.objects.update(**given)
    assert list(given_up(ana, message.organisation)) == [message]

    try_again(message=message, by=ana, at=timezone.now())

    message.refresh_from_db()
    assert (message.status, message.because, message.attempts) == ("waiting", "", 0)
    Message.objects.update(**given, best_before=timezone.now())
    with pytest.raises(NotToBeTriedAgain):
        try_again(message=message, by=ana, at=timezone.now())


def test_what_may_have_been_sent_is_held_back_after_restoring():
    due, later = make_message(), make_message()
    now = timezone.now()
    Message.objects.filter(pk=later.pk).update(due_at=now + timedelta(hours=1))

    assert hold_back_due(by=None, at=now) == 1

    due.refresh_from_db()
    later.refresh_from_db()
    assert (due.status, due.because) == ("given-up", "held-back")
    assert (later.status, later.because) == ("waiting", "")
    try_again(message=due, by=make_coordinator(due.organisation), at=now)
    due.refresh_from_db()
    assert due.status == "waiting"
    assert hold_back_due(by=None, at=now - timedelta(days=1)) == 0


def test_messages_are_absent_for_a_stranger():
    message = make_message()
    host = message.organisation
    stranger = make_coordinator(make_organisation())

    assert list(messages_for(make_coordinator(host), host)) == [message]
    assert list(messages_for(stranger, host)) == []
    assert list(messages_for(make_user(), host)) == []


def alert(user, organisation, kind=ACCESS_ALERT) -> None:
    tell_staff(
        organisation=organisation,
        users=[user],
        kind=kind,
        event="one",
        about_id=1,
        facts={"on": "2026-05-01"},
        best_before=in_days(9),
        by=None,
        at=NOON,
    )


def test_an_alert_is_seen_by_whom_it_is_for_and_nobody_else():
    host = make_organisation()
    ana, ben = make_coordinator(host), make_coordinator(host)
    for _time in range(2):
        alert(ana, host)
        alert(ana, host, CHECK_ENDS)

    assert sorted(notice.kind for notice in notices_for(ana)) == ["access-alert", "check-ends"]
    assert list(notices_for(ben)) == []
    assert [message.kind for message in messages_for(ben, host)] == ["check-ends"]


def test_notices_end_with_the_role():
    host = make_organisation()
    ana = make_coordinator(host)
    alert(ana, host)

    ana.roles.all().delete()

    assert list(notices_for(ana)) == []


def test_own_address_is_set_and_taken_out():
    ana = make_coordinator(make_organisation())
    for email in ("ana@example.org", "ana@example.org", ""):
        set_own_address(email=email, by=ana, at=NOON)
        assert own_address(ana) == email

    assert StaffAddress.objects.count() == 0
    assert Event.objects.filter(kind="user.notice_address_changed").count() == 2
    assert "example.org" not in str(list(Event.objects.values()))


def test_a_stop_word_says_who_and_shows_nothing():
    words = {stop_word(organisation_id=7, parent_id=11) for _time in range(20)}

    assert len(words) == 20
    assert {read_stop_word(word) for word in words} == {(7, 11)}
    assert {len(word) for word in words} == {59}


@pytest.mark.parametrize("word", ["", "x", "é", "A" * 59, "=" * 4, "a b"])
def test_a_word_that_is_none_of_ours_says_nothing(word):
    assert read_stop_word(word) is None


def test_a_changed_stop_word_says_nothing(settings):
    word = stop_word(organisation_id=7, parent_id=11)
    for place in range(0, len(word) - 1, 7):
        other = "A" if word[place] != "A" else "B"
        assert read_stop_word(word[:place] + other + word[place + 1 :]) is None

    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = "another", [settings.SECRET_KEY]
    assert read_stop_word(word) == (7, 11)
    settings.SECRET_KEY_FALLBACKS = []
    assert read_stop_word(word) is None


def test_the_link_stops_the_messages_and_looking_at_it_does_not():
    message = make_message()
    parent = message.parent
    word = stop_word(organisation_id=message.organisation_id, parent_id=parent.pk)
    # As a mail programme does by itself: no cookie, no token of a page.
    client = Client(enforce_csrf_checks=True)

    seen = client.get(f"/stop/{word}/")
    parent.refresh_from_db()
    assert (seen.status_code, parent.safe_email) == (200, "ana@example.org")
    assert parent.alias not in seen.text

    for _time in range(2):
        done = client.post(f"/stop/{word}/", {"List-Unsubscribe": "One-Click"})
        assert done.status_code == 200
    parent.refresh_from_db()
    assert parent.safe_email == ""
    assert Event.objects.filter(kind="parent.writing_stopped").count() == 1


def test_the_link_of_somebody_gone_answers_alike():
    message = make_message()
    word = stop_word(organisation_id=message.organisation_id, parent_id=message.parent_id + 1)
    foreign = stop_word(organisation_id=make_organisation().pk, parent_id=message.parent_id)

    pages = [Client().post(f"/stop/{each}/").text.replace(each, "") for each in (word, foreign)]
    answers = {re.sub(r'value="\w{64}"', "", page) for page in pages}
    stop_messages(word="nonsense", by=None, at=NOON)

    assert len(answers) == 1
    assert Parent.objects.get(pk=message.parent_id).safe_email == "ana@example.org"
    assert Client().get("/stop/nonsense/").status_code == 404


def test_what_ended_long_ago_is_forgotten():
    old, new = make_message(), make_message()
    Message.objects.filter(pk=old.pk).update(status="sent", ended_at=NOON)

    forget_old(NOON + KEPT)
    assert Message.objects.count() == 2
    forget_old(NOON + KEPT + timedelta(seconds=1))

    assert list(Message.objects.all()) == [new]


def test_what_waits_in_vain_is_given_up():
    late, early = make_message(), make_message()
    Message.objects.filter(pk=late.pk).update(best_before=NOON)

    give_up_late(NOON)

    for message in (late, early):
        message.refresh_from_db()
    assert (late.because, early.status) == ("too-late", "waiting")


def test_a_sender_that_says_too_much_is_pointed_out(settings):
    settings.SENDS_MAIL = True
    settings.MAIL_NAME, settings.DEFAULT_FROM_EMAIL = "Parent circle", "notes@example.org"
    settings.PUBLIC_URL = "https://family-support.example.org"

    found = [each.msg for each in run_checks() if each.id == "outbox.W001"]

    assert found == [
        "GOROUND_MAIL_NAME tells what the messages are about: circle, parent.",
        "GOROUND_PUBLIC_URL tells what the messages are about: famil, support.",
    ]


@pytest.mark.django_db(transaction=True)
def test_two_acts_at_once_tell_one_thing_once():
    if connection.vendor == "sqlite":
        pytest.skip("one connection holds the whole database in memory")
    member = make_member()
    host = member.group.organisation
    ana = make_coordinator(host)

    def tell(_number: int) -> None:
        try:
            alert(ana, host)
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as hands:
        list(hands.map(tell, range(8)))

    assert Message.objects.count() == 1
