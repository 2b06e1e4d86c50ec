"""The groups that are worth most at given prices, market by market, and none forgotten.

At a market a group is a set of units and an age window. With the window fixed, the cheapest
team is made of the units who cost least after their price; the window is swept from each
lowest age upwards.

Some functions take more arguments than is nice: a record of them would cost more to compile.
"""

from __future__ import annotations

from typing import Any

from goround.domain.matching.relaxed import (
    A_ABLE,
    A_BEST,
    A_CHAIN,
    A_CHAIRS,
    A_DUTY,
    A_DUTY_ROW,
    A_ENTRY,
    A_FOUND,
    A_HEAD,
    A_HOUR,
    A_KEY,
    A_MARKET,
    A_MARKET_KEY,
    A_NEXT,
    A_ROOM,
    A_ROOM_ROW,
    A_ROOMS,
    A_ROW,
    A_SIZE,
    A_SOME,
    A_TAKEN,
    A_TOP,
    A_TOPS,
    A_UNDO,
    A_UNIT,
    C_COUNT,
    C_KEY,
    C_MARKET,
    C_UNIT,
    HUGE,
    LEADERS,
    MOST_UNDONE,
    N_AGES,
    N_DUTIES,
    N_HOURS,
    NO_CHILD,
    NOTHING,
    SIZE_MAX_,
    SIZE_MIN_,
    X_BEST,
    X_COST,
    X_DUTY,
    X_FOUND,
    X_HIGH,
    X_LEAST,
    X_LOW,
    X_PRICE,
    X_RANK,
    X_RATIO,
    X_ROOM_PRICE,
    X_SOME,
    X_TOP,
    X_UNDO,
    X_WINDOW,
)


def price_duties(t: Any, x: Any) -> None:
    """What each facilitator's time costs at each slot, at the prices of their rows."""
    for duty in range(t[N_DUTIES]):
        value = 0.0
        for row in range(t[t[A_DUTY_ROW] + duty], t[t[A_DUTY_ROW] + duty + 1]):
            value += x[t[X_PRICE] + t[t[A_ROW] + row]]
        x[t[X_DUTY] + duty] = value


def lead_cost(t: Any, x: Any, market: int) -> float:
    """The cheapest facilitators for a group at the market, at their rows' prices."""
    want, found, total = t[LEADERS], 0, 0.0
    price, best, rank = t[X_DUTY], t[A_BEST] + market * t[LEADERS], t[X_RANK]
    if want == 0:
        return 0.0
    duties = t[A_DUTY]
    for at in range(t[t[A_ABLE] + market], t[t[A_ABLE] + market + 1]):
        duty = t[duties + at]
        value = x[price + duty]
        if found < want or value < x[rank + want - 1]:
            place = found if found < want else want - 1
            while place > 0 and x[rank + place - 1] > value:
                x[rank + place] = x[rank + place - 1]
                t[best + place] = t[best + place - 1]
                place -= 1
            x[rank + place] = value
            t[best + place] = duty
            if found < want:
                found += 1
            if found == want and x[rank + want - 1] <= 0.0:
                break  # no price is below nothing
    for place in range(want):
        total += x[rank + place]
    return total


def gather(t: Any, x: Any, market: int) -> float:
    """The market's units by what a seat for them costs; gives the least that any team costs
    were there no ages. ``HUGE`` if they cannot fill a group.
    """
    begin, end = t[t[A_ENTRY] + market], t[t[A_ENTRY] + market + 1]
    count = end - begin
    some, ratio, cost = t[A_SOME], t[X_RATIO], t[X_SOME]
    for place in range(count):
        unit = t[t[A_UNIT] + begin + place]
        value = x[t[X_COST] + begin + place] - x[t[X_PRICE] + unit]
        t[some + place] = unit
        x[cost + place] = value
        x[ratio + place] = value / t[t[A_SIZE] + unit]
    sort_some(t, x, count)
    taken, total = 0, 0.0
    most = t[t[A_CHAIRS] + t[t[A_HOUR] + market]]
    for place in range(count):
        if taken >= most or (x[ratio + place] >= 0.0 and taken >= t[SIZE_MIN_]):
            break
        seats = min(t[t[A_SIZE] + t[some + place]], most - taken)
        if x[ratio + place] >= 0.0:
            seats = min(seats, t[SIZE_MIN_] - taken)
        total += seats * x[ratio + place]
        taken += seats
    return total if taken >= t[SIZE_MIN_] else HUGE


def sort_some(t: Any, x: Any, count: int) -> None:
    """Shell's sort, which needs no room of its own."""
    some, ratio, cost = t[A_SOME], t[X_RATIO], t[X_SOME]
    gap = 1
    while gap < count // 3:
        gap = 3 * gap + 1
    while gap > 0:
        for place in range(gap, count):
            unit, key, value = t[some + place], x[ratio + place], x[cost + place]
            at = place
            while at >= gap and x[ratio + at - gap] > key:
                t[some + at] = t[some + at - gap]
                x[ratio + at] = x[ratio + at - gap]
                x[cost + at] = x[cost + at - gap]
                at -= gap
            t[some + at] = unit
            x[ratio + at] = key
            x[cost + at] = value
        gap //= 3


