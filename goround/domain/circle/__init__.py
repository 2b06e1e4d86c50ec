"""The go-round: everyone is heard, one at a time. docs/go-round.md tells the rules."""

from goround.domain.circle.facts import Circle, Seat, Turn, Way

__all__ = ["Circle", "Seat", "Turn", "Way"]
