"""A meeting taken along to where there is no signal, and what a person decides afterwards."""

from __future__ import annotations

import secrets
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

from django.contrib import messages
from django.http import HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from goround.apps.circle.selectors import meeting_led, session_of
from goround.apps.marks.hours import can_take
from goround.apps.marks.models import Taken
from goround.apps.marks.selectors import marks_of
from goround.apps.marks.services import (
    CannotTake,
    NotAsked,
    count_marks,
    decide,
    set_aside,
    take_along,
)
from goround.apps.meetings.models import Meeting
from goround.apps.meetings.selectors import Seat, meetings_to_record, seats_at
from goround.apps.meetings.words import when_in_words
from goround.apps.organisations.playbooks import playbook_of
from goround.web.facilitator.asked import asked_shown
from goround.web.rendering import Request
from goround.web.room.guide import parts_of


@require_http_methods(["GET", "POST"])
def take(request: Request, meeting_id: int) -> HttpResponse:
    """Sent from this page, the list comes back as the device keeps it. Aliases, no names."""
    meeting = _meeting(request, meeting_id)
    now, is_shared = timezone.now(), bool(request.session.get("is_shared"))
    if request.method == "POST":
        try:
            return JsonResponse(_take(request, meeting, is_shared, now))
        except CannotTake:
            return JsonResponse({}, status=409)
    context = {
        "meeting": meeting,
        "group": meeting.group,
        "can_take": can_take(meeting, is_shared=is_shared, at=now),
        "is_shared": is_shared,
    }
    return render(request, "facilitator/take.html", context)


@require_http_methods(["GET", "POST"])
def marks(request: Request, meeting_id: int) -> HttpResponse:
    """What came from devices and cannot be counted without somebody who was there."""
    meeting = _meeting(request, meeting_id)
    work = marks_of(request.user, meeting)
    if request.method == "POST":
        _answer(request, meeting)
        return redirect(request.path)
    context = {
        "meeting": meeting,
        "group": meeting.group,
        "asked": asked_shown(request.user, meeting, work) if work else [],
        "waits": bool(work and work.rows) and not meeting.takes_attendance(at=timezone.now()),
    }
    return render(request, "facilitator/marks.html", context)


def _meeting(request: Request, meeting_id: int) -> Meeting:
    meetings = meetings_to_record(request.user, request.organisation)
    return get_object_or_404(meetings, pk=meeting_id)


def _take(request: Request, meeting: Meeting, is_shared: bool, now: datetime) -> dict[str, Any]:
    seats = seats_at(request.user, meeting)
    taken = take_along(
        meeting=meeting,
        seats=[seat.membership for seat in seats],
        number=uuid4(),
        key=secrets.token_hex(32),
        is_shared=is_shared,
        by=request.user,
        at=now,
    )
    return {
        "number": str(taken.number),
        "key": taken.key,
        "is_shared": is_shared,
        "until": taken.until.isoformat(),
        "starts": meeting.starts_at.isoformat(),
        "ends": meeting.ends_at.isoformat(),
        # As a date: "Tonight" would be wrong tomorrow.
        "when": when_in_words(meeting, at=meeting.starts_at - timedelta(days=3)),
        "seats": _seats(taken, seats),
        "counts": {
            "heads": meeting.heads_parents,
            "heads-new": meeting.heads_new,
            "children": meeting.children,
        },
        "guide": _guide(request, meeting),
    }


def _seats(taken: Taken, seats: list[Seat]) -> list[dict[str, Any]]:
    """People by the numbers that mean somebody on this device alone."""
    by_membership = {seat.membership.pk: seat for seat in seats}
    return [
        {
            "seat": number,
            "alias": by_membership[pk].membership.alias,
            "note": _said(by_membership[pk]),
            "here": by_membership[pk].present,
        }
        for number, pk in taken.seats.items()
    ]


def _said(seat: Seat) -> str:
    if seat.said is None:
        return ""
    return _("said: coming") if seat.said else _("said: not today")


def _guide(request: Request, meeting: Meeting) -> list[dict[str, Any]]:
    """The parts of the meeting, for whoever leads it; the go-round itself needs a signal."""
    if meeting_led(request.user, request.organisation, meeting.pk) is None:
        return []
    playbook = playbook_of(meeting.group.programme)
    session = session_of(request.user, meeting)
    return [
        {
            "label": part.label,
            "from": part.from_time,
            "says": part.says,
            "lines": [str(line) for line in playbook.principles] if part.is_principles else [],
        }
        for part in parts_of(playbook, meeting, session)
    ]


def _answer(request: Request, meeting: Meeting) -> None:
    told: dict[str, Any] = {"meeting": meeting, "by": request.user, "at": timezone.now()}
    if "set_aside" in request.POST:
        set_aside(**told)
        messages.success(request, _("None of the marks counts. The record is as it was."))
    elif "count" in request.POST:
        left = count_marks(**told)
        messages.success(request, _("Counted.") if not left else _still_asked(left))
    else:
        about, answer = request.POST.get("about", ""), request.POST.get("answer", "")
        try:
            left = decide(about=about, answer=answer, **told)
        except NotAsked:
            messages.info(request, _("That was answered already. Nothing was changed."))
        else:
            messages.success(request, _("Saved.") if not left else _still_asked(left))


def _still_asked(number: int) -> str:
    words = ngettext("%(n)s question is open.", "%(n)s questions are open.", number)
    return words % {"n": number}
