"""The main job, end to end: from a list of waiting parents to groups that meet."""

from __future__ import annotations

import re
from collections.abc import Callable
from importlib import resources

from playwright.sync_api import Page, expect

from tests.journeys.accessibility import assert_accessible

PASSPHRASE = "chairs in a circle for everybody"
LISTS = resources.files("goround.apps.demo") / "data" / "la-414"
HOST = "/o/practice-house"
PHONE = 360
# Milliseconds: ten seconds of search, and the first time its inner loops are compiled.
FOR_THE_SEARCH = 120_000

OpenBrowser = Callable[..., Page]


def sign_in(page: Page, handle: str) -> None:
    page.goto("/sign-in/")
    page.get_by_label("Handle").fill(handle)
    page.get_by_label("Passphrase").fill(PASSPHRASE)
    page.get_by_role("main").get_by_role("button", name="Sign in", exact=True).click()
    expect(page.get_by_label("Passphrase")).to_have_count(0)


def import_list(page: Page, kind: str, rows: int) -> None:
    page.goto(f"{HOST}/imports/")
    page.locator("[name=file]").set_input_files(str(LISTS / f"{kind}.csv"))
    page.locator(f"[name=kind][value={kind}]").check()
    assert_accessible(page)
    page.get_by_role("button", name="Read the list").click()
    page.get_by_role("button", name=f"Save {rows} rows").click()
    expect(page.get_by_text("Saved", exact=True)).to_be_visible(timeout=60_000)
    assert_accessible(page)


def figures(page: Page) -> str:
    return page.locator("#state").inner_text()


def test_from_a_list_to_groups_that_meet(open_browser: OpenBrowser) -> None:
    page = open_browser()
    sign_in(page, "coordinator")
    assert_accessible(page)

    # She imports her lists. Nothing is saved before she saw what they would change.
    import_list(page, "venues", 19)
    import_list(page, "facilitators", 138)
    import_list(page, "parents", 414)
    page.goto(f"{HOST}/waiting/")
    expect(page.get_by_role("main")).to_contain_text("414 waiting")
    assert_accessible(page)

    # She asks for groups, and watches them being found.
    page.goto(f"{HOST}/rounds/new/")
    assert_accessible(page)
    page.get_by_label("How long to look").select_option("10")
    page.get_by_role("button", name="Look for groups").click()
    expect(page.get_by_role("heading", name="Looking for groups")).to_be_visible()
    assert_accessible(page)
    accept = page.get_by_role("link", name="Accept", exact=True)
    expect(accept).to_be_visible(timeout=FOR_THE_SEARCH)
    assert_accessible(page)
    proposed, round_address = figures(page), page.url

    # She moves one parent, sees at once what that costs, and undoes it.
    page.locator(".round-cards a[href*='/parents/']").first.click()
    assert_accessible(page)
    page.get_by_role("button", name=re.compile("^Move here")).first.click()
    page.goto(round_address)
    expect(page.locator("#last")).to_contain_text(re.compile(r"km|Costs|cost"))
    assert figures(page) != proposed
    page.get_by_role("button", name="Undo").click()
    expect(page.locator("#state")).to_have_text(proposed, use_inner_text=True)
    assert_accessible(page)

    # She sees who could change places, and asks what would help those left over.
    page.get_by_role("link", name=re.compile("^Could somebody sit elsewhere")).first.click()
    expect(page.get_by_role("heading", name="Could somebody sit elsewhere?")).to_be_visible()
    assert_accessible(page)
    page.goto(round_address)
    page.get_by_role("link", name="What would help most").click()
    page.get_by_role("button", name="Work it out").click()
    expect(page.get_by_role("heading", name="Trying one idea after the other")).to_be_visible()
    assert_accessible(page)
    page.get_by_role("button", name="Stop and keep what was tried").click()
    expect(page.get_by_role("button", name="Work it out")).to_be_visible(timeout=FOR_THE_SEARCH)
    assert_accessible(page)
    page.goto(round_address)
    expect(page.locator("#state")).to_have_text(proposed, use_inner_text=True)

    # She accepts: groups, their meetings, and an invitation drafted for each parent.
    accept.click()
    assert_accessible(page)
    make = page.get_by_role("button", name=re.compile(r"^Make \d+ groups"))
    made = int(re.findall(r"\d+", make.inner_text())[0])
    make.click()
    expect(page.get_by_text("This round was accepted")).to_be_visible()
    page.goto(f"{HOST}/groups/")
    expect(page.get_by_role("main")).to_contain_text(str(made))
    assert_accessible(page)
    page.locator("main a[href*='/groups/']").filter(has_not_text="Add").first.click()
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    assert_accessible(page)


def test_facilitator_records_tonight_on_a_phone(open_browser: OpenBrowser) -> None:
    phone = open_browser(width=PHONE)
    sign_in(phone, "facilitator")
    assert_accessible(phone)

    phone.locator("main a[href$='/roll/']").first.click()
    assert_accessible(phone)
    seats = phone.locator(".seats label")
    for place in range(4):
        seats.nth(place).click()
    phone.get_by_role("button", name="Save", exact=True).last.click()
    expect(phone.get_by_role("main")).to_contain_text("4")
    assert_accessible(phone)

    # Back and once more: the same list again changes nothing.
    phone.reload()
    expect(phone.get_by_role("main")).to_contain_text("4")
    width = phone.evaluate("document.documentElement.scrollWidth")
    assert width == PHONE


def test_network_officer_opens_the_month_and_the_snapshot(open_browser: OpenBrowser) -> None:
    page = open_browser()
    sign_in(page, "network")

    page.goto("/n/la-circles-demo/month/")
    expect(page.get_by_role("main")).to_contain_text("Children's Circle Los Angeles")
    assert_accessible(page)

    page.goto("/n/la-circles-demo/snapshot/")
    snapshot = page.get_by_role("main")
    for said in ("415", "60", "of 415", "14.5 %", "hidden", "of 100", "64.0 %", "80"):
        expect(snapshot).to_contain_text(said)
    expect(snapshot).not_to_contain_text("414")
    assert_accessible(page)

    page.goto("/n/la-circles-demo/releases/")
    page.get_by_label("Table and period").select_option(label="June 2015")
    page.get_by_role("button", name="Look at a draft").click()
    # The worker looks for work twice a second, and audits with all that was released before.
    expect(page.get_by_role("main")).to_contain_text("nothing has left yet", timeout=30_000)
    assert_accessible(page)
    page.get_by_role("link", name="Release it").click()
    page.get_by_role("button", name="Release it").click()
    expect(page.get_by_role("main")).to_contain_text("Number 5, released on", timeout=30_000)
    assert_accessible(page)


def test_pages_work_without_javascript(open_browser: OpenBrowser) -> None:
    page = open_browser(width=PHONE, javascript=False)
    sign_in(page, "coordinator")
    page.goto("/o/childrens-circle-la/waiting/")
    page.get_by_label("Speaks").select_option("hy")
    page.get_by_role("button", name="Show").click()
    expect(page.locator("main tbody tr").first).to_contain_text("Armenian")

    page.get_by_role("link", name="In danger or in crisis?").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Who to call now")
