"""The check for barriers finds one, so that its silence elsewhere means something."""

from __future__ import annotations

from collections.abc import Callable

from playwright.sync_api import Page

from tests.journeys.accessibility import assert_accessible, barriers_on

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
