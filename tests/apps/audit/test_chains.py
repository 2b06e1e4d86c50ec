"""The chain in the database: every change made behind Goround's back is found."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from random import Random
from threading import Barrier, Thread

import pytest
from django.db import IntegrityError, connection, transaction

from goround.apps.audit import chains
from goround.apps.audit.chains import Checkpoint, check
from goround.apps.audit.models import Chain, Event
from goround.apps.audit.services import record, record_each
from goround.domain.privacy.chain import Break, Fault
from tests.conftest import ON_POSTGRESQL
from tests.make import NOON, make_organisation, make_user, make_venue

pytestmark = pytest.mark.django_db

ENTRIES = 8
# Every column the chain proves, and something else to write there.
COLUMNS: dict[str, Callable[[Event], object]] = {
    "organisation_id": lambda event: (event.organisation_id or 0) + 1_000,
    "number": lambda event: event.number + 50,
    "kind": lambda event: "venue.forgotten",
    "subject": lambda event: "parent",
    "subject_id": lambda event: (event.subject_id or 0) + 1,
    "by_id": lambda event: None if event.by_id else 1,
    "at": lambda event: event.at - timedelta(microseconds=1),
    "facts": lambda event: {"fields": []},
    "link": lambda event: "0" * 64,
}


@pytest.fixture
def here():
    return make_organisation()


@pytest.fixture
def chain(here) -> Chain:
    """A chain with entries of each kind: single, in bulk, by nobody, with and without facts."""
    venue, ana = make_venue(here), make_user()
    for number in range(ENTRIES - 3):
        record("venue.changed", venue, by=ana, at=NOON, fields=["rooms"], rooms=number)
    record_each(kind="venue.seen", subjects=[venue] * 3, organisation_id=here.pk, by=None, at=NOON)
    return Chain.objects.get(organisation_id=here.pk)


def events_of(chain: Chain):
    return Event.objects.filter(organisation_id=chain.organisation_id)


def broken(chain: Chain) -> Break | None:
    return check(chain.organisation_id).broken


def test_chain_of_real_entries_holds(chain):
    finding = check(chain.organisation_id)

    assert (finding.entries, finding.broken) == (ENTRIES, None)
    assert finding.head == Checkpoint(ENTRIES, chain.link)
    assert list(events_of(chain).order_by("pk").values_list("number", flat=True)) == list(
        range(1, ENTRIES + 1)
    )


def test_chains_of_two_organisations_and_of_the_installation_count_for_themselves(chain):
    there = make_organisation()
    record("venue.changed", make_venue(there), by=None, at=NOON)
    record("user.created", make_user(), by=None, at=NOON)

    assert [check(each).entries for each in chains.chains()] == [1, ENTRIES, 1]
    assert [check(each).broken for each in chains.chains()] == [None] * 3


@pytest.mark.parametrize("column", COLUMNS)
def test_every_mutation_is_found_where_it_was_made(chain, column):
    for number in range(1, ENTRIES + 1):
        with transaction.atomic():
            event = events_of(chain).get(number=number)
            Event.objects.filter(pk=event.pk).update(**{column: COLUMNS[column](event)})
            found = broken(chain)
            transaction.set_rollback(True)
        assert found is not None
        assert found.number == number
    assert broken(chain) is None


def test_every_deletion_is_found(chain):
    for number in range(1, ENTRIES + 1):
        with transaction.atomic():
            events_of(chain).filter(number=number).delete()
            found = broken(chain)
            transaction.set_rollback(True)
        fault = Fault.CUT_SHORT if number == ENTRIES else Fault.MISSING
        assert found == Break(fault, number)


def test_every_two_entries_that_change_places_are_found(chain):
    for one in range(1, ENTRIES + 1):
        for other in range(one + 1, ENTRIES + 1):
            with transaction.atomic():
                first, second = (events_of(chain).get(number=each) for each in (one, other))
                Event.objects.filter(pk=first.pk).update(number=1_000)
                Event.objects.filter(pk=second.pk).update(number=one)
                Event.objects.filter(pk=first.pk).update(number=other)
                found = broken(chain)
                transaction.set_rollback(True)
            assert found == Break(Fault.ALTERED, one)


def test_entry_put_in_behind_the_end_is_found(chain):
    last = events_of(chain).get(number=ENTRIES)
    last.pk, last.number = None, ENTRIES + 1
    last.save(force_insert=True)

    assert broken(chain) == Break(Fault.BEYOND_THE_HEAD, ENTRIES + 1)


def test_truncation_with_the_head_set_back_by_hand_is_found(chain):
    events_of(chain).filter(number__gt=5).delete()
    Chain.objects.filter(pk=chain.pk).update(length=5, link=events_of(chain).get(number=5).link)

    assert broken(chain) == Break(Fault.HEAD_FORGED, 5)


def test_beginning_forged_away_is_found(chain):
    base = events_of(chain).get(number=3)
    events_of(chain).filter(number__lte=3).delete()
    Chain.objects.filter(pk=chain.pk).update(base_number=3, base_link=base.link)

    assert broken(chain) == Break(Fault.HEAD_FORGED, ENTRIES)


def test_head_taken_away_is_found(chain):
    chain.delete()

    assert broken(chain) == Break(Fault.HEAD_MISSING, 1)


def test_nothing_can_be_written_where_the_head_was_taken_away(here, chain):
    chain.delete()

    with pytest.raises(IntegrityError), transaction.atomic():
        record("venue.changed", make_venue(here), by=None, at=NOON)


def test_whole_chain_put_back_as_it_was_is_found_by_the_end_somebody_kept(here, chain):
    earlier = Chain.objects.get(pk=chain.pk)
    record("venue.changed", make_venue(here), by=None, at=NOON)
    kept = check(here.pk).head
    events_of(chain).filter(number__gt=earlier.length).delete()
    earlier.save()

    assert broken(chain) is None
    assert check(here.pk, expect=kept).broken == Break(Fault.NOT_AS_EXPECTED, ENTRIES + 1)
    assert check(here.pk, expect=Checkpoint(ENTRIES, chain.link)).broken is None
    assert check(here.pk, expect=Checkpoint(3, "0" * 64)).broken == Break(Fault.NOT_AS_EXPECTED, 3)


def test_whole_chain_taken_away_is_found_by_the_end_somebody_kept(here, chain):
    kept = check(here.pk).head
    events_of(chain).delete()
    chain.delete()

    assert check(here.pk, expect=kept).broken == Break(Fault.NOT_AS_EXPECTED, ENTRIES)


def test_random_vandalism_is_always_found(chain):
    rng = Random(4)
    for _ in range(60):
        with transaction.atomic():
            events = list(events_of(chain))
            victim, other = rng.sample(events, 2)
            columns = rng.sample(sorted(set(COLUMNS) - {"organisation_id", "number"}), 2)
            act = rng.choice(["change", "delete", "copy"])
            if act == "change":
                changes = {column: COLUMNS[column](victim) for column in columns}
                Event.objects.filter(pk=victim.pk).update(**changes)
            elif act == "delete":
                Event.objects.filter(pk__in=[victim.pk, other.pk]).delete()
            else:
                said = {column: getattr(other, column) for column in [*COLUMNS, "facts"]}
                number, link = victim.number, other.link
                victim.delete()
                Event.objects.create(**said | {"number": number, "link": link})
            found = broken(chain)
            transaction.set_rollback(True)
        assert found is not None, act
    assert broken(chain) is None


def test_letting_go_of_old_entries_leaves_a_chain_that_holds(here, chain):
    assert chains.let_go(here.pk, up_to=5) == 5
    record("venue.changed", make_venue(here), by=None, at=NOON)

    finding = check(here.pk)
    assert (finding.entries, finding.broken) == (ENTRIES - 4, None)
    assert chains.let_go(here.pk, up_to=5) == 0
    assert chains.let_go(here.pk, up_to=99) == 0


def test_acts_taken_back_leave_no_gap(here, chain):
    with transaction.atomic():
        record("venue.changed", make_venue(here), by=None, at=NOON)
        transaction.set_rollback(True)
    event = record("venue.changed", make_venue(here), by=None, at=NOON)

    assert event.number == ENTRIES + 1
    assert broken(chain) is None


def test_recording_takes_no_more_statements_for_many(here, django_assert_num_queries):
    venue = make_venue(here)
    record("venue.changed", venue, by=None, at=NOON)

    with django_assert_num_queries(3):
        record("venue.changed", venue, by=None, at=NOON)
    with django_assert_num_queries(3):
        record_each(
            kind="venue.seen", subjects=[venue] * 40, organisation_id=here.pk, by=None, at=NOON
        )


def test_bulk_of_nothing_writes_nothing(here):
    record_each(kind="venue.seen", subjects=[], organisation_id=here.pk, by=None, at=NOON)

    assert not Chain.objects.filter(organisation_id=here.pk).exists()


def test_checkpoint_is_read_as_it_was_printed():
    checkpoint = Checkpoint(12, "a" * 64)

    assert Checkpoint.read(f" {checkpoint}\n") == checkpoint
    for wrong in ["", "12", "x:" + "a" * 64, "12:abc"]:
        with pytest.raises(ValueError):
            Checkpoint.read(wrong)


@pytest.mark.skipif(not ON_POSTGRESQL, reason="SQLite has one writer at a time")
@pytest.mark.django_db(transaction=True)
def test_writers_at_once_take_turns():
    here, there = make_organisation(), make_organisation()
    venues = [make_venue(here), make_venue(there)]
    barrier, raised = Barrier(6), []

    def write(venue) -> None:
        barrier.wait()
        try:
            for _ in range(15):
                record("venue.changed", venue, by=None, at=NOON)
        except BaseException as error:
            raised.append(error)
        finally:
            connection.close()

    threads = [Thread(target=write, args=(venue,)) for venue in venues * 3]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert raised == []
    assert [(check(each.pk).entries, check(each.pk).broken) for each in (here, there)] == [
        (45, None),
        (45, None),
    ]
