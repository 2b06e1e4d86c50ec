"""A parent's record for the parent themselves and for who keeps it; for nobody else."""

from __future__ import annotations

from django.db.models import QuerySet

from goround.apps.audit.models import Chain
from goround.apps.organisations.models import Organisation
from goround.apps.organisations.roles import Permission
from goround.apps.organisations.selectors import Viewer, organisations_for
from goround.apps.people.models import Parent
from goround.apps.records.models import Erasure
from goround.apps.records.openings import Opening, openings


def own_record(viewer: Viewer) -> Parent | None:
    """The record of the viewer, if they are a parent with an account."""
    if viewer.pk is None:
        return None
    return Parent.objects.filter(user_id=viewer.pk).select_related("organisation").first()


def records_for(viewer: Viewer, organisation: Organisation) -> QuerySet[Parent]:
    """Parents of the organisation whose record the viewer may open."""
    may = organisations_for(viewer, needs=Permission.KEEP_RECORDS)
    there = Parent.objects.filter(organisation=organisation, organisation__in=may, erased_at=None)
    return there.select_related("organisation", "user")


def who_opened(viewer: Viewer, parent: Parent) -> list[Opening]:
    """Who opened the viewer's own record; nobody else's is told to them."""
    return openings(parent) if viewer.pk is not None and parent.user_id == viewer.pk else []


def erasure_asked(viewer: Viewer, parent: Parent) -> Erasure | None:
    """The erasure that was asked for and not done yet: for the parent and who keeps records."""
    own = viewer.pk is not None and parent.user_id == viewer.pk
    may = organisations_for(viewer, needs=Permission.KEEP_RECORDS)
    if not own and not may.filter(pk=parent.organisation_id).exists():
        return None
    return Erasure.objects.filter(parent=parent, taken_back_at=None, done_at=None).first()


def trail_of(viewer: Viewer, organisation: Organisation) -> Chain | None:
    """Where the organisation's chain ends and what the last check found."""
    may = organisations_for(viewer, needs=Permission.SEE_TRAIL).filter(pk=organisation.pk)
    return Chain.objects.filter(organisation_id__in=may.order_by().values("pk")).first()
