"""An evening in three browsers: the leading device, a parent's telephone, a second leader.

Devices lose their network, the leading one dies, the server is killed in the middle of a
turn. Nobody loses their place.
"""

from __future__ import annotations

import os
import shutil
import signal
import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.journeys.accessibility import assert_accessible
from tests.journeys.wire import Wire
from tests.serving import Serving, serving

PASSPHRASE = "chairs in a circle for everybody"
WAITS = 30_000


@pytest.fixture
def port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        number: int = free.getsockname()[1]
        return number


@pytest.fixture
def wire(port: int) -> Iterator[Wire]:
    line = Wire(port)
    yield line
    line.close()


@contextmanager
def server(folder: Path, port: int) -> Iterator[Serving]:
    """Always the same address and key, so that browsers come back to what they know."""
    key = "the same key before and after the server was killed"
    with serving(folder, "--demo", "--port", str(port), GOROUND_SECRET_KEY=key) as running:
        running.wait_for_address()
        yield running


@pytest.fixture
def open_device(browser: Browser, port: int) -> Iterator[Callable[..., Page]]:
    contexts = []

    def open_one(width: int = 360, *, javascript: bool = True, through: Wire | None = None) -> Page:
        context = browser.new_context(
            base_url=f"http://localhost:{through.port if through else port}",
            viewport={"width": width, "height": 780},
            reduced_motion="reduce",
            java_script_enabled=javascript,
        )
        context.set_default_timeout(WAITS)
        contexts.append(context)
        return context.new_page()

    yield open_one
    for context in contexts:
        context.close()


def sign_in(page: Page) -> None:
    page.goto("/sign-in/")
    page.get_by_label("Handle").fill("practitioner")
    page.get_by_label("Passphrase").fill(PASSPHRASE)
    page.get_by_role("main").get_by_role("button", name="Sign in").click()


def open_circle(page: Page) -> str:
    """From the demo's page of today to a circle of three; the code that lets devices in."""
    page.get_by_role("link", name="Go-round").click()
    assert_accessible(page)
    for member in page.locator("input[name=present]").all():
        member.uncheck(force=True)
    for number, name in enumerate(("Ana", "Ben", "Cleo")):
        page.locator("input[name=newcomer]").nth(number).fill(name)
    page.get_by_role("button", name="Sit down in a circle").click()
    page.get_by_text("Telephones, and a device on the table").click()
    assert_accessible(page)
    code = page.locator(".circle-code").text_content() or ""
    return code.strip()


def join(page: Page, code: str, alias: str) -> None:
    page.goto("/circle/#" + code.replace(" ", ""))
    page.get_by_label("What may we call you?").fill(alias)
    page.get_by_role("button", name="Take my seat").click()
    expect(page.get_by_text("You have a seat.")).to_be_visible(timeout=WAITS)
    assert_accessible(page)


def shows(page: Page, words: str) -> None:
    expect(page.locator("[data-version]")).to_contain_text(words, timeout=WAITS)


def turn_of(page: Page, name: str) -> None:
    expect(page.locator(".circle-name")).to_have_text(name, timeout=WAITS)


def kill_web_process(running: Serving) -> None:
    for pid in running.processes():
        command = Path(f"/proc/{pid}/cmdline").read_bytes()
        if b"goround.config.child\0web" in command:
            os.kill(pid, signal.SIGKILL)
    running.process.wait(timeout=WAITS / 1000)


def test_nobody_loses_their_place(
    filled: Path, tmp_path: Path, port: int, wire: Wire, open_device: Callable[..., Page]
) -> None:
    shutil.copytree(filled, tmp_path, dirs_exist_ok=True)
    with server(tmp_path, port) as running:
        table, phone, tablet = open_device(1024), open_device(through=wire), open_device()
        sign_in(table)
        code = open_circle(table)
        join(phone, code, "Cleo")
        assert "#" not in phone.url

        table.get_by_role("button", name="Begin").click()
        turn_of(table, "Ana")
        shows(phone, "Ana is speaking.")

        # The telephone loses its network while the circle goes on, and finds it again.
        wire.cut()
        table.get_by_role("button", name="Next").click()
        turn_of(table, "Ben")
        expect(phone.get_by_text("No connection.")).to_be_visible(timeout=WAITS)
        shows(phone, "Ana is speaking.")
        wire.mend()
        shows(phone, "You are next.")
        expect(phone.get_by_text("No connection.")).to_be_hidden(timeout=WAITS)

        # A tap without a network arrives later, once.
        table.get_by_role("button", name="Next").click()
        shows(phone, "It is your turn. Take your time.")
        assert_accessible(phone)
        wire.cut()
        phone.get_by_role("button", name="I pass").click()
        phone.get_by_role("button", name="I pass").click()
        turn_of(table, "Cleo")
        wire.mend()
        shows(phone, "Would you like to say something now?")
        shows(table, "They passed before.")

        # The leading device dies; another one leads on.
        sign_in(tablet)
        tablet.get_by_role("link", name="Go-round").click()
        turn_of(tablet, "Cleo")
        table.context.close()
        tablet.get_by_role("button", name="Lead from here").click()
        tablet.get_by_role("button", name="Undo").click()
        turn_of(tablet, "Cleo")
        shows(phone, "It is your turn. Take your time.")

        # The server is killed in the middle of a turn.
        kill_web_process(running)
        expect(phone.get_by_text("No connection.")).to_be_visible(timeout=WAITS)

    with server(tmp_path, port):
        expect(phone.get_by_text("No connection.")).to_be_hidden(timeout=WAITS)
        shows(phone, "It is your turn. Take your time.")
        turn_of(tablet, "Cleo")
        phone.get_by_role("button", name="I am done").click()
        shows(phone, "Everybody has had a turn.")
        shows(tablet, "Everybody has had a turn")
        assert_accessible(tablet)

        # Without scripts the same circle, by forms and a page that asks again.
        plain = open_device(javascript=False)
        plain.goto("/circle/")
        plain.get_by_label("The code").fill(code)
        plain.get_by_label("What may we call you?").fill("Dora")
        plain.get_by_role("button", name="Take my seat").click()
        tablet.get_by_role("button", name="Go on").click()
        turn_of(tablet, "Dora")
        shows(plain, "It is your turn. Take your time.")
        plain.get_by_role("button", name="I am done").click()
        shows(tablet, "Everybody has had a turn")

        tablet.get_by_role("link", name="Close the go-round").click()
        close = tablet.get_by_role("button", name="Close, and keep nothing")
        close.wait_for()
        assert_accessible(tablet)
        close.click()
        expect(phone.get_by_role("heading", name="This circle is closed")).to_be_visible(
            timeout=WAITS
        )
