"""The page of a round: what it shows, what can be changed on it, and by two at once."""

from __future__ import annotations

import re

import pytest
from django.test import Client

from goround.apps.formation import changes
from goround.apps.formation.models import Proposal, Round
from goround.domain.matching.answer import Answer, from_json
from tests.make import NOON, make_coordinator, make_keep_apart, make_parent, make_referral
from tests.make_formation import (
    TUESDAY,
    Town,
    make_formed,
    make_round,
    make_town,
    two_groups,
)
from tests.page_words import words

pytestmark = pytest.mark.django_db


def make_proposed(**fields: object) -> tuple[Town, Round, Client]:
    """Seven of eight parents in two groups, and the coordinator signed in."""
    town = make_town(parents=8)
    client = Client()
    client.force_login(town.coordinator)
    return town, make_round(town, *two_groups(town), **fields), client


def url_of(made: Round, part: str = "") -> str:
    return f"/o/{made.organisation.slug}/rounds/{made.pk}/{part}"


def get(client: Client, made: Round, part: str = "", **query: object) -> str:
    return client.get(url_of(made, part), query).content.decode()


def change(client: Client, made: Round, do: str, version: int = 1, *, htmx: bool = False):
    headers = {"HX-Request": "true"} if htmx else {}
    return client.post(url_of(made, "change/"), {"do": do, "version": version}, headers=headers)


def answer_of(made: Round) -> Answer:
    made.refresh_from_db()
    return from_json(Proposal.objects.get(round=made, version=made.version).answer)


def test_the_page_says_where_when_who_and_why():
    town, made, client = make_proposed()
    town.venues[0].name = "Elm Hall"
    town.venues[0].save()

    page = words(get(client, made))

    assert "Mondays 18:00–20:00 Elm Hall · English · Self-care" in page
    assert "Everyone speaks English and is free Mondays 18:00–20:00." in page
    assert "4 of them have a child between 1 and 4." in page
    assert "Self-care suits everyone who said what they look for." in page
    assert re.search(r"Nobody comes further than 3\.\d km\.", page)
    assert f"Led by {town.facilitators[0].shown_as} and {town.facilitators[1].shown_as}" in page
    for parent in town.parents[:7]:
        assert parent.alias in page
    assert "With a group 7 of 8 87.5 %" in page


def test_the_page_adds_up_what_it_costs():
    _, made, client = make_proposed()
    figures = Proposal.objects.get(round=made).figures

    page = words(get(client, made))

    assert figures["groups_cost"] == pytest.approx(
        figures["way"] + figures["ages"] + figures["wishes"]
    )
    assert "Weighs as much as" in page


@pytest.mark.parametrize(
    ("bound", "said"),
    [
        (0.8, "At most 20.0 % from the best possible."),
        (1.0, "No better groups are possible by these rules."),
        (None, None),
    ],
)
def test_the_page_says_how_far_from_the_best_possible(bound, said):
    _, made, client = make_proposed()
    proposal = Proposal.objects.get(round=made)
    proposal.answer["lower_bound"] = bound and bound * proposal.cost
    proposal.save()

    page = words(get(client, made))

    assert ("best possible" in page or "No better groups" in page) == (said is not None)
    assert ("It is proven that" in page) == (said is not None)
    assert (said or "") in page


def test_nothing_is_proven_of_groups_that_break_a_rule():
    _, made, client = make_proposed()
    proposal = Proposal.objects.get(round=made)
    proposal.answer["lower_bound"] = 0.8 * proposal.cost
    proposal.save()

    change(client, made, f"take-out {answer_of(made).group('g0002').members[0]}")

    assert "best possible" not in get(client, made)


@pytest.mark.parametrize("groups", [1, 2])
def test_the_page_takes_a_fixed_number_of_queries(groups, django_assert_num_queries):
    town = make_town(parents=8)
    client = Client()
    client.force_login(town.coordinator)
    made = make_round(town, *two_groups(town)[:groups])

    with django_assert_num_queries(13):
        client.get(url_of(made))


