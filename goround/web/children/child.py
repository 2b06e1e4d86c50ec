"""One child at the session: who they are, what is to be known, the slip for whoever collects."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from goround.apps.children.locking import Needs
from goround.apps.children.looking import NotToBeKnown, look_at_needs
from goround.apps.children.models import Child
from goround.apps.children.programme import code_for
from goround.apps.children.selectors import (
    Desk,
    adults_of,
    barred_from,
    child_of_desk,
    members_for,
)
from goround.apps.children.services import NoProgramme, TooMany, add_child, change_code
from goround.apps.records.openings import Why, note_opened
from goround.web.children.barred import barred_names
from goround.web.children.forms import NewChildForm, band_in_words
from goround.web.children.session import about, find_desk
from goround.web.rendering import Request, sent


@require_http_methods(["GET", "POST"])
def child_new(request: Request, meeting_id: int) -> HttpResponse:
    """Write down a child who is not on the list; then sign them in."""
    desk = find_desk(request, meeting_id, begun=True)
    members = list(members_for(request.user, desk))
    form = NewChildForm(sent(request), bands=desk.bands, members=members)
    if form.is_valid():
        member = form.members.get(form.cleaned_data["member"])
        try:
            added = add_child(
                group=desk.meeting.group,
                parent=member.parent if member else None,
                alias=form.cleaned_data["alias"],
                band=form.cleaned_data["band"],
                adult=form.cleaned_data["adult"],
                needs=form.told,
                mark=form.cleaned_data["mark"],
                by=request.user,
                at=timezone.now(),
            )
        except (NoProgramme, TooMany):
            form.add_error(None, _("This child cannot be added. Nothing was saved."))
        else:
            return redirect(
                "children:sign_in", request.organisation.slug, desk.meeting.pk, added.pk
            )
    return render(request, "children/child_new.html", about(request, desk) | {"form": form})


@require_http_methods(["GET", "POST"])
def child(request: Request, meeting_id: int, child_id: int) -> HttpResponse:
    """Looking at a child who is here with something to be known is written down first."""
    desk = find_desk(request, meeting_id, begun=True)
    found = find_child(request, desk, child_id)
    if request.method == "POST":
        change_code(child=found, by=request.user, at=timezone.now())
        messages.success(request, _("There is a new code. The old slip opens nothing now."))
        return redirect("children:slip", request.organisation.slug, desk.meeting.pk, found.pk)
    context = about(request, desk) | {
        "child": found,
        "band": band_in_words(found.band),
        "came": visit_here(desk, found),
        "needs": _needs(request, desk, found),
        "adults": adults_of(request.user, found),
        "barred": barred_names(barred_from(request.user, found)),
    }
    return render(request, "children/child.html", context)


@require_GET
def slip(request: Request, meeting_id: int, child_id: int) -> HttpResponse:
    """The code on paper: as often as one likes, the same each time."""
    desk = find_desk(request, meeting_id, begun=True)
    found = find_child(request, desk, child_id)
    context = about(request, desk) | {
        "child": found,
        "code": code_for(found, desk.meeting.pk),
    }
    return render(request, "children/slip.html", context)


def find_child(request: Request, desk: Desk, child_id: int) -> Child:
    found = child_of_desk(request.user, desk, child_id)
    if found is None:
        raise Http404
    return found


def visit_here(desk: Desk, found: Child) -> object:
    return next((each for each in desk.here if each.visit.child_id == found.pk), None)


def _needs(request: Request, desk: Desk, found: Child) -> Needs | None:
    """What is to be known, or None for a child who is not here or after the session."""
    now = timezone.now()
    if desk.session is None:
        return None
    try:
        needs = look_at_needs(child=found, session=desk.session, by=request.user, at=now)
    except NotToBeKnown:
        return None
    if needs and found.parent_id:
        note_opened(
            organisation=request.organisation,
            parent_ids=[found.parent_id],
            why=Why.CHILDREN,
            by=request.user,
            at=now,
        )
    return needs
