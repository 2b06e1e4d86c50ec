"""The worker's part: take a message by a lease, ask once more whether it may go, send it, say so.

Killed at any moment, a message whose lease ran out is taken up by the next worker. It was sent
already only if the worker died between the mail service's "taken" and our own note of it: at most
one copy too many for each time a worker is killed, and never one too few.
"""

from __future__ import annotations

import logging
import smtplib
from datetime import datetime, timedelta

from django.conf import settings
from django.core.mail import get_connection
from django.core.mail.backends.base import BaseEmailBackend
from django.db import DatabaseError
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import override

from goround.apps.jobs.turns import takes_turns
from goround.apps.outbox.kinds import kind_of
from goround.apps.outbox.models import Message
from goround.apps.outbox.post import NotDiscreet, compose
from goround.apps.outbox.recipients import language_of, recipient_of
from goround.apps.walls.places import looking_for_work, working_for

log = logging.getLogger("goround.outbox")

# Longer than every step of one delivery may take together, at EMAIL_TIMEOUT each.
LEASE = timedelta(minutes=3)
# How long to wait after each try that failed; after the last one it is given up.
PAUSES = tuple(timedelta(minutes=m) for m in (1, 5, 20, 60, 180, 360, 720))

Because = Message.Because
Status = Message.Status


def claim_next(*, worker: str, at: datetime) -> Message | None:
    """Lease the message that is due longest, or None. Two workers never hold the same."""
    free = Q(status=Status.WAITING, due_at__lte=at) & (
        Q(leased_until=None) | Q(leased_until__lte=at)
    )
    for message in Message.objects.filter(free).order_by("due_at", "pk")[:5]:
        taken = Message.objects.filter(free, pk=message.pk).update(
            worker=worker, leased_until=at + LEASE, attempts=F("attempts") + 1
        )
        if taken:
            message.refresh_from_db()
            return message
    return None


@takes_turns("messages")
def send_some(worker: str, *, most: int = 50) -> bool:
    """Send what is due, over one connection; whether there was anything to do."""
    if not settings.SENDS_MAIL:
        return False
    message = _next(worker)
    if message is None:
        return False
    line = get_connection()
    try:
        for _number in range(most):
            with working_for(message.organisation_id):
                _deliver(message, worker, line)
            message = _next(worker)
            if message is None:
                break
        else:
            with working_for(message.organisation_id):
                _let_go(message, worker)
    finally:
        _hang_up(line)
    return True


def _next(worker: str) -> Message | None:
    with looking_for_work():
        return claim_next(worker=worker, at=timezone.now())


def _deliver(message: Message, worker: str, line: BaseEmailBackend) -> None:
    at = timezone.now()
    if message.is_over(at=at):
        _end(message, worker, Status.GIVEN_UP, Because.TOO_LATE)
        return
    try:
        # Before the consent is asked for: greeting a mail service may take a while.
        line.open()
        _send(message, worker, line)
    except smtplib.SMTPRecipientsRefused as refusal:
        codes = [code for code, _said in refusal.recipients.values()]
        _after_refusal(message, worker, for_good=min(codes, default=0) >= 500)
    except smtplib.SMTPResponseException as refusal:
        _hang_up(line)
        _after_refusal(message, worker, for_good=_is_about_the_message(refusal))
    except (OSError, smtplib.SMTPException) as trouble:
        _hang_up(line)
        log.warning("%s could not be sent: %s", message, type(trouble).__name__)
        _put_off(message, worker, Because.UNREACHABLE)
    except DatabaseError:
        # The database is away or busy: the message goes to whoever comes after its lease.
        raise
    except Exception as error:
        # The type only: what went wrong may hold an address.
        log.error("%s could not be written: %s", message, type(error).__name__)
        _put_off(message, worker, Because.BROKEN)


def _send(message: Message, worker: str, line: BaseEmailBackend) -> None:
    at = timezone.now()
    with override(language_of(message)):
        words = kind_of(message).write(message, at)
        if words is None:
            _end(message, worker, Status.LEFT_OUT, Because.OUT_OF_DATE)
            return
        # Last of all: whoever took the consent back until now is not written to.
        recipient = recipient_of(message, at=at)
        if not recipient.address:
            _end(message, worker, Status.LEFT_OUT, Because.NO_ADDRESS)
            return
        try:
            letter = compose(message, words, recipient)
        except NotDiscreet as reason:
            log.error("%s", reason)
            _end(message, worker, Status.GIVEN_UP, Because.NOT_DISCREET)
            return
    if not _still_ours(message, worker):
        return
    letter.connection = line
    letter.send()
    _end(message, worker, Status.SENT)


def _still_ours(message: Message, worker: str) -> bool:
    """Hold on to the lease for as long as the delivery may take."""
    mine = Message.objects.filter(pk=message.pk, worker=worker, status=Status.WAITING)
    return bool(mine.update(leased_until=timezone.now() + LEASE))


def _after_refusal(message: Message, worker: str, *, for_good: bool) -> None:
    if for_good:
        _end(message, worker, Status.GIVEN_UP, Because.REFUSED)
    else:
        _put_off(message, worker, Because.REFUSED)


def _is_about_the_message(refusal: smtplib.SMTPResponseException) -> bool:
    """A final no to this message, not to our sign-in or our address."""
    ours = (smtplib.SMTPAuthenticationError, smtplib.SMTPSenderRefused, smtplib.SMTPHeloError)
    return refusal.smtp_code >= 500 and not isinstance(refusal, ours)


def _put_off(message: Message, worker: str, because: Message.Because) -> None:
    if message.attempts > len(PAUSES):
        _end(message, worker, Status.GIVEN_UP, because)
        return
    due_at = timezone.now() + PAUSES[message.attempts - 1]
    mine = Message.objects.filter(pk=message.pk, worker=worker, status=Status.WAITING)
    mine.update(leased_until=None, due_at=due_at)


def _let_go(message: Message, worker: str) -> None:
    mine = Message.objects.filter(pk=message.pk, worker=worker, status=Status.WAITING)
    mine.update(leased_until=None, attempts=F("attempts") - 1)


def _end(message: Message, worker: str, status: Message.Status, because: str = "") -> None:
    mine = Message.objects.filter(pk=message.pk, worker=worker, status=Status.WAITING)
    mine.update(status=status, because=because, ended_at=timezone.now(), leased_until=None)


def _hang_up(line: BaseEmailBackend) -> None:
    try:
        line.close()
    except (OSError, smtplib.SMTPException):
        # The other end went first.
        return
