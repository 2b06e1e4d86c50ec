"""Twenty minutes without a signal: the roll goes on, and everything arrives exactly once.

In a real browser, against the running product, with the network switched off under the page.
"""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Locator, Page, Route, expect

from goround.domain.children.adults import words_of
from tests.journeys.accessibility import assert_accessible
from tests.migrated import lay_migrated
from tests.serving import GOROUND, environment, serving

expect.set_options(timeout=60_000)

PASSPHRASE = "six words that nobody would guess"
PEOPLE = f"""
from datetime import timedelta
from django.utils import timezone
from goround.apps.accounts.services import create_user
from goround.apps.children.barring import bar
from goround.apps.children.services import list_adult
from goround.apps.groups.models import Leadership
from goround.apps.organisations.models import RoleAssignment
from tests.make import (
    make_facilitator, make_group, make_leadership, make_meeting, make_membership,
    make_organisation, make_programme,
)
from tests.make_children import make_child
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
    kai = make_facilitator(host, user=user)
    make_leadership(group, kai)

# An evening with children, with a leader of their own.
circle = make_group(make_programme(host, "circle-of-parents"), name="Open circle")
make_meeting(circle, starts_at=now - timedelta(minutes=40))
for alias in ("Quiet Cedar", "Blue Door"):
    make_membership(circle, alias=alias, joined_on=now.date() - timedelta(days=9))
make_leadership(circle, kai)
tomas = create_user(
    handle="tomas", passphrase="{PASSPHRASE}", by=None, at=now, shown_as="Tomas"
)
RoleAssignment.objects.create(user=tomas, role="childrens-leader", organisation=host)
part = Leadership.Part.CHILDRENS_LEADER
make_leadership(circle, make_facilitator(host, user=tomas), part=part)
day = dict(by=tomas, at=now)
leo = make_child(circle, "Leo", band="3-5", adult="Canary Cedar", allergies="Canary nuts", **day)
bar(children=[leo], name="Victor Salas", reason="Canary", authorised_by="Ruth", **day)
mia = make_child(circle, "Mia", band="0-2", adult="Canary Omar", **day)
list_adult(child=mia, name="Aunt Rosa", until=circle.today(at=now) + timedelta(days=1), **day)
make_child(circle, "Captain", band="0-2", adult="Canary Dawn", **day)
make_child(circle, "Little Star", band="0-2", adult="Canary Brisa", **day)
"""
ROLL, OTHER_ROLL, CIRCLE_ROLL = (f"/o/host/run/meetings/{number}/roll/" for number in (1, 2, 3))
CHILDREN = "/o/host/children/3/"
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
    lay_migrated(folder / "goround.sqlite3")
    subprocess.run([GOROUND, "shell", "-v", "0", "-c", PEOPLE], env=env, check=True)
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


def child(page: Page, alias: str) -> Locator:
    return page.locator("[data-child-list] li", has_text=alias)


def tap_child(page: Page, what: str, alias: str, adult: str, *ticks: str) -> None:
    """Somebody stands there for a child; the leader asks who it is, and types it."""
    page.get_by_role("button", name=f"{what} {alias}", exact=True).click()
    dialog = page.locator("[data-child-ask]")
    dialog.get_by_label("Name of the adult").fill(adult)
    for tick in ticks:
        dialog.get_by_label(tick).check()
    dialog.locator("[data-child-ask-yes]").click()


def here(page: Page, *aliases: str) -> None:
    expect(page.locator("[data-child-here] [data-child-name]")).to_have_text(list(aliases))


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


