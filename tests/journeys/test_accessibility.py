"""The check for barriers finds one, so that its silence elsewhere means something.

And the pages of what a group owns, of children, surveys and evidence, small and large, light
and dark, each loaded once.
"""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page

from tests.journeys.accessibility import assert_accessible, barriers_on
from tests.journeys.test_main_job import PHONE, sign_in

PAGE = (
    '<!doctype html><html lang="en"><head><title>A page</title></head>'
    "<body><main><h1>A page</h1>{}</main></body></html>"
)


def test_unlabelled_field_is_a_barrier(open_browser: Callable[..., Page]) -> None:
    page = open_browser(width=360)
    page.set_content(PAGE.format('<input type="text">'))

    assert [barrier.split()[0] for barrier in barriers_on(page)] == ["label"]


def test_labelled_field_is_no_barrier(open_browser: Callable[..., Page]) -> None:
    page = open_browser(width=360)
    page.set_content(PAGE.format('<label>Alias <input type="text"></label>'))

    assert_accessible(page)


CHILDREN = "/o/family-lantern-pacoima/children/"
HOUSE = "/o/childrens-circle-la/"
# Of each person: where they go in, by which link, and which pages below it.
PAGES = {
    "parent": (
        "/me/",
        "Go in",
        ("", "agreement/", "agenda/", "goals/", "decisions/", "decisions/election/"),
    ),
    "childrens-leader": (CHILDREN, "Children's session", ("", "take/", "marks/")),
    "coordinator": (HOUSE, "", ("surveys/", "evidence/")),
}


@pytest.mark.parametrize("handle", PAGES)
def test_pages_have_no_barrier_small_and_large_light_and_dark(
    open_browser: Callable[..., Page], handle: str
) -> None:
    page = open_browser(width=PHONE)
    sign_in(page, handle)
    start, link, below = PAGES[handle]
    page.goto(start)
    if link:
        page.get_by_role("link", name=link).first.click()
        page.wait_for_url(f"**{'/room/' if handle == 'parent' else CHILDREN}*/")
    home = page.url
    for path in below:
        page.goto(f"{home}{path}" if link else f"{start}{path}")
        for width, scheme in ((PHONE, "light"), (1280, "dark")):
            page.set_viewport_size({"width": width, "height": 800})
            page.emulate_media(color_scheme=scheme)
            assert page.evaluate("document.documentElement.scrollWidth") <= width, path
            assert_accessible(page)
