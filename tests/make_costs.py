"""Plain functions that make what tests of costs need."""

from __future__ import annotations

from datetime import date
from typing import Any

from goround.apps.costs.models import Budget, CostLine, OwnCurrency
from goround.apps.groups.models import Group
from goround.apps.organisations.models import Organisation


def make_currency(organisation: Organisation, code: str = "USD") -> OwnCurrency:
    return OwnCurrency.objects.create(organisation=organisation, code=code)


def make_budget(group: Group, **fields: Any) -> Budget:
    """March 2026, four meetings."""
    defaults = {"first_on": date(2026, 3, 1), "last_on": date(2026, 3, 31), "meetings": 4}
    return Budget.objects.create(group=group, **defaults | fields)


def make_line(group: Group, amount: int = 10_00, **fields: Any) -> CostLine:
    """Transport on 4 March 2026, or in a budget when one is named."""
    defaults: dict[str, Any] = {"kind": "transport", "each": amount, "amount": amount}
    if "budget" not in fields:
        defaults["spent_on"] = date(2026, 3, 4)
    return CostLine.objects.create(group=group, **defaults | fields)


def make_costs(group: Group, *, about: str) -> CostLine:
    """A currency, a budget with one line, and what is answered: a line spent."""
    make_currency(group.organisation)
    make_line(group, budget=make_budget(group), about=about)
    return make_line(group, about=about)
