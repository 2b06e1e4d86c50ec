"""An evening with four children and one adult who may not collect, on a telephone."""

from __future__ import annotations

from playwright.sync_api import Page, expect

from tests.journeys.accessibility import assert_accessible
from tests.journeys.test_main_job import PHONE, OpenBrowser, sign_in

HOST = "/o/family-lantern-pacoima"


def bring(page: Page, child: str, adult: str) -> None:
    page.get_by_role("link", name=f"Sign in {child}").click()
    page.get_by_label(adult).check()
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_text(f"{child} is here.")).to_be_visible()


def hand_over(page: Page, child: str, adult: str) -> None:
    page.get_by_role("link", name=f"Sign out {child}").click()
    page.get_by_label(adult, exact=True).check()
    page.get_by_label("I know them, or saw a card with their name").check()
    page.get_by_role("button", name="Hand the child over").click()


def test_an_evening_with_four_children_and_one_barred_adult(open_browser: OpenBrowser) -> None:
    page = open_browser(width=PHONE)
    sign_in(page, "childrens-leader")
    page.goto(f"{HOST}/children/")
    assert_accessible(page)
    page.get_by_role("link", name="Children's session").first.click()
    assert_accessible(page)
    session = page.url

    # Two are here. Two more come, and then there is one adult too few.
    bring(page, "Captain", "Omar")
    page.get_by_role("link", name="Sign in Little Star").click()
    assert_accessible(page)
    page.get_by_label("Brisa").check()
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("heading", name="Here now 4")).to_be_visible()
    page.get_by_role("spinbutton", name="Adults with the children").fill("0")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("Too few adults")).to_be_visible()
    page.get_by_label("somebody comes to help now").check()
    page.get_by_role("button", name="Note it").click()
    expect(page.get_by_text("You said: somebody comes to help now.")).to_be_visible()
    assert_accessible(page)

    # What is to be known of Leo, and the slip for his mother.
    page.get_by_role("link", name="Leo", exact=True).click()
    expect(page.get_by_role("main")).to_contain_text("Peanuts")
    assert_accessible(page)
    page.get_by_role("link", name="Slip with the code").click()
    code = page.locator(".slip-code").inner_text()
    assert_accessible(page)
    page.goto(session)

    # Somebody comes for Leo who may not. Leo stays, and nobody says why.
    page.get_by_role("link", name="Sign out Leo").click()
    assert_accessible(page)
    page.get_by_label("somebody else").check()
    page.get_by_label("Their name, if they are not on the list").fill("Victor Salas")
    page.get_by_label("the parent stood beside them and said yes").check()
    page.get_by_role("button", name="Hand the child over").click()
    expect(page.get_by_role("heading", name="Keep Leo with you")).to_be_visible()
    assert_accessible(page)
    page.get_by_role("link", name="Back to the children").click()
    expect(page.get_by_role("heading", name="Here now 4")).to_be_visible()

    # His mother reads the same code on her own telephone, and comes with it.
    mother = open_browser(width=PHONE)
    sign_in(mother, "parent-pacoima")
    mother.goto("/me/children/")
    expect(mother.locator(".slip-code")).to_have_text(code)
    assert_accessible(mother)
    mother.get_by_role("link", name="Mia").click()
    expect(mother.get_by_text("Aunt Rosa").first).to_be_visible()
    assert_accessible(mother)
    page.get_by_role("link", name="Sign out Leo").click()
    page.get_by_label("Quiet Cedar").check()
    page.get_by_label("the code was right").check()
    page.get_by_label("The code on their slip").fill(code.lower())
    page.get_by_role("button", name="Hand the child over").click()
    expect(page.get_by_text("Leo went home with Quiet Cedar.")).to_be_visible()

    hand_over(page, "Mia", "Aunt Rosa")
    hand_over(page, "Captain", "Omar")
    expect(page.get_by_text("Little Star. The session closes once all have gone.")).to_be_visible()
    hand_over(page, "Little Star", "Brisa")
    page.get_by_role("button", name="All have gone. Close the session").click()
    expect(page.get_by_text("Closed. 4 children were here.")).to_be_visible()

    # The coordinator sees how many, and not who; the lead sees that somebody came.
    office = open_browser()
    sign_in(office, "coordinator-pacoima")
    office.goto(f"{HOST}/groups/")
    office.get_by_role("link", name="Pacoima open circle").click()
    office.get_by_role("link", name="Children, counted").click()
    expect(office.get_by_role("cell", name="4", exact=True).first).to_be_visible()
    expect(office.get_by_text("Leo")).to_have_count(0)
    assert_accessible(office)
    lead = open_browser(width=PHONE)
    sign_in(lead, "safeguarding-lead")
    lead.goto(f"{HOST}/lead/barred/")
    expect(lead.get_by_role("heading", name="Somebody came")).to_be_visible()
    assert_accessible(lead)
