from datetime import timedelta

import pytest

from goround.apps.formation import running
from goround.apps.formation.facts import Facts, gather
from goround.apps.formation.settings import HowMuch, RoundSettings, default_settings, policy_of
from goround.apps.formation.stored import problem_from_json, problem_to_json
from goround.apps.people.models import Facilitator
from goround.apps.people.opening import keep_details
from goround.domain.matching.problem import Parent, Policy, Span, Venue
from tests.make import (
    NOON,
    make_coordinator,
    make_facilitator,
    make_group,
    make_keep_apart,
    make_leadership,
    make_membership,
    make_organisation,
    make_parent,
    make_programme,
    make_referral,
    make_venue,
)
from tests.make_formation import HERE, MONDAY, TUESDAY, Town, make_town

pytestmark = pytest.mark.django_db

# What make_group gives: Mondays from 18:00, ninety minutes.
MEETS = Span.parse("mon 18:00-19:30")


def read(town: Town, **settings: object) -> Facts:
    return gather(town.coordinator, town.programme, town.settings(**settings), at=NOON)


def parent_of(facts: Facts, town: Town, place: int) -> Parent:
    return next(row for row in facts.problem.parents if row.id == town.ids(place)[0])


def test_facts_are_ids_and_never_names():
    town = make_town(parents=2)
    town.parents[0].alias = "Marigold"
    town.parents[0].save()

    facts = read(town)

    assert [row.id for row in facts.problem.parents] == list(town.ids(0, 1))
    assert "Marigold" not in repr(facts.problem)


def test_ages_are_carried_forward_and_unsaid_reach_is_fifteen_km():
    town = make_town(parents=1)
    town.parents[0].ages_on = NOON.date() - timedelta(days=731)
    town.parents[0].children_ages = [1.0]
    keep_details(town.parents)

    parent = parent_of(read(town), town, 0)

    assert parent.children == (3.0,)
    assert parent.max_km == 15.0


def test_a_parent_without_a_known_home_can_only_meet_online():
    town = make_town(parents=1)
    town.parents[0].home_cell = ""
    keep_details(town.parents)

    assert parent_of(read(town), town, 0).modes == frozenset({"online"})


def test_only_those_the_settings_take_in_take_part():
    town = make_town(parents=3)
    town.referrals[0].waiting_since = NOON - timedelta(days=60)
    town.referrals[0].save()
    town.parents[1].languages = ("en", "es")
    town.parents[1].save()
    town.parents[2].interests = ()
    town.parents[2].save()

    def taken(**settings: object) -> list[str]:
        return sorted(row.id for row in read(town, **settings).problem.parents)

    assert taken(waited_days=28) == list(town.ids(0))
    assert taken(language="es") == list(town.ids(1))
    assert taken(type="men") == list(town.ids(2))


def test_who_may_not_see_the_waiting_list_finds_nobody():
    town = make_town(parents=2)
    stranger = make_coordinator(make_organisation())

    facts = gather(stranger, town.programme, town.settings(), at=NOON)

    assert facts.problem.parents == ()


def test_apart_and_together_are_told_both_ways():
    town = make_town(parents=3)
    make_keep_apart(town.parents[0], town.parents[1])
    town.parents[1].together.add(town.parents[2])
    one, two, three = town.ids(0, 1, 2)

    facts = read(town)

    assert [parent_of(facts, town, n).apart for n in range(3)] == [{two}, {one}, frozenset()]
    assert [parent_of(facts, town, n).together for n in range(3)] == [frozenset(), {three}, {two}]


def test_a_room_that_a_running_group_has_is_not_given_again():
    town = make_town(parents=1)
    make_group(town.programme, venue=town.venues[0])

    slots = {venue.id: venue.slots for venue in read(town).problem.venues}

    assert slots[str(town.venues[0].pk)] == (Span.parse(TUESDAY),)
    assert slots[str(town.venues[1].pk)] == (Span.parse(MONDAY), Span.parse(TUESDAY))


def test_a_facilitator_who_leads_already_has_fewer_hours_and_groups_to_give():
    town = make_town(parents=1)
    leader = town.facilitators[0]
    make_leadership(make_group(town.programme), leader)

    fact = next(row for row in read(town).problem.facilitators if row.id == str(leader.pk))

    assert fact.groups == 1
    assert not any(span.overlaps(MEETS) for span in fact.available)


def test_a_facilitator_with_no_group_left_to_give_takes_no_part():
    town = make_town(parents=1)
    Facilitator.objects.update(groups_at_most=1)
    make_leadership(make_group(town.programme), town.facilitators[0])

    assert str(town.facilitators[0].pk) not in {r.id for r in read(town).problem.facilitators}


def test_a_facilitator_of_unknown_home_may_lead_anywhere():
    town = make_town(parents=1)
    nomad = make_facilitator(town.organisation)

    facts = read(town, facilitators=(nomad.pk,))

    assert [row.max_km for row in facts.problem.facilitators] == [25_000.0]


