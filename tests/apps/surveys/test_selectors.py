"""What those who hold surveys get to count, and what everybody else does not."""

from __future__ import annotations

from datetime import timedelta

import pytest

from goround.apps.organisations.roles import Role
from goround.apps.surveys.making import change
from goround.apps.surveys.selectors import (
    own_waves,
    scored_pairs,
    scored_responses,
    surveys_for,
    wave_behind,
    waves_for,
)
from goround.apps.surveys.services import close_wave, refuse
from goround.domain.surveys import Design, WaveKind
from tests.make import NOON, make_coordinator, make_group, make_membership, make_parent, make_user
from tests.make_surveys import ANSWERS, SMALL, answer, make_survey, make_wave

pytestmark = pytest.mark.django_db

DAY = timedelta(days=1)
TWO, ONE = Design.TWO_TIMES, Design.ONE_SITTING


@pytest.fixture
def group():
    return make_group()


@pytest.fixture
def here(group):
    return group.organisation


@pytest.fixture
def ana(here):
    return make_coordinator(here)


def others(here):
    """Everybody who must be told nothing."""
    inside = [make_user(role=role, organisation=here) for role in Role if role not in {
        Role.COORDINATOR, Role.NETWORK_OFFICER}]  # fmt: skip
    office = make_user(role=Role.NETWORK_OFFICER, network=here.network)
    return [*inside, office, make_coordinator(make_group().organisation), make_user()]


def test_pairs_are_those_of_one_person_in_one_group(ana, here, group):
    today = group.today(at=NOON)
    first = make_wave(group, kind=WaveKind.PRE, opens_on=today)
    later = make_wave(group, opens_on=today + 90 * DAY)
    answer(first, {"calm": 2, "tired": 4, "heard": 2}, link="one11")
    answer(first, link="two22")
    answer(later, link="one11", at=NOON + 91 * DAY)
    answer(later, link="three33", at=NOON + 91 * DAY)
    answer(later, at=NOON + 91 * DAY)

    instrument, found = scored_pairs(ana, here, "small", design=TWO)

    assert instrument.key == "small"
    (one,) = found.pairs
    assert (one.before.subscales["strength"], one.after.subscales["strength"]) == (2.0, 13 / 3)
    assert (one.before.day, one.after.day, one.before.wave, one.after.wave) == (0, 90, 1, 2)
    assert one.before.items == {"calm": 2, "tired": 2, "heard": 2}
    assert [len(found.only_before), len(found.only_after), len(found.unlinked)] == [1, 1, 1]
    assert one.group == group.pk


def test_a_retrospective_survey_is_a_pair_without_a_link_and_never_with_the_others(
    ana, here, group
):
    answer(make_wave(group, kind=WaveKind.PRE), link="one11")
    both = make_wave(group, kind=WaveKind.RETROSPECTIVE)
    answer(both, ANSWERS, before={"calm": 1, "tired": 5}, link="one11")
    answer(both, ANSWERS, before={})

    _, separate = scored_pairs(ana, here, "small", design=TWO)
    _, remembered = scored_pairs(ana, here, "small", design=ONE)

    assert (len(separate.pairs), len(separate.only_before)) == (0, 1)
    assert len(remembered.pairs) == 2
    assert {pair.before.subscales["strength"] for pair in remembered.pairs} == {1.0, None}
    assert all(pair.before.looks_back and not pair.after.looks_back for pair in remembered.pairs)


def test_only_those_who_hold_surveys_get_anything(ana, here, group):
    wave = make_wave(group)
    answer(wave, link="one11")

    assert scored_responses(ana, here, "small", design=TWO)
    assert [each.pk for each in waves_for(ana, here)] == [wave.pk]
    assert surveys_for(ana, here).count() == 1
    for nobody in others(here):
        assert scored_responses(nobody, here, "small", design=TWO) is None
        assert scored_pairs(nobody, here, "small", design=TWO) is None
        assert not waves_for(nobody, here)
        assert not surveys_for(nobody, here)


