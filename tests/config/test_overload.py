"""More people than the server can answer: a bound, a short wait, and 503 before anything breaks."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field

import pytest

from goround.config.overload import Overload
from goround.web.headers import HEADERS
from goround.web.refusal import come_back


@dataclass
class Slow:
    """An application that answers when told to, and counts how many are inside."""

    inside: int = 0
    most: int = 0
    served: list[str] = field(default_factory=list)
    go_on: asyncio.Event = field(default_factory=asyncio.Event)
    content_type: bytes = b"text/html"

    async def __call__(self, scope, receive, send):
        self.inside += 1
        self.most = max(self.most, self.inside)
        headers = [(b"content-type", self.content_type)]
        try:
            if self.content_type == b"text/event-stream":
                await send({"type": "http.response.start", "status": 200, "headers": headers})
            await self.go_on.wait()
            self.served.append(scope["path"])
            if self.content_type != b"text/event-stream":
                await send({"type": "http.response.start", "status": 200, "headers": headers})
            await send({"type": "http.response.body", "body": b"ok"})
        finally:
            self.inside -= 1


async def get(gate: Overload, path: str) -> dict[str, object]:
    said: dict[str, object] = {}

    async def send(message):
        if message["type"] == "http.response.start":
            said["status"], said["headers"] = message["status"], dict(message["headers"])
        else:
            said["body"] = message["body"]

    scope = {"type": "http", "path": path, "headers": [(b"accept-language", b"xx, en")]}
    await gate(scope, lambda: None, send)
    return said


def gate_around(slow: Slow, **limits) -> Overload:
    return Overload(slow, come_back, **{"at_once": 2, "waiting": 3, "reserve": 2} | limits)


async def come(gate: Overload, *paths: str) -> list[asyncio.Task]:
    tasks = [asyncio.create_task(get(gate, path)) for path in paths]
    for _turn in range(5):
        await asyncio.sleep(0)
    return tasks


def statuses(answers) -> list[int]:
    return [answer["status"] for answer in answers]


def test_only_so_many_are_worked_on_some_wait_and_the_rest_come_back():
    async def story() -> None:
        slow = Slow()
        tasks = await come(gate_around(slow), *["/page/"] * 9)
        refused = [task for task in tasks if task.done()]
        assert (slow.inside, len(refused)) == (2, 4)
        slow.go_on.set()
        answers = await asyncio.gather(*tasks)
        assert sorted(statuses(answers)) == [200] * 5 + [503] * 4
        assert slow.most == 2

    asyncio.run(story())


def test_whom_to_call_signing_in_and_leaving_are_shed_last_and_served_first():
    async def story() -> None:
        slow = Slow()
        gate = gate_around(slow)
        ordinary = await come(gate, *["/page/"] * 6)
        needed = await come(gate, "/crisis/", "/sign-in/")
        too_many = await come(gate, "/leave/")
        assert [task.done() for task in needed] == [False, False]
        assert statuses([too_many[0].result()]) == [503]
        slow.go_on.set()
        assert statuses(await asyncio.gather(*needed)) == [200, 200]
        await asyncio.gather(*ordinary)
        assert slow.served[:4] == ["/page/", "/page/", "/crisis/", "/sign-in/"]

    asyncio.run(story())


def test_files_are_free():
    async def story() -> None:
        slow = Slow()
        gate = gate_around(slow)
        await come(gate, *["/page/"] * 9)
        file = await come(gate, "/static/css/base.css")
        assert slow.inside == 3
        slow.go_on.set()
        assert statuses(await asyncio.gather(*file)) == [200]

    asyncio.run(story())


def test_who_waits_too_long_is_asked_to_come_back():
    async def story() -> None:
        slow = Slow()
        gate = gate_around(slow, patience=0.01)
        tasks = await come(gate, *["/page/"] * 4)
        assert statuses(await asyncio.gather(*tasks[2:])) == [503, 503]
        slow.go_on.set()
        assert statuses(await asyncio.gather(*tasks[:2])) == [200, 200]
        assert (gate.running, statuses([await get(gate, "/page/")])) == (0, [200])

    asyncio.run(story())


def test_who_goes_away_while_waiting_takes_no_place():
    async def story() -> None:
        slow = Slow()
        gate = gate_around(slow)
        tasks = await come(gate, *["/page/"] * 4)
        tasks[2].cancel()
        tasks[0].cancel()
        await asyncio.gather(*tasks[:1], tasks[2], return_exceptions=True)
        slow.go_on.set()
        assert statuses(await asyncio.gather(tasks[1], tasks[3])) == [200, 200]
        assert gate.running == 0

    asyncio.run(story())


def test_an_open_stream_takes_no_place():
    async def story() -> None:
        slow = Slow(content_type=b"text/event-stream")
        gate = gate_around(slow)
        tasks = await come(gate, *["/page/"] * 20)
        assert (slow.inside, gate.running) == (20, 0)
        slow.go_on.set()
        await asyncio.gather(*tasks)
        assert gate.running == 0

    asyncio.run(story())


def test_an_application_that_breaks_gives_its_place_back():
    async def broken(scope, receive, send):
        raise RuntimeError

    async def story() -> None:
        gate = Overload(broken, come_back, at_once=1)
        for _time in range(3):
            with pytest.raises(RuntimeError):
                await get(gate, "/page/")
        assert gate.running == 0

    asyncio.run(story())


def test_the_refusal_is_a_whole_page_with_every_header():
    async def story() -> dict[str, object]:
        slow = Slow()
        gate = gate_around(slow, waiting=0)
        tasks = await come(gate, *["/page/"] * 3)
        slow.go_on.set()
        await asyncio.gather(*tasks)
        return tasks[2].result()

    answer = asyncio.run(story())
    headers = {name.decode(): value.decode() for name, value in answer["headers"].items()}

    assert answer["status"] == 503
    assert headers["retry-after"] == "3"
    assert headers["cache-control"] == "no-store"
    assert {name for name, value in HEADERS.items() if headers[name.lower()] != value} == set()
    assert int(headers["content-length"]) == len(answer["body"])
    assert b"Many people are here right now" in answer["body"]
    assert b'href="/crisis/"' in answer["body"]
