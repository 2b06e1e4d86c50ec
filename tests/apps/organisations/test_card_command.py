"""The recovery card, used: a lead who came later reads what was sealed before them."""

from __future__ import annotations

import io
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from goround.apps.audit.models import Event
from goround.apps.keys import lead_keys, sealing
from goround.apps.organisations.roles import Role
from tests.make import NOON, make_organisation, make_user

pytestmark = pytest.mark.django_db


def recover(words: str, monkeypatch: pytest.MonkeyPatch, *, slug: str, handle: str) -> str:
    monkeypatch.setattr("sys.stdin", io.StringIO(words))
    said = StringIO()
    call_command("keys", "recover", slug, handle, stdout=said)
    return said.getvalue()


@pytest.fixture
def host():
    return make_organisation(slug="host")


@pytest.fixture
def sealed_and_card(host):
    """A text sealed while Ana led, and the words of the card she printed."""
    ana = make_user("ana", role=Role.SAFEGUARDING_LEAD, organisation=host)
    key, phrase = lead_keys.make_lead_key(organisation_id=host.pk, user_id=ana.pk, at=NOON)
    private = lead_keys.open_lead_key(key, phrase, at=NOON)
    _, words = lead_keys.make_recovery_key(organisation_id=host.pk, private_key=private, at=NOON)
    sealed = sealing.seal(
        organisation_id=host.pk, kind="concern", row_id=None, text="sealed for Ana"
    )
    return sealed, " ".join(words)


def a_key_of(host, handle: str) -> bytes:
    user = make_user(handle, role=Role.SAFEGUARDING_LEAD, organisation=host)
    key, phrase = lead_keys.make_lead_key(organisation_id=host.pk, user_id=user.pk, at=NOON)
    return lead_keys.open_lead_key(key, phrase, at=NOON)


def test_card_lets_a_new_lead_read(host, sealed_and_card, monkeypatch):
    sealed, words = sealed_and_card
    ben = a_key_of(host, "ben")
    with pytest.raises(sealing.NotForThisKey):
        sealing.open_with(ben, sealed)

    said = recover(words, monkeypatch, slug="host", handle="ben")

    assert said == "ben can read 1 more sealed records now.\n"
    assert sealing.open_with(ben, sealed) == "sealed for Ana"
    assert [event.kind for event in Event.objects.all()] == ["recovery_key.used"]


def test_card_of_another_organisation_opens_nothing(host, sealed_and_card, monkeypatch):
    sealed, words = sealed_and_card
    other = make_organisation(slug="other")
    eve = a_key_of(other, "eve")

    with pytest.raises(CommandError, match="not the words of this organisation's card"):
        recover(words, monkeypatch, slug="other", handle="eve")

    with pytest.raises(sealing.NotForThisKey):
        sealing.open_with(eve, sealed)


@pytest.mark.parametrize("words", ["", "one two three"])
def test_wrong_words_change_nothing(host, sealed_and_card, monkeypatch, words):
    a_key_of(host, "ben")

    with pytest.raises(CommandError, match="Nothing was changed"):
        recover(words, monkeypatch, slug="host", handle="ben")

    assert not Event.objects.exists()


def test_lead_without_a_key_is_told_to_make_one(host, sealed_and_card, monkeypatch):
    make_user("cyd", role=Role.SAFEGUARDING_LEAD, organisation=host)

    with pytest.raises(CommandError, match="no key of their own yet"):
        recover(sealed_and_card[1], monkeypatch, slug="host", handle="cyd")


@pytest.mark.parametrize(("slug", "handle"), [("host", "nobody"), ("nowhere", "ana")])
def test_unknown_names_are_said(host, sealed_and_card, monkeypatch, slug, handle):
    with pytest.raises(CommandError, match="Nothing was changed"):
        recover(sealed_and_card[1], monkeypatch, slug=slug, handle=handle)
