"""A real server with the demo network, and a real browser to walk through it."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, ConsoleMessage, Page, Request, sync_playwright

from tests.browser import BrowserMissing, launch
from tests.migrated import lay_migrated, shared
from tests.serving import serving

HEIGHT = 800


@pytest.fixture(scope="session")
def filled() -> Path:
    """A folder with the demo network as ``goround serve --demo`` fills it, to be copied."""
    return shared("filled", fill)


def fill(folder: Path) -> None:
    # Nothing of one that was broken off.
    shutil.rmtree(folder, ignore_errors=True)
    lay_migrated(folder / "goround.sqlite3")
    with serving(folder, "--demo") as running:
        running.wait_for_address()


@pytest.fixture(scope="session")
def server(filled: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a demo; one for all journeys of a run."""
    folder = tmp_path_factory.mktemp("server")
    shutil.copytree(filled, folder, dirs_exist_ok=True)
    with serving(folder, "--demo") as running:
        yield running.wait_for_address()


# For one module at a time: while Playwright runs, Django's ORM refuses to in the same thread.
@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        try:
            chromium = launch(playwright)
        except BrowserMissing as reason:
            if os.environ.get("CI"):
                pytest.fail(str(reason))
            pytest.skip(str(reason))
        yield chromium
        chromium.close()


@pytest.fixture
def open_browser(browser: Browser, server: str) -> Iterator[Callable[..., Page]]:
    """``open_browser(width=360)``: an empty page of somebody new, with cookies of their own.

    Addresses are relative: ``page.goto("/sign-in/")``. At the end of the test, whatever a page
    said to the console as an error, threw, or asked of another host fails the test.
    """
    complaints: list[str] = []
    contexts = []

    def note_console(message: ConsoleMessage) -> None:
        if message.type == "error":
            complaints.append(f"console: {message.text}")

    def note_request(request: Request) -> None:
        address = urlsplit(request.url)
        if address.scheme in {"http", "https"} and address.netloc != urlsplit(server).netloc:
            complaints.append(f"asked elsewhere: {request.url}")

    def open_one(*, width: int = 1280, javascript: bool = True) -> Page:
        context = browser.new_context(
            base_url=server,
            viewport={"width": width, "height": HEIGHT},
            java_script_enabled=javascript,
            reduced_motion="reduce",
        )
        context.set_default_timeout(15_000)
        contexts.append(context)
        page = context.new_page()
        page.on("console", note_console)
        page.on("pageerror", lambda error: complaints.append(f"threw: {error}"))
        page.on("request", note_request)
        return page

    yield open_one
    for context in contexts:
        context.close()
    assert not complaints, "\n".join(complaints)
