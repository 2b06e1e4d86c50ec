"""The newest state of a circle for everybody who waits for it: read once, told to all."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass

from django.contrib.auth.models import AnonymousUser

from goround.apps.circle.push import Board, board
from goround.apps.circle.selectors import Snapshot, snapshot_of
from goround.apps.walls.places import working_for

NOBODY = AnonymousUser()


@dataclass(slots=True)
class Reading:
    """One look at the database that several devices share, as long as it has not begun."""

    task: asyncio.Task[Snapshot | None] | None = None
    has_begun: bool = False


class Latest:
    """Reads circles for many devices at once. What was read before a change is never told."""

    def __init__(self, board: Board) -> None:
        self.board = board
        self.readings: dict[int, Reading] = {}

    async def of(self, circle_id: int, *, organisation: int) -> Snapshot | None:
        reading = self.readings.get(circle_id)
        if reading is None or reading.has_begun:
            reading = self.readings[circle_id] = Reading()
            reading.task = asyncio.create_task(self._read(circle_id, organisation, reading))
        assert reading.task is not None
        # Shielded: one device that goes away must not take the others' answer along.
        return await asyncio.shield(reading.task)

    async def _read(self, circle_id: int, organisation: int, reading: Reading) -> Snapshot | None:
        reading.has_begun = True
        try:
            found: Snapshot | None = await self.board.run(look, circle_id, organisation)
            return found
        finally:
            if self.readings.get(circle_id) is reading:
                del self.readings[circle_id]


def look(circle_id: int, organisation: int) -> Snapshot | None:
    """The circle as it is now, read outside any request; None once it is closed."""
    with working_for(organisation):
        return snapshot_of(NOBODY, circle_id)


latest = Latest(board)


async def states(
    circle_id: int, *, organisation: int, seen: int | None, heartbeat: float
) -> AsyncIterator[Snapshot | None]:
    """Each new state of a circle as it comes, ending when the circle is closed.

    ``seen`` is the version a device has already. None is a heartbeat: nothing new for so many
    seconds. A device that missed states gets the newest one, never the ones between.
    """
    with board.waiting_for(circle_id) as waiter:
        while True:
            waiter.changed.clear()
            snapshot = await latest.of(circle_id, organisation=organisation)
            if snapshot is None:
                return
            if snapshot.version != seen:
                seen = snapshot.version
                yield snapshot
            try:
                await asyncio.wait_for(waiter.changed.wait(), heartbeat)
            except TimeoutError:
                yield None
