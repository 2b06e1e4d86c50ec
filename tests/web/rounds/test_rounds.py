"""The list of rounds, a new one, and what shows while it is searched."""

import re

import pytest
from django.test import Client
from django.utils import timezone

from goround.apps.formation import services
from goround.apps.formation.models import Round, Search
from goround.apps.formation.settings import HowMuch, RoundSettings
from goround.apps.jobs.models import Job
from goround.apps.jobs.services import claim_next, keep
from goround.apps.jobs.work import run_next
from tests.make import NOON, make_programme
from tests.make_formation import Town, make_round, make_town, two_groups

pytestmark = pytest.mark.django_db


def signed_in(town: Town) -> Client:
    client = Client()
    client.force_login(town.coordinator)
    return client


def rounds_of(town: Town) -> str:
    return f"/o/{town.organisation.slug}/rounds/"


def filled(town: Town, **changes: object) -> dict[str, object]:
    """What the form sends when it is left as it comes."""
    return {
        "programme": town.programme.pk,
        "name": "Spring",
        "waited_days": 0,
        "language": "",
        "type": "",
        "venues": [venue.pk for venue in town.venues],
        "facilitators": [leader.pk for leader in town.facilitators],
        "size_min": 4,
        "size_max": 6,
        "facilitators_each": 2,
        "near_home": "usual",
        "like_age": "usual",
        "shared_wishes": "usual",
        "seconds": 20,
    } | changes


@pytest.mark.parametrize("rows", [1, 3])
def test_rounds_are_listed_in_a_fixed_number_of_queries(rows, django_assert_num_queries):
    town, foreign = make_town(parents=7), make_town(parents=0)
    for _ in range(rows):
        make_round(town, *two_groups(town))
    make_round(foreign)
    client = signed_in(town)

    with django_assert_num_queries(6):
        page = client.get(rounds_of(town)).content.decode()

    assert page.count("7 parents in a group, 0 without") == rows
    assert page.count("rows-title") == rows


def test_the_list_without_a_round_says_what_to_do():
    town = make_town(parents=0)

    page = signed_in(town).get(rounds_of(town)).content.decode()

    assert "No round yet" in page
    assert f'{rounds_of(town)}new/"' in page


def test_a_new_round_starts_from_the_playbook():
    town = make_town(parents=2)

    page = signed_in(town).get(f"{rounds_of(town)}new/").content.decode()

    assert 'name="size_min" value="4"' in page
    assert 'name="size_max" value="10"' in page
    assert 'name="facilitators_each" value="2"' in page
    assert len(re.findall(r'name="venues"[^>]* checked', page)) == 2
    assert '<strong class="num">2</strong>' in page


def test_the_count_follows_who_is_chosen():
    town = make_town(parents=3)
    town.parents[0].languages = ("es", "en")
    town.parents[0].save()
    asked = {"programme": town.programme.pk, "name": "x", "waited_days": 0, "language": "es"}

    part = (
        signed_in(town)
        .get(f"{rounds_of(town)}new/", asked, headers={"HX-Request": "true"})
        .content.decode()
    )

    assert '<strong class="num">1</strong> of 3 who wait take part.' in part
    assert "<form" not in part


def test_counting_again_without_a_script_starts_nothing():
    town = make_town(parents=3)

    page = signed_in(town).post(f"{rounds_of(town)}new/", filled(town, type="men", count="1"))

    assert Round.objects.count() == 0
    assert '<strong class="num">0</strong> of 3' in page.content.decode()


def test_the_count_of_the_page_is_the_part():
    town = make_town(parents=3)
    client, url = signed_in(town), f"{rounds_of(town)}new/"

    part = client.get(url, headers={"HX-Request": "true"}).content.decode()

    assert part.strip() in client.get(url).content.decode()


def test_a_round_keeps_what_was_chosen_and_is_searched():
    town = make_town(parents=8)

    answer = signed_in(town).post(f"{rounds_of(town)}new/", filled(town, near_home="lot"))

    made = Round.objects.get()
    assert answer.headers["Location"] == f"{rounds_of(town)}{made.pk}/"
    assert (made.name, made.status) == ("Spring", Round.Status.SEARCHING)
    assert RoundSettings.from_json(made.settings) == town.settings(
        size_min=4, size_max=6, seconds=20, iterations=None, near_home=HowMuch.LOT
    )
    search = Search.objects.get()
    assert (search.seed, search.seconds, search.by) == (made.seed, 20, town.coordinator)
    assert Job.objects.get().subject_id == made.pk


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"venues": []}, "Choose at least one venue."),
        ({"size_max": 11}, "The playbook allows 10 parents in a group at most."),
        ({"size_min": 7}, "This is more than the most you allow."),
        ({"facilitators": []}, "Each group needs 2."),
        ({"name": " "}, "This field is required."),
        ({"near_home": "enormously"}, "Select a valid choice."),
    ],
)
def test_a_wrong_choice_is_answered_in_words_and_loses_nothing(wrong, words):
    town = make_town(parents=3)
    sent = filled(town, name="My name for it") | wrong

    answer = signed_in(town).post(f"{rounds_of(town)}new/", sent)

    page = answer.content.decode()
    assert answer.status_code == 200
    assert words in page
    assert Round.objects.count() == 0
    assert "My name for it" in page or wrong.get("name")


