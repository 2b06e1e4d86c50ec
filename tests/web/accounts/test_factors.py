"""The second factor: asked for, required of staff, bounded, and each code good once."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.checks import run_checks
from django.db import connection
from django.test import Client
from django.utils import timezone

from goround.apps.accounts.factors import make_recovery_codes, second_factor_fits
from goround.apps.accounts.models import CodeApp, Passkey, RecoveryCode
from goround.apps.organisations.roles import Role
from goround.domain.privacy.guessing import BOUNDS, Secret
from tests.web.accounts.people import (
    SECRET,
    app_code,
    give_app,
    is_in,
    said,
    sign_in,
    somebody,
)

pytestmark = pytest.mark.django_db


def earlier():
    """So that the code of now was not used when the app was added."""
    return timezone.now() - timedelta(minutes=5)


def test_code_is_asked_after_the_passphrase_and_nothing_opens_before():
    give_app(somebody(), at=earlier())
    client = Client()

    assert sign_in(client).headers["Location"] == "/sign-in/second/"
    assert not is_in(client)
    client.post("/sign-in/second/", {"code": app_code(timezone.now())})
    assert is_in(client)


def test_code_without_a_passphrase_opens_nothing():
    give_app(somebody(), at=earlier())
    client = Client()

    answer = client.post("/sign-in/second/", {"code": app_code(timezone.now())})

    assert answer.headers["Location"] == "/sign-in/"


def test_half_a_sign_in_is_over_after_ten_minutes_and_when_the_passphrase_changes():
    user = somebody()
    give_app(user, at=earlier())
    client, other = Client(), Client()
    sign_in(client)
    sign_in(other)
    session = client.session
    session["half"] |= {"at": (timezone.now() - timedelta(minutes=11)).isoformat()}
    session.save()
    user.set_password("bridge lemon paper violin garden clock")
    user.save()

    for late in (client, other):
        late.post("/sign-in/second/", {"code": app_code(timezone.now())})
        assert not is_in(late)


def test_code_is_good_once_and_so_are_those_before_it():
    user, now = somebody(), timezone.now()
    give_app(user, at=now - timedelta(minutes=5))
    before = app_code(now - timedelta(seconds=30))

    assert second_factor_fits(user=user, code=app_code(now), at=now)
    assert not second_factor_fits(user=user, code=app_code(now), at=now)
    assert not second_factor_fits(user=user, code=before, at=now)


@pytest.mark.parametrize(("seconds", "fits"), [(-60, False), (-30, True), (30, True), (60, False)])
def test_code_may_be_half_a_minute_off(seconds, fits):
    user, now = somebody(), timezone.now()
    give_app(user, at=now - timedelta(minutes=5))

    code = app_code(now + timedelta(seconds=seconds))

    assert second_factor_fits(user=user, code=code, at=now) == fits


def test_wrong_codes_are_bounded():
    give_app(somebody(), at=earlier())
    client = Client()
    sign_in(client)
    bound = BOUNDS[Secret.SECOND_FACTOR].tries

    tried = [client.post("/sign-in/second/", {"code": "no code"}) for _ in range(bound + 1)]
    right = client.post("/sign-in/second/", {"code": app_code(timezone.now())})

    assert [answer.status_code for answer in [*tried, right]] == [200] * bound + [429, 429]


def test_recovery_code_stands_in_once():
    user = somebody()
    give_app(user, at=earlier())
    codes = make_recovery_codes(user=user, by=user, at=timezone.now())
    first, again = Client(), Client()

    for client in (first, again):
        sign_in(client)
        client.post("/sign-in/second/", {"code": codes[0].upper().replace(" ", "-")})

    assert (is_in(first), is_in(again)) == (True, False)
    assert RecoveryCode.objects.filter(used_at=None).count() == 7


def test_recovery_codes_are_ones_own():
    ana, ben = somebody("ana"), somebody("ben")
    codes = make_recovery_codes(user=ana, by=ana, at=timezone.now())

    assert not second_factor_fits(user=ben, code=codes[0], at=timezone.now())


def test_apps_secret_is_not_readable_in_the_database():
    give_app(somebody(), at=earlier())

    with connection.cursor() as cursor:
        cursor.execute("SELECT hidden_secret FROM accounts_codeapp")
        kept = bytes(cursor.fetchone()[0])

    assert SECRET.encode() not in kept


def test_app_is_set_up_with_a_code_from_it_and_ends_other_sessions():
    somebody()
    client, elsewhere = Client(), Client()
    sign_in(client)
    sign_in(elsewhere)
    page = client.get("/account/second-factor/app/").text
    secret = page.split("<code>")[1].split("<")[0].replace(" ", "")

    import pyotp

    wrong = client.post("/account/second-factor/app/", {"code": "000"})
    right = client.post("/account/second-factor/app/", {"code": pyotp.TOTP(secret).now()})

    assert wrong.status_code == 200
    assert right.headers["Location"] == "/account/second-factor/codes/"
    assert is_in(client)
    assert not is_in(elsewhere)
    codes = client.post("/account/second-factor/codes/")
    assert codes.text.count("<li>") >= 8
    assert CodeApp.objects.count() == 1


STAFF = [role for role in Role if role not in {Role.PARENT, Role.NETWORK_OFFICER}]


@pytest.mark.parametrize("role", STAFF)
def test_staff_are_led_to_a_second_factor_before_any_other_page(settings, role):
    settings.SECOND_FACTOR_REQUIRED = True
    host = somebody(role=role).roles.get().organisation
    client = Client()
    sign_in(client)

    for path in ("/", "/me/", "/account/", f"/o/{host.slug}/", f"/o/{host.slug}/run/"):
        assert client.get(path).headers["Location"] == "/account/second-factor/", path
    assert client.get("/crisis/").status_code == 200
    assert "Before you go on" in said(client.get("/account/second-factor/"))
    assert client.get("/account/second-factor/app/").status_code == 200


def test_staff_with_a_second_factor_and_parents_are_not_led(settings):
    settings.SECOND_FACTOR_REQUIRED = True
    give_app(somebody("ana", role=Role.COORDINATOR), at=earlier())
    somebody("ben", role=Role.PARENT)
    staff, parent = Client(), Client()
    sign_in(staff, "ana")
    staff.post("/sign-in/second/", {"code": app_code(timezone.now())})
    sign_in(parent, "ben")

    assert (is_in(staff), is_in(parent)) == (True, True)


@pytest.mark.parametrize(("production", "required"), [(True, False), (True, True), (False, False)])
def test_check_refuses_production_without_a_second_factor(settings, production, required):
    settings.PRODUCTION, settings.SECOND_FACTOR_REQUIRED = production, required
    settings.CHOOSE_WHO_TO_BE = False

    found = [message.id for message in run_checks() if message.id == "accounts.E002"]

    assert found == (["accounts.E002"] if production and not required else [])


@pytest.mark.parametrize("answer", ["", "[]", "{}", '{"rawId": 3}', '{"rawId": "AA"}', "no json"])
def test_answer_of_no_passkey_opens_nothing(answer):
    somebody()
    client = Client()
    client.get("/sign-in/passkey/")

    refused = client.post("/sign-in/passkey/", {"answer": answer})

    assert refused.status_code == 200
    assert "opened nothing here" in said(refused)
    assert not is_in(client)


@pytest.mark.parametrize("answer", ["", "{}", "no json"])
def test_answer_that_makes_no_passkey_is_refused(answer):
    somebody()
    client = Client()
    sign_in(client)
    client.get("/account/second-factor/passkey/")

    refused = client.post("/account/second-factor/passkey/", {"name": "My phone", "answer": answer})

    assert "made no passkey" in said(refused)
    assert not Passkey.objects.exists()


def test_stranger_removes_nobodys_passkey():
    ana = somebody("ana")
    kept = Passkey.objects.create(
        user=ana, name="phone", credential_hash="a", credential=b"a", added_at=timezone.now()
    )
    somebody("ben")
    client = Client()
    sign_in(client, "ben")

    answer = client.post(f"/account/second-factor/passkey/{kept.pk}/remove/")

    assert answer.status_code == 404
    assert Passkey.objects.count() == 1
