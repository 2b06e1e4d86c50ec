"""The children's session on the phone of whoever leads it: begin, who is here, close."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods

from goround.apps.children import running
from goround.apps.children.models import Shortness
from goround.apps.children.programme import can_begin, ratios_are_a_start
from goround.apps.children.selectors import (
    Desk,
    desk_for,
    meetings_with_children,
)
from goround.apps.marks.hours import can_take_children
from goround.apps.marks.selectors import child_marks_asked
from goround.web.children.forms import AdultsForm, BeginForm, ShortForm, band_in_words
from goround.web.rendering import Request, sent


@require_GET
def today(request: Request) -> HttpResponse:
    now = timezone.now()
    found = meetings_with_children(request.user, request.organisation, at=now)
    return render(request, "children/today.html", {"meetings": found})


@require_http_methods(["GET", "POST"])
def session(request: Request, meeting_id: int) -> HttpResponse:
    """Who is here and who is not; ``do`` says which of the page's forms was sent."""
    desk = find_desk(request, meeting_id)
    if request.method == "POST":
        answer = DOES.get(request.POST.get("do", ""), _nothing)(request, desk)
        if answer is not None:
            return answer
        desk = find_desk(request, meeting_id)
    context = about(request, desk) | _forms(request, desk)
    context["asked"] = child_marks_asked(request.user, desk).count()
    context["can_take"] = can_take_children(desk.meeting, at=timezone.now())
    return render(request, "children/session.html", context)


def find_desk(request: Request, meeting_id: int, *, begun: bool = False) -> Desk:
    desk = desk_for(request.user, request.organisation, meeting_id)
    if desk is None or (begun and desk.session is None):
        raise Http404
    return desk


def about(request: Request, desk: Desk) -> dict[str, Any]:
    """What every page of the session shows: where one is, and whether adults are missing."""
    return {
        "desk": desk,
        "meeting": desk.meeting,
        "group": desk.meeting.group,
        "session": desk.session,
        "counts": [
            (band_in_words(band.key), count, band.per_adult) for band, count in desk.by_band()
        ],
        "ratios_are_a_start": ratios_are_a_start(desk.meeting.group),
        "zone": desk.meeting.group.time_zone,
    }


def _forms(request: Request, desk: Desk) -> dict[str, Any]:
    do, data = request.POST.get("do", ""), sent(request)
    now = timezone.now()
    forms: dict[str, Any] = {"can_open": can_begin(desk.meeting, at=now)}
    if desk.session is None:
        return forms | {"begin": BeginForm(data if do == "begin" else None)}
    with_children = AdultsForm(
        data if do == "adults" else None, initial={"adults": desk.session.adults}
    )
    return forms | {"adults": with_children, "short": ShortForm(data if do == "short" else None)}


def _begin(request: Request, desk: Desk) -> HttpResponse | None:
    form = BeginForm(request.POST)
    if not form.is_valid():
        return None
    found = form.cleaned_data
    try:
        running.open_session(
            meeting=desk.meeting,
            adults=found["adults"],
            places=found["places"],
            by=request.user,
            at=timezone.now(),
        )
    except running.NotNow:
        messages.error(request, _("It is too early, or the meeting does not take place."))
    return _back(request, desk)


def _adults(request: Request, desk: Desk) -> HttpResponse | None:
    form = AdultsForm(request.POST)
    if desk.session is None or not form.is_valid():
        return None
    try:
        running.set_adults(
            session=desk.session,
            adults=form.cleaned_data["adults"],
            by=request.user,
            at=timezone.now(),
        )
    except running.SessionClosed:
        messages.error(request, _("The session is closed. Nothing was changed."))
    return _back(request, desk)


def _short(request: Request, desk: Desk) -> HttpResponse | None:
    form = ShortForm(request.POST)
    if desk.session is None or not form.is_valid():
        return None
    try:
        running.accept_short(
            session=desk.session,
            done=Shortness.Done(form.cleaned_data["accepts"]),
            mark=form.cleaned_data["mark"],
            by=request.user,
            at=timezone.now(),
        )
    except running.SessionClosed:
        messages.error(request, _("The session is closed. Nothing was changed."))
    else:
        messages.success(request, _("Noted, with the time."))
    return _back(request, desk)


def _close(request: Request, desk: Desk) -> HttpResponse | None:
    if desk.session is None:
        raise Http404
    try:
        came = running.close_session(session=desk.session, by=request.user, at=timezone.now())
    except running.StillHere:
        messages.error(request, _("Children are still here. Sign them out first."))
    else:
        told = ngettext("Closed. %(n)d child was here.", "Closed. %(n)d children were here.", came)
        messages.success(request, told % {"n": came})
    return _back(request, desk)


def _nothing(request: Request, desk: Desk) -> HttpResponse | None:
    return None


def _back(request: Request, desk: Desk) -> HttpResponse:
    return redirect("children:session", request.organisation.slug, desk.meeting.pk)


DOES = {"begin": _begin, "adults": _adults, "short": _short, "close": _close}
