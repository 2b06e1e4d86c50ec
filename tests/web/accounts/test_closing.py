"""An account is closed from a page: every session ends at once, and nothing opens it."""

from __future__ import annotations

import io

import pytest
from django.core.management import CommandError, call_command
from django.test import Client
from django.utils import timezone

from goround.apps.accounts.models import SignIn, User, WayIn
from goround.apps.accounts.ways_in import make_way_in
from goround.apps.audit.models import Event
from goround.apps.organisations.models import RoleAssignment
from goround.apps.organisations.roles import Role
from goround.web.policy import ASKS_AGAIN
from tests.make import (
    make_coordinator,
    make_facilitator,
    make_group,
    make_leadership,
    make_membership,
    make_organisation,
    make_parent,
    make_programme,
    make_user,
)
from tests.web.accounts.people import is_in, said, sign_in, slip_words, somebody

pytestmark = pytest.mark.django_db


@pytest.fixture
def host():
    return make_organisation()


@pytest.fixture
def rosa(host):
    return make_coordinator(host, shown_as="Rosa")


@pytest.fixture
def desk(rosa):
    client = Client()
    client.force_login(rosa)
    return client


@pytest.fixture
def dolores(host):
    """A facilitator who is signed in at two places, and what they sign in with."""
    dolores = somebody("dolores", shown_as="Dolores")
    RoleAssignment.objects.create(user=dolores, role=Role.FACILITATOR, organisation=host)
    return dolores


def url(host, user, act):
    return f"/o/{host.slug}/people/{user.roles.get(organisation=host).pk}/{act}/"


def signed_in(handle):
    client = Client()
    sign_in(client, handle)
    assert is_in(client)
    return client


def test_closing_ends_every_session_at_once_and_opens_for_no_secret(desk, host, rosa, dolores):
    here, there = signed_in("dolores"), signed_in("dolores")
    now = timezone.now()
    invited = make_way_in(user=dolores, kind="sign-up", by=rosa, at=now)

    page = said(desk.post(url(host, dolores, "close"), follow=True))

    assert "Dolores is shut out." in page
    assert "Dolores Facilitator closed" in page
    assert [is_in(here), is_in(there)] == [False, False]
    assert not SignIn.objects.filter(user=dolores).exists()
    absent, closed = (sign_in(Client(), handle) for handle in ("nobody", "dolores"))
    assert (absent.status_code, said(absent)) == (
        closed.status_code,
        said(closed).replace("dolores", "nobody"),
    )
    assert "open nothing" in said(Client().post("/hello/", {"words": invited}))
    noted = Event.objects.get(kind="user.closed")
    assert (noted.subject_id, noted.by_id, noted.organisation_id, noted.facts) == (
        dolores.pk,
        rosa.pk,
        host.pk,
        {},
    )


def test_opened_again_signs_in_as_before_and_no_old_words_work(desk, host, rosa, dolores):
    invited = make_way_in(user=dolores, kind="sign-up", by=rosa, at=timezone.now())
    desk.post(url(host, dolores, "close"))

    page = said(desk.post(url(host, dolores, "open"), follow=True))

    assert "Dolores can sign in again." in page
    assert "open nothing" in said(Client().post("/hello/", {"words": invited}))
    signed_in("dolores")
    assert [role.role for role in dolores.roles.all()] == ["facilitator"]
    assert Event.objects.get(kind="user.reopened").organisation_id == host.pk


def test_closing_twice_is_noted_once(desk, host, dolores):
    for act in ("close", "close", "open", "open"):
        desk.post(url(host, dolores, act))

    kinds = Event.objects.filter(kind__startswith="user.", subject_id=dolores.pk)
    assert list(kinds.order_by("pk").values_list("kind", flat=True)) == [
        "user.created",
        "user.closed",
        "user.reopened",
    ]


def test_closing_and_opening_ask_again_who_it_is():
    assert {
        f"coordinator:{who}_{act}" for who in ("person", "parent") for act in ("close", "reopen")
    } <= ASKS_AGAIN


def test_last_coordinator_cannot_be_shut_out(desk, host, rosa):
    closed = make_coordinator(host, shown_as="Ben")
    desk.post(url(host, closed, "close"))

    page = said(desk.post(url(host, rosa, "close"), follow=True))

    assert "Nobody else could look after the people here" in page
    assert is_in(desk)
    # One who is shut out looks after nobody either.
    assert "Nobody else could" in said(desk.post(url(host, rosa, "end"), follow=True))
    assert rosa.roles.count() == 1


