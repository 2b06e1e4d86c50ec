"""A parent's own children in the children's programme, who may collect them, and the code."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods

from goround.apps.children import services
from goround.apps.children.looking import own_needs
from goround.apps.children.models import Child
from goround.apps.children.programme import bands_of, code_for
from goround.apps.children.selectors import (
    adults_of,
    own_children,
    own_groups_with_children,
    own_visits,
)
from goround.apps.groups.models import Membership
from goround.apps.meetings.models import Meeting
from goround.apps.meetings.selectors import own_meetings
from goround.web.children.forms import ChildFields, a_name, band_in_words, mark_field
from goround.web.rendering import Request, sent


@dataclass(frozen=True, slots=True)
class Place:
    """One group of the parent's that has a programme, with their children there."""

    membership: Membership
    meeting: Meeting | None
    code: str
    children: tuple[Child, ...]


class NewForm(ChildFields):
    mark = mark_field()


class AdultForm(forms.Form):
    name = a_name(
        gettext_lazy("What are they called?"),
        help_text=gettext_lazy("As they say it themselves at the door."),
    )
    how_long = forms.ChoiceField(
        label=gettext_lazy("How long?"),
        choices=[
            ("always", gettext_lazy("Always, until I end it")),
            ("until", gettext_lazy("Up to a day, that day too")),
        ],
        initial="always",
        widget=forms.RadioSelect,
    )
    until = forms.DateField(
        label=gettext_lazy("Up to which day?"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}),
    )

    def __init__(self, data: Any, *, today: Any) -> None:
        super().__init__(data)
        self.today = today

    def clean(self) -> dict[str, Any]:
        found = super().clean() or {}
        if found.get("how_long") == "until" and not self.errors.get("until"):
            until = found.get("until")
            if until is None:
                self.add_error("until", _("Choose the last day."))
            elif until < self.today:
                self.add_error("until", _("This day is over. Choose today or a later day."))
        return found


@require_GET
def children(request: Request) -> HttpResponse:
    mine = own_groups_with_children(request.user)
    if not mine:
        raise Http404
    found = list(own_children(request.user))
    places = [_place(request, membership, found) for membership in mine]
    return render(request, "parent/children.html", {"places": places})


def _place(request: Request, membership: Membership, found: list[Child]) -> Place:
    coming = own_meetings(request.user, membership, at=timezone.now())
    meeting = next((one for one in coming if one.status != Meeting.Status.CANCELLED), None)
    here = tuple(child for child in found if child.group_id == membership.group_id)
    code = code_for(here[0], meeting.pk) if here and meeting else ""
    return Place(membership, meeting, code, here)


@require_http_methods(["GET", "POST"])
def child_new(request: Request, group_id: int) -> HttpResponse:
    mine = own_groups_with_children(request.user)
    membership = next((one for one in mine if one.group_id == group_id), None)
    if membership is None:
        raise Http404
    form = NewForm(sent(request), bands=bands_of(membership.group))
    if form.is_valid():
        try:
            added = services.add_child(
                group=membership.group,
                parent=membership.parent,
                alias=form.cleaned_data["alias"],
                band=form.cleaned_data["band"],
                adult=membership.alias,
                needs=form.told,
                mark=form.cleaned_data["mark"],
                by=request.user,
                at=timezone.now(),
            )
        except (services.NoProgramme, services.TooMany):
            form.add_error(None, _("This child cannot be added. Nothing was saved."))
        else:
            return redirect("parent:child", added.pk)
    context = {"form": form, "membership": membership, "back": "parent:children"}
    return render(request, "parent/child_edit.html", context)


@require_http_methods(["GET", "POST"])
def child(request: Request, child_id: int) -> HttpResponse:
    """One child: who may collect; ``do`` ends an adult, or the child's coming."""
    found, now = _find(request, child_id), timezone.now()
    if request.method == "POST":
        return _do(request, found)
    context = {
        "child": found,
        "band": band_in_words(found.band),
        "needs": own_needs(child=found, by=request.user, at=now),
        "adults": adults_of(request.user, found),
        "today": found.group.today(at=now),
        "visits": own_visits(request.user, found),
        "zone": found.group.time_zone,
    }
    return render(request, "parent/child.html", context)


def _do(request: Request, found: Child) -> HttpResponse:
    do, now = request.POST.get("do", ""), timezone.now()
    if do == "end":
        services.end_child(child=found, by=request.user, at=now)
        messages.success(request, _("Taken off the list. What was to be known is erased."))
        return redirect("parent:children")
    if do == "code":
        services.change_code(child=found, by=request.user, at=now)
        messages.success(request, _("There is a new code. The old one opens nothing now."))
        return redirect("parent:children")
    asked = request.POST.get("adult", "")
    listed = adults_of(request.user, found)
    chosen = next((each for each in listed if str(each.adult.pk) == asked), None)
    if do != "adult" or chosen is None:
        raise Http404
    services.end_adult(adult=chosen.adult, by=request.user, at=now)
    messages.success(request, _("From now on they may not collect any more."))
    return redirect("parent:child", found.pk)


@require_http_methods(["GET", "POST"])
def child_edit(request: Request, child_id: int) -> HttpResponse:
    found, now = _find(request, child_id), timezone.now()
    known = own_needs(child=found, by=request.user, at=now)
    before = {
        "alias": found.alias,
        "band": found.band,
        "allergies": known.allergies,
        "needs": known.needs,
    }
    form = ChildFields(sent(request), bands=bands_of(found.group), initial=before)
    if form.is_valid():
        services.change_child(
            child=found,
            alias=form.cleaned_data["alias"],
            band=form.cleaned_data["band"],
            needs=form.told,
            by=request.user,
            at=now,
        )
        messages.success(request, _("Saved."))
        return redirect("parent:child", found.pk)
    context = {"form": form, "child": found}
    return render(request, "parent/child_edit.html", context)


@require_http_methods(["GET", "POST"])
def adult_new(request: Request, child_id: int) -> HttpResponse:
    """Grave enough to be asked once more who one is: a telephone left open adds nobody."""
    found, now = _find(request, child_id), timezone.now()
    form = AdultForm(sent(request), today=found.group.today(at=now))
    if form.is_valid():
        always = form.cleaned_data["how_long"] == "always"
        try:
            services.list_adult(
                child=found,
                name=form.cleaned_data["name"],
                until=None if always else form.cleaned_data["until"],
                by=request.user,
                at=now,
            )
        except services.TooMany:
            form.add_error(None, _("There are many adults already. End one of them first."))
        else:
            messages.success(request, _("Added to the list."))
            return redirect("parent:child", found.pk)
    return render(request, "parent/adult_new.html", {"form": form, "child": found})


def _find(request: Request, child_id: int) -> Child:
    return get_object_or_404(own_children(request.user), pk=child_id)
