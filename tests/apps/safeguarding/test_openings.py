from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.utils.translation import override

from goround.apps.audit.models import Event
from goround.apps.organisations.roles import Role
from goround.apps.outbox.models import Message
from goround.apps.safeguarding.models import Opening
from goround.apps.safeguarding.openings import (
    NoSecondPerson,
    NotYours,
    break_glass,
    openings_of,
    openings_to_review,
    parents_called,
    review,
    second_people,
    shown,
)
from tests.make import NOON, make_coordinator, make_organisation, make_parent, make_user
from tests.make_safeguarding import make_lead, make_opening

pytestmark = pytest.mark.django_db

HALF_AN_HOUR = timedelta(minutes=30)


@pytest.fixture
def parent():
    return make_parent(make_organisation(), safe_contact="Ring twice")


def test_the_glass_shows_the_scope_and_nothing_else(parent):
    rosa = make_coordinator(parent.organisation)

    opening = make_opening(parent, rosa)

    seen = shown(rosa, opening, at=NOON + timedelta(minutes=29))
    assert seen.facts == {"contact": "Ring twice", "email": ""}
    assert seen.reason == "She did not come home"
    children = make_opening(parent, rosa, scope=Opening.Scope.CHILDREN)
    assert shown(rosa, children, at=NOON).facts == {"ages": ""}


@pytest.mark.parametrize(("language", "told"), [("en", "7.5; 9"), ("es", "7,5; 9")])
def test_ages_are_told_apart_where_a_comma_stands_inside_a_number(language, told):
    parent = make_parent(make_organisation(), children_ages=(7.5, 9.0), ages_on=NOON.date())
    rosa = make_coordinator(parent.organisation)
    children = make_opening(parent, rosa, scope=Opening.Scope.CHILDREN)

    with override(language):
        assert shown(rosa, children, at=NOON).facts == {"ages": told}


def test_it_closes_by_itself_and_shows_nobody_else_anything(parent):
    rosa = make_coordinator(parent.organisation)
    opening = make_opening(parent, rosa)

    assert shown(rosa, opening, at=NOON + HALF_AN_HOUR).facts == {}
    assert shown(opening.alerted, opening, at=NOON).facts == {}


def test_it_lasts_an_hour_at_most(parent):
    opening = make_opening(parent, make_coordinator(parent.organisation), minutes=600)

    assert opening.until == NOON + timedelta(minutes=60)
    for wrong in (0, 61):
        with pytest.raises(IntegrityError), transaction.atomic():
            Opening.objects.filter(pk=opening.pk).update(minutes=wrong)


def test_a_second_person_is_told_in_the_same_act_a_lead_first(parent):
    rosa, supervisor = (
        make_coordinator(parent.organisation),
        make_user(role=Role.SUPERVISOR, organisation=parent.organisation),
    )
    lead = make_lead(parent.organisation)

    assert second_people(rosa, parent.organisation) == [lead, supervisor]
    opening = make_opening(parent, rosa)

    assert opening.alerted == lead
    assert Message.objects.get(about_id=opening.pk, kind="access-alert").user_id == lead.pk
    event = Event.objects.get(kind="parent.glass_broken")
    assert (event.by_id, event.subject_id, event.facts["scope"]) == (
        rosa.pk,
        parent.pk,
        "contact",
    )


def test_without_a_second_person_nothing_opens(parent):
    rosa = make_coordinator(parent.organisation)

    with pytest.raises(NoSecondPerson):
        break_glass(
            parent=parent,
            scope=Opening.Scope.CONTACT,
            minutes=15,
            reason="Now",
            second=None,
            by=rosa,
            at=NOON,
        )

    assert (Opening.objects.count(), Event.objects.filter(kind="parent.glass_broken").count()) == (
        0,
        0,
    )


def test_a_review_is_owed_until_another_person_has_looked_back(parent):
    rosa = make_coordinator(parent.organisation)
    opening = make_opening(parent, rosa)
    lead, here = opening.alerted, parent.organisation
    assert list(openings_to_review(lead, here)) == [opening]
    assert list(openings_to_review(rosa, here)) == []

    with pytest.raises(NotYours):
        review(opening=opening, was_right=True, words="Mine", by=rosa, at=NOON)
    review(opening=opening, was_right=False, words="Ask first", by=lead, at=NOON)
    with pytest.raises(NotYours):
        review(opening=opening, was_right=True, words="Again", by=lead, at=NOON)

    opening.refresh_from_db()
    assert (opening.reviewed_by, opening.was_right) == (lead, False)
    assert shown(lead, opening, at=NOON).review == "Ask first"
    assert list(openings_to_review(lead, here)) == []


def test_the_reason_is_not_in_the_open(parent):
    opening = make_opening(parent, make_coordinator(parent.organisation), reason="Canary")

    assert b"Canary" not in bytes(Opening.objects.get(pk=opening.pk).reason)


@pytest.mark.parametrize("role", [Role.PARENT, Role.FACILITATOR, Role.CHILDRENS_LEADER])
def test_others_and_strangers_find_nothing(parent, role):
    make_opening(parent, make_coordinator(parent.organisation))
    inside = make_user(role=role, organisation=parent.organisation)
    outside = make_coordinator(make_organisation())

    for viewer in (inside, outside):
        assert list(openings_of(viewer, parent.organisation)) == []
        assert parents_called(viewer, parent.organisation, parent.alias) == []


def test_the_database_refuses_to_be_alerted_or_reviewed_by_who_opened_it(parent):
    rosa = make_coordinator(parent.organisation)
    opening = make_opening(parent, rosa)
    done = {"reviewed_at": NOON, "was_right": True}

    for wrong in ({"alerted": rosa}, {"reviewed_by": rosa, **done}, {"reviewed_at": NOON}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Opening.objects.filter(pk=opening.pk).update(**wrong)
