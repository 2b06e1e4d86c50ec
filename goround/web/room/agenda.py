"""What the group talks about next: its members' list, and what they chose from it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from goround.apps.agenda.models import Topic
from goround.apps.agenda.selectors import agenda_of, chosen_for, topic_in
from goround.apps.agenda.services import (
    LONGEST_TOPIC,
    NoMeeting,
    NotThere,
    TooMany,
    choose_topic,
    let_topic_wait,
    propose_topic,
    put_topic_aside,
    set_talked_about,
    set_want,
)
from goround.apps.circle.selectors import meeting_led
from goround.apps.groups.models import Membership
from goround.web.rendering import Request, sent
from goround.web.room.belonging import find_membership

LIST = "room:agenda"
SMALL_GROUP = 6


class TopicForm(forms.Form):
    text = forms.CharField(
        label=gettext_lazy("What would you like to talk about?"),
        max_length=LONGEST_TOPIC,
        error_messages={"required": gettext_lazy("Write what it is about.")},
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    is_unsigned = forms.BooleanField(
        label=gettext_lazy("Leave my name off"),
        required=False,
        help_text=gettext_lazy(
            "Then nothing leads back to you, and you cannot change it later. In a small group "
            "others may still guess who it was, from the words or the subject."
        ),
    )


@require_http_methods(["GET", "POST"])
def agenda(request: Request, group_id: int) -> HttpResponse:
    mine, now = find_membership(request, group_id), timezone.now()
    form = TopicForm(sent(request))
    if request.method == "POST" and form.is_valid():
        try:
            propose_topic(
                membership=mine,
                text=" ".join(form.cleaned_data["text"].split()),
                is_signed=not form.cleaned_data["is_unsigned"],
                by=request.user,
                at=now,
            )
        except TooMany:
            form.add_error(
                None,
                _("The list is full. Talk about something or put it aside first, then add this."),
            )
        else:
            messages.success(request, _("It is on the list."))
            return redirect(LIST, group_id)
    context = {
        "mine": mine,
        "form": form,
        "agenda": agenda_of(request.user, mine, at=now),
        "small_group": SMALL_GROUP,
    }
    return render(request, "room/own/agenda.html", context, status=422 if form.errors else 200)


@require_POST
def topic(request: Request, group_id: int, topic_id: int) -> HttpResponse:
    """One tap on one topic: want it, choose it, tick it, put it aside, put it back."""
    mine = find_membership(request, group_id)
    found = topic_in(request.user, mine.group, topic_id)
    act = ACTS.get(request.POST.get("act", ""))
    if found is None or act is None:
        raise Http404
    try:
        act(request, found, mine)
    except NoMeeting:
        messages.warning(
            request, _("No meeting is planned yet, so it stays on the list. Choose it later.")
        )
    except NotThere:
        messages.warning(request, _("Somebody changed the list just now. Look again."))
    return redirect(LIST, group_id)


@require_POST
def guide_topic(request: Request, meeting_id: int, topic_id: int) -> HttpResponse:
    """Whoever leads the meeting ticks what was talked about, or takes the tick back."""
    now = timezone.now()
    meeting = meeting_led(request.user, request.organisation, meeting_id)
    if meeting is None:
        raise Http404
    chosen = {seen.topic.pk: seen.topic for seen in chosen_for(request.user, meeting, at=now)}
    if topic_id not in chosen:
        raise Http404
    try:
        set_talked_about(
            topic=chosen[topic_id],
            meeting=meeting,
            is_done=request.POST.get("done") == "yes",
            by=request.user,
            at=now,
        )
    except NotThere:
        raise Http404 from None
    part, plan = request.POST.get("part", ""), request.POST.get("plan", "")
    query = f"?part={part}" if part.isdecimal() else "?"
    page = reverse("room:guide", args=[request.organisation.slug, meeting.pk])
    return redirect(f"{page}{query}{'&ordinary=1' if plan else ''}")


def _want(is_wanted: bool) -> Callable[..., None]:
    def act(request: Request, found: Topic, mine: Membership) -> None:
        about = _about(request, found, mine)
        set_want(is_wanted=is_wanted, **about)

    return act


def _talk(is_done: bool) -> Callable[..., None]:
    def act(request: Request, found: Topic, mine: Membership) -> None:
        told = agenda_of(request.user, mine, at=timezone.now())
        if told is None or told.last is None:
            raise NotThere("there was no meeting yet")
        set_talked_about(
            topic=found, meeting=told.last, is_done=is_done, by=request.user, at=timezone.now()
        )

    return act


def _change(service: Callable[..., None]) -> Callable[..., None]:
    def act(request: Request, found: Topic, mine: Membership) -> None:
        service(**_about(request, found, mine))

    return act


def _about(request: Request, found: Topic, mine: Membership) -> dict[str, Any]:
    return {"topic": found, "membership": mine, "by": request.user, "at": timezone.now()}


ACTS: dict[str, Callable[[Request, Topic, Membership], None]] = {
    "want": _want(True),
    "unwant": _want(False),
    "choose": _change(choose_topic),
    "wait": _change(let_topic_wait),
    "aside": _change(put_topic_aside),
    "talked": _talk(True),
}
