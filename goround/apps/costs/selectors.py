"""What groups cost, for those who keep an organisation's money together. Exact, and kept inside."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import QuerySet, Sum

from goround.apps.costs.models import Budget, CostLine, OwnCurrency
from goround.apps.groups.models import Group
from goround.apps.meetings.models import Attendance, Meeting
from goround.apps.organisations.models import Organisation
from goround.apps.organisations.roles import Permission
from goround.apps.organisations.selectors import Viewer, organisations_for
from goround.apps.reports.counts import Days, grouped, persons_by, started_in
from goround.domain.costs import Currency, Kind, Line, Rates, Sums, add_up, rates
from goround.domain.counting import Figures, count, together


def _may(viewer: Viewer, organisation: Organisation) -> QuerySet[Organisation]:
    return organisations_for(viewer, needs=Permission.KEEP_COSTS).filter(pk=organisation.pk)


def currency_of(viewer: Viewer, organisation: Organisation) -> Currency | None:
    """What the organisation counts in; None until somebody has chosen."""
    own = OwnCurrency.objects.filter(organisation__in=_may(viewer, organisation)).first()
    return own.currency if own else None


def costed_groups(viewer: Viewer, organisation: Organisation) -> QuerySet[Group]:
    """Groups whose costs the viewer keeps, ended ones too."""
    return (
        Group.objects.filter(organisation__in=_may(viewer, organisation))
        .select_related("organisation")
        .order_by("name", "pk")
    )


def lines_for(viewer: Viewer, organisation: Organisation) -> QuerySet[CostLine]:
    """Every cost line of the organisation, planned and spent, the latest first."""
    return (
        CostLine.objects.filter(organisation__in=_may(viewer, organisation))
        .select_related("group__organisation", "budget")
        .order_by("-spent_on", "-pk")
    )


def budgets_for(viewer: Viewer, organisation: Organisation) -> QuerySet[Budget]:
    return (
        Budget.objects.filter(organisation__in=_may(viewer, organisation))
        .select_related("group__organisation")
        .order_by("-first_on", "-pk")
    )


def lines_of(viewer: Viewer, group: Group) -> QuerySet[CostLine]:
    return lines_for(viewer, group.organisation).filter(group=group)


def budgets_of(viewer: Viewer, group: Group) -> QuerySet[Budget]:
    return budgets_for(viewer, group.organisation).filter(group=group)


def budget_around(viewer: Viewer, group: Group, day: date) -> Budget | None:
    """The budget of the group that holds this day; there is never another."""
    return budgets_of(viewer, group).filter(first_on__lte=day, last_on__gte=day).first()


def years_of_costs(
    viewer: Viewer, organisation: Organisation, *, group: Group | None = None
) -> list[int]:
    """The years in which anything was spent, on one group or any, the latest first."""
    spent = lines_for(viewer, organisation).exclude(spent_on=None)
    spent = spent.filter(group=group) if group else spent
    return [day.year for day in spent.dates("spent_on", "year", order="DESC")]


@dataclass(frozen=True)
class Compared:
    """One kind of cost: what was planned beside what was spent."""

    kind: Kind
    planned: int
    spent: int

    @property
    def left(self) -> int:
        return self.planned - self.spent


@dataclass(frozen=True)
class Apiece:
    """Money and donated value for each meeting, attendance and participant."""

    paid: Rates
    donated: Rates


@dataclass(frozen=True)
class GroupCosts:
    """One group over some days. ``planned`` is None where no budget is looked at."""

    days: Days
    budget: Budget | None
    planned_lines: tuple[CostLine, ...]
    lines: tuple[CostLine, ...]
    planned: Sums
    spent: Sums
    met: Figures

    @property
    def money(self) -> list[Compared]:
        return _compared(self.planned.paid_by_kind, self.spent.paid_by_kind)

    @property
    def gifts(self) -> list[Compared]:
        return _compared(self.planned.donated_by_kind, self.spent.donated_by_kind)

    @property
    def left(self) -> int:
        return self.planned.paid - self.spent.paid

    @property
    def gifts_left(self) -> int:
        return self.planned.donated - self.spent.donated

    @property
    def planned_each(self) -> Rates | None:
        """What the budget gives each meeting it is for."""
        if self.budget is None:
            return None
        return _rates(self.planned.paid, Figures(held=self.budget.meetings))

    @property
    def apiece(self) -> Apiece:
        return _apiece(self.spent, self.met)


@dataclass(frozen=True)
class GroupRow:
    group: Group
    paid: int
    donated: int
    met: Figures

    @property
    def rates(self) -> Rates:
        return _rates(self.paid, self.met)


@dataclass(frozen=True)
class BudgetRow:
    """A budget that is running, and how much of it is gone."""

    budget: Budget
    planned: int
    spent: int

    @property
    def left(self) -> int:
        return self.planned - self.spent

    @property
    def percent(self) -> int | None:
        return self.spent * 100 // self.planned if self.planned else None


@dataclass(frozen=True)
class OrganisationCosts:
    """``met`` are the meetings of the groups in ``rows`` only: those that cost something.

    ``without`` met in these days and have no cost line.
    """

    days: Days
    rows: tuple[GroupRow, ...]
    without: int
    spent: Sums
    met: Figures

    @property
    def apiece(self) -> Apiece:
        return _apiece(self.spent, self.met)

    @property
    def money(self) -> list[Compared]:
        return _compared({}, self.spent.paid_by_kind)

    @property
    def gifts(self) -> list[Compared]:
        return _compared({}, self.spent.donated_by_kind)


def group_costs(
    viewer: Viewer, group: Group, days: Days, *, budget: Budget | None = None, at: datetime
) -> GroupCosts:
    """What the group cost in these days, beside a budget. Four queries, however many lines."""
    seen = lines_of(viewer, group)
    spent = tuple(seen.filter(spent_on__range=(days.first, days.last)))
    planned = tuple(seen.filter(budget=budget).order_by("pk")) if budget else ()
    groups = costed_groups(viewer, group.organisation).filter(pk=group.pk)
    meetings = _meetings(group.organisation, days).filter(group__in=groups.order_by().values("pk"))
    met = _met(meetings, at=at).get(group.pk, Figures())
    return GroupCosts(
        days,
        budget,
        planned,
        spent,
        add_up(line.plain for line in planned),
        add_up(line.plain for line in spent),
        met,
    )


def organisation_costs(
    viewer: Viewer, organisation: Organisation, days: Days, *, at: datetime
) -> OrganisationCosts:
    """Every group that cost something in these days, by name, and all of them.

    At most five queries, however many groups and lines.
    """
    within = lines_for(viewer, organisation).filter(spent_on__range=(days.first, days.last))
    by_group: dict[int, list[Line]] = defaultdict(list)
    sums = within.order_by().values_list("group", "kind", "is_donated").annotate(Sum("amount"))
    for group, kind, is_donated, amount in sums:
        by_group[group].append(Line(Kind(kind), amount, is_donated))
    here = _may(viewer, organisation).order_by().values("pk")
    meetings = _meetings(organisation, days).filter(organisation__in=here)
    met = _met(meetings, at=at)
    rows = tuple(
        _row(group, add_up(by_group[group.pk]), met.get(group.pk, Figures()))
        for group in Group.objects.filter(pk__in=list(by_group)).order_by("name", "pk")
    )
    persons = _persons(rows, meetings)
    return OrganisationCosts(
        days,
        rows,
        sum(1 for group, told in met.items() if told.held and group not in by_group),
        add_up(line for lines in by_group.values() for line in lines),
        together((row.met for row in rows), persons=persons),
    )


def budgets_on(viewer: Viewer, organisation: Organisation, day: date) -> list[BudgetRow]:
    """The budgets that run on a day, and the money spent of each. Two queries."""
    running = budgets_for(viewer, organisation).filter(first_on__lte=day, last_on__gte=day)
    found = list(running.order_by("group__name", "pk"))
    if not found:
        return []
    planned, spent = defaultdict[int, int](int), defaultdict[int, int](int)
    by_group = {one.group_id: one for one in found}
    money = CostLine.objects.filter(group__in=list(by_group), is_donated=False)
    for group, budget, on, amount in money.values_list("group", "budget", "spent_on", "amount"):
        if on is None:
            planned[budget] += amount
        elif by_group[group].first_on <= on <= by_group[group].last_on:
            spent[group] += amount
    return [BudgetRow(one, planned[one.pk], spent[one.group_id]) for one in found]


def _row(group: Group, sums: Sums, met: Figures) -> GroupRow:
    return GroupRow(group, sums.paid, sums.donated, met)


def _meetings(organisation: Organisation, days: Days) -> QuerySet[Meeting]:
    return Meeting.objects.filter(started_in(days, [organisation.time_zone])).order_by()


def _met(meetings: QuerySet[Meeting], *, at: datetime) -> dict[int, Figures]:
    """What each group's meetings came to. Two queries."""
    persons = persons_by(_named(meetings), "membership__group")
    return {
        group: count(told, persons=persons.get(group, 0))
        for group, told in grouped(meetings, "group", at=at).items()
    }


