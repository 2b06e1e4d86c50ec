"""What members are told about their meetings: a day and an hour, never where or what for.

Who agreed to be written to is asked when a message is queued and once more when it is sent.
"""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.utils.formats import date_format
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from goround.apps.audit.services import Actor
from goround.apps.groups.models import Group
from goround.apps.groups.one_writer import members_on
from goround.apps.meetings.models import Meeting
from goround.apps.outbox.kinds import Words, tells
from goround.apps.outbox.models import Message
from goround.apps.outbox.services import tell_parents

REMINDER = "meeting-reminder"
MOVED = "meeting-moved"
CANCELLED = "meeting-cancelled"
RESTORED = "meeting-restored"
# The worker looks once a day: each meeting is seen at least half a day before it starts.
AHEAD = timedelta(hours=36)
UP_FROM, UP_TO = time(9), time(20)


def tell_moved(meeting: Meeting, group: Group, *, by: Actor, at: datetime) -> int:
    """Tell the members of the new hour; how many agreed to be written to."""
    return _tell(MOVED, meeting, group, act=at.isoformat(), by=by, at=at)


def tell_cancelled(meeting: Meeting, group: Group, *, by: Actor, at: datetime) -> int:
    return _tell(CANCELLED, meeting, group, act=at.isoformat(), by=by, at=at)


def tell_restored(meeting: Meeting, group: Group, *, by: Actor, at: datetime) -> int:
    return _tell(RESTORED, meeting, group, act=at.isoformat(), by=by, at=at)


def remind_all(*, at: datetime) -> None:
    """Queue the reminders for meetings of the next day and a half; safe to repeat.

    They go out by day on the group's own clock: no telephone lights up at two in the morning.
    """
    soon = Meeting.objects.filter(
        status=Meeting.Status.PLANNED, starts_at__gt=at, starts_at__lte=at + AHEAD
    )
    for meeting in soon.select_related("group__organisation").order_by("starts_at", "pk"):
        due_at = min(by_day(at, meeting.group.zone), meeting.starts_at - timedelta(hours=1))
        _tell(REMINDER, meeting, meeting.group, by=None, at=at, due_at=max(at, due_at))


def by_day(moment: datetime, zone: ZoneInfo) -> datetime:
    """The moment itself, or the next one at which people are up."""
    local = moment.astimezone(zone)
    if UP_FROM <= local.time() < UP_TO:
        return moment
    day = local.date() if local.time() < UP_FROM else local.date() + timedelta(days=1)
    return datetime.combine(day, UP_FROM, tzinfo=zone).astimezone(UTC)


def _tell(
    kind: str,
    meeting: Meeting,
    group: Group,
    *,
    by: Actor | None,
    at: datetime,
    act: str = "",
    due_at: datetime | None = None,
) -> int:
    if meeting.starts_at <= at:
        return 0
    here = members_on(group, group.today(at=at))
    return tell_parents(
        organisation=group.organisation,
        parent_ids=set(here.values_list("parent_id", flat=True)),
        kind=kind,
        event=f"meeting {meeting.pk} {meeting.starts_at.astimezone(UTC).isoformat()} {act}".strip(),
        about_id=meeting.pk,
        best_before=meeting.starts_at,
        due_at=due_at,
        by=by,
        at=at,
    )


def _meeting_of(message: Message, status: Meeting.Status, at: datetime) -> Meeting | None:
    """The meeting, if it still is as the message says and the parent still belongs to it."""
    found = Meeting.objects.filter(pk=message.about_id, status=status).select_related("group")
    meeting = found.first()
    if meeting is None or meeting.starts_at != message.best_before:
        return None
    here = members_on(meeting.group, meeting.group.today(at=at))
    return meeting if here.filter(parent=message.parent_id).exists() else None


def _hour(moment: datetime, meeting: Meeting) -> dict[str, str]:
    local = moment.astimezone(meeting.group.zone)
    return {"day": date_format(local, _("l j F")), "time": date_format(local, "H:i")}


@tells(REMINDER, gettext_lazy("Reminder of a meeting"))
def reminder(message: Message, at: datetime) -> Words | None:
    meeting = _meeting_of(message, Meeting.Status.PLANNED, at)
    if meeting is None:
        return None
    when = _hour(meeting.starts_at, meeting)
    return Words(
        capfirst(_("%(day)s, %(time)s") % when),
        (
            _("See you on %(day)s at %(time)s.") % when,
            _("If you cannot come, that is all right."),
        ),
    )


@tells(MOVED, gettext_lazy("A meeting was moved"))
def moved(message: Message, at: datetime) -> Words | None:
    meeting = _meeting_of(message, Meeting.Status.PLANNED, at)
    if meeting is None:
        return None
    when = _hour(meeting.starts_at, meeting)
    usual = _hour(meeting.occurrence, meeting)
    instead = _("That is instead of %(day)s at %(time)s.") % usual
    return Words(
        _("Now on %(day)s, %(time)s") % when,
        (
            _("It is on %(day)s at %(time)s now.") % when,
            instead if meeting.is_moved else _("That is the usual time."),
        ),
    )


@tells(CANCELLED, gettext_lazy("A meeting was cancelled"))
def cancelled(message: Message, at: datetime) -> Words | None:
    meeting = _meeting_of(message, Meeting.Status.CANCELLED, at)
    if meeting is None:
        return None
    when = _hour(meeting.starts_at, meeting)
    return Words(
        _("Not on %(day)s") % when,
        (_("It is off on %(day)s at %(time)s. See you the next time.") % when,),
    )


@tells(RESTORED, gettext_lazy("A cancelled meeting takes place after all"))
def restored(message: Message, at: datetime) -> Words | None:
    meeting = _meeting_of(message, Meeting.Status.PLANNED, at)
    if meeting is None:
        return None
    when = _hour(meeting.starts_at, meeting)
    return Words(
        _("%(day)s after all") % when, (_("It is on: %(day)s at %(time)s. See you then.") % when,)
    )
