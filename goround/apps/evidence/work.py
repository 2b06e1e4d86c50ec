"""Making a report, as a job for the worker."""

from __future__ import annotations

from django.utils import timezone
from django.utils.translation import gettext as _

from goround.apps.evidence.models import Report
from goround.apps.evidence.services import MAKE_REPORT, keep_pictures
from goround.apps.jobs.work import Work, WorkFailed, handles
from goround.apps.surveys.selectors import scored_responses
from goround.domain.change import LEAST_PAIRS, Design
from goround.domain.surveys import Design as AskedHow

ASKED_HOW = {Design.FOLLOWED: AskedHow.TWO_TIMES, Design.RECALLED: AskedHow.ONE_SITTING}


@handles(MAKE_REPORT)
def make(work: Work) -> None:
    """Count everything, then each group by itself. Stopped half way, nothing is kept."""
    # The statistics take seconds to load: here, and never in a page.
    from goround.apps.evidence.counting import picture_of  # noqa: PLC0415

    report = Report.objects.select_related("survey", "organisation").get(pk=work.job.subject_id)
    design, by = Design(report.asked_how), work.job.asked_by
    found = scored_responses(by, report.organisation, report.survey.key, design=ASKED_HOW[design])
    if found is None:
        raise WorkFailed(_("You no longer hold surveys here. Nothing was counted."))
    instrument, responses = found
    groups = sorted({response.group for response in responses})
    whole = picture_of(instrument, responses, design, least_pairs=LEAST_PAIRS)
    of_groups = {}
    for done, group in enumerate(groups, start=1):
        if not work.report(done, len(groups) + 1):
            return
        own = [response for response in responses if response.group == group]
        of_groups[group] = picture_of(instrument, own, design, least_pairs=LEAST_PAIRS)
    keep_pictures(report=report, whole=whole, of_groups=of_groups, by=by, at=timezone.now())
