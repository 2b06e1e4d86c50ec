"""What the demo's groups of today own: what they agreed, what they want to talk about."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from goround.apps.accounts.models import User
from goround.apps.agenda.models import Promise
from goround.apps.agenda.own_services import (
    add_step,
    answer_promise,
    make_promise,
    set_goal,
    share_goal,
    tick_steps,
)
from goround.apps.agenda.services import choose_topic, propose_topic, set_want
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
        _talk(member, others.order_by("pk")[0], at=at)
        _try(member, others.order_by("pk")[0], at=at)


def _agree(member: Membership, others: Sequence[Membership], *, at: datetime) -> None:
    """An agreement that somebody else added to since the visitor's own yes."""
    second, by, other = others[0], _user_of(member), account_of(others[0], at=at)
    start = starting_text(playbook_of(member.group.programme))
    version = write_version(membership=second, text=start, based_on=0, by=other, at=at - 5 * WEEK)
    affirm(version=version, membership=member, by=by, at=at - 5 * WEEK)
    version = write_version(
        membership=second, text=start + OURS, based_on=1, by=other, at=at - WEEK
    )
    for each in others[1:3]:
        affirm_aloud(version=version, speaker=each, noted_by=member, by=by, at=at - WEEK)


def _talk(member: Membership, other: Membership, *, at: datetime) -> None:
    """A list of topics: one chosen and carried over, some signed, one not."""
    by, author = _user_of(member), account_of(other, at=at)
    carried, *others = (
        propose_topic(membership=who, text=text, is_signed=is_signed, by=whose, at=when)
        for who, whose, text, is_signed, when in (
            (other, author, "Getting everybody out of the door in the morning", True, at - WEEK),
            (member, by, "Bedtime, and what works with two of different ages", True, at),
            (other, author, "When grandparents see it another way", True, at),
            (other, author, "I lose my temper and feel bad about it", False, at),
        )
    )
    choose_topic(topic=carried, membership=other, by=author, at=at - WEEK)
    for topic in others[1:]:
        set_want(topic=topic, membership=member, is_wanted=True, by=by, at=at)


def _try(member: Membership, other: Membership, *, at: datetime) -> None:
    """What both will try this week, a goal with steps, and one that was shared."""
    by, whose = _user_of(member), account_of(other, at=at)
    made = at - timedelta(days=3)
    make_promise(membership=member, text="Put the telephone away at dinner", by=by, at=made - WEEK)
    answer_promise(membership=member, outcome=Promise.Outcome.TRIED, by=by, at=made)
    make_promise(membership=member, text="Ten minutes of play before dinner", by=by, at=made)
    make_promise(membership=other, text="Count to ten before I answer", by=whose, at=made)
    goal = set_goal(membership=member, text="Find a swimming course for both", by=by, at=made)
    for text in ("Ask at the pool", "Ask the others who wants to come along"):
        add_step(goal=goal, text=text, by=by, at=made)
    tick_steps(goal=goal, done=frozenset({0}), by=by, at=made)
    shared = set_goal(membership=other, text="Finish my evening course", by=whose, at=made)
    share_goal(goal=shared, is_shared=True, by=whose, at=made)


def account_of(member: Membership, *, at: datetime) -> User:
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
