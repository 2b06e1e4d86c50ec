"""Which groups come to the same place on the same day, meetings outside a series counted."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime, time, timedelta

from django.db.models import Q, QuerySet

from goround.apps.apart import asking
from goround.apps.groups.company import PlaceTaken, also_near, parents_in
from goround.apps.groups.models import Group
from goround.apps.meetings.models import Attendance, Meeting
from goround.domain.calendar.recurrence import is_meeting_day

Status = Meeting.Status


class NotOnThisList(Exception):
    """Somebody cannot be marked at this meeting. Nobody learns more: there may be a reason."""


@also_near
def by_day(group: Group, at: datetime) -> set[int]:
    """Groups near this one on some coming day that its series, or theirs, does not tell.

    Meetings were moved, or stayed from a series that the group had before.
    """
    # The group as it stands in memory may be about to change its place; its meetings go along.
    there = Q(group__venue=group.venue_id) | Q(group=group)
    coming = Meeting.objects.filter(there, status=Status.PLANNED, ends_at__gt=at)
    mine, theirs = set[date](), set[tuple[int, date]]()
    for group_id, starts_at in coming.values_list("group_id", "starts_at"):
        day = group.today(at=starts_at)
        if group_id == group.pk:
            mine.add(day)
        else:
            theirs.add((group_id, day))
    rule = group.recurrence()
    near = {pk for pk, day in theirs if day in mine or is_meeting_day(rule, day)}
    return near | groups_on(group, mine)


def groups_on(group: Group, days: Collection[date]) -> set[int]:
    """Ids of other groups that come to the group's place on one of these days, by series or
    moved there.
    """
    if not days:
        return set()
    others = Group.objects.filter(venue=group.venue_id).exclude(pk=group.pk)
    goes_on = others.filter(Q(ended_on=None) | Q(ended_on__gte=min(days)))
    by_series = {other.pk for other in goes_on if _meets_on(other, days)}
    moved = meetings_near(group, min(days), max(days)).values_list("group_id", "starts_at")
    return by_series | {pk for pk, starts_at in moved if group.today(at=starts_at) in days}


def _meets_on(group: Group, days: Collection[date]) -> bool:
    rule, ends = group.recurrence(), group.ended_on
    return any(is_meeting_day(rule, day) for day in days if ends is None or day <= ends)


def only_if_they_may_move(meeting: Meeting, group: Group, *, to: datetime, at: datetime) -> None:
    """Raise ``PlaceTaken`` where the group cannot have its place at that time."""
    if group.venue is None:
        return
    ends_at = to + (meeting.ends_at - meeting.starts_at)
    day = group.today(at=to)
    then = meetings_near(group, day, day).filter(starts_at__lt=ends_at, ends_at__gt=to)
    near = Group.objects.filter(pk__in=groups_on(group, {day}))
    here = parents_in(Group.objects.filter(pk=group.pk), on=group.today(at=at))
    refusals = [
        then.values("group").distinct().count() >= group.venue.rooms,
        not asking.may_be_near(group.organisation_id, here, parents_in(near, on=day)),
    ]
    if any(refusals):
        raise PlaceTaken(f"{meeting} cannot move to {to:%Y-%m-%d %H:%M}")


def only_if_they_may_be_marked(meeting: Meeting, group: Group, wanted: Collection[int]) -> None:
    """Raise ``NotOnThisList`` unless these memberships can all be marked at the meeting.

    Nobody can be who had left before it. What is marked already is not judged again.
    """
    day = group.today(at=meeting.starts_at)
    marked = Attendance.objects.filter(meeting=meeting).select_related("membership")
    before = {each.membership_id: each.membership.parent_id for each in marked}
    new = set(wanted) - set(before)
    rows = group.memberships.filter(pk__in=new)
    stays = {parent for pk, parent in before.items() if pk in wanted}
    comers = set(rows.values_list("parent_id", flat=True))
    refusals = [
        rows.filter(left_on__lt=day).exists(),
        not asking.may_meet(
            group.organisation_id, comers, company=stays, nearby=_marked_near(group, day)
        ),
    ]
    if any(refusals):
        raise NotOnThisList(f"somebody cannot be marked at {meeting}")


def _marked_near(group: Group, day: date) -> set[int]:
    """Parents marked at other meetings at the same place on that day."""
    attended = Attendance.objects.filter(meeting__in=meetings_near(group, day, day).values("pk"))
    return set(attended.values_list("membership__parent_id", flat=True))


def meetings_near(group: Group, first: date, last: date) -> QuerySet[Meeting]:
    """Meetings of other groups at the group's place on these days, the cancelled ones left out."""
    if group.venue_id is None:
        return Meeting.objects.none()
    begins = datetime.combine(first, time.min, tzinfo=group.zone)
    ends = datetime.combine(last + timedelta(days=1), time.min, tzinfo=group.zone)
    others = Meeting.objects.filter(
        group__venue=group.venue_id, starts_at__gte=begins, starts_at__lt=ends
    )
    return others.exclude(group=group).exclude(status=Status.CANCELLED)
