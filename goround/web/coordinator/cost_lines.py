"""Entering, changing and deleting what a group costs, and its budgets."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from goround.apps.costs import services
from goround.apps.costs.models import Budget, CostLine
from goround.apps.costs.selectors import budget_around, budgets_of, currency_of, lines_of
from goround.apps.groups.models import Group
from goround.domain.costs import Currency
from goround.web.coordinator.cost_forms import BudgetForm, LineForm
from goround.web.coordinator.costs import find_costed
from goround.web.rendering import Request, sent
from goround.web.templatetags.money import money


def _currency(request: Request) -> Currency:
    """Nothing can be entered before somebody chose a currency."""
    known = currency_of(request.user, request.organisation)
    if known is None:
        raise Http404
    return known


def _budget(request: Request, group: Group, budget_id: int) -> Budget:
    return get_object_or_404(budgets_of(request.user, group), pk=budget_id)


def page_of(request: Request, group: Group, budget: Budget | None, year: int | None = None) -> str:
    page = reverse("coordinator:group_costs", args=[request.organisation.slug, group.pk])
    if budget:
        return f"{page}?budget={budget.pk}"
    return f"{page}?year={year}" if year else page


@require_http_methods(["GET", "POST"])
def cost_new(request: Request, group_id: int) -> HttpResponse:
    """Something spent, or given, on a day."""
    group = find_costed(request, group_id)
    today = group.today(at=timezone.now())
    form = LineForm(sent(request), currency=_currency(request), line=None, day=today)
    if request.method == "POST" and form.is_valid():
        line = services.enter_cost(
            group=group,
            on=form.cleaned_data["spent_on"],
            told=form.told,
            by=request.user,
            at=timezone.now(),
        )
        return _entered(request, form, line)
    return _line_page(request, group, None, None, form)


@require_http_methods(["GET", "POST"])
def cost_plan(request: Request, group_id: int, budget_id: int) -> HttpResponse:
    """A line of a budget."""
    group = find_costed(request, group_id)
    budget = _budget(request, group, budget_id)
    form = LineForm(sent(request), currency=_currency(request), line=None, day=None)
    if request.method == "POST" and form.is_valid():
        line = services.plan_cost(budget=budget, told=form.told, by=request.user, at=timezone.now())
        return _entered(request, form, line)
    return _line_page(request, group, budget, None, form)


@require_http_methods(["GET", "POST"])
def cost(request: Request, group_id: int, line_id: int) -> HttpResponse:
    """Change a line."""
    group = find_costed(request, group_id)
    line = _line(request, group, line_id)
    form = LineForm(sent(request), currency=_currency(request), line=line, day=line.spent_on)
    if request.method == "POST" and form.is_valid():
        services.change_cost(
            line=line,
            on=form.cleaned_data.get("spent_on"),
            told=form.told,
            by=request.user,
            at=timezone.now(),
        )
        return _entered(request, form, line)
    return _line_page(request, group, line.budget, line, form)


@require_http_methods(["GET", "POST"])
def cost_delete(request: Request, group_id: int, line_id: int) -> HttpResponse:
    group = find_costed(request, group_id)
    line = _line(request, group, line_id)
    back = _page_of_line(request, line)
    if request.method == "POST":
        services.delete_cost(line=line, by=request.user, at=timezone.now())
        messages.success(request, _("The line is deleted."))
        return redirect(back)
    told = {"what": line.get_kind_display(), "sum": money(line.amount, _currency(request))}
    context = {
        "question": _("Delete %(what)s, %(sum)s?") % told,
        "consequence": _("It goes out of every sum. The trail keeps that it was there."),
        "action": _("Delete it"),
        "danger": True,
        "cancel_url": back,
    }
    return render(request, "components/confirm.html", context)


@require_http_methods(["GET", "POST"])
def budget_new(request: Request, group_id: int) -> HttpResponse:
    group = find_costed(request, group_id)
    _currency(request)
    form = BudgetForm(sent(request))
    if request.method == "POST" and form.is_valid():
        try:
            made = services.make_budget(
                group=group, by=request.user, at=timezone.now(), **form.cleaned_data
            )
        except services.BudgetsOverlap:
            form.add_error("first_on", _overlap())
        else:
            messages.success(request, _("The budget is there. Now enter what it is for."))
            return redirect(page_of(request, group, made))
    return _budget_page(request, group, None, form)


@require_http_methods(["GET", "POST"])
def budget(request: Request, group_id: int, budget_id: int) -> HttpResponse:
    """Change the days and the meetings of a budget."""
    group = find_costed(request, group_id)
    found = _budget(request, group, budget_id)
    days = {"first_on": found.first_on, "last_on": found.last_on, "meetings": found.meetings}
    form = BudgetForm(sent(request), initial=days)
    if request.method == "POST" and form.is_valid():
        try:
            services.change_budget(
                budget=found, by=request.user, at=timezone.now(), **form.cleaned_data
            )
        except services.BudgetsOverlap:
            form.add_error("first_on", _overlap())
        else:
            messages.success(request, _("The budget is changed."))
            return redirect(page_of(request, group, found))
    return _budget_page(request, group, found, form)


@require_http_methods(["GET", "POST"])
def budget_delete(request: Request, group_id: int, budget_id: int) -> HttpResponse:
    group = find_costed(request, group_id)
    found = _budget(request, group, budget_id)
    if request.method == "POST":
        services.delete_budget(budget=found, by=request.user, at=timezone.now())
        messages.success(request, _("The budget is deleted. What was spent is kept."))
        return redirect(page_of(request, group, None))
    context = {
        "question": _("Delete this budget?"),
        "consequence": _("Its planned lines go with it. What was spent is kept."),
        "action": _("Delete it"),
        "danger": True,
        "cancel_url": page_of(request, group, found),
    }
    return render(request, "components/confirm.html", context)


def _line(request: Request, group: Group, line_id: int) -> CostLine:
    return get_object_or_404(lines_of(request.user, group), pk=line_id)


def _page_of_line(request: Request, line: CostLine) -> str:
    """Where the line is listed: its budget, the budget of its day, or its year."""
    if line.budget or line.spent_on is None:
        return page_of(request, line.group, line.budget)
    around = budget_around(request.user, line.group, line.spent_on)
    return page_of(request, line.group, around, line.spent_on.year)


def _entered(request: Request, form: LineForm, line: CostLine) -> HttpResponse:
    told = {"sum": money(line.amount, form.currency), "code": form.currency.code}
    messages.success(request, _("Saved: %(sum)s %(code)s.") % told)
    if request.POST.get("then") == "another":
        return redirect(request.path)
    return redirect(_page_of_line(request, line))


def _line_page(
    request: Request, group: Group, budget: Budget | None, line: CostLine | None, form: LineForm
) -> HttpResponse:
    back = _page_of_line(request, line) if line else page_of(request, group, budget)
    context = {"group": group, "budget": budget, "line": line, "form": form, "back_url": back}
    return render(request, "coordinator/cost_line.html", context)


def _budget_page(
    request: Request, group: Group, budget: Budget | None, form: BudgetForm
) -> HttpResponse:
    context = {
        "group": group,
        "budget": budget,
        "form": form,
        "back_url": page_of(request, group, budget),
    }
    return render(request, "coordinator/budget.html", context)


def _overlap() -> str:
    return _(
        "Another budget of this group has some of these days, and what is spent on them would "
        "count twice. Nothing was changed. Choose other days."
    )
