"""A group chooses one of its members to lead: found, asked, voted on in secret, and willing.

Nobody becomes a leader without saying yes twice: to standing, and to having been chosen.
"""

from __future__ import annotations

from datetime import date, datetime

from django.db import transaction

from goround.apps.accounts.models import User
from goround.apps.audit import services as audit
from goround.apps.decisions.electorate import (
    held_decision,
    members_now,
    only_if_a_member,
    only_if_they_may_end_it,
)
from goround.apps.decisions.ending import drop_it
from goround.apps.decisions.models import Candidacy, Decision, Mandate
from goround.apps.decisions.opening import (
    TooFewForSecret,
    WrongQuestion,
    begin_voting,
    check_days,
)
from goround.apps.decisions.services.voting import NotOpen
from goround.apps.decisions.terms import LONGEST_TERM, months_after
from goround.apps.decisions.words import Words
from goround.apps.groups.models import Group, Leadership, Membership
from goround.apps.groups.one_writer import hold
from goround.apps.groups.services import end_lead, give_lead
from goround.apps.organisations.roles import Role
from goround.apps.organisations.services import give_role
from goround.domain.voting.ballots import MOST_OPTIONS
from goround.domain.voting.secrecy import FEWEST_SECRET

Status, Kind, Answer = Decision.Status, Decision.Kind, Candidacy.Answer
PART = Leadership.Part.PARENT_LEADER


class OneIsRunning(Exception):
    """The group is choosing already."""


class NobodyStands(Exception):
    """Nobody has said yes to standing."""


class TooManyStand(Exception):
    """More would stand than can be ranked on one ballot."""


class NotChosen(Exception):
    """It is not for this member to answer, or answered already."""


@transaction.atomic
def call_election(
    *,
    group: Group,
    member: Membership,
    naming_until: date,
    closes_on: date,
    months: int,
    instead_of: Leadership | None,
    by: User,
    at: datetime,
) -> Decision:
    """Begin to look for somebody to lead for so many months.

    ``instead_of`` is a leader whose place the group votes on: who is chosen takes it over, and
    choosing nobody ends it. Raises ``OneIsRunning``, ``TooFewForSecret``, ``WrongQuestion``.
    """
    group = hold(group)
    only_if_a_member(member, group)
    today = group.today(at=at)
    check_days(today, closes_on)
    if not (today <= naming_until <= closes_on and 1 <= months <= LONGEST_TERM):
        raise WrongQuestion(f"{group} cannot choose somebody like this")
    if instead_of and (instead_of.group_id != group.pk or instead_of.part != PART):
        raise WrongQuestion(f"{instead_of} is not of {group}")
    if len(members_now(group)) < FEWEST_SECRET:
        raise TooFewForSecret(f"{group} is too small to choose in secret")
    running = Decision.objects.filter(
        group=group, kind=Kind.ELECTION, status__in=[Status.NAMING, Status.OPEN]
    )
    if running.exists():
        raise OneIsRunning(f"{group} is choosing already")
    decision = Decision.objects.create(
        group=group,
        kind=Kind.ELECTION,
        status=Status.NAMING,
        asked_by=member,
        asked_on=today,
        naming_until=naming_until,
        closes_on=closes_on,
    )
    decision.put_words(Words(""))
    decision.save(update_fields=["locked"])
    Mandate.objects.create(decision=decision, months=months, instead_of=instead_of)
    audit.record("election.called", decision, by=by, at=at, group=group.pk)
    return decision


@transaction.atomic
def stand(*, decision: Decision, member: Membership, by: User, at: datetime) -> None:
    """Say yes to standing, asked or not. Raises ``NotOpen``, ``TooManyStand``."""
    held = _naming(decision, member)
    if Candidacy.objects.filter(decision=held, answer=Answer.STANDS).count() >= MOST_OPTIONS - 1:
        raise TooManyStand(f"{held} has no room on its ballot")
    _answer(held, member, Answer.STANDS, by=by, at=at)


@transaction.atomic
def decline(*, decision: Decision, member: Membership, by: User, at: datetime) -> None:
    """Say no, or take back a yes, until the vote begins. Nobody is shown who was asked."""
    _answer(_naming(decision, member), member, Answer.DECLINED, by=by, at=at)


@transaction.atomic
def name(
    *, decision: Decision, member: Membership, named: Membership, by: User, at: datetime
) -> None:
    """Ask another member to stand. Once is enough: who has answered is not asked again.

    Who named whom is kept nowhere, the trail included.
    """
    held = _naming(decision, member)
    only_if_a_member(named, held.group)
    Candidacy.objects.get_or_create(decision=held, membership=named)


@transaction.atomic
def begin_vote(*, decision: Decision, member: Membership, by: User, at: datetime) -> Decision:
    """Let the members choose between those who said yes. Raises ``NobodyStands``."""
    held = held_decision(decision)
    if held.status != Status.NAMING:
        return held
    only_if_they_may_end_it(held, member)
    _begin(held, by=by, at=at)
    return held


