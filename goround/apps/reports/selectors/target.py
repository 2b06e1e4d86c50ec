"""The number of groups a network works towards, and what came of it: groups, and no person."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import Min, Q

from goround.apps.meetings.models import Meeting
from goround.apps.organisations.models import Network, Organisation, Programme
from goround.apps.organisations.playbooks import playbook_of
from goround.apps.organisations.selectors import Viewer, networks_for
from goround.apps.reports.counts import Days, started_in
from goround.apps.reports.selectors.network import ZONE
from goround.domain.counting import Month
from goround.domain.targets import Expected, expect

QUARTER = 3


@dataclass(frozen=True)
class Target:
    """Groups that met at least once since the target was set, against the number wanted."""

    groups: int
    wanted: int
    since: date
    by: date


@dataclass(frozen=True)
class HostBegun:
    """One organisation, and how many of its groups met at least once."""

    organisation: Organisation
    groups: int


@dataclass(frozen=True)
class Stand:
    """How it stood when a month was over: what there was, and what was then to be expected.

    ``expected`` is None where too few months were over.
    """

    month: Month
    so_far: int
    expected: Expected | None


@dataclass(frozen=True)
class Plan:
    """A network's target, month by month. ``begun`` are whole months that are over.

    A group counts in the month of its first held meeting since the target was set.
    """

    target: Target
    hosts: tuple[HostBegun, ...]
    begun: tuple[int, ...]
    months: int
    stands: tuple[Stand, ...]

    @property
    def now(self) -> Stand | None:
        return self.stands[-1] if self.stands else None

    @property
    def is_over(self) -> bool:
        return len(self.begun) >= self.months

    @property
    def needed(self) -> float | None:
        """Groups a month that would have to begin from now on; None when it is over or reached."""
        left, missing = self.months - len(self.begun), self.target.wanted - self.target.groups
        return missing / left if left > 0 and missing > 0 else None


def group_target(viewer: Viewer, network: Network, *, on: date) -> Target | None:
    """How far the network had come by a day; None where it has no target. Three queries."""
    found = _begun(viewer, network, on)
    return found[0] if found else None


def plan_of(viewer: Viewer, network: Network, *, on: date) -> Plan | None:
    """The target with every month until this day, for the network's office; else None.

    Four queries, however many groups.
    """
    found = _begun(viewer, network, on)
    if found is None:
        return None
    target, by_host, by_month = found
    first, months = Month.of(target.since), _months(target)
    over = [first.later(number) for number in range(months) if _is_over(first, number, on)]
    begun = tuple(by_month[month] for month in over)
    hosts = Organisation.objects.filter(network__in=networks_for(viewer).filter(pk=network.pk))
    return Plan(
        target,
        tuple(HostBegun(host, by_host[host.pk]) for host in hosts.order_by("name", "pk")),
        begun,
        months,
        tuple(_stand(first, begun[:number], months, target.wanted) for number in _ends(len(begun))),
    )


def _months(target: Target) -> int:
    """Whole months from the one it was set in to the one of its last day."""
    last, first = Month.of(target.by), Month.of(target.since)
    return (last.year - first.year) * 12 + last.number - first.number + 1


def _is_over(first: Month, number: int, on: date) -> bool:
    return first.later(number + 1).first_day <= on + timedelta(days=1)


def _ends(months: int) -> list[int]:
    """After how many months to look back: each quarter, and the last month that is over."""
    return sorted({*range(QUARTER, months + 1, QUARTER), *([months] if months else [])})


def _stand(first: Month, begun: tuple[int, ...], months: int, wanted: int) -> Stand:
    ahead = months - len(begun)
    return Stand(first.later(len(begun) - 1), sum(begun), expect(begun, ahead=ahead, wanted=wanted))


def _begun(
    viewer: Viewer, network: Network, on: date
) -> tuple[Target, Counter[int], Counter[Month]] | None:
    """The target on a day, groups by organisation, and by the month in which they first met."""
    seen = networks_for(viewer).filter(pk=network.pk)
    hosts = list(Organisation.objects.filter(network__in=seen).order_by("pk"))
    programmes = Programme.objects.filter(organisation__in=hosts).order_by("pk")
    targets = {one.pk: playbook_of(one).target for one in programmes}
    lengths = [target.months for target in targets.values() if target]
    if network.target_groups is None or network.target_by is None or not lengths:
        return None
    since = Month.of(network.target_by + timedelta(days=1)).later(-max(lengths)).first_day
    counted = Days(since, min(on, network.target_by))
    within = started_in(counted, [host.time_zone for host in hosts], zone=ZONE)
    first = _first_meetings(within, [key for key, target in targets.items() if target])
    by_id = {host.pk: host for host in hosts}
    by_host = Counter(host for host, _moment in first)
    by_month = Counter(Month.of(by_id[host].local(moment).date()) for host, moment in first)
    target = Target(len(first), network.target_groups, since, network.target_by)
    return target, by_host, by_month


def _first_meetings(within: Q, programmes: list[int]) -> list[tuple[int, datetime]]:
    held = Meeting.objects.filter(
        within, group__programme__in=programmes, status=Meeting.Status.HELD
    )
    rows = held.order_by().values_list("group", "group__organisation").annotate(Min("starts_at"))
    return [(host, moment) for _group, host, moment in rows]
