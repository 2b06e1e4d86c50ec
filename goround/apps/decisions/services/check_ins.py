"""A facilitator and a parent leader talked; what was said is theirs."""

from __future__ import annotations

from datetime import date, datetime

from django.db import transaction

from goround.apps.accounts.models import User
from goround.apps.audit import services as audit
from goround.apps.decisions.models import CheckIn
from goround.apps.groups.models import Leadership
from goround.apps.groups.one_writer import hold


class NoCheckIn(ValueError):
    """Nobody leads there as a parent, or not on that day."""


@transaction.atomic
def note_check_in(
    *,
    leadership: Leadership,
    on: date,
    how: str,
    help_asked: str,
    leader_wishes: bool,
    by: User,
    at: datetime,
) -> CheckIn:
    """They talked on that day. Unless the leader wishes it kept, nothing else is.

    The same day again corrects what was noted. Raises ``NoCheckIn``.
    """
    group = hold(leadership.group)
    leads = leadership.part == Leadership.Part.PARENT_LEADER and leadership.to_on is None
    if not leads or not leadership.from_on <= on <= group.today(at=at):
        raise NoCheckIn(f"no check-in of {leadership} on {on}")
    found, _new = CheckIn.objects.get_or_create(leadership=leadership, on=on)
    found.noted_by = by
    found.how = CheckIn.How(how) if leader_wishes and how else ""
    found.put_help(help_asked.strip() if leader_wishes else "")
    found.save(update_fields=["noted_by", "how", "locked_help"])
    audit.record("check_in.noted", found, by=by, at=at, group=group.pk, on=on.isoformat())
    return found


@transaction.atomic
def forget_words(*, check_in: CheckIn, by: User, at: datetime) -> None:
    """Take away what was kept of a talk; that there was one, and when, stays."""
    held = CheckIn.objects.select_for_update(no_key=True).get(pk=check_in.pk)
    if not held.how and not held.locked_help:
        return
    held.how, held.locked_help = "", b""
    held.save(update_fields=["how", "locked_help"])
    audit.record("check_in.words_forgotten", held, by=by, at=at)
