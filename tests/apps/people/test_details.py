from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from goround.apps.keys.models import DataKey
from goround.apps.keys.roots import KeyTrouble
from goround.apps.people.details import NOTHING_SAID, PADDED_TO, Details
from goround.apps.people.models import Parent, ParentDetails
from goround.apps.people.opening import erase_details, keep_details, open_details
from tests.make import make_organisation, make_parent

TOLD = {
    "home_cell": "8829a1d743fffff",
    "children_ages": (3.0, 0.5),
    "ages_on": date(2026, 3, 4),
    "disabilities": ("child",),
    "safe_contact": "Ask at the school gate",
    "safe_email": "ana@example.org",
}


@given(
    st.builds(
        Details,
        st.text(max_size=16),
        st.lists(st.floats(0, 30)).map(tuple),
        st.none() | st.dates(),
        st.lists(st.sampled_from(["parent", "child"]), unique=True).map(tuple),
        st.text(max_size=200),
        st.text(max_size=254),
    )
)
def test_details_come_back_as_they_were_and_hide_their_length(details):
    plain = details.as_bytes()

    assert Details.from_bytes(plain) == details
    assert len(plain) % PADDED_TO == 0


def test_details_do_not_show_themselves():
    assert repr(Details(**TOLD)) == "Details(…)"


@pytest.mark.django_db
def test_what_a_parent_told_is_read_back_from_its_locked_form():
    ana = make_parent(make_organisation(), **TOLD)

    read = Parent.objects.get(pk=ana.pk)

    assert {name: getattr(read, name) for name in TOLD} == TOLD
    assert "school gate" not in str(list(ParentDetails.objects.values()))
    assert DataKey.objects.get().parent_id == ana.pk


@pytest.mark.django_db
def test_a_parent_who_told_nothing_needs_no_key():
    ana = make_parent(make_organisation())

    assert Parent.objects.get(pk=ana.pk).details == NOTHING_SAID
    assert not DataKey.objects.exists()


@pytest.mark.django_db
def test_a_change_is_kept_under_the_same_key_and_leaves_the_rest():
    ana = make_parent(make_organisation(), **TOLD)
    key = DataKey.objects.get()

    changed = Parent.objects.get(pk=ana.pk)
    changed.safe_email = ""
    keep_details([changed])

    read = Parent.objects.get(pk=ana.pk)
    assert (read.safe_email, read.safe_contact) == ("", "Ask at the school gate")
    assert DataKey.objects.get() == key


@pytest.mark.django_db
@pytest.mark.parametrize("parents", [1, 7])
def test_many_are_opened_in_one_query(parents, django_assert_num_queries):
    here, there = make_organisation(), make_organisation()
    for number in range(parents):
        make_parent(here, safe_contact=f"way {number}")
        make_parent(there, safe_contact=f"way {number}")
    rows = list(Parent.objects.order_by("pk"))

    with django_assert_num_queries(1):
        open_details(rows)
        told = [row.safe_contact for row in rows]

    assert told == [f"way {number}" for number in range(parents) for _ in (here, there)]


@pytest.mark.django_db
def test_details_given_to_another_parent_or_organisation_do_not_open():
    here, there = make_organisation(), make_organisation()
    ana, ben, eve = make_parent(here, **TOLD), make_parent(here, **TOLD), make_parent(there, **TOLD)
    stolen = ParentDetails.objects.get(pk=ana.pk)

    for other in (ben, eve):
        ParentDetails.objects.filter(pk=other.pk).update(
            locked=stolen.locked, data_key=stolen.data_key_id
        )
        with pytest.raises(KeyTrouble):
            open_details([Parent.objects.get(pk=other.pk)])


@pytest.mark.django_db
def test_erasing_leaves_nothing_that_an_old_copy_could_be_opened_with():
    here = make_organisation()
    ana, ben = make_parent(here, **TOLD), make_parent(here, **TOLD)
    backup = ParentDetails.objects.get(pk=ana.pk)

    assert erase_details(parent_ids=[ana.pk]) == 1
    backup.save(force_insert=True)

    assert Parent.objects.get(pk=ana.pk).details == NOTHING_SAID
    assert Parent.objects.get(pk=ben.pk).safe_email == "ana@example.org"
    assert [key.parent_id for key in DataKey.objects.all()] == [ben.pk]


@pytest.mark.django_db
def test_what_is_told_after_erasing_has_a_key_of_its_own():
    ana = make_parent(make_organisation(), **TOLD)
    erase_details(parent_ids=[ana.pk])

    again = Parent.objects.get(pk=ana.pk)
    again.safe_contact = "by letter"
    keep_details([again])

    assert Parent.objects.get(pk=ana.pk).details == Details(safe_contact="by letter")
