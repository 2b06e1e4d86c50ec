"""All that the search works on: one long list of whole numbers, ``t``.

Records lie end to end in it, and whatever stands for a unit, an hour, a pair, a member, a
facilitator or a group is the address of its record: ``t[unit + U_SIZE]``. The next record
of the same kind follows ``…_WIDTH`` further on, and where a field says "first", that of the
next record is the end.

*Unit*: parents who are placed together, mostly one. *Hour*: a slot of a venue. *Pair*: a
unit and an hour that it could attend. *Spot*: a place for a group. Languages, types and tags
are bits. Costs are in millionths, ages in thousandths of a year: sums of whole numbers are
the same however they come about, here and on any machine.

One array, because numba hands every array to every function in pieces: with seventy of them
compiling took minutes.
"""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

Arena = NDArray[np.int64]

MILLION: Final = 1_000_000
YEAR: Final = 1_000
NEVER: Final = 1 << 60

MOST_BITS: Final = 60
NO_TYPE_BIT: Final = 1 << 61
ALL_BITS: Final = (1 << 62) - 1

# Lists. ``t[POOL]`` is the address of the first entry, ``t[POOL + COUNT]`` how many there are.
UNPLACED: Final = 0
GROUPS: Final = 1
SPARE: Final = 2
TOUCHED: Final = 3
POOL: Final = 4  # units taken out by this move
TEAM: Final = 5  # members whose cost is asked
PLAN: Final = 6  # pairs of the best team found to open a group with
CREW: Final = 7  # pairs of the team being weighed
LEADERS: Final = 8
SCORE: Final = 9
LISTS: Final = 10
COUNT: Final = LISTS

# Single numbers.
RANDOM: Final = 20
SIZE_MIN: Final = 21
LEADERS_WANTED: Final = 22
WINDOW_WEIGHT: Final = 23  # millionths per member and thousandth of a year
WISH_WEIGHT: Final = 24
TOTAL: Final = 25  # as the search feels it: with the losses that have grown
PLAN_WORTH: Final = 26
PLAN_LANGUAGE: Final = 27
PLAN_TYPE: Final = 28
PLAN_HOUR: Final = 29
UNITS: Final = 30  # address of the first unit
UNIT_COUNT: Final = 31
COST: Final = 32  # of all groups and of all unplaced units
PUSH: Final = 33  # by how much a loss grows when a unit could not be placed
KEPT: Final = 34  # address of a table: the group of each unit, one remembered division a row
HEAD: Final = 35

# A unit.
U_SIZE: Final = 0
U_LANGUAGE: Final = 1
U_TYPE: Final = 2
U_LOSS: Final = 3  # what leaving it unplaced feels like; grows while nothing helps
U_PINNED: Final = 4  # 1: may not leave its group
U_MEMBER: Final = 5  # first member
U_APART: Final = 6  # first in a list of units kept apart from this one
U_PAIR: Final = 7  # first pair; hours ascend
U_SPOT: Final = 8  # the unit's group, or -1
U_UNPLACED: Final = 9  # its place in the list of the unplaced
U_COST: Final = 10  # the cost of leaving it unplaced
U_ROW: Final = 11  # where a pairwise cost keeps what this unit costs beside each other one
U_NUMBER: Final = 12  # its place in such rows
U_NEAR: Final = 13  # how many it is kept apart from have a group
U_WIDTH: Final = 14

# A member: a parent in a unit.
M_CHILD: Final = 0  # first in a list of ages, ascending
M_TAGS: Final = 1
M_WISHES: Final = 2
M_DEAD: Final = 3  # wishes that nobody at all could meet
M_WIDTH: Final = 4

# A pair.
P_HOUR: Final = 0
P_UNIT: Final = 1
P_KM: Final = 2
P_PLACE: Final = 3  # address of the entry for this pair in its hour's list
P_WIDTH: Final = 4

# An hour.
H_VENUE: Final = 0
H_DAY: Final = 1
H_START: Final = 2
H_END: Final = 3
H_MOST: Final = 4  # members that one group may have
H_ROOMS: Final = 5
H_TAKEN: Final = 6  # locked groups there
H_CLASH: Final = 7  # first in a list: hours of the venue that overlap, itself too
H_PAIR: Final = 8  # first in a list of pairs, those of unplaced units before the others
H_SPOT: Final = 9  # first in a list: the groups at the hour
H_LEADER: Final = 10  # first in a list: facilitators who could lead then
H_FREE: Final = 11  # how many of its pairs are of unplaced units
H_GROUPS: Final = 12
H_LEAST: Final = 13  # members that one group must have
H_WIDTH: Final = 14

# A facilitator.
F_MOST: Final = 0
F_LANGUAGE: Final = 1
F_TYPE: Final = 2
F_EASE: Final = 3  # how much else they could do; those who can do least are used first
F_SPOT: Final = 4  # first in a list: the groups they lead
F_GROUPS: Final = 5
F_WIDTH: Final = 6

# A spot: a group, and how it was before the move that is being tried.
G_HOUR: Final = 0  # -1: no group here
G_UNITS: Final = 1
G_LEADERS: Final = 2
G_UNIT: Final = 3  # address of its list of units
G_PAIR: Final = 4
G_LEADER: Final = 5
G_SIZE: Final = 6
G_LANGUAGE: Final = 7
G_TYPE: Final = 8
G_COST: Final = 9
G_PINNED: Final = 10  # how many units may not leave
G_AT: Final = 11  # address of the entry for this group in its hour's list
G_INDEX: Final = 12  # its place in the list of groups
G_TOUCHED: Final = 13
OLD_HOUR: Final = 14
OLD_UNITS: Final = 15
OLD_LEADERS: Final = 16
OLD_UNIT: Final = 17
OLD_LEADER: Final = 18
G_ROW: Final = 19  # where a pairwise cost keeps what each unit costs beside all of this group
G_ROOM: Final = 20  # places still to fill while a division is put together from two
G_GIVEN: Final = 21  # bits: which of the two has given this group, and whether it is filled
G_WIDTH: Final = 22
