"""Small work that never ends, such as sending what waits: the worker takes it turn by turn."""

from __future__ import annotations

from collections.abc import Callable

from goround.apps.walls.places import working_for_all

# Does some of it, given the worker's name; whether there was anything to do.
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
    with working_for_all():
        did = [turn(worker) for turn in _turns.values()]
    return any(did)
