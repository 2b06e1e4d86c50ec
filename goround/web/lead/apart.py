"""Who must not meet whom: recorded, looked at and closed by a safeguarding lead."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods

from goround.apps.apart import services
from goround.apps.apart.selectors import Kept, kept_for, kept_one, people_called, told_of
from goround.apps.groups.selectors import meeting_now
from goround.domain.privacy.apart import Scope
from goround.web.lead.forms import NOT_KEPT, long_text
from goround.web.lead.words import SCOPES
from goround.web.lookup import FIND, answered
from goround.web.rendering import Request, sent
from goround.web.sealed.opened import ask_for_phrase, opened_key


class WhoForm(forms.Form):
    """Look two people up by what they are called."""

    one = forms.CharField(
        label=gettext_lazy("One of them is called"), max_length=60, widget=forms.TextInput(NOT_KEPT)
    )
    other = forms.CharField(
        label=gettext_lazy("The other is called"), max_length=60, widget=forms.TextInput(NOT_KEPT)
    )


class PairForm(forms.Form):
    """The record itself. The two were looked up before."""

    one = forms.ChoiceField(label=gettext_lazy("One of them"))
    part_of_one = forms.CharField(
        label=gettext_lazy("What they are in this"),
        help_text=gettext_lazy("Such as: is to be protected; must stay away."),
        max_length=200,
        widget=forms.TextInput(NOT_KEPT),
    )
    other = forms.ChoiceField(label=gettext_lazy("The other"))
    part_of_other = forms.CharField(
        label=gettext_lazy("What they are in this"),
        max_length=200,
        widget=forms.TextInput(NOT_KEPT),
    )
    scope = forms.ChoiceField(
        label=gettext_lazy("How far"),
        choices=[(scope.value, words) for scope, words in SCOPES.items()],
        initial=Scope.PLACE.value,
        widget=forms.RadioSelect,
    )
    reason = long_text(gettext_lazy("Why"))
    authorised_by = forms.CharField(
        label=gettext_lazy("Who asked for it or allowed it"),
        help_text=gettext_lazy("Such as: a court order with its number, or the parent herself."),
        max_length=200,
        widget=forms.TextInput(NOT_KEPT),
    )

    def __init__(self, data: Any, *, ones: list[Any], others: list[Any]) -> None:
        super().__init__(data)
        self.people = {str(each.pk): each for each in (*ones, *others)}
        for name, found in (("one", ones), ("other", others)):
            choices = [(str(each.pk), _named(each)) for each in found]
            self.fields[name].choices = choices  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        found = super().clean() or {}
        if found.get("one") and found.get("one") == found.get("other"):
            self.add_error("other", _("These are one person. Choose two."))
        return found


class CloseForm(forms.Form):
    because = long_text(gettext_lazy("Why they may meet again, and who says so"))


def _named(parent: Any) -> str:
    """Two may have one alias: their number tells them apart."""
    return _("%(alias)s (number %(pk)s)") % {"alias": parent.alias, "pk": parent.pk}


@require_GET
def pairs(request: Request) -> HttpResponse:
    """All records, open ones first. Who they are shows; why only once it was opened."""
    kept = kept_for(request.user, request.organisation)
    context = {
        "open": [_shown(each) for each in kept if each.row.closed_at is None],
        "closed": [_shown(each) for each in kept if each.row.closed_at],
        "zone": request.organisation.time_zone,
    }
    return render(request, "lead/pairs.html", context)


def _shown(kept: Kept) -> dict[str, Any]:
    return {"kept": kept, "scope": SCOPES[kept.pair.scope]}


@require_http_methods(["GET", "POST"])
def pair_new(request: Request) -> HttpResponse:
    who = WhoForm(sent(request), prefix=FIND)
    form = None
    if who.is_valid():
        ones = people_called(request.user, request.organisation, who.cleaned_data["one"])
        others = people_called(request.user, request.organisation, who.cleaned_data["other"])
        form = PairForm(answered(request), ones=ones, others=others)
        for name, found in (("one", ones), ("other", others)):
            if not found:
                who.add_error(name, _("Nobody here is called that."))
                form = None
    if form is not None and form.is_valid():
        return _record(request, form)
    return render(request, "lead/pair_new.html", {"who": who, "form": form})


def _record(request: Request, form: PairForm) -> HttpResponse:
    found = form.cleaned_data
    kept = services.record(
        one=form.people[found["one"]],
        other=form.people[found["other"]],
        scope=Scope(found["scope"]),
        told=services.Told(
            parts={found["one"]: found["part_of_one"], found["other"]: found["part_of_other"]},
            reason=found["reason"],
            authorised_by=found["authorised_by"],
        ),
        by=request.user,
        at=timezone.now(),
    )
    messages.success(request, _("Recorded. From now on nobody can bring them together here."))
    return redirect("lead:pair", request.organisation.slug, kept.pk)


@require_http_methods(["GET", "POST"])
def pair(request: Request, pair_id: int) -> HttpResponse:
    """One record: the two, why, whether they meet at present, and closing it."""
    kept = kept_one(request.user, request.organisation, pair_id)
    if kept is None:
        raise Http404
    key = opened_key(request)
    if key is None:
        return ask_for_phrase(request)
    form = CloseForm(sent(request))
    if kept.row.closed_at is None and form.is_valid():
        services.close(
            kept=kept.row,
            because=form.cleaned_data["because"],
            by=request.user,
            at=timezone.now(),
        )
        messages.success(request, _("Closed. The record stays, with your reason."))
        return redirect("lead:pair", request.organisation.slug, pair_id)
    told = told_of(request.user, kept, private_key=key, at=timezone.now())
    context = _shown(kept) | {
        "told": told,
        "meeting": meeting_now(request.user, request.organisation, kept.pair, at=timezone.now())
        if kept.row.closed_at is None
        else [],
        "form": form,
        "zone": request.organisation.time_zone,
    }
    return render(request, "lead/pair.html", context)
