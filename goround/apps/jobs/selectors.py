from django.db.models import QuerySet

from goround.apps.jobs.models import Job
from goround.apps.organisations.models import Organisation
from goround.apps.organisations.selectors import Viewer, organisations_for


def jobs_for(viewer: Viewer, organisation: Organisation) -> QuerySet[Job]:
    """Jobs of one organisation, newest first, absent unless the viewer holds a role there."""
    return Job.objects.filter(
        organisation=organisation, organisation__in=organisations_for(viewer)
    ).order_by("-asked_at", "-pk")
