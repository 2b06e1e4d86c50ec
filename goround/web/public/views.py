from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET

from goround.apps.organisations.selectors import demo_people
from goround.web.public.helplines import helplines
from goround.web.public.places import places_of


@require_GET
def healthz(request: HttpRequest) -> HttpResponse:
    """Ready to answer. Says nothing else."""
    return HttpResponse("ok", content_type="text/plain")


@require_GET
def home(request: HttpRequest) -> HttpResponse:
    """What this is for a visitor; for somebody signed in, the places open to them."""
    if not request.user.is_authenticated:
        return render(request, "public/welcome.html", {"people": people_to_be(request)})
    places = places_of(request.user)
    if len(places) == 1 and places[0].links:
        return redirect(places[0].links[0].url)
    return render(request, "public/home.html", {"places": places})


@require_GET
def crisis(request: HttpRequest) -> HttpResponse:
    return render(request, "public/crisis.html", {"countries": helplines()})


@require_GET
def privacy(request: HttpRequest) -> HttpResponse:
    """Who sees what, in plain words."""
    return render(request, "public/privacy.html")


def people_to_be(request: HttpRequest) -> object:
    """The demo's invented people, where a visitor may choose one; nobody elsewhere."""
    return demo_people(request.user) if settings.CHOOSE_WHO_TO_BE else []
