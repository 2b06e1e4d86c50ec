"""Somebody is worried: one page, from anywhere, for whoever is signed in."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from goround.apps.organisations.models import Organisation
from goround.apps.organisations.selectors import organisations_for
from goround.apps.safeguarding.selectors import has_a_lead
from goround.apps.safeguarding.services import raise_concern
from goround.web.lead.forms import NOT_KEPT, long_text
from goround.web.lead.words import ABOUT
from goround.web.rendering import Request, sent


class ConcernForm(forms.Form):
    """What somebody says. Only what happened must be there."""

    at = forms.ChoiceField(label=_("Where"))
    about = forms.ChoiceField(
        label=_("About"), choices=list(ABOUT.items()), widget=forms.RadioSelect, initial="child"
    )
    what = long_text(
        _("What worries you"),
        help_text=_("What you saw or heard, and when. You need not be sure."),
        rows=6,
    )
    where = forms.CharField(
        label=_("Where, or in which group"),
        required=False,
        max_length=200,
        widget=forms.TextInput(NOT_KEPT),
    )
    danger = forms.BooleanField(label=_("Somebody is in danger now"), required=False)
    already = forms.CharField(
        label=_("If you have reported it already: to whom, and when"),
        help_text=_("You never need to ask or tell anybody here before you report."),
        required=False,
        max_length=300,
        widget=forms.TextInput(NOT_KEPT),
    )
    reach = forms.CharField(
        label=_("How we may reach you safely"),
        required=False,
        max_length=200,
        widget=forms.TextInput(NOT_KEPT),
    )
    unnamed = forms.BooleanField(label=_("Do not say that it came from me"), required=False)

    def __init__(self, data: Any, *, places: list[Organisation], asked: str) -> None:
        super().__init__(data, initial={"at": asked})
        self.places = {each.slug: each for each in places}
        choices = [(each.slug, each.name) for each in places]
        self.fields["at"].choices = choices  # type: ignore[attr-defined]
        if len(places) == 1:
            self.fields["at"].widget = forms.HiddenInput()
            self.initial["at"] = places[0].slug

    @property
    def words(self) -> dict[str, str]:
        return {name: self.cleaned_data[name] for name in ("about", "what", "where", "reach")}


@require_http_methods(["GET", "POST"])
def concern(request: Request) -> HttpResponse:
    """Say what worries you. It goes to the safeguarding leads, sealed, and to nobody else."""
    places = list(organisations_for(request.user))
    if not places:
        return render(request, "public/concern_nowhere.html")
    form = ConcernForm(sent(request), places=places, asked=request.GET.get("at", ""))
    if form.is_valid():
        found = form.cleaned_data
        place = form.places[found["at"]]
        raise_concern(
            organisation=place,
            words=form.words,
            in_danger_now=found["danger"],
            already_reported=found["already"],
            by=None if found["unnamed"] else request.user,
            at=timezone.now(),
        )
        context = {
            "place": place,
            "danger": found["danger"],
            "read": has_a_lead(request.user, place),
        }
        return render(request, "public/concern_sent.html", context)
    return render(request, "public/concern.html", {"form": form, "places": places})
