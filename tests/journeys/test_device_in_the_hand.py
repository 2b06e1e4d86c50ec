"""A device somebody else may take up: leaving fast, Back, a page left alone, no connection.

In a real browser, against the running product. The neutral page is a server of the test's own.
"""

from __future__ import annotations

import subprocess
import time
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import pytest
from playwright.sync_api import Browser, BrowserContext, Error, Page, Route, expect

from tests.migrated import lay_migrated
from tests.serving import GOROUND, environment, serving

CANARY = "canary-ana"
PASSPHRASE = "six words that nobody would guess"
PEOPLE = f"""
from django.utils import timezone
from goround.apps.accounts.services import create_user
from tests.make import make_network, make_organisation, make_programme
from goround.apps.organisations.models import RoleAssignment
host = make_organisation(name="{CANARY} house", slug="host", network=make_network())
make_programme(host, name="{CANARY} programme", door="door")
ana = create_user(
    handle="ana", passphrase="{PASSPHRASE}", by=None, at=timezone.now(), shown_as="{CANARY}"
)
RoleAssignment.objects.create(user=ana, role="coordinator", organisation=host)
"""


class Neutral(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "text/html")
        self.end_headers()
        self.wfile.write(b"<!doctype html><title>Weather</title><h1>Sunny</h1>")

    def log_message(self, *said: object) -> None:
        """Nothing on the test's output."""


@pytest.fixture(scope="module")
def neutral() -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), Neutral)
    thread = Thread(target=server.serve_forever)
    thread.start()
    yield f"http://localhost:{server.server_port}/"
    server.shutdown()
    thread.join()
    server.server_close()


def start(folder: Path, neutral: str, **changes: str) -> dict[str, str]:
    changes |= {"GOROUND_QUICK_EXIT_URL": neutral, "GOROUND_SECRET_KEY": "k" * 60}
    env = environment(folder, **changes) | {"PYTHONPATH": str(Path(__file__).parents[2])}
    lay_migrated(folder / "goround.sqlite3")
    subprocess.run([GOROUND, "shell", "-v", "0", "-c", PEOPLE], env=env, check=True)
    return changes


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory, neutral: str) -> Iterator[str]:
    folder = tmp_path_factory.mktemp("device")
    with serving(folder, **start(folder, neutral)) as running:
        yield running.wait_for_address()


@pytest.fixture
def open_context(browser: Browser, site: str) -> Iterator[Callable[..., BrowserContext]]:
    contexts = []

    def open_one(**options: object) -> BrowserContext:
        context = browser.new_context(base_url=site, **options)
        context.set_default_timeout(15_000)
        contexts.append(context)
        return context

    yield open_one
    for context in contexts:
        context.close()


def sign_in(page: Page) -> None:
    page.goto("/sign-in/")
    page.get_by_label("Handle").fill("ana")
    page.get_by_label("Passphrase").fill(PASSPHRASE)
    page.get_by_role("button", name="Sign in", exact=True).click()
    page.wait_for_url("**/o/host/")
    page.goto("/o/host/waiting/")
    assert CANARY in page.content()


def press_shift_three_times(page: Page) -> None:
    for _time in range(3):
        page.keyboard.press("Shift")


def tap_leave(page: Page) -> None:
    page.get_by_role("link", name="Leave now").click()


def stored(page: Page) -> str:
    return page.evaluate(
        "JSON.stringify([{...localStorage}, {...sessionStorage}, document.cookie])"
    )


def assert_nothing_is_left(page: Page, neutral: str) -> None:
    """Back, as often as there is a page: nothing of ours is ever in sight."""
    for _time in range(4):
        page.go_back(wait_until="commit")
        page.wait_for_timeout(300)
        if not page.url.startswith("http"):
            break
        shown = content_of(page)
        assert CANARY not in shown
        assert "Who to call" not in shown
    page.goto("/o/host/waiting/")
    assert "/sign-in/" in page.url
    assert CANARY not in content_of(page)
    assert CANARY not in stored(page)


def content_of(page: Page) -> str:
    """What the page holds, once it goes nowhere else; some pages send on at once."""
    for _time in range(30):
        try:
            return page.content()
        except Error:
            page.wait_for_timeout(100)
    return page.content()


@pytest.mark.parametrize("how", [press_shift_three_times, tap_leave])
def test_leaving_shows_the_neutral_page_and_back_shows_nothing(open_context, neutral, how):
    page = open_context().new_page()
    sign_in(page)
    page.goto("/crisis/")
    page.goto("/o/host/")

    how(page)

    page.wait_for_url(neutral)
    expect(page.get_by_role("heading", name="Sunny")).to_be_visible()
    assert_nothing_is_left(page, neutral)


def test_leaving_works_without_javascript(open_context, neutral):
    page = open_context(java_script_enabled=False).new_page()
    sign_in(page)

    tap_leave(page)

    page.wait_for_url(neutral)
    page.go_back()
    assert CANARY not in page.content()


