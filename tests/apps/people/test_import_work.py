"""Saving a list breaks off: stopped, taken over, or left by two workers at once."""

from __future__ import annotations

import pytest

from goround.apps.apart.models import KeepApart
from goround.apps.audit.models import Event
from goround.apps.jobs.services import ask_to_stop
from goround.apps.jobs.work import run_next
from goround.apps.people.imports.services import CHUNK, confirm_list, put_aside, save_list
from goround.apps.people.models import Parent
from tests.make import NOON, make_programme
from tests.make_lists import counts, make_list, row

pytestmark = pytest.mark.django_db

ROWS = 2 * CHUNK + 200


@pytest.fixture
def listed():
    rows = [row(f"p{n}", apart=f"p{ROWS - 1}" if n == 0 else "") for n in range(ROWS)]
    received = make_list(make_programme(), rows)
    if received.status == "reading":
        run_next("reader")
        received.refresh_from_db()
    return received


def go_on(listed, tick):
    from random import Random

    listed.refresh_from_db()
    save_list(list_import=listed, tick=tick, by=listed.uploaded_by, at=NOON, rng=Random(1))
    listed.refresh_from_db()


def stops_after(chunks):
    """A report that says to stop once so many chunks were saved."""
    return lambda done, total: done < chunks * CHUNK


def saved_pieces():
    saved = Event.objects.filter(kind="list_import.rows_saved").order_by("pk")
    return [(event.facts["from_row"], event.facts["to_row"]) for event in saved]


def test_saving_that_stopped_keeps_what_was_saved_and_goes_on(listed):
    confirm_list(list_import=listed, by=listed.uploaded_by, at=NOON)

    go_on(listed, stops_after(1))
    assert (listed.status, listed.saved_rows, Parent.objects.count()) == ("saving", CHUNK, CHUNK)
    assert KeepApart.objects.count() == 0
    go_on(listed, stops_after(99))

    assert (listed.status, listed.text, counts(listed)) == ("saved", "", (ROWS, 0, 0, 0))
    assert (Parent.objects.count(), KeepApart.objects.count()) == (ROWS, 1)
    assert saved_pieces() == [(1, 500), (501, 1000), (1001, 1200)]


def test_two_workers_on_one_list_save_every_row_once(listed):
    confirm_list(list_import=listed, by=listed.uploaded_by, at=NOON)
    other = type(listed).objects.get(pk=listed.pk)

    def let_the_other_in(done, total):
        if done == CHUNK:
            go_on(other, stops_after(99))
        return True

    go_on(listed, let_the_other_in)

    assert (listed.status, counts(listed)) == ("saved", (ROWS, 0, 0, 0))
    assert saved_pieces() == [(1, 500), (501, 1000), (1001, 1200)]
    assert Event.objects.filter(kind="list_import.saved").count() == 1


def test_cancelled_job_can_be_taken_up_again(listed):
    ana = listed.uploaded_by
    job = confirm_list(list_import=listed, by=ana, at=NOON)
    ask_to_stop(job=job, by=ana, at=NOON)
    assert (run_next("one"), Parent.objects.count()) == (None, 0)

    confirm_list(list_import=listed, by=ana, at=NOON)
    ended = run_next("one")

    listed.refresh_from_db()
    assert (ended.status, listed.status, listed.saved_rows) == ("done", "saved", ROWS)


def test_list_put_aside_while_it_is_saved_keeps_the_rows_saved_before(listed):
    ana = listed.uploaded_by
    confirm_list(list_import=listed, by=ana, at=NOON)

    def put_it_aside(done, total):
        if done == CHUNK:
            put_aside(list_import=listed, by=ana, at=NOON)
        return True

    go_on(listed, put_it_aside)

    assert (listed.status, listed.text, Parent.objects.count()) == ("put-aside", "", CHUNK)
    assert Event.objects.get(kind="list_import.put_aside").facts == {"saved_rows": CHUNK}


def test_reading_that_stopped_says_nothing_about_the_rows():
    rows = [row(f"p{n}") for n in range(1_001)]
    received = make_list(make_programme(), rows)
    from goround.apps.jobs.models import Job

    ask_to_stop(job=Job.objects.get(), by=received.uploaded_by, at=NOON)
    received.refresh_from_db()

    assert (received.status, received.good_rows) == ("reading", 0)
