"""A group's decisions on its members' own pages."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from goround.apps.decisions.models import Box, Decision
from goround.apps.groups.services import leave
from tests.make import make_coordinator, make_user
from tests.make_decisions import Kind, Room, make_room
from tests.make_groups import make_leader
from tests.page_words import words

pytestmark = pytest.mark.django_db


def signed_in(user) -> Client:
    client = Client()
    client.force_login(user)
    return client


def page_of(room: Room, rest: str = "") -> str:
    return f"/room/{room.group.pk}/decisions/{rest}"


def last_day(days: int = 5) -> str:
    return (timezone.localdate() + timedelta(days=days)).isoformat()


def ask_now(room: Room, kind: Decision.Kind = Kind.SIMPLE, *options: str, **more) -> Decision:
    return room.ask(kind, *options, at=timezone.now(), days=_ahead(), **more)


def _ahead() -> int:
    """Days from the time of the tests' world to a day still to come."""
    from tests.make import NOON

    return (timezone.now() - NOON).days + 5


def test_a_member_asks_and_all_vote_and_the_counts_are_shown():
    room = make_room(3)
    clients = [signed_in(room.user(n)) for n in range(3)]
    asked = clients[0].post(
        page_of(room, "ask/simple/"),
        {"question": "Where do we go?", "options": "Zoo\nLake", "closes_on": last_day()},
    )
    page = asked.url

    before = words(clients[1].get(page))
    for client, choice in zip(clients, ("0", "1", "1"), strict=True):
        assert client.post(page, {"choice": choice}).url == page
    after = words(clients[0].get(page))

    assert "0 of 3 have voted" in before
    assert "Decided: Lake." in after
    assert "Zoo 1 of 3" in after
    assert "Lake chosen 2 of 3" in after


def test_nothing_is_called_chosen_in_a_tie():
    room = make_room(4)
    page = page_of(room, f"{ask_now(room, Kind.SIMPLE, 'Zoo', 'Lake').pk}/")
    clients = [signed_in(room.user(n)) for n in range(4)]
    for client, choice in zip(clients, "0011", strict=True):
        client.post(page, {"choice": choice})

    after = words(clients[0].get(page))

    assert "A tie between Zoo and Lake." in after
    assert "Zoo 2 of 4" in after
    assert "chosen" not in after


def test_between_the_first_and_the_last_vote_no_count_is_shown():
    room = make_room(3)
    decision = ask_now(room, Kind.SIMPLE, "Zoo", "Lake")
    page = page_of(room, f"{decision.pk}/")
    ana, ben, cleo = (signed_in(room.user(n)) for n in range(3))

    ana.post(page, {"choice": "0"})
    ben.post(page, {"choice": "0"})

    assert "2 of 3 have voted" in words(cleo.get(page))
    assert "You have voted" in words(ana.get(page))
    assert "The counts" not in words(ana.get(page)).replace("The counts are shown when", "")
    assert "you voted" in words(ana.get(page_of(room)))
    assert "waits for you" in words(cleo.get(page_of(room)))


def test_a_secret_vote_handed_in_twice_changes_nothing():
    room = make_room(3)
    decision = ask_now(room)
    ana = signed_in(room.user(0))
    page = page_of(room, f"{decision.pk}/")
    ana.post(page, {"choice": "0"})
    box = bytes(Box.objects.get().locked_ballots)

    again = ana.post(page, {"choice": "1"}, follow=True)

    assert "Nothing was changed" in words(again)
    assert bytes(Box.objects.get().locked_ballots) == box


def test_a_small_group_is_told_how_weak_the_secret_is():
    small, large = make_room(4), make_room(7)

    shown = [
        words(signed_in(room.user(1)).get(page_of(room, f"{ask_now(room).pk}/")))
        for room in (small, large)
    ]

    assert "Only 4 of you can vote" in shown[0]
    assert "among so few people guess" in shown[0]
    assert "Your vote is secret" in shown[1]


def test_a_unanimous_result_is_said_to_reveal_everybody():
    room = make_room(3)
    decision = room.vote(ask_now(room), dict.fromkeys(range(3), (1,)))

    assert "All voted alike" in words(signed_in(room.user(2)).get(page_of(room, f"{decision.pk}/")))


