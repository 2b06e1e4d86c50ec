"""An agency sends a parent: the coordinator adds them, with the day the parent said yes."""

from __future__ import annotations

from random import SystemRandom
from typing import Any

from django import forms
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy
from django.views.decorators.http import require_http_methods

from goround.apps.organisations.models import Programme
from goround.apps.organisations.playbooks import playbook_of
from goround.apps.organisations.selectors import programmes_for
from goround.apps.people.receipts import new_secret, receipt_words
from goround.apps.people.selectors import free_alias, knows_postcodes
from goround.apps.people.services import refer_by_agency
from goround.web.parent_forms import ParentForm, line
from goround.web.people_words import DISABILITIES
from goround.web.rendering import Request, sent

# The same questions, asked about somebody who is not at the keyboard.
ABOUT_THEM = {
    "alias": gettext_lazy("What shall we call the parent?"),
    "square": gettext_lazy("Which square do they live in?"),
    "languages": gettext_lazy("Languages they speak"),
    "free": gettext_lazy("When they are free"),
    "children": gettext_lazy("How old are their children?"),
    "interests": gettext_lazy("Groups they would like"),
    "modes": gettext_lazy("How would they like to meet?"),
    "max_km": gettext_lazy("How far can they travel?"),
    "tags": gettext_lazy("True of them"),
    "wishes": gettext_lazy("They hope somebody else shares this"),
    "disabilities": gettext_lazy("Does somebody in their family live with a disability?"),
    "gender": pgettext_lazy("gender", "They are"),
    "safe_contact": gettext_lazy("A safe way to reach them"),
    "safe_email": gettext_lazy("An e-mail address they called safe"),
}


class ReferForm(ParentForm):
    agreed_on = forms.DateField(
        label=gettext_lazy("The parent said yes to this on"),
        help_text=gettext_lazy(
            "The day they agreed that you are told about them and put them on this list."
        ),
        error_messages={
            "required": gettext_lazy(
                "Nobody is put on the list without having said yes. Choose the day they did."
            )
        },
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    source = forms.ChoiceField(label=gettext_lazy("Who sent them?"), required=False)
    agency = line(
        gettext_lazy("Name of the agency"),
        120,
        help_text=gettext_lazy("The agency, not the person who called."),
    )

    def __init__(self, *args: Any, programme: Programme, **kwargs: Any) -> None:
        super().__init__(*args, programme=programme, **kwargs)
        sources = playbook_of(programme).referral_sources
        choices = [("", _("not said")), *((choice.key, choice.label) for choice in sources)]
        self._offer("source", choices)
        for name, label in ABOUT_THEM.items():
            if name in self.fields:
                self.fields[name].label = label
        self._offer("disabilities", list(DISABILITIES.items()))

    def clean_agreed_on(self) -> Any:
        agreed_on = self.cleaned_data["agreed_on"]
        if agreed_on > self.organisation.local(timezone.now()).date():
            raise forms.ValidationError(
                _("This day has not come yet. Choose the day they said yes.")
            )
        return agreed_on


@require_http_methods(["GET", "POST"])
def refer(request: Request) -> HttpResponse:
    programmes = list(programmes_for(request.user, request.organisation))
    programme = _chosen(programmes, request.POST.get("programme") or request.GET.get("programme"))
    if programme is None:
        return render(request, "coordinator/refer.html", {"programmes": programmes})
    form = ReferForm(
        sent(request),
        organisation=request.organisation,
        viewer=request.user,
        programme=programme,
        initial={
            "secret": new_secret(),
            "alias": free_alias(request.user, request.organisation, rng=SystemRandom()),
        },
    )
    if request.method == "POST" and form.is_valid():
        return _add(request, programme, form)
    context = {
        "form": form,
        "programme": programme,
        "programmes": programmes,
        "knows_postcodes": knows_postcodes(request.user, request.organisation),
    }
    return render(request, "coordinator/refer.html", context)


def _add(request: Request, programme: Programme, form: ReferForm) -> HttpResponse:
    told = form.cleaned_data
    referral = refer_by_agency(
        programme=programme,
        alias=told["alias"],
        facts=form.facts(),
        source=told.get("source", ""),
        agency=told["agency"],
        agreed_on=told["agreed_on"],
        secret=told["secret"],
        by=request.user,
        at=timezone.now(),
    )
    context = {"referral": referral, "receipt": receipt_words(told["secret"])}
    return render(request, "coordinator/referred.html", context)


def _chosen(programmes: list[Programme], asked: str | None) -> Programme | None:
    if len(programmes) == 1:
        return programmes[0]
    return next((one for one in programmes if str(one.pk) == asked), None)
