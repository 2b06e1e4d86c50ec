"""What a network's office may see as it is: meetings and groups, and no count of people.

Counts of people are released: see ``goround.apps.releases``.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, datetime

from goround.apps.groups.models import Group
from goround.apps.meetings.models import Meeting
from goround.apps.organisations.models import Network, Organisation, Programme
from goround.apps.organisations.playbooks import playbook_of
from goround.apps.organisations.selectors import Viewer, networks_for
from goround.apps.reports.counts import Days, grouped, started_in
from goround.domain import counting
from goround.domain.calendar import statistics_due
from goround.domain.counting import Month, count


@dataclass(frozen=True)
class MeetingSums:
    """How many meetings there were, and nothing of who came."""

    planned: int = 0
    held: int = 0
    cancelled: int = 0
    not_recorded: int = 0
    to_come: int = 0

    @classmethod
    def of(cls, meetings: list[counting.Meeting]) -> MeetingSums:
        told = count(meetings)
        return cls(told.planned, told.held, told.cancelled, told.not_recorded, told.to_come)

    def __add__(self, other: MeetingSums) -> MeetingSums:
        return MeetingSums(
            self.planned + other.planned,
            self.held + other.held,
            self.cancelled + other.cancelled,
            self.not_recorded + other.not_recorded,
            self.to_come + other.to_come,
        )


@dataclass(frozen=True)
class HostMonth:
    """One organisation's sums. ``groups`` had at least one meeting in the calendar."""

    organisation: Organisation
    groups: int
    groups_not_in: int
    # The earliest day a playbook of these groups names; None when none does.
    due_on: date | None
    meetings: MeetingSums


@dataclass(frozen=True)
class NetworkMonth:
    month: Month
    rows: tuple[HostMonth, ...]
    groups: int
    groups_not_in: int
    total: MeetingSums


@dataclass
class _Sums:
    meetings: list[counting.Meeting]
    groups: int = 0
    not_in: int = 0
    due_on: date | None = None


ZONE = "group__organisation__time_zone"


def present_month(viewer: Viewer, network: Network, *, at: datetime) -> Month:
    """The month it is at the first of the organisations; by UTC when there is none."""
    seen = networks_for(viewer).filter(pk=network.pk)
    first = Organisation.objects.filter(network__in=seen).order_by("name", "pk").first()
    return Month.of((first.local(at) if first else at).date())


def network_month(viewer: Viewer, network: Network, month: Month, *, at: datetime) -> NetworkMonth:
    """Every organisation's meetings of one month, by name, and the network's.

    The month is each organisation's own, by its clock. Empty for anybody but the network's
    office. Four queries, however many organisations and groups.
    """
    seen = networks_for(viewer).filter(pk=network.pk)
    hosts = list(Organisation.objects.filter(network__in=seen).order_by("name", "pk"))
    days, zones = Days.of(month), [host.time_zone for host in hosts]
    meetings = Meeting.objects.filter(
        started_in(days, zones, zone=ZONE), group__organisation__network__in=seen
    )
    sums = _sums(grouped(meetings, "group", at=at), month)
    rows = tuple(_row(host, sums[host.pk]) for host in hosts)
    return NetworkMonth(
        month,
        rows,
        sum(row.groups for row in rows),
        sum(row.groups_not_in for row in rows),
        sum((row.meetings for row in rows), MeetingSums()),
    )


def _sums(by_group: dict[int, list[counting.Meeting]], month: Month) -> defaultdict[int, _Sums]:
    """Each organisation's meetings in one heap, with how many groups have not told of theirs."""
    found = Group.objects.filter(pk__in=list(by_group)).order_by()
    groups = list(found.values_list("pk", "organisation", "programme"))
    days = _statistics_days({programme for _, _, programme in groups})
    sums: defaultdict[int, _Sums] = defaultdict(lambda: _Sums([]))
    for group, host, programme in groups:
        so_far = sums[host]
        so_far.meetings += by_group[group]
        so_far.groups += 1
        so_far.not_in += any(
            meeting.state is counting.State.NOT_RECORDED for meeting in by_group[group]
        )
        day = days[programme]
        if day is not None:
            due_on = statistics_due(month.year, month.number, day)
            so_far.due_on = min(so_far.due_on or due_on, due_on)
    return sums


def _statistics_days(programmes: set[int]) -> dict[int, int | None]:
    found = Programme.objects.filter(pk__in=programmes)
    return {programme.pk: playbook_of(programme).statistics_day for programme in found}


def _row(host: Organisation, sums: _Sums) -> HostMonth:
    return HostMonth(host, sums.groups, sums.not_in, sums.due_on, MeetingSums.of(sums.meetings))
