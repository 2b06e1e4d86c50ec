"""The waiting list, one parent who waits, and how they leave it."""

from __future__ import annotations

from functools import partial
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from goround.apps.organisations.selectors import programmes_for
from goround.apps.people.models import Referral
from goround.apps.people.selectors import referrals_for, waiting_counts, waiting_page
from goround.apps.people.services import NoLongerWaiting, StillWaiting, put_back, withdraw
from goround.apps.records.openings import Why
from goround.web.coordinator.parents import opens
from goround.web.coordinator.waiting_forms import WaitingFilterForm, WithdrawForm
from goround.web.paging import PartPaginator
from goround.web.parent_facts import facts_of, source_labels, type_labels
from goround.web.rendering import Request, page_or_part, sent

ROWS = 50


@require_GET
def waiting(request: Request) -> HttpResponse:
    now, here = timezone.now(), request.organisation
    programmes = list(programmes_for(request.user, here))
    form = WaitingFilterForm(request.GET, programmes=programmes)
    keep = form.keep(at=now)
    counts = waiting_counts(request.user, here, at=now, keep=keep)
    part = partial(waiting_page, request.user, here, keep=keep)
    page = PartPaginator(part, ROWS, count=counts.waiting).get_page(request.GET.get("page"))
    context = {
        "form": form,
        "counts": counts,
        "page": page,
        "now": now,
        "types": type_labels(programmes),
        "doors": [programme for programme in programmes if programme.takes_self_referrals],
        "filtered": any(form.cleaned_data.values()),
    }
    return page_or_part(request, "coordinator/waiting.html", "list", context)


@require_GET
def waiting_parent(request: Request, referral_id: int) -> HttpResponse:
    referral = _find(request, referral_id)
    now, programmes = timezone.now(), [referral.programme]
    opens(request, referral.parent_id, why=Why.WAITING, at=now)
    today = request.organisation.local(now).date()
    context = {
        "referral": referral,
        "parent": referral.parent,
        "facts": facts_of(referral.parent, types=type_labels(programmes), on=today),
        "source": source_labels(programmes).get(referral.source, ""),
        "now": now,
    }
    return render(request, "coordinator/waiting_parent.html", context)


@require_http_methods(["GET", "POST"])
def withdraw_parent(request: Request, referral_id: int) -> HttpResponse:
    referral = _find(request, referral_id)
    form = WithdrawForm(sent(request))
    if request.method == "POST" and form.is_valid():
        because = form.cleaned_data["because"]
        try:
            withdraw(referral=referral, because=because, by=request.user, at=timezone.now())
        except NoLongerWaiting:
            messages.warning(request, _("This parent was placed meanwhile. Nothing was changed."))
        else:
            messages.success(request, _("Off the waiting list. That they waited is kept."))
        return redirect("coordinator:waiting_parent", request.organisation.slug, referral.pk)
    return render(request, "coordinator/withdraw.html", _question(request, referral, form))


@require_POST
def put_parent_back(request: Request, referral_id: int) -> HttpResponse:
    referral = _find(request, referral_id)
    try:
        referral = put_back(referral=referral, by=request.user, at=timezone.now())
    except StillWaiting:
        messages.info(request, _("They are on the list already."))
    else:
        messages.success(request, _("Back on the waiting list, from today."))
    return redirect("coordinator:waiting_parent", request.organisation.slug, referral.pk)


def _question(request: Request, referral: Referral, form: WithdrawForm) -> dict[str, Any]:
    return {
        "form": form,
        "referral": referral,
        "question": _("Take %(alias)s off the waiting list?") % {"alias": referral.parent.alias},
        "consequence": _(
            "They will not be offered a group. It stays on record that they waited, and you can "
            "put them back."
        ),
        "action": _("Take off the list"),
        "danger": True,
        "cancel_url": reverse(
            "coordinator:waiting_parent", args=[request.organisation.slug, referral.pk]
        ),
    }


def _find(request: Request, referral_id: int) -> Referral:
    found = get_object_or_404(referrals_for(request.user, request.organisation), pk=referral_id)
    if found.parent.erased_at:
        raise Http404
    return found