def test_a_stranger_sees_nothing_of_a_round():
    _, made, _ = make_proposed()
    stranger = Client()
    stranger.force_login(make_town(parents=0).coordinator)

    assert stranger.get(url_of(made)).status_code == 404
    assert change(stranger, made, "dissolve g0001").status_code == 404
    assert answer_of(made).group("g0001").members != ()


def test_another_organisations_round_is_not_here():
    _, made, _ = make_proposed()
    town, _, client = make_proposed()

    foreign = f"/o/{town.organisation.slug}/rounds/{made.pk}/"

    assert client.get(foreign).status_code == 404


def test_the_part_is_the_page():
    _, made, client = make_proposed()

    page = get(client, made)
    work = client.get(url_of(made), headers={"HX-Request": "true"}).content.decode()
    map_part = client.get(
        url_of(made), headers={"HX-Request": "true", "HX-Target": "map"}
    ).content.decode()

    assert work.strip() in page
    assert map_part.strip() in page


def test_cards_can_be_filtered_and_sorted():
    town, made, client = make_proposed()

    def shown(**query: object) -> list[str]:
        return re.findall(r'id="group-(g\d+)"', get(client, made, **query))

    assert shown() == ["g0001", "g0002"]
    assert shown(day=1) == ["g0002"]
    assert shown(venue=town.venues[0].pk, sort="small") == ["g0002", "g0001"]
    assert shown(day=5) == []
    assert shown(day="nonsense", sort="nonsense") == ["g0001", "g0002"]


def test_a_lock_by_htmx_swaps_only_its_card():
    _, made, client = make_proposed()

    part = change(client, made, "lock-group g0001", htmx=True).content.decode()

    assert 'id="group-g0001" hx-swap-oob="true"' in part
    assert "group-g0002" not in part
    assert 'name="version" value="2"' in part
    assert answer_of(made).group("g0001").locked is True


def test_the_card_that_is_swapped_in_is_the_one_of_the_page():
    _, made, client = make_proposed()

    part = change(client, made, "lock-group g0001", htmx=True).content.decode()

    card = re.search(r'<li class="card.*?</li>\s*$', part, re.DOTALL)
    assert card is not None
    assert card[0].replace(' hx-swap-oob="true"', "").strip() in get(client, made)


def test_a_change_without_a_script_goes_back_to_the_group():
    _, made, client = make_proposed()

    answer = change(client, made, "lock-group g0001")

    assert answer.headers["Location"] == f"{url_of(made)}#group-g0001"


def test_dissolving_by_htmx_shows_all_cards_anew():
    _, made, client = make_proposed()

    answer = change(client, made, "dissolve g0002", htmx=True)

    part = answer.content.decode()
    assert answer.headers["HX-Retarget"] == "#work"
    assert "group-g0001" in part
    assert part.index('id="last" hx-swap-oob="innerHTML"') < part.index('name="version" value="2"')
    assert [group.id for group in answer_of(made).groups] == ["g0001"]


def test_a_move_shows_its_cost_and_the_rule_it_breaks_and_can_be_undone():
    town, made, client = make_proposed()
    before = answer_of(made)
    alias = town.parents[4].alias

    change(client, made, f"move {town.ids(4)[0]} g0001")
    page = words(get(client, made))
    assert f"{alias} was moved to: Mondays 18:00–20:00" in page
    assert "Breaks a rule: Tuesdays 18:00–20:00" in page
    assert "The group has 2 parents and needs 3." in page
    assert "The round cannot be accepted as it stands" in get(client, made, "accept/")

    change(client, made, "undo", version=2)
    assert answer_of(made).groups == before.groups
    assert f"Undone: {alias} was moved to: Mondays" in words(get(client, made))
    assert "Make 2 groups" in get(client, made, "accept/")


def test_two_coordinators_never_overwrite_each_other():
    town, made, ana = make_proposed()
    bo_user = make_coordinator(town.organisation, shown_as="Bo")
    bo = Client()
    bo.force_login(bo_user)
    get(ana, made)
    change(bo, made, f"move {town.ids(0)[0]} g0002")
    after_bo = answer_of(made)

    late = change(ana, made, "dissolve g0001")

    assert late.status_code == 409
    page = words(late.content.decode())
    assert "Somebody else changed this round in the meantime" in page
    assert re.search(rf"Bo, \d\d:\d\d: {town.parents[0].alias} was moved to: Tuesdays", page)
    assert answer_of(made) == after_bo
    assert 'name="version" value="2"' in late.content.decode()


