"""A first session with five telephones, to an elected leader; and a meeting by video.

Each in a small world of its own in one server.
"""

from __future__ import annotations

import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.journeys.accessibility import assert_accessible
from tests.migrated import lay_migrated
from tests.serving import GOROUND, environment, serving

PASSPHRASE = "six words that nobody would guess"
FIVE = ("Ana", "Ben", "Cleo", "Dora", "Eli")
ON_SCREEN = ("Fay", "Gus", "Hana")
PEOPLE = f"""
from datetime import timedelta
from django.utils import timezone
from goround.apps.accounts.services import create_user
from goround.apps.organisations.models import RoleAssignment
from tests.make import (
    make_facilitator, make_group, make_leadership, make_meeting, make_membership,
    make_organisation, make_parent, make_programme,
)
now = timezone.now()
host = make_organisation(name="Family house", slug="host")
programme = make_programme(host, "families-make-the-difference")

def account(handle, role):
    user = create_user(
        handle=handle, passphrase="{PASSPHRASE}", by=None, at=now, shown_as=handle.title()
    )
    RoleAssignment.objects.create(user=user, role=role, organisation=host)
    return user

rosa = make_facilitator(host, user=account("rosa", "facilitator"))
first, video = (make_group(programme, name=name) for name in ("First circle", "Screen circle"))
for group in (first, video):
    make_meeting(group, starts_at=now - timedelta(minutes=20))
    make_leadership(group, rosa)
today = first.today(at=now)
for alias in {FIVE!r}:
    parent = make_parent(host, user=account(alias.lower(), "parent"))
    make_membership(first, parent, alias=alias, joined_on=today)
for alias in {ON_SCREEN!r}:
    make_membership(video, alias=alias, joined_on=today)
"""
GUIDE, VIDEO_CIRCLE = "/o/host/room/meetings/1/guide/", "/o/host/room/meetings/2/circle/"
DECISIONS = "/room/1/decisions/"

OpenPage = Callable[[], Page]


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    folder = tmp_path_factory.mktemp("first")
    changes = {"GOROUND_SECRET_KEY": "k" * 60}
    env = environment(folder, **changes) | {"PYTHONPATH": str(Path(__file__).parents[2])}
    lay_migrated(folder / "goround.sqlite3")
    subprocess.run([GOROUND, "shell", "-v", "0", "-c", PEOPLE], env=env, check=True)
    with serving(folder, **changes) as running:
        yield running.wait_for_address()


@pytest.fixture
def open_page(browser: Browser, site: str) -> Iterator[OpenPage]:
    contexts = []

    def open_one() -> Page:
        context = browser.new_context(
            base_url=site, viewport={"width": 360, "height": 780}, reduced_motion="reduce"
        )
        context.set_default_timeout(30_000)
        contexts.append(context)
        return context.new_page()

    yield open_one
    for context in contexts:
        context.close()


def sign_in(page: Page, handle: str) -> None:
    page.goto("/sign-in/")
    page.get_by_label("Handle").fill(handle)
    page.get_by_label("Passphrase").fill(PASSPHRASE)
    page.get_by_role("main").get_by_role("button", name="Sign in", exact=True).click()
    expect(page.get_by_label("Passphrase")).to_have_count(0)


def shows(page: Page, words: str) -> None:
    expect(page.locator("[data-version]")).to_contain_text(words, timeout=30_000)


def turn_of(page: Page, name: str) -> None:
    expect(page.locator(".circle-name")).to_have_text(name, timeout=30_000)


def choose(page: Page, election: str, alias: str) -> None:
    page.goto(election)
    page.get_by_label("1. choice").select_option(alias)
    page.get_by_role("button", name="Put it into the box").click()


