"""Twenty minutes without a signal: the roll goes on, and everything arrives exactly once.

In a real browser, against the running product, with the network switched off under the page.
"""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Locator, Page, Route, expect

from tests.journeys.accessibility import assert_accessible
from tests.serving import GOROUND, environment, serving

expect.set_options(timeout=60_000)

PASSPHRASE = "six words that nobody would guess"
PEOPLE = f"""
from datetime import timedelta
from django.utils import timezone
from goround.apps.accounts.services import create_user
from goround.apps.organisations.models import RoleAssignment
from tests.make import (
    make_facilitator, make_group, make_leadership, make_meeting, make_membership,
    make_organisation, make_programme,
)
now = timezone.now()
host = make_organisation(name="Canary house", slug="host")
group = make_group(make_programme(host, name="Canary programme"), name="Canary group")
for minutes in (20, 40):
    make_meeting(group, starts_at=now - timedelta(minutes=minutes))
for alias in ("Canary Ana", "Canary Ben", "Canary Cy"):
    make_membership(group, alias=alias, joined_on=now.date() - timedelta(days=9))
for handle in ("rosa", "kai"):
    user = create_user(
        handle=handle, passphrase="{PASSPHRASE}", by=None, at=now, shown_as=handle.title()
    )
    RoleAssignment.objects.create(user=user, role="facilitator", organisation=host)
    make_leadership(group, make_facilitator(host, user=user))
"""
ROLL, OTHER_ROLL = (f"/o/host/run/meetings/{number}/roll/" for number in (1, 2))
EVERYTHING = """async () => {
  const texts = [JSON.stringify({...localStorage}), JSON.stringify({...sessionStorage})];
  const show = (what) => {
    if (what instanceof ArrayBuffer || ArrayBuffer.isView(what)) {
      texts.push(new TextDecoder().decode(what));
    } else if (what && typeof what === "object") Object.values(what).forEach(show);
    else texts.push(String(what));
  };
  for (const { name } of await indexedDB.databases()) {
    const base = await new Promise((done) => {
      indexedDB.open(name).onsuccess = (event) => done(event.target.result);
    });
    for (const store of base.objectStoreNames) {
      const rows = base.transaction(store).objectStore(store).getAll();
      show(await new Promise((done) => { rows.onsuccess = () => done(rows.result); }));
    }
    base.close();
  }
  for (const name of await caches.keys()) {
    const shelf = await caches.open(name);
    for (const asked of await shelf.keys()) {
      texts.push(asked.url, await (await shelf.match(asked)).text());
    }
  }
  return texts.join("\\n");
}"""


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    folder = tmp_path_factory.mktemp("signal")
    changes = {"GOROUND_SECRET_KEY": "k" * 60}
    env = environment(folder, **changes) | {"PYTHONPATH": str(Path(__file__).parents[2])}
    for command in (["migrate", "-v", "0"], ["shell", "-v", "0", "-c", PEOPLE]):
        subprocess.run([GOROUND, *command], env=env, check=True)
    with serving(folder, **changes) as running:
        yield running.wait_for_address()


@pytest.fixture
def device(browser: Browser, site: str) -> Iterator[BrowserContext]:
    context = browser.new_context(base_url=site, viewport={"width": 360, "height": 800})
    context.set_default_timeout(30_000)
    yield context
    context.close()


def sign_in(page: Page, handle: str, *, is_shared: bool = False) -> None:
    page.goto("/sign-in/")
    page.get_by_label("Handle").fill(handle)
    page.get_by_label("Passphrase").fill(PASSPHRASE)
    if is_shared:
        page.get_by_label("Other people use this device too").check()
    page.get_by_role("button", name="Sign in", exact=True).click()
    page.wait_for_url("**/run/")


