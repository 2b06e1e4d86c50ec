"""What happens when more people come than the server can answer: some wait, some are told to.

Without a bound every request is taken in, each gets slower, and in the end none is answered in
time. Here a few are worked on at once, a few wait for a moment, and the rest hear 503 with
Retry-After at once, which costs next to nothing. Signing in, leaving and the numbers to call are
told last. Files are free: they never reach the application.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable, MutableMapping
from dataclasses import dataclass, field
from typing import Any

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
Application = Callable[[Scope, Receive, Send], Awaitable[None]]

# Pages somebody may need most when everybody comes at once; beginnings of addresses.
LAST_TO_SHED = ("/crisis/", "/leave/", "/sign-in/", "/healthz", "/offline")
FREE = ("/static/",)
RETRY_AFTER = 3


@dataclass
class Overload:
    """Wraps the application. ``refusal`` is asked for the page that says to come back."""

    application: Application
    refusal: Callable[[Scope], tuple[bytes, dict[str, str]]]
    at_once: int = 8
    waiting: int = 32
    # Kept free for the pages that are shed last.
    reserve: int = 32
    patience: float = 2.0
    running: int = field(default=0, init=False)
    _first: deque[asyncio.Future[None]] = field(default_factory=deque, init=False)
    _others: deque[asyncio.Future[None]] = field(default_factory=deque, init=False)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or str(scope["path"]).startswith(FREE):
            await self.application(scope, receive, send)
        elif await self._may_come_in(str(scope["path"]).startswith(LAST_TO_SHED)):
            await self._answer(scope, receive, send)
        else:
            await self._refuse(scope, send)

    async def _may_come_in(self, is_first: bool) -> bool:
        if self.running < self.at_once and not self._first and not self._others:
            self.running += 1
            return True
        queue, room = (self._first, self.reserve) if is_first else (self._others, self.waiting)
        if len(queue) >= room:
            return False
        turn: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        queue.append(turn)
        return await self._wait_for(turn, queue)

    async def _wait_for(
        self, turn: asyncio.Future[None], queue: deque[asyncio.Future[None]]
    ) -> bool:
        """Whoever calls the turn has counted it as running already."""
        try:
            async with asyncio.timeout(self.patience):
                await asyncio.shield(turn)
        except TimeoutError:
            if turn.done():
                return True
            queue.remove(turn)
            turn.cancel()
            return False
        except asyncio.CancelledError:
            if turn.done():
                self._leave()
            else:
                queue.remove(turn)
                turn.cancel()
            raise
        return True

    def _leave(self) -> None:
        """One is done: the next comes in, those who need it most before all others."""
        self.running -= 1
        for queue in (self._first, self._others):
            if queue and self.running < self.at_once:
                self.running += 1
                queue.popleft().set_result(None)
                return

    async def _answer(self, scope: Scope, receive: Receive, send: Send) -> None:
        is_inside = True

        async def sending(message: Message) -> None:
            nonlocal is_inside
            await send(message)
            # A stream stays open for hours, and costs nothing while nothing is said.
            if is_inside and _begins_a_stream(message):
                is_inside = False
                self._leave()

        try:
            await self.application(scope, receive, sending)
        finally:
            if is_inside:
                self._leave()

    async def _refuse(self, scope: Scope, send: Send) -> None:
        body, headers = self.refusal(scope)
        told = headers | {"Retry-After": str(RETRY_AFTER), "Content-Length": str(len(body))}
        lines = [(name.lower().encode(), value.encode()) for name, value in told.items()]
        await send({"type": "http.response.start", "status": 503, "headers": lines})
        await send({"type": "http.response.body", "body": body})


def _begins_a_stream(message: Message) -> bool:
    return message["type"] == "http.response.start" and any(
        name.lower() == b"content-type" and value.startswith(b"text/event-stream")
        for name, value in message["headers"]
    )
