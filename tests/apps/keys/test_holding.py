from __future__ import annotations

import pytest

from goround.apps.keys import content, holding
from goround.apps.keys.content import lock_text, unlock_text
from goround.apps.keys.models import DataKey, OrganisationKey, Sentinel
from goround.apps.keys.roots import KeyTrouble, make_key_file, root_keys

pytestmark = pytest.mark.django_db

LIST = {"table": "people_listimport", "column": "text", "row": 3}


def a_wrong_key_file(key_file):
    key_file.unlink()
    make_key_file(key_file)
    return root_keys()


def test_an_organisation_has_one_key(key_file):
    one, again, other = map(holding.organisation_key, [7, 7, 8])

    assert one == again
    assert OrganisationKey.objects.count() == 2
    assert holding.open_organisation_key(one) != holding.open_organisation_key(other)


def test_each_parent_has_a_key_that_opens_again(key_file):
    held = holding.new_parent_keys(7, [1, 2])

    rows = DataKey.objects.select_related("organisation_key").order_by("parent_id")
    assert [row.parent_id for row in rows] == [1, 2]
    assert [holding.open_data_key(row) for row in rows] == [held[1].key, held[2].key]
    assert held[1].key != held[2].key


def test_nobody_to_make_keys_for_asks_nothing(key_file, django_assert_num_queries):
    with django_assert_num_queries(0):
        assert holding.new_parent_keys(7, []) == {}


@pytest.mark.parametrize("change", [{"parent_id": 9}, {"organisation_id": 8}])
def test_a_data_key_moved_to_somebody_else_is_refused(key_file, change):
    holding.new_parent_keys(7, [1])
    row = DataKey.objects.select_related("organisation_key").get()
    for name, value in change.items():
        setattr(row, name, value)

    with pytest.raises(KeyTrouble, match="A data key does not open"):
        holding.open_data_key(row)


def test_erasing_leaves_no_key_and_nobody_elses_alone(key_file):
    holding.new_parent_keys(7, [1, 2])

    assert holding.erase(parent_ids=[1]) == 1
    assert holding.erase(parent_ids=[1]) == 0
    assert [row.parent_id for row in DataKey.objects.all()] == [2]


def test_a_text_opens_where_it_was_locked(key_file):
    locked = lock_text("Ana, 555 0100", organisation_id=7, **LIST)

    assert b"Ana" not in locked
    assert unlock_text(locked, organisation_id=7, **LIST) == "Ana, 555 0100"


@pytest.mark.parametrize(
    "elsewhere", [{"row": 4}, {"column": "refusal"}, {"table": "people_parent"}]
)
def test_a_text_put_elsewhere_is_refused(key_file, elsewhere):
    locked = lock_text("Ana", organisation_id=7, **LIST)

    with pytest.raises(KeyTrouble, match="does not open"):
        unlock_text(locked, organisation_id=7, **LIST | elsewhere)


def test_a_text_given_to_another_organisation_is_refused(key_file):
    lock_text("Ben", organisation_id=8, **LIST)
    locked = lock_text("Ana", organisation_id=7, **LIST)

    with pytest.raises(KeyTrouble):
        unlock_text(locked, organisation_id=8, **LIST)


def test_what_is_no_locked_text_is_refused(key_file):
    with pytest.raises(KeyTrouble):
        unlock_text(b"plain", organisation_id=7, **LIST)


def test_unlocking_asks_the_database_once_for_each_key(
    key_file, django_assert_num_queries, monkeypatch
):
    locked = lock_text("Ana", organisation_id=7, **LIST)
    monkeypatch.setattr(content, "_remembered", {})

    with django_assert_num_queries(1):
        for _ in range(3):
            unlock_text(locked, organisation_id=7, **LIST)


def test_the_first_check_remembers_the_root_key(key_file):
    holding.check_root_key()
    holding.check_root_key()

    assert [row.root_id for row in Sentinel.objects.all()] == [root_keys().newest.id.hex()]


def test_a_wrong_key_file_is_refused_by_name(key_file):
    before = root_keys().newest
    holding.check_root_key()
    after = a_wrong_key_file(key_file).newest

    with pytest.raises(KeyTrouble) as refusal:
        holding.check_root_key()

    assert f"root key {before.id.hex()}" in str(refusal.value)
    assert f"first ({after.id.hex()})" in str(refusal.value)
    assert [row.root_id for row in Sentinel.objects.all()] == [before.id.hex()]


def test_a_wrong_key_file_makes_no_organisation_key(key_file):
    holding.organisation_key(7)
    a_wrong_key_file(key_file)

    with pytest.raises(KeyTrouble, match="was locked with root key"):
        holding.organisation_key(8)

    assert OrganisationKey.objects.count() == 1


def test_a_wrong_key_file_opens_nothing(key_file):
    key = holding.organisation_key(7)
    a_wrong_key_file(key_file)

    with pytest.raises(KeyTrouble, match="was locked with root key"):
        holding.open_organisation_key(key)


def test_an_organisations_key_given_to_another_is_refused(key_file):
    key = holding.organisation_key(7)
    key.organisation_id = 8

    with pytest.raises(KeyTrouble, match="organisation 8 does not open"):
        holding.open_organisation_key(key)
