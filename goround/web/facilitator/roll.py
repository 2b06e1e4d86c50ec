"""Attendance in a minute, on a telephone."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from goround.apps.children.selectors import came_to
from goround.apps.groups.names import LONGEST_ALIAS
from goround.apps.marks.hours import can_take
from goround.apps.marks.selectors import newest_mark, tally_of
from goround.apps.marks.services import written_by_hand
from goround.apps.meetings.models import Meeting
from goround.apps.meetings.nearby import NotOnThisList
from goround.apps.meetings.selectors import (
    Seat,
    corrections_of,
    may_record,
    meetings_for,
    seats_at,
)
from goround.apps.meetings.services import AttendanceClosed, record_attendance
from goround.apps.meetings.words import correction_in_words, counts_of
from goround.web.facilitator.forms import RollForm
from goround.web.rendering import Request


@dataclass(frozen=True)
class SeatShown:
    pk: int
    alias: str
    ticked: bool
    note: str


@require_http_methods(["GET", "POST"])
def roll(request: Request, meeting_id: int) -> HttpResponse:
    """Who was at one meeting: the form, or what was saved and how it was corrected.

    Leaders come here from their own pages, coordinators from the group's.
    """
    meetings = meetings_for(request.user, request.organisation)
    meeting = get_object_or_404(meetings, pk=meeting_id)
    may = may_record(request.user, meeting)
    if request.method == "POST":
        if not may:
            raise Http404
        return _save(request, meeting)
    if not may or not meeting.takes_attendance(at=timezone.now()):
        return _show(request, meeting, may=may)
    if meeting.status == Meeting.Status.HELD and "change" not in request.GET:
        return _show(request, meeting, may=may)
    seats, children = seats_at(request.user, meeting), came_to(request.user, meeting)
    form = RollForm(None, seats=seats, meeting=meeting, children=children)
    return _ask(request, meeting, form, seats)


def _save(request: Request, meeting: Meeting) -> HttpResponse:
    seats = seats_at(request.user, meeting)
    form = RollForm(request.POST, seats=seats, meeting=meeting)
    if "more" in request.POST or not form.is_valid():
        return _ask(request, meeting, form, seats)
    members = {seat.membership.pk: seat.membership for seat in seats}
    found = form.cleaned_data
    by_whom: dict[str, Any] = {"by": request.user, "at": timezone.now()}
    try:
        record_attendance(
            meeting=meeting,
            present=[members[pk] for pk in found["present"]],
            newcomers=found["newcomer"],
            heads_parents=found["heads_parents"],
            heads_new=found["heads_new"],
            children=found["children"],
            **by_whom,
        )
        written_by_hand(meeting=meeting, seen=_seen(request), **by_whom)
    except AttendanceClosed:
        form.add_error(None, _("This meeting has not started or was cancelled. Nothing was saved."))
        return _ask(request, meeting, form, seats)
    except NotOnThisList:
        words = _(
            "Somebody ticked here cannot be marked at this meeting. Nothing was saved. Untick whom "
            "you ticked last, and count them below without a name."
        )
        form.add_error(None, words)
        return _ask(request, meeting, form, seats)
    messages.success(request, _("Saved."))
    return redirect(request.path)


def _ask(request: Request, meeting: Meeting, form: RollForm, seats: list[Seat]) -> HttpResponse:
    shown = [
        SeatShown(seat.membership.pk, seat.membership.alias, form.is_ticked(seat), _said(seat))
        for seat in seats
    ]
    # Asking for one more box is no attempt to save.
    asked_more = "more" in request.POST
    context = {
        **_about(request, meeting),
        "form": form,
        "show_errors": form.is_bound and not asked_more,
        "seats": shown,
        "aliases": form.aliases(),
        "longest": LONGEST_ALIAS,
        "heads_first": meeting.group.is_open,
        "counts_open": not seats or _has_counts(form),
        "marks_seen": _seen(request) or newest_mark(request.user, meeting),
    }
    return render(request, "facilitator/roll.html", context)


def _show(request: Request, meeting: Meeting, *, may: bool) -> HttpResponse:
    """What is recorded, or why nothing can be."""
    now = timezone.now()
    group = meeting.group
    corrections = [
        correction_in_words(correction, zone=group.zone, at=now)
        for correction in corrections_of(request.user, meeting)
    ]
    context = {
        **_about(request, meeting),
        "may_record": may,
        "started": meeting.starts_at <= now,
        "held": meeting.status == Meeting.Status.HELD,
        "counts": counts_of(meeting),
        "seats": seats_at(request.user, meeting),
        "corrections": corrections,
    }
    return render(request, "facilitator/roll_shown.html", context)


def _about(request: Request, meeting: Meeting) -> dict[str, Any]:
    match = request.resolver_match
    from_coordinator = match is not None and match.namespace == "coordinator"
    is_shared = bool(request.session.get("is_shared"))
    tally = tally_of(request.user, meeting)
    return {
        # Coordinators come to the same roll from elsewhere, with no meeting to take along.
        "may_take": not from_coordinator,
        "can_take": can_take(meeting, is_shared=is_shared, at=timezone.now()),
        "marks_asked": tally.asked if tally else 0,
        "meeting": meeting,
        "group": meeting.group,
        "group_page": "coordinator:group" if from_coordinator else "facilitator:group",
    }


def _seen(request: Request) -> int:
    """The newest mark that stood on the page that is saved; 0 when there was none."""
    seen = request.POST.get("marks_seen", "")
    return int(seen) if seen.isdecimal() and len(seen) < 19 else 0


def _said(seat: Seat) -> str:
    if seat.said is None:
        return ""
    return _("said: coming") if seat.said else _("said: not today")


def _has_counts(form: RollForm) -> bool:
    boxes = ("heads_parents", "heads_new", "children", "nobody_counted")
    return any(form[name].value() not in (None, "", False) or form[name].errors for name in boxes)
