"""A parent's pages are made for a cheap telephone, and load only what they use."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.contrib.staticfiles import finders

from tests.make import make_group
from tests.web.room.test_home import as_user, member_of, room_of

pytestmark = pytest.mark.django_db

MOST = 60_000


def loaded(page: str) -> list[str]:
    """What the page loads besides itself, by the names of static files."""
    parts = page.replace("'", '"').split('"')
    return [part.partition("/static/")[2] for part in parts if part.startswith("/static/")]


def test_a_parents_first_pages_are_light():
    group = make_group(name="Monday circle")
    client = as_user(member_of(group).parent.user)

    for path in ("/me/", room_of(group), f"{room_of(group)}decisions/"):
        page = client.get(path)
        files = [finders.find(name) for name in set(loaded(page.text))]
        weights = [len(page.content), *(Path(str(file)).stat().st_size for file in files)]
        assert len(files) > 5
        assert all(files)
        assert "vendor/htmx.min.js" not in loaded(page.text)
        assert sum(weights) < MOST, path
