from collections.abc import Collection

from django.db.models import QuerySet

from goround.apps.jobs.models import Job
from goround.apps.organisations.models import Network, Organisation
from goround.apps.organisations.selectors import Viewer, networks_for, organisations_for


def jobs_for(viewer: Viewer, organisation: Organisation) -> QuerySet[Job]:
    """Jobs of one organisation, newest first, absent unless the viewer holds a role there."""
    return Job.objects.filter(
        organisation=organisation, organisation__in=organisations_for(viewer)
    ).order_by("-asked_at", "-pk")


def latest_job(
    viewer: Viewer, organisation: Organisation, *, kinds: Collection[str], subject_id: int
) -> Job | None:
    """The newest job of these kinds about one row, or None."""
    return jobs_for(viewer, organisation).filter(kind__in=kinds, subject_id=subject_id).first()


def network_jobs_for(viewer: Viewer, network: Network) -> QuerySet[Job]:
    """Jobs of a network itself, newest first, for its office; never its organisations' jobs."""
    return Job.objects.filter(network=network, network__in=networks_for(viewer)).order_by(
        "-asked_at", "-pk"
    )
