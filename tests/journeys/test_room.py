"""A parent in their group's room: a ride, a few words, somebody new, leaving and coming back."""

from __future__ import annotations

from playwright.sync_api import expect

from tests.journeys.accessibility import assert_accessible
from tests.journeys.test_main_job import PHONE, OpenBrowser, sign_in


def test_a_parent_at_home_in_the_room(open_browser: OpenBrowser) -> None:
    page = open_browser(width=PHONE)
    sign_in(page, "parent")
    page.goto("/me/")
    page.get_by_role("link", name="Go in").click()
    expect(page.get_by_role("heading", name="Westlake evening circle")).to_be_visible()
    assert_accessible(page)

    page.get_by_role("button", name="Take a seat").first.click()
    expect(page.get_by_role("button", name="Not me after all")).to_be_visible()
    page.get_by_role("link", name="Offer a ride or bring something").click()
    assert_accessible(page)
    page.get_by_label("something to eat or drink").check()
    page.get_by_label("From where and when, or what you bring").fill("Lemonade")
    page.get_by_role("button", name="Offer it").click()
    expect(page.get_by_text("Lemonade")).to_be_visible()

    room = page.url
    page.get_by_role("link", name="Add or change something").click()
    assert_accessible(page)
    page.goto(room)
    page.get_by_role("link", name="Write to those who lead").click()
    page.get_by_label("Your words").fill("Could we begin earlier?")
    page.get_by_role("button", name="Send").click()
    expect(page.get_by_text("Could we begin earlier?")).to_be_visible()
    assert_accessible(page)

    # Dolores reads it, answers, and lets somebody in.
    leader = open_browser(width=PHONE)
    sign_in(leader, "facilitator")
    leader.goto(f"{room}notes/")
    leader.get_by_role("link", name="Answer").first.click()
    assert_accessible(leader)
    leader.get_by_label("Your answer").fill("Let us ask everybody.")
    leader.get_by_role("button", name="Send").click()
    leader.goto(f"{room}joining/")
    assert_accessible(leader)
    leader.get_by_role("button", name="Yes, welcome").click()
    expect(leader.get_by_text("They belong to you now")).to_be_visible()

    # Whoever is new has the parent as a buddy; and the parent leaves, and comes back.
    page.goto(room)
    expect(page.get_by_text("You look out for")).to_be_visible()
    page.get_by_role("button", name="Leave this group").click()
    expect(page.get_by_text("You have left Westlake evening circle")).to_be_visible()
    assert_accessible(page)
    page.get_by_role("button", name="Undo").click()
    expect(page.get_by_text("You are back, as before.")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") == PHONE
