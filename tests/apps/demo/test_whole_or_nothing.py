from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from goround.apps.accounts.models import User
from goround.apps.audit.models import Event
from goround.apps.demo.services import load_demo
from goround.apps.groups.models import Group
from goround.apps.meetings.models import Attendance
from goround.apps.organisations.models import Network, Organisation
from goround.apps.people.models import Parent
from tests.make import make_user

pytestmark = pytest.mark.django_db
AT = datetime(2026, 3, 4, 17, 30, tzinfo=UTC)


def test_breaking_off_leaves_nothing():
    make_user("safeguarding-lead")

    with pytest.raises(Exception, match="handle"):
        load_demo(by=None, at=AT)

    assert [model.objects.count() for model in (Network, Organisation, Parent, Group, Event)] == [
        0, 0, 0, 0, 0,
    ]  # fmt: skip
    assert User.objects.count() == 1


def told() -> list[Any]:
    """What a visitor could tell two demos apart by, keys left out."""
    return [
        list(Parent.objects.order_by("pk").values_list("alias", "gender", "home_cell")),
        list(Group.objects.order_by("pk").values_list("name", "rrule", "first_at", "venue__name")),
        list(
            Attendance.objects.order_by("pk").values_list(
                "meeting__starts_at", "meeting__group__name", "membership__alias"
            )
        ),
    ]


def test_same_moment_makes_the_same_network(django_db_blocker):
    from django.db import transaction

    seen = []
    for _ in range(2):
        with transaction.atomic():
            load_demo(by=None, at=AT)
            seen.append(told())
            transaction.set_rollback(True)

    assert seen[0] == seen[1]
    assert len(seen[0][0]) > 828


@pytest.mark.parametrize(
    "at",
    [
        datetime(2026, 3, 8, 9, 59, tzinfo=UTC),  # the night the clocks go forward
        datetime(2026, 11, 1, 9, 30, tzinfo=UTC),  # the hour that comes twice
        datetime(2027, 1, 31, 8, 0, tzinfo=UTC),  # midnight, a month of five weekdays
        datetime(2028, 2, 29, 2, 30, tzinfo=UTC),  # an evening in winter
    ],
)
def test_demo_loads_at_any_moment(at: datetime):
    assert load_demo(by=None, at=at)
    assert Group.objects.filter(status=Group.Status.ACTIVE).count() == 5
