"""Who must know: one person, one text about one concern, until a lead ends it."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from goround.apps.safeguarding.readers import NotAReader, name_reader
from goround.apps.safeguarding.selectors import (
    concerns_for,
    may_be_readers,
    opened,
    readers_of,
)
from goround.apps.safeguarding.services import end_reading
from goround.domain.safeguarding.concern import NotNow
from goround.web.lead.forms import ReaderForm
from goround.web.rendering import Request, sent
from goround.web.sealed.opened import ask_for_phrase, opened_key


@require_http_methods(["GET", "POST"])
def reader_new(request: Request, concern_id: int) -> HttpResponse:
    """Answered at once, not by sending the browser on: the words are in no session or address."""
    concern = get_object_or_404(
        concerns_for(request.user, request.organisation), pk=concern_id, closed_at=None
    )
    key = opened_key(request)
    if key is None:
        return ask_for_phrase(request)
    people = {user.pk: user for user in may_be_readers(request.user, request.organisation)}
    said = opened(request.user, key, [concern.told]).get(concern.told_id or 0, {})
    form = ReaderForm(
        sent(request),
        people=[(pk, user.get_short_name()) for pk, user in people.items()],
        initial={"what": said.get("what", "")},
    )
    if form.is_valid():
        user = people[form.cleaned_data["who"]]
        try:
            reader, phrase = name_reader(
                concern=concern,
                user=user,
                what=form.cleaned_data["what"],
                why=form.cleaned_data["why"],
                by=request.user,
                at=timezone.now(),
            )
        except (NotNow, NotAReader):
            form.add_error(None, _("It has moved on since. Nothing was saved. Go back and look."))
        else:
            context = {"concern": concern, "reader": reader, "phrase": phrase}
            return render(request, "lead/reader_named.html", context)
    return render(request, "lead/reader_new.html", {"concern": concern, "form": form})


@require_POST
def reader_end(request: Request, concern_id: int, reader_id: int) -> HttpResponse:
    concern = get_object_or_404(concerns_for(request.user, request.organisation), pk=concern_id)
    reader = get_object_or_404(readers_of(request.user, concern), pk=reader_id)
    end_reading(reader=reader, by=request.user, at=timezone.now())
    messages.success(request, _("Ended. Their words open nothing any more."))
    return redirect("lead:concern", request.organisation.slug, concern_id)
