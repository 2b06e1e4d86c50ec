"""A coordinator invites colleagues and lets them go."""

from __future__ import annotations

import pytest
from django.test import Client

from goround.apps.accounts.models import User
from goround.apps.audit.models import Event
from goround.apps.keys.models import LeadKey
from goround.apps.keys.sealing import open_with, seal
from goround.apps.organisations.models import RoleAssignment
from goround.apps.organisations.roles import Role
from tests.make import make_coordinator, make_organisation, make_user
from tests.make_safeguarding import make_lead_with_key
from tests.web.accounts.people import is_in, said, slip_words

pytestmark = pytest.mark.django_db

NEW = "bridge lemon paper violin garden clock"


@pytest.fixture
def host():
    return make_organisation()


@pytest.fixture
def rosa(host):
    return make_coordinator(host, shown_as="Rosa")


@pytest.fixture
def signed_in(rosa):
    client = Client()
    client.force_login(rosa)
    return client


def url(host, rest=""):
    return f"/o/{host.slug}/people/{rest}"


def test_people_page_lists_colleagues_and_no_parents(signed_in, host):
    make_user(role=Role.FACILITATOR, organisation=host, shown_as="Dolores")
    make_user(role=Role.PARENT, organisation=host, shown_as="Secret Parent")
    make_user(role=Role.FACILITATOR, organisation=make_organisation(), shown_as="Foreign")

    page = said(signed_in.get(url(host)))

    assert "Dolores Facilitator invited" in page
    assert "Secret Parent" not in page
    assert "Foreign" not in page


def test_invited_colleague_signs_up_with_the_role(signed_in, host, rosa):
    made = signed_in.post(url(host, "invite/"), {"shown_as": "Ben", "role": "supervisor"})
    client = Client()
    client.post("/hello/", {"words": slip_words(made)})
    client.post("/sign-in/choose/", {"passphrase": NEW})

    held = RoleAssignment.objects.get(user__shown_as="Ben")
    assert (held.role, held.organisation) == ("supervisor", host)
    assert is_in(client)
    given = Event.objects.get(kind="role.given")
    assert (given.by_id, given.facts) == (rosa.pk, {"role": "supervisor", "user": held.user_id})


@pytest.mark.parametrize("role", ["parent", "network-officer", "owner", ""])
def test_invitation_to_another_role_is_refused(signed_in, host, role):
    answer = signed_in.post(url(host, "invite/"), {"shown_as": "Ben", "role": role})

    assert answer.status_code == 200
    assert not User.objects.filter(shown_as="Ben").exists()


def test_ended_role_signs_out_at_once(signed_in, host):
    dolores = make_user(role=Role.FACILITATOR, organisation=host)
    client = Client()
    client.force_login(dolores)
    assert is_in(client)

    signed_in.post(url(host, f"{dolores.roles.get().pk}/end/"))

    assert not is_in(client)
    assert not dolores.roles.exists()
    assert Event.objects.get(kind="role.ended").facts["user"] == dolores.pk


def test_last_coordinator_stays(signed_in, host, rosa):
    answer = signed_in.post(url(host, f"{rosa.roles.get().pk}/end/"), follow=True)

    assert "Nobody else could look after the people here" in said(answer)
    assert rosa.roles.count() == 1

    make_coordinator(host)
    signed_in.post(url(host, f"{rosa.roles.get().pk}/end/"))
    assert rosa.roles.count() == 0


def test_lead_who_stops_loses_their_key(signed_in, host):
    (ruth, _, _), (ben, private, _) = make_lead_with_key(host), make_lead_with_key(host)
    sealed = seal(organisation_id=host.pk, kind="concern", row_id=1, text="worried about Sam")

    signed_in.post(url(host, f"{ruth.roles.get().pk}/end/"))

    assert list(LeadKey.objects.values_list("user_id", flat=True)) == [ben.pk]
    assert open_with(private, sealed) == "worried about Sam"
    assert Event.objects.get(kind="lead_key.removed").facts["user"] == ruth.pk


def test_last_lead_who_can_read_stays(signed_in, host):
    ruth, _, _ = make_lead_with_key(host)
    seal(organisation_id=host.pk, kind="concern", row_id=1, text="worried about Sam")

    answer = signed_in.post(url(host, f"{ruth.roles.get().pk}/end/"), follow=True)

    assert "Nobody else could open the sealed records" in said(answer)
    assert ruth.roles.count() == 1
    assert LeadKey.objects.count() == 1


def test_colleague_who_lost_everything_begins_anew(signed_in, host):
    dolores = make_user(role=Role.FACILITATOR, organisation=host)
    page = signed_in.post(url(host, f"{dolores.roles.get().pk}/anew/"))
    client = Client()

    client.post("/hello/", {"words": slip_words(page)})
    client.post("/sign-in/choose/", {"passphrase": NEW})

    assert is_in(client)
    assert Event.objects.filter(kind="role.invited_again").count() == 1


@pytest.mark.parametrize("page", ["{}/end/", "{}/anew/"])
def test_coordinator_of_another_organisation_changes_nobody(signed_in, host, page):
    foreign = make_user(role=Role.FACILITATOR, organisation=make_organisation())
    parent = make_user(role=Role.PARENT, organisation=host)

    for user in (foreign, parent):
        assert signed_in.post(url(host, page.format(user.roles.get().pk))).status_code == 404
        assert user.roles.count() == 1
