"""Parents come in by themselves or through an agency, wait, leave and come back."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta

import pytest
from django.db import IntegrityError, connection

from goround.apps.audit.models import Event
from goround.apps.people import receipts
from goround.apps.people.facts import ParentFacts
from goround.apps.people.models import Parent, Referral
from goround.apps.people.selectors import referral_by_receipt, referrals_for
from goround.apps.people.services import (
    DoorClosed,
    NoLongerWaiting,
    StillWaiting,
    put_back,
    refer_by_agency,
    refer_self,
    withdraw,
)
from tests.make import (
    NOON,
    TODAY,
    make_coordinator,
    make_organisation,
    make_parent,
    make_programme,
    make_referral,
    make_user,
)

pytestmark = pytest.mark.django_db

SECRET = "0123456789abcdef" * 2
FACTS = ParentFacts(
    home_cell="8829a1d743fffff",
    languages=("es", "en"),
    available=("mon 17:30-20:30",),
    max_km=10.0,
    children_ages=(3.0, 7.0),
    safe_contact="text after eight",
)


def come_in(programme, *, secret=SECRET, alias="Calm River", facts=FACTS):
    return refer_self(
        programme=programme, alias=alias, facts=facts, secret=secret, by=None, at=NOON
    )


def test_refer_self_keeps_what_was_told_and_nothing_else():
    programme = make_programme()

    referral = come_in(programme)

    parent = Parent.objects.get()
    assert (referral.parent, referral.door, referral.status) == (parent, "self", "waiting")
    assert referral.waiting_since == NOON
    assert (parent.alias, parent.reference, parent.user) == ("Calm River", None, None)
    assert (parent.languages, parent.available) == (("es", "en"), ("mon 17:30-20:30",))
    assert (parent.children_ages, parent.ages_on) == ((3.0, 7.0), date(2026, 3, 4))
    assert parent.interests == ()


def test_refer_self_with_an_alias_alone_is_enough():
    referral = come_in(make_programme(), facts=ParentFacts())

    assert (referral.parent.home_cell, referral.parent.ages_on) == ("", None)


def test_refer_self_twice_makes_one_entry():
    programme = make_programme()

    first, again = come_in(programme), come_in(programme, alias="Somebody else")

    assert first == again
    assert [parent.alias for parent in Parent.objects.all()] == ["Calm River"]
    assert [event.kind for event in Event.objects.order_by("pk")] == [
        "parent.added",
        "referral.made",
    ]


def test_refer_self_leaves_a_trail_without_a_word_of_what_was_told():
    programme = make_programme()

    referral = come_in(programme)

    event = Event.objects.get(kind="referral.made")
    assert (event.subject_id, event.by_id, event.at) == (referral.pk, None, NOON)
    assert event.organisation_id == programme.organisation_id
    assert event.facts == {"door": "self"}


def test_refer_self_at_a_closed_door_is_refused():
    programme = make_programme(takes_self_referrals=False)

    with pytest.raises(DoorClosed):
        come_in(programme)

    assert Parent.objects.count() == 0


def test_refer_by_agency_keeps_source_agency_and_agreement():
    programme = make_programme()
    coordinator = make_coordinator(programme.organisation)

    referral = refer_by_agency(
        programme=programme,
        alias="Quiet Fern",
        facts=ParentFacts(),
        source="hospitals",
        agency="Welcome Baby",
        agreed_on=TODAY,
        secret=SECRET,
        by=coordinator,
        at=NOON,
    )

    assert (referral.door, referral.source, referral.agency) == (
        "agency",
        "hospitals",
        "Welcome Baby",
    )
    assert referral.agreed_on == TODAY
    assert [event.by_id for event in Event.objects.all()] == [coordinator.pk] * 2


def test_database_refuses_an_agency_referral_nobody_agreed_to():
    programme = make_programme()

    with pytest.raises(IntegrityError):
        make_referral(make_parent(programme.organisation), programme, door="agency")


def test_withdraw_keeps_that_the_parent_waited():
    programme = make_programme()
    coordinator = make_coordinator(programme.organisation)
    referral = make_referral(make_parent(programme.organisation), programme)

    for _ in range(2):
        withdraw(referral=referral, because="moved-away", by=coordinator, at=NOON)

    referral.refresh_from_db()
    assert (referral.status, referral.ended_at) == ("withdrawn", NOON)
    assert referral.withdrawn_because == "moved-away"
    event = Event.objects.get()
    assert (event.kind, event.by_id) == ("referral.withdrawn", coordinator.pk)


def test_withdraw_of_a_placed_parent_is_refused():
    programme = make_programme()
    referral = make_referral(
        make_parent(programme.organisation), programme, status="placed", ended_at=NOON
    )

    with pytest.raises(NoLongerWaiting):
        withdraw(referral=referral, by=None, at=NOON)

    assert Event.objects.count() == 0


def test_put_back_begins_a_new_wait_and_takes_the_receipt_along():
    programme = make_programme()
    coordinator = make_coordinator(programme.organisation)
    referral = come_in(programme)
    withdraw(referral=referral, by=None, at=NOON)
    later = NOON + timedelta(days=5)

    again = put_back(referral=referral, by=coordinator, at=later)

    assert (again.status, again.waiting_since, again.parent) == ("waiting", later, referral.parent)
    assert referral_by_receipt(coordinator, receipts.receipt_words(SECRET)) == again
    assert Referral.objects.get(pk=referral.pk).status == "withdrawn"
    with pytest.raises(StillWaiting):
        put_back(referral=referral, by=coordinator, at=later)


def test_receipt_is_found_by_its_words_however_they_are_written():
    referral = come_in(make_programme())
    visitor = make_user()
    words = receipts.receipt_words(SECRET)

    assert len(words.split()) == 6
    for said in (words, words.upper(), f"  {words.replace(' ', '   ')} ", words.replace(" ", "-")):
        assert referral_by_receipt(visitor, said) == referral
    assert referral_by_receipt(visitor, f"{words} more") is None


def test_receipt_is_stored_only_as_a_hash():
    referral = come_in(make_programme())
    words = receipts.receipt_words(SECRET)

    kept = " ".join(str(value) for value in Referral.objects.values().get().values())

    assert SECRET not in kept
    assert all(word not in kept.split() for word in words.split())
    assert referral.receipt_hash == receipts.hash_of(words)


def test_new_secrets_differ_and_give_different_words():
    secrets = {receipts.new_secret() for _ in range(20)}

    assert len(secrets) == len({receipts.receipt_words(secret) for secret in secrets}) == 20
    assert {len(secret) for secret in secrets} == {receipts.SECRET_LENGTH}


def test_referrals_are_absent_for_a_stranger():
    programme = make_programme()
    come_in(programme)
    stranger = make_coordinator(make_organisation())

    assert list(referrals_for(stranger, programme.organisation)) == []
    assert list(referrals_for(make_user(), programme.organisation)) == []


def test_facts_put_on_a_parent_name_what_changed_and_date_the_ages():
    parent = make_parent(make_organisation(), languages=("es", "en"))

    changed = FACTS.put_on(parent, at=NOON)

    assert changed == ["home_cell", "available", "max_km", "children_ages", "safe_contact"]
    assert parent.ages(on=date(2027, 3, 4)) == (4.0, 8.0)
    assert FACTS.put_on(parent, at=NOON + timedelta(days=400)) == []
    assert parent.ages_on == date(2026, 3, 4)


@pytest.mark.django_db(transaction=True)
def test_two_taps_in_the_same_moment_make_one_entry():
    if connection.vendor == "sqlite":
        pytest.skip("one connection holds the whole database in memory")
    programme = make_programme()
    together = threading.Barrier(6)

    def tap(_: int) -> int:
        try:
            together.wait(timeout=10)
            return come_in(programme).pk
        finally:
            connection.close()

    with ThreadPoolExecutor(6) as fingers:
        entries = set(fingers.map(tap, range(6)))

    assert (len(entries), Referral.objects.count(), Parent.objects.count()) == (1, 1, 1)
    assert Event.objects.filter(kind="referral.made").count() == 1
