"""A proven, if modest, lower bound on the cost of any answer.

Whatever the groups, a parent is either unplaced, or travels at least to the nearest hour
that suits them alone. Ages, wishes and company only add cost, since no weight is negative.
An hour counts only if enough facilitators could lead it and the room is large enough: both
are needed for any group there. Summed over parents this bounds every answer.
"""

from __future__ import annotations

import numpy as np

from goround.domain.matching.layout import Layout
from goround.domain.matching.people import most_members


def lower_bound(layout: Layout) -> float | None:
    """None when the hours kept per parent were cut short, for then nearness is unknown."""
    if layout.attend.capped:
        return None
    problem, policy = layout.problem, layout.problem.policy
    usable = _usable_hours(layout)
    inside = {place for unit in layout.units for place in unit}
    total = 0.0
    for place, parent in enumerate(problem.parents):
        worst = policy.unplaced_weight * parent.priority
        hours = layout.attend.of(place)
        mine = usable[hours] if place in inside else np.zeros(0, np.bool_)
        km = layout.attend.km_of(place)[mine] if mine.any() else None
        total += worst if km is None else min(worst, policy.km_weight * float(km.min()))
    return total * (1 - 1e-6)


def _usable_hours(layout: Layout) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
    """Hours with a room, enough chairs, enough parents and enough facilitators."""
    problem, policy, hours = layout.problem, layout.problem.policy, layout.hours
    led = np.bincount(layout.lead.hour, minlength=len(hours))
    come = np.bincount(layout.attend.hour, minlength=len(hours))
    venues = [problem.venues[place] for place in hours.venue]
    chairs = np.array([most_members(policy, venue) for venue in venues], np.int64)
    rooms = np.array([venue.rooms for venue in venues], np.int64)
    usable = (chairs >= policy.size_min) & (rooms > 0) & (come >= policy.size_min)
    return usable & (led >= policy.facilitators)
