"""Groups that a parent may ask to let them in, and what became of it."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from goround.apps.groups.models import Group
from goround.apps.groups.one_writer import GroupEnded
from goround.apps.joining.models import JoinRequest
from goround.apps.joining.selectors import groups_to_ask, own_requests
from goround.apps.joining.services import TooManyRequests, ask_to_join, take_request_back
from goround.web.parent.record import find_own
from goround.web.rendering import Request, sent
from goround.web.room.room_forms import AskForm

ASKED_SHOWN = 10


@require_GET
def find(request: Request) -> HttpResponse:
    parent = find_own(request)
    context = {
        "parent": parent,
        "groups": groups_to_ask(request.user),
        "asked": own_requests(request.user)[:ASKED_SHOWN],
        "open": JoinRequest.Status.OPEN,
    }
    return render(request, "parent/find.html", context)


@require_http_methods(["GET", "POST"])
def ask(request: Request, group_id: int) -> HttpResponse:
    parent = find_own(request)
    group = get_object_or_404(groups_to_ask(request.user), pk=group_id)
    form = AskForm(sent(request), initial={"alias": parent.alias})
    if request.method == "POST" and form.is_valid() and _asked(request, group, form):
        return redirect("parent:find")
    return render(request, "parent/ask.html", {"group": group, "form": form})


def _asked(request: Request, group: Group, form: AskForm) -> bool:
    try:
        ask_to_join(
            group=group,
            parent=find_own(request),
            alias=form.cleaned_data["alias"],
            words=form.cleaned_data["words"],
            by=request.user,
            at=timezone.now(),
        )
    except TooManyRequests:
        form.add_error(None, _("You asked three groups already. Wait for one answer first."))
    except GroupEnded:
        form.add_error(None, _("This group has ended. Nothing was sent."))
    return not form.errors


@require_POST
def ask_no_more(request: Request, request_id: int) -> HttpResponse:
    asked = get_object_or_404(own_requests(request.user), pk=request_id)
    take_request_back(request=asked, by=request.user, at=timezone.now())
    messages.success(request, _("Taken back. You can ask again at any time."))
    return redirect("parent:find")
