"""A root key is changed: nothing that was locked is locked anew, and everything opens."""

from __future__ import annotations

import pytest
from django.core.management import CommandError

from goround.apps.audit.models import Event
from goround.apps.keys import holding, rotating
from goround.apps.keys.checking import check_keys
from goround.apps.keys.content import lock_text, unlock_text
from goround.apps.keys.models import DataKey, OrganisationKey, Sentinel
from goround.apps.keys.roots import KeyTrouble, derived, root_keys
from tests.apps.keys.test_keys_command import keys
from tests.make import NOON, make_organisation

pytestmark = pytest.mark.django_db

LIST = {"table": "people_listimport", "column": "text", "row": 3}


def stored() -> list[bytes]:
    return [bytes(row.wrapped) for row in DataKey.objects.order_by("pk")]


@pytest.fixture
def filled(key_file):
    """Two organisations' keys, two parents' keys, one locked text."""
    holding.new_parent_keys(7, [1, 2])
    holding.organisation_key(8)
    return lock_text("a list", organisation_id=7, **LIST)


def test_rotating_wraps_organisation_keys_anew_and_nothing_else(filled):
    before, audit_key = stored(), derived("audit")

    said = keys("rotate")

    newest = root_keys().newest.id.hex()
    assert "2 organisation keys" in said
    assert {row.root_id for row in OrganisationKey.objects.all()} == {newest}
    assert stored() == before
    assert derived("audit") == audit_key
    assert unlock_text(filled, organisation_id=7, **LIST) == "a list"
    assert check_keys().troubles == ()
    assert [event.kind for event in Event.objects.all()] == ["root_key.changed"]


def test_rotating_twice_a_day_makes_two_root_keys(filled):
    keys("rotate")
    keys("rotate")

    assert len(root_keys().roots) == 3
    assert check_keys().troubles == ()


def test_rotating_that_was_killed_half_way_is_taken_up(filled):
    rotating.add_root_key(at=NOON)

    assert unlock_text(filled, organisation_id=7, **LIST) == "a list"
    assert rotating.wrap_anew() == 2
    assert rotating.wrap_anew() == 0


def test_old_root_keys_stay_until_they_are_forgotten(filled):
    old = root_keys().newest.id
    keys("rotate")
    assert root_keys().root(old) is not None

    assert "1 older root keys" in keys("forget-old")

    assert root_keys().root(old) is None
    assert Sentinel.objects.count() == 1
    assert check_keys().troubles == ()
    assert unlock_text(filled, organisation_id=7, **LIST) == "a list"


def test_a_root_key_that_is_needed_is_not_forgotten(filled):
    rotating.add_root_key(at=NOON)
    holding.check_root_key()

    with pytest.raises(CommandError, match="still need an older root key"):
        keys("forget-old")

    assert len(root_keys().roots) == 2


def test_the_key_file_from_before_is_refused_by_name(filled, key_file):
    before = key_file.read_bytes()
    keys("rotate")
    newest = root_keys().newest.id.hex()
    key_file.write_bytes(before)

    with pytest.raises(KeyTrouble, match=newest):
        holding.check_root_key()


def test_one_organisation_gets_a_key_of_its_own_and_everything_opens(key_file):
    here, there = make_organisation(slug="here"), make_organisation(slug="there")
    for parents, host in (([1, 2], here), ([3], there)):
        holding.new_parent_keys(host.pk, parents)
    text = lock_text("a list", organisation_id=here.pk, **LIST)
    opened = {row.pk: holding.open_data_key(row).secret for row in DataKey.objects.all()}
    before = {row.pk: bytes(row.wrapped) for row in DataKey.objects.all()}

    said = keys("rotate", "here")

    assert "3 keys below it" in said
    after = {row.pk: bytes(row.wrapped) for row in DataKey.objects.all()}
    changed = {
        row.organisation_id for row in DataKey.objects.all() if after[row.pk] != before[row.pk]
    }
    assert changed == {here.pk}
    assert {row.pk: holding.open_data_key(row).secret for row in DataKey.objects.all()} == opened
    assert unlock_text(text, organisation_id=here.pk, **LIST) == "a list"
    assert check_keys().troubles == ()
    event = Event.objects.get(kind="organisation_key.changed")
    assert (event.organisation_id, event.facts) == (here.pk, {"data_keys": 3})


def test_an_organisations_former_key_goes_the_next_time(key_file):
    here = make_organisation(slug="here")
    holding.new_parent_keys(here.pk, [1])
    first = OrganisationKey.objects.get()

    keys("rotate", "here")
    assert not DataKey.objects.filter(organisation_key=first).exists()
    assert OrganisationKey.objects.filter(pk=first.pk, is_current=False).exists()
    keys("rotate", "here")

    assert not OrganisationKey.objects.filter(pk=first.pk).exists()
    assert OrganisationKey.objects.filter(is_current=True).count() == 1


def test_a_parents_key_made_meanwhile_opens_and_is_wrapped_the_next_time(key_file):
    here = make_organisation(slug="here")
    holding.new_parent_keys(here.pk, [1])
    rotating.renew_organisation_key(here.pk)
    late = DataKey.objects.get()
    assert holding.open_data_key(late)

    assert rotating.wrap_data_keys_anew(here.pk) == 1
    assert rotating.wrap_data_keys_anew(here.pk) == 0


def test_rotating_for_an_organisation_that_is_not_there_changes_nothing(filled):
    before = stored()

    with pytest.raises(CommandError, match="No organisation is called 'nowhere'"):
        keys("rotate", "nowhere")

    assert stored() == before
