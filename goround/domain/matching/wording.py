"""What would change it, as an English sentence for the command line's files.

Pages word and translate the ``Change`` themselves.
"""

from __future__ import annotations

from goround.domain.matching.answer import Change
from goround.domain.matching.cost import by_id
from goround.domain.matching.problem import ANY_TYPE, Parent, Problem


def sentence(problem: Problem, parent: Parent, change: Change) -> str:
    """Always a sentence, whatever the change."""
    venue = by_id(problem)[1].get(change.venue or "")
    place = (change.venue or "") if venue is None else venue.name
    worded = _WORDINGS.get(change.kind)
    if worded is None:
        return _NONE
    said = worded(parent, change, place)
    return f"{said} {_besides(change)}" if _is_short(change) else said


_NONE = "No single change was found that would place this parent."


def _farther(parent: Parent, change: Change, place: str) -> str:
    km = change.km or 0.0
    far = f"{max(km, 0.05):.1f} km more than the {parent.max_km:g} km said"
    if change.group is not None:
        return f"Group {change.group} at {place}, {change.slot}, has a place; it is {far}."
    return f"{place} would be in reach with {far}."


def _mode(parent: Parent, change: Change, place: str) -> str:
    del parent
    return f"{place} would do if the parent could also meet {' or '.join(change.wanted)}."


def _features(parent: Parent, change: Change, place: str) -> str:
    del parent
    return f"{place} would do if it had: {', '.join(change.wanted)}."


def _hour(parent: Parent, change: Change, place: str) -> str:
    del parent
    return f"{place} would do if it were open {change.slot}."


def _facilitators(parent: Parent, change: Change, place: str) -> str:
    del parent
    who = "One more facilitator" if change.count == 1 else f"{change.count} more facilitators"
    return (
        f"{who} speaking {change.language}{_for_type(change, ' and leading')}, "
        f"free {change.slot}, would make a group at {place}."
    )


def _parents(parent: Parent, change: Change, place: str) -> str:
    del parent
    who = "One more parent" if change.count == 1 else f"{change.count} more parents"
    return (
        f"{who} speaking {change.language}{_for_type(change, ' and looking for')}, "
        f"free {change.slot}, would make a group at {place}."
    )


def _for_type(change: Change, words: str) -> str:
    return "" if change.type in {None, ANY_TYPE} else f"{words} {change.type}"


def _several(parent: Parent, change: Change, place: str) -> str:
    del parent
    return f"A group at {place}, {change.slot}, needs {_needed(change)}."


def _is_short(change: Change) -> bool:
    """Whether, beside what the parent or the venue would have to change, a group lacks more."""
    single = change.kind in {"farther", "mode", "features", "hour"}
    return single and bool(change.count or change.leaders or change.room)


def _besides(change: Change) -> str:
    return f"A group there, {change.slot}, would then still need {_needed(change)}."


def _needed(change: Change) -> str:
    """Such as "2 parents and 1 facilitator more speaking es, for teen, and another room"."""
    wanted = [
        _number(change.count or 0, "parent", "parents"),
        _number(change.leaders or 0, "facilitator", "facilitators"),
    ]
    who = " and ".join(words for words in wanted if words)
    people = f"{who} more speaking {change.language}{_for_type(change, ', for')}" if who else ""
    room = "another room" if change.room else ""
    return ", and ".join(words for words in (people, room) if words)


def _number(count: int, one: str, more: str) -> str:
    return "" if count == 0 else f"{count} {one if count == 1 else more}"


def _room(parent: Parent, change: Change, place: str) -> str:
    del parent
    return f"One more room at {place}, {change.slot}, would make a group."


def _apart(parent: Parent, change: Change, place: str) -> str:
    del parent, place
    return f"The groups that would do need somebody who is kept apart: {_some(change)}."


def _partners(parent: Parent, change: Change, place: str) -> str:
    del parent, place
    return f"Could be placed without, or if they could come: {_some(change)}."


def _some(change: Change) -> str:
    count = len(change.people) if change.count is None else change.count
    named = ", ".join(change.people[:5])
    return named if count <= 5 else f"{named} and {count - 5} more"


def _join(parent: Parent, change: Change, place: str) -> str:
    del parent
    return f"Group {change.group} at {place} has a place for whoever is free {change.slot}."


_WORDINGS = {
    "farther": _farther,
    "mode": _mode,
    "features": _features,
    "hour": _hour,
    "facilitators": _facilitators,
    "parents": _parents,
    "room": _room,
    "several": _several,
    "apart": _apart,
    "partners": _partners,
    "join": _join,
}