def test_an_evening_with_children_without_a_signal(browser, site, device):
    """Two aliases, a head-count, four children, one adult who may not collect; both away."""
    minutes = timedelta(minutes=20)
    device.clock.install(time=datetime.now(UTC) - minutes)
    page = device.new_page()
    sign_in(page, "tomas")
    page.goto(CHILDREN)
    page.get_by_role("button", name="Begin").click()
    page.get_by_role("link", name="Take the children's list").click()
    assert_accessible(page)
    page.get_by_role("button", name="Take the list with me").click()
    page.wait_for_url("**/kept/")
    device.set_offline(True)
    assert "Canary" not in page.evaluate(EVERYTHING)
    names = ["Zoë Ä. Strauß-Öz", "ΟΔΥΣΣΕΥΣ", "  ana   ANA", "İnci O'Neil", "Nguyễn 2"]
    found = page.evaluate(
        "async (names) => (await import(document.querySelector('script[src*=kept]')"
        ".src.replace('kept.js', 'adult-names.js')).then((all) => names.map(all.wordsOf)))",
        names,
    )
    assert found == [sorted(words_of(name)) for name in names]

    tap_child(page, "Sign in", "Leo", "canary cédar")
    tap_child(page, "Sign in", "Captain", "Dawn, Canary")
    tap_child(page, "Sign in", "Mia", "Somebody")
    expect(page.get_by_text("They are not on the child's list for today.")).to_be_visible()
    page.get_by_label("Name of the adult").fill("Aunt Rosa")
    page.locator("[data-child-ask-yes]").click()
    here(page, "Captain", "Leo", "Mia")
    tap_child(page, "Sign in", "Little Star", "Canary Brisa")
    expect(page.get_by_text("Say what you do about it.")).to_be_visible()
    assert_accessible(page)
    page.get_by_label("somebody comes to help now").check()
    page.locator("[data-child-ask-yes]").click()
    here(page, "Captain", "Leo", "Little Star", "Mia")
    too_few = page.locator("[data-child-too-few-words]")
    expect(too_few).to_have_text("Too few adults. Needed: 2. With the children: 1.")
    waiting(page, 4)
    page.get_by_role("button", name="Something to know Leo").click()
    expect(page.get_by_role("dialog")).to_contain_text("Canary nuts")
    page.get_by_role("button", name="Back to the children").click()
    assert "Canary" not in page.evaluate(EVERYTHING)
    assert_accessible(page)

    device.clock.fast_forward(minutes)
    page.reload()
    tap_child(page, "Sign out", "Leo", "Victor", "the parent stood beside them and said yes")
    expect(page.get_by_role("heading", name="Keep with you: Leo")).to_be_visible()
    assert_accessible(page)
    page.get_by_role("button", name="Back to the children").click()
    tap_child(page, "Sign out", "Mia", "Aunt Rosa", "I know them")
    tap_child(page, "Sign out", "Captain", "Canary Dawn", "the code was right")
    expect(page.get_by_text("This is not the family's code.")).to_be_visible()
    page.locator("[data-child-ask]").get_by_role("button", name="Back").click()
    here(page, "Captain", "Leo", "Little Star")
    waiting(page, 7)

    other = browser.new_context(base_url=site, viewport={"width": 360, "height": 800})
    roll = other.new_page()
    sign_in(roll, "kai")
    roll.goto(CIRCLE_ROLL)
    roll.get_by_role("link", name="Take this meeting with you").click()
    roll.get_by_role("button", name="Take this meeting with me").click()
    roll.wait_for_url("**/kept/")
    other.set_offline(True)
    seat(roll, "Quiet Cedar").click()
    seat(roll, "Blue Door").click()
    roll.get_by_label("Parents without a name", exact=True).fill("3")
    roll.get_by_label("Parents without a name", exact=True).press("Tab")
    waiting(roll, 3)

    other.set_offline(False)
    device.set_offline(False)
    waiting(roll, 0)
    waiting(page, 0)
    roll.goto(CIRCLE_ROLL)
    expect(roll.get_by_text("2 by name, 3 counted")).to_be_visible()
    other.close()
    page.goto(CHILDREN)
    expect(page.get_by_role("heading", name="Here now 3")).to_be_visible()
    expect(page.get_by_text("with Aunt Rosa; handed over by Tomas")).to_be_visible()
    expect(page.get_by_text("Some marks need a person")).to_have_count(0)


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