def test_an_overtaken_change_by_htmx_leads_to_what_happened_since():
    town, made, client = make_proposed()
    change(client, made, f"move {town.ids(0)[0]} g0002")

    late = change(client, made, "dissolve g0001", htmx=True)

    assert late.status_code == 409
    assert late.headers["HX-Redirect"] == f"{url_of(made)}?since=1"
    assert "Nothing of yours was saved." in get(client, made, since=1)


@pytest.mark.parametrize(
    "do", ["move 999999 g0001", "dissolve g0999", "undo", "redo", "take-out 999999"]
)
def test_what_is_not_there_is_refused_in_words(do):
    _, made, client = make_proposed()

    answer = change(client, made, do)

    assert answer.status_code == 409
    assert "Nothing was saved." in answer.content.decode()
    made.refresh_from_db()
    assert made.version == 1


@pytest.mark.parametrize("do", ["", "explode g0001", "move", "lock-group", "undo now"])
def test_an_unknown_button_is_not_there(do):
    _, made, client = make_proposed()

    assert change(client, made, do).status_code == 404


def test_the_page_of_a_parent_offers_moves_with_their_cost():
    town, made, client = make_proposed()

    page = words(get(client, made, f"parents/{town.ids(0)[0]}/"))

    assert town.parents[0].alias in page
    assert "Tuesdays 18:00–20:00" in page
    assert re.search(r"(Costs|Saves) [\d.]+ km|Costs the same", page)
    assert "Taking out:" in page


def test_the_page_of_a_parent_names_the_group_that_a_move_would_break():
    town, made, client = make_proposed()

    page = words(get(client, made, f"parents/{town.ids(4)[0]}/"))

    hall = town.venues[0].name
    assert f"Tuesdays 18:00–20:00, {hall}: The group has 2 parents and needs 3." in page


def test_a_parent_without_a_group_is_told_why_and_can_be_placed():
    town, made, client = make_proposed()
    last = town.ids(7)[0]

    page = words(get(client, made, f"parents/{last}/"))
    change(client, made, f"move {last} g0002")

    assert "No place left" in page
    assert "1 parent more has a group." in words(get(client, made))
    assert last in answer_of(made).group("g0002").members


def test_nobody_reads_here_that_two_must_be_kept_apart():
    town = make_town(parents=8)
    make_keep_apart(town.parents[0], town.parents[7])
    client = Client()
    client.force_login(town.coordinator)
    made = make_round(town, *two_groups(town))
    one, other = town.parents[0].alias, town.parents[7].alias

    parent = get(client, made, f"parents/{town.ids(7)[0]}/")
    change(client, made, f"move {town.ids(7)[0]} g0001")
    after = words(get(client, made))

    assert f"move {town.ids(7)[0]} g0001" not in parent
    assert f"move {town.ids(7)[0]} g0002" in parent
    assert "There is no place for everybody in this group." in after
    assert "apart" not in after.lower()
    assert f"{one} and {other}" not in after


def test_a_full_group_is_refused_in_the_same_words():
    town = make_town(parents=8)
    client = Client()
    client.force_login(town.coordinator)
    monday, tuesday = two_groups(town)
    made = make_round(town, monday, tuesday, size_max=4)

    change(client, made, f"move {town.ids(7)[0]} g0001")

    assert "There is no place for everybody in this group." in words(get(client, made))


def test_the_unplaced_are_grouped_by_reason_with_what_would_change_it():
    town, made, client = make_proposed()

    page = words(get(client, made, "unplaced/"))
    part = client.get(url_of(made, "unplaced/"), headers={"HX-Request": "true"}).content.decode()

    assert "All 1" in page
    assert "No place left 1" in page
    assert town.parents[7].alias in page
    assert part.strip() in get(client, made, "unplaced/")