@transaction.atomic
def begin_if_due(*, decision: Decision, by: User | None, at: datetime) -> Decision:
    """When everybody had time to be named, the vote begins; where nobody stands, it ends."""
    held = held_decision(decision)
    today = held.group.today(at=at)
    if held.status != Status.NAMING or held.naming_until is None or today <= held.naming_until:
        return held
    try:
        if today > held.closes_on:
            raise NobodyStands(f"the days of {held} are over")
        _begin(held, by=by, at=at)
    except (NobodyStands, TooFewForSecret):
        drop_it(held, by=by, at=at)
    return held


def begin_all_due(*, by: User | None, at: datetime) -> None:
    for decision in list(Decision.objects.filter(status=Status.NAMING)):
        begin_if_due(decision=decision, by=by, at=at)


@transaction.atomic
def accept(*, decision: Decision, member: Membership, by: User, at: datetime) -> Mandate:
    """The one chosen says yes, and leads from today. Saying it twice does no harm.

    Who is chosen again goes on leading. Raises ``NotChosen``.
    """
    held = held_decision(decision)
    mandate = _mandate(held, member)
    if mandate.accepted:
        return mandate
    if mandate.accepted is not None:
        raise NotChosen(f"{mandate} was answered")
    today = held.group.today(at=at)
    mandate.leadership = give_lead(
        group=held.group,
        leader=member,
        part=PART,
        from_on=today,
        by=by,
        at=at,
        chosen_by_group=True,
    )
    mandate.accepted, mandate.until_on = True, months_after(today, mandate.months)
    mandate.save(update_fields=["leadership", "accepted", "until_on"])
    before = mandate.instead_of
    if before and before.pk != mandate.leadership.pk:
        end_lead(leadership=before, on=today, by=by, at=at, by_group=True)
    audit.record("mandate.accepted", mandate, by=by, at=at, group=held.group_id)
    return mandate


@transaction.atomic
def refuse(*, decision: Decision, member: Membership, by: User, at: datetime) -> Mandate:
    """The one chosen says no: everything stays as it was, and the group may choose again."""
    held = held_decision(decision)
    mandate = _mandate(held, member)
    if mandate.accepted:
        raise NotChosen(f"{mandate} was answered")
    if mandate.accepted is None:
        mandate.accepted = False
        mandate.save(update_fields=["accepted"])
        audit.record("mandate.refused", mandate, by=by, at=at, group=held.group_id)
    return mandate


@transaction.atomic
def step_down(*, leadership: Leadership, by: User, at: datetime) -> None:
    """A parent leader stops, of their own will. Raises ``NotChosen`` for somebody else's lead."""
    if leadership.membership is None or leadership.membership.parent.user_id != by.pk:
        raise NotChosen(f"{leadership} is not theirs")
    on = leadership.group.today(at=at)
    end_lead(leadership=leadership, on=on, by=by, at=at, by_group=True)


@transaction.atomic
def open_leaders_pages(*, leadership: Leadership, by: User, at: datetime) -> None:
    """Give a parent leader the pages of whoever leads: attendance and the meeting guide.

    They sign in again after it, and are asked for a second step, like everybody who sees lists.
    """
    member = leadership.membership
    if leadership.to_on is not None or member is None or member.parent.user_id != by.pk:
        raise NotChosen(f"{leadership} is not theirs")
    give_role(
        user=by,
        role=Role.PARENT_LEADER,
        organisation=leadership.group.organisation,
        by=by,
        at=at,
    )


def _naming(decision: Decision, member: Membership) -> Decision:
    held = held_decision(decision)
    only_if_a_member(member, held.group)
    if held.status != Status.NAMING:
        raise NotOpen(f"{held} names nobody any more")
    return held


def _answer(
    decision: Decision, member: Membership, answer: Candidacy.Answer, *, by: User, at: datetime
) -> None:
    candidacy, _new = Candidacy.objects.get_or_create(decision=decision, membership=member)
    if candidacy.answer == answer:
        return
    candidacy.answer = answer
    candidacy.save(update_fields=["answer"])
    audit.record("candidacy.answered", candidacy, by=by, at=at, decision=decision.pk)


def _begin(decision: Decision, *, by: User | None, at: datetime) -> None:
    standing = Candidacy.objects.filter(
        decision=decision, answer=Answer.STANDS, membership__left_on=None
    ).order_by("membership__alias", "membership")
    decision.standing = list(standing.values_list("membership_id", flat=True))
    decision.electorate = members_now(decision.group)
    if not decision.standing:
        raise NobodyStands(f"nobody stands in {decision}")
    if len(decision.electorate) < FEWEST_SECRET:
        raise TooFewForSecret(f"{decision} has {len(decision.electorate)} voters")
    decision.status, decision.opened_on = Status.OPEN, decision.group.today(at=at)
    decision.save(update_fields=["standing", "electorate", "status", "opened_on"])
    begin_voting(decision, by=by, at=at)


def _mandate(decision: Decision, member: Membership) -> Mandate:
    only_if_a_member(member, decision.group)
    mandate = Mandate.objects.filter(decision=decision, chosen=member).first()
    if mandate is None or decision.status != Status.CLOSED:
        raise NotChosen(f"{member} was not chosen in {decision}")
    return mandate
