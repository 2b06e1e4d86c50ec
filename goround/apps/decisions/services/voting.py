"""A decision from the question to what is announced.

Opening and closing go into the audit trail. Casting a vote does not: an entry would say who
voted when, and two of them beside two backups who voted what.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta

from django.db import transaction

from goround.apps.accounts.models import User
from goround.apps.decisions import boxes
from goround.apps.decisions.electorate import (
    all_have_voted,
    enough_have_voted,
    held_decision,
    members_now,
    only_if_a_member,
    only_if_they_may_end_it,
)
from goround.apps.decisions.ending import count_it, drop_it
from goround.apps.decisions.models import Decision, Voice
from goround.apps.decisions.opening import (
    TooFewForSecret,
    WrongQuestion,
    begin_voting,
    check_days,
)
from goround.apps.decisions.words import Words
from goround.apps.groups.models import Group, Membership
from goround.apps.groups.one_writer import hold
from goround.domain.voting.ballots import MOST_OPTIONS, Ballot, ballot_of
from goround.domain.voting.secrecy import FEWEST_SECRET

Status, Kind = Decision.Status, Decision.Kind


class NotOpen(Exception):
    """The vote is not open, not open any more, or not for this member."""


class NotEnoughYet(Exception):
    """Fewer have voted than must, before it can be counted."""


@transaction.atomic
def open_vote(
    *,
    group: Group,
    member: Membership,
    kind: Decision.Kind,
    words: Words,
    is_secret: bool,
    closes_on: date,
    by: User,
    at: datetime,
) -> Decision:
    """Ask the group. Who belongs to it at this moment may vote, secretly or not: that is fixed.

    Raises ``TooFewForSecret``, ``WrongQuestion``, ``NotAMember``.
    """
    group = hold(group)
    only_if_a_member(member, group)
    today, electorate = group.today(at=at), members_now(group)
    _check_words(kind, words)
    check_days(today, closes_on)
    if is_secret and len(electorate) < FEWEST_SECRET:
        raise TooFewForSecret(f"{group} has {len(electorate)} members")
    decision = Decision.objects.create(
        group=group,
        kind=kind,
        status=Status.OPEN,
        is_secret=is_secret or kind not in Decision.CAN_BE_OPEN,
        asked_by=member,
        asked_on=today,
        opened_on=today,
        closes_on=closes_on,
        electorate=electorate,
    )
    decision.put_words(words)
    decision.save(update_fields=["locked"])
    begin_voting(decision, by=by, at=at)
    return decision


@transaction.atomic
def cast(
    *, decision: Decision, member: Membership, chosen: Ballot, by: User, at: datetime
) -> Decision:
    """Hand in one member's vote. When all have voted it is counted at once.

    An open vote can be changed until it is counted, a secret one cannot: the box holds no
    names, so nobody could find the first one. Raises ``NotOpen``, ``HasVoted``, ``NoBallot``.
    """
    held = held_decision(decision)
    may = member.pk in held.electorate and member.left_on is None
    if not may or not held.takes_votes(on=held.group.today(at=at)):
        raise NotOpen(f"{held} takes no vote of {member}")
    ballot = ballot_of(held.method, chosen, options=held.options())
    if held.is_secret:
        boxes.put_in(held, ballot, voter=member.pk)
    else:
        Voice.objects.update_or_create(
            decision=held, membership=member, defaults={"choice": list(ballot)}
        )
    if all_have_voted(held):
        # Nobody did this: whoever was last is not to stand in the trail for it.
        count_it(held, by=None, at=at)
    return held


@transaction.atomic
def close(*, decision: Decision, member: Membership, by: User, at: datetime) -> Decision:
    """Count before all have voted: whoever asked, or a parent leader, when enough have.

    Closing twice does no harm. Raises ``NotEnoughYet``, ``NotAllowedToEnd``.
    """
    held = held_decision(decision)
    if held.status != Status.OPEN:
        return held
    only_if_they_may_end_it(held, member)
    if not enough_have_voted(held):
        raise NotEnoughYet(f"{held} cannot be counted yet")
    count_it(held, by=by, at=at)
    return held


@transaction.atomic
def drop(*, decision: Decision, member: Membership, by: User, at: datetime) -> Decision:
    """End it without counting: every vote is destroyed unread. Raises ``NotAllowedToEnd``."""
    held = held_decision(decision)
    if held.status not in {Status.OPEN, Status.NAMING}:
        return held
    only_if_they_may_end_it(held, member)
    drop_it(held, by=by, at=at)
    return held


@transaction.atomic
def end_if_over(*, decision: Decision, by: User | None, at: datetime) -> Decision:
    """Count a vote whose day has gone by; where too few voted, destroy it unread."""
    held = held_decision(decision)
    if held.is_over(on=held.group.today(at=at)):
        end = count_it if enough_have_voted(held) else drop_it
        end(held, by=by, at=at)
    return held


def end_all_over(*, by: User | None, at: datetime) -> int:
    """Every vote whose day has gone by, each by itself; how many there were."""
    somewhere = (at + timedelta(days=1)).date()
    over = list(Decision.objects.filter(status=Status.OPEN, closes_on__lt=somewhere))
    ended = [end_if_over(decision=each, by=by, at=at) for each in over]
    return sum(each.status != Status.OPEN for each in ended)


def _check_words(kind: Decision.Kind, words: Words) -> None:
    many = 0 if kind == Kind.CONSENT else len(words.options)
    fits = many == 0 if kind == Kind.CONSENT else 2 <= many <= MOST_OPTIONS
    wrong = [
        kind == Kind.ELECTION,
        not words.question.strip(),
        not fits,
        len({option.casefold() for option in words.options}) != len(words.options),
    ]
    if any(wrong):
        raise WrongQuestion(f"a vote of kind {kind} cannot have {many} options")
