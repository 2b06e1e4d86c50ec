"""A parent's own account: opened by an invitation, opened again by a code from a meeting."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from goround.apps.accounts.models import User, WayIn
from goround.apps.accounts.services import invite_user
from goround.apps.accounts.ways_in import make_way_in
from goround.apps.audit import services as audit
from goround.apps.organisations.roles import Role
from goround.apps.organisations.services import give_role
from goround.apps.people.models import Parent


class HasAccount(Exception):
    """The parent has signed up already; a code from a meeting lets them in again."""


class NoAccount(Exception):
    """The parent has not signed up, so there is nothing to let them into."""


@transaction.atomic
def invite_parent(*, parent: Parent, by: User, at: datetime) -> str:
    """The words with which this parent makes their account. Earlier ones are void.

    Raises ``HasAccount`` and ``AccountClosed``.
    """
    parent = Parent.objects.select_for_update(of=("self",), no_key=True).get(pk=parent.pk)
    if parent.user is None:
        parent.user = invite_user(by=by, at=at)
        parent.save(update_fields=["user"])
        give_role(
            user=parent.user, role=Role.PARENT, organisation=parent.organisation, by=by, at=at
        )
    elif parent.user.has_signed_up():
        raise HasAccount(f"{parent} has signed up")
    audit.record("parent.invited", parent, by=by, at=at)
    return make_way_in(user=parent.user, kind=WayIn.Kind.SIGN_UP, by=by, at=at)


@transaction.atomic
def give_code(*, parent: Parent, by: User, at: datetime) -> str:
    """Four words that let this parent choose a new passphrase within 20 minutes.

    They are told of it when they next sign in. Raises ``NoAccount``, ``TooManyCodes``
    and ``AccountClosed``.
    """
    if parent.user is None or not parent.user.has_signed_up():
        raise NoAccount(f"{parent} has no account")
    audit.record("parent.code_given", parent, by=by, at=at)
    return make_way_in(user=parent.user, kind=WayIn.Kind.CODE, by=by, at=at)
