"""A child comes and a child goes, each with an adult on their list."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from goround.apps.accounts.guessing import TooManyTries
from goround.apps.children import running, signing
from goround.apps.children.models import Child, Refusal, Shortness, Visit
from goround.apps.children.selectors import (
    Desk,
    adults_of,
    barred_from,
    coming_makes_short,
    was_barred,
)
from goround.web.children.barred import barred_names
from goround.web.children.child import find_child, visit_here
from goround.web.children.forms import SignInForm, SignOutForm
from goround.web.children.session import about, find_desk
from goround.web.rendering import Request, sent

Answer = HttpResponse | None


@require_http_methods(["GET", "POST"])
def sign_in(request: Request, meeting_id: int, child_id: int) -> HttpResponse:
    desk = find_desk(request, meeting_id, begun=True)
    found = find_child(request, desk, child_id)
    adults = adults_of(request.user, found)
    short = coming_makes_short(request.user, desk, found)
    form = SignInForm(sent(request), adults=adults, owed=short is not None)
    if form.is_valid():
        answer = _come(request, desk, found, form)
        if answer is not None:
            return answer
    context = {"form": form, "child": found, "short": short, "came": visit_here(desk, found)}
    return render(request, "children/sign_in.html", about(request, desk) | context)


def _come(request: Request, desk: Desk, found: Child, form: SignInForm) -> Answer:
    assert desk.session is not None
    accepts, sent_in = form.cleaned_data.get("accepts"), form.cleaned_data
    try:
        visit = signing.sign_in(
            session=desk.session,
            child=found,
            adult=form.name,
            chosen=form.is_chosen,
            parent_agrees=sent_in["parent_agrees"],
            accepts=Shortness.Done(accepts) if accepts else None,
            mark=sent_in["mark"],
            by=request.user,
            at=timezone.now(),
        )
    except signing.NoPlace:
        words = _(
            "There is no place for this child in this session. Nothing was saved. The parent can "
            "have the child with them, or ask whoever leads the group."
        )
        form.add_error(None, words)
    except signing.NotListed:
        words = _(
            "They are not on the child's list for today. If the parent stands here and says yes, "
            "tick the box below and save once more."
        )
        form.add_error("parent_agrees", words)
    except running.TooFewAdults:
        form.add_error(None, _("Meanwhile there are too few adults. Look again, and save again."))
    except running.SessionClosed:
        form.add_error(None, _("The session is closed. Nothing was saved."))
    else:
        if was_barred(request.user, desk, visit.mark_in):
            return _keep(request, desk, found)
        messages.success(request, _("%(child)s is here.") % {"child": found.alias})
        return redirect("children:session", request.organisation.slug, desk.meeting.pk)
    return None


@require_http_methods(["GET", "POST"])
def sign_out(request: Request, meeting_id: int, child_id: int) -> HttpResponse:
    desk = find_desk(request, meeting_id, begun=True)
    found = find_child(request, desk, child_id)
    form = SignOutForm(sent(request), adults=adults_of(request.user, found))
    if form.is_valid():
        answer = _go(request, desk, found, form)
        if answer is not None:
            return answer
    context: dict[str, Any] = {
        "form": form,
        "child": found,
        "came": visit_here(desk, found),
        "barred": barred_names(barred_from(request.user, found)),
    }
    return render(request, "children/sign_out.html", about(request, desk) | context)


def _go(request: Request, desk: Desk, found: Child, form: SignOutForm) -> Answer:
    assert desk.session is not None
    try:
        done = signing.sign_out(
            session=desk.session,
            child=found,
            adult=form.name,
            chosen=form.is_chosen,
            seen=Visit.Seen(form.cleaned_data["seen"]),
            code=form.cleaned_data["code"],
            mark=form.cleaned_data["mark"],
            by=request.user,
            at=timezone.now(),
        )
    except signing.WrongCode:
        words = _("This is not the family's code. The child stays. Look at the slip once more.")
        form.add_error("code", words)
    except TooManyTries:
        words = _(
            "Too many wrong codes for this child. For a quarter of an hour the code does not "
            "count. Ask the parent to come and stand beside them."
        )
        form.add_error("code", words)
    except signing.NotListed:
        words = _(
            "They are not on the child's list for today, so the child stays. If the parent stands "
            "beside them and says yes, choose that above."
        )
        form.add_error("adult", words)
    except signing.NotHere:
        form.add_error(None, _("The child is not signed in here. Nothing was changed."))
    except running.SessionClosed:
        form.add_error(None, _("The session is closed. Nothing was changed."))
    else:
        if isinstance(done, Refusal):
            return _keep(request, desk, found)
        told = {"child": found.alias, "adult": form.name}
        messages.success(request, _("%(child)s went home with %(adult)s.") % told)
        return redirect("children:session", request.organisation.slug, desk.meeting.pk)
    return None


@require_GET
def kept(request: Request, meeting_id: int, child_id: int) -> HttpResponse:
    """What to do now. Reading it again does nothing."""
    desk = find_desk(request, meeting_id, begun=True)
    context = about(request, desk) | {"child": find_child(request, desk, child_id)}
    return render(request, "children/kept.html", context)


def _keep(request: Request, desk: Desk, found: Child) -> HttpResponse:
    return redirect("children:kept", request.organisation.slug, desk.meeting.pk, found.pk)
