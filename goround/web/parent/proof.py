"""A paper for somebody who was told to come: the days, and nothing else."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any

from django import forms
from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy
from django.views.decorators.http import require_http_methods

from goround.apps.organisations.models import Programme
from goround.apps.people.models import Parent
from goround.apps.proofs.codes import new_code
from goround.apps.proofs.paper import paper_of
from goround.apps.proofs.selectors import days_there, programmes_to_prove, proofs_of
from goround.apps.proofs.services import NothingToProve, give_proof, take_proof_back
from goround.web.parent.record import find_own
from goround.web.rendering import Request

HOLDS = (
    (31, gettext_lazy("one month")),
    (92, gettext_lazy("three months")),
    (366, gettext_lazy("one year")),
)
USUALLY_HOLDS = 92


class ProofForm(forms.Form):
    """Which days go on the paper, and for how long it can be checked."""

    programme = forms.TypedChoiceField(label=pgettext_lazy("programme", "For"), coerce=int)
    first = forms.DateField(
        label=gettext_lazy("From"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}),
    )
    last = forms.DateField(
        label=gettext_lazy("Until"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}),
    )
    names_programme = forms.BooleanField(
        label=gettext_lazy("Put the programme's name on the paper"), required=False
    )
    holds = forms.TypedChoiceField(
        label=gettext_lazy("It can be checked for"),
        coerce=int,
        choices=HOLDS,
        initial=USUALLY_HOLDS,
    )

    def __init__(self, data: Any, *, programmes: Sequence[Programme]) -> None:
        first = programmes[0].pk
        super().__init__(data or {"programme": first, "holds": USUALLY_HOLDS})
        field = self.fields["programme"]
        assert isinstance(field, forms.TypedChoiceField)
        field.choices = [(each.pk, each.name) for each in programmes]
        if len(programmes) == 1:
            field.widget = forms.HiddenInput()
        self.programmes = {each.pk: each for each in programmes}

    def clean(self) -> dict[str, Any]:
        found = super().clean() or self.cleaned_data
        first, last = found.get("first"), found.get("last")
        if first and last and last < first:
            self.add_error("last", _("The last day lies before the first."))
        return found

    @property
    def chosen(self) -> Programme:
        return self.programmes[self.cleaned_data["programme"]]


@require_http_methods(["GET", "POST"])
def proof(request: Request) -> HttpResponse:
    """What would stand on the paper, before it is made; and the papers made so far."""
    parent, now = find_own(request), timezone.now()
    if request.method == "POST" and "take_back" in request.POST:
        return _take_back(request, parent, now)
    programmes = programmes_to_prove(request.user, parent)
    form = ProofForm(request.POST or request.GET, programmes=programmes) if programmes else None
    days: list[date] = []
    if form and form.is_valid():
        if request.method == "POST":
            return _make(request, parent, form, now)
        within = {"first": form.cleaned_data["first"], "last": form.cleaned_data["last"]}
        days = days_there(request.user, parent, form.chosen, **within)
    context = {
        "parent": parent,
        "form": form,
        "days": days,
        "named": form.chosen.name if days and form and form.cleaned_data["names_programme"] else "",
        "papers": proofs_of(request.user, parent),
        "today": parent.organisation.local(now).date(),
        "check_at": _check_at(),
    }
    return render(request, "parent/proof.html", context)


def _make(request: Request, parent: Parent, form: ProofForm, now: datetime) -> HttpResponse:
    code = new_code(secrets.SystemRandom())
    try:
        given = give_proof(
            parent=parent,
            programme=form.chosen,
            first=form.cleaned_data["first"],
            last=form.cleaned_data["last"],
            names_programme=form.cleaned_data["names_programme"],
            holds=timedelta(days=form.cleaned_data["holds"]),
            code=code,
            by=request.user,
            at=now,
        )
    except NothingToProve:
        messages.info(request, _("There is no day to put on a paper. Nothing was made."))
        return redirect("parent:proof")
    answer = HttpResponse(
        paper_of(given, code=code, check_at=_check_at()), content_type="application/pdf"
    )
    answer.headers["Content-Disposition"] = 'attachment; filename="paper.pdf"'
    return answer


def _take_back(request: Request, parent: Parent, now: datetime) -> HttpResponse:
    asked = request.POST["take_back"]
    papers = proofs_of(request.user, parent)
    found = get_object_or_404(papers, pk=int(asked) if asked.isdecimal() else 0)
    take_proof_back(proof=found, by=request.user, at=now)
    messages.success(request, _("Taken back. Whoever checks it now learns nothing."))
    return redirect("parent:proof")


def _check_at() -> str:
    return settings.PUBLIC_URL.rstrip("/") + reverse("public:proof")
