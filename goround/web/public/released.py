"""A release as anybody reads it who was given its address."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from goround.apps.releases.models import Release
from goround.apps.releases.selectors import release_by_link
from goround.web.network.released_files import csv_of, xlsx_of
from goround.web.network.releases import context_of


@require_GET
def released(request: HttpRequest, link: str) -> HttpResponse:
    return render(request, "public/released.html", context_of(request, _found(request, link)))


@require_GET
def released_csv(request: HttpRequest, link: str) -> HttpResponse:
    return csv_of(request, _found(request, link))


@require_GET
def released_xlsx(request: HttpRequest, link: str) -> HttpResponse:
    return xlsx_of(request, _found(request, link))


def _found(request: HttpRequest, link: str) -> Release:
    shown = release_by_link(request.user, link)
    if shown is None:
        raise Http404
    return shown
