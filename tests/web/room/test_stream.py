"""Every device is told at once, and the one that lost the connection is told the newest."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator

import pytest
from asgiref.sync import sync_to_async
from django.core.signals import request_finished, request_started
from django.db import OperationalError, connection, connections
from django.test import AsyncClient
from django.utils import timezone

from goround.apps.accounts.closing import close_user
from goround.apps.accounts.models import User
from goround.apps.accounts.sessions import end_sessions
from goround.apps.circle.live import Latest, latest, look
from goround.apps.circle.models import OpenCircle
from goround.apps.circle.push import Board
from goround.apps.circle.services import act, close_circle, join_with_phone, let_phones_go
from goround.domain.circle.commands import Begin, Finish, Leading
from goround.web.room import stream as streams
from tests.make import make_organisation
from tests.wall import _become_the_program, _become_the_test, as_the_program
from tests.web.room.conftest import make_evening

pytestmark = pytest.mark.django_db(transaction=True)

A_LONG_WHILE = 30
_open: list[Device] = []


@pytest.fixture(autouse=True)
def pages_answer_as_the_test(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A stream ends in the event loop, where the tests' change of role cannot be undone.

    Nor may the threads that read for streams keep connections after a test.
    """
    monkeypatch.setitem(connections.databases["default"], "CONN_MAX_AGE", 0)
    request_started.disconnect(_become_the_program)
    request_finished.disconnect(_become_the_test)
    yield
    request_started.connect(_become_the_program, weak=False)
    request_finished.connect(_become_the_test, weak=False)


class Device:
    """A browser that follows a circle, and reads one event after the other."""

    def __init__(self, client: AsyncClient, address: str) -> None:
        self.client, self.address = client, address

    async def connect(self, last_seen: str = "") -> int:
        headers = {"Last-Event-ID": last_seen} if last_seen else {}
        response = await self.client.get(self.address, headers=headers)
        if response.status_code == 200:
            self.chunks = response.streaming_content
            _open.append(self)
            first = await self._chunk()
            assert first.startswith("retry: ")
            self.back = int(first.removeprefix("retry: "))
        return response.status_code

    async def event(self) -> dict[str, str]:
        lines = [line.partition(": ") for line in (await self._chunk()).splitlines()]
        found = {name: value for name, _, value in lines if name != "data"}
        found["data"] = "\n".join(value for name, _, value in lines if name == "data")
        return found

    async def _chunk(self) -> str:
        chunk = await asyncio.wait_for(anext(self.chunks), A_LONG_WHILE)
        return chunk.decode() if isinstance(chunk, bytes) else chunk


def in_a_loop(work: Callable) -> None:
    """Run one evening in an event loop of its own, and leave no connection behind."""

    async def run() -> None:
        evening = await sync_to_async(make_evening)()
        circle = await sync_to_async(evening.open)("Ana", "Ben", "Cleo")
        try:
            await work(evening, circle)
        finally:
            while _open:
                await _open.pop().chunks.aclose()
            await sync_to_async(connections.close_all)()

    asyncio.run(run())


def lead(circle: OpenCircle, *commands):
    for command in commands:
        act(circle=circle, command=command, hand=Leading("elsewhere"), by=None, at=timezone.now())


async def leading(evening, user: User | None = None) -> Device:
    client = AsyncClient()
    await client.aforce_login(user or evening.dolores)
    return Device(client, evening.page("circle_live"))


async def telephone(circle: OpenCircle, alias: str) -> Device:
    token = f"token of {alias}"
    await sync_to_async(join_with_phone)(
        circle=circle, alias=alias, token=token, by=None, at=timezone.now()
    )
    client = AsyncClient()
    client.cookies["circle"] = token
    return Device(client, "/circle/here/live/")


def test_every_device_is_told_of_every_tap():
    async def work(evening, circle):
        phone, leader = await telephone(circle, "Ben"), await leading(evening)
        for device in (phone, leader):
            await device.connect()
            await device.event()

        await sync_to_async(lead)(circle, Begin("b", 0))
        told = [await device.event() for device in (phone, leader)]
        await sync_to_async(lead)(circle, Finish("f", 1))
        again = [await device.event() for device in (phone, leader)]

        assert "You are next." in told[0]["data"]
        assert ">Ana<" in told[1]["data"]
        assert "It is your turn. Take your time." in again[0]["data"]
        assert ">Ben<" in again[1]["data"]
        assert [each["event"] for each in (*told, *again)] == ["circle"] * 4
        assert told[0]["id"] == told[1]["id"] != again[0]["id"]

    in_a_loop(work)