def test_first_session_to_an_elected_leader(open_page: OpenPage) -> None:
    rosa, phones = open_page(), {name: open_page() for name in FIVE}
    sign_in(rosa, "rosa")

    # From the introduction, part by part, to the go-round.
    rosa.goto(GUIDE)
    assert_accessible(rosa)
    rosa.goto(f"{GUIDE}?part=1")
    go_round = rosa.get_by_role("link", name="Begin the go-round")
    parts = 1
    while not go_round.count():
        rosa.locator(".guide-next").click()
        parts += 1
        expect(rosa.locator(".guide-step")).to_contain_text(f"Part {parts} ")
    go_round.click()
    for alias in FIVE:
        rosa.locator("label.seat", has_text=alias).locator("input").check(force=True)
    rosa.get_by_role("button", name="Sit down in a circle").click()
    rosa.get_by_text("Telephones, and a device on the table").click()
    code = rosa.locator(".circle-code").inner_text().replace(" ", "").strip()
    for alias, phone in phones.items():
        phone.goto(f"/circle/#{code}")
        phone.get_by_label("What may we call you?").fill(alias)
        phone.get_by_role("button", name="Take my seat").click()
        expect(phone.get_by_text("You have a seat.")).to_be_visible()

    # Everybody has a turn, each ended on their own telephone; Ana passes, and is asked again.
    rosa.get_by_role("button", name="Begin").click()
    shows(phones["Ana"], "It is your turn.")
    phones["Ana"].get_by_role("button", name="I pass").click()
    for alias in FIVE[1:]:
        shows(phones[alias], "It is your turn.")
        turn_of(rosa, alias)
        phones[alias].get_by_role("button", name="I am done").click()
    shows(phones["Ana"], "Would you like to say something now?")
    phones["Ana"].get_by_role("button", name="I am done").click()
    for page in (rosa, *phones.values()):
        shows(page, "Everybody has had a turn")
    rosa.get_by_role("link", name="Close the go-round").click()
    rosa.get_by_role("button", name="Close, and keep nothing").click()
    expect(phones["Ana"].get_by_role("heading", name="This circle is closed")).to_be_visible()

    # The group chooses its leader, on its own pages.
    for alias, phone in phones.items():
        sign_in(phone, alias.lower())
    ana, ben, cleo = (phones[name] for name in FIVE[:3])
    ana.goto(f"{DECISIONS}election/")
    assert_accessible(ana)
    ana.get_by_role("button", name="Begin").click()
    election = ana.url
    ana.get_by_label("Who could do it well?").select_option("Cleo")
    ana.get_by_role("button", name="Ask them").click()
    expect(ana.get_by_text("Cleo is asked. Nobody is told by whom.")).to_be_visible()
    cleo.goto(election)
    cleo.get_by_role("button", name="Yes, I would").click()
    ben.goto(election)
    ben.get_by_role("button", name="I would do it").click()
    ana.goto(election)
    ana.get_by_role("button", name="Begin the vote now").click()
    expect(ana.get_by_text("A secret vote")).to_be_visible()
    assert_accessible(ana)
    for alias, phone in phones.items():
        choose(phone, election, "Ben" if alias == "Ben" else "Cleo")
    cleo.goto(election)
    cleo.get_by_role("button", name="Yes, I will").click()
    expect(cleo.get_by_text("From today you lead with them.")).to_be_visible()
    ben.goto(election)
    expect(ben.get_by_text("Cleo said yes, and leads until")).to_be_visible()
    assert_accessible(ben)
    rosa.goto(DECISIONS)
    assert "Ben" not in rosa.get_by_role("main").inner_text()


def test_video_meeting_with_a_caller_by_telephone(open_page: OpenPage) -> None:
    rosa, fay = open_page(), open_page()
    sign_in(rosa, "rosa")
    rosa.goto(VIDEO_CIRCLE)
    for alias in ON_SCREEN:
        rosa.locator("label.seat", has_text=alias).locator("input").check(force=True)
    rosa.get_by_label("Some take part by video call").check()
    rosa.get_by_role("button", name="Sit down in a circle").click()
    call = rosa.get_by_role("link", name="Open the video call")
    assert (call.get_attribute("href") or "").startswith("https://meet.jit.si/")
    assert call.get_attribute("rel") == "noopener noreferrer"

    # Hana has neither screen nor data, and rings.
    rosa.get_by_text("Somebody just came").click()
    rosa.get_by_label("What are they called?").fill("Hana")
    rosa.get_by_role("button", name="Give them a seat").click()
    expect(rosa.get_by_text("say beside their name how they take part").first).to_be_visible()
    rosa.locator("summary", has_text="More about Hana").click()
    rosa.get_by_role("button", name="On the telephone").last.click()
    expect(rosa.locator(".circle-person", has_text="Hana")).to_contain_text("on the telephone")
    rosa.get_by_text("Telephones, and a device on the table").click()
    code = rosa.locator(".circle-code").inner_text().replace(" ", "").strip()
    fay.goto(f"/circle/#{code}")
    fay.get_by_label("What may we call you?").fill("Fay")
    fay.get_by_role("button", name="Take my seat").click()
    same_call = fay.get_by_role("link", name="Open the video call")
    assert same_call.get_attribute("href") == call.get_attribute("href")
    rosa.get_by_role("button", name="Begin").click()

    turn_of(rosa, "Fay")
    fay.get_by_role("button", name="I am done").click()
    turn_of(rosa, "Gus")
    rosa.get_by_role("button", name="Next", exact=True).click()
    turn_of(rosa, "Hana")
    expect(rosa.get_by_text("Tell Hana on the telephone that it is their turn.")).to_be_visible()
    shows(fay, "Hana is speaking.")
    assert_accessible(rosa)
    rosa.get_by_role("button", name="They pass").click()
    shows(rosa, "They passed before.")
    rosa.get_by_role("button", name="Next", exact=True).click()
    for page in (rosa, fay):
        shows(page, "Everybody has had a turn")
