"""Every row of personal data knows its organisation, and it is that of the row it belongs to."""

from __future__ import annotations

from collections.abc import Iterator
from types import SimpleNamespace

import pytest
from django.apps import apps
from django.db import connection, models

from goround.apps.groups.models import Membership
from goround.apps.meetings.models import Attendance, Meeting
from goround.apps.organisations.models import Organisation
from goround.apps.organisations.walled import OrganisationOf, filled_from
from tests.make import make_group, make_meeting, make_membership, make_organisation
from tests.world import make_world

pytestmark = pytest.mark.django_db

# Tables that lead to an organisation and carry none, each with its reason.
WITHOUT_ORGANISATION = {
    "people.Parent_together": "two parents, whose rows carry it",
    "formation.Round_groups": "a round and a group, whose rows carry it",
}


def our_models() -> list[type[models.Model]]:
    every = apps.get_models(include_auto_created=True)
    return [model for model in every if model.__module__.startswith("goround.")]


def relations(model: type[models.Model]) -> Iterator[models.ForeignKey]:
    for field in model._meta.concrete_fields:
        if isinstance(field, models.ForeignKey):
            yield field


def carries(model: type[models.Model]) -> bool:
    return any(field.attname == "organisation_id" for field in model._meta.concrete_fields)


def leads_to_organisation(model: type[models.Model]) -> bool:
    targets = {field.related_model for field in relations(model)}
    return any(target is Organisation or carries(target) for target in targets)


def test_every_table_that_leads_to_an_organisation_carries_it():
    without = {m._meta.label for m in our_models() if leads_to_organisation(m) and not carries(m)}

    assert without == set(WITHOUT_ORGANISATION)


def test_every_row_has_the_organisation_of_the_rows_it_points_to():
    make_world("ONE"), make_world("TWO")
    compared = 0

    for model in filter(carries, our_models()):
        for relation in relations(model):
            if relation.related_model is Organisation or not carries(relation.related_model):
                continue
            for row in model._base_manager.exclude(**{relation.name: None}):
                compared += 1
                assert row.organisation_id == getattr(row, relation.name).organisation_id

    assert compared > 20


def test_organisation_is_copied_in_bulk_too():
    group = make_group()
    members = [make_membership(group) for _ in range(3)]
    meeting = make_meeting(group)

    Attendance.objects.bulk_create(
        Attendance(meeting=meeting, membership_id=member.pk) for member in members
    )

    here = set(Attendance.objects.values_list("organisation", flat=True))
    assert here == {group.organisation_id}


def test_organisation_cannot_be_set_wrongly():
    group, elsewhere = make_group(), make_organisation()

    member = make_membership(group, organisation=elsewhere)

    member.refresh_from_db()
    assert member.organisation_id == group.organisation_id


def test_organisation_costs_no_query_where_the_owner_is_at_hand(django_assert_num_queries):
    group = make_group()
    planned = make_meeting(group)

    with django_assert_num_queries(1):
        Meeting.objects.create(
            group=group,
            occurrence=planned.ends_at,
            starts_at=planned.ends_at,
            ends_at=planned.ends_at + (planned.ends_at - planned.starts_at),
        )


def test_rows_from_before_get_the_organisation_of_their_owner():
    first, second = make_membership(make_group()), make_membership(make_group())
    Membership.objects.update(organisation=make_organisation())

    filled_from("groups", {"Membership": "group"}).code(
        apps, SimpleNamespace(connection=connection)
    )

    for member in (first, second):
        member.refresh_from_db()
        assert member.organisation_id == member.group.organisation_id


def test_every_copied_organisation_names_its_owner():
    copied = [
        field
        for model in our_models()
        for field in model._meta.concrete_fields
        if isinstance(field, OrganisationOf)
    ]

    assert len(copied) >= 11
    assert [str(field) for field in copied if not field.of] == []
