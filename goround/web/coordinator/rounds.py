"""Rounds of formation: the list, a new one, and searching again with other choices."""

from __future__ import annotations

import secrets
from typing import Any

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from goround.apps.formation.models import Round
from goround.apps.formation.selectors import rounds_for, spoken_by_waiting, waiting_count
from goround.apps.formation.services import create_round, start_search
from goround.apps.formation.settings import RoundSettings
from goround.apps.formation.versions import Overtaken, RoundClosed
from goround.apps.organisations.models import Programme
from goround.apps.organisations.selectors import programmes_for, venues_for
from goround.apps.people.selectors import facilitators_for
from goround.web.coordinator.rounds_forms import RoundForm
from goround.web.rendering import Request, page_or_part

ROUNDS_ON_A_PAGE = 25


@require_GET
def rounds(request: Request) -> HttpResponse:
    listed = rounds_for(request.user, request.organisation)
    page = Paginator(listed, ROUNDS_ON_A_PAGE).get_page(request.GET.get("page"))
    return render(request, "coordinator/rounds.html", {"page": page})


@require_http_methods(["GET", "POST"])
def round_new(request: Request) -> HttpResponse:
    programmes = list(programmes_for(request.user, request.organisation))
    programme = _chosen(programmes, request)
    if programme is None:
        return render(request, "coordinator/round_new.html", {"programmes": programmes})
    asked = request.GET if "name" in request.GET else None
    form = _form(request, request.POST or asked, programme)
    if _is_asked(request) and form.is_valid():
        made = create_round(
            programme=programme,
            settings=form.settings(),
            name=form.cleaned_data["name"],
            seed=secrets.randbelow(2**31),
            by=request.user,
            at=timezone.now(),
        )
        _search(request, made, form.settings())
        return redirect("coordinator:round", request.organisation.slug, made.pk)
    context = {"programmes": programmes, "form": form} | _who(request, programme, form)
    return page_or_part(request, "coordinator/round_new.html", "who", context)


@require_http_methods(["GET", "POST"])
def round_again(request: Request, round_id: int) -> HttpResponse:
    """The same round searched again, around what is locked, with other choices if wished."""
    found = get_object_or_404(rounds_for(request.user, request.organisation), pk=round_id)
    settings = RoundSettings.from_json(found.settings)
    form = _form(request, request.POST or None, found.programme, found.name, settings)
    if _is_asked(request) and form.is_valid():
        started = _search(request, found, form.settings(), version=request.POST.get("version"))
        if started:
            return redirect("coordinator:round", request.organisation.slug, found.pk)
        form.add_error(
            None,
            _(
                "Somebody changed this round since you opened this page, or a search is going on. "
                "Nothing was started. Look at the round again first."
            ),
        )
    context = {"round": found, "form": form} | _who(request, found.programme, form)
    return page_or_part(request, "coordinator/round_new.html", "who", context)


def _is_asked(request: Request) -> bool:
    """Whether to search; the button that only counts again sends the form as well."""
    return request.method == "POST" and "count" not in request.POST


def _search(
    request: Request, round: Round, settings: RoundSettings, version: str | None = "0"
) -> bool:
    seen = int(version) if version and version.isdecimal() else -1
    try:
        start_search(
            round=round, settings=settings, version=seen, by=request.user, at=timezone.now()
        )
    except (Overtaken, RoundClosed):
        return False
    return True


def _chosen(programmes: list[Programme], request: Request) -> Programme | None:
    """The one asked for, or the only one there is."""
    asked = request.POST.get("programme") or request.GET.get("programme")
    if asked is None and len(programmes) == 1:
        return programmes[0]
    return next((each for each in programmes if str(each.pk) == asked), None)


def _form(
    request: Request,
    data: Any,
    programme: Programme,
    name: str = "",
    settings: RoundSettings | None = None,
) -> RoundForm:
    today = date_format(request.organisation.local(timezone.now()), _("j F Y"))
    suggested = _("%(programme)s, %(day)s") % {"programme": programme.name, "day": today}
    leaders = facilitators_for(request.user, request.organisation)
    venues = venues_for(request.user, request.organisation)
    return RoundForm(
        data,
        programme=programme,
        languages=spoken_by_waiting(request.user, programme),
        venues=[venue for venue in venues if venue.in_use],
        facilitators=[leader for leader in leaders if leader.in_service],
        name=name or suggested[:120],
        settings=settings,
    )


def _who(request: Request, programme: Programme, form: RoundForm) -> dict[str, Any]:
    at = timezone.now()
    chosen = form.who() if form.is_bound else RoundSettings()
    return {
        "programme": programme,
        "taken_in": waiting_count(request.user, programme, chosen, at=at),
        "waiting": waiting_count(request.user, programme, RoundSettings(), at=at),
    }
