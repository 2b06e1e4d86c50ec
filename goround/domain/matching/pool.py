"""The groups that pricing has found so far, of which the relaxation chooses."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from goround.domain.matching import relaxed as c
from goround.domain.matching.eligible import Floats, Ints


@dataclass(slots=True)
class Pool:
    """Groups by hour, each once. ``member`` is -1 where a group has fewer units."""

    width: int
    market: Ints = field(init=False)
    key: Ints = field(init=False)
    member: Ints = field(init=False)
    cost: Floats = field(init=False)

    def __post_init__(self) -> None:
        self.market, self.key = np.zeros(0, np.int64), np.zeros(0, np.int64)
        self.member, self.cost = np.zeros((0, self.width), np.int64), np.zeros(0)

    def __len__(self) -> int:
        return len(self.cost)

    def add(self, records: Ints, costs: Floats) -> int:
        """Add those that are not there yet; gives how many."""
        before = len(self)
        units = records[:, c.C_UNIT :].copy()
        units[np.arange(self.width) >= records[:, c.C_COUNT, None]] = -1
        key = np.concatenate([self.key, records[:, c.C_KEY]])
        _, first = np.unique(key, return_index=True)
        self._take(
            np.concatenate([self.market, records[:, c.C_MARKET]]),
            key,
            np.concatenate([self.member, units]),
            np.concatenate([self.cost, costs]),
            np.sort(first),
        )
        return len(self) - before

    def keep(self, which: Ints) -> None:
        """Only these."""
        self._take(self.market, self.key, self.member, self.cost, which)

    def _take(self, market: Ints, key: Ints, member: Ints, cost: Floats, which: Ints) -> None:
        which = which[np.argsort(market[which], kind="stable")]
        self.market, self.key = market[which], key[which]
        self.member, self.cost = member[which], cost[which]

    def table(self, hour: Ints, hours: int) -> Ints:
        """The pool as the kernels read it; ``hour`` is each market's."""
        counts = (self.member >= 0).sum(axis=1)
        first = np.concatenate(([0], np.cumsum(counts)))
        used = np.unique(self.market)
        parts = {
            c.G_FIRST: first,
            c.G_MEMBER: self.member[self.member >= 0],
            c.G_MARKET_OF: self.market,
            c.G_HOUR_FIRST: np.searchsorted(hour[self.market], np.arange(hours + 1)),
            c.G_USED: used,
        }
        head = np.zeros(c.G_HEAD, np.int64)
        head[c.G_COLUMNS], head[c.G_MARKETS] = len(self), len(used)
        begin = c.G_HEAD
        for address, part in parts.items():
            head[address] = begin
            begin += len(part)
        return np.concatenate([head, *parts.values()]).astype(np.int64)
