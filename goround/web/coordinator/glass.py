"""Breaking the glass: one parent's details in an emergency, and looking back at it."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from goround.apps.accounts.models import User
from goround.apps.organisations.roles import Permission
from goround.apps.people.models import Parent
from goround.apps.safeguarding.models import Opening
from goround.apps.safeguarding.openings import (
    NoSecondPerson,
    NotYours,
    break_glass,
    openings_of,
    parents_called,
    review,
    second_people,
    shown,
)
from goround.web.lead.forms import NOT_KEPT, long_text
from goround.web.lookup import FIND, answered
from goround.web.rendering import Request, sent

MINUTES = (15, 30, 60)
OPENINGS_SHOWN = 20


class FindForm(forms.Form):
    called = forms.CharField(
        label=gettext_lazy("What the parent is called"),
        max_length=60,
        widget=forms.TextInput(NOT_KEPT),
    )


class BreakForm(forms.Form):
    parent = forms.ChoiceField(label=gettext_lazy("Which parent"))
    scope = forms.ChoiceField(
        label=gettext_lazy("What you need to know"),
        choices=Opening.Scope.choices,
        widget=forms.RadioSelect,
    )
    minutes = forms.TypedChoiceField(
        label=gettext_lazy("For how many minutes"),
        choices=[(each, each) for each in MINUTES],
        coerce=int,
    )
    reason = long_text(gettext_lazy("Why it cannot wait"), rows=3)
    second = forms.ChoiceField(label=gettext_lazy("Who is told at once"))

    def __init__(self, data: Any, *, parents: list[Parent], others: list[User]) -> None:
        super().__init__(data)
        self.parents = {str(each.pk): each for each in parents}
        self.others = {str(each.pk): each for each in others}
        named = _("%(alias)s (number %(pk)s)")
        self.fields["parent"].choices = [  # type: ignore[attr-defined]
            (pk, named % {"alias": each.alias, "pk": pk}) for pk, each in self.parents.items()
        ]
        self.fields["second"].choices = [  # type: ignore[attr-defined]
            (pk, each.get_short_name()) for pk, each in self.others.items()
        ]


class ReviewForm(forms.Form):
    right = forms.ChoiceField(
        label=gettext_lazy("Was it right to open them?"),
        choices=[("yes", gettext_lazy("Yes")), ("no", gettext_lazy("No"))],
        widget=forms.RadioSelect,
    )
    words = long_text(gettext_lazy("What you found, and what follows"), rows=3)


@require_http_methods(["GET", "POST"])
def glass_break(request: Request) -> HttpResponse:
    find, form = FindForm(sent(request), prefix=FIND), None
    others = second_people(request.user, request.organisation)
    if find.is_valid():
        called = find.cleaned_data["called"]
        parents = parents_called(request.user, request.organisation, called)
        if parents:
            form = BreakForm(answered(request), parents=parents, others=others)
        else:
            find.add_error("called", _("Nobody here is called that."))
    if form is not None and form.is_valid():
        opening = _broken(request, form)
        if opening is not None:
            return redirect("coordinator:glass", request.organisation.slug, opening.pk)
    mine = openings_of(request.user, request.organisation)[:OPENINGS_SHOWN]
    context = {
        "find": find,
        "form": form,
        "others": others,
        "openings": mine,
        "zone": request.organisation.time_zone,
    }
    return render(request, "coordinator/glass_break.html", context)


def _broken(request: Request, form: BreakForm) -> Opening | None:
    found = form.cleaned_data
    try:
        return break_glass(
            parent=form.parents[found["parent"]],
            scope=Opening.Scope(found["scope"]),
            minutes=found["minutes"],
            reason=found["reason"],
            second=form.others[found["second"]],
            by=request.user,
            at=timezone.now(),
        )
    except NoSecondPerson:
        form.add_error(None, _("There is nobody to tell, so nothing was opened."))
        return None


@require_http_methods(["GET", "POST"])
def glass(request: Request, opening_id: int) -> HttpResponse:
    """What is open, for who opened it; the reason and the review, for both."""
    opening = get_object_or_404(openings_of(request.user, request.organisation), pk=opening_id)
    may_review = (
        Permission.REVIEW_OPENINGS in request.permissions
        and opening.by != request.user
        and opening.reviewed_at is None
    )
    form = ReviewForm(sent(request))
    if may_review and form.is_valid() and _reviewed(request, opening, form):
        messages.success(request, _("Thank you. What you found is kept."))
        return redirect(request.path)
    now = timezone.now()
    context = {
        "seen": shown(request.user, opening, at=now),
        "opening": opening,
        "open_now": opening.is_open(at=now),
        "is_mine": opening.by == request.user,
        "may_review": may_review,
        "form": form,
        "zone": request.organisation.time_zone,
    }
    return render(request, "coordinator/glass.html", context)


def _reviewed(request: Request, opening: Opening, form: ReviewForm) -> bool:
    try:
        review(
            opening=opening,
            was_right=form.cleaned_data["right"] == "yes",
            words=form.cleaned_data["words"],
            by=request.user,
            at=timezone.now(),
        )
    except NotYours:
        form.add_error(None, _("Somebody has looked back at it already. Nothing was changed."))
        return False
    return True
