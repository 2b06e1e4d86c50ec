"""Members of a group with accounts, and what the group owns."""

from __future__ import annotations

from datetime import date
from typing import Any

from goround.apps.accounts.models import User
from goround.apps.agenda.models import Goal, Promise, Topic
from goround.apps.agenda.own_services import make_promise, set_goal, share_goal
from goround.apps.agenda.services import propose_topic
from goround.apps.agreements.models import AgreementVersion
from goround.apps.agreements.services import write_version
from goround.apps.groups.models import Group, Membership
from goround.apps.organisations.roles import Role
from tests.make import NOON, make_membership, make_parent, make_user


def make_member(group: Group, alias: str, **fields: Any) -> Membership:
    """A parent with an account who belongs to the group."""
    user = make_user(role=Role.PARENT, organisation=group.organisation, shown_as=alias)
    parent = make_parent(group.organisation, alias=alias, user=user)
    return make_membership(group, parent, **{"joined_on": date(2026, 3, 2)} | fields)


def account_of(membership: Membership) -> User:
    user = membership.parent.user
    assert user is not None
    return user


def make_version(
    membership: Membership, text: str = "We listen.", *, based_on: int = 0, at: Any = NOON
) -> AgreementVersion:
    return write_version(
        membership=membership, text=text, based_on=based_on, by=account_of(membership), at=at
    )


def make_topic(membership: Membership, text: str = "Bedtime", *, is_signed: bool = True) -> Topic:
    return propose_topic(
        membership=membership, text=text, is_signed=is_signed, by=account_of(membership), at=NOON
    )


def make_own_promise(
    membership: Membership, text: str = "Read a story", *, at: Any = NOON
) -> Promise:
    return make_promise(membership=membership, text=text, by=account_of(membership), at=at)


def make_goal(
    membership: Membership, text: str = "Find a school", *, is_shared: bool = False
) -> Goal:
    by = account_of(membership)
    goal = set_goal(membership=membership, text=text, by=by, at=NOON)
    if is_shared:
        share_goal(goal=goal, is_shared=True, by=by, at=NOON)
    return Goal.objects.select_related("membership__parent").get(pk=goal.pk)
