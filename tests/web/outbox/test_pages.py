"""The coordinator's outbox, the safe ways of a parent, and notices to somebody who works here."""

from __future__ import annotations

import pytest
from django.test import Client
from django.utils import timezone

from goround.apps.audit.models import Event
from goround.apps.outbox.models import Message
from goround.apps.outbox.services import tell_staff
from goround.apps.outbox.staff import ACCESS_ALERT
from goround.apps.people.consents.models import Consent
from goround.apps.people.reach import address_of
from tests.make import make_coordinator, make_organisation
from tests.make_messages import in_days, make_member, make_message

pytestmark = pytest.mark.django_db


@pytest.fixture
def message():
    return make_message()


def signed_in(organisation) -> Client:
    client = Client()
    client.force_login(make_coordinator(organisation))
    return client


def test_outbox_shows_whom_what_and_how_it_went(message):
    host = message.organisation
    client = signed_in(host)
    page = client.get(f"/o/{host.slug}/outbox/").text

    assert "A meeting was cancelled" in page
    assert message.parent.alias in page
    assert "to be sent" in page
    assert "example.org" not in page
    assert "nothing leaves" in page


def test_outbox_message_shows_what_would_be_sent(message):
    host = message.organisation
    url = f"/o/{host.slug}/outbox/{message.pk}/"

    page = signed_in(host).get(url).text

    assert "It is off on" in page
    assert "example.org" not in page
    assert "Try once more" not in page
    assert signed_in(make_organisation()).get(url).status_code == 404


def test_what_could_not_be_sent_stands_on_the_desk_and_is_tried_again(message):
    host, client = message.organisation, signed_in(message.organisation)
    Message.objects.update(status="given-up", because="refused", ended_at=timezone.now())
    url = f"/o/{host.slug}/outbox/{message.pk}/"
    assert "Notes that could not be sent" in client.get(f"/o/{host.slug}/").text
    assert "Try once more" in client.get(url).text

    answer = client.post(url, follow=True)

    assert "It is tried once more." in answer.text
    message.refresh_from_db()
    assert message.status == "waiting"


def test_safe_ways_are_written_down_with_how_they_were_said():
    member = make_member(email="")
    parent, host = member.parent, member.group.organisation
    client = signed_in(host)
    url = f"/o/{host.slug}/parents/{parent.pk}/reach/"

    client.post(url, {"safe_contact": "text me", "safe_email": "a@example.org", "how": "by-phone"})

    assert address_of(parent.pk, at=timezone.now()) == "a@example.org"
    assert Consent.objects.get(parent=parent).how == "by-phone"
    assert "example.org" not in str(list(Event.objects.values_list("facts")))

    client.post(url, {"safe_contact": "text me", "safe_email": "", "how": "by-phone"})

    assert address_of(parent.pk, at=timezone.now()) == ""
    assert Consent.objects.get(parent=parent).ended_because == "withdrawn"


def test_an_address_that_is_none_is_refused_and_all_else_kept():
    member = make_member(email="")
    parent, host = member.parent, member.group.organisation
    url = f"/o/{host.slug}/parents/{parent.pk}/reach/"

    answer = signed_in(host).post(
        url, {"safe_contact": "text me", "safe_email": "ana@", "how": "by-phone"}
    )

    assert "This is not a whole e-mail address" in answer.text
    assert 'value="text me"' in answer.text
    assert not Consent.objects.exists()


def test_notices_are_for_one_person_and_say_what_waits():
    host = make_organisation()
    ana = make_coordinator(host)
    tell_staff(
        organisation=host,
        users=[ana],
        kind=ACCESS_ALERT,
        event="one",
        about_id=1,
        best_before=in_days(9),
        by=None,
        at=timezone.now(),
    )
    mine, others = Client(), signed_in(host)
    mine.force_login(ana)

    assert "Sealed records were opened" in mine.get("/notices/").text
    assert "Sealed records were opened" not in others.get("/notices/").text
    assert "Sealed records" not in others.get(f"/o/{host.slug}/outbox/").text
    mine.post("/notices/", {"email": "ana@example.org"})
    assert "ana@example.org" in mine.get("/notices/").text
    assert Client().get("/notices/").status_code == 302