def take_along(page: Page, roll: str) -> None:
    page.goto(roll)
    page.get_by_role("link", name="Take this meeting with you").click()
    page.get_by_role("button", name="Take this meeting with me").click()
    page.wait_for_url("**/kept/")
    expect(seat(page, "Canary Ana")).to_be_visible()


def seat(page: Page, alias: str) -> Locator:
    return page.locator("[data-seats] .seat", has_text=alias)


def waiting(page: Page, number: int) -> None:
    expect(page.locator("[data-waiting-list] > li")).to_have_count(number)


def test_twenty_minutes_without_a_signal(device):
    page = device.new_page()
    sign_in(page, "rosa")
    take_along(page, ROLL)
    device.set_offline(True)

    seat(page, "Canary Ana").click()
    waiting(page, 1)
    seat(page, "Canary Ben").click()
    waiting(page, 2)
    page.get_by_label("Somebody new").fill("Kim")
    page.get_by_role("button", name="Add").click()
    waiting(page, 3)
    page.get_by_label("Parents without a name", exact=True).fill("4")
    page.get_by_label("Parents without a name", exact=True).press("Tab")
    waiting(page, 4)
    assert_accessible(page)
    page.close()

    page = device.new_page()
    page.goto("/kept/")
    expect(page.get_by_text("No signal. What you tap is kept here.")).to_be_visible()
    waiting(page, 4)
    expect(seat(page, "Kim").get_by_role("checkbox")).to_be_checked()
    page.get_by_text("Meeting guide").click()
    expect(page.locator("[data-guide] > li").first).to_be_visible()
    page.locator("[data-waiting-list] > li", has_text="Ben").get_by_role("button").click()
    waiting(page, 3)
    expect(seat(page, "Canary Ben").get_by_role("checkbox")).not_to_be_checked()
    seat(page, "Canary Cy").click()
    waiting(page, 4)

    lost: list[str] = []

    def lose_the_first_answer(route: Route) -> None:
        """The server gets it, and the device never learns."""
        if lost:
            route.continue_()
            return
        lost.append(route.request.post_data or "")
        route.fetch()
        route.abort()

    page.route("**/marks/", lose_the_first_answer)
    device.set_offline(False)
    expect(page.get_by_text("Everything is sent.")).to_be_visible()
    waiting(page, 0)
    assert len(lost) == 1

    page.goto(ROLL)
    expect(page.get_by_text("3 by name, 4 counted")).to_be_visible()
    there = page.locator(".there > li").all_inner_texts()
    assert there == ["Canary Ana", "Canary Cy", "Kim"]


def test_a_shared_device_keeps_nothing_that_the_next_person_can_read(device):
    page = device.new_page()
    sign_in(page, "rosa", is_shared=True)
    take_along(page, OTHER_ROLL)
    device.set_offline(True)
    seat(page, "Canary Ben").click()
    waiting(page, 1)
    assert "Canary" not in page.evaluate(EVERYTHING)
    device.set_offline(False)
    waiting(page, 0)
    device.set_offline(True)
    seat(page, "Canary Cy").click()
    waiting(page, 1)

    page.keyboard.press("Shift")
    page.keyboard.press("Shift")
    page.route("**/*", lambda route: route.abort())
    page.keyboard.press("Shift")
    page.close()
    device.set_offline(False)

    device.clear_cookies()
    page = device.new_page()
    sign_in(page, "kai")
    page.goto("/kept/")
    expect(page.get_by_text("Marks that wait, locked: 1")).to_be_visible()
    assert "Canary" not in page.content()
    assert "Canary" not in page.evaluate(EVERYTHING)
    assert page.evaluate("localStorage.getItem('kept')") in (None, "{}")

    device.clear_cookies()
    sign_in(page, "rosa")
    page.goto("/kept/")
    waiting(page, 0)
    expect(page.get_by_text("Nothing is kept here")).to_be_visible()
    page.goto(OTHER_ROLL)
    expect(page.locator(".there > li")).to_have_text(["Canary Ben", "Canary Cy"])
