"""A facilitator is worried; a lead reads it and handles it. On a telephone, and without a mouse."""

from __future__ import annotations

from playwright.sync_api import expect

from tests.journeys.accessibility import assert_accessible
from tests.journeys.test_main_job import PHONE, OpenBrowser, sign_in

HOST = "/o/kitchen-table-east-la"
WORDS = "She said that she is afraid to go home tonight."


def test_from_a_worry_to_a_lead_who_handles_it(open_browser: OpenBrowser) -> None:
    page = open_browser(width=PHONE)
    sign_in(page, "practitioner")
    page.get_by_role("link", name="Something worries me").click()
    assert_accessible(page)
    page.get_by_label("another parent").check()
    page.get_by_label("What worries you").fill(WORDS)
    page.get_by_role("button", name="Send to the safeguarding leads").click()
    expect(page.get_by_role("heading", name="Thank you for saying it")).to_be_visible()
    assert_accessible(page)
    expect(page.get_by_text(WORDS)).to_have_count(0)

    # The lead has no key yet. She makes one, and types her six words.
    lead = open_browser(width=PHONE)
    sign_in(lead, "safeguarding-lead")
    lead.goto(f"{HOST}/lead/")
    expect(lead.get_by_role("heading", name="Safeguarding desk")).to_be_visible()
    assert_accessible(lead)
    lead.goto(f"{HOST}/sealed/")
    lead.get_by_role("button", name="Make my key").click()
    phrase = lead.locator(".receipt").inner_text()
    lead.goto(f"{HOST}/lead/")
    lead.get_by_role("link", name="Say that you have it").first.click()
    lead.get_by_label("Your six words for sealed records").fill(phrase)
    lead.get_by_role("button", name="Open").click()
    expect(lead.get_by_role("heading", name="What was said")).to_be_visible()
    assert_accessible(lead)

    # The newest is hers. She says that she has it, and writes down a report at once.
    lead.goto(f"{HOST}/lead/")
    lead.get_by_role("link", name="Say that you have it").last.click()
    expect(lead.get_by_text(WORDS)).to_be_visible()
    lead.get_by_role("link", name="Write down a report").click()
    assert_accessible(lead)
    lead.get_by_label("The parent and we called together").check()
    lead.get_by_label("To whom, and the number they gave it").fill("The county, number 7")
    lead.get_by_label("What was reported").fill("What she told")
    lead.get_by_role("button", name="Save").click()
    expect(lead.get_by_role("main")).to_contain_text("The county, number 7")
    assert_accessible(lead)

    # Who must not meet: listed without reasons, opened with them.
    lead.goto(f"{HOST}/lead/apart/")
    assert_accessible(lead)
    lead.locator(".rows-title").first.click()
    expect(lead.get_by_role("main")).to_contain_text("A court forbade him")
    assert_accessible(lead)
