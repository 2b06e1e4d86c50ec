"""What tests of decisions need beside ``tests.make``."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from goround.apps.accounts.models import User
from goround.apps.decisions.models import Box, Candidacy, CheckIn, Decision, Mandate, Voice
from goround.apps.decisions.services.voting import cast, open_vote
from goround.apps.decisions.words import Words
from goround.apps.groups.models import Group, Leadership, Membership
from goround.apps.organisations.roles import Role
from tests.make import NOON, make_group, make_membership, make_parent, make_programme, make_user

Kind, Status = Decision.Kind, Decision.Status


@dataclass(frozen=True)
class Room:
    """A group whose members can all sign in."""

    group: Group
    members: list[Membership]

    def user(self, number: int) -> User:
        user = self.members[number].parent.user
        assert user is not None
        return user

    def ask(
        self,
        kind: Decision.Kind = Kind.SIMPLE,
        *options: str,
        question: str = "Where do we go in June?",
        is_secret: bool = True,
        days: int = 7,
        **more: Any,
    ) -> Decision:
        """A vote that the first member opened."""
        if kind != Kind.CONSENT:
            options = options or ("The zoo", "The lake", "The park")
        return open_vote(
            group=self.group,
            member=self.members[0],
            kind=kind,
            words=Words(question, "", options),
            is_secret=is_secret,
            closes_on=self.group.today(at=NOON) + timedelta(days=days),
            **{"by": self.user(0), "at": NOON} | more,
        )

    def vote(self, decision: Decision, votes: dict[int, tuple[int, ...]]) -> Decision:
        """These members, by number, hand in their ballots in this order."""
        for number, chosen in votes.items():
            cast(
                decision=decision,
                member=self.members[number],
                chosen=chosen,
                by=self.user(number),
                at=NOON,
            )
        decision.refresh_from_db()
        return decision


def make_room(
    members: int = 5,
    *,
    playbook: str = "families-make-the-difference",
    beside: Group | None = None,
    **fields: Any,
) -> Room:
    """A group with members who have accounts; ``beside`` another of the same programme."""
    programme = beside.programme if beside else make_programme(playbook_key=playbook)
    group = make_group(programme, **fields)
    joined = [
        make_membership(
            group,
            make_parent(
                group.organisation,
                user=make_user(role=Role.PARENT, organisation=group.organisation),
            ),
            alias=f"Member {number}",
        )
        for number in range(members)
    ]
    return Room(group, joined)


def make_decisions(group: Group, canary: str) -> None:
    """One of each row that hangs on a group's decisions, its words with the canary."""
    member = group.memberships.order_by("pk")[0]
    proposal = _decision(group, Kind.CONSENT, f"{canary} question", is_secret=False)
    Voice.objects.create(decision=proposal, membership=member, choice=[0])
    Box.objects.create(decision=_decision(group, Kind.SIMPLE, f"{canary} secret question"))
    election = _decision(group, Kind.ELECTION, f"{canary} election", status=Status.NAMING)
    Candidacy.objects.create(decision=election, membership=member)
    lead = Leadership.objects.create(
        group=group,
        membership=member,
        part=Leadership.Part.PARENT_LEADER,
        from_on=NOON.date(),
    )
    Mandate.objects.create(decision=election, months=6, leadership=lead)
    check_in = CheckIn.objects.create(leadership=lead, on=NOON.date())
    check_in.put_help(f"{canary} help")
    check_in.save()


def _decision(
    group: Group,
    kind: Decision.Kind,
    question: str,
    *,
    status: Decision.Status = Status.OPEN,
    is_secret: bool = True,
) -> Decision:
    decision = Decision.objects.create(
        group=group,
        kind=kind,
        status=status,
        is_secret=is_secret,
        asked_on=NOON.date(),
        opened_on=None if status == Status.NAMING else NOON.date(),
        closes_on=NOON.date() + timedelta(days=36_500),
    )
    decision.put_words(Words(question, f"{question} note", (f"{question} 1", f"{question} 2")))
    decision.save()
    return decision
