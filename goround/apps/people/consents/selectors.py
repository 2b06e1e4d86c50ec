"""What a parent said yes to, and whether it holds at a moment."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from django.db.models import Q, QuerySet

from goround.apps.organisations.roles import Permission
from goround.apps.organisations.selectors import Viewer, organisations_for
from goround.apps.people.consents.models import Consent
from goround.apps.people.models import Parent


def consents_of(viewer: Viewer, parent: Parent) -> QuerySet[Consent]:
    """Every yes of one parent, the newest first: for themselves and for who keeps records."""
    may = organisations_for(viewer, needs=Permission.KEEP_RECORDS)
    allowed = Q(organisation__in=may)
    if viewer.pk is not None:
        allowed |= Q(parent__user_id=viewer.pk)
    return Consent.objects.filter(allowed, parent=parent).order_by("-given_at", "-pk")


def said_yes(
    viewer: Viewer | None,
    parent_ids: Collection[int],
    purpose: Consent.Purpose,
    *,
    at: datetime,
    recipient: str = "",
) -> set[int]:
    """Those of the parents with a live consent to one thing at that moment. One query.

    Ask in the moment of doing it, not when it was planned. ``viewer`` is nobody for the
    programme itself, which sends what an act it was allowed to do brings about; it learns
    ids it named, and nothing else.
    """
    live = Consent.objects.filter(
        parent__in=parent_ids,
        purpose=purpose,
        recipient=recipient,
        ended_at=None,
        given_at__lte=at,
        expires_at__gt=at,
    )
    return set(live.values_list("parent_id", flat=True))