def sweep(t: Any, x: Any, market: int, fixed: float, least: float) -> float:
    """The least reduced cost of a group at the market; the best team for each lowest age.

    ``fixed`` is what any group there costs, ``least`` what ``gather`` found.
    """
    ages, best = t[N_AGES], HUGE
    count = t[t[A_ENTRY] + market + 1] - t[t[A_ENTRY] + market]
    chairs = t[t[A_CHAIRS] + t[t[A_HOUR] + market]]
    for low in range(ages):
        x[t[X_FOUND] + low] = HUGE
        if chain(t, low, count) or low == 0:
            best = min(best, widen(t, x, low, chairs, fixed, least))
    return best


def chain(t: Any, low: int, count: int) -> bool:
    """Chain units by the age up to which a window from ``low`` must reach for them.

    False when nobody has a child of the lowest age itself.
    """
    ages, begins = t[N_AGES], False
    head, following, some = t[A_HEAD], t[A_CHAIN], t[A_SOME]
    for age in range(ages):
        t[head + age] = -1
    for place in range(count - 1, -1, -1):
        age = t[t[A_NEXT] + t[some + place] * ages + low]
        if age == NO_CHILD:
            t[following + place] = t[head + low]
            t[head + low] = place
        elif age < ages:
            begins = begins or age == low
            t[following + place] = t[head + age]
            t[head + age] = place
    return begins


def widen(t: Any, x: Any, low: int, chairs: int, fixed: float, least: float) -> float:  # noqa: PLR0917
    """The best team for a window from ``low`` to any age."""
    for size in range(chairs + 1):
        t[t[A_TOPS] + size] = 0
    best = HUGE
    for high in range(low, t[N_AGES]):
        years = max(0.0, x[t[X_LOW] + high] - x[t[X_HIGH] + low])
        per_head = x[t[X_WINDOW]] * years
        if least + fixed + per_head * t[SIZE_MIN_] >= min(best, -NOTHING):
            break
        if not let_in(t, x, high, chairs):
            continue
        combine(t, x, chairs)
        for seats in range(t[SIZE_MIN_], chairs + 1):
            value = x[t[X_BEST] + seats] + per_head * seats + fixed
            if value < best:
                best = value
                keep_team(t, x, low, seats, chairs, value)
    return best


def let_in(t: Any, x: Any, age: int, chairs: int) -> bool:
    """Units who join the window at this age, if they are among the cheapest of their size."""
    changed = False
    place = t[t[A_HEAD] + age]
    while place >= 0:
        unit = t[t[A_SOME] + place]
        size = t[t[A_SIZE] + unit]
        if size <= chairs:
            most, held = chairs // size, t[t[A_TOPS] + size]
            row, value = size * (chairs + 1), x[t[X_SOME] + place]
            units, costs = t[A_TOP] + row, t[X_TOP] + row
            if held < most or value < x[costs + held - 1]:
                at = held if held < most else most - 1
                while at > 0 and x[costs + at - 1] > value:
                    x[costs + at] = x[costs + at - 1]
                    t[units + at] = t[units + at - 1]
                    at -= 1
                x[costs + at] = value
                t[units + at] = unit
                if held < most:
                    t[t[A_TOPS] + size] = held + 1
                changed = True
        place = t[t[A_CHAIN] + place]
    return changed


