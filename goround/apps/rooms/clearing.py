"""What goes with a member who leaves: what they offered, the seats they took, what they wrote."""

from __future__ import annotations

from datetime import datetime

from goround.apps.audit.services import Actor
from goround.apps.groups.comings import when_somebody_leaves
from goround.apps.groups.models import Membership
from goround.apps.meetings.models import Reply
from goround.apps.rooms.models import Note, Offer, Rider


@when_somebody_leaves
def clear(membership: Membership, by: Actor | None, at: datetime) -> None:
    Reply.objects.filter(membership=membership, meeting__ends_at__gt=at).delete()
    Rider.objects.filter(membership=membership).delete()
    Offer.objects.filter(membership=membership).delete()
    Note.objects.filter(membership=membership).delete()
