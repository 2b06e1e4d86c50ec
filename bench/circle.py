"""The go-round under load: how fast a tap reaches every device, and what a waiting device costs.

200 rooms with 8 telephones each follow one server process; then telephones tap, each over HTTP
as a browser does, and the time until each of the room's devices has the new state is taken. At
the end the server is killed and started again, until every device shows its circle once more.
And what a parent's first pages weigh: every byte that comes over the line, styles and scripts too.
"""

# Django can only be imported once the settings are in the environment.
# ruff: noqa: PLC0415
from __future__ import annotations

import asyncio
import http.client
import os
import re
import resource
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from random import Random

from bench import reference

ROOMS, PHONES, TAPS = 200, 8, 200
TAPS_A_SECOND = 10
CSRF = "c" * 32
PATIENCE = 60.0
SECRET = "a key for measuring only, which is long enough for this"
# What a page loads besides itself, as it names it.
LOADED = re.compile(
    r'<(?:link rel="(?:stylesheet|icon|manifest)"|script)[^>]*(?:href|src)="([^"]+)"'
)


@dataclass(eq=False)
class Phone:
    token: str
    room: int
    arrived: asyncio.Event = field(default_factory=asyncio.Event)
    at: float = 0.0
    back: float = 1.0

    async def follow(self, port: int) -> None:
        """Hold the stream open as a browser does, and come back when the server said to.

        Refused, a browser looks again after two seconds (``circle.js``).
        """
        while True:
            try:
                await self._follow(port)
            except (OSError, asyncio.IncompleteReadError):
                await asyncio.sleep(self.back)

    async def _follow(self, port: int) -> None:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        try:
            writer.write(self._request("GET", "/circle/here/live/"))
            while True:
                line = await reader.readuntil(b"\n")
                if line.startswith(b"HTTP/1.1 503"):
                    self.back = 2.0
                if line.startswith(b"retry: "):
                    self.back = int(line.removeprefix(b"retry: ")) / 1000
                if line.startswith(b"event: circle"):
                    self.at = time.perf_counter()
                    self.arrived.set()
        finally:
            writer.close()

    async def tap(self, port: int, turn: int) -> None:
        """Sent until it is taken, as the page does; the same tap counts once."""
        body = f"act=pass&turn={turn}&key={self.token}{turn}".encode()
        while True:
            reader, writer = await asyncio.open_connection("127.0.0.1", port)
            writer.write(self._request("POST", "/circle/here/", len(body)) + body)
            answer = await reader.read()
            writer.close()
            if b" 503 " not in answer[:20]:
                return
            await asyncio.sleep(1)

    def _request(self, method: str, path: str, length: int = 0) -> bytes:
        return (
            f"{method} {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n"
            f"Cookie: circle={self.token}; csrftoken={CSRF}\r\nX-CSRFToken: {CSRF}\r\n"
            f"Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {length}\r\n\r\n"
        ).encode()


def main() -> int:
    _allow_many_sockets()
    with (
        tempfile.TemporaryDirectory(prefix="goround-bench-") as folder,
        socket.socket() as listener,
    ):
        listener.bind(("127.0.0.1", 0))
        listener.listen(4096)
        os.environ |= {
            "GOROUND_ENV": "demo",
            "GOROUND_DATA_DIR": folder,
            "GOROUND_DATABASE_URL": f"sqlite:///{folder}/bench.sqlite3",
            "GOROUND_SECRET_KEY": SECRET,
            "DJANGO_SETTINGS_MODULE": "goround.config.settings",
        }
        phones, parent = _rooms(Path(folder))
        asyncio.run(_measure(listener, phones, parent))
    return 0


def _allow_many_sockets() -> None:
    _soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))


def _serve(listener: socket.socket) -> subprocess.Popen[bytes]:
    """The web process alone, as ``goround serve`` starts it, on a socket that outlives it."""
    command = [sys.executable, "-m", "goround.config.child", "web", str(os.getpid())]
    number = listener.fileno()
    return subprocess.Popen([*command, str(number)], pass_fds=[number])


def _rooms(folder: Path) -> tuple[list[Phone], dict[str, str]]:
    """Open circles in the middle of a round, each with a telephone on every seat.

    And the pages that a parent of the group opens first, by the cookie they open them with.
    """
    import django

    django.setup()
    from django.core.management import call_command
    from django.db import connections
    from django.test import Client
    from django.utils import timezone

    from goround.apps.circle.services import act, join_with_phone, open_circle
    from goround.apps.organisations.roles import Role
    from goround.domain.circle.commands import Begin, Leading
    from tests.make import make_group, make_meeting, make_membership, make_parent, make_user

    call_command("migrate", verbosity=0)
    by, group, now, phones = make_user(), make_group(), timezone.now(), []
    for room in range(ROOMS):
        meeting = make_meeting(group, starts_at=now + timedelta(seconds=room))
        circle = open_circle(
            meeting=meeting, aliases=[], device="lead", rng=Random(room), by=by, at=now
        )
        for seat in range(PHONES):
            phone = Phone(f"room-{room}-seat-{seat}", room)
            join_with_phone(circle=circle, alias=f"P{seat}", token=phone.token, by=None, at=now)
            phones.append(phone)
        act(circle=circle, command=Begin("b", 0), hand=Leading("lead"), by=None, at=now)
    ana = make_user(role=Role.PARENT, organisation=group.organisation)
    make_membership(group, make_parent(group.organisation, user=ana))
    client = Client()
    client.force_login(ana)
    connections.close_all()
    return phones, {
        "/sign-in/": "",
        "/me/": f"sessionid={client.cookies['sessionid'].value}",
        f"/room/{group.pk}/": f"sessionid={client.cookies['sessionid'].value}",
        "/circle/here/": f"circle={phones[0].token}",
    }


