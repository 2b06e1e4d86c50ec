"""The end of a vote: it is counted and the ballots are gone, or they are gone unread.

The caller holds the group.
"""

from __future__ import annotations

from datetime import datetime

from goround.apps.accounts.models import User
from goround.apps.audit import services as audit
from goround.apps.decisions.boxes import ballots_in
from goround.apps.decisions.models import Box, Candidacy, Decision, Mandate, Voice
from goround.apps.decisions.stored import to_plain
from goround.apps.groups.models import Membership
from goround.apps.groups.services import end_lead
from goround.domain.voting.ballots import Ballot
from goround.domain.voting.counting import Count, Outcome, count


def count_it(decision: Decision, *, by: User | None, at: datetime) -> None:
    """Announce the counts. Of a secret vote nothing else stays; voices of an open one do."""
    counted = count(decision.method, _ballots(decision), options=decision.options())
    decision.result = to_plain(counted)
    _end(decision, Decision.Status.CLOSED, at)
    audit.record(
        "decision.closed",
        decision,
        by=by,
        at=at,
        group=decision.group_id,
        outcome=str(counted.outcome),
        votes=counted.ballots,
    )
    if decision.kind == Decision.Kind.ELECTION:
        _give_mandate(decision, counted, by=by, at=at)


def drop_it(decision: Decision, *, by: User | None, at: datetime) -> None:
    _end(decision, Decision.Status.DROPPED, at)
    Voice.objects.filter(decision=decision).delete()
    audit.record("decision.dropped", decision, by=by, at=at, group=decision.group_id)


def _end(decision: Decision, status: Decision.Status, at: datetime) -> None:
    decision.status, decision.ended_on = status, decision.group.today(at=at)
    decision.save(update_fields=["status", "ended_on", "result"])
    Box.objects.filter(decision=decision).delete()
    # Who was asked and said no is nobody's business any more.
    Candidacy.objects.filter(decision=decision).delete()


def _ballots(decision: Decision) -> list[Ballot]:
    if decision.is_secret:
        return ballots_in(decision.box)
    voices = Voice.objects.filter(decision=decision).order_by("membership")
    return [tuple(choice) for choice in voices.values_list("choice", flat=True)]


def _give_mandate(decision: Decision, counted: Count, *, by: User | None, at: datetime) -> None:
    """To the one chosen, to say yes or no to; nobody chosen ends the lead that was voted on."""
    if counted.outcome is not Outcome.DECIDED:
        return
    mandate = Mandate.objects.get(decision=decision)
    (winner,) = counted.winners
    if winner < len(decision.standing):
        chosen = Membership.objects.filter(pk=decision.standing[winner], left_on=None)
        mandate.chosen = chosen.first()
        mandate.save(update_fields=["chosen"])
    elif mandate.instead_of and mandate.instead_of.to_on is None:
        on = decision.group.today(at=at)
        end_lead(leadership=mandate.instead_of, on=on, by=by, at=at, by_group=True)
