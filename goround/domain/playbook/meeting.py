"""How one meeting goes, part by part, with soft times."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from goround.domain.playbook.schema import MeetingPart, PartKind, Playbook

PLAIN = (
    MeetingPart("opening", "Welcome", 10),
    MeetingPart("check-in", "Check-in round", 25, PartKind.GO_ROUND),
    MeetingPart("topic", "Topic of the day", 40, PartKind.TOPIC),
    MeetingPart("closing", "Closing round", 15, PartKind.GO_ROUND),
)
"""For a playbook that says nothing about how its meetings go."""


@dataclass(frozen=True, slots=True)
class Planned:
    """One part of a meeting, and how many minutes after the beginning it begins."""

    part: MeetingPart
    from_minute: int


def guide(playbook: Playbook, *, session: int, minutes: int) -> tuple[Planned, ...]:
    """The parts of the group's ``session``-th meeting, which lasts ``minutes``.

    The first one is the introduction, where the playbook sets time aside for it, and keeps its
    own times. Any other meeting stretches or shortens its parts alike, to whole minutes.
    """
    if session == 1 and playbook.introduction:
        return _planned(playbook.introduction)
    return ordinary_guide(playbook, minutes=minutes)


def ordinary_guide(playbook: Playbook, *, minutes: int) -> tuple[Planned, ...]:
    return _planned(_stretched(playbook.format or PLAIN, minutes))


def _stretched(parts: Sequence[MeetingPart], minutes: int) -> list[MeetingPart]:
    """The same parts in ``minutes`` together; a part keeps at least one."""
    total = sum(part.minutes for part in parts)
    passed, ends = 0, []
    for part in parts:
        passed += part.minutes
        ends.append(round(minutes * passed / total))
    begins = [0, *ends[:-1]]
    return [
        replace(part, minutes=max(1, end - begin))
        for part, begin, end in zip(parts, begins, ends, strict=True)
    ]


def _planned(parts: Sequence[MeetingPart]) -> tuple[Planned, ...]:
    planned, minute = [], 0
    for part in parts:
        planned.append(Planned(part, minute))
        minute += part.minutes
    return tuple(planned)
