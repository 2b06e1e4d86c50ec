"""The children's list taken to where there is no signal, and what a person decides afterwards."""

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
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_http_methods

from goround.apps.children.selectors import Desk
from goround.apps.marks.children_back import (
    adult_in,
    answers_to,
    decide_child,
    take_children_along,
)
from goround.apps.marks.children_list import KeptChild, children_kept
from goround.apps.marks.hours import CHILDREN_TAKEN_BEFORE, can_take_children
from goround.apps.marks.models import ChildMark
from goround.apps.marks.selectors import child_marks_asked
from goround.apps.marks.services import CannotTake, NotAsked
from goround.apps.meetings.words import when_in_words
from goround.apps.records.openings import Why as Reason
from goround.apps.records.openings import note_opened
from goround.web.children.forms import band_in_words
from goround.web.children.session import about, find_desk
from goround.web.rendering import Request

Why = ChildMark.Why
WHYS = {
    Why.NO_PLACE: gettext_lazy(
        "There was no place for this child in this session, so they are not on the list. If they "
        "are with you: the parent can have the child with them, or ask whoever leads the group."
    ),
    Why.NOT_LISTED: gettext_lazy("This adult is not on the child's list for that day."),
    Why.BARRED: gettext_lazy(
        "This adult may never collect this child. The safeguarding lead has been told. If the "
        "child has gone with them, call the emergency number now."
    ),
    Why.DIFFERS: gettext_lazy(
        "Somebody else wrote down that the child went home with another adult. That stays. If it "
        "is not right, tell whoever leads the group."
    ),
    Why.NOT_IN: gettext_lazy("Nobody signed this child in, so nobody can be signed out."),
    Why.CLOSED: gettext_lazy(
        "The session was closed before this arrived. Count the child on the meeting's roll."
    ),
    Why.NOT_BEGUN: gettext_lazy("The session cannot begin: the meeting is cancelled, or too far."),
}
WORDS = {
    "again": gettext_lazy("Try again"),
    "agreed": gettext_lazy("The parent stood there and said yes"),
    "went": gettext_lazy("Yes, the child went with them"),
    "leave": gettext_lazy("Leave it out"),
}


@require_http_methods(["GET", "POST"])
def take(request: Request, meeting_id: int) -> HttpResponse:
    """Sent from this page, the list comes back as the device keeps it. No adult's name is in it."""
    desk = find_desk(request, meeting_id)
    now = timezone.now()
    if request.method == "POST":
        try:
            return JsonResponse(_take(request, desk, now))
        except CannotTake:
            return JsonResponse({}, status=409)
    context = about(request, desk) | {
        "can_take": can_take_children(desk.meeting, at=now),
        "is_shared": bool(request.session.get("is_shared")),
    }
    return render(request, "children/take.html", context)


@require_http_methods(["GET", "POST"])
def marks(request: Request, meeting_id: int) -> HttpResponse:
    """What came from a device and does not fit what is written down by now."""
    desk = find_desk(request, meeting_id)
    asked = child_marks_asked(request.user, desk)
    if request.method == "POST":
        number = request.POST.get("mark", "")
        mark = get_object_or_404(asked, pk=int(number) if number.isdecimal() else 0)
        _answer(request, mark)
        return redirect(request.path)
    shown = [_shown(mark) for mark in asked]
    return render(request, "children/marks.html", about(request, desk) | {"asked": shown})


def _take(request: Request, desk: Desk, now: datetime) -> dict[str, Any]:
    meeting = desk.meeting
    children = [*(each.visit.child for each in desk.here), *desk.away]
    salt = secrets.token_hex(32)
    taken = take_children_along(
        meeting=meeting,
        children=children,
        number=uuid4(),
        key=secrets.token_hex(32),
        by=request.user,
        at=now,
    )
    note_opened(
        organisation=request.organisation,
        parent_ids=[child.parent_id for child in children if child.parent_id and child.has_needs],
        why=Reason.CHILDREN,
        by=request.user,
        at=now,
    )
    kept = children_kept(request.user, taken, desk, salt=salt)
    return {
        "kind": "children",
        "number": str(taken.number),
        "key": taken.key,
        "salt": salt,
        "is_shared": bool(request.session.get("is_shared")),
        "until": taken.until.isoformat(),
        # Children come before the meeting begins, so nothing waits for that, on no clock.
        "starts": (now - CHILDREN_TAKEN_BEFORE).isoformat(),
        "ends": meeting.ends_at.isoformat(),
        "when": when_in_words(meeting, at=meeting.starts_at - timedelta(days=3)),
        "adults": desk.session.adults if desk.session else None,
        "places": desk.session.places if desk.session else None,
        "bands": {band.key: band.per_adult for band in desk.bands},
        "children": [_child(each) for each in kept],
    }


def _child(kept: KeptChild) -> dict[str, Any]:
    return {
        "child": kept.number,
        "alias": kept.child.alias,
        "band": kept.child.band,
        "age": band_in_words(kept.child.band),
        "here": kept.is_here,
        "listed": kept.listed,
        "barred": kept.barred,
        "code": kept.code,
        "allergies": kept.allergies,
        "needs": kept.needs,
    }


def _shown(mark: ChildMark) -> dict[str, Any]:
    return {
        "mark": mark,
        "adult": adult_in(mark),
        "why": WHYS[Why(mark.why)],
        "answers": [(answer, WORDS[answer]) for answer in answers_to(mark)],
    }


def _answer(request: Request, mark: ChildMark) -> None:
    answer = request.POST.get("answer", "")
    try:
        left = decide_child(mark=mark, answer=answer, by=request.user, at=timezone.now())
    except NotAsked:
        messages.info(request, _("That was answered already. Nothing was changed."))
    else:
        words = ngettext("%(n)s question is open.", "%(n)s questions are open.", left)
        messages.success(request, words % {"n": left} if left else _("Saved."))