def test_account_with_a_role_elsewhere_is_not_one_organisations_to_close(desk, host, dolores):
    elsewhere = make_organisation(name="Secret House")
    RoleAssignment.objects.create(user=dolores, role=Role.SUPERVISOR, organisation=elsewhere)

    for act in ("close", "open", "anew"):
        page = said(desk.post(url(host, dolores, act), follow=True))
        assert "Only whoever runs this server can do that" in page
        assert "Secret House" not in page

    assert User.objects.get(pk=dolores.pk).is_active
    assert not Event.objects.filter(kind__in=["user.closed", "role.invited_again"]).exists()


def test_no_words_are_made_for_a_closed_colleague(desk, host, dolores):
    desk.post(url(host, dolores, "close"))

    page = said(desk.post(url(host, dolores, "anew"), follow=True))

    assert "Their account is closed. Open it again first." in page
    assert not Event.objects.filter(kind="role.invited_again").exists()


@pytest.fixture
def ana(host):
    """A member who has signed up and is in."""
    parent = make_parent(host, alias="Calm River", user=somebody("calm-river"))
    RoleAssignment.objects.create(user=parent.user, role=Role.PARENT, organisation=host)
    return make_membership(make_group(make_programme(host)), parent, alias="Calm River")


def account_url(member):
    host = member.group.organisation
    return f"/o/{host.slug}/groups/{member.group_id}/members/{member.pk}/account/"


def test_page_of_a_member_with_an_account_offers_a_code_and_no_invitation(desk, ana):
    page = desk.get(account_url(ana))

    assert "Calm River has an account" in said(page)
    assert "Invite" not in said(page)
    assert f"members/{ana.pk}/code/" in page.text
    assert desk.post(account_url(ana)).headers["Location"] == account_url(ana)
    assert not WayIn.objects.exists()


def test_page_of_a_member_without_one_invites(desk, host, ana):
    ben = make_membership(ana.group, make_parent(host, alias="Quiet Oak"), alias="Quiet Oak")

    assert "Invite Quiet Oak to sign in?" in said(desk.get(account_url(ben)))
    assert slip_words(desk.post(account_url(ben)))
    # Invited and not signed up yet: new words are what helps.
    assert "Invite Quiet Oak to sign in?" in said(desk.get(account_url(ben)))


def test_parents_account_is_closed_from_their_record(desk, host, ana):
    client, record = signed_in("calm-river"), f"/o/{host.slug}/parents/{ana.parent_id}/"
    assert "Close their account" in said(desk.get(record))

    page = said(desk.post(f"{record}account/close/", follow=True))

    assert "Calm River is shut out. " in page
    assert "Open their account again" in page
    assert not is_in(client)
    assert "The account of Calm River is closed" in said(desk.get(account_url(ana)))
    code = desk.post(account_url(ana).replace("account", "code"), follow=True)
    assert "Their account is closed. A coordinator can open it again." in said(code)
    assert not WayIn.objects.exists()

    desk.post(f"{record}account/open/")
    signed_in("calm-river")


def test_facilitator_sees_that_an_account_is_closed_and_closes_none(desk, host, ana):
    lead = make_user(role=Role.FACILITATOR, organisation=host)
    make_leadership(ana.group, make_facilitator(host, user=lead))
    client = Client()
    client.force_login(lead)
    page_url = f"/o/{host.slug}/run/members/{ana.pk}/account/"

    page = client.get(page_url)
    assert "Calm River has an account" in said(page)
    assert "Close" not in said(page)
    close = f"/o/{host.slug}/parents/{ana.parent_id}/account/close/"
    assert client.post(close).status_code == 404
    assert is_in(signed_in("calm-river"))

    desk.post(close)
    assert "Nobody can sign in to it." in said(client.get(page_url))


def test_stranger_closes_nobody(host, ana, dolores):
    client = Client()
    client.force_login(make_coordinator(make_organisation()))
    record = f"/o/{host.slug}/parents/{ana.parent_id}/account"

    tried = [f"{record}/close/", f"{record}/open/", url(host, dolores, "close")]

    assert [client.post(one).status_code for one in tried] == [404, 404, 404]
    assert not User.objects.filter(is_active=False).exists()


def test_parent_without_an_account_has_none_to_close(desk, host):
    nobody = make_parent(host)

    page = desk.get(f"/o/{host.slug}/parents/{nobody.pk}/account/close/")

    assert page.status_code == 404


def test_operator_closes_any_account_and_opens_it_again(host, dolores):
    client, heard = signed_in("dolores"), io.StringIO()

    call_command("close_account", "Dolores", stdout=heard)
    assert not is_in(client)
    call_command("close_account", "dolores", "--open", stdout=heard)

    signed_in("dolores")
    assert heard.getvalue() == (
        "dolores is shut out. Open again: goround close_account dolores --open\n"
        "dolores can sign in again.\n"
    )
    with pytest.raises(CommandError, match="Nobody signs in as 'nobody'"):
        call_command("close_account", "nobody")
