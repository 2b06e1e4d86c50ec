"""One organisation's month, group by group."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Q, QuerySet

from goround.apps.groups.models import Group
from goround.apps.meetings.models import Attendance, Meeting
from goround.apps.organisations.models import Organisation
from goround.apps.organisations.playbooks import playbook_of
from goround.apps.organisations.roles import Permission
from goround.apps.organisations.selectors import Viewer, organisations_for
from goround.apps.reports.counts import Days, grouped, persons_by, started_in
from goround.domain.calendar import statistics_due
from goround.domain.counting import Figures, Month, count, together


@dataclass(frozen=True)
class GroupMonth:
    group: Group
    figures: Figures

    @property
    def is_in(self) -> bool:
        """Whether somebody has said of every meeting that is over how it went."""
        return not self.figures.not_recorded


@dataclass(frozen=True)
class Due:
    """The day a playbook wants the month's figures by, and whose are not in yet."""

    month: Month
    on: date
    groups: int
    missing: tuple[GroupMonth, ...]


@dataclass(frozen=True)
class OrganisationMonth:
    month: Month
    rows: tuple[GroupMonth, ...]
    total: Figures
    dues: tuple[Due, ...]
    # Groups whose playbook names no day.
    without_day: int


def month_of(
    viewer: Viewer, organisation: Organisation, month: Month, *, at: datetime
) -> OrganisationMonth:
    """The figures of each group that met or should have met that month, by name, and of all.

    Empty unless the viewer may see this organisation's month. Four queries, however many groups.
    """
    seen = organisations_for(viewer, needs=Permission.SEE_MONTH).filter(pk=organisation.pk)
    days, zones = Days.of(month), [organisation.time_zone]
    meetings = Meeting.objects.filter(started_in(days, zones), group__organisation__in=seen)
    named = Attendance.objects.filter(
        started_in(days, zones, to="meeting__"),
        meeting__status=Meeting.Status.HELD,
        meeting__group__organisation__in=seen,
    )
    _, end = days.instants(organisation.time_zone)
    by_group = grouped(meetings, "group", at=at)
    persons = persons_by(named, "membership__group")
    rows = tuple(
        GroupMonth(group, count(by_group.get(group.pk, ()), persons=persons.get(group.pk, 0)))
        for group in _groups(seen, month, end, list(by_group))
    )
    total = together(
        (row.figures for row in rows), persons=persons_by(named, _OF).get(organisation.pk, 0)
    )
    return OrganisationMonth(month, rows, total, *_dues(rows, month))


def reminders(viewer: Viewer, organisation: Organisation, *, at: datetime) -> list[Due]:
    """What last month still lacks, by the clock of the organisation."""
    last = Month.of(organisation.local(at).date()).later(-1)
    return [due for due in month_of(viewer, organisation, last, at=at).dues if due.missing]


_OF = "membership__group__organisation"


def _groups(
    seen: QuerySet[Organisation], month: Month, end: datetime, met: list[int]
) -> QuerySet[Group]:
    """Groups with a meeting that month, and those that were going on without one."""
    not_ended = Q(ended_on=None) | Q(ended_on__gte=month.first_day)
    return (
        Group.objects.filter(Q(pk__in=met) | Q(first_at__lt=end) & not_ended, organisation__in=seen)
        .select_related("programme")
        .only("name", "programme__playbook_key", "programme__own_rules")
        .order_by("name", "pk")
    )


def _dues(rows: tuple[GroupMonth, ...], month: Month) -> tuple[tuple[Due, ...], int]:
    by_day: dict[date, list[GroupMonth]] = defaultdict(list)
    for row in rows:
        day = playbook_of(row.group.programme).statistics_day
        if day is not None:
            by_day[statistics_due(month.year, month.number, day)].append(row)
    dues = tuple(
        Due(month, on, len(asked), tuple(row for row in asked if not row.is_in))
        for on, asked in sorted(by_day.items())
    )
    return dues, len(rows) - sum(due.groups for due in dues)