def test_an_open_vote_shows_names_and_says_so_before():
    room = make_room(3)
    decision = ask_now(room, Kind.TIME, "Monday", "Tuesday", is_secret=False)
    page = page_of(room, f"{decision.pk}/")
    ana, ben = signed_in(room.user(0)), signed_in(room.user(1))

    assert "All in the group see what you say" in words(ana.get(page))
    ana.post(page, {"choice": ["0", "1"]})

    assert "Member 0 Monday and Tuesday" in words(ben.get(page))


def test_a_ranked_choice_explains_how_it_was_counted():
    room = make_room(5)
    decision = ask_now(room, Kind.RANKED, "Zoo", "Lake", "Park")
    page = page_of(room, f"{decision.pk}/")
    for number, places in enumerate(["0", "0", "1", "1", "21"]):
        sent = {f"place_{n}": place for n, place in enumerate(places, 1)}
        signed_in(room.user(number)).post(page, sent)

    shown = words(signed_in(room.user(0)).get(page))

    assert "Decided: Lake." in shown
    assert "Park goes out." in shown


def test_a_ranked_choice_refuses_the_same_twice():
    room = make_room(3)
    decision = ask_now(room, Kind.RANKED)

    answer = signed_in(room.user(0)).post(
        page_of(room, f"{decision.pk}/"), {"place_1": "0", "place_2": "0"}
    )

    assert answer.status_code == 422
    assert "You chose one of them twice" in words(answer)


@pytest.mark.parametrize(
    "sent",
    [
        {"question": "", "options": "a\nb", "closes_on": last_day()},
        {"question": "Where?", "options": "a", "closes_on": last_day()},
        {"question": "Where?", "options": "Zoo\nzoo", "closes_on": last_day()},
        {"question": "Where?", "options": "a\nb", "closes_on": last_day(-2)},
        {"question": "Where?", "options": "a\nb", "closes_on": last_day(70)},
        {"question": "Where?", "options": "a\n" + "b" * 81, "closes_on": last_day()},
    ],
)
def test_a_question_that_cannot_be_voted_on_is_sent_back(sent):
    room = make_room(3)

    answer = signed_in(room.user(0)).post(page_of(room, "ask/simple/"), sent)

    assert answer.status_code == 422
    assert Decision.objects.count() == 0


def test_who_asked_ends_a_vote_and_others_cannot():
    room = make_room(5)
    decision = room.vote(ask_now(room), {0: (0,), 1: (1,), 2: (1,)})
    page = page_of(room, f"{decision.pk}/end/")

    signed_in(room.user(3)).post(page, {"do": "count"})
    decision.refresh_from_db()
    assert decision.status == "open"
    signed_in(room.user(0)).post(page, {"do": "count"})

    decision.refresh_from_db()
    assert decision.status == "closed"


def test_two_members_can_only_vote_openly():
    room = make_room(2)
    ana = signed_in(room.user(0))

    shown = words(ana.get(page_of(room, "ask/consent/")))
    answer = ana.post(
        page_of(room, "ask/simple/"),
        {"question": "Where?", "options": "Zoo\nLake", "closes_on": last_day()},
    )

    assert "Nobody: it is secret" not in shown
    assert "A secret vote needs three members" in words(answer)


def test_nobody_but_members_finds_the_page():
    room, other = make_room(3), make_room(3)
    decision = ask_now(room)
    gone = make_room(3)
    leave(membership=gone.members[1], on=timezone.localdate(), by=gone.user(1), at=timezone.now())
    people = [
        make_user(),
        other.user(0),
        make_coordinator(room.group.organisation),
        make_leader(room.group),
    ]

    for person in people:
        for rest in ("", "ask/", "ask/simple/", f"{decision.pk}/", f"{decision.pk}/end/"):
            assert signed_in(person).get(page_of(room, rest)).status_code == 404
    assert signed_in(gone.user(1)).get(page_of(gone)).status_code == 404
    assert signed_in(other.user(0)).get(page_of(other, f"{decision.pk}/")).status_code == 404


@pytest.mark.parametrize("votes", [1, 9])
def test_the_page_asks_a_fixed_number_of_questions(votes, django_assert_max_num_queries):
    room = make_room(4)
    for _ in range(votes):
        ask_now(room)
    client = signed_in(room.user(0))
    client.get(page_of(room))

    with django_assert_max_num_queries(13):
        client.get(page_of(room))
