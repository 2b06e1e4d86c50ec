"""What a device keeps to work without a signal: the page that opens it, and what it brings back.

The page is the same for everybody and holds nobody's data; a device fetches it beforehand as a
visitor does. What is kept lies in the browser, locked; see ``kept-store.js``.
"""

from __future__ import annotations

import json
from uuid import UUID

from django import forms
from django.contrib.auth.models import AnonymousUser
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.middleware.csrf import get_token
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from goround.apps.groups.names import LONGEST_ALIAS
from goround.apps.marks.models import Mark, Taken
from goround.apps.marks.selectors import taken_by
from goround.apps.marks.services import NotTakenHere, Sent, bring_back
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


@require_GET
def kept(request: HttpRequest) -> HttpResponse:
    """Nobody is greeted here: the device shows this page to whoever holds it."""
    request.user = AnonymousUser()
    return render(request, "kept/kept.html", {"longest": LONGEST_ALIAS, "most": MOST_HEADS})


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
    sent, nonsense = _read(request)
    try:
        answered = bring_back(taken=taken, sent=sent, by=request.user, at=timezone.now())
    except NotTakenHere:
        return JsonResponse({}, status=410)
    return JsonResponse(
        {
            "kept": [str(number) for number in answered.kept],
            "refused": [*nonsense, *(str(number) for number in answered.refused)],
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


def _read(request: HttpRequest) -> tuple[list[Sent], list[str]]:
    """The marks, and the names of those that are none."""
    try:
        told = json.loads(request.body)["marks"][:MOST_AT_ONCE]
    except (ValueError, KeyError, TypeError):
        return [], []
    sent, nonsense = [], []
    for each in told:
        form = MarkForm(each if isinstance(each, dict) else {})
        if form.is_valid():
            sent.append(form.sent())
        elif isinstance(each, dict):
            nonsense.append(str(each.get("id", "")))
    return sent, nonsense
