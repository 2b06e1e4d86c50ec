"""Asked, answered, refused: what is kept, and what nobody can find."""

from __future__ import annotations

from datetime import timedelta
from random import Random

import pytest
from django.db import IntegrityError, transaction

from goround.apps.audit.models import Event
from goround.apps.surveys.making import take_up
from goround.apps.surveys.models import Awaited, Respondent, Response, Wave
from goround.apps.surveys.services import (
    AnsweredAlready,
    Filled,
    LinkUnknown,
    NotToBeAnswered,
    WaveClosed,
    WordsMissing,
    await_newcomers,
    close_wave,
    keep_response,
    open_wave,
    refuse,
)
from goround.apps.surveys.sheets import new_sheet, read_sheet
from goround.domain.surveys import WaveKind
from goround.domain.surveys.linking import CodeUnfit
from tests.make import NOON, make_coordinator, make_group, make_membership
from tests.make_surveys import ANSWERS, answer, make_wave, newest

pytestmark = pytest.mark.django_db

DAY = timedelta(days=1)


@pytest.fixture
def group():
    return make_group()


@pytest.fixture
def member(group):
    return make_membership(group, joined_on=group.today(at=NOON) - 5 * DAY)


def test_answers_are_locked_and_open_again(group):
    response = answer(make_wave(group), link="Malaga 14")

    kept = Response.objects.get()
    assert b"calm" not in bytes(kept.locked)
    assert kept.opened() == ({**ANSWERS}, {})
    assert response.respondent.parent is None


def test_of_a_code_only_a_hash_is_kept_and_another_one_in_each_group(group):
    other = make_group(group.programme)
    for here in (group, other):
        answer(make_wave(here), link="malaga14")

    kept = set(Respondent.objects.values_list("link_hash", flat=True))
    assert len(kept) == 2
    assert all(len(value) == 64 and "malaga" not in value for value in kept)


def test_the_same_code_finds_the_same_person_later(group):
    first = answer(make_wave(group, kind=WaveKind.PRE), link="Malaga 14")
    later = answer(make_wave(group), link=" málaga-14")

    assert first.respondent_id == later.respondent_id


def test_two_people_with_one_code_are_told_and_both_answers_are_possible(group):
    wave = make_wave(group)
    answer(wave, link="malaga14")

    with pytest.raises(AnsweredAlready):
        answer(wave, link="malaga14")
    answer(wave, link="malaga14x")

    assert Response.objects.count() == 2


def test_a_code_never_seen_is_asked_about_once_more(group):
    wave = make_wave(group)

    with pytest.raises(LinkUnknown):
        answer(wave, link="malaga14", link_may_be_new=False)
    with pytest.raises(CodeUnfit):
        answer(wave, link="m1")

    assert not Response.objects.exists()


def test_without_a_code_nothing_joins_the_answers(group):
    answer(make_wave(group))

    assert Response.objects.get().respondent is None
    assert not Respondent.objects.exists()


def test_the_same_sheet_sent_twice_is_kept_once(group):
    wave = make_wave(group)
    sheet = read_sheet(new_sheet(wave.pk, at=NOON), wave_id=wave.pk)
    for _ in range(2):
        keep_response(
            wave=wave,
            sheet=sheet,
            filled=Filled(ANSWERS, {}),
            mode=Response.Mode.TABLET,
            by=None,
            at=NOON,
        )

    assert Response.objects.count() == 1
    assert Event.objects.filter(kind="response.kept").count() == 1


def test_a_sheet_of_another_wave_or_of_nobody_is_none(group):
    wave = make_wave(group)

    assert read_sheet(new_sheet(wave.pk, at=NOON), wave_id=wave.pk + 1) is None
    assert read_sheet("x", wave_id=wave.pk) is None


def test_a_parent_answers_once_and_is_no_longer_awaited(group, member):
    wave = make_wave(group)
    assert Awaited.objects.filter(wave=wave, parent=member.parent).exists()

    answer(wave, parent=member.parent)

    assert not Awaited.objects.exists()
    with pytest.raises(AnsweredAlready):
        answer(wave, parent=member.parent)


def test_the_trail_says_that_somebody_answered_and_not_who(group, member):
    answer(make_wave(group), parent=member.parent)

    event = Event.objects.get(kind="response.kept")
    assert (event.by_id, event.subject, event.facts) == (None, "wave", {})


def test_no_row_has_the_hour_of_an_answer():
    dates = {
        field.name
        for model in (Response, Respondent, Awaited)
        for field in model._meta.concrete_fields
        if "Date" in type(field).__name__ or "Time" in type(field).__name__
    }

    assert dates == set()


