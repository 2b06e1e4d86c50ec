"""All that the bound works on: a list of whole numbers, ``t``, and one of fractions, ``x``.

As in ``tables``, parts lie end to end and these constants say where their addresses stand:
``t[A_SIZE] + unit`` is where ``t`` holds the size of that unit. Addresses whose name begins
with ``X_`` lead into ``x``.

*Market*, *hour* and *unit* are those of ``markets`` and ``layout``; an *entry* is a unit in a
market. A *row* is something scarce with a price, its multiplier: first one for each unit
(to be in exactly one group, or unplaced), then rooms of overlapping hours, then facilitators.
A *duty* is a facilitator at a slot; it uses the facilitator's rows.
"""

from __future__ import annotations

from typing import Final

# Counts.
N_UNITS: Final = 0
N_MARKETS: Final = 1
N_HOURS: Final = 2
N_AGES: Final = 3
N_DUTIES: Final = 4
N_ROWS: Final = 5
SIZE_MIN_: Final = 6
SIZE_MAX_: Final = 7
LEADERS: Final = 8  # facilitators that each group needs

# Addresses in ``t``.
A_SIZE: Final = 10  # by unit
A_NEXT: Final = 11  # by unit and age: the youngest age that will do for a window from there
A_KEY: Final = 12  # by unit: a large number, to tell groups apart
A_HOUR: Final = 13  # by market
A_MARKET_KEY: Final = 14
A_ENTRY: Final = 15  # by market: first entry
A_UNIT: Final = 16  # by entry
A_ABLE: Final = 17  # by market: first in the list of duties that could lead there
A_DUTY: Final = 18  # that list
A_DUTY_ROW: Final = 19  # by duty: first in the list of its rows
A_ROW: Final = 20  # that list
A_MARKET: Final = 21  # by hour: first market
A_CHAIRS: Final = 22  # by hour: members that one group may have
A_ROOMS: Final = 23  # by hour: groups that could meet at once
A_ROOM_ROW: Final = 24  # by hour: first in the list of its rows
A_ROOM: Final = 25  # that list
# Scratch.
A_BEST: Final = 26  # by market: the duties that would lead most cheaply
A_SOME: Final = 27  # entries looked at, the most worthwhile first
A_CHAIN: Final = 28
A_HEAD: Final = 29  # by age: first in a chain of those who join a window there
A_TOP: Final = 30  # by size and rank: the cheapest units of that size in the window
A_TOPS: Final = 31  # by size: how many of them
A_TAKEN: Final = 32  # by size and chairs: how many of that size the best team has
A_FOUND: Final = 33  # by lowest age: the best team's size in units, then its units
A_UNDO: Final = 34
HEAD_: Final = 64

# Addresses in ``x``.
X_COST: Final = 35  # by entry: kilometres, and wishes that nobody there could meet
X_LOSS: Final = 36  # by unit: what it costs to leave it unplaced
X_LOW: Final = 37  # by age: the youngest of those counted as this age
X_HIGH: Final = 38
X_MOST: Final = 39  # by row: how much there is of it
X_WINDOW: Final = 40  # one number: cost per member and year
X_PRICE: Final = 41  # by row: its multiplier
X_CENTRE: Final = 42  # by row: the best multipliers known
X_MEAN: Final = 43  # by row: how much of it was left over, lately
X_LEFT: Final = 44
X_SPREAD: Final = 45  # by row: the mean square of what was left over or missing, lately
X_SCALE: Final = 46  # by row: how far its price goes for each one left over
X_ROOM_PRICE: Final = 47  # by hour: the price of a room, besides rows
X_ROOM_BEST: Final = 48
# Scratch.
X_LEAD: Final = 49  # by market: the cost of its facilitators; below 0 where nobody asked yet
X_SOME: Final = 50
X_RATIO: Final = 51
X_TOP: Final = 52
X_BEST: Final = 53  # by chairs: the cheapest team
X_FOUND: Final = 54  # by lowest age: the best team's reduced cost
X_UNDO: Final = 55
X_LEAST: Final = 56  # by market: least reduced cost
X_RANK: Final = 57
X_STEP: Final = 58  # one number: how far the volume algorithm goes at once
X_DUTY: Final = 59  # by duty: what it costs

MOST_UNDONE: Final = 20_000
MOST_AGES: Final = 64
NO_CHILD: Final = MOST_AGES + 1
HUGE: Final = 1e300
NOTHING: Final = 1e-7  # a reduced cost above minus this counts as none

# A group found: a record of so many numbers before its units.
C_MARKET: Final = 0
C_KEY: Final = 1
C_COUNT: Final = 2
C_UNIT: Final = 3

# A pool of groups by hour: where its parts begin.
G_COLUMNS: Final = 0
G_MARKETS: Final = 1
G_FIRST: Final = 2  # by column: its first unit
G_MEMBER: Final = 3
G_MARKET_OF: Final = 4
G_HOUR_FIRST: Final = 5  # by hour: its first column
G_USED: Final = 6  # markets of any column
G_HEAD: Final = 8
