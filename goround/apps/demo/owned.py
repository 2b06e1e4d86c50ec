"""What the demo's groups of today own: what they agreed, what they want to talk about."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from goround.apps.accounts.models import User
from goround.apps.agreements.services import affirm, affirm_aloud, write_version
from goround.apps.groups.models import Membership
from goround.apps.organisations.playbooks import playbook_of
from goround.domain.playbook.beginning import starting_text

WEEK = timedelta(weeks=1)
OURS = """

Our evenings. Whoever comes late is welcome, without a word. Telephones are on silent, but they \
may ring when a child is ill."""


def load_owned(people: Mapping[str, User], *, at: datetime) -> None:
    """Fill the rooms of the groups to which somebody of the cast belongs as a parent."""
    for handle in ("parent", "co-leader"):
        member = Membership.objects.select_related("parent__user", "group__programme").get(
            parent__user=people[handle]
        )
        others = member.group.memberships.exclude(pk=member.pk).select_related("parent", "group")
        _agree(member, list(others.order_by("pk")), at=at)


def _agree(member: Membership, others: Sequence[Membership], *, at: datetime) -> None:
    """An agreement that somebody else added to since the visitor's own yes."""
    second, by, other = others[0], _user_of(member), _account_of(others[0], at=at)
    start = starting_text(playbook_of(member.group.programme))
    version = write_version(membership=second, text=start, based_on=0, by=other, at=at - 5 * WEEK)
    affirm(version=version, membership=member, by=by, at=at - 5 * WEEK)
    version = write_version(
        membership=second, text=start + OURS, based_on=1, by=other, at=at - WEEK
    )
    for each in others[1:3]:
        affirm_aloud(version=version, speaker=each, noted_by=member, by=by, at=at - WEEK)


def _account_of(member: Membership, *, at: datetime) -> User:
    """An account for somebody whom no visitor plays, so that they can have acted."""
    parent = member.parent
    if parent.user is None:
        account = User(
            handle=f"demo-{parent.pk}",
            shown_as=parent.alias,
            created_at=at,
            is_demo=True,
            is_active=False,
        )
        account.set_unusable_password()
        account.save()
        parent.user = account
        parent.save(update_fields=["user"])
    return _user_of(member)


def _user_of(member: Membership) -> User:
    if member.parent.user is None:
        raise ValueError(f"{member} has no account")
    return member.parent.user
