"""One parent's record at the coordinator's desk. Whoever opens it is written down first."""

from __future__ import annotations

from datetime import datetime

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods

from goround.apps.organisations.selectors import programmes_for
from goround.apps.people.consents import services as consents
from goround.apps.people.consents.models import Consent
from goround.apps.people.consents.selectors import consents_of
from goround.apps.people.models import Parent
from goround.apps.records import erasing
from goround.apps.records.copying import Copy, make_copy
from goround.apps.records.openings import Why, note_opened
from goround.apps.records.selectors import erasure_asked, records_for, trail_of
from goround.web.consent_words import NOTICES, choices
from goround.web.copies import file_of, readable
from goround.web.parent_facts import facts_of, type_labels
from goround.web.rendering import Request, sent


class SaidForm(forms.Form):
    """What a parent said, in words, to somebody who writes it down for them."""

    purpose = forms.ChoiceField(
        label=gettext_lazy("What they spoke about"),
        choices=[(key, title) for key, (title, _means) in NOTICES.items()],
    )
    recipient = forms.CharField(
        label=gettext_lazy("Which service"),
        max_length=120,
        required=False,
        help_text=gettext_lazy("Only for another service. A service or agency, never a person."),
    )
    answer = forms.ChoiceField(
        label=gettext_lazy("What they said"),
        choices=[
            ("yes", gettext_lazy("Yes, they agree")),
            ("no", gettext_lazy("No, or not any more")),
        ],
        widget=forms.RadioSelect,
    )
    how = forms.ChoiceField(
        label=gettext_lazy("How they said it"),
        choices=[each for each in Consent.How.choices if each[0] != Consent.How.OWN_PAGE],
    )


def opens(request: Request, *parent_ids: int, why: Why, at: datetime) -> None:
    """Write down that whoever looks at this page opens these records."""
    note_opened(
        organisation=request.organisation, parent_ids=parent_ids, why=why, by=request.user, at=at
    )


@require_GET
def record(request: Request, parent_id: int) -> HttpResponse:
    parent, now = find_record(request, parent_id), timezone.now()
    opens(request, parent.pk, why=Why.RECORD, at=now)
    labels = type_labels(list(programmes_for(request.user, request.organisation)))
    today = request.organisation.local(now).date()
    context = {"parent": parent, "facts": facts_of(parent, types=labels, on=today)}
    return render(request, "coordinator/record.html", context)


@require_http_methods(["GET", "POST"])
def agreed(request: Request, parent_id: int) -> HttpResponse:
    """What a parent agreed to, and writing down what they said."""
    parent, now = find_record(request, parent_id), timezone.now()
    form = SaidForm(sent(request))
    if request.method == "POST" and form.is_valid() and _write_down(request, parent, form, now):
        messages.success(request, _("Noted as they said it."))
        return redirect("coordinator:agreed", request.organisation.slug, parent.pk)
    opens(request, parent.pk, why=Why.RECORD, at=now)
    kept = list(consents_of(request.user, parent))
    context = {
        "parent": parent,
        "form": form,
        "choices": choices(kept, at=now),
        "past": [consent for consent in kept if not consent.is_live(at=now)],
    }
    return render(request, "coordinator/agreed.html", context)


def _write_down(request: Request, parent: Parent, form: SaidForm, now: datetime) -> bool:
    said = form.cleaned_data
    about = {
        "parent": parent,
        "purpose": Consent.Purpose(said["purpose"]),
        "recipient": said["recipient"],
        "by": request.user,
        "at": now,
    }
    if said["answer"] == "no":
        consents.withdraw(**about)
        return True
    try:
        consents.give(**about, how=Consent.How(said["how"]))
    except consents.NobodyNamed:
        form.add_error("recipient", _("Say which service this is for. Nothing was noted yet."))
        return False
    return True


@require_GET
def copy(request: Request, parent_id: int) -> HttpResponse:
    """Everything that is kept about a parent who asked for it."""
    parent = find_record(request, parent_id)
    sections = readable(_copy_of(request, parent), request.organisation.zone)
    return render(request, "coordinator/copy.html", {"parent": parent, "sections": sections})


@require_GET
def copy_file(request: Request, parent_id: int) -> HttpResponse:
    return file_of(_copy_of(request, find_record(request, parent_id)))


def _copy_of(request: Request, parent: Parent) -> Copy:
    now = timezone.now()
    opens(request, parent.pk, why=Why.COPYING, at=now)
    return make_copy(parent=parent, by=request.user, at=now)


@require_http_methods(["GET", "POST"])
def erase(request: Request, parent_id: int) -> HttpResponse:
    """For a parent who asked the coordinator: erase in some days, keep after all, or now."""
    parent, now = find_record(request, parent_id), timezone.now()
    do = request.POST.get("do", "")
    if do == "now":
        erasing.erase(parent=parent, by=request.user, at=now)
        messages.success(request, _("Erased. What stays are numbers without a name."))
        return redirect("coordinator:waiting", request.organisation.slug)
    if do == "later":
        erasing.ask_erasure(parent=parent, by=request.user, at=now)
    elif do == "keep":
        erasing.take_back(parent=parent, by=request.user, at=now)
    if request.method == "POST":
        return redirect("coordinator:erase", request.organisation.slug, parent.pk)
    context = {
        "parent": parent,
        "asked": erasure_asked(request.user, parent),
        "grace_days": erasing.GRACE.days,
    }
    return render(request, "coordinator/erase.html", context)


@require_GET
def trail(request: Request) -> HttpResponse:
    """Whether the trail of who did what is whole, as of the last daily check."""
    return render(
        request, "coordinator/trail.html", {"chain": trail_of(request.user, request.organisation)}
    )


def find_record(request: Request, parent_id: int) -> Parent:
    records = records_for(request.user, request.organisation)
    return get_object_or_404(records, pk=parent_id)
