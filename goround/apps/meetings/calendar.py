"""A group's meetings as a calendar file."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from django.utils.translation import gettext as _

from goround.apps.groups.models import Group
from goround.apps.meetings.models import Meeting
from goround.apps.meetings.selectors import changed_meetings, series_stamp
from goround.apps.organisations.selectors import Viewer
from goround.apps.reader.words import listed
from goround.domain.calendar.feed import Series, group_calendar
from goround.domain.calendar.recurrence import Exceptions, Move, Recurrence


def calendar_of(viewer: Viewer, group: Group) -> bytes:
    """The series with its exceptions, for a viewer who sees the group.

    It is shown on locked screens, so it names the place and the hour and not the group.
    """
    stamp = series_stamp(viewer, group)
    series = Series(
        uid=f"group-{group.pk}@goround",
        title=_("Meeting"),
        rule=_rule(group),
        stamped_at=stamp.last_at,
        exceptions=_exceptions(group, changed_meetings(viewer, group)),
        sequence=stamp.changes,
        place=listed(part for part in _place(group) if part),
    )
    return group_calendar([series])


def _rule(group: Group) -> Recurrence:
    """The group's series, cut off at the day the group ended."""
    rule = group.recurrence()
    if group.ended_on is None:
        return rule
    return replace(rule, until=max(group.ended_on, rule.first.date()), count=None)


def _exceptions(group: Group, changed: Iterable[Meeting]) -> Exceptions:
    cancelled, moved = set(), {}
    for meeting in changed:
        day = group.today(at=meeting.occurrence)
        if meeting.status == Meeting.Status.CANCELLED:
            cancelled.add(day)
        if meeting.is_moved:
            starts = meeting.starts_at.astimezone(group.zone).replace(tzinfo=None)
            minutes = int((meeting.ends_at - meeting.starts_at).total_seconds() // 60)
            moved[day] = Move(starts, minutes)
    return Exceptions(group.days_skipped(), frozenset(cancelled), moved)


def _place(group: Group) -> tuple[str, ...]:
    return (group.venue.name, group.venue.address) if group.venue else ()
