"""Better multipliers from a pool of groups, by the volume algorithm."""

from __future__ import annotations

import math
from typing import Any

from goround.domain.matching.kernels.pricing import lead_cost, price_duties
from goround.domain.matching.relaxed import (
    A_BEST,
    A_DUTY_ROW,
    A_ROOM,
    A_ROOM_ROW,
    A_ROOMS,
    A_ROW,
    G_FIRST,
    G_HOUR_FIRST,
    G_MARKET_OF,
    G_MARKETS,
    G_MEMBER,
    G_USED,
    HUGE,
    LEADERS,
    N_HOURS,
    N_ROWS,
    N_UNITS,
    X_CENTRE,
    X_LEAD,
    X_LEFT,
    X_LOSS,
    X_MEAN,
    X_MOST,
    X_PRICE,
    X_ROOM_BEST,
    X_ROOM_PRICE,
    X_SCALE,
    X_SPREAD,
    X_STEP,
)

_SHRINK_AFTER = 15
_SHRINK = 0.7
_GROW = 1.1
_LONGEST = 1.0
_NEWEST = 0.1


def climb(  # noqa: PLR0917
    t: Any,
    x: Any,
    g: Any,
    costs: Any,
    reduced: Any,
    order: Any,
    steps: int,
    target: float,
    part: float,
) -> float:
    """That many steps from the prices there are; leaves the best ones and gives their value.

    ``target`` is a value that cannot be passed, ``part`` how much of each new direction counts.
    A step goes part of the way to the target; that part is kept for the next time, grows with
    success and shrinks without. ``reduced`` gets every group's reduced cost (of those that are
    not worth it even for nothing, without facilitators); ``order`` is room to sort them.
    """
    price, centre = t[X_PRICE], t[X_CENTRE]
    rows, best, bad = t[N_ROWS], -HUGE, 0
    for number in range(steps):
        value = relax(t, x, g, costs, reduced, order)
        scale(t, x)
        blend(t, x, part if number > 0 else 1.0)
        if value > best:
            best, bad = value, 0
            if number > 0:
                x[t[X_STEP]] = min(_LONGEST, x[t[X_STEP]] * _GROW)
            for row in range(rows):
                x[centre + row] = x[price + row]
            for hour in range(t[N_HOURS]):
                x[t[X_ROOM_BEST] + hour] = x[t[X_ROOM_PRICE] + hour]
        else:
            bad += 1
            if bad >= _SHRINK_AFTER:
                x[t[X_STEP]] *= _SHRINK
                bad = 0
        if number + 1 < steps and not move(t, x, x[t[X_STEP]] * (target - value)):
            break
    for row in range(rows):
        x[price + row] = x[centre + row]
    relax(t, x, g, costs, reduced, order)
    return best


def scale(t: Any, x: Any) -> None:
    """Measure each row by how much of it was left over or missing lately, root mean square.

    Someone whom a hundred groups want at once says little more than someone whom two want, and
    must not drown out the others.
    """
    spread, left = t[X_SPREAD], t[X_LEFT]
    for row in range(t[N_ROWS]):
        change = x[left + row] * x[left + row] - x[spread + row]
        x[spread + row] += _NEWEST * change
        x[t[X_SCALE] + row] = 1.0 / math.sqrt(max(1.0, x[spread + row]))


def blend(t: Any, x: Any, most: float) -> None:
    """Let what is left over count in the mean so that the mean becomes shortest, at most so
    much and at least a tenth of that.
    """
    mean, left, scaled = t[X_MEAN], t[X_LEFT], t[X_SCALE]
    old, both, part = 0.0, 0.0, most
    for row in range(t[N_ROWS]):
        if not is_stuck(t, x, row, x[left + row]):
            change = x[left + row] - x[mean + row]
            old -= change * x[mean + row] * x[scaled + row]
            both += change * change * x[scaled + row]
    if both > 0.0 and most < 1.0:
        part = min(most, max(0.1 * most, old / both))
    for row in range(t[N_ROWS]):
        x[mean + row] += part * (x[left + row] - x[mean + row])


def is_stuck(t: Any, x: Any, row: int, pull: float) -> bool:
    """Whether the row's best price is at its end already in that direction."""
    if row < t[N_UNITS]:
        return pull > 0.0 and x[t[X_CENTRE] + row] >= x[t[X_LOSS] + row]
    return pull < 0.0 and x[t[X_CENTRE] + row] <= 0.0


