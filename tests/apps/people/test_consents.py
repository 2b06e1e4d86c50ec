from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import IntegrityError

from goround.apps.audit.models import Event
from goround.apps.people.consents import services as consents
from goround.apps.people.consents.models import Consent
from goround.apps.people.consents.notices import NOTICES
from goround.apps.people.consents.selectors import consents_of, said_yes
from tests.make import NOON, make_coordinator, make_organisation, make_parent, make_user

pytestmark = pytest.mark.django_db

MESSAGES, SHARING = Consent.Purpose.MESSAGES, Consent.Purpose.SHARING
SECOND = timedelta(seconds=1)


@pytest.fixture
def ida():
    return make_parent(make_organisation())


@pytest.fixture
def ana(ida):
    return make_coordinator(ida.organisation)


def give(parent, by, *, at=NOON, purpose=MESSAGES, **about) -> Consent:
    how = Consent.How.IN_WORDS
    return consents.give(parent=parent, purpose=purpose, how=how, by=by, at=at, **about)


def holds(parent, at, purpose=MESSAGES, recipient="") -> bool:
    return said_yes(None, [parent.pk], purpose, at=at, recipient=recipient) == {parent.pk}


def test_yes_holds_from_its_moment_until_it_runs_out(ida, ana):
    give(ida, ana)
    end = NOON + NOTICES[MESSAGES].lasts

    assert [holds(ida, at) for at in (NOON - SECOND, NOON, end - SECOND, end)] == [
        False, True, True, False,
    ]  # fmt: skip


def test_yes_taken_back_holds_no_longer(ida, ana):
    give(ida, ana)

    consents.withdraw(parent=ida, purpose=MESSAGES, by=ana, at=NOON + SECOND)

    assert not holds(ida, NOON + SECOND)
    assert [event.kind for event in Event.objects.order_by("pk")] == [
        "consent.given",
        "consent.withdrawn",
    ]


def test_yes_to_one_thing_is_no_yes_to_another_or_to_somebody_else(ida, ana):
    give(ida, ana, purpose=SHARING, recipient="Riverside Clinic")
    other = make_parent(ida.organisation)

    assert holds(ida, NOON, SHARING, "Riverside Clinic")
    assert not holds(ida, NOON, SHARING, "Hillside Clinic")
    assert not holds(ida, NOON, SHARING)
    assert not holds(ida, NOON)
    assert not holds(other, NOON, SHARING, "Riverside Clinic")


def test_same_yes_twice_is_once_and_a_yes_after_the_end_is_new(ida, ana):
    first = give(ida, ana)

    assert give(ida, ana, at=NOON + SECOND) == first
    later = give(ida, ana, at=first.expires_at + SECOND)
    first.refresh_from_db()
    assert (first.ended_because, later.is_live(at=later.given_at)) == ("renewed", True)
    assert Event.objects.count() == 2


def test_yes_to_an_older_notice_goes_on_and_is_renewed_when_given_again(ida, ana, monkeypatch):
    first = give(ida, ana)
    newer = type(NOTICES[MESSAGES])(2, NOTICES[MESSAGES].lasts)
    monkeypatch.setitem(NOTICES, MESSAGES, newer)

    assert holds(ida, NOON + SECOND)
    assert give(ida, ana, at=NOON + SECOND) != first
    assert [row.notice_version for row in Consent.objects.order_by("pk")] == [1, 2]


def test_taking_back_what_was_never_given_changes_nothing(ida, ana):
    consents.withdraw(parent=ida, purpose=MESSAGES, by=ana, at=NOON)

    assert not Event.objects.exists()


def test_sharing_names_who_gets_it(ida, ana):
    with pytest.raises(consents.NobodyNamed):
        give(ida, ana, purpose=SHARING, recipient="  ")


def test_database_refuses_a_release_to_nobody(ida, ana):
    with pytest.raises(IntegrityError):
        Consent.objects.create(
            organisation=ida.organisation,
            parent=ida,
            purpose=SHARING,
            notice_version=1,
            how="in-words",
            given_at=NOON,
            expires_at=NOON + SECOND,
        )


def test_consents_are_seen_by_the_parent_and_by_who_keeps_records(ida, ana):
    given = give(ida, ana)
    ida.user = make_user()
    ida.save()

    assert list(consents_of(ida.user, ida)) == [given]
    assert list(consents_of(ana, ida)) == [given]
    assert list(consents_of(make_coordinator(make_organisation()), ida)) == []
    assert list(consents_of(make_user(), ida)) == []