def test_nobody_gets_an_hour_near_somebody_to_be_kept_apart_from():
    town = make_town(parents=1)
    near, group = make_parent(town.organisation), make_group(town.programme, venue=town.venues[0])
    make_membership(group, near)
    make_keep_apart(town.parents[0], near)

    parent = parent_of(read(town), town, 0)

    assert {span.day for span in parent.available if span.covers(Span.parse(TUESDAY))} == {1}
    assert not any(span.overlaps(Span.parse(MONDAY)) for span in parent.available)


def test_venues_and_facilitators_of_others_and_out_of_use_take_no_part():
    town, elsewhere = make_town(parents=1), make_organisation()
    closed = make_venue(town.organisation, in_use=False)
    gone = make_facilitator(town.organisation, in_service=False)
    foreign, stranger = make_venue(elsewhere), make_facilitator(elsewhere)

    facts = read(town, venues=(closed.pk, foreign.pk), facilitators=(gone.pk, stranger.pk))

    assert (facts.problem.venues, facts.problem.facilitators) == ((), ())


@pytest.mark.parametrize("rows", [1, 9])
def test_facts_take_the_same_number_of_queries_however_many_rows(rows, django_assert_num_queries):
    town = make_town(parents=rows)
    for parent in town.parents:
        group = make_group(town.programme, venue=town.venues[0])
        make_membership(group)
        make_leadership(group, town.facilitators[0])
        make_keep_apart(parent, make_parent(town.organisation))

    with django_assert_num_queries(9):
        read(town)


def test_a_problem_comes_back_from_storage_as_it_was():
    town = make_town(parents=4)
    make_keep_apart(town.parents[0], town.parents[1])
    problem = read(town, near_home=HowMuch.LOT).problem

    assert problem_from_json(problem_to_json(problem)) == problem


def test_settings_come_back_from_storage_as_they_were():
    town = make_town(parents=0)
    settings = town.settings(near_home=HowMuch.LITTLE, waited_days=14, language="es")

    assert RoundSettings.from_json(settings.to_json()) == settings


def test_weights_follow_the_playbook_and_the_coordinators_words():
    programme = make_programme(playbook_key="families-make-the-difference")
    start = default_settings(programme)

    plain = policy_of(programme, start)

    assert (plain.size_min, plain.size_max, plain.facilitators) == (4, 6, 1)
    assert (plain.km_weight, plain.window_weight, plain.wish_weight) == (1.0, 1.0, 2.0)
    louder = RoundSettings.from_json(start.to_json() | {"like_age": "lot", "near_home": "little"})
    assert policy_of(programme, louder) == Policy(4, 6, 1, 0.5, 2.0, 2.0, 1000.0)


@pytest.mark.parametrize(
    ("held", "slots", "rooms"),
    [
        ([], ["mon 09:00-11:00", "mon 10:00-12:00", "tue 09:00-11:00"], 2),
        (["tue 09:00-10:00"], ["mon 09:00-11:00", "mon 10:00-12:00"], 2),
        (["mon 09:00-11:00", "tue 10:30-11:30"], [], 0),
    ],
)
def test_rooms_that_are_left(held: list[str], slots: list[str], rooms: int):
    hall = Venue(
        "v",
        "Hall",
        slots=tuple(map(Span.parse, ["mon 09:00-11:00", "mon 10:00-12:00", "tue 09:00-11:00"])),
        rooms=2,
    )

    left, free = running.rooms_left(hall, [Span.parse(text) for text in held])

    if rooms:
        assert ([str(slot) for slot in left], free) == (slots, rooms)
    else:
        # One room everywhere keeps three places open, two rooms nowhere but two.
        assert (len(left), free) == (3, 1)


def test_two_groups_that_follow_each_other_need_one_room():
    hall = Venue("v", "Hall", slots=(Span.parse("mon 09:00-13:00"),), rooms=2)
    held = [Span.parse("mon 09:00-11:00"), Span.parse("mon 11:00-13:00")]

    assert running.rooms_left(hall, held) == (hall.slots, 1)


def test_a_group_on_two_weekdays_holds_both():
    town = make_town(parents=0)
    make_group(town.programme, rrule="FREQ=WEEKLY;BYDAY=MO,WE")

    slots = [group.slot for group in running.running_groups(town.organisation)]

    assert slots == [MEETS, Span.parse("wed 18:00-19:30")]


def test_parents_and_homes_are_coarse():
    town = make_town(parents=2)

    parent = parent_of(read(town), town, 1)

    assert town.parents[1].home_cell == HERE
    assert (round(parent.lat, 2), round(parent.lon, 2)) == (34.05, -118.25)


def test_priority_of_the_referral_counts():
    town = make_town(parents=0)
    parent = make_parent(town.organisation, home_cell=HERE)
    make_referral(parent, town.programme, priority=3)

    assert [row.priority for row in read(town).problem.parents] == [3]
