"""Meetings somebody sees, may record, and what was said and done about one."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Any

from django.db.models import Count, F, Max, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from goround.apps.accounts.models import User
from goround.apps.audit.models import Event
from goround.apps.groups.models import Group, Membership
from goround.apps.groups.selectors import (
    groups_seen,
    groups_to_record,
    led_groups,
    own_memberships,
    room_of,
)
from goround.apps.meetings.models import Attendance, Meeting, Reply
from goround.apps.organisations.models import Organisation
from goround.apps.organisations.selectors import Viewer

Status = Meeting.Status
SERIES_CHANGES = [
    "group.created",
    "group.changed",
    "group.series_changed",
    "group.ended",
    "meeting.cancelled",
    "meeting.restored",
    "meeting.moved",
]


@dataclass(frozen=True, slots=True)
class Seat:
    """One member on the roll. ``said`` is what they said beforehand, None when nothing."""

    membership: Membership
    present: bool
    said: bool | None


@dataclass(frozen=True, slots=True)
class GroupRow:
    """A group and its meetings in numbers.

    ``sessions`` have begun and were not cancelled; ``unrecorded`` are over, and nobody has said
    yet how they went.
    """

    group: Group
    members: int
    sessions: int
    next_id: int | None
    next_at: datetime | None
    unrecorded: int


@dataclass(frozen=True, slots=True)
class Counts:
    """What was counted at a meeting; None is "not counted"."""

    named: int
    heads: int | None
    new: int | None
    children: int | None

    @property
    def parents(self) -> int | None:
        if self.heads is None and not self.named:
            return None
        return self.named + (self.heads or 0)


@dataclass(frozen=True, slots=True)
class Correction:
    """Attendance recorded again with another result."""

    at: datetime
    by: str
    before: Counts
    after: Counts


@dataclass(frozen=True, slots=True)
class SeriesStamp:
    """How often the hours a calendar shows have changed, and when last."""

    changes: int
    last_at: datetime


def meetings_for(viewer: Viewer, organisation: Organisation) -> QuerySet[Meeting]:
    """Meetings of the groups the viewer sees, the next first, with ``named``: members tapped."""
    return _with_named(Meeting.objects.filter(group__in=groups_seen(viewer, organisation)))


def meetings_to_record(viewer: Viewer, organisation: Organisation) -> QuerySet[Meeting]:
    """Meetings whose attendance the viewer may record at some time, with ``named``."""
    return _with_named(Meeting.objects.filter(group__in=groups_to_record(viewer, organisation)))


def may_record(viewer: Viewer, meeting: Meeting) -> bool:
    """Whether the viewer may say who was at this meeting, once it has begun."""
    return meetings_to_record(viewer, meeting.group.organisation).filter(pk=meeting.pk).exists()


def may_record_group(viewer: Viewer, group: Group) -> bool:
    """Whether the viewer may say who was at this group's meetings."""
    return groups_to_record(viewer, group.organisation).filter(pk=group.pk).exists()


def meetings_today(
    viewer: Viewer, organisation: Organisation, *, at: datetime
) -> QuerySet[Meeting]:
    """What the groups that the viewer leads have on the day it is at the organisation."""
    midnight = organisation.local(at).replace(hour=0, minute=0, second=0, microsecond=0)
    tomorrow = datetime.combine(midnight.date() + timedelta(days=1), time.min, organisation.zone)
    return _with_named(
        Meeting.objects.filter(
            group__in=_ids(led_groups(viewer, organisation)),
            starts_at__gte=midnight,
            starts_at__lt=tomorrow,
        )
    )


def meetings_not_recorded(
    viewer: Viewer, organisation: Organisation, *, at: datetime
) -> QuerySet[Meeting]:
    """Meetings that are over and wait for the viewer to say who came, the latest first.

    Only of groups the viewer leads, and none of today's.
    """
    midnight = organisation.local(at).replace(hour=0, minute=0, second=0, microsecond=0)
    return (
        meetings_to_record(viewer, organisation)
        .filter(
            group__in=_ids(led_groups(viewer, organisation)),
            status=Status.PLANNED,
            starts_at__lt=midnight,
        )
        .order_by("-starts_at", "-pk")
    )


def meetings_left_open(
    viewer: Viewer, organisation: Organisation, *, at: datetime
) -> QuerySet[Meeting]:
    """Meetings before today, of any group the viewer may record, of which nobody said who came."""
    midnight = organisation.local(at).replace(hour=0, minute=0, second=0, microsecond=0)
    return Meeting.objects.filter(
        group__in=_ids(groups_to_record(viewer, organisation)),
        status=Status.PLANNED,
        starts_at__lt=midnight,
    ).order_by("starts_at", "pk")


def coming_meetings(viewer: Viewer, group: Group, *, at: datetime) -> QuerySet[Meeting]:
    """The group's meetings that are not over, the next first."""
    return meetings_for(viewer, group.organisation).filter(group=group, ends_at__gt=at)


def own_meetings(viewer: Viewer, membership: Membership, *, at: datetime) -> QuerySet[Meeting]:
    """What is still to come in a group the viewer belongs to as a parent, the next first."""
    own = own_memberships(viewer).filter(pk=membership.pk)
    return Meeting.objects.filter(group__in=own.values("group"), ends_at__gt=at).order_by(
        "starts_at", "pk"
    )


def room_meetings(viewer: Viewer, group: Group, *, at: datetime) -> QuerySet[Meeting]:
    """What is still to come in a group whose room opens to the viewer, the next first."""
    coming = Meeting.objects.filter(group__in=room_of(viewer, group.pk), ends_at__gt=at)
    return coming.select_related("group__venue").order_by("starts_at", "pk")