def test_leaving_takes_the_other_tabs_along(open_context, neutral):
    context = open_context()
    page, other = context.new_page(), context.new_page()
    sign_in(page)
    other.goto("/o/host/")

    press_shift_three_times(page)

    other.wait_for_url(neutral)


def test_leaving_works_before_anything_else_of_the_page_is_there(open_context, neutral):
    """None of the other scripts ever arrives, nor does a worker that has kept them."""
    page = open_context(service_workers="block").new_page()
    sign_in(page)
    held = []

    def hold(route: Route) -> None:
        held.append(route.request.url)

    for kind in ("**/htmx*.js", "**/frame.js", "**/idle.js", "**/offline.js"):
        page.route(kind, hold)
    page.goto("/o/host/waiting/", wait_until="commit")
    page.get_by_role("heading", name="Waiting").wait_for()
    assert len(held) == 4

    press_shift_three_times(page)

    page.wait_for_url(neutral)


def test_the_page_is_gone_before_the_neutral_one_is_there(open_context, neutral):
    page = open_context().new_page()
    sign_in(page)

    shown, title = page.evaluate(
        """() => {
          for (let time = 0; time < 3; time += 1) {
            document.dispatchEvent(new KeyboardEvent("keydown", { key: "Shift" }));
          }
          return [getComputedStyle(document.documentElement).display, document.title];
        }"""
    )

    assert (shown, title) == ("none", "\u200b")
    page.wait_for_url(neutral)


def test_escape_stays(open_context):
    page = open_context().new_page()
    sign_in(page)
    for _time in range(3):
        page.keyboard.press("Escape")
    page.keyboard.press("Shift")
    page.keyboard.press("Shift")
    page.keyboard.press("a")
    page.keyboard.press("Shift")
    page.wait_for_timeout(300)

    assert page.url.endswith("/o/host/waiting/")


def test_coming_back_on_purpose_works_in_the_same_tab(open_context, neutral):
    page = open_context().new_page()
    sign_in(page)
    tap_leave(page)
    page.wait_for_url(neutral)

    sign_in(page)

    assert CANARY in page.content()


def test_signing_out_and_back_shows_nothing(open_context):
    page = open_context().new_page()
    sign_in(page)
    page.locator("summary", has_text="Your menu").click()
    page.get_by_role("button", name="Sign out").click()
    page.wait_for_url("**/")

    for _time in range(3):
        page.go_back(wait_until="load")
        assert CANARY not in page.content()


def test_a_page_left_alone_hides_itself(open_context):
    page = open_context().new_page()
    page.clock.install()
    sign_in(page)
    expect(page.get_by_text("Nobody touched this page")).to_be_hidden()
    page.clock.run_for(29.5 * 60_000)
    expect(page.get_by_text("Nobody touched this page")).to_be_visible()
    page.mouse.click(5, 300)
    expect(page.get_by_text("Nobody touched this page")).to_be_hidden()

    page.clock.run_for(29.9 * 60_000)
    page.clock.run_for(12_000)

    page.wait_for_url("**/sign-in/")
    page.go_back(wait_until="load")
    assert CANARY not in page.content()
    assert CANARY not in stored(page)


def test_whom_to_call_is_there_without_a_connection_and_nothing_else(open_context):
    context = open_context()
    page = context.new_page()
    sign_in(page)
    until(lambda: page.evaluate("navigator.serviceWorker.ready.then(() => true)"))
    page.reload()
    context.set_offline(True)

    page.goto("/o/host/waiting/")
    expect(page.get_by_role("heading", name="No connection")).to_be_visible()
    assert CANARY not in page.content()
    page.get_by_role("link", name="Who to call now").click()
    expect(page.get_by_role("heading", name="Who to call now")).to_be_visible()
    assert page.get_by_role("link", name="988").is_visible()
    assert CANARY not in page.content()
    # With its styles: the way out is a button at the top, not a line of text.
    assert page.locator(".leave").evaluate("e => getComputedStyle(e).borderStyle") == "solid"

    kept = page.evaluate(
        """async () => {
          const texts = [];
          for (const name of await caches.keys()) {
            const shelf = await caches.open(name);
            for (const asked of await shelf.keys()) {
              texts.push(asked.url, await (await shelf.match(asked)).text());
            }
          }
          return texts.join("\\n");
        }"""
    )
    assert "/crisis/" in kept
    assert CANARY not in kept
    assert "/o/host" not in kept
    context.set_offline(False)


@pytest.mark.parametrize("start", ["/", "/sign-in/", "/join/door/", "/o/host/", "/nowhere/"])
def test_whom_to_call_is_two_taps_away_at_most(open_context, start):
    page = open_context().new_page()
    sign_in(page)
    page.goto(start)

    page.get_by_role("link", name="In danger or in crisis?").click()

    expect(page.get_by_role("heading", name="Who to call now")).to_be_visible()


def until(true: Callable[[], object], *, seconds: float = 10) -> None:
    give_up_at = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < give_up_at
        time.sleep(0.1)
