"""What surveys showed: the outcomes, how they were found, and one page to print."""

from __future__ import annotations

from django import forms
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET, require_POST

from goround.apps.evidence.models import Report
from goround.apps.evidence.selectors import job_of, reports_for, surveys_with_reports
from goround.apps.evidence.services import ask_for_report
from goround.apps.reader.words import readers_language
from goround.apps.surveys.selectors import surveys_for
from goround.domain.change import Design
from goround.web.evidence import wording
from goround.web.evidence.columns import dictionary
from goround.web.evidence.parts import drawn
from goround.web.evidence.sheet import one_page_of
from goround.web.rendering import Request, page_or_part, polls


class CountForm(forms.Form):
    """Which kind of answers to count; a button each, so nothing else is asked."""

    asked_how = forms.ChoiceField(
        label=_("How it was asked"),
        choices=[(design.value, design.value) for design in Design],
        widget=forms.HiddenInput,
    )


@require_GET
def surveys(request: Request) -> HttpResponse:
    rows = surveys_with_reports(request.user, request.organisation)
    return render(request, "evidence/surveys.html", {"rows": rows})


@require_POST
def count(request: Request, survey_id: int) -> HttpResponse:
    held = surveys_for(request.user, request.organisation)
    survey = get_object_or_404(held, pk=survey_id)
    form = CountForm(request.POST)
    if not form.is_valid():
        return redirect("evidence:surveys", request.organisation.slug)
    report = ask_for_report(
        survey=survey,
        design=Design(form.cleaned_data["asked_how"]),
        by=request.user,
        at=timezone.now(),
    )
    return redirect("evidence:report", request.organisation.slug, report.pk)


@require_GET
def report(request: Request, report_id: int) -> HttpResponse:
    found = find_report(request, report_id)
    if found.made_at is None:
        job = job_of(request.user, found)
        making = {"report": found, "job": job, "working": bool(job and job.is_open)}
        return page_or_part(request, "evidence/making.html", "state", making)
    if polls(request):  # it was made meanwhile: the whole page, and not inside the one that waits
        return HttpResponse(headers={"HX-Redirect": request.path})
    picture = found.picture
    language = readers_language()
    context = {
        "report": found,
        "picture": picture,
        "columns": dictionary(),
        "subscales": drawn(picture.subscales, language),
        "questions": drawn(picture.questions, language, first=len(picture.subscales)),
    }
    return render(request, "evidence/report.html", context)


@require_GET
def methods(request: Request, report_id: int) -> HttpResponse:
    found = find_made(request, report_id)
    picture, language = found.picture, readers_language()
    context = {
        "report": found,
        "picture": picture,
        "counted": list(wording.counted(picture)),
        "unknown": list(wording.unknown(picture)),
        "hidden": list(wording.hidden(picture)),
        "parts": wording.parts(list(picture.lines), language),
        "measured": wording.measured(picture, language),
    }
    return render(request, "evidence/methods.html", context)


@require_GET
def one_page(request: Request, report_id: int) -> HttpResponse:
    found = find_made(request, report_id)
    context = {"report": found, "sheet": one_page_of(request, found)}
    return render(request, "evidence/one_page.html", context)


def find_report(request: Request, report_id: int) -> Report:
    return get_object_or_404(reports_for(request.user, request.organisation), pk=report_id)


def find_made(request: Request, report_id: int) -> Report:
    """A report with figures; one that is being made is not there yet."""
    found = find_report(request, report_id)
    if found.made_at is None:
        raise Http404
    return found
