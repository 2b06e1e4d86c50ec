"""From the outbox to a mail server: who gets what, what happens when it is refused."""

from __future__ import annotations

import logging
import socket
from datetime import datetime, timedelta

import pytest
from django.utils import timezone

from goround.apps.groups.services import leave
from goround.apps.meetings.services import restore_meeting
from goround.apps.outbox import sending
from goround.apps.outbox.kinds import Words, _kinds, tells
from goround.apps.outbox.models import Message
from goround.apps.outbox.sending import LEASE, PAUSES, claim_next, send_some
from goround.apps.people.consents.models import Consent
from goround.apps.people.consents.services import withdraw
from goround.apps.people.reach import set_reach, stop_writing
from tests.make import make_coordinator
from tests.make_messages import make_member, make_message

pytestmark = pytest.mark.django_db


@pytest.fixture
def kind():
    """Registers a kind of message for one test."""
    yield tells("test", "a test")
    _kinds.pop("test", None)


def ends(message: Message) -> tuple[str, str]:
    message.refresh_from_db()
    return message.status, message.because


def make_due(message: Message) -> None:
    Message.objects.filter(pk=message.pk).update(due_at=timezone.now())


def test_a_message_goes_to_the_address_called_safe(post):
    message = make_message()

    assert send_some("one")

    assert (post.to(), ends(message)) == (["ana@example.org"], ("sent", ""))
    assert (message.leased_until, message.attempts) == (None, 1)
    assert not send_some("one")


def test_many_messages_go_over_one_connection(post):
    for number in range(4):
        make_message(make_member(email=f"ana{number}@example.org"))

    send_some("one")

    assert sorted(post.to()) == [f"ana{number}@example.org" for number in range(4)]
    assert Message.objects.filter(status="sent").count() == 4


def test_a_long_queue_leaves_room_for_other_work(post):
    messages = [make_message(make_member(email=f"ana{n}@example.org")) for n in range(3)]

    send_some("one", most=2)

    assert len(post.letters) == 2
    last = next(message for message in messages if ends(message)[0] == "waiting")
    assert (last.attempts, last.leased_until) == (0, None)


def test_a_consent_taken_back_is_heard_when_sending(post):
    message = make_message()
    stop_writing(parent=message.parent, by=None, at=timezone.now())

    send_some("one")

    assert (post.to(), ends(message)) == ([], ("left-out", "no-address"))


def test_a_consent_taken_back_while_others_are_written_to_is_heard(post, kind):
    """Both were taken up in one round, over one connection."""
    first = make_message(make_member(email="first@example.org"))
    second = make_message(make_member(email="second@example.org"))
    hour_ago = timezone.now() - timedelta(hours=1)
    Message.objects.filter(pk=first.pk).update(kind="test", due_at=hour_ago)

    def stop_the_second(message: Message, at: datetime) -> Words:
        stop_writing(parent=second.parent, by=None, at=at)
        return Words("Today", ("See you.",))

    kind(stop_the_second)
    send_some("one")

    assert (post.to(), ends(second)) == (["first@example.org"], ("left-out", "no-address"))


def test_a_consent_taken_back_while_the_words_are_found_is_heard(post, kind):
    message = make_message()
    Message.objects.filter(pk=message.pk).update(kind="test")

    def stop(message: Message, at: datetime) -> Words:
        stop_writing(parent=message.parent, by=None, at=at)
        return Words("Today", ("See you.",))

    kind(stop)
    send_some("one")

    assert (post.to(), ends(message)) == ([], ("left-out", "no-address"))


def test_a_consent_that_ran_out_is_none(post):
    message = make_message()
    Consent.objects.update(expires_at=timezone.now())

    send_some("one")

    assert (post.to(), ends(message)) == ([], ("left-out", "no-address"))


def test_a_consent_taken_back_elsewhere_is_heard_though_the_address_stays(post):
    message = make_message()
    purpose = Consent.Purpose.MESSAGES
    withdraw(parent=message.parent, purpose=purpose, by=None, at=timezone.now())

    send_some("one")

    assert (post.to(), ends(message)) == ([], ("left-out", "no-address"))


def test_another_address_given_meanwhile_is_used(post):
    message = make_message()
    ana = make_coordinator(message.organisation)
    set_reach(
        parent=message.parent,
        safe_contact="",
        safe_email="new@example.org",
        how=Consent.How.BY_PHONE,
        by=ana,
        at=timezone.now(),
    )

    send_some("one")

    assert post.to() == ["new@example.org"]


def test_what_is_no_longer_true_is_not_told(post):
    member = make_member()
    message = make_message(member)
    ana = make_coordinator(message.organisation)
    meeting = member.group.meetings.get()
    restore_meeting(meeting=meeting, by=ana, at=timezone.now())
    Message.objects.exclude(pk=message.pk).delete()

    send_some("one")

    assert (post.to(), ends(message)) == ([], ("left-out", "out-of-date"))


