from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from goround.apps.accounts.models import User
from goround.apps.audit.models import Event
from goround.apps.children.models import KNOWN_UNTIL_AFTER
from goround.apps.demo.cast import CAST
from goround.apps.demo.running import series_of
from goround.apps.demo.services import load_demo
from goround.apps.demo.today import GROUPS, load_today
from goround.apps.groups.models import Group
from goround.apps.meetings.models import Attendance
from goround.apps.organisations.models import Network, Organisation
from goround.apps.people.models import Parent
from goround.apps.people.opening import open_details
from tests.make import (
    make_coordinator,
    make_organisation,
    make_programme,
    make_user,
    make_venue,
)

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


def parents() -> list[Parent]:
    rows = list(Parent.objects.order_by("pk"))
    open_details(rows)
    return rows


def told() -> list[Any]:
    """What a visitor could tell two demos apart by, keys left out."""
    return [
        [(row.alias, row.gender, row.home_cell) for row in parents()],
        list(Group.objects.order_by("pk").values_list("name", "rrule", "first_at", "venue__name")),
        list(
            Attendance.objects.order_by("pk").values_list(
                "meeting__starts_at", "meeting__group__name", "membership__alias"
            )
        ),
    ]


@pytest.mark.any_database
def test_same_moment_makes_the_same_network():
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
        datetime(2028, 2, 29, 2, 30, tzinfo=UTC),  # an evening in winter, on a leap day
    ],
)
def test_groups_of_today_begin_at_any_moment(at: datetime):
    hosts = {plan.host.slug: make_organisation(slug=plan.host.slug) for plan in GROUPS}
    programmes = {}
    for plan in GROUPS:
        host = hosts[plan.host.slug]
        programmes[plan.host.slug, plan.playbook] = make_programme(host, plan.playbook)
        make_venue(host, reference="room-1")
    coordinators = {slug: make_coordinator(host) for slug, host in hosts.items()}
    people = {part.handle: make_user(part.handle, shown_as=part.shown_as) for part in CAST}

    load_today(programmes, coordinators, people, at=at)

    for group in Group.objects.all():
        gone = group.meetings.filter(ends_at__lte=at)
        assert gone.filter(status="held").count() >= 3
        assert group.meetings.filter(starts_at__gt=at).exists()
        assert not group.meetings.filter(starts_at__gt=at).exclude(status="planned")


@pytest.mark.parametrize("hour", range(24))
def test_what_is_known_of_the_children_can_be_read_at_any_hour(hour):
    """Tonight's meeting is to come, under way, or not over for two hours."""
    now = datetime(2026, 11, 22, hour, 59, tzinfo=ZoneInfo("America/Los_Angeles"))
    (plan,) = [each for each in GROUPS if each.childrens_leader is not None]

    tonight = datetime.combine(now, series_of(plan, now).first.time(), tzinfo=now.tzinfo)

    assert now < tonight + timedelta(minutes=plan.minutes) + KNOWN_UNTIL_AFTER
