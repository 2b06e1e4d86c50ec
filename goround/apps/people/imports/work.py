"""Reading and saving lists, as jobs for the worker."""

from __future__ import annotations

from random import SystemRandom

from django.utils import timezone

from goround.apps.jobs.work import Work, handles
from goround.apps.people.imports.services import READ_LIST, SAVE_LIST, read_list, save_list
from goround.apps.people.models import ListImport


@handles(READ_LIST)
def read(work: Work) -> None:
    list_import = _list_of(work)
    if list_import.status == ListImport.Status.READING:
        read_list(
            list_import=list_import,
            tick=work.report,
            by=work.job.asked_by,
            at=timezone.now(),
            rng=SystemRandom(),
        )


@handles(SAVE_LIST)
def save(work: Work) -> None:
    list_import = _list_of(work)
    if list_import.status == ListImport.Status.SAVING:
        save_list(
            list_import=list_import,
            tick=work.report,
            by=work.job.asked_by,
            at=timezone.now(),
            rng=SystemRandom(),
        )


def _list_of(work: Work) -> ListImport:
    lists = ListImport.objects.select_related("organisation__network", "programme", "uploaded_by")
    return lists.get(pk=work.job.subject_id)
