"""An organisation's picture over a period, for its own staff: exact, and not for publication.

What a network's office gets is released: see ``goround.apps.releases``.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from django.db.models import Count, Exists, Max, Min, OuterRef, Q, QuerySet, Subquery, Sum
from django.utils.translation import gettext as _

from goround.apps.groups.models import Group, Leadership
from goround.apps.meetings.models import Attendance, Meeting
from goround.apps.organisations.models import Organisation, Programme
from goround.apps.organisations.playbooks import playbook_of
from goround.apps.organisations.roles import Permission
from goround.apps.organisations.selectors import Viewer, organisations_for
from goround.apps.people.models import Parent, Referral, Training
from goround.apps.reports.counts import Days, started_in
from goround.apps.reports.selectors.network import ZONE
from goround.domain.counting import Month
from goround.domain.playbook import Choice
from goround.domain.privacy import Share

HELD = Meeting.Status.HELD


@dataclass(frozen=True)
class Line:
    """One row of a table: a key's label, and its share of everything that is known."""

    label: str
    share: Share


@dataclass(frozen=True)
class Snapshot:
    """``participants`` are different parents who were named at one meeting or more.

    ``heads`` came without a name, cannot be told apart, and are in no other figure here.
    """

    days: Days
    participants: int
    men: Share
    sources: tuple[Line, ...]
    source_unknown: int
    groups: int
    types: tuple[Line, ...]
    type_unknown: int
    fully_led: Share
    trained: int
    meetings: int
    meetings_not_counted: int
    heads: int


def periods(viewer: Viewer, organisation: Organisation) -> list[Days]:
    """For each year with meetings its first month to its last, the year of most groups first.

    A group that met in two years is taken to have met in every month between. Two queries.
    """
    hosts = _hosts(viewer, organisation)
    zone = hosts[0].zone if hosts else None
    spans = (
        Meeting.objects.filter(group__organisation__in=hosts, status=HELD)
        .values_list("group")
        .annotate(first=Min("starts_at"), last=Max("starts_at"))
        .order_by()
    )
    years: dict[int, Counter[Days]] = defaultdict(Counter)
    months = Counter(
        (Month.of(first.astimezone(zone).date()), Month.of(last.astimezone(zone).date()))
        for _group, first, last in spans
    )
    for (begin, end), groups in months.items():
        for part in _by_year(begin, end):
            years[part.first.year][part] += groups
    busiest = sorted(years.items(), key=lambda year: (year[1].total(), year[0]), reverse=True)
    return [
        Days(min(part.first for part in parts), max(part.last for part in parts))
        for _year, parts in busiest
    ]


def snapshot(viewer: Viewer, organisation: Organisation, days: Days) -> Snapshot | None:
    """The picture of these days, or None for anybody who may not see the organisation's month.

    Six queries, however many people and groups.
    """
    hosts = _hosts(viewer, organisation)
    if not hosts:
        return None
    playbooks = {
        programme.pk: playbook_of(programme)
        for programme in Programme.objects.filter(organisation__in=hosts).order_by("pk")
    }
    zones = [host.time_zone for host in hosts]
    within = started_in(days, zones, zone=ZONE)
    held = Meeting.objects.filter(within, group__organisation__in=hosts, status=HELD)
    groups = _groups(held, days)
    genders, sources = _people(held)
    types = Counter(group.type for group in groups)
    full = [group.led >= playbooks[group.programme].leaders.facilitators for group in groups]
    in_use = [playbooks[key] for key in sorted({group.programme for group in groups})]
    type_choices = [choice for book in in_use for choice in book.types]
    source_choices = [choice for book in in_use for choice in book.referral_sources]
    known = genders.total() - genders[Parent.Gender.UNKNOWN]
    return Snapshot(
        days=days,
        participants=genders.total(),
        men=Share(genders[Parent.Gender.MALE], known, genders[Parent.Gender.UNKNOWN]),
        sources=_lines(sources, source_choices),
        source_unknown=sources[""],
        groups=len(groups),
        types=_lines(types, type_choices),
        type_unknown=types[""],
        fully_led=Share(sum(full), len(full)),
        trained=_trained(hosts, days),
        **_meetings(held),
    )


def _hosts(viewer: Viewer, organisation: Organisation) -> list[Organisation]:
    seen = organisations_for(viewer, needs=Permission.SEE_MONTH)
    return list(seen.filter(pk=organisation.pk))


def _by_year(begin: Month, end: Month) -> Iterable[Days]:
    """From the first day of the one to the last of the other, cut at each New Year."""
    for year in range(begin.year, end.year + 1):
        first = max(Days.of(begin).first, date(year, 1, 1))
        yield Days(first, min(Days.of(end).last, date(year, 12, 31)))


class _Met(NamedTuple):
    """A group that met: its type, its programme, and how many facilitators led it."""

    type: str
    programme: int
    led: int


def _groups(held: QuerySet[Meeting], days: Days) -> list[_Met]:
    leading = Q(leaderships__part=Leadership.Part.FACILITATOR)
    leading &= Q(leaderships__from_on__lte=days.last)
    leading &= Q(leaderships__to_on=None) | Q(leaderships__to_on__gte=days.first)
    rows = (
        Group.objects.filter(pk__in=held.values("group"))
        .annotate(led=Count("leaderships__facilitator", filter=leading, distinct=True))
        .order_by()
        .values_list("type", "programme", "led")
    )
    return [_Met(*row) for row in rows]


def _people(held: QuerySet[Meeting]) -> tuple[Counter[str], Counter[str]]:
    """The different parents who were named there, by gender and by who referred them first."""
    first = Referral.objects.filter(parent=OuterRef("pk")).order_by("waiting_since", "pk")
    came = Attendance.objects.filter(meeting__in=held).values("membership__parent")
    rows = (
        Parent.objects.filter(pk__in=came)
        .annotate(first_source=Subquery(first.values("source")[:1]))
        .values_list("gender", "first_source")
        .annotate(people=Count("pk"))
        .order_by()
    )
    genders: Counter[str] = Counter()
    sources: Counter[str] = Counter()
    for gender, source, people in rows:
        genders[gender] += people
        sources[source or ""] += people
    return genders, sources


def _meetings(held: QuerySet[Meeting]) -> dict[str, int]:
    nobody_named = ~Exists(Attendance.objects.filter(meeting=OuterRef("pk")))
    sums = held.aggregate(
        meetings=Count("pk"),
        meetings_not_counted=Count("pk", filter=Q(nobody_named, heads_parents=None)),
        heads=Sum("heads_parents", default=0),
    )
    return dict(sums)


def _trained(hosts: list[Organisation], days: Days) -> int:
    """Facilitators who had completed a training by the last of these days."""
    done = Training.objects.filter(facilitator__organisation__in=hosts, completed_on__lte=days.last)
    return done.values("facilitator").distinct().count()


def _lines(counted: Counter[str], choices: Iterable[Choice]) -> tuple[Line, ...]:
    """A line for each key a playbook lists and for any other that was found, most first.

    Equal numbers stay in the playbook's order.
    """
    labels: dict[str, str] = {}
    for choice in choices:
        labels.setdefault(choice.key, choice.label)
    if "any" in counted:
        labels.setdefault("any", _("No particular type"))
    labels |= {key: key for key in sorted(counted) if key and key not in labels}
    known = sum(number for key, number in counted.items() if key)
    lines = [Line(label, Share(counted[key], known)) for key, label in labels.items()]
    return tuple(sorted(lines, key=lambda line: -line.share.numerator))
