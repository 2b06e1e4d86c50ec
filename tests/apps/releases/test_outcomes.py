"""What changed for parents, in the office's hands: counts that pass the audit, and nothing else."""

from __future__ import annotations

from datetime import date

import pytest

from goround.apps.releases.catalogue import OUTCOMES
from goround.apps.releases.measuring import Measuring
from goround.apps.releases.naming import names_of
from goround.apps.releases.selectors import sheets_of
from goround.apps.releases.services import make_draft
from goround.apps.releases.sheets import sheets
from goround.apps.surveys.models import Respondent, Response, Wave
from goround.domain.surveys import WaveKind
from tests.make import NOON, make_group, make_network, make_organisation, make_user
from tests.make_evidence import of
from tests.make_outcomes import LAST, YEAR, make_answered, noon
from tests.make_releases import make_release
from tests.make_surveys import answer, make_survey, make_wave

pytestmark = pytest.mark.django_db


def exact(*hosts):
    """What is true, without the survey's mark."""
    found = Measuring(list(hosts), NOON).people({("followed", YEAR), ("recalled", YEAR)})
    return {
        (cell.measure.partition(":")[0], cell.unit, cell.category): number
        for cell, number in found.items()
    }


def said(release):
    rows = release.figures.values_list("organisation", "category", "shown", "stands")
    return {(host, way): (shown, stands) for host, way, shown, stands in rows}


def test_outcomes_count_each_way_of_those_who_answered_both_times():
    host = make_organisation()
    make_answered(host, better=3, same=1, worse=2, once=4)

    found = exact(host)

    assert {way: number for (_m, unit, way), number in found.items() if unit == (host.pk,)} == {
        "": 6,
        "improved": 3,
        "not-better": 3,
        "same": 1,
        "worse": 2,
    }
    assert {unit for _m, unit, _w in found} == {(), (host.pk,)}


def test_outcomes_of_organisations_that_ask_the_same_survey_are_added_up():
    network = make_network()
    one, other = (make_organisation(network=network) for _ in range(2))
    make_answered(one, better=2, worse=1)
    make_answered(other, better=1)
    make_answered(other, better=5, survey=make_survey(other, key="another"))

    found = Measuring([one, other], NOON).people({("followed", YEAR)})

    wholes = sorted(n for cell, n in found.items() if not (cell.unit or cell.split))
    assert wholes == [4, 5]


def test_answers_of_one_sitting_are_a_measure_of_their_own():
    host = make_organisation()
    survey = make_survey(host)
    make_answered(host, better=2, survey=survey)
    wave = make_wave(
        make_group(host.programme_set.get()),
        survey=survey,
        kind=WaveKind.RETROSPECTIVE,
        opens_on=LAST,
    )
    for _ in range(3):
        answer(wave, of(2), before=of(4), at=noon(LAST))

    found = exact(host)

    assert found["followed", (), "improved"] == 2
    assert found["recalled", (), "worse"] == 3


def test_outcomes_belong_to_the_year_in_which_the_second_survey_closed():
    host = make_organisation()
    make_answered(host, better=2, on=(date(2024, 3, 1), date(2024, 12, 25)))

    found = exact(host)

    assert found["followed", (), "improved"] == 2  # it closed in January


def test_outcomes_later_than_the_year_change_nothing_in_it():
    host = make_organisation()
    group = make_answered(host, better=2)
    again = make_wave(group, kind=WaveKind.POST, opens_on=date(2026, 1, 5))
    for number in range(2):
        answer(again, of(1), link=f"person {number:03}", at=noon(date(2026, 1, 5)))

    assert exact(host)["followed", (), "improved"] == 2


def test_who_skipped_a_part_is_in_no_figure():
    host = make_organisation()
    group = make_answered(host, better=2)
    waves = Wave.objects.filter(group=group).order_by("opens_on")
    for wave, told in zip(waves, (of(3), {"calm": 5}), strict=True):
        answer(wave, told, link="skips", at=noon(wave.opens_on))

    assert exact(host)["followed", (), ""] == 2


