from __future__ import annotations

import pytest
from django.db import IntegrityError, transaction

from goround.apps.audit.chains import check
from goround.apps.audit.models import Event
from goround.apps.audit.services import record
from goround.apps.audit.stretches import in_one_stretch
from tests.make import NOON, make_organisation, make_user, make_venue

pytestmark = pytest.mark.django_db


def test_record_notes_who_did_what_to_which_row_and_where():
    here, ana = make_organisation(), make_user()
    venue = make_venue(here)

    event = record("venue.changed", venue, by=ana, at=NOON, fields=["rooms"])

    assert (event.kind, event.subject, event.subject_id) == ("venue.changed", "venue", venue.pk)
    assert (event.organisation_id, event.by_id, event.at) == (here.pk, ana.pk, NOON)
    assert event.facts == {"fields": ["rooms"]}


def test_record_of_nobodys_act_says_so():
    assert record("venue.changed", make_venue(make_organisation()), by=None, at=NOON).by_id is None


def test_record_goes_when_the_act_is_taken_back():
    venue = make_venue(make_organisation())

    with pytest.raises(RuntimeError), transaction.atomic():
        record("venue.changed", venue, by=None, at=NOON)
        raise RuntimeError

    assert Event.objects.count() == 0


def test_record_outlives_what_it_speaks_of():
    venue = make_venue(make_organisation())
    event = record("venue.changed", venue, by=None, at=NOON)
    gone = venue.pk

    venue.delete()

    event.refresh_from_db()
    assert event.subject_id == gone


def test_database_refuses_an_event_that_names_no_act():
    with pytest.raises(IntegrityError):
        record("changed", make_venue(make_organisation()), by=None, at=NOON)


def test_entries_of_one_stretch_are_written_at_its_end_in_order():
    here, elsewhere = make_organisation(), make_organisation()

    with in_one_stretch(here.pk):
        record("one.done", here, by=None, at=NOON, organisation_id=here.pk)
        record("other.done", elsewhere, by=None, at=NOON, organisation_id=elsewhere.pk)
        assert [event.kind for event in Event.objects.all()] == ["other.done"]
        record("two.done", here, by=None, at=NOON, organisation_id=here.pk)

    own = Event.objects.filter(organisation_id=here.pk).order_by("number")
    assert [(event.number, event.kind) for event in own] == [(1, "one.done"), (2, "two.done")]
    assert check(here.pk).broken is None
    record("three.done", here, by=None, at=NOON, organisation_id=here.pk)
    assert check(here.pk).entries == 3


def test_stretch_that_breaks_off_writes_nothing_and_ends():
    here = make_organisation()

    with pytest.raises(RuntimeError), in_one_stretch(here.pk):
        record("one.done", here, by=None, at=NOON, organisation_id=here.pk)
        raise RuntimeError

    assert not Event.objects.exists()
    record("two.done", here, by=None, at=NOON, organisation_id=here.pk)
    assert [event.kind for event in Event.objects.all()] == ["two.done"]
