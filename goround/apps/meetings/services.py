"""What happens to meetings: planned from the series, moved, cancelled, held."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import UTC, date, datetime, time, timedelta

from django.db import transaction
from django.db.models import F

from goround.apps.accounts.models import User
from goround.apps.apart import asking
from goround.apps.audit import services as audit
from goround.apps.audit.services import Actor
from goround.apps.groups import services as groups
from goround.apps.groups.models import Group, Membership
from goround.apps.groups.one_writer import hold
from goround.apps.groups.series import skipping
from goround.apps.meetings import notices
from goround.apps.meetings.models import Attendance, Meeting, Reply
from goround.apps.meetings.nearby import only_if_they_may_be_marked, only_if_they_may_move
from goround.domain.calendar.recurrence import (
    Exceptions,
    Occurrence,
    Recurrence,
    at_local,
    occurrences,
)

HORIZON = timedelta(days=183)
# A series with an end is planned to its end.
WHOLE_SERIES = timedelta(days=366 * 20)


class AttendanceClosed(Exception):
    """The meeting cannot take attendance at this moment."""


class MeetingClosed(Exception):
    """The meeting was held, cancelled or begun, and can no longer be changed in this way."""


class HourTaken(Exception):
    """The group has another meeting at that time."""


@transaction.atomic
def plan_meetings(
    *, group: Group, by: Actor | None, at: datetime, until: datetime | None = None
) -> int:
    """Bring the planned meetings in line with the group's series; how many rows it touched.

    An endless series is planned up to ``until``, six months ahead when left out, a series with
    an end to its end. Meetings held, cancelled or moved are left alone, and so are those before
    the series begins, which an earlier series of the group left behind. Safe to repeat.
    """
    group = hold(group, ended_too=True)
    rows = list(Meeting.objects.filter(group=group).order_by("occurrence"))
    wanted = _wanted(group, rows, _horizon(group, at, until))
    known = {row.occurrence for row in rows}
    added = [_planned(group, item) for start, item in wanted.items() if start not in known]
    stale = [row.pk for row in rows if _is_stale(row, group, wanted, at)]
    changed = _with_new_length(rows, wanted, at)
    Meeting.objects.bulk_create(added)
    Meeting.objects.bulk_update(changed, ["ends_at"])
    Meeting.objects.filter(pk__in=stale).delete()
    touched = len(added) + len(stale) + len(changed)
    if touched:
        facts = {"added": len(added), "removed": len(stale), "changed": len(changed)}
        audit.record("group.meetings_planned", group, by=by, at=at, **facts)
    return touched


def plan_all(*, by: Actor | None, at: datetime) -> int:
    """Keep every group that goes on planned six months ahead; how many rows it touched.

    Each group is planned for itself, so one stopped halfway is done again and no other waits.
    """
    active = Group.objects.filter(status=Group.Status.ACTIVE).order_by("pk")
    return sum(plan_meetings(group=group, by=by, at=at) for group in active)


@transaction.atomic
def reschedule(
    *,
    group: Group,
    recurrence: Recurrence,
    skipped_days: Collection[date],
    from_on: date,
    by: User,
    at: datetime,
) -> None:
    """Let the group meet by another series from ``from_on`` on, and plan its meetings anew.

    Meetings planned before that day stay where they are.
    """
    groups.change_series(
        group=group, recurrence=recurrence, skipped_days=skipped_days, by=by, at=at
    )
    group = hold(group)
    begins = max(at, datetime.combine(from_on, time.min, tzinfo=group.zone))
    between = Meeting.objects.filter(
        group=group, occurrence__gte=begins, occurrence__lt=group.first_at
    )
    between.filter(status=Meeting.Status.PLANNED, starts_at=F("occurrence")).delete()
    plan_meetings(group=group, by=by, at=at)


@transaction.atomic
def skip_days(*, group: Group, days: Collection[date], by: User, at: datetime) -> None:
    """Make ``days`` the whole list of days on which the group would meet and does not.

    A series with a number of meetings goes on until it has had as many.
    """
    group = hold(group)
    recurrence = skipping(group.recurrence(), group.days_skipped(), frozenset(days))
    groups.change_series(group=group, recurrence=recurrence, skipped_days=days, by=by, at=at)
    plan_meetings(group=group, by=by, at=at)


@transaction.atomic
def wind_up(*, group: Group, on: date, by: User, at: datetime) -> None:
    """End the group, and take away the meetings planned for after that day."""
    groups.end_group(group=group, on=on, by=by, at=at)
    plan_meetings(group=group, by=by, at=at)


@transaction.atomic
def cancel_meeting(*, meeting: Meeting, because: str, by: User, at: datetime) -> None:
    """The meeting does not take place. Raises ``MeetingClosed`` once attendance is recorded."""
    group, meeting = _hold(meeting)
    if meeting.status == Meeting.Status.HELD:
        raise MeetingClosed(f"{meeting} was held")
    if meeting.status == Meeting.Status.CANCELLED and meeting.cancelled_because == because:
        return
    meeting.status, meeting.cancelled_because = Meeting.Status.CANCELLED, because
    meeting.save(update_fields=["status", "cancelled_because"])
    _record("meeting.cancelled", meeting, group, by=by, at=at)
    notices.tell_cancelled(meeting, group, by=by, at=at)


@transaction.atomic
def restore_meeting(*, meeting: Meeting, by: User, at: datetime) -> None:
    """A cancelled meeting takes place after all, at the hour it last had.

    Raises ``PlaceTaken`` where the group cannot have its place then any more.
    """
    group, meeting = _hold(meeting)
    asking.hold(group.organisation_id)
    if meeting.status != Meeting.Status.CANCELLED:
        return
    only_if_they_may_move(meeting, group, to=meeting.starts_at, at=at)
    meeting.status, meeting.cancelled_because = Meeting.Status.PLANNED, ""
    meeting.save(update_fields=["status", "cancelled_because"])
    _record("meeting.restored", meeting, group, by=by, at=at)
    notices.tell_restored(meeting, group, by=by, at=at)


@transaction.atomic
def move_meeting(
    *, meeting: Meeting, starts_at: datetime, because: str, by: User, at: datetime
) -> None:
    """Hold one meeting at another time, as long as before. It stays the same meeting.

    Moving it to where the series has it makes it an ordinary meeting again. Raises
    ``MeetingClosed`` once held or cancelled, ``HourTaken`` when the group meets then anyway,
    ``PlaceTaken`` where it cannot have its place then.
    """
    group, meeting = _hold(meeting)
    asking.hold(group.organisation_id)
    if meeting.status != Meeting.Status.PLANNED:
        raise MeetingClosed(f"{meeting} is {meeting.status}")
    others = Meeting.objects.filter(group=group, starts_at=starts_at).exclude(pk=meeting.pk)
    if others.exclude(status=Meeting.Status.CANCELLED).exists():
        raise HourTaken(f"{group} has another meeting at that time")
    because = "" if starts_at == meeting.occurrence else because
    if (meeting.starts_at, meeting.moved_because) == (starts_at, because):
        return
    only_if_they_may_move(meeting, group, to=starts_at, at=at)
    meeting.ends_at = starts_at + (meeting.ends_at - meeting.starts_at)
    meeting.starts_at, meeting.moved_because = starts_at, because
    meeting.save(update_fields=["starts_at", "ends_at", "moved_because"])
    _record("meeting.moved", meeting, group, by=by, at=at, to=starts_at.isoformat())
    notices.tell_moved(meeting, group, by=by, at=at)


@transaction.atomic
def record_attendance(
    *,
    meeting: Meeting,
    present: Collection[Membership],
    by: User,
    at: datetime,
    newcomers: Sequence[str] = (),
    heads_parents: int | None = None,
    heads_new: int | None = None,
    children: int | None = None,
) -> Meeting:
    """Make this the complete record of who was at ``meeting``.

    ``present`` are members tapped by alias. ``newcomers`` are aliases of people who came in
    without any intake; each becomes a member once, however often the same list is sent.
    ``heads_parents`` counts parents beside all of those, ``heads_new`` the new ones among them.
    None is "not counted", never zero: with nobody named and no heads, the meeting was held and
    how many came is unknown.

    Recording the same again changes nothing; a correction leaves the counts before and after in
    the trail. Raises ``AttendanceClosed`` before the start or once cancelled, ``NotOnThisList``
    for somebody who cannot be marked at this meeting.
    """
    group, meeting = _hold(meeting)
    asking.hold(group.organisation_id)
    if not meeting.takes_attendance(at=at):
        raise AttendanceClosed(f"{meeting} takes no attendance at {at:%Y-%m-%d %H:%M}")
    if any(membership.group_id != group.pk for membership in present):
        raise groups.NotOfThisGroup(f"somebody at {meeting} is not of {group}")
    day = group.today(at=meeting.starts_at)
    came_in = [
        groups.welcome(group=group, alias=alias, on=day, by=by, at=at) for alias in newcomers
    ]
    wanted = {member.pk for member in (*present, *came_in)}
    only_if_they_may_be_marked(meeting, group, wanted)
    before, was_held = _counts(meeting), meeting.status == Meeting.Status.HELD
    changed = _set_present(meeting, wanted)
    heads = heads_parents, heads_new, children
    if was_held and not changed and heads == _heads(meeting):
        return meeting
    meeting.heads_parents, meeting.heads_new, meeting.children = heads
    meeting.status, meeting.recorded_at = Meeting.Status.HELD, meeting.recorded_at or at
    meeting.save(update_fields=["heads_parents", "heads_new", "children", "status", "recorded_at"])
    kind = "meeting.attendance_corrected" if was_held else "meeting.attendance_recorded"
    facts = {"before": before} if was_held else {}
    _record(kind, meeting, group, by=by, at=at, after=_counts(meeting), **facts)
    return meeting


@transaction.atomic
def count_children(*, meeting: Meeting, children: int, by: User, at: datetime) -> None:
    """So many children were counted beside a meeting that was held.

    A number that somebody wrote down is left as it is, and so is a meeting nobody recorded yet.
    """
    group, meeting = _hold(meeting)
    if meeting.status != Meeting.Status.HELD or meeting.children is not None:
        return
    before, meeting.children = _counts(meeting), children
    meeting.save(update_fields=["children"])
    kind, after = "meeting.attendance_corrected", _counts(meeting)
    _record(kind, meeting, group, by=by, at=at, before=before, after=after)


@transaction.atomic
def say_coming(
    *, meeting: Meeting, membership: Membership, will_come: bool, by: User, at: datetime
) -> Reply:
    """What a member says beforehand; it never counts as having been there.

    Raises ``MeetingClosed`` once the meeting has begun or is cancelled.
    """
    group, meeting = _hold(meeting)
    if membership.group_id != group.pk:
        raise groups.NotOfThisGroup(f"{membership} is not of {group}")
    if meeting.status != Meeting.Status.PLANNED or meeting.starts_at <= at:
        raise MeetingClosed(f"{meeting} takes no replies")
    reply, new = Reply.objects.get_or_create(
        meeting=meeting, membership=membership, defaults={"will_come": will_come}
    )
    if new or reply.will_come != will_come:
        reply.will_come = will_come
        reply.save(update_fields=["will_come"])
        _record("reply.given", reply, group, by=by, at=at, will_come=will_come)
    return reply


def _hold(meeting: Meeting) -> tuple[Group, Meeting]:
    """Group and meeting read afresh; the group's lock is the lock of all its meetings."""
    group = hold(meeting.group, ended_too=True)
    held = Meeting.objects.get(pk=meeting.pk)
    held.group = group
    return group, held


