from __future__ import annotations

from datetime import date

from django import forms
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.timezone import now
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET

from goround.apps.reports.counts import Days
from goround.apps.reports.selectors import periods
from goround.apps.reports.selectors import snapshot as snapshot_of
from goround.web.rendering import Request

FIRST_YEAR, LAST_YEAR = 1990, 2199


class PeriodForm(forms.Form):
    """From one day to another, both included."""

    first = forms.DateField(label=_("From"), widget=forms.DateInput(attrs={"type": "date"}))
    last = forms.DateField(label=_("To"), widget=forms.DateInput(attrs={"type": "date"}))

    def clean(self) -> dict[str, date]:
        days = super().clean() or {}
        first, last = days.get("first"), days.get("last")
        if first and last and first > last:
            raise forms.ValidationError(
                _("The first day is after the last. Below is the period shown before.")
            )
        if any(not FIRST_YEAR <= day.year <= LAST_YEAR for day in (first, last) if day):
            raise forms.ValidationError(
                _("Choose days from 1990 on. Below is the period shown before.")
            )
        return days


@require_GET
def snapshot(request: Request) -> HttpResponse:
    known = periods(request.user, request.organisation)
    usual = known[0] if known else _this_year()
    form = PeriodForm(
        {
            "first": request.GET.get("first", usual.first.isoformat()),
            "last": request.GET.get("last", usual.last.isoformat()),
        }
    )
    days = Days(**form.cleaned_data) if form.is_valid() else usual
    context = {
        "form": form,
        "days": days,
        "periods": known,
        "picture": snapshot_of(request.user, request.organisation, days),
    }
    return render(request, "coordinator/snapshot.html", context)


def _this_year() -> Days:
    year = now().year
    return Days(date(year, 1, 1), date(year, 12, 31))
