"""How a small group's votes are counted, and how secret they can be."""

from goround.domain.voting.ballots import Ballot, Method, NoBallot, ballot_of
from goround.domain.voting.counting import Count, Outcome, count

__all__ = ["Ballot", "Count", "Method", "NoBallot", "Outcome", "ballot_of", "count"]