async def _measure(listener: socket.socket, phones: list[Phone], parent: dict[str, str]) -> None:
    port = listener.getsockname()[1]
    server = _serve(listener)
    try:
        await _ready(port)
        for path, cookie in parent.items():
            print(await asyncio.to_thread(_weighed, port, path, cookie), flush=True)
        before, began = _kilobytes(server.pid), time.perf_counter()
        streams = [asyncio.create_task(phone.follow(port)) for phone in phones]
        await _all_arrive(phones)
        print(f"{ROOMS} rooms × {PHONES} devices follow one process")
        loop = reference.seconds()
        print(f"the reference loop takes {1000 * loop:.1f} ms")
        print(f"all connected after {_times(time.perf_counter() - began, loop)}")
        await asyncio.sleep(5)
        each = (_kilobytes(server.pid) - before) / len(phones)
        print(
            f"memory of a waiting device: {each:.0f} kB, 1 / {before / max(each, 1):.0f} of the "
            f"server without any ({before / 1024:.0f} MB)"
        )
        _print_delays(await _taps(port, phones), loop)
        server.send_signal(signal.SIGKILL)
        server.wait()
        for phone in phones:
            phone.arrived.clear()
        began = time.perf_counter()
        server = _serve(listener)
        await _all_arrive(phones)
        again = _times(time.perf_counter() - began, loop)
        print(f"killed and started again: all show it after {again}")
        for stream in streams:
            stream.cancel()
    finally:
        server.kill()
        server.wait()


def _weighed(port: int, path: str, cookie: str) -> str:
    """The page and all that it loads, as the server sends it to a browser that has nothing yet."""
    page = _fetched(port, path, cookie)
    rest = [_fetched(port, loaded, "") for loaded in dict.fromkeys(LOADED.findall(page.decode()))]
    whole = len(page) + sum(map(len, rest))
    return (
        f"{path} weighs {whole / 1000:.1f} kB: the page {len(page) / 1000:.1f} kB, and "
        f"{len(rest)} files that the browser keeps"
    )


def _fetched(port: int, path: str, cookie: str) -> bytes:
    line = http.client.HTTPConnection("127.0.0.1", port)
    line.request("GET", path, headers={"Host": "localhost", "Cookie": cookie})
    answer = line.getresponse()
    body = answer.read()
    line.close()
    if answer.status != 200:
        raise SystemExit(f"{path} answered {answer.status}")
    return body


async def _ready(port: int) -> None:
    await Phone("nobody", 0).tap(port, 0)


async def _all_arrive(phones: list[Phone]) -> None:
    await asyncio.wait_for(asyncio.gather(*(phone.arrived.wait() for phone in phones)), 10 * 60)


async def _taps(port: int, phones: list[Phone]) -> list[float]:
    """Milliseconds from a tap to each device of its room, a tap in one room after the other."""
    delays: list[float] = []
    running = []
    for number in range(TAPS):
        room = [phone for phone in phones if phone.room == number % ROOMS]
        running.append(asyncio.create_task(_tap(port, room, delays)))
        await asyncio.sleep(1 / TAPS_A_SECOND)
    await asyncio.gather(*running)
    return delays


async def _tap(port: int, room: list[Phone], delays: list[float]) -> None:
    for phone in room:
        phone.arrived.clear()
    began = time.perf_counter()
    await room[0].tap(port, 1)
    await asyncio.wait_for(asyncio.gather(*(phone.arrived.wait() for phone in room)), PATIENCE)
    delays += [1000 * (phone.at - began) for phone in room]


def _print_delays(delays: list[float], loop: float) -> None:
    cuts = statistics.quantiles(delays, n=100)
    half, most = cuts[49] / 1000 / loop, cuts[94] / 1000 / loop
    print(
        f"a tap reaches a device after {cuts[49]:.0f} ms (p50, {half:.1f} × the loop), "
        f"{cuts[94]:.0f} ms (p95, {most:.1f} ×), {max(delays):.0f} ms (most); "
        f"{len(delays)} arrivals, {TAPS_A_SECOND} taps a second"
    )


def _times(seconds: float, loop: float) -> str:
    return f"{seconds:.1f} s ({seconds / loop:.0f} × the loop)"


def _kilobytes(pid: int) -> int:
    """Resident memory of a process (Linux)."""
    status = Path(f"/proc/{pid}/status").read_text(encoding="utf-8")
    return next(int(line.split()[1]) for line in status.splitlines() if line.startswith("VmRSS"))