def _named(meetings: QuerySet[Meeting]) -> QuerySet[Attendance]:
    held = meetings.filter(status=Meeting.Status.HELD)
    return Attendance.objects.filter(meeting__in=held.values("pk"))


def _persons(rows: Sequence[GroupRow], meetings: QuerySet[Meeting]) -> int:
    """How many different parents were named in these groups; one group's number is known."""
    if len(rows) < 2:
        return sum(row.met.persons for row in rows)
    named = _named(meetings.filter(group__in=[row.group.pk for row in rows]))
    return sum(persons_by(named, "organisation").values())


def _compared(planned: Mapping[Kind, int], spent: Mapping[Kind, int]) -> list[Compared]:
    asked: Iterable[Kind] = (kind for kind in Kind if kind in planned or kind in spent)
    return [Compared(kind, planned.get(kind, 0), spent.get(kind, 0)) for kind in asked]


def _apiece(spent: Sums, met: Figures) -> Apiece:
    return Apiece(_rates(spent.paid, met), _rates(spent.donated, met))


def _rates(total: int, met: Figures) -> Rates:
    return rates(
        total,
        meetings=met.held,
        attendances=met.parents.total,
        meetings_not_counted=met.parents.uncounted,
        participants=met.persons,
        heads=met.heads,
    )
