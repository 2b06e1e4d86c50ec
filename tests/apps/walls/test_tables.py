"""On PostgreSQL every table of an organisation's rows has a wall, and nothing passes it."""

from __future__ import annotations

import pytest
from django.db import IntegrityError, ProgrammingError, connection, transaction

from goround.apps.audit.models import Event
from goround.apps.jobs.daily import Clock
from goround.apps.jobs.models import Job
from goround.apps.jobs.services import ask_for
from goround.apps.jobs.work import Work, handles, run_next
from goround.apps.meetings.models import Meeting
from goround.apps.organisations.hosts import add_organisation
from goround.apps.organisations.models import Programme
from goround.apps.people.imports.services import confirm_list
from goround.apps.people.models import Parent
from goround.apps.walls import places
from goround.apps.walls.build import build_walls, take_walls_down
from goround.apps.walls.plan import DOORS, OTHER_WALLS
from tests.make import (
    NOON,
    make_group,
    make_membership,
    make_network,
    make_organisation,
    make_parent,
    make_programme,
    make_user,
)
from tests.make_lists import make_list, row
from tests.wall import as_the_program
from tests.world import make_world

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.skipif(
        "connection.vendor != 'postgresql'", reason="SQLite has no row-level security"
    ),
]

# Tables that lead to no organisation although they point to a table that has a wall.
NO_WALL: dict[str, str] = {}


