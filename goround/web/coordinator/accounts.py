"""Shutting somebody out at once, staff or parent, and letting them in again."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from goround.apps.accounts.models import User
from goround.apps.organisations.selectors import people_at
from goround.apps.organisations.staff import (
    LastOne,
    NotOnlyHere,
    close_account,
    reopen_account,
)
from goround.web.coordinator.parents import find_record
from goround.web.rendering import Request


@require_http_methods(["GET", "POST"])
def person_close(request: Request, assignment_id: int) -> HttpResponse:
    user = _colleague(request, assignment_id)
    return _close(request, user, name=user.get_short_name(), back_url=_people(request))


@require_http_methods(["GET", "POST"])
def person_reopen(request: Request, assignment_id: int) -> HttpResponse:
    user = _colleague(request, assignment_id)
    return _reopen(request, user, name=user.get_short_name(), back_url=_people(request))


@require_http_methods(["GET", "POST"])
def parent_close(request: Request, parent_id: int) -> HttpResponse:
    user, name, back_url = _parent(request, parent_id)
    return _close(request, user, name=name, back_url=back_url)


@require_http_methods(["GET", "POST"])
def parent_reopen(request: Request, parent_id: int) -> HttpResponse:
    user, name, back_url = _parent(request, parent_id)
    return _reopen(request, user, name=name, back_url=back_url)


def _colleague(request: Request, assignment_id: int) -> User:
    return get_object_or_404(people_at(request.user, request.organisation), pk=assignment_id).user


def _people(request: Request) -> str:
    return reverse("coordinator:people", args=[request.organisation.slug])


def _parent(request: Request, parent_id: int) -> tuple[User, str, str]:
    """Their account, what they are called, and where their record is."""
    parent = find_record(request, parent_id)
    if parent.user is None:
        raise Http404
    back_url = reverse("coordinator:record", args=[request.organisation.slug, parent.pk])
    return parent.user, parent.alias, back_url


def _close(request: Request, user: User, *, name: str, back_url: str) -> HttpResponse:
    return _confirmed(
        request,
        partial(close_account, user=user),
        said=_("%(name)s is shut out.") % {"name": name},
        back_url=back_url,
        question=_("Close the account of %(name)s?") % {"name": name},
        consequence=_(
            "They are signed out everywhere at once and cannot sign in. Nothing else changes, and "
            "you can open the account again. It is written down that you did this."
        ),
        action=_("Close the account"),
        danger=True,
    )


def _reopen(request: Request, user: User, *, name: str, back_url: str) -> HttpResponse:
    return _confirmed(
        request,
        partial(reopen_account, user=user),
        said=_("%(name)s can sign in again.") % {"name": name},
        back_url=back_url,
        question=_("Open the account of %(name)s again?") % {"name": name},
        consequence=_(
            "They sign in as before. If somebody else may know their passphrase, make new words "
            "for them afterwards."
        ),
        action=_("Open it again"),
        danger=False,
    )


def _confirmed(
    request: Request, act: Callable[..., None], *, said: str, back_url: str, **asked: str | bool
) -> HttpResponse:
    """The question first, with ``asked`` in it; the act once it was answered."""
    if request.method == "POST":
        return _do(request, act, said, back_url)
    return render(request, "components/confirm.html", asked | {"cancel_url": back_url})


def _do(request: Request, act: Callable[..., None], said: str, back_url: str) -> HttpResponse:
    try:
        act(organisation=request.organisation, by=request.user, at=timezone.now())
    except LastOne:
        messages.error(request, last_one())
    except NotOnlyHere:
        messages.error(request, not_only_here())
    else:
        messages.success(request, said)
    return redirect(back_url)


def last_one() -> str:
    return _(
        "Nobody else could look after the people here. Nothing was changed. "
        "Invite another coordinator first."
    )


def not_only_here() -> str:
    """Says nothing of where else: that is another organisation's."""
    return _("Only whoever runs this server can do that for this account. Nothing was changed.")
