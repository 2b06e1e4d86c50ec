"""A decision in the words of its page: what can be chosen, how it ended."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from goround.apps.decisions.models import Decision
from goround.apps.decisions.selectors.votes import Ballot
from goround.apps.reader.words import enumerated, listed
from goround.domain.voting.counting import Count, Outcome
from goround.domain.voting.secrecy import Secrecy

Words = str | Promise
Kind, Status = Decision.Kind, Decision.Status


@dataclass(frozen=True, slots=True)
class KindShown:
    """One way of deciding, as a member chooses between them."""

    kind: Decision.Kind
    name: Words
    says: Words


KINDS = (
    KindShown(
        Kind.CONSENT,
        gettext_lazy("A proposal"),
        gettext_lazy("Does anything speak against it? It is agreed when nobody objects."),
    ),
    KindShown(
        Kind.SIMPLE,
        gettext_lazy("A simple vote"),
        gettext_lazy("Each of you chooses one. What most choose wins."),
    ),
    KindShown(
        Kind.RANKED,
        gettext_lazy("A ranked choice"),
        gettext_lazy("Each of you says what comes first, second and third. No vote is wasted."),
    ),
    KindShown(
        Kind.TIME,
        gettext_lazy("Finding a time"),
        gettext_lazy("Each of you ticks every time that suits. The one that suits most wins."),
    ),
)


@dataclass(frozen=True, slots=True)
class Line:
    """One option in the result. ``of`` is the number of ballots."""

    label: str
    count: int
    of: int
    won: bool
    names: str = ""


@dataclass(frozen=True, slots=True)
class RoundShown:
    number: int
    lines: tuple[tuple[str, int], ...]
    out: str
    as_few: str


def labels(ballot: Ballot) -> list[str]:
    """What can be chosen, by number."""
    decision = ballot.decision
    if decision.kind == Kind.ELECTION:
        people = [ballot.people.get(pk, "—") for pk in decision.standing]
        return [*people, _("Nobody for now")]
    return list(map(str, decision.labels()))


def question(ballot: Ballot) -> str:
    if ballot.decision.kind == Kind.ELECTION:
        return _("Who shall lead with us?")
    return ballot.words.question


def lines_of(ballot: Ballot) -> list[Line]:
    """The counts, and in an open vote who is behind each."""
    count, named = ballot.count, labels(ballot)
    if count is None:
        return []
    is_decided = count.outcome is Outcome.DECIDED
    return [
        Line(
            label,
            votes,
            count.ballots,
            is_decided and number in count.winners,
            _names(ballot, number),
        )
        for number, (label, votes) in enumerate(zip(named, count.counts, strict=True))
    ]


def so_far(ballot: Ballot) -> list[tuple[str, str]]:
    """Of an open vote that goes on: what each said, by alias."""
    named = labels(ballot)
    nothing = _("none of these")
    return [
        (alias, enumerated(named[option] for option in choice) or nothing)
        for alias, choice in ballot.voices
    ]


def rounds_of(ballot: Ballot) -> list[RoundShown]:
    count, named = ballot.count, labels(ballot)
    return [
        RoundShown(
            number,
            tuple((named[option], votes) for option, votes in each.counts),
            "" if each.out is None else named[each.out],
            enumerated(named[option] for option in each.as_few) if len(each.as_few) > 1 else "",
        )
        for number, each in enumerate(count.rounds if count else (), start=1)
    ]


def outcome(ballot: Ballot) -> str:
    """How it ended, in a sentence."""
    if ballot.decision.status == Status.DROPPED:
        return _("It ended without a count. Too few had voted, or it was taken back.")
    count = ballot.count
    return _announced(count, ballot) if count else ""


def _announced(count: Count, ballot: Ballot) -> str:
    named = labels(ballot)
    won = enumerated(named[option] for option in count.winners)
    if ballot.decision.kind == Kind.CONSENT:
        if count.outcome is Outcome.DECIDED:
            return _("Agreed: nobody objects.")
        return _("Not agreed. Talk about it again; perhaps a small change helps.")
    match count.outcome:
        case Outcome.DECIDED:
            return _("Decided: %(won)s.") % {"won": won}
        case Outcome.TIE:
            return _("A tie between %(won)s. Talk about it, and ask again.") % {"won": won}
        case _:
            return _("Nobody chose anything. Nothing is decided.")


def secrecy_in_words(ballot: Ballot) -> str:
    """How secret the vote is among so many, plainly."""
    if ballot.secrecy is Secrecy.FAIR:
        return _("Your vote is secret. Only the counts are ever shown.")
    words = ngettext(
        "Only %(n)s of you can vote. Nobody can look into the box, but among so few people guess. "
        "If all vote alike, everybody knows what each one said.",
        "Only %(n)s of you can vote. Nobody can look into the box, but among so few people guess. "
        "If all vote alike, everybody knows what each one said.",
        ballot.voters,
    )
    return words % {"n": ballot.voters}


def _names(ballot: Ballot, option: int) -> str:
    return listed(alias for alias, choice in ballot.voices if option in choice)
