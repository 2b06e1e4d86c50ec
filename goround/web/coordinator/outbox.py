"""What people are told by e-mail: what waits, what went out, what could not be sent."""

from __future__ import annotations

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from goround.apps.outbox.kinds import kind_of
from goround.apps.outbox.models import Message
from goround.apps.outbox.selectors import messages_for, sends_mail, words_of
from goround.apps.outbox.services import NotToBeTriedAgain, try_again
from goround.web.rendering import Request

A_PAGE = 30
BADGES = {
    Message.Status.WAITING: "info",
    Message.Status.SENT: "good",
    Message.Status.LEFT_OUT: "quiet",
    Message.Status.GIVEN_UP: "danger",
}


@require_GET
def outbox(request: Request) -> HttpResponse:
    told = messages_for(request.user, request.organisation)
    page = Paginator(told, A_PAGE).get_page(request.GET.get("page"))
    lines = [(message, kind_of(message).label, BADGES[_status(message)]) for message in page]
    context = {"page": page, "lines": lines, "sends_mail": sends_mail(request.user)}
    return render(request, "coordinator/outbox.html", context)


@require_http_methods(["GET", "POST"])
def outbox_message(request: Request, message_id: int) -> HttpResponse:
    """One message as it would go out now. Sending it once more is for what was given up."""
    told = messages_for(request.user, request.organisation)
    message, now = get_object_or_404(told, pk=message_id), timezone.now()
    if request.method == "POST":
        _once_more(request, message)
        return redirect("coordinator:outbox", request.organisation.slug)
    context = {
        "message_row": message,
        "label": kind_of(message).label,
        "badge": BADGES[_status(message)],
        "words": words_of(request.user, message, at=now),
        "can_try": message.status == Message.Status.GIVEN_UP and not message.is_over(at=now),
    }
    return render(request, "coordinator/outbox_message.html", context)


def _status(message: Message) -> Message.Status:
    return Message.Status(message.status)


def _once_more(request: Request, message: Message) -> None:
    try:
        try_again(message=message, by=request.user, at=timezone.now())
    except NotToBeTriedAgain:
        messages.error(request, _("It is too late for this message. Tell them yourself."))
    else:
        messages.success(request, _("It is tried once more."))
