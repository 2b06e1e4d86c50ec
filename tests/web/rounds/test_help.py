"""The page "What would help most", from its button to its answer."""

from __future__ import annotations

import pytest
from django.test import Client

from goround.apps.formation.models import Advice, Proposal, Round
from goround.apps.jobs.models import Job
from goround.apps.jobs.services import keep
from goround.apps.jobs.work import run_next
from goround.domain.matching.advice import Advice as Found
from goround.domain.matching.advice import Tried, to_json
from goround.domain.matching.ideas import Idea
from goround.domain.matching.problem import Span
from tests.make import NOON
from tests.make_formation import Town, make_formed, make_round, make_town
from tests.page_words import words
from tests.web.rounds.test_round import get, make_proposed, url_of

pytestmark = pytest.mark.django_db

TUESDAY = Span.parse("tue 09:00-11:00")


def ask(client: Client, made: Round, version: int = 1):
    return client.post(url_of(made, "help/"), {"do": "start", "version": version})


def make_found(town: Town, made: Round, *tried: Tried, of: int | None = None, longer: int = 0):
    found = Found(tuple(tried), len(tried) if of is None else of, longer)
    return Advice.objects.create(
        proposal=Proposal.objects.get(round=made, version=made.version),
        seed=1,
        iterations=1,
        found=to_json(found),
        by=town.coordinator,
        at=NOON,
    )


def ideas_for(town: Town) -> list[Tried]:
    hall, online = (str(venue.pk) for venue in town.venues)
    return [
        Tried(Idea("facilitator", hall, TUESDAY, "es"), 9, -9000.0),
        Tried(Idea("hour", hall, TUESDAY), 6, -6000.0),
        Tried(Idea("facilitator", online, TUESDAY, "es"), 1, -1000.0),
        Tried(Idea("hour", online, TUESDAY), 0, 0.0),
    ]


def test_from_the_round_to_the_advice():
    _, made, client = make_proposed()
    assert f'href="{url_of(made, "help/")}"' in get(client, made)
    assert f'href="{url_of(made, "help/")}"' in get(client, made, "unplaced/")
    assert "Work it out" in get(client, made, "help/")

    asked = ask(client, made)
    working = get(client, made, "help/")
    run_next("worker")

    assert asked.headers["Location"] == url_of(made, "help/")
    assert "Looking for what could be added" in working
    assert '<meta http-equiv="refresh"' in working
    assert "Work it out again" in get(client, made, "help/")


def test_ideas_are_told_in_order_with_what_they_do():
    town, made, client = make_proposed()
    hall, online = town.venues
    hall.name, online.name, online.mode = "Elm Hall", "Video room", "online"
    for venue in (hall, online):
        venue.save()
    make_found(town, made, *ideas_for(town))

    page = words(get(client, made, "help/"))

    said = [
        "A facilitator who speaks Spanish, near Elm Hall, free Tuesdays 09:00–11:00",
        "9 more parents would have a group.",
        "Elm Hall, open Tuesdays 09:00–11:00",
        "6 more parents would have a group.",
        "A facilitator who speaks Spanish and leads online Tuesdays 09:00–11:00",
        "1 more parent would have a group.",
        "4 ideas were tried",
    ]
    assert [page.index(each) for each in said] == sorted(page.index(each) for each in said)
    assert "Video room, open" not in page


@pytest.mark.parametrize(
    ("tried", "of", "longer", "said"),
    [
        (1, 1, 0, "We tried 1 idea. It would not give another parent a group."),
        (0, 0, 0, "Nothing to try"),
        (1, 12, 0, "Stopped after 1 of 12 ideas."),
        (1, 1, 2, "Looking longer, with nothing new, finds a group for 2 more parents already."),
    ],
)
def test_what_did_not_help_is_said_too(tried, of, longer, said):
    town, made, client = make_proposed()
    make_found(town, made, *ideas_for(town)[3:][:tried], of=of, longer=longer)

    page = words(get(client, made, "help/"))

    assert said in page


def test_progress_alone_is_part_of_the_page_and_ends_by_sending_there():
    _, made, client = make_proposed()
    ask(client, made)
    job = Job.objects.get(kind="formation.advice")
    Job.objects.filter(pk=job.pk).update(status=Job.Status.RUNNING, worker="w")
    keep(job=job, worker="w", at=NOON, done=3, total=14, progress={})

    page = get(client, made, "help/")
    part = client.get(url_of(made, "help/"), headers={"HX-Request": "true"}).content.decode()
    Job.objects.filter(pk=job.pk).update(status=Job.Status.DONE, ended_at=NOON)
    ended = client.get(url_of(made, "help/"), headers={"HX-Request": "true"})

    assert "3 of 14 searches are done." in part
    assert part.strip() in page
    assert ended.headers["HX-Redirect"] == url_of(made, "help/")


def test_stopping_says_so():
    _, made, client = make_proposed()
    ask(client, made)

    client.post(url_of(made, "help/"), {"do": "stop"})

    assert Job.objects.get(kind="formation.advice").status == Job.Status.CANCELLED
    assert "Work it out" in get(client, made, "help/")


def test_advice_on_an_earlier_version_says_so():
    town, made, client = make_proposed()
    make_found(town, made, *ideas_for(town))
    client.post(url_of(made, "change/"), {"do": "lock-group g0001", "version": 1})

    page = words(get(client, made, "help/"))

    assert "This was worked out for version 1. The groups have changed since." in page


def test_asking_about_a_version_that_does_not_stand_shows_how_it_is_now():
    _, made, client = make_proposed()

    answer = ask(client, made, version=0)

    assert answer.status_code == 409
    assert not Advice.objects.exists()


def test_nothing_is_needed_when_everybody_has_a_group():
    town = make_town(parents=4)
    made = make_round(town, make_formed(town, "g0001", range(4)))
    client = Client()
    client.force_login(town.coordinator)

    page = get(client, made, "help/")

    assert "Everybody has a group." in page
    assert "Work it out" not in page
    assert "What would help most" not in get(client, made)


@pytest.mark.parametrize("ideas", [1, 3])
def test_the_page_takes_a_fixed_number_of_queries(ideas, django_assert_num_queries):
    town, made, client = make_proposed()
    make_found(town, made, *ideas_for(town)[:ideas])

    with django_assert_num_queries(13):
        client.get(url_of(made, "help/"))


def test_a_stranger_finds_nothing():
    _, made, client = make_proposed()
    client.force_login(make_town(parents=0).coordinator)

    assert client.get(url_of(made, "help/")).status_code == 404
    assert ask(client, made).status_code == 404
    assert not Advice.objects.exists()
