"""Whatever is in a list: good rows are saved as they say, bad rows never, twice is once."""

from __future__ import annotations

from collections import Counter

import hypothesis.strategies as st
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis.extra.django import TestCase

from goround.apps.apart.models import KeepApart
from goround.apps.people.imports.files import ListUnusable
from goround.apps.people.models import Parent, Referral
from goround.domain.matching.files import read_parents
from goround.domain.matching.problem import DAYS
from goround.domain.privacy.place import coarse_cell
from tests.make import make_programme
from tests.make_lists import as_csv, make_list, save

ids = st.sampled_from([f"p{n}" for n in range(12)])
hours = st.builds(
    lambda day, begin, length: f"{day} {begin:02d}:00-{begin + length:02d}:00",
    st.sampled_from(DAYS),
    st.integers(0, 20),
    st.integers(-1, 3),
)
words = st.lists(st.sampled_from(["en", "es", "Señora", "a b", "ñ"]), max_size=3).map(";".join)
row = st.fixed_dictionaries(
    {
        "id": st.one_of(ids, st.just(""), st.text(max_size=70)),
        "lat": st.sampled_from(["34.26", "33.9", "", "95", "x"]),
        "lon": st.sampled_from(["-118.4", "179.99", "", "nan"]),
        "languages": words,
        "available": st.lists(hours, max_size=3).map(";".join),
        "children": st.sampled_from(["", "3", "0.5;7", "26", "three"]),
        "modes": st.sampled_from(["", "online", "in-person;online", "by post"]),
        "max_km": st.sampled_from(["", "8", "1e9", "-1"]),
        "priority": st.sampled_from(["", "2", "0", "123456"]),
        "together": st.lists(ids, max_size=2).map(";".join),
        "apart": st.lists(ids, max_size=2).map(";".join),
    }
).filter(lambda cells: "\0" not in cells["id"] and "\r" not in cells["id"])


class RoundTrip(TestCase):
    @settings(max_examples=60, suppress_health_check=[HealthCheck.too_slow])
    @given(st.lists(row, min_size=1, max_size=8))
    def test_good_rows_are_saved_and_bad_rows_never(self, rows):
        try:
            data = as_csv(rows)
        except UnicodeEncodeError:
            return
        programme = make_programme()
        expected = {
            parent.id: parent
            for parent in read_parents(data.decode().splitlines(keepends=True)).rows
            if parent.priority <= 32_767
        }
        try:
            listed = make_list(programme, data)
        except ListUnusable:
            assert not expected
            return
        if listed.status == "read":
            save(listed)

        saved = {parent.reference: parent for parent in Parent.objects.all()}
        assert set(saved) == set(expected)
        waiting = Referral.objects.values_list("parent__reference", flat=True)
        assert Counter(waiting) == Counter(expected.keys())
        for name, parent in saved.items():
            assert parent.home_cell == coarse_cell(expected[name].lat, expected[name].lon)
            assert set(parent.languages) == expected[name].languages
            assert set(parent.available) == {str(span) for span in expected[name].available}
            assert tuple(parent.children_ages) == expected[name].children
        assert kept_pairs() == pairs_of(expected, "apart")
        assert joined_pairs() == pairs_of(expected, "together")
        assert all(bad.line >= 2 for bad in listed.rejected.all())

        if expected:
            again = make_list(programme, data)
            assert (again.new_rows, again.changed_rows) == (0, 0)


def pairs_of(parents, column):
    return {
        frozenset({name, other})
        for name, parent in parents.items()
        for other in getattr(parent, column)
        if other in parents
    }


def kept_pairs():
    names = dict(Parent.objects.values_list("pk", "reference"))
    rows = KeepApart.objects.all()
    return {frozenset({names[row.pair.one], names[row.pair.other]}) for row in rows}


def joined_pairs():
    through = Parent.together.through.objects
    found = through.values_list("from_parent__reference", "to_parent__reference")
    return {frozenset(pair) for pair in found}


pytestmark = pytest.mark.django_db
