"""What a member writes for themselves: what they will try, and their goals.

Nothing of it is in the trail but that it happened.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from django.db import transaction

from goround.apps.accounts.models import User
from goround.apps.agenda.models import Goal, GoalWords, Promise, Step
from goround.apps.agenda.own_words import lock_words, open_words
from goround.apps.audit import services as audit
from goround.apps.groups.membership import check_membership
from goround.apps.groups.models import Membership
from goround.apps.groups.one_writer import hold
from goround.apps.people.models import Parent

LONGEST_PROMISE, LONGEST_GOAL, LONGEST_STEP = 200, 300, 120
MOST_GOALS, MOST_STEPS = 12, 12
Outcome = Promise.Outcome


class TooManyGoals(Exception):
    """Some goals must be done or let go of first."""


class TooManySteps(Exception):
    """The goal has as many steps as it can have."""


@transaction.atomic
def make_promise(*, membership: Membership, text: str, by: User, at: datetime) -> Promise:
    """Say what one will try. One at a time: what was promised before and never answered is left.

    Raises ``NotAMember`` and ``GroupEnded``.
    """
    _hold_own(membership, by)
    before = Promise.objects.filter(membership=membership, outcome=Outcome.OPEN).first()
    if before:
        before.membership = membership
        if open_words([before]).get(before.pk) == text:
            return before
        before.outcome = Outcome.LEFT
        before.save(update_fields=["outcome"])
    promise = Promise.objects.create(membership=membership, made_at=at)
    lock_words(promise, text)
    promise.save(update_fields=["locked", "data_key"])
    audit.record("promise.made", promise, by=by, at=at)
    return promise


@transaction.atomic
def answer_promise(
    *, membership: Membership, outcome: Promise.Outcome, by: User, at: datetime
) -> None:
    """Say how it went, to oneself. Where nothing is open nothing happens."""
    _hold_own(membership, by)
    open_one = Promise.objects.filter(membership=membership, outcome=Outcome.OPEN).first()
    if open_one and outcome != Outcome.OPEN:
        open_one.outcome = outcome
        open_one.save(update_fields=["outcome"])
        audit.record("promise.answered", open_one, by=by, at=at)


@transaction.atomic
def set_goal(*, membership: Membership, text: str, by: User, at: datetime) -> Goal:
    """Write down a goal, for oneself alone. Raises ``TooManyGoals``."""
    _hold_own(membership, by)
    goals = list(Goal.objects.filter(membership=membership, done_on=None))
    for goal in goals:
        goal.membership = membership
    there = open_words(goals)
    for goal in goals:
        if goal.pk in there and GoalWords.from_text(there[goal.pk]).text == text:
            return goal
    if len(goals) >= MOST_GOALS:
        raise TooManyGoals(f"{len(goals)} goals")
    goal = Goal.objects.create(membership=membership, set_on=membership.group.today(at=at))
    _keep(goal, GoalWords(text))
    audit.record("goal.set", goal, by=by, at=at)
    return goal


@transaction.atomic
def share_goal(*, goal: Goal, is_shared: bool, by: User, at: datetime) -> None:
    """Let the group read it, or no longer."""
    held = _hold(goal, by)
    if held.is_shared != is_shared:
        held.is_shared = is_shared
        held.save(update_fields=["is_shared"])
        audit.record("goal.shared" if is_shared else "goal.kept_private", held, by=by, at=at)


@transaction.atomic
def add_step(*, goal: Goal, text: str, by: User, at: datetime) -> None:
    """Write a step behind the others; the same words twice are one. Raises ``TooManySteps``."""
    held = _hold(goal, by)
    words = _words(held)
    if text in {step.text for step in words.steps}:
        return
    if len(words.steps) >= MOST_STEPS:
        raise TooManySteps(f"{len(words.steps)} steps")
    _keep(held, replace(words, steps=(*words.steps, Step(text))))
    audit.record("goal.changed", held, by=by, at=at)


@transaction.atomic
def tick_steps(*, goal: Goal, done: frozenset[int], by: User, at: datetime) -> None:
    """Make these steps, counted from 0, the ones that are done."""
    held = _hold(goal, by)
    words = _words(held)
    steps = tuple(replace(step, is_done=n in done) for n, step in enumerate(words.steps))
    if steps != words.steps:
        _keep(held, replace(words, steps=steps))
        audit.record("goal.changed", held, by=by, at=at)


@transaction.atomic
def set_goal_done(*, goal: Goal, is_done: bool, by: User, at: datetime) -> None:
    held = _hold(goal, by)
    if (held.done_on is not None) != is_done:
        held.done_on = held.membership.group.today(at=at) if is_done else None
        held.save(update_fields=["done_on"])
        audit.record("goal.done" if is_done else "goal.taken_up_again", held, by=by, at=at)


@transaction.atomic
def let_goal_go(*, goal: Goal, by: User, at: datetime) -> None:
    """Delete it, for good."""
    held = _hold(goal, by)
    audit.record("goal.let_go", held, by=by, at=at)
    held.delete()


def _hold_own(membership: Membership, by: User) -> None:
    """One writer at a time: of the group, and of the parent, who may get their first key."""
    check_membership(membership, by)
    hold(membership.group)
    Parent.objects.select_for_update(of=("self",), no_key=True).get(pk=membership.parent_id)


def _hold(goal: Goal, by: User) -> Goal:
    held = (
        Goal.objects.select_for_update(of=("self",), no_key=True)
        .select_related("membership__parent", "membership__group")
        .get(pk=goal.pk)
    )
    check_membership(held.membership, by)
    return held


def _words(goal: Goal) -> GoalWords:
    return GoalWords.from_text(open_words([goal])[goal.pk])


def _keep(goal: Goal, words: GoalWords) -> None:
    lock_words(goal, words.as_text())
    goal.save(update_fields=["locked", "data_key"])