def next_in_room(viewer: Viewer, group: Group, *, at: datetime) -> Meeting | None:
    """The meeting that comes next in a group whose room opens to the viewer."""
    return room_meetings(viewer, group, at=at).exclude(status=Status.CANCELLED).first()


def past_meetings(viewer: Viewer, group: Group, *, at: datetime) -> QuerySet[Meeting]:
    """The group's meetings that are over, the latest first."""
    return (
        meetings_for(viewer, group.organisation)
        .filter(group=group, ends_at__lte=at)
        .order_by("-starts_at", "-pk")
    )


def changed_meetings(viewer: Viewer, group: Group) -> QuerySet[Meeting]:
    """Meetings of the group that were moved or cancelled, for who sees it or has its room."""
    differs = ~Q(starts_at=F("occurrence")) | Q(status=Status.CANCELLED)
    seen = Q(group__in=groups_seen(viewer, group.organisation).values("pk"))
    mine = Q(group__in=room_of(viewer, group.pk))
    return _with_named(Meeting.objects.filter(seen | mine, differs, group=group))


def group_rows(viewer: Viewer, groups: QuerySet[Group], *, at: datetime) -> list[GroupRow]:
    """Groups that a selector found for this viewer, with what their meetings say of them.

    Two queries, however many groups.
    """
    meetings = Meeting.objects.filter(group=OuterRef("pk")).order_by()
    planned = meetings.filter(status=Status.PLANNED)
    coming = planned.filter(ends_at__gt=at).order_by("starts_at")
    members = Membership.objects.filter(group=OuterRef("pk"), left_on=None).order_by()
    found = groups.annotate(
        members=_count(members),
        sessions=_count(meetings.filter(starts_at__lte=at).exclude(status=Status.CANCELLED)),
        next_id=Subquery(coming.values("pk")[:1]),
        next_at=Subquery(coming.values("starts_at")[:1]),
        unrecorded=_count(planned.filter(ends_at__lte=at)),
    )
    return [GroupRow(g, g.members, g.sessions, g.next_id, g.next_at, g.unrecorded) for g in found]


def group_row(
    viewer: Viewer, groups: QuerySet[Group], group_id: int, *, at: datetime
) -> GroupRow | None:
    """One of the groups that a selector found for this viewer, or None."""
    return next(iter(group_rows(viewer, groups.filter(pk=group_id), at=at)), None)


def seats_at(viewer: Viewer, meeting: Meeting) -> list[Seat]:
    """The roll: who belonged to the group that day, and whoever else was there. Three queries.

    Empty unless the viewer sees the group.
    """
    group = meeting.group
    present = set(
        Attendance.objects.filter(meeting=meeting).values_list("membership_id", flat=True)
    )
    said = dict(Reply.objects.filter(meeting=meeting).values_list("membership_id", "will_come"))
    day = group.today(at=meeting.starts_at)
    there = Q(joined_on__lte=day) & (Q(left_on=None) | Q(left_on__gte=day))
    members = Membership.objects.filter(
        there | Q(pk__in=present),
        group=group,
        group__in=groups_seen(viewer, group.organisation),
    )
    return [
        Seat(member, member.pk in present, said.get(member.pk))
        for member in members.order_by("alias", "pk")
    ]


def corrections_of(viewer: Viewer, meeting: Meeting) -> list[Correction]:
    """Each time the attendance was corrected, the first one first. Two queries."""
    seen = meetings_for(viewer, meeting.group.organisation).filter(pk=meeting.pk)
    events = list(
        Event.objects.filter(
            kind="meeting.attendance_corrected",
            subject="meeting",
            subject_id__in=seen.values("pk"),
        ).order_by("at", "pk")
    )
    names = _names_of({event.by_id for event in events if event.by_id})
    return [
        Correction(
            event.at,
            names.get(event.by_id or 0, ""),
            Counts(**event.facts["before"]),
            Counts(**event.facts["after"]),
        )
        for event in events
    ]


def series_stamp(viewer: Viewer, group: Group) -> SeriesStamp:
    """What a calendar needs to know that it is newer than the last one. One query."""
    meetings = Meeting.objects.filter(group=group).values("pk")
    about = Q(subject="group", subject_id=group.pk) | Q(subject="meeting", subject_id__in=meetings)
    found = Event.objects.filter(about, kind__in=SERIES_CHANGES).aggregate(
        changes=Count("pk"), last_at=Max("at")
    )
    return SeriesStamp(found["changes"], found["last_at"] or group.created_at)


def _names_of(user_ids: Collection[int]) -> dict[int, str]:
    users = User.objects.filter(pk__in=user_ids)
    return {user.pk: user.get_short_name() for user in users}


def _ids(groups: QuerySet[Group]) -> QuerySet[Group, Any]:
    return groups.order_by().values("pk")


def _with_named(meetings: QuerySet[Meeting]) -> QuerySet[Meeting]:
    attended = Attendance.objects.filter(meeting=OuterRef("pk")).order_by()
    return (
        meetings.select_related("group__organisation", "group__programme", "group__venue")
        .annotate(named=_count(attended))
        .order_by("starts_at", "pk")
    )


def _count(rows: QuerySet) -> Coalesce:  # type: ignore[type-arg]
    """How many rows, as a subquery of its own: two joins would multiply one another."""
    key = "meeting" if rows.model is Attendance else "group"
    return Coalesce(Subquery(rows.values(key).annotate(n=Count("pk")).values("n")), 0)
