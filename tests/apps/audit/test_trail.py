from __future__ import annotations

import pytest
from django.db import IntegrityError, transaction

from goround.apps.audit.models import Event
from goround.apps.audit.services import record
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
