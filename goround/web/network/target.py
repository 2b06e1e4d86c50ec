"""The network's target: what came of it, what may be expected, and setting it."""

from __future__ import annotations

from datetime import date

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.timezone import now
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods

from goround.apps.organisations.services import set_target
from goround.apps.reports.selectors import plan_of
from goround.web.network.target_chart import drawing
from goround.web.rendering import Request, sent

FIRST_YEAR, LAST_YEAR = 1990, 2199


class TargetForm(forms.Form):
    groups = forms.IntegerField(
        label=gettext_lazy("How many groups"),
        min_value=1,
        max_value=10_000,
        widget=forms.NumberInput(attrs={"data-stepper": True}),
    )
    by_day = forms.DateField(
        label=gettext_lazy("By which day"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        help_text=gettext_lazy("How long it runs is in the programme's rules."),
    )

    def clean_by_day(self) -> date:
        day: date = self.cleaned_data["by_day"]
        if not FIRST_YEAR <= day.year <= LAST_YEAR:
            raise forms.ValidationError(_("Choose a day from 1990 on."))
        return day


@require_GET
def target(request: Request) -> HttpResponse:
    plan = plan_of(request.user, request.network, on=now().date())
    context = {"plan": plan, "drawing": drawing(plan) if plan and plan.begun else ""}
    return render(request, "network/target.html", context)


@require_http_methods(["GET", "POST"])
def target_edit(request: Request) -> HttpResponse:
    here = request.network
    form = TargetForm(
        sent(request), initial={"groups": here.target_groups, "by_day": here.target_by}
    )
    if request.method == "POST" and form.is_valid():
        set_target(network=here, by=request.user, at=now(), **form.cleaned_data)
        messages.success(request, _("The target is set."))
        return redirect("network:target", here.slug)
    return render(request, "network/target_edit.html", {"form": form})