def move(t: Any, x: Any, length: float) -> bool:
    """Along the mean direction from the best prices; False when it leads nowhere."""
    price, centre, mean, scaled = t[X_PRICE], t[X_CENTRE], t[X_MEAN], t[X_SCALE]
    units, rows, norm = t[N_UNITS], t[N_ROWS], 0.0
    for row in range(rows):
        if not is_stuck(t, x, row, x[mean + row]):
            norm += x[mean + row] * x[mean + row] * x[scaled + row]
    if norm < 1e-12 or length <= 0.0:
        return False
    for row in range(rows):
        value = x[centre + row] + length / norm * x[mean + row] * x[scaled + row]
        if row < units:
            x[price + row] = min(x[t[X_LOSS] + row], value)
        else:
            x[price + row] = max(0.0, value)
    return True


def relax(  # noqa: PLR0917
    t: Any, x: Any, g: Any, costs: Any, reduced: Any, order: Any
) -> float:
    """The value of the prices among the groups of the pool, and what each row has left.

    At each hour the groups of least reduced cost are chosen, as many as there are rooms.
    """
    price, left, units = t[X_PRICE], t[X_LEFT], t[N_UNITS]
    total = 0.0
    for row in range(t[N_ROWS]):
        if row < units:
            total += x[price + row]
            x[left + row] = 1.0
        else:
            total -= x[price + row] * x[t[X_MOST] + row]
            x[left + row] = -x[t[X_MOST] + row]
    price_duties(t, x)
    for place in range(g[G_MARKETS]):
        x[t[X_LEAD] + g[g[G_USED] + place]] = -1.0  # not asked for yet
    for hour in range(t[N_HOURS]):
        x[t[X_ROOM_PRICE] + hour] = 0.0
        if g[g[G_HOUR_FIRST] + hour] < g[g[G_HOUR_FIRST] + hour + 1]:
            total += choose(t, x, g, costs, reduced, order, hour)
    return total


def choose(  # noqa: PLR0917
    t: Any, x: Any, g: Any, costs: Any, reduced: Any, order: Any, hour: int
) -> float:
    """The best groups of the pool at the hour, at most one for each room."""
    rooms, price, lead, first = t[t[A_ROOMS] + hour], t[X_PRICE], t[X_LEAD], g[G_FIRST]
    member, market_of = g[G_MEMBER], g[G_MARKET_OF]
    fixed, found = 0.0, 0
    for row in range(t[t[A_ROOM_ROW] + hour], t[t[A_ROOM_ROW] + hour + 1]):
        fixed += x[price + t[t[A_ROOM] + row]]
    for column in range(g[g[G_HOUR_FIRST] + hour], g[g[G_HOUR_FIRST] + hour + 1]):
        value = costs[column] + fixed
        for at in range(g[first + column], g[first + column + 1]):
            value -= x[price + g[member + at]]
        if value < 0.0:
            market = g[market_of + column]
            if x[lead + market] < 0.0:
                x[lead + market] = lead_cost(t, x, market)
            value += x[lead + market]
        reduced[column] = value
        if value < 0.0:
            order[found] = column
            found += 1
    sort(order, reduced, found)
    total = 0.0
    for place in range(min(found, rooms)):
        total += reduced[order[place]]
        use(t, x, g, order[place], hour)
    if found >= rooms:
        x[t[X_ROOM_PRICE] + hour] = -reduced[order[rooms - 1]]
    return total


def sort(order: Any, value: Any, count: int) -> None:
    """The first ``count`` places by value, equal ones by number (Shell's sort, Knuth's gaps)."""
    gap = 1
    while 3 * gap + 1 < count:
        gap = 3 * gap + 1
    while gap > 0:
        for place in range(gap, count):
            one, at = order[place], place
            while at >= gap and is_before(one, order[at - gap], value):
                order[at] = order[at - gap]
                at -= gap
            order[at] = one
        gap //= 3


def is_before(one: int, other: int, value: Any) -> bool:
    return value[one] < value[other] or (value[one] == value[other] and one < other)


def use(t: Any, x: Any, g: Any, column: int, hour: int) -> None:
    """Take what a chosen group needs."""
    left = t[X_LEFT]
    for at in range(g[g[G_FIRST] + column], g[g[G_FIRST] + column + 1]):
        x[left + g[g[G_MEMBER] + at]] -= 1.0
    for row in range(t[t[A_ROOM_ROW] + hour], t[t[A_ROOM_ROW] + hour + 1]):
        x[left + t[t[A_ROOM] + row]] += 1.0
    best = t[A_BEST] + g[g[G_MARKET_OF] + column] * t[LEADERS]
    for place in range(t[LEADERS]):
        duty = t[best + place]
        for row in range(t[t[A_DUTY_ROW] + duty], t[t[A_DUTY_ROW] + duty + 1]):
            x[left + t[t[A_ROW] + row]] += 1.0
