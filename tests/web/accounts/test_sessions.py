"""Sessions end when nobody uses them and at once when something about the person changes."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from goround.apps.accounts.models import SignIn
from goround.apps.organisations.roles import Role
from goround.apps.organisations.services import give_role
from goround.domain.privacy.guessing import BOUNDS, Secret
from goround.web.policy import ASKS_AGAIN, POLICY
from tests.make import make_organisation
from tests.web.accounts.people import PASSPHRASE, is_in, said, sign_in, somebody

pytestmark = pytest.mark.django_db


def age(client, **keys):
    """Put moments of this session back by so many minutes."""
    session = client.session
    for key, minutes in keys.items():
        session[key] = (timezone.now() - timedelta(minutes=minutes)).isoformat()
    session.save()


@pytest.mark.parametrize(
    ("role", "shared", "minutes"),
    [(Role.COORDINATOR, "", 30), (Role.PARENT, "", 60), (Role.COORDINATOR, "on", 10)],
)
def test_session_ends_when_it_was_not_used(role, shared, minutes):
    somebody(role=role)
    client = Client()
    sign_in(client, is_shared=shared)

    age(client, seen_at=minutes - 1)
    assert is_in(client)
    age(client, seen_at=minutes + 1)
    led = client.get("/me/", follow=True)
    assert led.redirect_chain[0][0].startswith("/sign-in/")
    assert "You were away for a while" in said(led)
    assert not SignIn.objects.exists()


def test_use_keeps_a_session_alive_and_is_noted_once_a_minute():
    user, client = somebody(), Client()
    sign_in(client)
    SignIn.objects.update(last_used_at=timezone.now() - timedelta(hours=1))
    age(client, seen_at=5)

    assert is_in(client)

    used = SignIn.objects.get(user=user)
    assert timezone.now() - used.last_used_at < timedelta(minutes=1)


def test_own_sessions_are_listed_without_address_or_browser():
    somebody()
    here, there = Client(), Client()
    sign_in(here)
    sign_in(there, is_shared="on")

    page = said(here.get("/account/"))

    assert page.count("Sign out there") == 1
    assert "Here, now" in page
    assert "shared device" in page
    fields = {field.name for field in SignIn._meta.get_fields()}
    assert fields == {"id", "user", "session_key", "started_at", "last_used_at", "is_shared"}


def test_signing_in_once_more_goes_on_in_one_session():
    somebody()
    client = Client()
    sign_in(client)

    assert sign_in(client).status_code == 302
    assert is_in(client)
    assert SignIn.objects.count() == 1


def test_one_session_is_ended_from_another_and_nobody_elses():
    somebody("ana")
    somebody("ben")
    here, there, stranger = Client(), Client(), Client()
    sign_in(here, "ana")
    sign_in(there, "ana")
    sign_in(stranger, "ben")
    theirs = SignIn.objects.get(session_key=there.session.session_key)

    assert stranger.post(f"/account/sessions/{theirs.pk}/end/").status_code == 404
    assert is_in(there)
    here.post(f"/account/sessions/{theirs.pk}/end/")
    assert (is_in(here), is_in(there)) == (True, False)


def test_sign_out_everywhere_ends_all_at_once_and_leaves_others():
    somebody("ana")
    somebody("ben")
    here, there, other = Client(), Client(), Client()
    sign_in(here, "ana")
    sign_in(there, "ana")
    sign_in(other, "ben")

    here.post("/account/sessions/end/")

    assert [is_in(client) for client in (here, there, other)] == [False, False, True]


def test_new_passphrase_ends_other_sessions_and_keeps_this_one():
    somebody()
    here, there = Client(), Client()
    sign_in(here)
    sign_in(there)

    here.post("/account/passphrase/", {"passphrase": "bridge lemon paper violin garden clock"})

    assert (is_in(here), is_in(there)) == (True, False)
    assert sign_in(Client()).status_code == 200


def test_new_role_ends_sessions():
    user, client = somebody(), Client()
    sign_in(client)

    give_role(
        user=user,
        role=Role.FACILITATOR,
        organisation=make_organisation(),
        by=None,
        at=timezone.now(),
    )

    assert not is_in(client)


def test_sign_out_forgets_the_session_and_tells_the_browser_to():
    somebody()
    client = Client()
    sign_in(client)

    answer = client.post("/sign-out/")

    assert answer.headers["Clear-Site-Data"] == '"cache"'
    assert not SignIn.objects.exists()
    assert not is_in(client)


def test_pages_that_ask_again_are_pages():
    assert set(POLICY) >= ASKS_AGAIN
    # What was released is for everybody.
    released = {"network:release_csv", "public:released_csv"}
    assert {name for name in POLICY if name.endswith("_csv")} - released <= ASKS_AGAIN


def month_csv(user):
    return f"/o/{user.roles.get().organisation.slug}/month/download/"


def test_grave_page_asks_again_after_ten_minutes_and_then_opens():
    csv = month_csv(somebody(role=Role.COORDINATOR))
    client = Client()
    sign_in(client)
    assert client.get(csv).status_code == 200

    age(client, proved_at=11)
    asked = client.get(csv)

    assert asked.headers["Location"].startswith("/account/prove/?next=%2Fo%2F")
    wrong = client.post("/account/prove/", {"passphrase": "no", "next": csv})
    assert "That is not your passphrase" in said(wrong)
    assert client.get(csv).status_code == 302
    right = client.post("/account/prove/", {"passphrase": PASSPHRASE, "next": csv})
    assert right.headers["Location"] == csv
    assert client.get(csv).status_code == 200


def test_grave_page_hides_itself_from_strangers_before_it_asks():
    csv = month_csv(somebody("ana", role=Role.COORDINATOR))
    somebody("ben", role=Role.COORDINATOR)
    client = Client()
    sign_in(client, "ben")
    age(client, proved_at=11)

    assert client.get(csv).status_code == 404


def test_asking_again_leads_to_no_other_site():
    somebody()
    client = Client()
    sign_in(client)

    sent = {"passphrase": PASSPHRASE, "next": "https://elsewhere.example/"}

    assert client.post("/account/prove/", sent).headers["Location"] == "/"


def test_asking_again_is_bounded():
    somebody()
    client = Client()
    sign_in(client)
    bound = BOUNDS[Secret.PASSPHRASE_AGAIN].tries

    tried = [client.post("/account/prove/", {"passphrase": "no"}) for _ in range(bound + 1)]

    assert [answer.status_code for answer in tried] == [200] * bound + [429]


def test_demo_says_everybodys_passphrase_and_nothing_else_does(settings):
    somebody("ana", role=Role.COORDINATOR)
    user = somebody("invented")
    user.is_demo = True
    user.save(update_fields=["is_demo"])
    real, invented = Client(), Client()
    sign_in(real, "ana")
    sign_in(invented, "invented")

    settings.CHOOSE_WHO_TO_BE = True
    shown = ["chairs in a circle" in said(c.get("/account/prove/")) for c in (real, invented)]
    settings.CHOOSE_WHO_TO_BE = False
    hidden = "chairs in a circle" in said(invented.get("/account/prove/"))

    assert (shown, hidden) == ([False, True], False)
