"""One concern: what was said, what was done, and the next step."""

from __future__ import annotations

from collections.abc import Mapping

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from goround.apps.safeguarding import services
from goround.apps.safeguarding.duties import duties_of
from goround.apps.safeguarding.models import Concern
from goround.apps.safeguarding.selectors import OnTheDesk, Told, one_for, opened, readers_of
from goround.domain.safeguarding.concern import Act, NotNow, Stage, Way, open_acts
from goround.web.lead.desk import row_of
from goround.web.lead.forms import FORMS, FollowUpForm, StepForm
from goround.web.lead.words import ACTS, DONE, WAYS, Text, in_boxes
from goround.web.rendering import Request, sent
from goround.web.sealed.opened import ask_for_phrase, opened_key


@require_GET
def concern(request: Request, concern_id: int) -> HttpResponse:
    """Everything said and done, once the lead has opened the sealed records."""
    found = _find(request, concern_id)
    key = opened_key(request)
    if key is None:
        return ask_for_phrase(request)
    services.note_reading(concern=found.concern, by=request.user, at=timezone.now())
    row = found.concern
    steps, follow_ups = list(row.steps.all()), list(row.follow_ups.all())
    sealed = [row.told, *(each.told for each in steps), *(each.told for each in follow_ups)]
    told = opened(request.user, key, sealed)
    context = row_of(found) | {
        "said": _said(told, row.told_id),
        "readable": row.told_id in told,
        "steps": [
            {
                "step": step,
                "words": DONE[Act(step.act)],
                "way": WAYS[Way(step.way)] if step.way else "",
                "said": _said(told, step.told_id),
            }
            for step in steps
        ],
        "follow_ups": [{"row": each, "said": _said(told, each.told_id)} for each in follow_ups],
        "others": [
            (act, ACTS[act]) for act in open_acts(Stage(row.stage)) if act is not found.next
        ],
        "readers": readers_of(request.user, row),
        "zone": request.organisation.time_zone,
    }
    return render(request, "lead/concern.html", context)


def _said(told: Mapping[int, Told], text_id: int | None) -> list[tuple[Text, Text]]:
    return in_boxes(told.get(text_id or 0, {}))


@require_http_methods(["GET", "POST"])
def step(request: Request, concern_id: int) -> HttpResponse:
    """One act, chosen by ``?do=``, else the next: the boxes for it, or done."""
    found = _find(request, concern_id)
    usual = found.next or open_acts(Stage(found.concern.stage))[0]
    act = _act(request.GET.get("do", usual))
    if act is Act.FOLLOW_UP:
        return redirect("lead:follow_up", request.organisation.slug, concern_id)
    form = FORMS[act](sent(request), duties=duties_of(request.organisation))
    if form.is_valid() and _take(request, found.concern, act, form):
        return redirect("lead:concern", request.organisation.slug, concern_id)
    context = {"concern": found.concern, "form": form, "heading": ACTS[act]}
    return render(request, "lead/step.html", context)


def _take(request: Request, row: Concern, act: Act, form: StepForm) -> bool:
    try:
        services.take_step(
            concern=row,
            act=act,
            words=form.said,
            by=request.user,
            at=timezone.now(),
            **form.plain,
        )
    except NotNow:
        form.add_error(None, _("It has moved on since. Nothing was saved. Go back and look."))
        return False
    except services.StillOpen:
        form.add_error(
            None, _("Something planned for it is not done yet. Nothing was saved. Do that first.")
        )
        return False
    return True


def _act(text: str) -> Act:
    try:
        return Act(text)
    except ValueError:
        raise Http404 from None


@require_http_methods(["GET", "POST"])
def follow_up(request: Request, concern_id: int) -> HttpResponse:
    found = _find(request, concern_id)
    form = FollowUpForm(sent(request))
    if form.is_valid():
        try:
            services.plan_follow_up(
                concern=found.concern,
                due_on=form.cleaned_data["due_on"],
                words={"what": form.cleaned_data["what"]},
                by=request.user,
                at=timezone.now(),
            )
        except NotNow:
            form.add_error(None, _("Look at it first: how pressing is it? Nothing was saved."))
        else:
            return redirect("lead:concern", request.organisation.slug, concern_id)
    context = {"concern": found.concern, "form": form, "heading": ACTS[Act.FOLLOW_UP]}
    return render(request, "lead/step.html", context)


@require_POST
def follow_up_done(request: Request, concern_id: int, follow_up_id: int) -> HttpResponse:
    found = _find(request, concern_id)
    rows = {each.pk: each for each in found.concern.follow_ups.all()}
    if follow_up_id not in rows:
        raise Http404
    services.finish_follow_up(follow_up=rows[follow_up_id], by=request.user, at=timezone.now())
    messages.success(request, _("Done."))
    return redirect("lead:concern", request.organisation.slug, concern_id)


def _find(request: Request, concern_id: int) -> OnTheDesk:
    found = one_for(request.user, request.organisation, concern_id, at=timezone.now())
    if found is None:
        raise Http404
    return found
