"""Adults who may never collect a child, and when one of them came, for a safeguarding lead."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods

from goround.apps.children import barring
from goround.apps.children.locking import barred_name
from goround.apps.children.models import Child
from goround.apps.children.selectors import barred_for, children_called, refusals_for, why_barred
from goround.web.children.forms import a_name
from goround.web.lead.forms import NOT_KEPT, long_text
from goround.web.lookup import FIND, answered
from goround.web.rendering import Request, sent
from goround.web.sealed.opened import ask_for_phrase, opened_key

MOST_FOUND, REFUSALS_SHOWN = 30, 50


class WhichForm(forms.Form):
    called = a_name(gettext_lazy("The child is called"))


class BarForm(forms.Form):
    children = forms.MultipleChoiceField(
        label=gettext_lazy("Which children"),
        help_text=gettext_lazy("Brothers and sisters too."),
        widget=forms.CheckboxSelectMultiple,
    )
    name = a_name(
        gettext_lazy("The adult is called"),
        help_text=gettext_lazy("First and last name, as they would say it at the door."),
    )
    reason = long_text(gettext_lazy("Why"))
    authorised_by = forms.CharField(
        label=gettext_lazy("Who asked for it or allowed it"),
        help_text=gettext_lazy("Such as: a court order with its number, or the parent herself."),
        max_length=200,
        widget=forms.TextInput(NOT_KEPT),
    )

    def __init__(self, data: Any, *, found: list[Child]) -> None:
        super().__init__(data)
        self.found = {str(child.pk): child for child in found}
        told = [
            (key, _("%(child)s, %(group)s") % {"child": child.alias, "group": child.group.name})
            for key, child in self.found.items()
        ]
        self.fields["children"].choices = told  # type: ignore[attr-defined]


@require_GET
def barred(request: Request) -> HttpResponse:
    rows = [(row, barred_name(row)) for row in barred_for(request.user, request.organisation)]
    context = {
        "open": [each for each in rows if each[0].ended_at is None],
        "ended": [each for each in rows if each[0].ended_at],
        "refusals": refusals_for(request.user, request.organisation)[:REFUSALS_SHOWN],
        "zone": request.organisation.time_zone,
    }
    return render(request, "lead/barred.html", context)


@require_http_methods(["GET", "POST"])
def barred_new(request: Request) -> HttpResponse:
    which = WhichForm(sent(request), prefix=FIND)
    form = None
    if which.is_valid():
        called = which.cleaned_data["called"]
        found = list(children_called(request.user, request.organisation, called)[:MOST_FOUND])
        form = BarForm(answered(request), found=found) if found else None
        if not found:
            which.add_error("called", _("No child here is called that."))
    if form is not None and form.is_valid():
        return _bar(request, form)
    return render(request, "lead/barred_new.html", {"which": which, "form": form})


def _bar(request: Request, form: BarForm) -> HttpResponse:
    said = form.cleaned_data
    rows = barring.bar(
        children=[form.found[key] for key in said["children"]],
        name=said["name"],
        reason=said["reason"],
        authorised_by=said["authorised_by"],
        by=request.user,
        at=timezone.now(),
    )
    messages.success(request, _("Recorded. From now on the child is not handed over to them."))
    return redirect("lead:barred_one", request.organisation.slug, rows[0].pk)


@require_http_methods(["GET", "POST"])
def barred_one(request: Request, barred_id: int) -> HttpResponse:
    """One of them, with why, once the sealed records are open; and ending it."""
    row = get_object_or_404(barred_for(request.user, request.organisation), pk=barred_id)
    key = opened_key(request)
    if key is None:
        return ask_for_phrase(request)
    if request.method == "POST":
        barring.end(barred=row, by=request.user, at=timezone.now())
        messages.success(request, _("Ended. The record stays."))
        return redirect("lead:barred_one", request.organisation.slug, barred_id)
    context = {
        "row": row,
        "name": barred_name(row),
        "told": why_barred(request.user, row, private_key=key, at=timezone.now()),
        "zone": request.organisation.time_zone,
    }
    return render(request, "lead/barred_one.html", context)
