"""A proven, if modest, lower bound on the cost of any answer.

Whatever the groups, a parent is either unplaced, or travels at least to the nearest hour at
which a group with them is possible at all: one with a room and enough chairs, where for some
language and type of theirs enough parents could come and enough facilitators could lead, were
nobody busy elsewhere. Ages, wishes and company only add cost, since no weight is negative.
Summed over parents this bounds every answer.
"""

from __future__ import annotations

from goround.domain.matching.layout import Layout
from goround.domain.matching.markets import usable_hours
from goround.domain.matching.situation import Situation
from goround.domain.matching.tables import MOST_BITS


def lower_bound(layout: Layout) -> float | None:
    """None where something was cut short that the proof needs: hours, languages or types."""
    if is_cut_short(layout):
        return None
    policy, parents = layout.problem.policy, layout.problem.parents
    now, usable = Situation(layout, ()), usable_hours(layout)
    seats = (now.alike >= policy.size_min) & (now.able >= policy.facilitators)
    seats &= usable[:, None, None]
    inside = {place for unit in layout.units for place in unit}
    total = 0.0
    for place, parent in enumerate(parents):
        worst = policy.unplaced_weight * parent.priority
        hours = layout.attend.of(place)
        mine = now.seats(seats, parent, hours).any(axis=(1, 2))
        if place in inside and mine.any():
            nearest = float(layout.attend.km_of(place)[mine].min())
            worst = min(worst, policy.km_weight * nearest)
        total += worst
    # Kilometres are kept in single precision; this covers their rounding.
    return total * (1 - 1e-6)


def is_cut_short(layout: Layout) -> bool:
    """Whether the layout left out hours, languages or types, which a proof would need."""
    return layout.attend.capped or any(
        len(bits.values) >= MOST_BITS for bits in (layout.languages, layout.types)
    )
