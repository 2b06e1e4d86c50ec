"""Putting a ballot into a box that is opened once, when it is counted.

What is in the table says nothing of an order: two sorted lists, each as long as the list of all
who may vote, under locks that are written anew with every vote.
"""

from __future__ import annotations

import json
from collections.abc import Iterable

from goround.apps.decisions.models import Box, Decision
from goround.apps.keys.content import lock_text, unlock_text
from goround.domain.voting.ballots import Ballot

BALLOTS, VOTERS = "locked_ballots", "locked_voters"


class HasVoted(Exception):
    """There is a ballot of this member in the box already."""


def set_up(decision: Decision) -> Box:
    """An empty box, as long as it will ever be."""
    box = Box.objects.create(decision=decision)
    _write(box, decision, [], [])
    return box


def put_in(decision: Decision, ballot: Ballot, *, voter: int) -> int:
    """Put a member's ballot in; how many are in now. The caller holds the group.

    Raises ``HasVoted``: nobody finds out which ballot it would be, so none can be exchanged.
    """
    box = Box.objects.select_for_update(no_key=True).get(decision=decision)
    voters = who_voted(box)
    if voter in voters:
        raise HasVoted(f"a member has voted in {decision}")
    _write(box, decision, [*ballots_in(box), ballot], [*voters, voter])
    return len(voters) + 1


def who_voted(box: Box) -> list[int]:
    """Ids of the memberships that have voted, in the order of their numbers."""
    told: list[int] = json.loads(_open(box, VOTERS))
    return told


def ballots_in(box: Box) -> list[Ballot]:
    return [tuple(ballot) for ballot in json.loads(_open(box, BALLOTS))]


def _write(box: Box, decision: Decision, ballots: Iterable[Ballot], voters: Iterable[int]) -> None:
    voting = len(decision.electorate)
    a_ballot = len(_compact(list(range(decision.options())))) + 1
    a_voter = max((len(str(number)) for number in decision.electorate), default=0) + 1
    _lock(box, BALLOTS, _compact(sorted(ballots)), 2 + voting * a_ballot)
    _lock(box, VOTERS, _compact(sorted(voters)), 2 + voting * a_voter)
    box.save(update_fields=[BALLOTS, VOTERS])


def _compact(value: object) -> str:
    return json.dumps(value, separators=(",", ":"))


def _lock(box: Box, column: str, text: str, length: int) -> None:
    if len(text) > length:
        raise ValueError(f"{box} would tell by its length how full it is")
    locked = lock_text(
        text.ljust(length),
        organisation_id=box.organisation_id,
        table="decisions_box",
        column=column,
        row=box.pk,
    )
    setattr(box, column, locked)


def _open(box: Box, column: str) -> str:
    return unlock_text(
        getattr(box, column),
        organisation_id=box.organisation_id,
        table="decisions_box",
        column=column,
        row=box.pk,
    )
