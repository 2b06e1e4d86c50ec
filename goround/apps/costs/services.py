"""Entering, changing and deleting what groups cost. A group that has ended still gets bills."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import transaction

from goround.apps.accounts.models import User
from goround.apps.audit import services as audit
from goround.apps.costs.models import Budget, CostLine, OwnCurrency
from goround.apps.groups.models import Group
from goround.apps.groups.one_writer import hold
from goround.apps.organisations.models import Organisation
from goround.domain.costs import CURRENCIES, amount_of


class CurrencyInUse(Exception):
    """Lines were entered in the old currency; in another they would be other sums."""


class BudgetsOverlap(Exception):
    """Another budget of the group has a day in common: its spending would count twice."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """What somebody enters of a cost line."""

    kind: str
    each: int
    how_many: int = 1
    times: int = 1
    is_donated: bool = False
    about: str = ""

    @property
    def fields(self) -> dict[str, object]:
        return {
            "kind": self.kind,
            "each": self.each,
            "how_many": self.how_many,
            "times": self.times,
            "is_donated": self.is_donated,
            "about": self.about,
            "amount": amount_of(self.each, self.how_many, self.times),
        }


@transaction.atomic
def choose_currency(*, organisation: Organisation, code: str, by: User, at: datetime) -> None:
    """Count in this currency from now on; only while nothing has been entered in another."""
    if code not in CURRENCIES:
        raise ValueError(f"{code!r} is no currency Goround knows")
    kept, made = OwnCurrency.objects.select_for_update(no_key=True).get_or_create(
        organisation=organisation, defaults={"code": code}
    )
    if not made and kept.code == code:
        return
    if not made and CostLine.objects.filter(organisation=organisation).exists():
        raise CurrencyInUse(f"{organisation} has cost lines in {kept.code}")
    kept.code = code
    kept.save(update_fields=["code"])
    audit.record("currency.chosen", kept, by=by, at=at, code=code)


@transaction.atomic
def make_budget(
    *, group: Group, first_on: date, last_on: date, meetings: int, by: User, at: datetime
) -> Budget:
    """Begin a budget without lines. Raises ``BudgetsOverlap``."""
    held = hold(group, ended_too=True)
    budget = Budget(group=held, first_on=first_on, last_on=last_on, meetings=meetings)
    _alone(budget)
    budget.save()
    audit.record("budget.made", budget, by=by, at=at, group=held.pk, **_days(budget))
    return budget


@transaction.atomic
def change_budget(
    *, budget: Budget, first_on: date, last_on: date, meetings: int, by: User, at: datetime
) -> None:
    hold(budget.group, ended_too=True)
    if (budget.first_on, budget.last_on, budget.meetings) == (first_on, last_on, meetings):
        return
    budget.first_on, budget.last_on, budget.meetings = first_on, last_on, meetings
    _alone(budget)
    budget.save(update_fields=["first_on", "last_on", "meetings"])
    audit.record("budget.changed", budget, by=by, at=at, **_days(budget))


@transaction.atomic
def delete_budget(*, budget: Budget, by: User, at: datetime) -> None:
    """With the lines planned in it; what was spent stays."""
    hold(budget.group, ended_too=True)
    found = Budget.objects.filter(pk=budget.pk).first()
    if found is None:
        return
    lines = found.lines.count()
    audit.record("budget.deleted", found, by=by, at=at, lines=lines, **_days(found))
    found.delete()


@transaction.atomic
def enter_cost(*, group: Group, on: date, told: Told, by: User, at: datetime) -> CostLine:
    """Money spent, or something given, on a day."""
    return _enter(CostLine(group=group, spent_on=on), told, by=by, at=at)


@transaction.atomic
def plan_cost(*, budget: Budget, told: Told, by: User, at: datetime) -> CostLine:
    """A line of a budget."""
    return _enter(CostLine(group=budget.group, budget=budget), told, by=by, at=at)


@transaction.atomic
def change_cost(*, line: CostLine, on: date | None, told: Told, by: User, at: datetime) -> None:
    """``on`` is None for a planned line, which has no day of its own."""
    hold(line.group, ended_too=True)
    fields = told.fields | {"spent_on": on}
    if all(getattr(line, name) == value for name, value in fields.items()):
        return
    before = line.amount
    for name, value in fields.items():
        setattr(line, name, value)
    line.save(update_fields=list(fields))
    audit.record("cost.changed", line, by=by, at=at, before=before, **_facts(line))


@transaction.atomic
def delete_cost(*, line: CostLine, by: User, at: datetime) -> None:
    hold(line.group, ended_too=True)
    found = CostLine.objects.filter(pk=line.pk).first()
    if found is None:
        return
    audit.record("cost.deleted", found, by=by, at=at, **_facts(found))
    found.delete()


def _enter(line: CostLine, told: Told, *, by: User, at: datetime) -> CostLine:
    hold(line.group, ended_too=True)
    for name, value in told.fields.items():
        setattr(line, name, value)
    line.save()
    audit.record("cost.entered", line, by=by, at=at, **_facts(line))
    return line


def _alone(budget: Budget) -> None:
    others = Budget.objects.filter(
        group=budget.group, first_on__lte=budget.last_on, last_on__gte=budget.first_on
    )
    if others.exclude(pk=budget.pk).exists():
        raise BudgetsOverlap(f"{budget} shares a day with another")


def _days(budget: Budget) -> dict[str, Any]:
    return {
        "first_on": budget.first_on.isoformat(),
        "last_on": budget.last_on.isoformat(),
        "meetings": budget.meetings,
    }


def _facts(line: CostLine) -> dict[str, Any]:
    """Never the words about it."""
    return {
        "group": line.group_id,
        "budget": line.budget_id,
        "line_kind": line.kind,
        "amount": line.amount,
        "donated": line.is_donated,
    }
