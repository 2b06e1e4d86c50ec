"""Decisions of a group, for those who belong to it. Nobody else finds any."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import QuerySet

from goround.apps.decisions.boxes import who_voted
from goround.apps.decisions.electorate import leads, votes_needed
from goround.apps.decisions.models import Decision, Voice
from goround.apps.decisions.stored import from_plain
from goround.apps.decisions.words import Words
from goround.apps.groups.models import Group, Membership
from goround.apps.groups.selectors import belongs_to, own_membership
from goround.apps.organisations.selectors import Viewer
from goround.domain.voting.counting import Count
from goround.domain.voting.secrecy import Secrecy, secrecy_among

Status = Decision.Status


@dataclass(frozen=True, slots=True)
class Ballot:
    """A decision as one member sees it. ``voted`` and ``voters`` are numbers, never of whom."""

    decision: Decision
    words: Words
    # Names of people by membership; empty but for an election.
    people: Mapping[int, str]
    voters: int
    voted: int
    needed: int
    may_vote: bool
    has_voted: bool
    may_end: bool
    takes_votes: bool
    is_over: bool
    # Of an open vote: what was chosen, and under which alias; so far, or once it is counted.
    voices: Sequence[tuple[str, tuple[int, ...]]]
    own_choice: tuple[int, ...]

    @property
    def count(self) -> Count | None:
        return from_plain(self.decision.result) if self.decision.result else None

    @property
    def secrecy(self) -> Secrecy:
        return secrecy_among(self.voters)


@dataclass(frozen=True, slots=True)
class VotersHere:
    """How many members could vote now, and how many of them cannot sign in yet."""

    members: int
    without_account: int


def voters_here(viewer: Viewer, group: Group) -> VotersHere:
    """For a member of the group; nobody else is told anything."""
    members = Membership.objects.filter(group__in=belongs_to(viewer, group.pk), left_on=None)
    accounts = [m.parent.user for m in members.select_related("parent__user")]
    can = sum(account is not None and account.has_signed_up() for account in accounts)
    return VotersHere(len(accounts), len(accounts) - can)


def member_here(viewer: Viewer, group_id: int) -> Membership | None:
    """The viewer as a member of this group, or None."""
    return own_membership(viewer, group_id)


def decisions_of(viewer: Viewer, group_id: int) -> QuerySet[Decision]:
    """The group's decisions, the latest first, for who belongs to it."""
    return (
        Decision.objects.filter(group__in=belongs_to(viewer, group_id))
        .select_related("group__organisation", "group__programme", "box", "asked_by", "mandate")
        .order_by("-pk")
    )


def open_decisions(viewer: Viewer, group_id: int) -> QuerySet[Decision]:
    """Those that wait for votes, for people, or to be counted."""
    return decisions_of(viewer, group_id).filter(status__in=[Status.OPEN, Status.NAMING])


def ballots_for(viewer: Viewer, decisions: Iterable[Decision], *, at: datetime) -> list[Ballot]:
    """Decisions of one group that a selector found for this viewer, as they see them.

    Four queries, however many decisions.
    """
    found = list(decisions)
    member = member_here(viewer, found[0].group_id) if found else None
    if member is None:
        return []
    facts = _Facts(
        member,
        is_leader=leads(member),
        people=_people(found),
        voices=_voices(found),
        today=member.group.today(at=at),
    )
    return [facts.ballot(decision) for decision in found]


def ballot_for(viewer: Viewer, decision: Decision, *, at: datetime) -> Ballot | None:
    """One decision that a selector found for this viewer, as they see it."""
    return next(iter(ballots_for(viewer, [decision], at=at)), None)


def waiting_for_me(viewer: Viewer, group_id: int, *, at: datetime) -> int:
    """How many open votes of the group wait for the viewer's own."""
    ballots = ballots_for(viewer, open_decisions(viewer, group_id), at=at)
    return sum(one.may_vote and one.takes_votes and not one.has_voted for one in ballots)


Said = tuple[int, str, tuple[int, ...]]


@dataclass(frozen=True, slots=True)
class _Facts:
    """What is read once for all decisions of a page."""

    member: Membership
    is_leader: bool
    people: Mapping[int, str]
    voices: Mapping[int, Sequence[Said]]
    today: date

    def ballot(self, decision: Decision) -> Ballot:
        voices, me = self.voices.get(decision.pk, ()), self.member.pk
        voters = self._voters(decision, voices)
        return Ballot(
            decision=decision,
            words=decision.words,
            people=self.people,
            voters=len(decision.electorate),
            voted=len(voters),
            needed=votes_needed(decision),
            may_vote=me in decision.electorate,
            has_voted=me in voters,
            may_end=self.is_leader or decision.asked_by_id == me,
            takes_votes=decision.takes_votes(on=self.today),
            is_over=decision.is_over(on=self.today),
            voices=[(alias, choice) for _pk, alias, choice in voices],
            own_choice=next((choice for pk, _alias, choice in voices if pk == me), ()),
        )

    def _voters(self, decision: Decision, voices: Sequence[Said]) -> list[int]:
        if decision.status != Status.OPEN:
            return []
        return who_voted(decision.box) if decision.is_secret else [pk for pk, *_ in voices]


def _voices(decisions: Iterable[Decision]) -> dict[int, list[Said]]:
    openly = [decision.pk for decision in decisions if not decision.is_secret]
    found = Voice.objects.filter(decision__in=openly).order_by("membership__alias", "pk")
    told: dict[int, list[Said]] = {}
    for of, pk, alias, choice in found.values_list(
        "decision_id", "membership_id", "membership__alias", "choice"
    ):
        told.setdefault(of, []).append((pk, alias, tuple(choice)))
    return told


def _people(decisions: Iterable[Decision]) -> dict[int, str]:
    """Aliases of all who stand, or stood, by membership."""
    standing = {pk for decision in decisions for pk in decision.standing}
    return dict(Membership.objects.filter(pk__in=standing).values_list("pk", "alias"))
