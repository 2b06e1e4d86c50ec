"""What a parent sees of their own group: when and where it meets next."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from goround.apps.accounts.selectors import card_of, codes_untold
from goround.apps.groups.selectors import own_memberships
from goround.apps.joining.models import JoinRequest
from goround.apps.joining.selectors import groups_to_ask, own_leavings, own_requests
from goround.apps.meetings.selectors import own_meetings
from goround.web.rendering import Request

MEETINGS_SHOWN = 3


@require_GET
def home(request: Request) -> HttpResponse:
    now, viewer = timezone.now(), request.user
    context = {
        "groups": [
            (membership, own_meetings(viewer, membership, at=now)[:MEETINGS_SHOWN])
            for membership in own_memberships(viewer)
        ],
        "left": own_leavings(viewer, at=now),
        "may_ask": bool(groups_to_ask(viewer)),
        "asked": [one for one in own_requests(viewer) if one.status == JoinRequest.Status.OPEN],
        "untold": codes_untold(viewer),
        "card": card_of(viewer),
    }
    return render(request, "parent/home.html", context)
