"""Reports are asked for, then made by the worker."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from django.db import transaction

from goround.apps.accounts.models import User
from goround.apps.audit import services as audit
from goround.apps.evidence.models import GroupReport, Report
from goround.apps.evidence.pictures import Picture
from goround.apps.jobs.services import ask_for
from goround.apps.surveys.models import Survey
from goround.domain.change import Design

MAKE_REPORT = "make-report"


@transaction.atomic
def ask_for_report(*, survey: Survey, design: Design, by: User, at: datetime) -> Report:
    """Have a survey counted. While it is being counted, asking again gives the same report."""
    report = Report.objects.filter(survey=survey, asked_how=design.value, made_at=None).first()
    if report is None:
        report = Report.objects.create(
            organisation_id=survey.organisation_id,
            survey=survey,
            asked_how=design.value,
            asked_by=by,
            asked_at=at,
        )
        audit.record("report.asked", report, by=by, at=at, survey=survey.pk)
    ask_for(kind=MAKE_REPORT, subject_id=report.pk, organisation=survey.organisation, by=by, at=at)
    return report


@transaction.atomic
def keep_pictures(
    *, report: Report, whole: Picture, of_groups: Mapping[int, Picture], by: User, at: datetime
) -> None:
    """Put the figures in. A report that has some keeps them: what was shown stays as it was."""
    held = Report.objects.select_for_update(of=("self",), no_key=True).get(pk=report.pk)
    if held.made_at is not None:
        return
    held.figures, held.made_at = whole.plain(), at
    held.save(update_fields=["figures", "made_at"])
    GroupReport.objects.bulk_create(
        GroupReport(
            organisation_id=held.organisation_id, report=held, group_id=group, figures=one.plain()
        )
        for group, one in sorted(of_groups.items())
    )
    audit.record("report.made", held, by=by, at=at, groups=len(of_groups), people=whole.people)
