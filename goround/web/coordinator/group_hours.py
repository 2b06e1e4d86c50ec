"""When a group meets: its series, the days it skips, and one meeting that is different."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import islice

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from goround.apps.groups.company import PlaceTaken
from goround.apps.groups.models import Group
from goround.apps.groups.services import SeriesBeginsTooEarly
from goround.apps.meetings import services
from goround.apps.meetings.models import Meeting
from goround.apps.meetings.selectors import coming_meetings, meetings_for
from goround.domain.calendar.recurrence import days
from goround.web.coordinator.groups import find_group, only_if_it_goes_on, place_taken, to_group
from goround.web.coordinator.series_forms import CancelForm, ChangeSeriesForm, MoveForm, SkipForm
from goround.web.rendering import Request

DAYS_OFFERED = 40


@require_http_methods(["GET", "POST"])
def series(request: Request, group_id: int) -> HttpResponse:
    group, now = find_group(request, group_id), timezone.now()
    only_if_it_goes_on(group)
    form = ChangeSeriesForm(request.POST or None, group=group, at=now)
    if request.method == "POST" and form.is_valid():
        try:
            services.reschedule(
                group=group,
                recurrence=form.recurrence,
                skipped_days=group.days_skipped(),
                from_on=form.from_on,
                by=request.user,
                at=now,
            )
        except SeriesBeginsTooEarly:
            form.add_error("first_on", _("That is past. Other hours can only begin from now on."))
        except PlaceTaken:
            form.add_error(None, place_taken())
        else:
            messages.success(request, _("The hours are changed and the meetings planned anew."))
            return to_group(request, group)
    return render(request, "coordinator/group_series.html", {"group": group, "form": form})


@require_http_methods(["GET", "POST"])
def skipped(request: Request, group_id: int) -> HttpResponse:
    group, now = find_group(request, group_id), timezone.now()
    only_if_it_goes_on(group)
    form = SkipForm(
        request.POST if request.method == "POST" else None,
        days=_days_to_offer(request, group),
        skipped=group.days_skipped(),
    )
    if request.method == "POST" and form.is_valid():
        services.skip_days(group=group, days=form.chosen(), by=request.user, at=now)
        messages.success(request, _("The meetings are planned without these days."))
        return to_group(request, group)
    return render(request, "coordinator/group_skipped.html", {"group": group, "form": form})


def _days_to_offer(request: Request, group: Group) -> list[date]:
    """The next days of the series, without those whose meeting is moved, cancelled or held."""
    now = timezone.now()
    tomorrow = group.today(at=now) + timedelta(days=1)
    settled = {
        group.today(at=meeting.occurrence)
        for meeting in coming_meetings(request.user, group, at=now)
        if meeting.status != Meeting.Status.PLANNED or meeting.is_moved
    }
    coming = (day for day in days(group.recurrence()) if day >= tomorrow and day not in settled)
    return list(islice(coming, DAYS_OFFERED))


@require_http_methods(["GET", "POST"])
def meeting(request: Request, group_id: int, meeting_id: int) -> HttpResponse:
    """Move one meeting, cancel it, or let it take place after all."""
    group = find_group(request, group_id)
    meetings = meetings_for(request.user, request.organisation)
    found = get_object_or_404(meetings, pk=meeting_id, group=group)
    doing = request.POST.get("do", "")
    move = MoveForm(request.POST if doing == "move" else None, meeting=found)
    cancel = CancelForm(request.POST if doing == "cancel" else None)
    if request.method == "POST" and _done(request, found, doing, move, cancel):
        return to_group(request, group)
    context = {
        "group": group,
        "meeting": found,
        "move": move,
        "cancel": cancel,
        "over": found.ends_at <= timezone.now(),
    }
    return render(request, "coordinator/group_meeting.html", context)


def _done(
    request: Request, meeting: Meeting, doing: str, move: MoveForm, cancel: CancelForm
) -> bool:
    """Whether what was asked has been done; the form says why when not."""
    by, now = request.user, timezone.now()
    try:
        if doing == "restore":
            services.restore_meeting(meeting=meeting, by=by, at=now)
            return True
        if doing == "cancel" and cancel.is_valid():
            because = cancel.cleaned_data["because"]
            services.cancel_meeting(meeting=meeting, because=because, by=by, at=now)
            return True
        if doing == "move" and move.is_valid():
            because = move.cleaned_data["because"]
            services.move_meeting(
                meeting=meeting, starts_at=move.starts_at, because=because, by=by, at=now
            )
            return True
    except services.MeetingClosed:
        form = move if doing == "move" else cancel
        form.add_error(None, _("This meeting was held or cancelled since. Nothing was changed."))
    except services.HourTaken:
        move.add_error("day", _("The group meets at that time anyway."))
    except PlaceTaken:
        messages.error(request, place_taken())
    return False
