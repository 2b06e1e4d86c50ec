"""Small work that never ends, such as sending what waits: the worker takes it turn by turn."""

from __future__ import annotations

from collections.abc import Callable

# Given the worker's name: opens what it needs by itself and does some; whether there was any.
Turn = Callable[[str], bool]
_turns: dict[str, Turn] = {}


def takes_turns(name: str) -> Callable[[Turn], Turn]:
    """Register work that every worker does a little of whenever it looks for jobs."""

    def register(turn: Turn) -> Turn:
        _turns[name] = turn
        return turn

    return register


def take_turns(worker: str) -> bool:
    """One turn of each; whether any of them found something to do."""
    did = [turn(worker) for turn in _turns.values()]
    return any(did)
