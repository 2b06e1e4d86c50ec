"""What somebody reads who waited for the group while another changed it."""

from __future__ import annotations

from threading import Thread
from time import sleep

import pytest
from django.db import connection, transaction

from goround.apps.groups.one_writer import hold
from goround.apps.groups.services import change_group
from tests.conftest import ON_POSTGRESQL
from tests.make import NOON, make_coordinator, make_group, make_venue


@pytest.mark.skipif(not ON_POSTGRESQL, reason="SQLite has one writer at a time")
@pytest.mark.django_db(transaction=True)
def test_whoever_waited_finds_the_new_place():
    group = make_group()
    group.venue = make_venue(group.organisation)
    group.save()
    other, rosa = make_venue(group.organisation), make_coordinator(group.organisation)
    found = []

    def wait_and_look() -> None:
        with transaction.atomic():
            found.append(hold(group).venue)
        connection.close()

    waiter = Thread(target=wait_and_look)
    with transaction.atomic():
        change_group(group=group, name=group.name, venue=other, by=rosa, at=NOON)
        waiter.start()
        until_somebody_waits()
    waiter.join()

    assert found == [other]


def until_somebody_waits() -> None:
    with connection.cursor() as cursor:
        for _ in range(500):
            cursor.execute("SELECT count(*) FROM pg_locks WHERE NOT granted")
            if cursor.fetchone() != (0,):
                return
            sleep(0.01)
    raise AssertionError("nobody waits for the group")
