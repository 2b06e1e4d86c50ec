"""What a device keeps to work without a signal: the page that opens it, and what it brings back.

The page is the same for everybody and holds nobody's data; a device fetches it beforehand as a
visitor does. What is kept lies in the browser, locked; see ``kept-store.js``.
"""

from __future__ import annotations

import json
from typing import Any
from uuid import UUID

from django import forms
from django.contrib.auth.models import AnonymousUser
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.middleware.csrf import get_token
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from goround.apps.children.models import Shortness, Visit
from goround.apps.children.services import LONGEST_NAME
from goround.apps.groups.names import LONGEST_ALIAS
from goround.apps.marks.children_back import ChildTap, bring_children_back
from goround.apps.marks.models import ChildMark, Mark, Taken
from goround.apps.marks.selectors import taken_by
from goround.apps.marks.services import NotTakenHere, Sent, bring_back
from goround.web.children.forms import MOST_ADULTS_HERE
from goround.web.facilitator.forms import MOST_HEADS
from goround.web.rendering import Request

MOST_AT_ONCE = 200


class MarkForm(forms.Form):
    """One mark as a device sends it. Whether it makes sense for its meeting is asked later."""

    id = forms.UUIDField()
    place = forms.IntegerField(min_value=1, max_value=1_000_000)
    about = forms.ChoiceField(choices=[(each.value, each.value) for each in Mark.About])
    tapped_at = forms.DateTimeField()
    seat = forms.CharField(max_length=6, required=False)
    newcomer = forms.UUIDField(required=False)
    alias = forms.CharField(max_length=LONGEST_ALIAS, required=False)
    is_here = forms.NullBooleanField(required=False)
    count = forms.IntegerField(min_value=0, max_value=MOST_HEADS, required=False)
    withdraws = forms.UUIDField(required=False)

    def sent(self) -> Sent:
        found = dict(self.cleaned_data)
        return Sent(number=found.pop("id"), **found)


class ChildMarkForm(forms.Form):
    """One mark about a child as a device sends it."""

    id = forms.UUIDField()
    place = forms.IntegerField(min_value=1, max_value=1_000_000)
    about = forms.ChoiceField(choices=[(each.value, each.value) for each in ChildMark.About])
    child = forms.CharField(max_length=6)
    tapped_at = forms.DateTimeField()
    adult = forms.CharField(max_length=LONGEST_NAME, required=False)
    parent_agrees = forms.BooleanField(required=False)
    seen = forms.ChoiceField(choices=Visit.Seen.choices, required=False)
    accepts = forms.ChoiceField(choices=Shortness.Done.choices, required=False)
    adults = forms.IntegerField(min_value=0, max_value=MOST_ADULTS_HERE, required=False)

    def clean(self) -> dict[str, Any]:
        found = super().clean() or {}
        about = found.get("about")
        if about in {ChildMark.About.CAME, ChildMark.About.WENT} and not found.get("adult"):
            self.add_error("adult", "A child comes and goes with somebody.")
        if about == ChildMark.About.WENT and not found.get("seen"):
            self.add_error("seen", "How the adult was known is missing.")
        return found

    def sent(self) -> ChildTap:
        found = dict(self.cleaned_data)
        adults = found.pop("adults")
        return ChildTap(number=found.pop("id"), adults=1 if adults is None else adults, **found)


@require_GET
def kept(request: HttpRequest) -> HttpResponse:
    """Nobody is greeted here: the device shows this page to whoever holds it."""
    request.user = AnonymousUser()
    context = {
        "longest": LONGEST_ALIAS,
        "longest_name": LONGEST_NAME,
        "most": MOST_HEADS,
        "most_adults": MOST_ADULTS_HERE,
        "ways": Visit.Seen.choices,
        "deeds": Shortness.Done.choices,
    }
    return render(request, "kept/kept.html", context)


@require_GET
def hello(request: HttpRequest) -> HttpResponse:
    """Whether somebody is signed in here, and the word that lets a script send."""
    return JsonResponse({"signed_in": request.user.is_authenticated, "token": get_token(request)})


@require_POST
def key(request: Request, taken_number: str) -> HttpResponse:
    """The key to what somebody took along themselves; for anybody else there is none."""
    return JsonResponse({"key": _taken(request, taken_number).key})


@require_POST
def marks(request: Request, taken_number: str) -> HttpResponse:
    """What a device brings back; what is named in the answer need not be sent again."""
    taken = _taken(request, taken_number)
    told: dict[str, Any] = {"taken": taken, "by": request.user, "at": timezone.now()}
    try:
        if taken.part == Taken.Part.CHILDREN:
            sent, nonsense = _read(request, ChildMarkForm)
            answered = bring_children_back(sent=sent, **told)
        else:
            sent, nonsense = _read(request, MarkForm)
            answered = bring_back(sent=sent, **told)
    except NotTakenHere:
        return JsonResponse({}, status=410)
    return JsonResponse(
        {
            "kept": sorted(map(str, answered.kept)),
            "refused": [*nonsense, *sorted(map(str, answered.refused))],
            "asked": answered.asked,
        }
    )


def _taken(request: Request, number: str) -> Taken:
    try:
        found = taken_by(request.user, UUID(number))
    except ValueError:
        found = None
    if found is None:
        raise Http404
    return found


def _read(
    request: HttpRequest, form_of: type[MarkForm | ChildMarkForm]
) -> tuple[list[Any], list[str]]:
    """The marks, and the names of those that are none."""
    try:
        told = json.loads(request.body)["marks"][:MOST_AT_ONCE]
    except (ValueError, KeyError, TypeError):
        return [], []
    sent: list[Any] = []
    nonsense = []
    for each in told:
        form = form_of(each if isinstance(each, dict) else {})
        if form.is_valid():
            sent.append(form.sent())
        elif isinstance(each, dict):
            nonsense.append(str(each.get("id", "")))
    return sent, nonsense