def test_another_organisation_of_the_same_person_stays_apart(here, group):
    elsewhere = make_group()
    of_both = make_coordinator(here)
    of_both.roles.create(role=Role.COORDINATOR, organisation=elsewhere.organisation)
    answer(make_wave(group), link="one11")
    answer(make_wave(elsewhere), link="one11")

    _, found = scored_responses(of_both, here, "small", design=TWO)

    assert [each.group for each in found] == [group.pk]


def test_versions_counted_otherwise_are_left_out(ana, here, group):
    survey = make_survey(here)
    answer(make_wave(group, survey=survey), link="one11")
    typo = SMALL.format(name="Small").replace("I am calm.", "I am quite calm.")
    change(survey=survey, text=typo, source="x", by=ana, at=NOON)
    answer(make_wave(group, survey=survey), link="one11")
    assert len(scored_responses(ana, here, "small", design=TWO)[1]) == 2

    stricter = typo.replace("at_least = 2", "at_least = 3")
    change(survey=survey, text=stricter, source="x", by=ana, at=NOON)

    assert scored_responses(ana, here, "small", design=TWO)[1] == []


@pytest.mark.parametrize("people", [1, 4])
def test_queries_do_not_grow_with_the_answers(
    ana, here, group, people, django_assert_max_num_queries
):
    wave = make_wave(group)
    for number in range(people):
        answer(wave, link=f"person{number}")

    with django_assert_max_num_queries(5):
        scored_responses(ana, here, "small", design=TWO)


def test_counts_of_a_wave(ana, here, group):
    for _ in range(3):
        make_membership(group, joined_on=group.today(at=NOON))
    wave = make_wave(group)
    parents = [row.parent for row in wave.awaited.select_related("parent").order_by("pk")]
    answer(wave, parent=parents[0])
    refuse(wave=wave, parent=parents[1], by=None, at=NOON)

    (seen,) = waves_for(ana, here)

    assert (seen.answered, seen.refused, seen.awaiting) == (1, 1, 1)


def test_a_code_opens_the_wave_while_it_is_open(group):
    stranger = make_user()
    wave = make_wave(group)
    spelled = f"{wave.code[:4].lower()} {wave.code[4:]}"

    assert wave_behind(stranger, spelled, at=NOON) == wave
    assert wave_behind(stranger, spelled, at=NOON + 15 * DAY) is None
    for wrong in ("", "XXXX", wave.code[:7]):
        assert wave_behind(stranger, wrong, at=NOON) is None


@pytest.fixture
def ida(here, group):
    user = make_user(role=Role.PARENT, organisation=here)
    ida = make_parent(here, user=user)
    make_membership(group, ida, joined_on=group.today(at=NOON) - 20 * DAY)
    return ida


def test_a_parent_finds_their_own_waves_until_they_answer(ida, group):
    make_wave(make_group(group.programme))
    wave = make_wave(group)

    assert [(one.wave, one.is_asked) for one in own_waves(ida.user, at=NOON)] == [(wave, True)]
    assert own_waves(make_user(), at=NOON) == []

    answer(wave, parent=ida)
    assert own_waves(ida.user, at=NOON) == []


def test_who_said_no_is_not_asked_again_but_may_answer(ida, group):
    wave = make_wave(group)
    refuse(wave=wave, parent=ida, by=None, at=NOON)

    assert [(one.wave, one.is_asked) for one in own_waves(ida.user, at=NOON)] == [(wave, False)]


def test_a_first_survey_is_not_for_who_came_earlier_and_a_closed_one_for_nobody(ida, group):
    make_wave(group, kind=WaveKind.PRE)
    over = make_wave(group)
    close_wave(wave=over, by=None, at=NOON)

    assert own_waves(ida.user, at=NOON) == []
