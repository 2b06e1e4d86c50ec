"""Holding surveys: asking groups, typing paper in, and figures that tell nobody's answer."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.utils import timezone

from goround.apps.surveys.making import take_up
from goround.apps.surveys.models import Response, Survey, Wave
from goround.domain.surveys import WaveKind
from tests.make import make_coordinator, make_group, make_organisation, make_programme
from tests.make_surveys import ANSWERS, SMALL, answer, make_survey, make_wave
from tests.page_words import words

pytestmark = pytest.mark.django_db


@pytest.fixture
def here():
    return make_organisation(slug="metro")


@pytest.fixture
def group(here):
    return make_group(make_programme(here), name="Monday circle")


@pytest.fixture
def rosa(client, here):
    rosa = make_coordinator(here)
    client.force_login(rosa)
    return rosa


def ask(client, group, survey, **changes):
    today = group.today(at=timezone.now())
    sent = {
        "survey": survey.versions.get().pk,
        "kind": "post",
        "groups": [group.pk],
        "opens_on": today,
        "closes_on": today + timedelta(days=9),
        "planned_minutes": 8,
    }
    return client.post("/o/metro/surveys/ask/", sent | changes, follow=True)


def test_groups_are_asked_and_each_gets_a_code(client, rosa, group):
    other = make_group(group.programme)
    survey = make_survey(group.organisation)

    page = ask(client, group, survey, groups=[group.pk, other.pk])

    assert page.redirect_chain[-1][0] == "/o/metro/surveys/"
    assert len(set(Wave.objects.values_list("code", flat=True))) == 2
    assert set(Wave.objects.values_list("planned_minutes", flat=True)) == {8}


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"groups": []}, "Choose one group or more."),
        ({"closes_on": "2020-01-01"}, "The last day is before the first."),
        ({"planned_minutes": 0}, "greater than or equal to 1"),
    ],
)
def test_what_cannot_be_asked_is_told_and_nothing_is_saved(client, rosa, group, changes, said):
    page = ask(client, group, make_survey(group.organisation), **changes)

    assert page.status_code == 422
    assert said in words(page)
    assert not Wave.objects.exists()


def test_a_group_of_another_organisation_cannot_be_asked(client, rosa, group):
    elsewhere = make_group()

    page = ask(client, group, make_survey(group.organisation), groups=[elsewhere.pk])

    assert page.status_code == 422
    assert not Wave.objects.exists()


def test_without_words_nobody_can_be_asked(client, rosa, here):
    take_up(organisation=here, key="protective-factors-survey", by=rosa, at=timezone.now())

    page = client.get("/o/metro/surveys/ask/", follow=True)

    assert page.redirect_chain == [("/o/metro/surveys/questions/", 302)]
    assert "no words yet" in words(page)


def test_a_wave_shows_counts_its_code_and_how_long_it_takes(client, rosa, group):
    wave = make_wave(group, at=timezone.now())
    for code in ("first1", "second2", "third3"):
        answer(wave, link=code, at=timezone.now())

    page = client.get(f"/o/metro/surveys/waves/{wave.pk}/")

    assert f"{wave.code[:4]} {wave.code[4:]}" in words(page)
    assert "It takes about 6 minutes; 10 are planned." in words(page)
    assert "What it came to" not in words(page)
    assert wave.code not in page.text


def close(wave):
    today = wave.group.today(at=timezone.now())
    Wave.objects.filter(pk=wave.pk).update(
        opens_on=today - timedelta(days=9), closes_on=today - timedelta(days=1)
    )


@pytest.mark.parametrize(("people", "shown"), [(4, False), (5, True)])
def test_figures_of_a_closed_wave_need_five_people(client, rosa, group, people, shown):
    wave = make_wave(group, at=timezone.now())
    for _ in range(people):
        answer(wave, ANSWERS, at=timezone.now())
    close(wave)

    page = client.get(f"/o/metro/surveys/waves/{wave.pk}/")

    assert ("4.33" in words(page)) is shown
    assert ("too few" in words(page)) is not shown


def test_a_small_group_cannot_be_told_from_the_total(client, rosa, group):
    survey = make_survey(group.organisation)
    large, small = (make_wave(each, survey=survey, at=timezone.now())
                    for each in (group, make_group(group.programme)))  # fmt: skip
    for _ in range(5):
        answer(large, at=timezone.now())
    answer(small, {"calm": 1, "tired": 5, "heard": 1}, at=timezone.now())
    for wave in (large, small):
        close(wave)

    page = client.get(f"/o/metro/surveys/questions/{survey.pk}/figures/")

    assert "6 people answered" in words(page)
    assert "5 1 left out" in words(page)
    assert set(re.findall(r"\d\.\d\d", words(page))) == {"4.33"}


def test_figures_over_all_groups_wait_until_waves_are_closed(client, rosa, group):
    survey = make_survey(group.organisation)
    wave = make_wave(group, survey=survey, at=timezone.now())
    for _ in range(5):
        answer(wave, at=timezone.now())
    address = f"/o/metro/surveys/questions/{survey.pk}/figures/"
    assert "Nothing yet" in words(client.get(address))

    close(wave)

    assert "4.33" in words(client.get(address))


def test_closing_is_asked_about(client, rosa, group):
    wave = make_wave(group, at=timezone.now())
    address = f"/o/metro/surveys/waves/{wave.pk}/close/"
    assert "Close the questions in Monday circle?" in words(client.get(address))

    client.post(address)

    wave.refresh_from_db()
    assert not wave.is_open(on=group.today(at=timezone.now()))


def test_the_paper_has_every_question_and_no_name(client, rosa, group):
    wave = make_wave(group, kind=WaveKind.RETROSPECTIVE, at=timezone.now())

    page = client.get(f"/o/metro/surveys/waves/{wave.pk}/paper/")

    assert "I am calm." in words(page)
    assert words(page).count("Before you came here") == 3
    assert "Skip" not in words(page).replace("Skip to the page", "")


TYPED = {"link": "malaga14", "now-calm": "4", "now-tired": "", "now-heard": "5", "now-help": "12"}


def test_a_sheet_is_typed_in_by_digits(client, rosa, group):
    wave = make_wave(group, at=timezone.now())
    address = f"/o/metro/surveys/waves/{wave.pk}/type-in/"

    page = client.post(address, TYPED, follow=True)

    assert "Kept. Next sheet." in words(page)
    kept = Response.objects.get()
    assert (kept.mode, kept.opened()[0]) == (
        "paper",
        {"calm": 4, "tired": None, "heard": 5, "help": (1, 2)},
    )


@pytest.mark.parametrize(
    "wrong", [{"now-calm": "6"}, {"now-calm": "x"}, {"now-help": "13"}, {"link": "ab"}]
)
def test_a_slip_is_told_and_nothing_kept(client, rosa, group, wrong):
    wave = make_wave(group, at=timezone.now())

    page = client.post(f"/o/metro/surveys/waves/{wave.pk}/type-in/", TYPED | wrong)

    assert page.status_code == 422
    assert not Response.objects.exists()


def first_of(page) -> str:
    return re.search(r'name="first" value="([^"]+)"', page.text)[1]


def test_typed_twice_alike_is_kept_and_otherwise_shown(client, rosa, group):
    wave = make_wave(group, at=timezone.now())
    address = f"/o/metro/surveys/waves/{wave.pk}/type-in/?twice=1"

    once = client.post(address, TYPED)
    assert "The same sheet once more" in words(once)
    assert not Response.objects.exists()
    differs = client.post(address, TYPED | {"first": first_of(once), "now-calm": "3"})
    assert "The first time it was 4." in words(differs)
    assert not Response.objects.exists()
    client.post(address, TYPED | {"compared": "1"})
    again = client.post(address, TYPED | {"link": "other99"})
    client.post(address, TYPED | {"link": "other99", "first": first_of(again)})

    assert Response.objects.count() == 2


def test_what_ships_is_taken_and_its_unsure_points_are_told(client, rosa):
    page = client.post(
        "/o/metro/surveys/questions/", {"shipped": "protective-factors-survey"}, follow=True
    )

    assert "Not verified" in words(page)
    assert "from memory, not read" in words(page)
    assert words(page).count("Enter the wording from your licensed copy") >= 20
    client.post("/o/metro/surveys/questions/", {"shipped": "nothing"})
    assert Survey.objects.count() == 1


def test_words_are_entered_from_a_copy_and_half_of_them_may_wait(client, rosa, here):
    survey = take_up(organisation=here, key="protective-factors-survey", by=rosa, at=timezone.now())
    address = f"/o/metro/surveys/questions/{survey.pk}/words/en/"
    told = {f"item-{number}": f"Our copy says {number}" for number in range(1, 21)}
    scales = {"scale-frequency": "never\nalways", "scale-agreement": "no\nyes"}

    half = client.post(address, told, follow=True)
    assert "2 places are still without words" in words(half)
    whole = client.post(address, told | scales, follow=True)

    assert "All words are there." in words(whole)
    assert survey.versions.get().instrument.ready_languages == ("en",)
    wrong = client.post(address, told | {"scale-frequency": "a\nb\nc"})
    assert "Write 2 lines, or 7." in words(wrong)


OWN = {
    "name": "Our evenings",
    "describes": "Two questions.",
    "minutes": "3",
    "points": "5",
    "low": "no",
    "high": "yes",
    "words-1": "I sleep.",
    "part-1": "Rest",
    "words-2": "I worry.",
    "part-2": "Rest",
    "reverse-2": "on",
    "words-3": "I laugh.",
}


def test_own_questions_are_written_in_a_page_and_changed_there(client, rosa):
    page = client.post("/o/metro/surveys/questions/new/", OWN, follow=True)

    survey = Survey.objects.get()
    made = survey.versions.get().instrument
    assert (survey.key, made.name) == ("our-evenings", "Our evenings")
    assert [(part.words["en"], part.items, part.at_least) for part in made.parts] == [
        ("Rest", ("1", "2"), 2),
        ("Single questions", ("3",), None),
    ]
    assert [item.reverse for item in made.items] == [False, True, False]
    assert "I worry." in words(page)

    address = f"/o/metro/surveys/questions/{survey.pk}/edit/"
    assert 'value="I worry."' in client.get(address).text
    client.post(address, OWN | {"words-3": "We laugh."})
    assert survey.versions.get().instrument.item("3").words == {"en": "We laugh."}


def test_what_was_asked_stays_as_it_was(client, rosa, group):
    client.post("/o/metro/surveys/questions/new/", OWN)
    survey = Survey.objects.get()
    wave = make_wave(group, survey=survey, at=timezone.now())

    client.post(f"/o/metro/surveys/questions/{survey.pk}/edit/", OWN | {"words-1": "I rest."})

    assert [version.number for version in survey.versions.order_by("number")] == [1, 2]
    assert Wave.objects.get(pk=wave.pk).instrument.item("1").words == {"en": "I sleep."}


def test_a_second_survey_of_one_name_gets_a_key_of_its_own(client, rosa):
    for _ in range(2):
        client.post("/o/metro/surveys/questions/new/", OWN)

    assert sorted(Survey.objects.values_list("key", flat=True)) == [
        "our-evenings",
        "our-evenings-2",
    ]


def upload(client, text):
    from django.core.files.uploadedfile import SimpleUploadedFile

    file = SimpleUploadedFile("small.toml", text.encode())
    return client.post("/o/metro/surveys/questions/file/", {"file": file}, follow=True)


def test_a_file_adds_a_survey_and_comes_back_the_same(client, rosa, group):
    text = SMALL.format(name="Small")
    page = upload(client, text)
    survey = Survey.objects.get()
    assert "The questions are kept." in words(page)

    file = client.get(f"/o/metro/surveys/questions/{survey.pk}/download/")
    assert file.content.decode().strip() == text.strip()
    make_wave(group, survey=survey, at=timezone.now())
    make_survey(make_organisation())
    upload(client, text.replace("I am calm.", "I am quite calm."))

    assert [version.number for version in survey.versions.order_by("number")] == [1, 2]


def test_every_mistake_of_a_file_is_listed_with_its_line(client, rosa):
    page = upload(client, SMALL.format(name="Small").replace("minutes = 2", "minutes = 0"))

    assert page.status_code == 422
    assert "small.toml: line 5: minutes is 0" in words(page)
    assert not Survey.objects.exists()


@pytest.mark.parametrize("waves", [1, 4])
def test_the_list_asks_as_often_however_long_it_is(
    client, rosa, group, waves, django_assert_max_num_queries
):
    for _ in range(waves):
        make_wave(group, at=timezone.now())

    with django_assert_max_num_queries(14):
        assert client.get("/o/metro/surveys/").status_code == 200
