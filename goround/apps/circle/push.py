"""Telling every device at once: who waits for which circle, in this process and in others.

Within one process a change wakes its waiters directly. Across processes PostgreSQL carries it
(NOTIFY, within the act's own transaction, so that nothing is told that was not saved); beside
SQLite one small look at the version numbers does, twice a second. Nobody who waits holds a
database connection: one listener does for the whole process, and only while somebody waits.
"""

from __future__ import annotations

import asyncio
import contextlib
import threading
from collections import defaultdict
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any

from asgiref.sync import sync_to_async
from django.db import (
    DatabaseError,
    close_old_connections,
    connection,
    connections,
    transaction,
)

from goround.apps.circle.models import OpenCircle

CHANNEL = "goround_circle"
LOOK_EVERY = 0.5
LISTEN_AGAIN_AFTER = 1.0
IS_ALIVE_EVERY = 5.0
BEFORE_ANY = (-1, 0)


def announce(circle: OpenCircle) -> None:
    """Wake everybody who waits for this circle, here and elsewhere, once it is committed."""
    number = circle.pk
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_notify(%s, %s)", [CHANNEL, str(number)])
    transaction.on_commit(lambda: board.wake(number))


@dataclass(eq=False)
class Waiter:
    """One device that waits, in the event loop it waits in."""

    loop: asyncio.AbstractEventLoop
    changed: asyncio.Event = field(default_factory=asyncio.Event)


def _wake(waiters: list[Waiter]) -> None:
    """All of one loop in one step, so that they ask together."""
    for loop in {waiter.loop for waiter in waiters}:
        mine = [waiter for waiter in waiters if waiter.loop is loop]
        with contextlib.suppress(RuntimeError):  # its loop has ended, and so have its devices
            loop.call_soon_threadsafe(_set, mine)


def _set(waiters: list[Waiter]) -> None:
    for waiter in waiters:
        waiter.changed.set()


class Board:
    """The waiters of this process by circle, and the one watch kept for all of them."""

    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.waiters: dict[int, set[Waiter]] = defaultdict(set)
        self.watch: asyncio.Task[None] | None = None
        # By circle that somebody waits for: how often all were woken for it, and the newest version
        # that was read, with how often it was by then.
        self.changes: dict[int, int] = {}
        self.seen: dict[int, tuple[int, int]] = {}
        self.threads = ThreadPoolExecutor(2, thread_name_prefix="circle")

    @contextlib.contextmanager
    def waiting_for(self, circle_id: int) -> Iterator[Waiter]:
        """A waiter for one circle; enter before looking, so that no change falls between."""
        waiter = Waiter(asyncio.get_running_loop())
        with self.lock:
            self.waiters[circle_id].add(waiter)
        self._keep_watch()
        try:
            yield waiter
        finally:
            self._gone(circle_id, waiter)

    def wake(self, circle_id: int) -> None:
        with self.lock:
            waiters = list(self.waiters.get(circle_id, ()))
            if waiters:
                self.changes[circle_id] = self.changes.get(circle_id, 0) + 1
        _wake(waiters)

    def change(self, circle_id: int) -> int:
        """Which change of a circle was the last, counted since somebody waits for it."""
        return self.changes.get(circle_id, 0)

    def note(self, circle_id: int, version: int, change: int) -> bool:
        """This version was read. True when it is news to those who were not woken for it."""
        with self.lock:
            if circle_id not in self.waiters:
                return False
            before = self.seen.get(circle_id, (version, change))
            self.seen[circle_id] = max(before[0], version), change
            return version > before[0] and change == before[1]

    def wake_all(self) -> None:
        for circle_id in self.circles():
            self.wake(circle_id)

    def count(self) -> int:
        """How many devices wait in this process."""
        with self.lock:
            return sum(map(len, self.waiters.values()))

    def circles(self) -> list[int]:
        with self.lock:
            return [number for number, waiters in self.waiters.items() if waiters]

    def _gone(self, circle_id: int, waiter: Waiter) -> None:
        with self.lock:
            self.waiters[circle_id].discard(waiter)
            if not self.waiters[circle_id]:
                del self.waiters[circle_id]
                self.seen.pop(circle_id, None)
                self.changes.pop(circle_id, None)

    def _keep_watch(self) -> None:
        if self.watch is None or self.watch.done():
            watch = self._listen if connection.vendor == "postgresql" else self._look
            self.watch = asyncio.get_running_loop().create_task(watch())

    async def _look(self) -> None:
        """SQLite: another process may have changed a circle; its version number says so."""
        while circles := self.circles():
            with contextlib.suppress(DatabaseError):
                versions = await self.run(_versions, circles)
                for number in circles:
                    self._compare(number, versions.get(number))
            await asyncio.sleep(LOOK_EVERY)

    def _compare(self, circle_id: int, version: int | None) -> None:
        """Wake for what is newer than was told, for a first look too, and for a closed circle."""
        if version is None or version > self.seen.get(circle_id, BEFORE_ANY)[0]:
            self.wake(circle_id)
        if version is not None:
            self.note(circle_id, version, self.change(circle_id))

    async def _listen(self) -> None:
        """PostgreSQL: one connection that only listens, made anew when it is lost."""
        import psycopg  # noqa: PLC0415  not needed beside SQLite

        settings = connection.get_connection_params()
        settings.pop("cursor_factory", None)
        settings.pop("context", None)
        while self.circles():
            with contextlib.suppress(psycopg.OperationalError):
                async with await psycopg.AsyncConnection.connect(
                    **settings, autocommit=True
                ) as listener:
                    await listener.execute(f"LISTEN {CHANNEL}")
                    # Whatever happened while nobody listened.
                    self.wake_all()
                    while self.circles():
                        async for note in listener.notifies(timeout=IS_ALIVE_EVERY):
                            self.wake(int(note.payload))
                        await listener.execute("SELECT 1")
            await asyncio.sleep(LISTEN_AGAIN_AFTER)

    async def run(self, work: Callable[..., Any], *arguments: Any) -> Any:
        """Do something with the database on one of this board's own two threads."""
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self.threads, _with_connection, work, *arguments)


def _with_connection(work: Callable[..., Any], *arguments: Any) -> Any:
    close_old_connections()
    try:
        return work(*arguments)
    finally:
        close_old_connections()


def _versions(circles: list[int]) -> dict[int, int]:
    return dict(OpenCircle.objects.filter(pk__in=circles).values_list("pk", "version"))


board = Board()


async def give_connection_back() -> None:
    """Close what a request's own thread holds, before the request goes on as a long stream."""
    await sync_to_async(connections.close_all)()
