from __future__ import annotations

import pytest
from django.db import DatabaseError, connection, transaction

from goround.apps.audit.models import Event
from goround.apps.releases import ledger_guard
from goround.apps.releases.models import Basis, Release, ReleasedFigure
from tests.make import make_organisation
from tests.make_releases import make_release, make_year

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("model", [Release, ReleasedFigure, Basis])
def test_database_refuses_to_change_or_delete_what_was_released(model: type):
    host = make_organisation()
    make_year(host, men=20, women=30)
    make_release(host.network)
    table, rows = model._meta.db_table, model.objects.count()

    for statement in (
        f"UPDATE {table} SET id = id + 1000",
        f"UPDATE {table} SET id = id",
        f"DELETE FROM {table}",
    ):
        with (
            pytest.raises(DatabaseError, match="stays as it is"),
            transaction.atomic(),
            connection.cursor() as cursor,
        ):
            cursor.execute(statement)

    assert model.objects.count() == rows > 0


def test_guard_put_up_twice_is_one_guard():
    host = make_organisation()
    make_year(host, men=20, women=30)
    release = make_release(host.network)

    ledger_guard.put_up()
    ledger_guard.put_up()

    release.threshold = 3
    with pytest.raises(DatabaseError, match="stays as it is"), transaction.atomic():
        release.save(update_fields=["threshold"])


def test_release_is_in_the_trail_of_the_installation_and_of_each_organisation():
    host = make_organisation()
    make_year(host, men=20, women=30)

    release = make_release(host.network)

    told = Event.objects.filter(kind="release.published").order_by("organisation_id")
    assert {event.organisation_id for event in told} == {None, host.pk}
    assert {event.facts["seal"] for event in told} == {release.seal}


def test_each_release_carries_the_seal_of_the_one_before():
    host = make_organisation()
    make_year(host, men=20, women=30)

    first, again = make_release(host.network), make_release(host.network)

    assert (first.number, again.number) == (1, 2)
    assert again.corrects == first
    # The same figures again, sealed over another one.
    assert first.seal != again.seal
