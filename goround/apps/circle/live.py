"""The newest state of a circle for everybody who waits for it: read once, told to all."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass

from django.contrib.auth.models import AnonymousUser

from goround.apps.circle.push import Board, Waiter, board
from goround.apps.circle.selectors import Snapshot, snapshot_of
from goround.apps.walls.places import working_for

NOBODY = AnonymousUser()


@dataclass(slots=True)
class Reading:
    """One look at the database that several devices share.

    ``change`` is the number of the last change that it cannot have missed.
    """

    task: asyncio.Task[Snapshot | None] | None = None
    has_begun: bool = False
    change: int = 0


class Latest:
    """Reads circles for many devices at once. What was read before a change is never told."""

    def __init__(self, board: Board) -> None:
        self.board = board
        self.readings: dict[int, Reading] = {}

    async def of(self, circle_id: int, *, organisation: int, anew: bool) -> Snapshot | None:
        """The circle as it was after the last change this process knows of.

        ``anew``: as it is now, for a device of which another process may know more.
        """
        reading = self.readings.get(circle_id)
        if reading is None or not self._serves(circle_id, reading, anew=anew):
            reading = self.readings[circle_id] = Reading()
            reading.task = asyncio.create_task(self._read(circle_id, organisation, reading))
        assert reading.task is not None
        # Shielded: one device that goes away must not take the others' answer along.
        return await asyncio.shield(reading.task)

    def _serves(self, circle_id: int, reading: Reading, *, anew: bool) -> bool:
        if not reading.has_begun:
            return True
        return not anew and reading.change == self.board.change(circle_id)

    async def _read(self, circle_id: int, organisation: int, reading: Reading) -> Snapshot | None:
        reading.change, reading.has_begun = self.board.change(circle_id), True
        try:
            found: Snapshot | None = await self.board.run(look, circle_id, organisation)
        except BaseException:
            self.forget(circle_id, reading)
            raise
        if found is not None and self.board.note(circle_id, found.version, reading.change):
            self.board.wake(circle_id)
        return found

    def forget(self, circle_id: int, reading: Reading | None = None) -> None:
        """Keep nothing of a circle that nobody follows, nor what went wrong."""
        if reading is None or self.readings.get(circle_id) is reading:
            self.readings.pop(circle_id, None)


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
    anew = True
    with _following(circle_id) as waiter:
        while True:
            waiter.changed.clear()
            snapshot = await latest.of(circle_id, organisation=organisation, anew=anew)
            anew = False
            if snapshot is None:
                return
            if snapshot.version != seen:
                seen = snapshot.version
                yield snapshot
            try:
                await asyncio.wait_for(waiter.changed.wait(), heartbeat)
            except TimeoutError:
                yield None


@contextlib.contextmanager
def _following(circle_id: int) -> Iterator[Waiter]:
    """Waiting for a circle; the last who goes leaves nothing of it behind."""
    try:
        with board.waiting_for(circle_id) as waiter:
            yield waiter
    finally:
        if circle_id not in board.circles():
            latest.forget(circle_id)
