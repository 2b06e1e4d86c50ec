"""The people who work at an organisation: invited, started anew, shut out, and let go."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from goround.apps.accounts.closing import close_user, reopen_user
from goround.apps.accounts.models import User, WayIn
from goround.apps.accounts.services import invite_user
from goround.apps.accounts.sessions import end_sessions
from goround.apps.accounts.ways_in import make_way_in
from goround.apps.audit import services as audit
from goround.apps.organisations.leads import drop_key
from goround.apps.organisations.models import Organisation, RoleAssignment
from goround.apps.organisations.roles import Permission, Role, roles_with
from goround.apps.organisations.services import give_role
from goround.apps.walls.places import asking_as

# A parent is invited to a group, and the network's office by whoever runs the installation.
INVITED_HERE = tuple(role for role in Role if role not in {Role.PARENT, Role.NETWORK_OFFICER})


class LastOne(Exception):
    """Without this person nobody could invite people or end roles here."""


class NotOnlyHere(Exception):
    """The account holds roles elsewhere too, so no single organisation disposes of it."""


@transaction.atomic
def invite_staff(
    *, organisation: Organisation, role: Role, shown_as: str, by: User, at: datetime
) -> str:
    """An account with a role that waits for its owner; the words that open it, once."""
    if role not in INVITED_HERE:
        raise ValueError(f"{role} is not a role to be invited to at an organisation")
    user = invite_user(shown_as=shown_as, by=by, at=at)
    give_role(user=user, role=role, organisation=organisation, by=by, at=at)
    return make_way_in(user=user, kind=WayIn.Kind.SIGN_UP, by=by, at=at)


@transaction.atomic
def invite_again(*, assignment: RoleAssignment, by: User, at: datetime) -> str:
    """New words for somebody who did not use theirs, or who lost passphrase or second factor.

    Raises ``NotOnlyHere``: the words would open what the account may do elsewhere, too. Raises
    ``AccountClosed``.
    """
    if assignment.organisation:
        _only_here(assignment.user, assignment.organisation)
    audit.record("role.invited_again", assignment, by=by, at=at, user=assignment.user_id)
    return make_way_in(user=assignment.user, kind=WayIn.Kind.SIGN_UP, by=by, at=at)


@transaction.atomic
def end_role(*, assignment: RoleAssignment, by: User, at: datetime) -> None:
    """They lose the role and are signed out everywhere at once; a lead loses their key too.

    Raises ``LastOne``, and ``LastReader`` for the last who can open the sealed records.
    """
    role, user, organisation = assignment.role, assignment.user, assignment.organisation
    if organisation and role in roles_with(Permission.MANAGE_PEOPLE):
        _leave_somebody(user, organisation)
    # Rows before the trail: whoever holds one of them may wait for the trail.
    end_sessions(user=user)
    if organisation and not _still_reads(user, organisation, without=assignment):
        drop_key(organisation=organisation, user=user, by=by, at=at)
    audit.record("role.ended", assignment, by=by, at=at, role=role, user=user.pk)
    assignment.delete()


@transaction.atomic
def close_account(*, user: User, organisation: Organisation, by: User, at: datetime) -> None:
    """Shut somebody out at once who holds a role here, staff or parent; nothing else is lost.

    Raises ``LastOne`` and ``NotOnlyHere``.
    """
    _only_here(user, organisation)
    if user.roles.filter(role__in=roles_with(Permission.MANAGE_PEOPLE)).exists():
        _leave_somebody(user, organisation)
    close_user(user=user, by=by, at=at, organisation_id=organisation.pk)


@transaction.atomic
def reopen_account(*, user: User, organisation: Organisation, by: User, at: datetime) -> None:
    """Raises ``NotOnlyHere``."""
    _only_here(user, organisation)
    reopen_user(user=user, by=by, at=at, organisation_id=organisation.pk)


def _only_here(user: User, organisation: Organisation) -> None:
    """Asked as the account itself: what it holds elsewhere is hidden from whoever acts."""
    with asking_as(user.pk):
        is_elsewhere = user.roles.exclude(organisation=organisation).exists()
    if is_elsewhere:
        raise NotOnlyHere(f"{user} holds a role outside {organisation}")


def _leave_somebody(user: User, organisation: Organisation) -> None:
    """Somebody else looks after the people here and can sign in; they stay until the end."""
    keepers = (
        RoleAssignment.objects.filter(
            organisation=organisation,
            role__in=roles_with(Permission.MANAGE_PEOPLE),
            user__is_active=True,
        )
        .select_for_update(of=("self", "user"), no_key=True)
        .select_related("user")
        .order_by("pk")
    )
    if all(one.user_id == user.pk for one in keepers):
        raise LastOne


def _still_reads(user: User, organisation: Organisation, *, without: RoleAssignment) -> bool:
    held = RoleAssignment.objects.filter(user=user, organisation=organisation)
    held = held.exclude(pk=without.pk)
    return held.filter(role__in=roles_with(Permission.OPEN_SEALED)).exists()
