"""A lead lets somebody know, on pages."""

from __future__ import annotations

import re

import pytest
from django.test import Client

from goround.apps.organisations.roles import Role
from goround.apps.safeguarding.models import Reader
from tests.make import make_organisation, make_user
from tests.make_safeguarding import make_concern, make_lead_with_key, make_reader, open_sealed

pytestmark = pytest.mark.django_db

WHAT = "Canary: two of you at the door"


def as_(user) -> Client:
    client = Client()
    client.force_login(user)
    return client


def test_a_lead_lets_one_person_know_who_reads_it_until_it_ends():
    host = make_organisation()
    lead, _, phrase = make_lead_with_key(host)
    ruth = as_(lead)
    concern = make_concern(host, "Canary: what was said")
    nadia = make_user(role=Role.FACILITATOR, organisation=host, shown_as="Nadia")
    new = f"/o/{host.slug}/lead/concerns/{concern.pk}/readers/"

    assert ruth.get(new).status_code == 302
    open_sealed(ruth, host, phrase)
    offered = ruth.get(new).text
    named = ruth.post(new, {"who": nadia.pk, "what": WHAT, "why": "She is there alone"}).text
    reader = Reader.objects.get()
    words = re.search(r"<strong>((?:\w+[- ]){5}\w+)</strong>", named)[1]
    page = f"/to-read/{reader.pk}/"
    told = as_(nadia)
    before, wrong = told.get(page).text, told.post(page, {"phrase": "no such words"}).text
    after = told.post(page, {"phrase": words}).text
    listed = ruth.get(f"/o/{host.slug}/lead/concerns/{concern.pk}/").text
    ruth.post(f"{new}{reader.pk}/end/")

    assert "Canary: what was said" in offered
    assert WHAT not in before + wrong
    assert "These words do not open it." in wrong
    assert WHAT in after
    assert "what was said" not in after
    assert "read once" in listed
    assert told.post(page, {"phrase": words}).status_code == 404


def test_nobody_opens_what_was_written_for_another():
    host = make_organisation()
    nadia = make_user(role=Role.FACILITATOR, organisation=host)
    colleague = make_user(role=Role.SUPERVISOR, organisation=host)
    reader = make_reader(make_concern(host), nadia)

    assert f"/to-read/{reader.pk}/" in as_(nadia).get("/to-read/").text
    for other in (colleague, make_user()):
        assert "/to-read/" + str(reader.pk) not in as_(other).get("/to-read/").text
        assert as_(other).get(f"/to-read/{reader.pk}/").status_code == 404
