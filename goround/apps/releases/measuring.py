"""The exact figures, straight from the rows. They go into an audit, and nowhere else.

A unit that had no meeting in a period is no cell there: that it did not meet is no secret.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import (
    BooleanField,
    Count,
    ExpressionWrapper,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
)

from goround.apps.groups.models import Group
from goround.apps.meetings.models import Attendance, Meeting
from goround.apps.organisations.models import Organisation, Programme
from goround.apps.organisations.playbooks import playbook_of
from goround.apps.people.models import Parent, Referral, Training
from goround.apps.releases.catalogue import ADDING, PERSONS, Asked, Table, first_day, last_day
from goround.apps.releases.families import families_of
from goround.apps.releases.money import lines_in
from goround.apps.releases.noting import NOT_SAID, note
from goround.apps.releases.outcomes import KINDS, outcome_figures
from goround.apps.reports.counts import Days, grouped, started_in
from goround.domain.counting import Figures, count
from goround.domain.disclosure import Cell, Span

ZONE = "group__organisation__time_zone"
HELD = Meeting.Status.HELD
# What counts as which, by status and whether the hour is over.
STATES = {
    "held": {(HELD, True), (HELD, False)},
    "cancelled": {(Meeting.Status.CANCELLED, True), (Meeting.Status.CANCELLED, False)},
    "not-recorded": {(Meeting.Status.PLANNED, True)},
}


@dataclass(frozen=True)
class Measuring:
    """What one network's rows say at one moment."""

    hosts: Sequence[Organisation]
    at: datetime

    def people(self, needed: Iterable[Asked]) -> dict[Cell, int]:
        """Complete figures of these measures and periods, network, organisations and groups."""
        needed = set(needed)
        found: dict[Cell, int] = defaultdict(int)
        months = {month for key, span in needed if key in ADDING for month in span.each()}
        for month in sorted(months):
            for cell, number in self._month(month).items():
                if (cell.measure, month) in needed:
                    found[cell] = number
        for key, span in needed:
            if key in ADDING and span.months > 1:
                _add_up(found, key, span)
        for span in {span for key, span in needed if key in PERSONS}:
            for cell, number in self._persons(span, {k for k, s in needed if s == span}).items():
                found[cell] = number
        for span in {span for key, span in needed if key in KINDS}:
            kinds = {key for key, other in needed if other == span} & KINDS
            found |= outcome_figures(self.hosts, span, kinds)
        return dict(found)

    def exact(self, table: Table, span: Span) -> dict[Cell, int]:
        """Groups and meetings. Nobody can be found in them, so they need no protection."""
        asked = {measure.key for measure in table.exact}
        splits = {split for measure in table.exact for split in measure.splits}
        found: Counter[Cell] = Counter()
        if "meetings" in asked:
            for host, state, number in self._states(span):
                note(found, Cell("meetings", span, (host,), "state", state), number)
        if "groups" in asked:
            held = self._meetings(span).filter(status=HELD)
            groups = Group.objects.filter(pk__in=held.values("group")).order_by()
            for host, kind, number in groups.values_list("organisation", "type").annotate(
                Count("pk")
            ):
                cell = Cell("groups", span, (host,), "type", kind or NOT_SAID)
                note(found, cell, number)
        if "groups-with-costs" in asked:
            for host, number in self._with_costs(span):
                note(found, Cell("groups-with-costs", span, (host,)), number, whole=False)
        return {
            cell: number
            for cell, number in found.items()
            # One men's group at one organisation would say that men come there.
            if not cell.split or (cell.split in splits and (cell.split != "type" or not cell.unit))
        }

    def _states(self, span: Span) -> Iterable[tuple[int, str, int]]:
        """Of every organisation that had a meeting, each state, also with none."""
        over = ExpressionWrapper(Q(ends_at__lte=self.at), BooleanField())
        rows = (
            self._meetings(span).annotate(over=over).values_list("organisation", "status", "over")
        )
        for host, status, is_over, number in rows.annotate(Count("pk")).order_by():
            for state, known in STATES.items():
                yield host, state, number if (status, is_over) in known else 0

    def _with_costs(self, span: Span) -> Iterable[tuple[int, int]]:
        """Of the groups that met, how many of each organisation have a cost line."""
        held = self._meetings(span).filter(status=HELD).order_by()
        lines = lines_in(self.hosts, span).filter(group__in=held.values("group"))
        told = (
            lines.order_by().values("organisation").annotate(number=Count("group", distinct=True))
        )
        return [(row["organisation"], row["number"]) for row in told]

    def _days(self, span: Span) -> Days:
        return Days(first_day(span), last_day(span))

    def _within(self, span: Span, *, to: str = "") -> Q:
        zones = [host.time_zone for host in self.hosts]
        return started_in(self._days(span), zones, zone=ZONE, to=to)

    def _meetings(self, span: Span) -> QuerySet[Meeting]:
        return Meeting.objects.filter(self._within(span), group__organisation__in=self.hosts)

    def _by_group(self, span: Span) -> dict[tuple[int, int], Figures]:
        by_group = grouped(self._meetings(span), "group", at=self.at)
        hosts = dict(Group.objects.filter(pk__in=by_group).values_list("pk", "organisation"))
        return {
            (hosts[group], group): count(meetings) for group, meetings in sorted(by_group.items())
        }

    def _month(self, month: Span) -> dict[Cell, int]:
        found: Counter[Cell] = Counter()
        for (host, group), figures in self._by_group(month).items():
            came = Cell("attendances", month, (host, group))
            found[came] += figures.parents.total
            told = {
                "new": figures.new,
                "returning": figures.returning,
                NOT_SAID: figures.unclear,
            }
            for kind, number in told.items():
                note(found, Cell("attendances", month, (host,), "newness", kind), number)
            brought = Cell("children-attendances", month, (host,))
            for cell in (brought, brought.above):
                found[cell] += figures.children.total
        return dict(found)

    def _persons(self, span: Span, keys: set[str]) -> dict[Cell, int]:
        """Different parents who were named, and who belongs to them. Nobody is in two hosts."""
        found: Counter[Cell] = Counter()
        held = self._meetings(span).filter(status=HELD)
        met = sorted(set(held.order_by().values_list("organisation", flat=True)))
        came = Attendance.objects.filter(meeting__in=held).values("membership__parent")
        parents = Parent.objects.filter(organisation__in=met, pk__in=came)
        if "trained" in keys:
            self._trained(found, span, met)
        if "parents" in keys:
            self._parents(found, span, met, parents)
        # Only a federal year asks for these; nothing locked is opened for the other tables.
        if {"families", "children"} & keys:
            found.update(families_of(parents, span, met).figures(keys))
        return dict(found)

    def _parents(
        self, found: Counter[Cell], span: Span, met: list[int], parents: QuerySet[Parent]
    ) -> None:
        sources = self._sources(span)
        for host in met:
            for gender in Parent.Gender.values:
                note(found, Cell("parents", span, (host,), "gender", gender or NOT_SAID), 0)
            for source in sources:
                note(found, Cell("parents", span, (host,), "source", source), 0, whole=False)
        first = Referral.objects.filter(parent=OuterRef("pk")).order_by("waiting_since", "pk")
        rows = (
            parents.annotate(first_source=Subquery(first.values("source")[:1]))
            .values_list("organisation", "gender", "first_source")
            .annotate(people=Count("pk"))
            .order_by()
        )
        for host, gender, source, people in rows:
            here = Cell("parents", span, (host,))
            by_gender = Cell("parents", span, here.unit, "gender", gender or NOT_SAID)
            by_source = Cell("parents", span, here.unit, "source", source or NOT_SAID)
            note(found, by_gender, people)
            note(found, by_source, people, whole=False)

    def _sources(self, span: Span) -> list[str]:
        """What the playbooks in use list, and those of whom it is not known."""
        held = self._meetings(span).filter(status=HELD)
        programmes = Programme.objects.filter(pk__in=held.values("group__programme")).order_by("pk")
        keys = [c.key for one in programmes for c in playbook_of(one).referral_sources]
        return [*dict.fromkeys(keys), NOT_SAID]

    def erased(self, span: Span) -> dict[int, int]:
        """Of each organisation, how many who came had everything about them erased since."""
        held = self._meetings(span).filter(status=HELD)
        came = Attendance.objects.filter(meeting__in=held).values("membership__parent")
        gone = Parent.objects.filter(pk__in=came).exclude(erased_at=None).order_by()
        return dict(gone.values_list("organisation").annotate(Count("pk")))

    def _trained(self, found: Counter[Cell], span: Span, met: list[int]) -> None:
        done = Training.objects.filter(
            facilitator__organisation__in=met, completed_on__lte=last_day(span)
        )
        numbers = dict(
            done.values_list("facilitator__organisation")
            .annotate(people=Count("facilitator", distinct=True))
            .order_by()
        )
        for host in met:
            for unit in ((host,), ()):
                found[Cell("trained", span, unit)] += numbers.get(host, 0)


def _add_up(found: dict[Cell, int], key: str, span: Span) -> None:
    for month in span.each():
        for cell in [c for c in found if c.measure == key and c.span == month]:
            found[cell.during(span)] += found[cell]