def test_release_of_outcomes_shows_declines_like_gains_and_hides_the_few():
    host = make_organisation()
    make_answered(host, better=30, worse=14)

    told = said(make_release(host.network, OUTCOMES, YEAR))

    for where in (None, host.pk):
        assert [told[where, way][0] for way in ("", "improved", "not-better")] == [45, 30, 15]
        # With 15 who got worse there would be no room for nine who stayed the same.
        assert (told[where, "worse"][0], told[where, "same"][0]) == (None, None)


def test_outcomes_once_told_do_not_go_with_the_answers():
    host = make_organisation()
    make_answered(host, better=30, same=15, worse=20)
    first = make_release(host.network, OUTCOMES, YEAR)

    Response.objects.all().delete()
    Respondent.objects.all().delete()
    second = make_release(host.network, OUTCOMES, YEAR)

    assert said(second) == said(first)
    assert said(first)[None, "worse"] == (20, False)


def test_outcomes_that_come_in_late_correct_the_release():
    host = make_organisation()
    survey = make_survey(host)
    make_answered(host, better=30, same=15, worse=20, survey=survey)
    make_release(host.network, OUTCOMES, YEAR)

    make_answered(host, better=5, same=20, worse=30, survey=survey)
    told = said(make_release(host.network, OUTCOMES, YEAR))

    assert told[None, "worse"] == (50, False)
    assert told[None, "improved"] == (30, True)  # five more are too few to be told


def test_sheets_have_a_row_for_each_part_and_the_network_first():
    host = make_organisation()
    make_answered(host, better=30, same=15, worse=20)
    release = make_release(host.network, OUTCOMES, YEAR)

    found = sheets_of(make_user(), release)

    assert [one.unit for one in found] == ["All organisations together", host.name]
    assert found[0].columns == (
        "Answered both times",
        "Better",
        "The same or worse",
        "Of these worse",
        "Of these the same",
    )
    (row,) = found[0].rows
    assert row.label == "Strength"
    assert [figure.shown for figure in row.figures] == [65, 30, 35, 20, 15]
    assert str(row.figures[3].percent) == "30.8"


def test_names_of_surveys_are_kept_with_a_release_of_outcomes_only():
    host = make_organisation()
    make_answered(host, better=1)

    names = names_of(host.network, OUTCOMES)

    assert "Strength" in names.values()
    assert set(names.values()) >= {"Small", "Ours", host.name}


def test_draft_without_answers_is_empty():
    host = make_organisation()
    draft = make_draft(network=host.network, table=OUTCOMES, span=YEAR, by=None, at=NOON)

    assert draft.figures == []
    assert sheets("outcomes", draft.figures, names_of(host.network, OUTCOMES)) == []


def test_organisation_that_asked_and_got_no_pair_is_there_with_hidden_zeros():
    host = make_organisation()
    make_answered(host, once=3)

    assert exact(host)["followed", (host.pk,), ""] == 0
    assert said(make_release(host.network, OUTCOMES, YEAR))[host.pk, ""] == (None, False)


def test_draft_reads_surveys_in_a_fixed_number_of_queries(django_assert_max_num_queries):
    host = make_organisation()
    make_answered(host, better=2)
    make_answered(host, better=3)

    with django_assert_max_num_queries(8):
        Measuring([host], NOON).people({("followed", YEAR)})


def test_cells_of_a_part_add_up_to_those_who_answered_both_times():
    host = make_organisation()
    make_answered(host, better=3, same=1, worse=2)

    found = Measuring([host], NOON).people({("followed", YEAR)})

    by_way = {cell.category: n for cell, n in found.items() if not cell.unit}
    assert by_way["improved"] + by_way["not-better"] == by_way[""] == 6
    assert by_way["worse"] + by_way["same"] == by_way["not-better"] == 3
