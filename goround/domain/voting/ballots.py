"""What can stand on a ballot. Options are numbers; nobody's name is here."""

from __future__ import annotations

from enum import StrEnum

# Options on the list, by number, as the voter gave them. Empty: no choice, which is one too.
Ballot = tuple[int, ...]


class Method(StrEnum):
    CONSENT = "consent"
    CHOICE = "choice"
    RANKED = "ranked"
    APPROVAL = "approval"


# The three answers to a proposal, in the order in which they are counted.
AGREE, CAN_LIVE_WITH_IT, OBJECT = range(3)
CONSENT_ANSWERS = 3

MOST_OPTIONS = 8


class NoBallot(ValueError):
    """What was handed in says nothing that can be counted."""


def ballot_of(method: Method, chosen: Ballot, *, options: int) -> Ballot:
    """The one form in which this choice is put into the box.

    Two people who mean the same hand in the same, so that a ballot shows no handwriting.
    Raises ``NoBallot``.
    """
    on_the_list = all(0 <= number < options for number in chosen)
    if not on_the_list or len(set(chosen)) != len(chosen):
        raise NoBallot(f"a ballot names each of {options} options once at most")
    if method is Method.CONSENT and len(chosen) != 1:
        raise NoBallot("an answer to a proposal is one of three")
    if method is Method.CHOICE and len(chosen) > 1:
        raise NoBallot("one option can be chosen")
    if method is Method.APPROVAL:
        return tuple(sorted(chosen))
    if method is Method.RANKED and len(chosen) == options - 1:
        # Who ranks all but one has ranked them all.
        return (*chosen, *(set(range(options)) - set(chosen)))
    return chosen
