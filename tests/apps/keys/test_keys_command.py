from __future__ import annotations

from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from goround.apps.keys import holding
from goround.apps.keys.models import DataKey, OrganisationKey
from goround.apps.keys.roots import make_key_file, root_keys


def keys(*arguments: str) -> str:
    said = StringIO()
    call_command("keys", *arguments, stdout=said, stderr=said)
    return said.getvalue()


def test_keys_new_makes_the_file_once_and_shows_no_key(key_file):
    said = keys("new")

    assert str(key_file) in said
    assert root_keys().lasting.hex() not in said
    with pytest.raises(CommandError, match="already"):
        keys("new")


@pytest.mark.django_db
def test_keys_check_counts_what_opens(key_file):
    holding.new_parent_keys(7, [1, 2])

    assert keys("check") == (
        "All is well: 1 organisation keys and 2 data keys open with this key file.\n"
    )


@pytest.mark.django_db
def test_keys_check_names_each_key_that_does_not_open(key_file):
    holding.new_parent_keys(7, [1, 2])
    moved = DataKey.objects.get(parent_id=1)
    DataKey.objects.filter(pk=moved.pk).update(parent_id=3)

    said = StringIO()
    with pytest.raises(CommandError, match="1 of the keys above"):
        call_command("keys", "check", stdout=said, stderr=said)

    assert said.getvalue().startswith(f"data key #{moved.pk} of organisation #7: ")


@pytest.mark.django_db
def test_keys_check_refuses_another_key_file(key_file):
    holding.new_parent_keys(7, [1])
    needed = OrganisationKey.objects.get().root_id
    key_file.unlink()
    make_key_file(key_file)

    with pytest.raises(CommandError, match=f"locked with root key {needed}"):
        keys("check")
