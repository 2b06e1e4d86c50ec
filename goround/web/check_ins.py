"""Noting a talk with a parent leader: one page, for facilitators and for coordinators."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from goround.apps.decisions.models import CheckIn
from goround.apps.decisions.selectors.check_ins import (
    check_ins_of,
    groups_to_check_in,
    parent_leads_of,
)
from goround.apps.decisions.services.check_ins import NoCheckIn, note_check_in
from goround.apps.groups.models import Group, Leadership
from goround.web.rendering import Request

LONGEST_HELP = 300
SHOWN = 8


class CheckInForm(forms.Form):
    """That they talked, and what the leader wishes kept."""

    leader = forms.ChoiceField(label=gettext_lazy("With whom?"), widget=forms.RadioSelect)
    on = forms.DateField(
        label=gettext_lazy("On which day?"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={"required": gettext_lazy("Choose the day you talked.")},
    )
    leader_wishes = forms.BooleanField(
        label=gettext_lazy("The leader wishes the following to be kept"),
        help_text=gettext_lazy(
            "Ask first. Without this tick only the day is kept, and nothing that was said."
        ),
        required=False,
    )
    how = forms.ChoiceField(
        label=gettext_lazy("How does the leader say it goes?"),
        widget=forms.RadioSelect,
        choices=CheckIn.How.choices,
        required=False,
    )
    help_asked = forms.CharField(
        label=gettext_lazy("What help does the leader ask for?"),
        max_length=LONGEST_HELP,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def __init__(self, data: Any, *, leaders: list[Leadership], today: date) -> None:
        first = str(leaders[0].pk) if leaders else None
        super().__init__(data, initial={"on": today, "leader": first})
        self.leaders = {str(lead.pk): lead for lead in leaders}
        self.fields["leader"].choices = [  # type: ignore[attr-defined]
            (pk, lead.shown_as) for pk, lead in self.leaders.items()
        ]

    def leadership(self) -> Leadership:
        return self.leaders[self.cleaned_data["leader"]]


def check_in_page(request: Request, group_id: int, *, back_url: str) -> HttpResponse:
    """Whoever does not check in with this group finds no page; neither does a group without
    anybody to talk to."""
    groups = groups_to_check_in(request.user, request.organisation)
    group = get_object_or_404(groups, pk=group_id)
    leaders = parent_leads_of(request.user, group)
    if not leaders:
        raise Http404
    form = CheckInForm(request.POST or None, leaders=leaders, today=group.today(at=timezone.now()))
    if request.method == "POST" and form.is_valid() and _noted(request, form):
        messages.success(request, _("Noted."))
        return redirect(back_url)
    context = {
        "group": group,
        "form": form,
        "check_ins": check_ins_of(request.user, group)[:SHOWN],
        "back_url": back_url,
    }
    status = 422 if form.errors else 200
    return render(request, "components/check_in.html", context, status=status)


def check_in_url(request: Request, page: str, group: Group) -> str:
    """The address of that page, where the viewer may note a talk; else empty."""
    if not parent_leads_of(request.user, group):
        return ""
    return reverse(page, args=[request.organisation.slug, group.pk])


def _noted(request: Request, form: CheckInForm) -> bool:
    found = form.cleaned_data
    try:
        note_check_in(
            leadership=form.leadership(),
            on=found["on"],
            how=found["how"],
            help_asked=found["help_asked"],
            leader_wishes=found["leader_wishes"],
            by=request.user,
            at=timezone.now(),
        )
    except NoCheckIn:
        form.add_error("on", _("Choose a day on which they led already, today at the latest."))
        return False
    return True
