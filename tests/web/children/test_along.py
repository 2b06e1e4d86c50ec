"""The children's list taken along, brought back by a device, and decided by whoever leads them."""

from __future__ import annotations

import json
from datetime import timedelta
from uuid import uuid4

import pytest
from django.test import Client
from django.utils import timezone

from goround.apps.children.models import Visit
from goround.apps.marks.models import ChildMark
from goround.apps.people.models import Parent
from goround.apps.records.openings import openings
from tests.make_children import Evening, make_evening
from tests.make_marks import make_leader

pytestmark = pytest.mark.django_db


@pytest.fixture
def evening() -> Evening:
    """It has just begun, by the clock: the pages go by it."""
    return make_evening(timezone.now().replace(second=0, microsecond=0) - timedelta(minutes=10))


def test_list_taken_along_has_no_adults_name(evening):
    parent: Parent = evening.member(alias="Quiet Cedar")
    evening.child("Leo", parent, adult="Hidden Aunt", allergies="Nuts")

    pack = evening.as_leader().post(evening.page("take")).json()

    [leo] = pack["children"]
    assert (leo["alias"], leo["here"], leo["allergies"]) == ("Leo", False, "Nuts")
    assert "Hidden" not in json.dumps(pack)
    assert "Cedar" not in json.dumps(pack)
    assert [opened.why for opened in openings(parent)] == ["to look after your child while you met"]


def test_marks_come_back_once_and_what_does_not_fit_is_decided(evening):
    evening.child("Leo")
    tomas = evening.as_leader()
    pack = tomas.post(evening.page("take")).json()
    common = {"child": "1", "tapped_at": timezone.now().isoformat(), "adults": 2}
    told = [
        {"id": str(uuid4()), "place": 1, "about": "came", "adult": "Nobody known", **common},
        {"id": str(uuid4()), "place": 2, "about": "went", "adult": "Ana", **common},
        {
            "id": str(uuid4()),
            "place": 3,
            "about": "went",
            "adult": "Ana",
            "seen": "known",
            **common,
        },
    ]

    answer = tomas.post(
        f"/kept/{pack['number']}/marks/", json.dumps({"marks": told}), "application/json"
    ).json()

    assert set(answer["kept"]) == {told[0]["id"], told[2]["id"]}
    assert (answer["refused"], answer["asked"]) == ([told[1]["id"]], 1)
    assert "Look and decide" in tomas.get(evening.page("session")).text
    page = tomas.get(evening.page("marks")).text
    assert "Nobody known" in page
    mark = ChildMark.objects.get(why="not-listed")
    tomas.post(evening.page("marks"), {"mark": mark.pk, "answer": "agreed"})
    assert Visit.objects.get().out_at is not None
    assert "Nothing waits" in tomas.get(evening.page("marks")).text


def test_whoever_leads_the_meeting_has_neither_the_list_nor_its_key(evening):
    rosa = Client()
    rosa.force_login(make_leader(evening.meeting))
    pack = evening.as_leader().post(evening.page("take")).json()

    answers = [
        rosa.post(evening.page("take")),
        rosa.get(evening.page("marks")),
        rosa.post(f"/kept/{pack['number']}/key/"),
        rosa.post(f"/kept/{pack['number']}/marks/", "{}", "application/json"),
    ]

    assert [answer.status_code for answer in answers] == [404] * 4


@pytest.mark.parametrize("rows", [1, 3])
def test_taking_along_asks_no_more_for_more_children(evening, rows, django_assert_max_num_queries):
    for number in range(rows):
        evening.child(f"Child {number}", adult=f"Adult {number}")
    tomas = evening.as_leader()
    with django_assert_max_num_queries(32):
        assert len(tomas.post(evening.page("take")).json()["children"]) == rows