def test_device_that_comes_back_gets_the_newest_state_and_nothing_old():
    async def work(evening, circle):
        first = await leading(evening)
        await first.connect()
        seen = (await first.event())["id"]

        await sync_to_async(lead)(circle, Begin("b", 0), Finish("f1", 1), Finish("f2", 2))
        back = await leading(evening)
        await back.connect(seen)
        newest = await back.event()
        assert ">Cleo<" in newest["data"]

        up_to_date = await leading(evening)
        await up_to_date.connect(newest["id"])
        await sync_to_async(lead)(circle, Finish("f3", 3))
        assert "Everybody has had a turn" in (await up_to_date.event())["data"]

    in_a_loop(work)


@pytest.mark.parametrize("nonsense", ["x", "1", "-", "9-9", "1-²", "1-99999999999999999999"])
def test_last_event_that_makes_no_sense_brings_the_state(nonsense):
    async def work(evening, circle):
        device = await leading(evening)
        await device.connect(nonsense)

        assert (await device.event())["event"] == "circle"

    in_a_loop(work)


def test_closed_circle_tells_its_devices_to_go():
    async def work(evening, circle):
        phone = await telephone(circle, "Ben")
        await phone.connect()
        await phone.event()

        await sync_to_async(close_circle)(
            circle=circle, keep=False, by=evening.dolores, at=timezone.now()
        )

        assert (await phone.event())["event"] == "gone"
        assert await (await leading(evening)).connect() == 404

    in_a_loop(work)
    assert latest.readings == {}


def test_telephone_that_was_let_go_is_told_nothing_more():
    async def work(evening, circle):
        phone, other = await telephone(circle, "Ben"), await telephone(circle, "Ana")
        for device in (phone, other):
            await device.connect()
            await device.event()

        await sync_to_async(let_phones_go)(circle=circle, seat=2, by=None, at=timezone.now())

        gone = await phone.event()
        assert (gone["event"], gone["data"]) == ("gone", "")
        assert (await other.event())["event"] == "circle"

    in_a_loop(work)


def shut_out(evening) -> None:
    close_user(user=evening.dolores, by=None, at=timezone.now())


def sign_out_elsewhere(evening) -> None:
    end_sessions(user=evening.dolores)


def take_the_role(evening) -> None:
    evening.dolores.roles.all().delete()


def take_the_group(evening) -> None:
    leading = evening.meeting.group.leaderships.filter(facilitator__user=evening.dolores)
    leading.update(to_on=evening.meeting.group.today(at=timezone.now()))


@pytest.mark.parametrize("end", [shut_out, sign_out_elsewhere, take_the_role, take_the_group])
def test_whoever_may_not_lead_any_more_is_told_nothing_more(end, monkeypatch):
    """Asked about between two signs of life; the other leader's page goes on."""
    monkeypatch.setattr(streams, "ASKED_AGAIN", 0.0)

    async def work(evening, circle):
        page, other = await leading(evening), await leading(evening, evening.leonel)
        for device in (page, other):
            await device.connect()
            await device.event()

        await sync_to_async(end)(evening)
        await sync_to_async(lead)(circle, Begin("a", 0))

        gone = await page.event()
        assert (gone["event"], gone["data"]) == ("gone", "")
        assert (await other.event())["event"] == "circle"

    in_a_loop(work)


def test_a_quiet_page_is_asked_about_with_every_sign_of_life(monkeypatch):
    monkeypatch.setattr(streams, "ASKED_AGAIN", 0.0)
    monkeypatch.setattr(streams, "HEARTBEAT", 0.05)

    async def work(evening, circle):
        page = await leading(evening)
        await page.connect()
        assert (await page.event())["event"] == "circle"
        assert (await page.event())["event"] == "beat"

        await sync_to_async(shut_out)(evening)

        last = await page.event()
        while last["event"] == "beat":
            last = await page.event()
        assert last["event"] == "gone"

    in_a_loop(work)