def test_somebody_elses_venue_cannot_be_chosen():
    town, foreign = make_town(parents=3), make_town(parents=0)

    answer = signed_in(town).post(
        f"{rounds_of(town)}new/", filled(town, venues=[foreign.venues[0].pk])
    )

    assert answer.status_code == 200
    assert Round.objects.count() == 0


def test_with_several_programmes_one_is_chosen_first():
    town = make_town(parents=3)
    other = make_programme(town.organisation, playbook_key="safe-project")
    client, url = signed_in(town), f"{rounds_of(town)}new/"

    first = client.get(url).content.decode()
    second = client.get(url, {"programme": other.pk}).content.decode()

    assert 'name="size_min"' not in first
    assert f'<option value="{other.pk}" selected>' in second
    assert '<strong class="num">0</strong>' in second


def test_progress_is_real_and_the_page_shows_the_same():
    town = make_town(parents=8)
    client = signed_in(town)
    client.post(f"{rounds_of(town)}new/", filled(town))
    made, job = Round.objects.get(), claim_next(worker="w", at=timezone.now())
    assert job is not None
    told = {"seconds": 3.2, "cost": 3000.0, "bound": 2900.0}
    keep(job=job, worker="w", at=timezone.now(), done=5, total=8, progress=told)
    url = f"{rounds_of(town)}{made.pk}/"

    page = client.get(url).content.decode()
    part = client.get(f"{url}progress/", headers={"HX-Request": "true"}).content.decode()

    assert "5 of 8 parents have a group so far, after 3 seconds." in part
    assert "At most 3.4 % from the best possible." in part
    assert part.strip() in page
    assert '<meta http-equiv="refresh"' in page


def test_progress_sends_to_the_round_when_the_search_has_ended():
    town = make_town(parents=8)
    client = signed_in(town)
    made = make_round(town)
    services.start_search(
        round=made, settings=town.settings(), version=0, by=town.coordinator, at=NOON
    )
    run_next("w")
    url = f"{rounds_of(town)}{made.pk}/"

    by_htmx = client.get(f"{url}progress/", headers={"HX-Request": "true"})
    plain = client.get(f"{url}progress/")

    assert by_htmx.headers["HX-Redirect"] == url
    assert plain.headers["Location"] == url


def test_stopping_keeps_the_best_so_far():
    town = make_town(parents=8)
    client = signed_in(town)
    client.post(f"{rounds_of(town)}new/", filled(town))
    made = Round.objects.get()
    claimed = claim_next(worker="killed", at=NOON)

    client.post(f"{rounds_of(town)}{made.pk}/act/", {"do": "stop"})

    assert claimed is not None
    claimed.refresh_from_db()
    assert claimed.cancel_asked is True
    run_next("w")
    made.refresh_from_db()
    assert (made.status, made.version) == (Round.Status.PROPOSED, 1)


def test_cancelling_puts_the_round_aside_and_it_can_be_taken_up():
    town = make_town(parents=8)
    client = signed_in(town)
    client.post(f"{rounds_of(town)}new/", filled(town))
    made = Round.objects.get()
    act = f"{rounds_of(town)}{made.pk}/act/"

    client.post(act, {"do": "aside"})
    made.refresh_from_db()
    assert made.status == Round.Status.PUT_ASIDE
    assert "This round was put aside" in client.get(f"{rounds_of(town)}{made.pk}/").content.decode()

    client.post(act, {"do": "up"})
    made.refresh_from_db()
    assert made.status == Round.Status.PREPARED


def test_a_failed_search_says_why():
    town = make_town(parents=0)
    made = make_round(town)
    services.start_search(
        round=made, settings=town.settings(), version=0, by=town.coordinator, at=NOON
    )
    run_next("w")

    page = signed_in(town).get(f"{rounds_of(town)}{made.pk}/").content.decode()

    assert "Nobody waits whom these choices take in." in page
    assert f"{rounds_of(town)}{made.pk}/again/" in page


def test_looking_again_starts_from_the_standing_proposal():
    town = make_town(parents=8)
    made = make_round(town, *two_groups(town))
    url = f"{rounds_of(town)}{made.pk}/again/"
    client = signed_in(town)

    page = client.get(url).content.decode()
    client.post(url, filled(town, version=made.version, seconds=10))

    assert 'name="version" value="1"' in page
    search = Search.objects.get(number=2)
    assert (search.start_version, search.seconds) == (1, 10)


def test_looking_again_from_an_older_version_starts_nothing():
    town = make_town(parents=8)
    made = make_round(town, *two_groups(town))

    answer = signed_in(town).post(f"{rounds_of(town)}{made.pk}/again/", filled(town, version=0))

    assert "Nothing was started." in answer.content.decode()
    assert Search.objects.count() == 1
