"""Who works here, with which role."""

from __future__ import annotations

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods

from goround.apps.accounts.ways_in import AccountClosed
from goround.apps.keys.lead_keys import LastReader
from goround.apps.organisations.models import RoleAssignment
from goround.apps.organisations.roles import Role
from goround.apps.organisations.selectors import people_at
from goround.apps.organisations.staff import (
    INVITED_HERE,
    LastOne,
    NotOnlyHere,
    end_role,
    invite_again,
    invite_staff,
)
from goround.web.coordinator.accounts import last_one, not_only_here
from goround.web.invitation import invitation_page
from goround.web.rendering import Request, sent


class InviteForm(forms.Form):
    shown_as = forms.CharField(
        label=gettext_lazy("What colleagues call them"),
        max_length=80,
        help_text=gettext_lazy("A first name is enough."),
    )
    role = forms.ChoiceField(
        label=gettext_lazy("Role"),
        choices=[(role.value, role.label) for role in INVITED_HERE],
        widget=forms.RadioSelect,
    )


@require_GET
def people(request: Request) -> HttpResponse:
    context = {"assignments": people_at(request.user, request.organisation)}
    return render(request, "coordinator/people.html", context)


@require_http_methods(["GET", "POST"])
def person_invite(request: Request) -> HttpResponse:
    form = InviteForm(sent(request))
    if request.method != "POST" or not form.is_valid():
        return render(request, "coordinator/person_invite.html", {"form": form})
    words = invite_staff(
        organisation=request.organisation,
        role=Role(form.cleaned_data["role"]),
        shown_as=form.cleaned_data["shown_as"],
        by=request.user,
        at=timezone.now(),
    )
    return _page_of(request, words, form.cleaned_data["shown_as"])


@require_http_methods(["GET", "POST"])
def person_anew(request: Request, assignment_id: int) -> HttpResponse:
    """New words for somebody invited, or for a colleague who can no longer sign in."""
    found = get_object_or_404(people_at(request.user, request.organisation), pk=assignment_id)
    name = found.user.get_short_name()
    if request.method == "POST":
        return _words_anew(request, found, name)
    context = {
        "question": _("Invite %(name)s once more?") % {"name": name},
        "consequence": _(
            "You get new words for them. Whoever uses the words chooses a new passphrase and a "
            "new second step: give them to nobody else. It is written down that you did this."
        ),
        "action": _("Make new words"),
        "danger": False,
        "cancel_url": _list(request),
    }
    return render(request, "components/confirm.html", context)


def _words_anew(request: Request, found: RoleAssignment, name: str) -> HttpResponse:
    try:
        words = invite_again(assignment=found, by=request.user, at=timezone.now())
    except NotOnlyHere:
        messages.error(request, not_only_here())
    except AccountClosed:
        messages.error(request, _("Their account is closed. Open it again first."))
    else:
        return _page_of(request, words, name)
    return redirect(_list(request))


@require_http_methods(["GET", "POST"])
def role_end(request: Request, assignment_id: int) -> HttpResponse:
    found = get_object_or_404(people_at(request.user, request.organisation), pk=assignment_id)
    if request.method == "POST":
        try:
            end_role(assignment=found, by=request.user, at=timezone.now())
        except LastOne:
            messages.error(request, last_one())
        except LastReader:
            messages.error(
                request,
                _(
                    "Nobody else could open the sealed records. Nothing was changed. Ask them "
                    "to let another safeguarding lead in first, or to print and try the card."
                ),
            )
        return redirect(_list(request))
    name, role = found.user.get_short_name(), found.get_role_display()
    context = {
        "question": _("Does %(name)s stop as %(role)s?") % {"name": name, "role": role},
        "consequence": _("They are signed out everywhere at once. What they recorded is kept."),
        "action": _("They stop"),
        "danger": True,
        "cancel_url": _list(request),
    }
    return render(request, "components/confirm.html", context)


def _list(request: Request) -> str:
    return reverse("coordinator:people", args=[request.organisation.slug])


def _page_of(request: Request, words: str, name: str) -> HttpResponse:
    return invitation_page(request, words, name=name, back_url=_list(request))
