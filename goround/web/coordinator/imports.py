"""Uploading a list: what it would change is shown first, and only then it is saved."""

from __future__ import annotations

from random import SystemRandom
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from goround.apps.jobs.models import Job
from goround.apps.jobs.selectors import latest_job
from goround.apps.jobs.services import ask_to_stop
from goround.apps.organisations.models import Programme
from goround.apps.organisations.selectors import programmes_for
from goround.apps.people.imports import services
from goround.apps.people.imports.files import MOST_BYTES, ListUnusable
from goround.apps.people.models import ListImport
from goround.apps.people.selectors import list_imports, rejected_csv_of, rejected_rows
from goround.web.paging import CountedPaginator
from goround.web.rendering import Request, page_or_part, sent

REJECTED_ROWS = 50
IMPORTS_SHOWN = 20


class UploadForm(forms.Form):
    kind = forms.ChoiceField(
        label=gettext_lazy("What is in the list?"),
        choices=ListImport.Kind.choices,
        initial=ListImport.Kind.PARENTS,
        widget=forms.RadioSelect,
    )
    programme = forms.ChoiceField(
        label=gettext_lazy("Whose waiting list do the parents join?"), required=False
    )
    file = forms.FileField(
        label=gettext_lazy("The file"),
        help_text=gettext_lazy("CSV in UTF-8, with the names of the columns in the first line."),
        error_messages={
            "required": gettext_lazy("Choose the file."),
            "empty": gettext_lazy("The file is empty. Choose the list and send it again."),
        },
        allow_empty_file=True,
        widget=forms.FileInput(attrs={"accept": ".csv,text/csv"}),
    )
    strict = forms.BooleanField(
        label=gettext_lazy("All rows or none: one bad row refuses the list"), required=False
    )

    def __init__(self, *args: Any, programmes: list[Programme], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.programmes = {str(programme.pk): programme for programme in programmes}
        chosen = self.fields["programme"]
        if isinstance(chosen, forms.ChoiceField):
            chosen.choices = [(key, one.name) for key, one in self.programmes.items()]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        is_parents = cleaned.get("kind") == ListImport.Kind.PARENTS
        if is_parents and not cleaned.get("programme") and "programme" not in self.errors:
            self.add_error("programme", _("Choose the programme that the parents wait for."))
        return cleaned

    def chosen_programme(self) -> Programme | None:
        return self.programmes.get(self.cleaned_data["programme"])


@require_http_methods(["GET", "POST"])
def imports(request: Request) -> HttpResponse:
    programmes = list(programmes_for(request.user, request.organisation))
    form = UploadForm(sent(request), request.FILES or None, programmes=programmes)
    if request.method == "POST" and form.is_valid():
        try:
            received = _receive(request, form)
        except ListUnusable as why:
            form.add_error("file", str(why))
        else:
            return _to(request, received)
    context = {
        "form": form,
        "imports": list_imports(request.user, request.organisation)[:IMPORTS_SHOWN],
    }
    return render(request, "coordinator/imports.html", context)


def _receive(request: Request, form: UploadForm) -> ListImport:
    told = form.cleaned_data
    return services.receive_list(
        organisation=request.organisation,
        kind=ListImport.Kind(told["kind"]),
        programme=form.chosen_programme(),
        data=told["file"].read(MOST_BYTES + 1),
        strict=told["strict"],
        by=request.user,
        at=timezone.now(),
        rng=SystemRandom(),
    )


@require_GET
def import_list(request: Request, import_id: int) -> HttpResponse:
    listed = _find(request, import_id)
    job = _job_of(request, listed)
    rejected = rejected_rows(request.user, listed)
    page = CountedPaginator(rejected, REJECTED_ROWS, count=listed.bad_rows)
    context = {
        "listed": listed,
        "job": job,
        "working": bool(job and job.is_open),
        "rejected": page.get_page(request.GET.get("page")) if listed.bad_rows else None,
    }
    return page_or_part(request, "coordinator/import_list.html", "state", context)


@require_GET
def rejected_csv(request: Request, import_id: int) -> HttpResponse:
    listed = _find(request, import_id)
    table = rejected_csv_of(request.user, listed)
    response = HttpResponse(table, content_type="text/csv; charset=utf-8")
    response.headers["Content-Disposition"] = 'attachment; filename="rejected.csv"'
    return response


@require_POST
def save_import(request: Request, import_id: int) -> HttpResponse:
    listed = _find(request, import_id)
    try:
        services.confirm_list(list_import=listed, by=request.user, at=timezone.now())
    except services.NothingToSave:
        messages.info(request, _("This list waits for nothing more. Nothing was changed."))
    return _to(request, listed)


@require_POST
def read_import(request: Request, import_id: int) -> HttpResponse:
    listed = _find(request, import_id)
    try:
        services.read_again(list_import=listed, by=request.user, at=timezone.now())
    except services.NothingToSave:
        messages.info(request, _("This list was read already."))
    return _to(request, listed)


@require_POST
def stop_import(request: Request, import_id: int) -> HttpResponse:
    listed = _find(request, import_id)
    job = _job_of(request, listed)
    if job and job.is_open:
        ask_to_stop(job=job, by=request.user, at=timezone.now())
        messages.info(request, _("It stops after the rows in hand."))
    return _to(request, listed)


@require_POST
def put_import_aside(request: Request, import_id: int) -> HttpResponse:
    listed = _find(request, import_id)
    services.put_aside(list_import=listed, by=request.user, at=timezone.now())
    messages.success(request, _("The list was put aside and its text deleted."))
    return redirect("coordinator:imports", request.organisation.slug)


def _job_of(request: Request, listed: ListImport) -> Job | None:
    work = [services.READ_LIST, services.SAVE_LIST]
    return latest_job(request.user, request.organisation, kinds=work, subject_id=listed.pk)


def _to(request: Request, listed: ListImport) -> HttpResponse:
    return redirect("coordinator:import_list", request.organisation.slug, listed.pk)


def _find(request: Request, import_id: int) -> ListImport:
    found = list_imports(request.user, request.organisation)
    return get_object_or_404(found, pk=import_id)
