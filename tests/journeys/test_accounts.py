"""Getting in, and being gone again, in a real browser with a real passkey's mathematics."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.accessibility import assert_accessible

Open = Callable[..., Page]
PASSPHRASE = "chairs in a circle for everybody"
NEW = "bridge lemon paper violin garden clock"


def sign_in(page: Page, handle: str) -> None:
    page.goto("/sign-in/")
    page.get_by_label("Handle").fill(handle)
    page.get_by_label("Passphrase").fill(PASSPHRASE)
    page.get_by_role("button", name="Sign in", exact=True).click()


def sign_out(page: Page) -> None:
    page.locator("details.menu > summary").click()
    page.get_by_role("button", name="Sign out", exact=True).click()


def with_authenticator(page: Page) -> None:
    """A phone that knows its owner's finger, as far as the browser can tell."""
    session = page.context.new_cdp_session(page)
    session.send("WebAuthn.enable")
    session.send(
        "WebAuthn.addVirtualAuthenticator",
        {
            "options": {
                "protocol": "ctap2",
                "transport": "internal",
                "hasResidentKey": True,
                "hasUserVerification": True,
                "isUserVerified": True,
                "automaticPresenceSimulation": True,
            }
        },
    )


def test_passkey_is_set_up_and_then_signs_in_alone(open_browser: Open) -> None:
    page = open_browser(width=360)
    with_authenticator(page)
    sign_in(page, "practitioner")
    page.goto("/account/second-factor/")
    assert_accessible(page)
    page.get_by_role("link", name="Set up a passkey").click()
    assert_accessible(page)
    page.get_by_label("What you call this device").fill("Leonel's phone")
    page.get_by_role("button", name="Make a passkey").click()
    page.get_by_role("button", name="Make my codes").click()
    expect(page.locator("ol.codes li")).to_have_count(8)
    sign_out(page)

    # A passphrase alone is half the way now.
    sign_in(page, "practitioner")
    expect(page.get_by_role("heading", name="One more step")).to_be_visible()
    assert_accessible(page)

    page.get_by_role("link", name="Use a passkey").click()
    assert_accessible(page)
    page.get_by_role("button", name="Use my passkey").click()
    page.wait_for_url(re.compile(r"/o/"))
    page.goto("/account/")
    assert_accessible(page)
    expect(page.get_by_text("Here, now")).to_be_visible()

    # The passkey also says that it is still them; then it goes.
    page.goto("/account/second-factor/")
    page.get_by_role("link", name="Remove Leonel's phone").click()
    page.get_by_role("button", name="Remove it").click()
    expect(page.get_by_text("Set up a passkey")).to_be_visible()


def invite_somebody(desk: Page) -> None:
    """Of the group on the page the first member who has no account yet."""
    accounts = desk.get_by_role("link", name=re.compile("^Account "))
    for number in range(accounts.count()):
        accounts.nth(number).click()
        assert_accessible(desk)
        make = desk.get_by_role("button", name="Make the invitation")
        if make.count():
            make.click()
            expect(desk.locator("#link")).to_be_visible()
            return
        desk.go_back()
    raise AssertionError("everybody in this group has an account")


def test_parent_is_invited_by_a_link_that_leaves_no_trace_in_the_address(
    open_browser: Open,
) -> None:
    desk, phone = open_browser(), open_browser(width=360)
    sign_in(desk, "coordinator")
    desk.get_by_role("link", name="Groups", exact=True).first.click()
    desk.locator("a.rows-title, td a, .card a").first.click()
    invite_somebody(desk)
    assert_accessible(desk)
    link = desk.locator("#link").inner_text()
    asked: list[str] = []
    phone.on("request", lambda request: asked.append(request.url + str(request.headers)))

    phone.goto(link)

    expect(phone.get_by_role("heading", name="Make it yours")).to_be_visible()
    assert_accessible(phone)
    words = link.partition("#")[2]
    assert "#" not in phone.url
    assert not any(words in sent or words.replace("-", "+") in sent for sent in asked)
    phone.get_by_label("Your passphrase").fill(NEW)
    phone.get_by_role("button", name="Start").click()
    phone.get_by_role("button", name="Make my card").click()
    assert_accessible(phone)
    card = phone.locator(".slip-words").inner_text()
    phone.get_by_role("link", name="I have kept them").click()
    expect(phone.get_by_role("heading", name="Next meetings")).to_be_visible()
    assert_accessible(phone)

    # The card alone lets them in again on another device, once.
    other = open_browser(width=360)
    other.goto(f"/sign-in/card/#{card.replace(' ', '-')}")
    expect(other.get_by_role("heading", name="Welcome back")).to_be_visible()
    assert_accessible(other)
    other.get_by_role("button", name="Use this passphrase").click()
    expect(other.get_by_role("heading", name="Your recovery card")).to_be_visible()


@pytest.mark.parametrize("handle", ["coordinator", "parent"])
def test_back_after_signing_out_shows_nothing(open_browser: Open, handle: str) -> None:
    page = open_browser(width=360)
    sign_in(page, handle)
    page.goto("/account/")
    canary = page.locator("main strong").first.inner_text()
    assert canary == handle
    sign_out(page)
    page.wait_for_url(re.compile(r"/$"))

    for _ in range(3):
        page.go_back()
        assert page.get_by_role("link", name="My account").count() == 0
        assert not page.locator("details.menu > summary", has_text=handle).count()
        assert "Where you are signed in" not in page.content()
    stored = page.evaluate("JSON.stringify([{...localStorage}, {...sessionStorage}])")
    assert handle not in stored