def _horizon(group: Group, at: datetime, until: datetime | None) -> datetime:
    rule = group.recurrence()
    has_end = rule.until is not None or rule.count is not None
    end = group.first_at + WHOLE_SERIES if has_end else until or at + HORIZON
    return min(end, _end(group)) if group.ended_on else end


def _end(group: Group) -> datetime:
    """The first moment after the group's last day; for a group that goes on, the end of time."""
    if group.ended_on is None:
        return datetime.max.replace(tzinfo=UTC)
    after = datetime.combine(group.ended_on + timedelta(days=1), time.min)
    return at_local(group.recurrence(), after)


def _wanted(group: Group, rows: list[Meeting], horizon: datetime) -> dict[datetime, Occurrence]:
    """The series by start: as far as the horizon, and as far as rows were planned before."""
    last = max((row.occurrence for row in rows), default=horizon)
    until = min(max(horizon, last + timedelta(minutes=1)), _end(group))
    items = occurrences(
        group.recurrence(),
        exceptions=Exceptions(skip_days=group.days_skipped()),
        between=(group.first_at, until),
    )
    return {item.original.astimezone(UTC): item for item in items}


def _planned(group: Group, item: Occurrence) -> Meeting:
    return Meeting(
        group=group,
        occurrence=item.original,
        starts_at=item.starts_at,
        ends_at=item.ends_at,
    )


