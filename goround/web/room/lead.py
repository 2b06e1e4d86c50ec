"""The go-round on the device of whoever leads it."""

from __future__ import annotations

import contextlib
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from random import SystemRandom
from typing import Any

from django import forms
from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseBase, QueryDict
from django.middleware.csrf import get_token
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from goround.apps.accounts.selectors import Viewer, is_signed_in_still
from goround.apps.circle.codes import new_room
from goround.apps.circle.hours import can_open
from goround.apps.circle.models import OpenCircle
from goround.apps.circle.selectors import (
    Snapshot,
    meeting_led,
    open_circle_of,
    snapshot_from,
)
from goround.apps.circle.services import (
    AliasTaken,
    CircleClosed,
    NotNow,
    act,
    add_person,
    close_circle,
    let_phones_go,
    open_circle,
    set_door,
)
from goround.apps.groups.names import LONGEST_ALIAS
from goround.apps.meetings.models import Meeting
from goround.apps.meetings.selectors import seats_at
from goround.apps.walls.places import working_for
from goround.domain.circle.commands import Leading
from goround.domain.circle.evenness import evenness_of
from goround.domain.circle.facts import Way
from goround.domain.circle.rules import NoRoom, NotAllowed
from goround.web.qr import qr_code
from goround.web.rendering import Request, page_or_part
from goround.web.room.shown import minutes_in_words, seats_shown, shown, ways
from goround.web.room.stream import stream
from goround.web.room.taps import Tap

TEMPLATE, PART = "room/lead.html", "circle"
SOFT_TIMES = (60, 120, 180, 300, 420, 600)
USUAL_TIME = 180
MOST_NEWCOMERS = 30


@dataclass(frozen=True, slots=True)
class Lead:
    """Who stands at the page: the meeting they lead, and the device they hold."""

    meeting: Meeting
    device: str
    organisation: str
    csrf_token: str

    def page(self, name: str) -> str:
        return reverse(f"room:{name}", args=[self.organisation, self.meeting.pk])


class OpenForm(forms.Form):
    """Who is here when the circle opens, by membership and by what newcomers are called."""

    present = forms.MultipleChoiceField(required=False)
    soft = forms.TypedChoiceField(
        label=gettext_lazy("About how long is a turn?"),
        coerce=int,
        initial=USUAL_TIME,
        error_messages={"required": gettext_lazy("Choose a time.")},
    )
    video = forms.BooleanField(label=gettext_lazy("Some take part by video call"), required=False)

    def __init__(
        self, data: QueryDict | None, *, members: Mapping[str, str], **kwargs: Any
    ) -> None:
        super().__init__(data, **kwargs)
        self.members = members
        self.newcomers = data.getlist("newcomer")[:MOST_NEWCOMERS] if data else []
        self.fields["present"].choices = list(members.items())  # type: ignore[attr-defined]
        self.fields["soft"].choices = [  # type: ignore[attr-defined]
            (seconds, minutes_in_words(seconds)) for seconds in SOFT_TIMES
        ]

    def aliases(self) -> list[str]:
        present = [self.members[pk] for pk in self.cleaned_data["present"]]
        return [*present, *self.newcomers]


