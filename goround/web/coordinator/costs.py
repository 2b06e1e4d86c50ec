"""What the organisation's groups cost, and what one of them does."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from goround.apps.costs.models import Budget
from goround.apps.costs.selectors import (
    budgets_of,
    budgets_on,
    costed_groups,
    currency_of,
    group_costs,
    organisation_costs,
    years_of_costs,
)
from goround.apps.costs.services import CurrencyInUse, choose_currency
from goround.apps.groups.models import Group
from goround.apps.reports.counts import Days
from goround.web.coordinator.cost_forms import CurrencyForm
from goround.web.rendering import Request, sent

GROUPS_A_PAGE = 30


@dataclass(frozen=True)
class Period:
    """A tab: the days of a budget, or a year."""

    query: str
    label: str
    days: Days
    budget: Budget | None = None


def find_costed(request: Request, group_id: int) -> Group:
    return get_object_or_404(costed_groups(request.user, request.organisation), pk=group_id)


@require_GET
def costs(request: Request) -> HttpResponse:
    here, now = request.organisation, timezone.now()
    currency = currency_of(request.user, here)
    if currency is None:
        return redirect("coordinator:currency", here.slug)
    today = here.local(now).date()
    years = years_of_costs(request.user, here) or [today.year]
    year = _chosen(request.GET.get("year", ""), years)
    found = organisation_costs(request.user, here, of_year(year), at=now)
    context = {
        "currency": currency,
        "years": years,
        "year": year,
        "costs": found,
        "page": Paginator(found.rows, GROUPS_A_PAGE).get_page(request.GET.get("page")),
        "running": budgets_on(request.user, here, today),
    }
    return render(request, "coordinator/costs.html", context)


@require_http_methods(["GET", "POST"])
def currency(request: Request) -> HttpResponse:
    known = currency_of(request.user, request.organisation)
    form = CurrencyForm(sent(request), initial={"code": known.code if known else ""})
    if request.method == "POST" and form.is_valid():
        try:
            choose_currency(
                organisation=request.organisation,
                code=form.cleaned_data["code"],
                by=request.user,
                at=timezone.now(),
            )
        except CurrencyInUse:
            form.add_error(
                "code",
                _(
                    "Costs were entered in the old currency, so it stays. Nothing was changed. "
                    "Delete them first if they are wrong."
                ),
            )
        else:
            return redirect("coordinator:costs", request.organisation.slug)
    return render(request, "coordinator/currency.html", {"form": form, "known": known})


@require_GET
def of_group(request: Request, group_id: int) -> HttpResponse:
    group, now = find_costed(request, group_id), timezone.now()
    currency = currency_of(request.user, request.organisation)
    if currency is None:
        return redirect("coordinator:currency", request.organisation.slug)
    periods = _periods(request, group)
    shown = _shown(request, periods, group.today(at=now))
    found = group_costs(request.user, group, shown.days, budget=shown.budget, at=now)
    context = {
        "group": group,
        "currency": currency,
        "periods": periods,
        "shown": shown,
        "costs": found,
    }
    return render(request, "coordinator/group_costs.html", context)


def _periods(request: Request, group: Group) -> list[Period]:
    """The group's budgets, the latest first, then the years in which it cost something."""
    budgets = budgets_of(request.user, group)
    years = years_of_costs(request.user, request.organisation, group=group)
    made = [
        Period(f"budget={one.pk}", _budget_words(one), Days(one.first_on, one.last_on), one)
        for one in budgets
    ]
    return made + [Period(f"year={year}", str(year), of_year(year)) for year in years]


def _shown(request: Request, periods: list[Period], today: date) -> Period:
    """The one asked for; else the budget that is running, the latest one, or this year."""
    asked = request.GET.urlencode()
    by_query = {period.query: period for period in periods}
    if asked in by_query:
        return by_query[asked]
    if asked:
        raise Http404
    running = [one for one in periods if one.budget and one.days.first <= today <= one.days.last]
    year = Period(f"year={today.year}", str(today.year), of_year(today.year))
    return next(iter([*running, *periods]), year)


def _budget_words(budget: Budget) -> str:
    days = {
        "first": date_format(budget.first_on, _("j M Y")),
        "last": date_format(budget.last_on, _("j M Y")),
    }
    return _("Budget %(first)s – %(last)s") % days


def of_year(year: int) -> Days:
    return Days(date(year, 1, 1), date(year, 12, 31))


def _chosen(asked: str, years: list[int]) -> int:
    return next((year for year in years if str(year) == asked), years[0])
