"""Who leads groups: their hours, languages, training and background check."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from goround.apps.organisations.models import Programme
from goround.apps.organisations.playbooks import playbook_of
from goround.apps.organisations.selectors import programmes_for
from goround.apps.people.models import Facilitator
from goround.apps.people.selectors import facilitators_for, names_of_facilitators
from goround.apps.people.services import save_facilitator, set_trainings
from goround.web.coordinator.facilitator_forms import (
    FacilitatorForm,
    training_rows,
    trainings_of,
)
from goround.web.coordinator.hours import hours_rows, spans_of
from goround.web.parent_facts import type_labels
from goround.web.people_words import hours_in_words, language_name
from goround.web.rendering import Request, sent

ROWS = 50


@dataclass(frozen=True)
class TrainedRow:
    """One facilitator with what they completed, by the columns of the table."""

    person: Facilitator
    # The column's label and the last day it was completed on.
    days: list[tuple[str, date | None]]
    # "good", "over" or "unknown": a check that nobody noted is not one that ran out.
    check: str


@require_GET
def facilitators(request: Request) -> HttpResponse:
    programmes = list(programmes_for(request.user, request.organisation))
    people = facilitators_for(request.user, request.organisation)
    page = Paginator(people, ROWS).get_page(request.GET.get("page"))
    types = type_labels(programmes)
    rows = [
        {
            "person": person,
            "hours": hours_in_words(person.available),
            "languages": [language_name(tag) for tag in person.languages],
            "types": [types.get(key, key) for key in person.interests],
        }
        for person in page
    ]
    return render(request, "coordinator/facilitators.html", {"page": page, "rows": rows})


@require_http_methods(["GET", "POST"])
def facilitator_new(request: Request) -> HttpResponse:
    return _edit(request, Facilitator(organisation=request.organisation))


@require_http_methods(["GET", "POST"])
def facilitator(request: Request, facilitator_id: int) -> HttpResponse:
    people = facilitators_for(request.user, request.organisation)
    return _edit(request, get_object_or_404(people, pk=facilitator_id))


@require_GET
def training(request: Request) -> HttpResponse:
    """Who completed what and when, and whose background check is good."""
    today = request.organisation.local(timezone.now()).date()
    people = facilitators_for(request.user, request.organisation)
    page = Paginator(people, ROWS).get_page(request.GET.get("page"))
    kinds = _kinds(list(programmes_for(request.user, request.organisation)), people=list(page))
    context = {
        "page": page,
        "kinds": list(kinds.values()),
        "rows": [_trained(person, kinds, today) for person in page],
        "today": today,
    }
    return render(request, "coordinator/training.html", context)


def _edit(request: Request, person: Facilitator) -> HttpResponse:
    programmes = list(programmes_for(request.user, request.organisation))
    data = sent(request)
    form = FacilitatorForm(
        data,
        person=person,
        types=type_labels(programmes),
        taken=names_of_facilitators(request.user, request.organisation),
        viewer=request.user,
    )
    hours = hours_rows(data, person.available)
    trainings = training_rows(data, person, _kinds(programmes))
    if request.method == "POST" and all([form.is_valid(), hours.is_valid(), trainings.is_valid()]):
        _save(request, person, form.changes() | {"available": spans_of(hours)}, trainings)
        messages.success(request, _("%(name)s was saved.") % {"name": person.shown_as})
        return redirect("coordinator:facilitators", request.organisation.slug)
    wrong_rows = data is not None and not (hours.is_valid() and trainings.is_valid())
    context = {
        "form": form,
        "hours": hours,
        "trainings": trainings,
        "person": person,
        "wrong_rows": wrong_rows,
    }
    return render(request, "coordinator/facilitator.html", context)


def _save(request: Request, person: Facilitator, changes: dict[str, Any], trainings: Any) -> None:
    now = timezone.now()
    saved = save_facilitator(facilitator=person, by=request.user, at=now, **changes)
    set_trainings(facilitator=saved, trainings=trainings_of(trainings), by=request.user, at=now)


def _kinds(programmes: Sequence[Programme], people: Sequence[Facilitator] = ()) -> dict[str, str]:
    """Kinds of training by key: those the playbooks ask for, then others that people have."""
    kinds: dict[str, str] = {}
    for programme in programmes:
        for choice in playbook_of(programme).training.kinds:
            kinds.setdefault(choice.key, choice.label)
    for person in people:
        for row in person.trainings.all():
            kinds.setdefault(row.kind, row.kind)
    return kinds


def _trained(person: Facilitator, kinds: Mapping[str, str], today: date) -> TrainedRow:
    last: dict[str, date] = {}
    for row in person.trainings.all():
        last[row.kind] = max(row.completed_on, last.get(row.kind, row.completed_on))
    until = person.background_check_until
    check = "unknown" if until is None else "good" if until >= today else "over"
    return TrainedRow(person, [(label, last.get(kind)) for kind, label in kinds.items()], check)
