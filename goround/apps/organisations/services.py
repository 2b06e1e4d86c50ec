from datetime import date, datetime
from itertools import count
from typing import Any

from django.db import transaction

from goround.apps.accounts.models import User
from goround.apps.accounts.sessions import end_sessions
from goround.apps.audit import services as audit
from goround.apps.organisations.models import Network, Organisation, RoleAssignment, Venue
from goround.apps.organisations.roles import Role


@transaction.atomic
def give_role(
    *,
    user: User,
    role: Role,
    by: User | None,
    at: datetime,
    organisation: Organisation | None = None,
    network: Network | None = None,
) -> RoleAssignment:
    """Let ``user`` hold ``role``; a role already held is left as it is."""
    assignment, new = RoleAssignment.objects.get_or_create(
        user=user, role=role, organisation=organisation, network=network
    )
    if new:
        # Rights are looked up anew on every page; what a session may last is not.
        end_sessions(user=user)
        audit.record("role.given", assignment, by=by, at=at, role=role.value, user=user.pk)
    return assignment


@transaction.atomic
def save_venue(*, venue: Venue, by: User, at: datetime, **changes: Any) -> Venue:
    """Add a venue, or change one; nothing is written when nothing differs."""
    changed = [name for name, value in changes.items() if getattr(venue, name) != value]
    if venue.pk and not changed:
        return venue
    for name in changed:
        setattr(venue, name, changes[name])
    is_new = venue.pk is None
    if not venue.reference:
        venue.reference = _free_reference(venue.organisation)
    venue.full_clean()
    venue.save(update_fields=None if is_new else changed)
    kind = "venue.added" if is_new else "venue.changed"
    audit.record(kind, venue, by=by, at=at, fields=sorted(changed))
    return venue


@transaction.atomic
def set_target(*, network: Network, groups: int, by_day: date, by: User, at: datetime) -> None:
    """How many groups the network works towards, and by when. Told in every trail of it."""
    if (network.target_groups, network.target_by) == (groups, by_day):
        return
    network.target_groups, network.target_by = groups, by_day
    network.save(update_fields=["target_groups", "target_by"])
    for host in Organisation.objects.filter(network=network).order_by("pk"):
        audit.record(
            "target.set",
            network,
            by=by,
            at=at,
            organisation_id=host.pk,
            groups=groups,
            by_day=by_day.isoformat(),
        )


def _free_reference(organisation: Organisation) -> str:
    """An id for lists, for a venue that was added by hand."""
    there = Venue.objects.filter(organisation=organisation)
    names = (f"by-hand-{number}" for number in count(there.count() + 1))
    return next(name for name in names if not there.filter(reference=name).exists())