class PersonForm(forms.Form):
    """Somebody who just came."""

    alias = forms.CharField(
        label=gettext_lazy("What are they called?"),
        max_length=LONGEST_ALIAS,
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "words"}),
        error_messages={"required": gettext_lazy("Write what they want to be called.")},
    )
    way = forms.ChoiceField(label=gettext_lazy("They are"))
    key = forms.CharField(max_length=80, widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        words = {way: told for way, told in ways().items() if way is not Way.PHONE}
        self.fields["way"].choices = list(words.items())  # type: ignore[attr-defined]


@require_http_methods(["GET", "POST"])
def circle(request: Request, meeting_id: int) -> HttpResponse:
    """The circle of one meeting: to open it, to lead it, or to take the lead over."""
    lead = _lead(request, meeting_id)
    found = open_circle_of(request.user, lead.meeting, at=timezone.now())
    if found is None:
        return _to_open(request, lead)
    if request.method == "POST":
        return _tapped(request, lead, found)
    return _shown(request, lead, found)


@require_GET
def circle_live(request: Request, meeting_id: int) -> HttpResponseBase:
    """The same circle as it changes."""
    lead = _lead(request, meeting_id)
    found = open_circle_of(request.user, lead.meeting, at=timezone.now())
    if found is None:
        raise Http404
    session_key, viewer = request.session.session_key, request.user

    def still() -> bool:
        with working_for(found.organisation_id):
            return _leads_still(viewer, session_key, lead.meeting)

    return stream(request, found, lambda snapshot: part_for(lead, snapshot), still=still)


def _leads_still(viewer: Viewer, session_key: str | None, meeting: Meeting) -> bool:
    """Signed in as before, and leading the meeting as before."""
    if not is_signed_in_still(viewer, session_key=session_key, at=timezone.now()):
        return False
    return meeting_led(viewer, meeting.group.organisation, meeting.pk) is not None


@require_POST
def circle_open(request: Request, meeting_id: int) -> HttpResponse:
    lead = _lead(request, meeting_id)
    form = _open_form(request, lead, request.POST)
    if not form.is_valid():
        return _to_open(request, lead, form)
    room = f"{settings.VIDEO_CALLS}{new_room(SystemRandom())}"
    try:
        open_circle(
            meeting=lead.meeting,
            aliases=form.aliases(),
            device=lead.device,
            soft_seconds=form.cleaned_data["soft"],
            video_url=room if form.cleaned_data["video"] and settings.VIDEO_CALLS else "",
            rng=SystemRandom(),
            by=request.user,
            at=timezone.now(),
        )
    except NotNow:
        messages.info(request, _("The go-round can be opened on the day of the meeting."))
    return redirect(lead.page("circle"))


@require_POST
def circle_person(request: Request, meeting_id: int) -> HttpResponse:
    """Somebody just came."""
    lead = _lead(request, meeting_id)
    found = _open(request, lead)
    form = PersonForm(request.POST)
    if not form.is_valid():
        return _shown(request, lead, found, form, status=422)
    alias = form.cleaned_data["alias"]
    try:
        add_person(
            circle=found,
            alias=alias,
            way=Way(form.cleaned_data["way"]),
            key=form.cleaned_data["key"],
            device=lead.device,
            by=request.user,
            at=timezone.now(),
        )
    except AliasTaken:
        words = _(
            "Somebody here is called that. If it is them, say beside their name how they take "
            "part. If not, add a letter or a number."
        )
        form.add_error("alias", words)
    except NoRoom:
        form.add_error(None, _("The circle is full. Nobody was added."))
    except (NotAllowed, CircleClosed):
        messages.info(request, _("Another device leads now. Nobody was added."))
        return redirect(lead.page("circle"))
    if form.errors:
        return _shown(request, lead, found, form, status=422)
    messages.success(request, _("%(name)s has a seat.") % {"name": alias})
    return redirect(lead.page("circle"))


@require_POST
def circle_door(request: Request, meeting_id: int) -> HttpResponse:
    """Let devices in, shut the door, or let the telephones of one seat go."""
    lead = _lead(request, meeting_id)
    found = _open(request, lead)
    asked = request.POST.get("door", "")
    about: dict[str, Any] = {"circle": found, "by": request.user, "at": timezone.now()}
    # Closed in between, there is no door any more: the next page says so.
    with contextlib.suppress(CircleClosed):
        if asked in {"open", "shut"}:
            set_door(is_open=asked == "open", rng=SystemRandom(), **about)
        elif asked.isdecimal() and len(asked) < 6:
            let_phones_go(seat=int(asked), **about)
    return redirect(lead.page("circle"))


@require_http_methods(["GET", "POST"])
def circle_close(request: Request, meeting_id: int) -> HttpResponse:
    """Close the circle; the group may choose to keep one figure, and nothing else."""
    lead = _lead(request, meeting_id)
    found = open_circle_of(request.user, lead.meeting, at=timezone.now())
    if found is None:
        return redirect(lead.page("guide"))
    if request.method == "POST":
        keep = request.POST.get("keep") == "yes"
        close_circle(circle=found, keep=keep, by=request.user, at=timezone.now())
        messages.success(request, _("The go-round is closed, and everything in it is gone."))
        return redirect(lead.page("guide"))
    figure = evenness_of(found.circle())
    percent = None if figure is None else round(100 * figure)
    context = {"lead": lead, "group": lead.meeting.group, "percent": percent}
    return render(request, "room/close.html", context)


def _lead(request: Request, meeting_id: int) -> Lead:
    """Whoever may not lead this meeting finds no page."""
    meeting = meeting_led(request.user, request.organisation, meeting_id)
    if meeting is None:
        raise Http404
    if "circle_device" not in request.session:
        request.session["circle_device"] = secrets.token_hex(8)
    return Lead(
        meeting,
        request.session["circle_device"],
        request.organisation.slug,
        get_token(request),
    )


def _open(request: Request, lead: Lead) -> OpenCircle:
    found = open_circle_of(request.user, lead.meeting, at=timezone.now())
    if found is None:
        raise Http404
    return found


def _tapped(request: Request, lead: Lead, found: OpenCircle) -> HttpResponse:
    tap = Tap(request.POST)
    command = tap.command() if tap.is_valid() else None
    if command is None:
        raise Http404
    try:
        found = act(
            circle=found,
            command=command,
            hand=Leading(lead.device),
            by=request.user,
            at=timezone.now(),
        )
    except NotAllowed:
        messages.info(request, _("Another device leads now. This tap changed nothing."))
    except CircleClosed:
        return redirect(lead.page("circle"))
    if request.htmx:
        return _shown(request, lead, found)
    return redirect(lead.page("circle"))


def part_for(lead: Lead, snapshot: Snapshot) -> str:
    """The part of the page that changes, as the stream sends it."""
    return render_to_string(f"{TEMPLATE}#{PART}", part_context(lead, snapshot))


def part_context(lead: Lead, snapshot: Snapshot) -> dict[str, Any]:
    return {
        "lead": lead,
        "csrf_token": lead.csrf_token,
        "circle_page": lead.page("circle"),
        "door_page": lead.page("circle_door"),
        "shown": shown(snapshot, at=timezone.now()),
        "seats": seats_shown(snapshot),
        "leads": snapshot.circle.leader == lead.device,
        "key": f"{lead.device}-{snapshot.version}",
    }


def _shown(
    request: Request,
    lead: Lead,
    found: OpenCircle,
    form: PersonForm | None = None,
    *,
    status: int = 200,
) -> HttpResponse:
    snapshot = snapshot_from(request.user, found)
    context = part_context(lead, snapshot)
    if not request.htmx:
        context |= _around(request, lead, snapshot, form)
    return page_or_part(request, TEMPLATE, PART, context, status=status)


def _around(
    request: Request, lead: Lead, snapshot: Snapshot, form: PersonForm | None
) -> dict[str, Any]:
    """What stands around the part that changes, and is the same until somebody loads it anew."""
    key = f"{lead.device}-{snapshot.version}-add"
    door = request.build_absolute_uri(reverse("circle:enter"))
    return {
        "meeting": lead.meeting,
        "group": lead.meeting.group,
        "live": lead.page("circle_live"),
        "form": form or PersonForm(initial={"key": key, "way": Way.ROOM}),
        "code": in_fours(snapshot.code),
        "door": door,
        "qr": qr_code(f"{door}#{snapshot.code}", _("A code for telephones")),
        "video_url": snapshot.video_url,
        "soft_times": [(seconds, minutes_in_words(seconds)) for seconds in SOFT_TIMES],
    }


def in_fours(code: str | None) -> str:
    """The code as people read it aloud."""
    return f"{code[:4]} {code[4:]}" if code else ""


def _to_open(request: Request, lead: Lead, form: OpenForm | None = None) -> HttpResponse:
    form = form or _open_form(request, lead, None)
    context = {
        "lead": lead,
        "meeting": lead.meeting,
        "group": lead.meeting.group,
        "form": form,
        "members": [
            (pk, alias, pk in form["present"].value()) for pk, alias in form.members.items()
        ],
        "can_open": can_open(lead.meeting, at=timezone.now()),
        "has_video": bool(settings.VIDEO_CALLS),
        "longest": LONGEST_ALIAS,
        "empty_boxes": range(1, 4),
    }
    return render(request, "room/open.html", context, status=422 if form.errors else 200)


def _open_form(request: Request, lead: Lead, data: QueryDict | None) -> OpenForm:
    seats = seats_at(request.user, lead.meeting)
    members = {str(seat.membership.pk): seat.membership.alias for seat in seats}
    recorded = any(seat.present for seat in seats)
    # Until somebody has said who is here: all but those who said they would not come.
    expected = [seat for seat in seats if (seat.present if recorded else seat.said is not False)]
    present = [str(seat.membership.pk) for seat in expected]
    return OpenForm(data, members=members, initial={"present": present})
