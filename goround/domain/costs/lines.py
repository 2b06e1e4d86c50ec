"""Cost lines and their sums. What was given is valued, and never added to what was paid."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum


class Kind(StrEnum):
    """What a group needs money for, in the order in which a budget names it."""

    WORKER_TIME = "worker-time"
    VENUE = "venue"
    REFRESHMENTS = "refreshments"
    TRANSPORT = "transport"
    CHILDREN = "children"
    INCENTIVES = "incentives"
    TRAINING = "training"
    COPIES = "copies"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Line:
    """``amount`` in smallest units. Donated: what it would have cost."""

    kind: Kind
    amount: int
    is_donated: bool = False


def amount_of(each: int, how_many: int = 1, times: int = 1) -> int:
    """Two trainers at 40 an evening, four evenings.

    >>> amount_of(40_00, how_many=2, times=4)
    32000
    """
    if min(each, how_many, times) < 0:
        raise ValueError(f"{each} x {how_many} x {times}: no part of an amount is below 0")
    return each * how_many * times


@dataclass(frozen=True, slots=True)
class Sums:
    """Money and donated value apart, whole and by kind."""

    paid: int
    donated: int
    paid_by_kind: Mapping[Kind, int]
    donated_by_kind: Mapping[Kind, int]


def add_up(lines: Iterable[Line]) -> Sums:
    paid: dict[Kind, int] = {}
    donated: dict[Kind, int] = {}
    for line in lines:
        kept = donated if line.is_donated else paid
        kept[line.kind] = kept.get(line.kind, 0) + line.amount
    return Sums(sum(paid.values()), sum(donated.values()), paid, donated)
