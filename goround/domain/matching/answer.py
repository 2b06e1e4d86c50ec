"""What the search hands back, and its form for storing."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from goround.domain.matching.problem import Span

REASONS: Final = (
    "no-venue-in-reach",
    "no-venue-meets-needs",
    "no-shared-hour",
    "no-facilitator",
    "too-few-alike",
    "kept-apart",
    "partner-cannot",
    "no-room-left",
)


@dataclass(frozen=True, slots=True)
class FormedGroup:
    """A proposed group. ``locked`` groups are left as they are by the next search."""

    id: str
    venue: str
    slot: Span
    language: str
    type: str
    facilitators: tuple[str, ...]
    members: tuple[str, ...]
    locked: bool = False


@dataclass(frozen=True, slots=True)
class Change:
    """The cheapest change found that would place a parent; ``kind`` says which fields count.

    - ``farther``: ``km`` more to ``venue``
    - ``mode``: ``venue``, if the parent could also meet in the ``wanted`` mode
    - ``features``: ``venue``, if it had what is ``wanted``
    - ``hour``: ``venue``, if it were open at ``slot``
    - ``join``: ``group`` at ``venue`` has a place for whoever is free at ``slot``
    - ``parents``, ``facilitators``, ``room``: ``count`` more for a group in ``language`` and
      ``type`` at ``venue`` and ``slot``
    - ``several``: more than one of these for that group
    - ``apart``, ``partners``: ``people`` kept apart from, or to be placed together with;
      the first few of them, ``count`` says how many there are
    - ``none``: nothing of these kinds was found

    With the first four, ``group`` has an open place; or one in ``language`` and ``type`` could
    be formed at ``slot``. For that one, as with ``several``, ``count`` parents, ``leaders``
    facilitators and, with ``room``, a room are needed besides, where they are not None.
    """

    kind: str
    venue: str | None = None
    slot: Span | None = None
    language: str | None = None
    type: str | None = None
    count: int | None = None
    leaders: int | None = None
    km: float | None = None
    group: str | None = None
    wanted: tuple[str, ...] = ()
    people: tuple[str, ...] = ()
    room: bool = False


@dataclass(frozen=True, slots=True)
class Unplaced:
    """A parent without a group: the first true of ``REASONS`` and what would change it."""

    parent: str
    reason: str
    detail: str
    change: Change | None = None


@dataclass(frozen=True, slots=True)
class Answer:
    """Groups, and everybody else with a reason.

    ``lower_bound`` is a proven bound on the cost of any answer, or None. ``locked_members``
    stay in their group when the search starts from this answer.
    """

    groups: tuple[FormedGroup, ...]
    unplaced: tuple[Unplaced, ...]
    cost: float
    lower_bound: float | None
    seed: int
    seconds: float
    locked_members: frozenset[str] = frozenset()

    @property
    def placed(self) -> int:
        return sum(len(group.members) for group in self.groups)

    def group(self, group_id: str) -> FormedGroup:
        """The group with this id; ``KeyError`` when there is none."""
        for group in self.groups:
            if group.id == group_id:
                return group
        raise KeyError(group_id)

    def group_of(self, parent_id: str) -> FormedGroup | None:
        return next((group for group in self.groups if parent_id in group.members), None)


def next_group_ids(taken: Iterable[str], count: int) -> list[str]:
    """``count`` new ids of the form ``g0001`` that nobody uses yet."""
    used, ids, number = set(taken), list[str](), 0
    while len(ids) < count:
        number += 1
        if (name := f"g{number:04d}") not in used:
            ids.append(name)
    return ids


def to_json(answer: Answer) -> dict[str, Any]:
    """Plain data that ``json.dumps`` takes and ``from_json`` reads back unchanged."""
    return {
        "groups": [_group_to_json(group) for group in answer.groups],
        "unplaced": [_unplaced_to_json(row) for row in answer.unplaced],
        "cost": answer.cost,
        "lower_bound": answer.lower_bound,
        "seed": answer.seed,
        "seconds": answer.seconds,
        "locked_members": sorted(answer.locked_members),
    }


def from_json(data: Mapping[str, Any]) -> Answer:
    return Answer(
        groups=tuple(_group_from_json(row) for row in data["groups"]),
        unplaced=tuple(_unplaced_from_json(row) for row in data["unplaced"]),
        cost=data["cost"],
        lower_bound=data["lower_bound"],
        seed=data["seed"],
        seconds=data["seconds"],
        locked_members=frozenset(data.get("locked_members", ())),
    )


def _group_to_json(group: FormedGroup) -> dict[str, Any]:
    return {
        "id": group.id,
        "venue": group.venue,
        "slot": str(group.slot),
        "language": group.language,
        "type": group.type,
        "facilitators": list(group.facilitators),
        "members": list(group.members),
        "locked": group.locked,
    }


def _group_from_json(row: Mapping[str, Any]) -> FormedGroup:
    return FormedGroup(
        id=row["id"],
        venue=row["venue"],
        slot=Span.parse(row["slot"]),
        language=row["language"],
        type=row["type"],
        facilitators=tuple(row["facilitators"]),
        members=tuple(row["members"]),
        locked=row["locked"],
    )


def _unplaced_to_json(row: Unplaced) -> dict[str, Any]:
    return {
        "parent": row.parent,
        "reason": row.reason,
        "detail": row.detail,
        "change": None if row.change is None else change_to_json(row.change),
    }


def _unplaced_from_json(row: Mapping[str, Any]) -> Unplaced:
    change = row.get("change")
    return Unplaced(
        parent=row["parent"],
        reason=row["reason"],
        detail=row["detail"],
        change=None if change is None else change_from_json(change),
    )


def change_to_json(change: Change) -> dict[str, Any]:
    return {
        "kind": change.kind,
        "venue": change.venue,
        "slot": None if change.slot is None else str(change.slot),
        "language": change.language,
        "type": change.type,
        "count": change.count,
        "leaders": change.leaders,
        "km": change.km,
        "group": change.group,
        "wanted": list(change.wanted),
        "people": list(change.people),
        "room": change.room,
    }


def change_from_json(row: Mapping[str, Any]) -> Change:
    return Change(
        kind=row["kind"],
        venue=row["venue"],
        slot=None if row["slot"] is None else Span.parse(row["slot"]),
        language=row["language"],
        type=row["type"],
        count=row["count"],
        leaders=row.get("leaders"),
        km=row["km"],
        group=row["group"],
        wanted=tuple(row["wanted"]),
        people=tuple(row["people"]),
        room=row.get("room", False),
    )
