"""Where groups can meet: rooms, hours and what a place has."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods

from goround.apps.organisations.models import Venue
from goround.apps.organisations.selectors import names_of_venues, venues_for
from goround.apps.organisations.services import save_venue
from goround.web.coordinator.hours import hours_rows, spans_of
from goround.web.people_words import NEEDS, hours_in_words, word_for
from goround.web.rendering import Request, sent

ROWS = 50


class VenueForm(forms.Form):
    name = forms.CharField(label=gettext_lazy("Name"), max_length=120)
    mode = forms.ChoiceField(
        label=gettext_lazy("Groups meet there"),
        choices=Venue.Mode.choices,
        initial=Venue.Mode.IN_PERSON,
        widget=forms.RadioSelect,
    )
    address = forms.CharField(label=gettext_lazy("Address"), max_length=200, required=False)
    lat = forms.FloatField(
        label=gettext_lazy("Latitude"), required=False, min_value=-90, max_value=90
    )
    lon = forms.FloatField(
        label=gettext_lazy("Longitude"), required=False, min_value=-180, max_value=180
    )
    rooms = forms.IntegerField(
        label=gettext_lazy("Rooms"),
        initial=1,
        min_value=1,
        max_value=500,
        help_text=gettext_lazy("How many groups can meet there at once."),
    )
    capacity = forms.IntegerField(
        label=gettext_lazy("People in one room"), required=False, min_value=1, max_value=1000
    )
    features = forms.MultipleChoiceField(
        label=gettext_lazy("The place has"), required=False, widget=forms.CheckboxSelectMultiple
    )
    in_use = forms.BooleanField(
        label=gettext_lazy("We use this place now"), required=False, initial=True
    )

    def __init__(
        self, data: Any, *, place: Venue, taken: frozenset[str], own_features: tuple[str, ...]
    ) -> None:
        names = VenueForm.base_fields
        super().__init__(
            data, initial={name: getattr(place, name) for name in names} if place.pk else None
        )
        self.taken = taken - {place.name.casefold()}
        keys = dict.fromkeys([*NEEDS, *own_features])
        features = self.fields["features"]
        if isinstance(features, forms.MultipleChoiceField):
            features.choices = [(key, word_for(key, NEEDS)) for key in keys]

    def clean_name(self) -> str:
        name = " ".join(self.cleaned_data["name"].split())
        if name.casefold() in self.taken:
            raise forms.ValidationError(_("There is a venue of this name already."))
        return name

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        place = (cleaned.get("lat"), cleaned.get("lon"))
        if cleaned.get("mode") == Venue.Mode.IN_PERSON and None in place and not self.errors:
            self.add_error(
                "lat",
                _("Say where it is: latitude and longitude, such as 34.05 and -118.25."),
            )
        if cleaned.get("mode") == Venue.Mode.ONLINE:
            cleaned["lat"] = cleaned["lon"] = None
        return cleaned


@require_GET
def venues(request: Request) -> HttpResponse:
    page = Paginator(venues_for(request.user, request.organisation), ROWS)
    shown = page.get_page(request.GET.get("page"))
    context = {"page": shown, "rows": [(venue, *_said(venue)) for venue in shown]}
    return render(request, "coordinator/venues.html", context)


@require_http_methods(["GET", "POST"])
def venue_new(request: Request) -> HttpResponse:
    return _edit(request, Venue(organisation=request.organisation))


@require_http_methods(["GET", "POST"])
def venue(request: Request, venue_id: int) -> HttpResponse:
    found = venues_for(request.user, request.organisation)
    return _edit(request, get_object_or_404(found, pk=venue_id))


def _edit(request: Request, place: Venue) -> HttpResponse:
    form = VenueForm(
        sent(request),
        place=place,
        taken=names_of_venues(request.user, request.organisation),
        own_features=place.features,
    )
    hours = hours_rows(sent(request), place.slots)
    if request.method == "POST" and form.is_valid() and hours.is_valid():
        changes = form.cleaned_data | {
            "features": tuple(form.cleaned_data["features"]),
            "slots": spans_of(hours),
        }
        save_venue(venue=place, by=request.user, at=timezone.now(), **changes)
        messages.success(request, _("%(name)s was saved.") % {"name": place.name})
        return redirect("coordinator:venues", request.organisation.slug)
    return render(request, "coordinator/venue.html", {"form": form, "hours": hours, "venue": place})


def _said(place: Venue) -> tuple[list[tuple[str, str]], list[str]]:
    return hours_in_words(place.slots), [word_for(key, NEEDS) for key in place.features]
