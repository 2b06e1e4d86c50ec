"""A circle pushed to one device: server-sent events over one plain, long answer.

Each event carries the part of the page that the circle stands in, as the page itself would
show it, and is named by the circle's version. A browser that lost the connection comes back by
itself and says the last version it saw; it gets the newest state, whatever it missed.
"""

from __future__ import annotations

import time
from collections.abc import AsyncIterator, Callable

from django.http import HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.utils import translation

from goround.apps.circle.live import states
from goround.apps.circle.models import OpenCircle
from goround.apps.circle.push import board, give_connection_back
from goround.apps.circle.selectors import Snapshot

# Whether this device may still be told; it asks the database, on a thread of the board.
Still = Callable[[], bool]
# The part of the page for this device; None when it does not belong to the circle any more.
Show = Callable[[Snapshot], str | None]

HEARTBEAT = 15.0
# Whoever leads is asked about again so often at least, with news or without.
ASKED_AGAIN = 5.0
# Then the browser comes back, and who it is is asked again.
LASTS = 5 * 60.0
# After a break all come back, but not all at once: as many as one process takes in.
BACK_AFTER_MS = 1000
BACK_EACH_MS = 15
MOST_STREAMS = 4_000


def stream(
    request: HttpRequest, circle: OpenCircle, show: Show, *, still: Still | None = None
) -> HttpResponseBase:
    """An endless answer with each new state. 503 when this process has as many as it can bear.

    ``still`` is for a page that hangs on an account: when it says no, the stream ends.
    """
    if board.count() >= MOST_STREAMS:
        return HttpResponse(status=503, headers={"Retry-After": "10"})
    seen, language = _seen(request, circle.pk), translation.get_language()
    events = _events(circle, show, still, seen, language)
    return StreamingHttpResponse(
        events,
        content_type="text/event-stream",
        # For a proxy in front: pass each event on at once.
        headers={"Cache-Control": "no-store", "X-Accel-Buffering": "no"},
    )


def _seen(request: HttpRequest, circle_id: int) -> int | None:
    """The version the browser saw last of this very circle, else None."""
    circle, _, version = request.headers.get("Last-Event-ID", "").partition("-")
    known = circle == str(circle_id) and version.isdecimal() and len(version) < 10
    return int(version) if known else None


async def _events(
    circle: OpenCircle, show: Show, still: Still | None, seen: int | None, language: str | None
) -> AsyncIterator[str]:
    await give_connection_back()
    ends = time.monotonic() + LASTS
    ask_at = time.monotonic() + ASKED_AGAIN
    yield f"retry: {BACK_AFTER_MS + BACK_EACH_MS * board.count()}\n\n"
    news = states(circle.pk, organisation=circle.organisation_id, seen=seen, heartbeat=HEARTBEAT)
    async for snapshot in news:
        if still is not None and time.monotonic() >= ask_at:
            if not await board.run(still):
                break
            ask_at = time.monotonic() + ASKED_AGAIN
        if snapshot is None:
            yield event("beat", "")
        else:
            with translation.override(language):
                part = show(snapshot)
            if part is None:
                break
            yield event("circle", part, f"{circle.pk}-{snapshot.version}")
        if time.monotonic() > ends:
            return
    yield event("gone", "")


def event(kind: str, text: str, number: str = "") -> str:
    """One event as the standard writes it: a line of data for each line of text."""
    lines = "".join(f"data: {line}\n" for line in text.splitlines() or [""])
    name = f"id: {number}\n" if number else ""
    return f"event: {kind}\n{name}{lines}\n"
