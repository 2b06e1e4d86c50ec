"""A parent's own record: what is kept, who opened it, what they agreed to."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth import logout
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from goround.apps.people.consents import services as consents
from goround.apps.people.consents.models import Consent
from goround.apps.people.consents.selectors import consents_of
from goround.apps.people.models import Parent
from goround.apps.records import erasing
from goround.apps.records.copying import make_copy
from goround.apps.records.selectors import erasure_asked, own_record, who_opened
from goround.web.consent_words import OWN, choices
from goround.web.copies import file_of, readable
from goround.web.rendering import Request


@require_GET
def record(request: Request) -> HttpResponse:
    return render(request, "parent/record.html", {"parent": find_own(request)})


@require_GET
def opened(request: Request) -> HttpResponse:
    parent = find_own(request)
    context = {"parent": parent, "openings": who_opened(request.user, parent)}
    return render(request, "parent/opened.html", context)


@require_GET
def agreed(request: Request) -> HttpResponse:
    parent, now = find_own(request), timezone.now()
    kept = list(consents_of(request.user, parent))
    context = {
        "parent": parent,
        "choices": choices(kept, at=now),
        "past": [consent for consent in kept if not consent.is_live(at=now)],
        "change_url": request.path + "change/",
    }
    return render(request, "parent/agreed.html", context)


@require_POST
def agree(request: Request) -> HttpResponse:
    """One tap gives a yes or takes it back."""
    parent, now = find_own(request), timezone.now()
    purpose, recipient = request.POST.get("purpose", ""), request.POST.get("recipient", "")
    if purpose not in Consent.Purpose.values:
        raise Http404
    asked = Consent.Purpose(purpose)
    if request.POST.get("answer") == "no":
        consents.withdraw(
            parent=parent, purpose=asked, recipient=recipient, by=request.user, at=now
        )
        messages.success(request, _("Taken back. Nothing else changes for you."))
    elif asked in OWN:
        how = Consent.How.OWN_PAGE
        consents.give(parent=parent, purpose=asked, how=how, by=request.user, at=now)
        messages.success(request, _("Noted. You can take it back here at any time."))
    else:
        raise Http404
    return redirect("parent:agreed")


@require_GET
def copy(request: Request) -> HttpResponse:
    parent = find_own(request)
    made = make_copy(parent=parent, by=request.user, at=timezone.now())
    sections = readable(made, parent.organisation.zone)
    return render(request, "parent/copy.html", {"parent": parent, "sections": sections})


@require_GET
def copy_file(request: Request) -> HttpResponse:
    return file_of(make_copy(parent=find_own(request), by=request.user, at=timezone.now()))


@require_http_methods(["GET", "POST"])
def erase_me(request: Request) -> HttpResponse:
    """Ask to be erased, take it back, or have it done at once."""
    parent, now = find_own(request), timezone.now()
    do = request.POST.get("do", "")
    if do == "now":
        erasing.erase(parent=parent, by=request.user, at=now)
        logout(request)
        return render(request, "parent/erased.html")
    if do == "later":
        erasing.ask_erasure(parent=parent, by=request.user, at=now)
        messages.success(request, _("Noted. Until that day you can take it back here."))
    elif do == "keep":
        erasing.take_back(parent=parent, by=request.user, at=now)
        messages.success(request, _("Everything is kept, as before."))
    if request.method == "POST":
        return redirect("parent:erase")
    context = {
        "parent": parent,
        "asked": erasure_asked(request.user, parent),
        "grace_days": erasing.GRACE.days,
    }
    return render(request, "parent/erase.html", context)


def find_own(request: Request) -> Parent:
    parent = own_record(request.user)
    if parent is None:
        raise Http404
    return parent
