from __future__ import annotations

import hypothesis.strategies as st
import pytest
from django.contrib.auth import authenticate
from django.contrib.auth.hashers import identify_hasher
from django.core.exceptions import ValidationError
from django.db import IntegrityError
from hypothesis import given

from goround.apps.accounts import selectors
from goround.apps.accounts.models import CodeApp, RecoveryCode, User, WayIn, handle_shape
from goround.apps.accounts.services import create_user
from goround.apps.accounts.ways_in import make_way_in
from goround.apps.audit.models import Event
from tests.make import NOON, make_user

PASSPHRASE = "apple river stone candle window moss"
LETTERS = "abcdefghijklmnopqrstuvwxyz0123456789.-"


def create(handle="ana", passphrase=PASSPHRASE, **more):
    return create_user(handle=handle, passphrase=passphrase, by=None, at=NOON, **more)


@pytest.mark.django_db
def test_create_user_can_sign_in_and_is_in_the_trail():
    user = create(" Ana.M ")

    assert (user.handle, user.created_at) == ("ana.m", NOON)
    assert authenticate(username="ANA.M", password=PASSPHRASE) == user
    assert authenticate(username="ana.m", password="something else entirely") is None
    event = Event.objects.get()
    assert (event.kind, event.subject_id, event.facts) == ("user.created", user.pk, {})


@pytest.mark.django_db
def test_create_user_without_a_passphrase_cannot_sign_in():
    create(passphrase=None)

    assert authenticate(username="ana", password="") is None


@pytest.mark.django_db
@pytest.mark.parametrize(
    "handle", ["", "a b", "-ana", "ana-", ".ana", "ana_m", "añа", "a" * 41, "ana@example.org"]
)
def test_create_user_refuses_a_handle_that_will_not_do(handle):
    with pytest.raises(ValidationError):
        create(handle)

    assert (User.objects.count(), Event.objects.count()) == (0, 0)


@pytest.mark.django_db
def test_create_user_refuses_a_handle_that_is_taken():
    create("ana")

    with pytest.raises(ValidationError):
        create("ANA")


@pytest.mark.django_db
def test_create_user_refuses_a_short_passphrase():
    with pytest.raises(ValidationError):
        create(passphrase="fourteen chars")


@pytest.mark.django_db
def test_database_refuses_a_handle_with_capitals():
    with pytest.raises(IntegrityError):
        make_user("Ana")


@given(st.text(alphabet=LETTERS, min_size=1, max_size=40))
def test_handles_of_the_allowed_letters_pass_unless_their_ends_do_not(handle):
    ends_well = handle[0] not in ".-" and handle[-1] not in ".-"
    try:
        handle_shape(handle)
    except ValidationError:
        assert not ends_well
    else:
        assert ends_well


@pytest.mark.django_db
def test_passphrases_are_hashed_at_the_floor_of_owasp():
    stored = create().password

    assert identify_hasher(stored).algorithm == "argon2"
    assert stored.startswith("argon2$argon2id$v=19$m=19456,t=2,p=1$")


@pytest.mark.django_db
def test_user_says_who_it_is_without_personal_data():
    user = make_user("ana", shown_as="Ana María")

    assert (str(user), user.get_short_name()) == (f"user #{user.pk}", "Ana María")
    assert make_user("ben").get_short_name() == "ben"


@pytest.mark.django_db
def test_what_belongs_to_an_account_is_told_to_its_owner_alone():
    ana, ben = make_user(), make_user()
    CodeApp.objects.create(user=ana, hidden_secret=b"x", added_at=NOON)
    RecoveryCode.objects.create(user=ana, words_hash="x")
    make_way_in(user=ana, kind=WayIn.Kind.CARD, by=ana, at=NOON)
    make_way_in(user=ana, kind=WayIn.Kind.CODE, by=ben, at=NOON)

    told = [
        (
            selectors.code_app_of(viewer) is not None,
            selectors.has_second_factor(viewer),
            selectors.recovery_codes_left(viewer),
            selectors.card_of(viewer) is not None,
            len(selectors.codes_untold(viewer)),
        )
        for viewer in (ana, ben)
    ]

    assert told == [(True, True, 1, True, 1), (False, False, 0, False, 0)]