def combine(t: Any, x: Any, chairs: int) -> None:
    """The cheapest team for each number of chairs, from the cheapest units of each size."""
    best = t[X_BEST]
    x[best] = 0.0
    for seats in range(1, chairs + 1):
        x[best + seats] = HUGE
    for size in range(1, chairs + 1):
        held = t[t[A_TOPS] + size]
        if held == 0:
            continue
        taken, costs = t[A_TAKEN] + size * (chairs + 1), t[X_TOP] + size * (chairs + 1)
        for seats in range(chairs, size - 1, -1):
            t[taken + seats] = 0
            total = 0.0
            for number in range(1, min(held, seats // size) + 1):
                total += x[costs + number - 1]
                value = x[best + seats - number * size] + total
                if value < x[best + seats]:
                    x[best + seats] = value
                    t[taken + seats] = number


def keep_team(t: Any, x: Any, low: int, seats: int, chairs: int, value: float) -> None:  # noqa: PLR0917
    """Write down who the team is that ``combine`` found for so many seats."""
    found = t[A_FOUND] + low * (t[SIZE_MAX_] + 1)
    count = 0
    for size in range(chairs, 0, -1):
        if seats >= size and t[t[A_TOPS] + size] > 0:
            row = size * (chairs + 1)
            number = t[t[A_TAKEN] + row + seats]
            for rank in range(number):
                count += 1
                t[found + count] = t[t[A_TOP] + row + rank]
            seats -= number * size
    t[found] = count
    x[t[X_FOUND] + low] = value


def hand_out(  # noqa: PLR0917
    t: Any, x: Any, market: int, fixed: float, most: float, out: Any, costs: Any, count: int
) -> int:
    """Add the teams found with a reduced cost of at most ``most``; gives the new count."""
    last = -1
    width = C_UNIT + t[SIZE_MAX_]
    for low in range(t[N_AGES]):
        value = x[t[X_FOUND] + low]
        if value > most or value > -NOTHING or count >= len(costs):
            continue
        found = t[A_FOUND] + low * (t[SIZE_MAX_] + 1)
        key, cost = t[t[A_MARKET_KEY] + market], value - fixed
        for place in range(t[found]):
            unit = t[found + 1 + place]
            key += t[t[A_KEY] + unit]
            cost += x[t[X_PRICE] + unit]
            out[count * width + C_UNIT + place] = unit
        if key == last:
            continue
        last = key
        out[count * width + C_MARKET] = market
        out[count * width + C_KEY] = key
        out[count * width + C_COUNT] = t[found]
        costs[count] = cost
        count += 1
    return count


def price(t: Any, x: Any, out: Any, costs: Any, at: Any) -> None:
    """Find groups with a negative reduced cost and change prices until there are none.

    Goes on at hour ``at[0]`` until ``out`` is half full, and says there how far it came and in
    ``at[1]`` how many groups it found. Prices of units fall, those of rooms rise, whichever
    costs the bound less; afterwards no group of these hours has a negative reduced cost.
    """
    count = 0
    hour = at[0]
    price_duties(t, x)
    while hour < t[N_HOURS] and 2 * count <= len(costs):
        first = t[t[A_MARKET] + hour]
        end = t[t[A_MARKET] + hour + 1]
        fixed = x[t[X_ROOM_PRICE] + hour]
        for row in range(t[t[A_ROOM_ROW] + hour], t[t[A_ROOM_ROW] + hour + 1]):
            fixed += x[t[X_PRICE] + t[t[A_ROOM] + row]]
        least = 0.0
        for market in range(first, end):
            dues = fixed + lead_cost(t, x, market)
            value = gather(t, x, market)
            if value + dues < -NOTHING:
                value = sweep(t, x, market, dues, value)
                count = hand_out(t, x, market, dues, 0.5 * value, out, costs, count)
                least = min(least, value)
            else:
                value = 0.0
            x[t[X_LEAST] + market] = value
        if least < -NOTHING:
            rooms = t[t[A_ROOMS] + hour]
            if rooms > 1:
                count = lower(t, x, hour, fixed, -least * rooms, out, costs, count)
            if rooms == 1 or count < 0:
                x[t[X_ROOM_PRICE] + hour] -= least
                count = -1 - count if count < 0 else count
        hour += 1
    at[0] = hour
    at[1] = count


def lower(  # noqa: PLR0917
    t: Any, x: Any, hour: int, fixed: float, most: float, out: Any, costs: Any, count: int
) -> int:
    """Lower prices of units until no group at the hour has a negative reduced cost.

    When that costs ``most`` or more, prices stay as they were and the answer is -1 - count.
    """
    spent, undone = 0.0, 0
    for market in range(t[t[A_MARKET] + hour], t[t[A_MARKET] + hour + 1]):
        if x[t[X_LEAST] + market] >= -NOTHING:
            continue
        dues = fixed + lead_cost(t, x, market)
        while True:
            value = gather(t, x, market)
            if value + dues >= -NOTHING:
                break
            value = sweep(t, x, market, dues, value)
            if value >= -NOTHING:
                break
            spent -= value
            if spent >= most or undone + t[SIZE_MAX_] > MOST_UNDONE:
                undo(t, x, undone)
                return -1 - count
            count = hand_out(t, x, market, dues, value, out, costs, count)
            undone = cheapen(t, x, value, undone)
    return count


def cheapen(t: Any, x: Any, value: float, undone: int) -> int:
    """Share the reduced cost of the best team found among its units, by size."""
    for low in range(t[N_AGES]):
        if x[t[X_FOUND] + low] == value:
            found = t[A_FOUND] + low * (t[SIZE_MAX_] + 1)
            seats = 0
            for place in range(t[found]):
                seats += t[t[A_SIZE] + t[found + 1 + place]]
            for place in range(t[found]):
                unit = t[found + 1 + place]
                t[t[A_UNDO] + undone] = unit
                x[t[X_UNDO] + undone] = x[t[X_PRICE] + unit]
                undone += 1
                x[t[X_PRICE] + unit] += value * t[t[A_SIZE] + unit] / seats
            break
    return undone


def undo(t: Any, x: Any, undone: int) -> None:
    for place in range(undone - 1, -1, -1):
        x[t[X_PRICE] + t[t[A_UNDO] + place]] = x[t[X_UNDO] + place]