def rows(question: str) -> list[tuple[str, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(question)
        return list(cursor.fetchall())


def tables_of_organisations() -> set[str]:
    """Tables with an organisation, and all that point to one of them, however far."""
    found = {
        name
        for (name,) in rows(
            "SELECT table_name FROM information_schema.columns WHERE column_name ="
            " 'organisation_id' AND table_schema = current_schema()"
        )
    }
    found |= {"organisations_organisation", "organisations_network"}
    links = rows(
        "SELECT conrelid::regclass::text, confrelid::regclass::text FROM pg_constraint"
        " WHERE contype = 'f'"
    )
    while more := {table for table, target in links if target in found} - found:
        found |= more
    return found - set(NO_WALL)


def test_every_table_of_an_organisation_has_a_forced_wall():
    walled = {
        name
        for (name,) in rows(
            "SELECT c.relname FROM pg_class c JOIN pg_policy p ON p.polrelid = c.oid"
            " WHERE p.polname = 'wall' AND c.relrowsecurity AND c.relforcerowsecurity"
        )
    }

    assert len(walled) > 20
    assert tables_of_organisations() - walled == set()


def test_a_table_without_a_wall_is_noticed():
    with connection.cursor() as cursor:
        cursor.execute("CREATE TABLE people_diary (id bigint, organisation_id bigint)")
        assert "people_diary" in tables_of_organisations()

        assert build_walls() == 4
        assert build_walls() == 0

        cursor.execute("DROP POLICY wall ON people_diary")
    assert build_walls() == 2


def test_every_door_leads_through_a_wall_and_says_why():
    walled = tables_of_organisations()

    assert {door.table for door in DOORS} - walled == set()
    assert set(OTHER_WALLS) - walled == set()
    assert [door.name for door in DOORS if len(door.because) < 20] == []


def filled(names: set[str]) -> dict[str, int]:
    counts = {name: rows(f'SELECT count(*) FROM "{name}"')[0][0] for name in names}
    return {name: int(count) for name, count in counts.items() if count}


def test_raw_sql_without_an_organisation_finds_nothing():
    make_world("ONE"), make_world("TWO")
    Programme.objects.update(takes_self_referrals=False)
    tables = tables_of_organisations()
    there = filled(tables)

    with as_the_program():
        found = filled(tables - {"audit_event", "audit_chain"})
        of_organisations = rows("SELECT id FROM audit_event WHERE organisation_id IS NOT NULL")

    assert len(there) > 15
    assert found == {}
    assert of_organisations == []


def test_raw_sql_finds_the_rows_of_the_open_organisation_only():
    one = make_world("ONE").organisation
    make_world("TWO")
    with_column = [
        name
        for (name,) in rows(
            "SELECT table_name FROM information_schema.columns WHERE column_name ="
            " 'organisation_id' AND table_schema = current_schema()"
        )
        if name not in {"organisations_programme", "audit_event", "audit_chain"}
    ]

    with as_the_program(), places.working_for(one.pk):
        for name in with_column:
            found = rows(f'SELECT DISTINCT organisation_id FROM "{name}"')
            assert found in ([], [(one.pk,)]), name


def test_a_forgotten_filter_finds_nobody_elsewhere():
    one, two = make_organisation(), make_organisation()
    mine = make_parent(one)
    make_parent(two)

    with as_the_program(), places.working_for(one.pk):
        assert list(Parent.objects.all()) == [mine]
        assert Parent.objects.filter(organisation=two).update(alias="theirs") == 0


def test_nobody_writes_into_another_organisation():
    one, two = make_organisation(), make_organisation()

    with as_the_program(), places.working_for(one.pk):
        make_parent(one)
        with pytest.raises(ProgrammingError, match="row-level security"), transaction.atomic():
            make_parent(two)


def test_rows_of_two_organisations_cannot_point_to_one_another():
    group, elsewhere = make_group(), make_parent(make_organisation())

    with pytest.raises(IntegrityError), transaction.atomic():
        make_membership(group, elsewhere)
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")


def test_an_owner_is_held_by_the_wall_too():
    make_parent(make_organisation())
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("GRANT CREATE ON SCHEMA public TO goround_app")
        cursor.execute("ALTER TABLE people_parent OWNER TO goround_app")

    with as_the_program():
        assert Parent.objects.count() == 0


def test_walls_taken_down_for_a_restore_go_up_again():
    tables = tables_of_organisations()

    take_walls_down()
    down = rows("SELECT relname FROM pg_class WHERE relforcerowsecurity")
    build_walls()
    up = rows("SELECT relname FROM pg_class WHERE relforcerowsecurity")

    assert down == []
    assert {name for (name,) in up} == tables


def test_work_for_one_organisation_ends_with_it():
    one, two = make_parent(make_organisation()), make_parent(make_organisation())

    with as_the_program():
        with places.working_for(one.organisation_id):
            with places.working_for(two.organisation_id):
                assert list(Parent.objects.all()) == [two]
            assert list(Parent.objects.all()) == [one]
        assert not Parent.objects.exists()


def test_work_that_broke_off_leaves_nothing_open():
    parent = make_parent(make_organisation())

    with as_the_program():
        with pytest.raises(ZeroDivisionError), places.working_for(parent.organisation_id):
            raise ZeroDivisionError
        assert not Parent.objects.exists()


def test_work_for_all_sees_every_organisation():
    make_parent(make_organisation()), make_parent(make_organisation())

    with as_the_program(), places.working_for_all():
        assert Parent.objects.count() == 2


def test_an_organisation_just_made_is_let_in():
    with as_the_program(), places.working_for_all():
        made = add_organisation(
            name="New host",
            slug="new-host",
            time_zone="UTC",
            network_name="New network",
            network_slug="new-network",
            by=None,
            at=NOON,
        )
        make_parent(made)

        assert Parent.objects.get().organisation_id == made.pk
    assert Event.objects.get(kind="organisation.added").organisation_id == made.pk


def test_the_worker_saves_a_list_as_the_program():
    programme = make_programme()
    listed = make_list(programme, [row("p1"), row("p2")])

    with as_the_program():
        with places.working_for(programme.organisation_id):
            confirm_list(list_import=listed, by=listed.uploaded_by, at=NOON)
        assert run_next("saver") is not None

    assert Parent.objects.filter(organisation=programme.organisation).count() == 2


@handles("tests.look-around")
def look_around(work: Work) -> None:
    """What is open to a job, told in its own progress."""
    seen = Parent.objects.order_by("pk").values_list("organisation", flat=True)
    work.report(0, 0, seen=list(seen))


def test_a_job_of_a_network_sees_its_organisations_and_no_others():
    network = make_network()
    mine = [make_organisation(network=network) for _ in range(2)]
    for host in (*mine, make_organisation()):
        make_parent(host)
    ask_for(kind="tests.look-around", subject_id=1, network=network, by=make_user(), at=NOON)

    with as_the_program():
        job = run_next("looker")

        assert job is not None
        assert job.progress == {"seen": [host.pk for host in mine]}
        assert not Job.objects.exists()  # nothing stays open after it


def test_daily_work_reaches_every_organisation_as_the_program():
    groups = [make_group(), make_group()]

    with as_the_program():
        Clock().tick(at=NOON)

    assert set(Meeting.objects.values_list("group", flat=True)) == {group.pk for group in groups}