def test_who_left_the_group_is_not_told(post):
    member = make_member()
    message = make_message(member)
    now = timezone.now()
    leave(
        membership=member,
        on=member.group.today(at=now) - timedelta(days=1),
        by=make_coordinator(message.organisation),
        at=now,
    )

    send_some("one")

    assert ends(message) == ("left-out", "out-of-date")


def test_what_comes_too_late_is_given_up(post):
    message = make_message()
    Message.objects.filter(pk=message.pk).update(best_before=timezone.now())

    send_some("one")

    assert (post.to(), ends(message)) == ([], ("given-up", "too-late"))


def test_a_final_no_is_final(post):
    post.to_recipient = lambda address: "550 no such person"
    message = make_message()

    send_some("one")

    assert ends(message) == ("given-up", "refused")


def test_a_no_for_now_is_tried_again_later_each_time_and_then_given_up(post):
    post.to_recipient = lambda address: "450 try again"
    message = make_message()
    waits = []
    for _pause in PAUSES:
        before = timezone.now()
        send_some("one")
        assert ends(message) == ("waiting", "")
        waits.append(message.due_at - before)
        make_due(message)
    send_some("one")

    assert [round(wait / timedelta(minutes=1)) for wait in waits] == [1, 5, 20, 60, 180, 360, 720]
    assert ends(message) == ("given-up", "refused")


def test_a_no_for_one_lets_the_others_through(post):
    post.to_recipient = lambda address: "550 no" if address == "gone@example.org" else "250 OK"
    for email in ("gone@example.org", "here@example.org"):
        make_message(make_member(email=email))

    send_some("one")

    assert post.to() == ["here@example.org"]


def test_a_mail_service_that_is_away_loses_nothing(settings):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        nobody = taken.getsockname()[1]
    settings.EMAIL_BACKEND = "goround.apps.outbox.post.NeutralBackend"
    settings.SENDS_MAIL, settings.EMAIL_HOST, settings.EMAIL_PORT = True, "127.0.0.1", nobody
    message = make_message()

    send_some("one")

    assert ends(message) == ("waiting", "")
    assert message.due_at > timezone.now()
    assert message.leased_until is None


def test_without_a_mail_service_everything_waits(settings):
    settings.SENDS_MAIL = False
    message = make_message()

    assert not send_some("one")
    assert (ends(message), message.attempts) == (("waiting", ""), 0)


def test_two_workers_never_hold_the_same_message():
    message = make_message()
    now = timezone.now()

    claimed = [claim_next(worker=name, at=now) for name in ("one", "two")]
    after = claim_next(worker="two", at=now + LEASE)

    assert claimed == [message, None]
    assert (after, after.worker, after.attempts) == (message, "two", 2)


def test_a_worker_that_lost_its_lease_does_not_send(post):
    message = make_message()
    now = timezone.now()
    Message.objects.update(due_at=now - LEASE)
    slow = claim_next(worker="slow", at=now - LEASE)
    claim_next(worker="quick", at=now)

    assert not sending._still_ours(slow, "slow")
    sending._end(slow, "slow", Message.Status.SENT)
    assert ends(message) == ("waiting", "")


def test_words_that_say_too_much_are_never_sent(post, kind):
    message = make_message()
    Message.objects.filter(pk=message.pk).update(kind="test")
    kind(lambda message, at: Words("Tonight", ("Your parents' group meets.",)))

    send_some("one")

    assert (post.to(), ends(message)) == ([], ("given-up", "not-discreet"))


def test_a_message_that_breaks_stops_nobody_and_tells_no_log(post, kind, caplog):
    broken = make_message(make_member(email="first@example.org"))
    Message.objects.filter(pk=broken.pk).update(kind="test")
    make_message(make_member(email="second@example.org"))
    logging.getLogger("goround.outbox").addHandler(caplog.handler)

    def fail(message: Message, at: object) -> Words:
        raise ValueError("María, first@example.org")

    kind(fail)
    send_some("one")

    assert (post.to(), ends(broken)) == (["second@example.org"], ("waiting", ""))
    assert "ValueError" in caplog.text
    assert "María" not in caplog.text
    assert "example.org" not in caplog.text


def test_refusals_put_no_address_into_the_log(post, caplog):
    logging.getLogger("goround.outbox").addHandler(caplog.handler)
    post.to_recipient = lambda address: f"550 {address} is unknown"
    make_message()

    send_some("one")

    assert "example.org" not in caplog.text


def test_nothing_about_the_person_is_kept_with_the_message(post):
    message = make_message()
    send_some("one")

    kept = str(list(Message.objects.filter(pk=message.pk).values()))

    assert "example.org" not in kept
    assert message.parent.alias not in kept


def test_nobody_is_written_to_who_gave_no_address(post):
    with pytest.raises(Message.DoesNotExist):
        make_message(make_member(email=""))
