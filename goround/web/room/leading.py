"""A parent leader's own page: for how long, the talks about it, and how to stop."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from goround.apps.decisions.selectors.check_ins import own_check_ins
from goround.apps.decisions.selectors.elections import own_leadership, term_of
from goround.apps.decisions.services.check_ins import forget_words
from goround.apps.decisions.services.elections import open_leaders_pages, step_down
from goround.apps.groups.models import Leadership
from goround.apps.organisations.roles import Permission
from goround.apps.organisations.selectors import permissions_at
from goround.web.rendering import Request


@require_http_methods(["GET", "POST"])
def leading(request: Request, group_id: int) -> HttpResponse:
    lead = own_leadership(request.user, group_id)
    if lead is None:
        raise Http404
    if request.method == "POST":
        return _done(request, lead)
    context = {
        "group": lead.group,
        "lead": lead,
        "until": term_of(request.user, lead),
        "check_ins": own_check_ins(request.user, lead),
        "has_pages": Permission.SEE_OWN_GROUPS
        in permissions_at(request.user, lead.group.organisation),
    }
    return render(request, "room/decisions/leading.html", context)


def _done(request: Request, lead: Leadership) -> HttpResponse:
    do, now = request.POST.get("do", ""), timezone.now()
    if do == "stop":
        step_down(leadership=lead, by=request.user, at=now)
        messages.success(request, _("You do not lead any more. Thank you for all you did."))
        return redirect("room:home", lead.group_id)
    if do == "pages":
        open_leaders_pages(leadership=lead, by=request.user, at=now)
        return redirect("public:sign_in")
    kept = next(
        (one for one in own_check_ins(request.user, lead) if f"forget-{one.pk}" == do), None
    )
    if kept:
        forget_words(check_in=kept, by=request.user, at=now)
        messages.success(request, _("It is gone. The day stays."))
    return redirect("decisions:leading", lead.group_id)