def test_a_no_is_a_number_and_nothing_more(group, member):
    wave = make_wave(group)

    for _ in range(2):
        refuse(wave=wave, parent=member.parent, by=None, at=NOON)
    refuse(wave=wave, by=None, at=NOON)

    wave.refresh_from_db()
    assert (wave.refused, wave.responses.count(), wave.awaited.count()) == (2, 0, 0)
    assert {event.by_id for event in Event.objects.filter(kind="wave.refused")} == {None}


def test_who_said_no_may_still_answer(group, member):
    wave = make_wave(group)
    refuse(wave=wave, parent=member.parent, by=None, at=NOON)

    answer(wave, parent=member.parent)

    assert Response.objects.count() == 1


def test_minutes_are_counted_for_the_wave_alone(group):
    wave = make_wave(group)
    for code in ("first1", "second2", "third3"):
        answer(wave, link=code)

    wave.refresh_from_db()
    assert (wave.minutes, wave.usual_minutes) == ({"6": 3}, 6)


def test_typing_paper_in_does_not_count_as_answering_time(group):
    answer(make_wave(group), mode=Response.Mode.PAPER)

    assert Wave.objects.get().minutes == {}


def test_a_closed_wave_takes_paper_only(group):
    wave = make_wave(group)
    close_wave(wave=wave, by=None, at=NOON)

    with pytest.raises(WaveClosed):
        answer(wave)
    with pytest.raises(WaveClosed):
        refuse(wave=wave, by=None, at=NOON)
    answer(wave, mode=Response.Mode.PAPER)

    assert (Wave.objects.get().closes_on, wave.awaited.count()) == (
        group.today(at=NOON) - DAY,
        0,
    )


def test_what_no_form_could_bring_is_refused(group):
    wave = make_wave(group)

    for now, before in (({"calm": 9}, {}), ({"age": 1}, {}), (ANSWERS, {"calm": 1})):
        with pytest.raises(NotToBeAnswered):
            answer(wave, now, before=before)
    assert not Response.objects.exists()


def test_in_one_sitting_only_some_questions_look_back(group):
    wave = make_wave(group, kind=WaveKind.RETROSPECTIVE)

    with pytest.raises(NotToBeAnswered):
        answer(wave, ANSWERS, before={"help": (1,)})
    answer(wave, ANSWERS, before={"calm": 1})

    assert Response.objects.get().opened()[1] == {"calm": 1}


def test_a_first_survey_asks_those_of_the_first_two_weeks(group):
    today = group.today(at=NOON)
    new, old = (
        make_membership(group, joined_on=today - 14 * DAY),
        make_membership(group, joined_on=today - 15 * DAY),
    )

    first, after = make_wave(group, kind=WaveKind.PRE), make_wave(group)

    assert list(first.awaited.values_list("parent_id", flat=True)) == [new.parent_id]
    assert set(after.awaited.values_list("parent_id", flat=True)) == {old.parent_id, new.parent_id}


def test_newcomers_are_asked_once_and_who_said_no_is_not_asked_again(group, member):
    wave = make_wave(group, kind=WaveKind.PRE, days=60)
    refuse(wave=wave, parent=member.parent, by=None, at=NOON)
    new = make_membership(group, joined_on=group.today(at=NOON) + 3 * DAY)

    for days in (3, 4):
        await_newcomers(wave=wave, by=None, at=NOON + days * DAY)

    assert list(wave.awaited.values_list("parent_id", flat=True)) == [new.parent_id]


def test_a_survey_without_its_wording_cannot_be_held(group):
    by = make_coordinator(group.organisation)
    pfs = take_up(organisation=group.organisation, key="protective-factors-survey", by=by, at=NOON)
    today = group.today(at=NOON)

    with pytest.raises(WordsMissing):
        open_wave(
            group=group,
            version=newest(pfs),
            kind=WaveKind.PRE,
            opens_on=today,
            closes_on=today,
            planned_minutes=10,
            by=by,
            at=NOON,
            rng=Random(1),
        )
    assert not Wave.objects.exists()


def test_the_database_refuses_a_third_reminder_and_a_second_answer(group, member):
    wave = make_wave(group)
    response = answer(wave, link="malaga14")

    with pytest.raises(IntegrityError), transaction.atomic():
        wave.awaited.update(reminders=3)
    with pytest.raises(IntegrityError), transaction.atomic():
        Response.objects.create(
            wave=wave,
            respondent=response.respondent,
            mode="phone",
            once="b" * 64,
            locked=b"x",
        )
    with pytest.raises(IntegrityError), transaction.atomic():
        Respondent.objects.filter(pk=response.respondent_id).update(parent=member.parent)
