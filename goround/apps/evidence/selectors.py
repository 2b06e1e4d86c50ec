"""Which reports somebody sees: a coordinator all, whoever leads a group that group's."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import QuerySet

from goround.apps.circle.selectors import groups_to_lead
from goround.apps.evidence.models import GroupReport, Report
from goround.apps.evidence.services import MAKE_REPORT
from goround.apps.groups.models import Group
from goround.apps.jobs.models import Job
from goround.apps.jobs.selectors import latest_job
from goround.apps.organisations.models import Organisation
from goround.apps.organisations.roles import Permission
from goround.apps.organisations.selectors import Viewer, organisations_for
from goround.apps.surveys.models import Survey
from goround.apps.surveys.selectors import surveys_for


def reports_for(viewer: Viewer, organisation: Organisation) -> QuerySet[Report]:
    """Reports of an organisation, made or being made, newest first, for who holds its surveys."""
    may = organisations_for(viewer, needs=Permission.HOLD_SURVEYS)
    return (
        Report.objects.filter(organisation=organisation, organisation__in=may)
        .select_related("survey", "asked_by")
        .order_by("-asked_at", "-pk")
    )


@dataclass(frozen=True)
class SurveyReports:
    """A survey with the newest report on it of either kind; both may be None."""

    survey: Survey
    name: str
    followed: Report | None
    recalled: Report | None


def surveys_with_reports(viewer: Viewer, organisation: Organisation) -> list[SurveyReports]:
    """Every survey held here, and what was last counted of it. Four queries, however many."""
    newest: dict[tuple[int, str], Report] = {}
    for report in reports_for(viewer, organisation).defer("figures"):
        newest.setdefault((report.survey_id, report.asked_how), report)
    return [
        SurveyReports(
            survey,
            survey.versions.all()[0].instrument.name,
            newest.get((survey.pk, Report.AskedHow.FOLLOWED)),
            newest.get((survey.pk, Report.AskedHow.RECALLED)),
        )
        for survey in surveys_for(viewer, organisation)
    ]


def job_of(viewer: Viewer, report: Report) -> Job | None:
    """The work that makes a report, or made it."""
    return latest_job(viewer, report.organisation, kinds=[MAKE_REPORT], subject_id=report.pk)


def group_reports(viewer: Viewer, group: Group) -> list[GroupReport]:
    """The newest report of each survey for a group the viewer leads, newest first.

    Leading the children alone is not leading the parents. Two queries, however many.
    """
    led = groups_to_lead(viewer, group.organisation)
    newest: dict[tuple[int, str], GroupReport] = {}
    rows = GroupReport.objects.filter(group=group, group__in=led).select_related("report")
    for row in rows.order_by("-report__made_at", "-pk"):
        newest.setdefault((row.report.survey_id, row.report.asked_how), row)
    return list(newest.values())