def test_those_we_know_too_little_about_are_named():
    town = make_town(parents=8)
    silent = make_parent(town.organisation, available=())
    make_referral(silent, town.programme)
    client = Client()
    client.force_login(town.coordinator)
    made = make_round(town, *two_groups(town))
    search = Proposal.objects.get(round=made).search
    search.left_out = [{"parent": str(silent.pk), "lacks": "hours"}]
    search.save()

    page = words(get(client, made, "unplaced/"))

    assert f"{silent.alias} has told us no free hours" in page


def test_history_tells_every_version():
    town, made, client = make_proposed()
    change(client, made, f"move {town.ids(0)[0]} g0002")
    change(client, made, "undo", version=2)

    page = words(get(client, made, "history/"))

    assert page.index("Undone:") < page.rindex("was moved to")
    assert page.rindex("was moved to") < page.index("Groups were worked out.")
    assert "version 3 · 7 parents with a group" in page


def test_a_group_is_added_with_those_who_could_come():
    town, made, client = make_proposed()
    place = f"{town.venues[1].pk} {TUESDAY}"
    asked = {"place": place, "language": "en", "type": "self-care"}

    page = client.get(url_of(made, "add/"), asked).content.decode()
    answer = client.post(url_of(made, "add/"), asked | {"version": 1, "members": town.ids(7)})

    assert town.parents[7].alias in page
    assert town.parents[0].alias not in page
    assert answer.headers["Location"] == f"{url_of(made)}#group-g0003"
    assert answer_of(made).group("g0003").members == town.ids(7)


def test_a_group_can_be_added_empty_and_filled():
    town, made, client = make_proposed()
    place = f"{town.venues[1].pk} {TUESDAY}"
    asked = {"place": place, "language": "en", "type": "self-care", "version": 1}

    client.post(url_of(made, "add/"), asked)
    empty = words(get(client, made))
    change(client, made, f"move {town.ids(7)[0]} g0003", version=2)

    assert "The group has 0 parents and needs 3." in empty
    assert answer_of(made).group("g0003").members == town.ids(7)


def test_a_group_cannot_be_added_from_an_older_version():
    town, made, client = make_proposed()
    change(client, made, "lock-group g0001")
    place = f"{town.venues[1].pk} {TUESDAY}"

    answer = client.post(
        url_of(made, "add/"),
        {"place": place, "language": "en", "type": "self-care", "version": 1},
    )

    assert answer.status_code == 409
    assert len(answer_of(made).groups) == 2


@pytest.mark.parametrize("place", ["", "nowhere", "999 mon 18:00-20:00"])
def test_an_unknown_place_adds_nothing(place):
    _, made, client = make_proposed()
    sent = {"place": place, "language": "en", "type": "self-care", "version": 1}

    answer = client.post(url_of(made, "add/"), sent)

    assert answer.status_code == 200
    assert len(answer_of(made).groups) == 2


def test_the_map_shows_the_ways_of_one_group():
    _, made, client = make_proposed()

    plain, chosen = get(client, made), get(client, made, group="g0001")

    ways = re.compile(r'<g class="map-ways">(.*?)</g>')
    assert [ways.search(page)[1].count("<path") for page in (plain, chosen)] == [0, 4]  # type: ignore[index]
    assert "Groups by venue" in plain


def test_many_groups_come_in_pages():
    town = make_town(parents=16)
    client = Client()
    client.force_login(town.coordinator)
    groups = [make_formed(town, f"g{n + 1:04d}", range(n, n + 1)) for n in range(16)]
    made = make_round(town, *groups)

    first, second = get(client, made), get(client, made, page=2)

    assert first.count('class="card round-card') == 12
    assert second.count('class="card round-card') == 4


def test_a_change_keeps_the_cards_filtered():
    _, made, client = make_proposed()

    answer = client.post(url_of(made, "change/?day=1"), {"do": "lock-group g0002", "version": 1})

    assert answer.headers["Location"] == f"{url_of(made)}?day=1#group-g0002"


def test_undo_by_service_and_page_are_one_line_of_versions():
    town, made, client = make_proposed()
    change(client, made, f"move {town.ids(0)[0]} g0002")
    made.refresh_from_db()
    changes.undo(round=made, version=2, by=town.coordinator, at=NOON)

    change(client, made, "redo", version=3)

    assert town.ids(0)[0] in answer_of(made).group("g0002").members
