"""How rows of meetings become the domain's figures. Attendances are counted in the database."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import (
    BooleanField,
    Count,
    Exists,
    ExpressionWrapper,
    OuterRef,
    Q,
    QuerySet,
)

from goround.apps.meetings.models import Attendance, Meeting
from goround.domain import counting
from goround.domain.counting import Month, State


@dataclass(frozen=True, order=True)
class Days:
    """A span of whole days, both included."""

    first: date
    last: date

    @classmethod
    def of(cls, month: Month) -> Days:
        return cls(month.first_day, month.later(1).first_day - timedelta(days=1))

    def instants(self, zone: str) -> tuple[datetime, datetime]:
        """The first moment of the span and the first one after it, by the clocks of a zone."""
        clock = ZoneInfo(zone)
        begin = datetime.combine(self.first, time(), clock)
        return begin, datetime.combine(self.last + timedelta(days=1), time(), clock)


def started_in(days: Days, zones: Iterable[str], *, zone: str = "", to: str = "") -> Q:
    """Meetings that started on these days as they pass in each time zone.

    ``to`` is the relation that leads to the meeting, ``zone`` the one from there to its zone,
    needed when there are several.
    """
    asked = Q(pk__in=[])
    for name in sorted(set(zones)):
        begin, end = days.instants(name)
        inside = Q(**{f"{to}starts_at__gte": begin, f"{to}starts_at__lt": end})
        asked |= inside & Q(**{f"{to}{zone}": name}) if zone else inside
    return asked


def grouped(
    meetings: QuerySet[Meeting], key: str, *, at: datetime
) -> dict[Any, list[counting.Meeting]]:
    """The meetings as the domain counts them, by the column ``key``. One query.

    Who was there for the first time is asked of everything the group ever held, not only of
    these meetings.
    """
    earlier = Attendance.objects.filter(
        Q(meeting__starts_at__lt=OuterRef("starts_at"))
        | Q(meeting__starts_at=OuterRef("starts_at"), meeting__lt=OuterRef("pk")),
        membership__parent=OuterRef("attendances__membership__parent"),
        membership__group=OuterRef("group"),
        meeting__status=Meeting.Status.HELD,
    )
    rows = meetings.annotate(
        over=ExpressionWrapper(Q(ends_at__lte=at), BooleanField()),
        named=Count("attendances"),
        named_new=Count("attendances", filter=~Exists(earlier)),
    ).values_list(
        key, "status", "over", "named", "named_new", "heads_parents", "heads_new", "children"
    )
    found: dict[Any, list[counting.Meeting]] = defaultdict(list)
    for group, status, over, *counts in rows.order_by():
        found[group].append(counting.Meeting(_state(status, over=over), *counts))
    return found


def persons_by(attendances: QuerySet[Attendance], key: str) -> dict[Any, int]:
    """How many different parents were named, by the column ``key``. One query."""
    rows = attendances.values(key).annotate(persons=Count("membership__parent", distinct=True))
    return {row[key]: row["persons"] for row in rows.order_by()}


def _state(status: str, *, over: bool) -> State:
    if status == Meeting.Status.HELD:
        return State.HELD
    if status == Meeting.Status.CANCELLED:
        return State.CANCELLED
    return State.NOT_RECORDED if over else State.TO_COME