def test_change_made_by_another_process_is_told_too():
    """As another process would: the row changes and nobody here is woken."""

    async def work(evening, circle):
        board = Board()
        with board.waiting_for(circle.pk) as waiter:
            await asyncio.sleep(0.1)
            waiter.changed.clear()
            await sync_to_async(lead)(circle, Begin("b", 0))
            await asyncio.wait_for(waiter.changed.wait(), A_LONG_WHILE)
            await asyncio.sleep(0)
        board.threads.shutdown()

    in_a_loop(work)


class CountingBoard(Board):
    """Counts how often a circle is read; nobody else's changes are watched for."""

    def __init__(self) -> None:
        super().__init__()
        self.looks = 0

    def _keep_watch(self) -> None:
        pass

    async def run(self, work, *arguments):
        self.looks += work is look
        return await super().run(work, *arguments)


def test_what_a_newcomer_finds_out_the_others_are_told():
    """Another process changed the circle, and a device that just came reads it first."""

    async def work(evening, circle):
        board = CountingBoard()
        latest = Latest(board)
        about = {"organisation": circle.organisation_id}
        with board.waiting_for(circle.pk) as waiter:
            await latest.of(circle.pk, **about, anew=True)
            await sync_to_async(lead)(circle, Begin("b", 0))
            await latest.of(circle.pk, **about, anew=False)
            assert not waiter.changed.is_set()

            newest = await latest.of(circle.pk, **about, anew=True)
            await asyncio.wait_for(waiter.changed.wait(), A_LONG_WHILE)

            told = await latest.of(circle.pk, **about, anew=False)
            assert told.version == newest.version == 2
            waiter.changed.clear()
            await latest.of(circle.pk, **about, anew=True)
            assert not waiter.changed.is_set()
        board.threads.shutdown()

    in_a_loop(work)


class LosesItsDatabaseOnce(Board):
    is_lost = False

    async def run(self, work, *arguments):
        if work is look and not self.is_lost:
            self.is_lost = True
            raise OperationalError
        return await super().run(work, *arguments)


def test_circle_is_read_once_for_each_change_however_many_devices_follow():
    async def work(evening, circle):
        board = CountingBoard()
        latest = Latest(board)

        async def told(*, anew: bool = False):
            asked = (
                latest.of(circle.pk, organisation=circle.organisation_id, anew=anew)
                for _ in range(8)
            )
            found = await asyncio.gather(*asked)
            assert all(each is found[0] for each in found)
            return found[0]

        with board.waiting_for(circle.pk):
            first = await told(anew=True)
            assert await told() is first
            assert board.looks == 1

            await sync_to_async(lead)(circle, Begin("b", 0))
            board.wake(circle.pk)
            second = await told()
            assert await told() is second
            assert (board.looks, second.version) == (2, first.version + 1)

            assert (await told(anew=True)).version == second.version
            assert board.looks == 3
        board.threads.shutdown()

    in_a_loop(work)


def test_reading_that_failed_is_not_told_to_those_who_ask_later():
    async def work(evening, circle):
        board = LosesItsDatabaseOnce()
        latest = Latest(board)
        about = {"organisation": circle.organisation_id, "anew": False}
        with board.waiting_for(circle.pk):
            with pytest.raises(OperationalError):
                await latest.of(circle.pk, **about)
            found = await latest.of(circle.pk, **about)
            assert found.circle_id == circle.pk
        board.threads.shutdown()

    in_a_loop(work)


def test_devices_are_told_to_come_back_one_after_the_other():
    async def work(evening, circle):
        devices = [await telephone(circle, alias) for alias in ("Ana", "Ben", "Cleo")]
        for device in devices:
            await device.connect()
            await device.event()

        assert [device.back for device in devices] == [1000, 1015, 1030]

    in_a_loop(work)


def test_waiting_leaves_nothing_behind():
    async def work(evening, circle):
        board = Board()
        with board.waiting_for(circle.pk):
            assert (board.count(), board.circles()) == (1, [circle.pk])
        assert (board.count(), board.circles()) == (0, [])
        board.threads.shutdown()

    in_a_loop(work)


def test_state_is_read_through_the_wall_of_its_own_organisation():
    evening = make_evening()
    circle = evening.open("Ana")
    elsewhere = make_organisation()

    with as_the_program():
        seen = look(circle.pk, circle.organisation_id)
        unseen = look(circle.pk, elsewhere.pk)

    assert seen.names == {1: "Ana"}
    assert (unseen is None) is (connection.vendor == "postgresql")