def _is_stale(row: Meeting, group: Group, wanted: dict[datetime, Occurrence], at: datetime) -> bool:
    if row.status != Meeting.Status.PLANNED:
        return False
    if row.starts_at >= _end(group):
        return True
    if row.is_moved or row.starts_at <= at or row.occurrence < group.first_at:
        return False
    return row.occurrence not in wanted


def _with_new_length(
    rows: list[Meeting], wanted: dict[datetime, Occurrence], at: datetime
) -> list[Meeting]:
    changed = []
    for row in rows:
        item = wanted.get(row.occurrence)
        ordinary = row.status == Meeting.Status.PLANNED and not row.is_moved
        if item and ordinary and row.starts_at > at and row.ends_at != item.ends_at:
            row.ends_at = item.ends_at
            changed.append(row)
    return changed


def _set_present(meeting: Meeting, wanted: set[int]) -> bool:
    """Make the attendances exactly these memberships; whether anything changed."""
    attended = Attendance.objects.filter(meeting=meeting)
    here = set(attended.values_list("membership_id", flat=True))
    attended.filter(membership_id__in=here - wanted).delete()
    Attendance.objects.bulk_create(
        Attendance(meeting=meeting, membership_id=pk) for pk in sorted(wanted - here)
    )
    return here != wanted


def _heads(meeting: Meeting) -> tuple[int | None, int | None, int | None]:
    return meeting.heads_parents, meeting.heads_new, meeting.children


def _counts(meeting: Meeting) -> dict[str, int | None]:
    """The counts for the trail: how many were named, and what was counted beside."""
    heads, new, children = _heads(meeting)
    named = Attendance.objects.filter(meeting=meeting).count()
    return {"named": named, "heads": heads, "new": new, "children": children}


def _record(
    kind: str, subject: Meeting | Reply, group: Group, *, by: User, at: datetime, **facts: object
) -> None:
    organisation_id = group.organisation_id
    audit.record(
        kind, subject, by=by, at=at, organisation_id=organisation_id, group=group.pk, **facts
    )
