import pytest

from goround.apps.formation.figures import BrokenFigure
from goround.apps.formation.selectors import Names
from goround.apps.organisations.models import Venue
from goround.apps.organisations.playbooks import shipped_playbooks
from goround.domain.matching.answer import REASONS, Change, change_to_json
from goround.domain.matching.problem import Span
from goround.web.coordinator.rounds_reasons import change_words, reason_words
from goround.web.coordinator.rounds_words import Wording, ages_words, cost_words, kilometres

TUESDAY = Span.parse("tue 18:00-20:00")
WORDS = Wording(
    names=Names(parents={"1": "Ana", "2": "Bo"}, homes={}, facilitators={"9": "Cy"}),
    venues={"5": Venue(pk=5, name="Elm Hall")},
    playbook=shipped_playbooks()["parent-support-circles"],
    titles={"g0001": "Mondays 09:00–10:00, Oak Hall"},
)
GROUP = {"venue": "5", "slot": TUESDAY, "language": "es", "type": "men"}


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (
            Change("farther", venue="5", km=2.44),
            "Elm Hall would do, if 2.4 km farther is all right.",
        ),
        (
            Change("farther", venue="5", km=12.2, group="g0001", slot=TUESDAY),
            "The group at Elm Hall has a place, if 12 km farther is all right.",
        ),
        (
            Change("mode", venue="5", wanted=("online",)),
            "Elm Hall would do, if they could also meet online.",
        ),
        (
            Change("features", venue="5", wanted=("step-free", "quiet")),
            "Elm Hall would do, if it had: A way in without steps and A quiet room.",
        ),
        (
            Change("hour", venue="5", slot=TUESDAY),
            "Elm Hall would do, if it were open Tuesdays 18:00–20:00.",
        ),
        (
            Change("hour", count=1, leaders=2, room=True, **GROUP),
            "Elm Hall would do, if it were open Tuesdays 18:00–20:00. Still missing then for a "
            "group, Men in Spanish, Tuesdays 18:00–20:00 at Elm Hall: "
            "1 parent, 2 facilitators and a room.",
        ),
        (
            Change("join", venue="5", slot=TUESDAY, group="g0001"),
            "The group at Elm Hall has a place, if they were free Tuesdays 18:00–20:00.",
        ),
        (
            Change("parents", count=1, **GROUP),
            "1 parent more would make a group: Men in Spanish, Tuesdays 18:00–20:00 at Elm Hall.",
        ),
        (
            Change("facilitators", count=2, **GROUP),
            "2 facilitators more would make a group: "
            "Men in Spanish, Tuesdays 18:00–20:00 at Elm Hall.",
        ),
        (
            Change("room", count=1, **GROUP),
            "One room more would make a group: Men in Spanish, Tuesdays 18:00–20:00 at Elm Hall.",
        ),
        (
            Change("several", count=2, leaders=1, **GROUP),
            "Still missing for a group, Men in Spanish, Tuesdays 18:00–20:00 at Elm Hall: "
            "2 parents and 1 facilitator.",
        ),
        (Change("partners", people=("2",)), "Bo would have to be able to come as well."),
        (Change("apart", people=("2",)), "No one change was found."),
        (Change("none"), "No one change was found."),
    ],
)
def test_what_would_change_it_is_a_sentence(change: Change, words: str):
    assert change_words(WORDS, change_to_json(change)) == words


def test_every_reason_has_words_and_kept_apart_reads_like_no_place():
    words = {reason: reason_words(reason) for reason in REASONS}

    assert all(words.values())
    assert words["kept-apart"] == words["no-room-left"] == "No place left"


def broken(code: str, *who: str, rule: str = "H4", **detail: str) -> BrokenFigure:
    return BrokenFigure(rule=rule, code=code, group="g0001", who=list(who), detail=detail)


@pytest.mark.parametrize(
    ("rule", "words"),
    [
        (broken("not-free", "1", slot="tue 18:00-20:00"), "Ana is not free Tuesdays 18:00–20:00."),
        (broken("too-small", size="2", least="4"), "The group has 2 parents and needs 4."),
        (
            broken("too-far", "1", km="16.2", most="15", venue="5"),
            "Ana lives 16.2 km away and comes 15 km at most.",
        ),
        (broken("other-language", "9", language="es"), "Cy does not speak Spanish."),
        (broken("other-type", "2", type="men"), "Bo did not ask for Men."),
        (
            broken("need-unmet", "1", missing="step-free", venue="5"),
            "Elm Hall lacks what Ana needs: A way in without steps.",
        ),
        (broken("not-together", "1", "2"), "Ana and Bo asked to be in one group."),
        (broken("other-mode", "1", mode="online"), "Ana does not want to meet online."),
        (
            broken("facilitators-missing", have="1", wanted="2", rule="H11"),
            "The group has 1 of 2 facilitators.",
        ),
        (broken("two-groups-at-once", "9", rule="H11"), "Cy would lead two groups at once."),
        (broken("no-room", venue="5"), "Every room of Elm Hall is taken at this hour."),
        (broken("unknown-parent", "77"), "Somebody here no longer waits."),
    ],
)
def test_a_broken_rule_is_a_sentence(rule: BrokenFigure, words: str):
    assert WORDS.broken(rule, here="g0001") == words
    assert WORDS.broken(rule) == f"Mondays 09:00–10:00, Oak Hall: {words}"


def test_a_full_group_and_two_kept_apart_read_the_same():
    full = WORDS.broken(broken("too-large", size="7", most="6"), here="g0001")
    kept_apart = WORDS.broken(broken("same-group", "1", "2", rule="H10"), here="g0001")
    same_day = WORDS.broken(broken("same-day-and-venue", "1", "2", rule="H10"), here="g0001")

    assert full == kept_apart == same_day == "There is no place for everybody in this group."


@pytest.mark.parametrize(
    ("cost", "placed", "words"),
    [
        (6.0, 0, "Costs 6.0 km more."),
        (-12.4, 1, "Saves 12 km. 1 parent more has a group."),
        (0.01, -2, "Costs the same. 2 parents fewer have a group."),
    ],
)
def test_what_a_change_costs(cost: float, placed: int, words: str):
    assert cost_words({"cost": cost, "placed": placed}) == words


@pytest.mark.parametrize(
    ("ages", "words"),
    [
        (None, ""),
        ([1.0, 3.0], "children 1–3"),
        ([0.5, 2.0], "children up to 2"),
        ([4.0, 4.0], "children of 4"),
    ],
)
def test_an_age_window_in_words(ages: list[float] | None, words: str):
    assert ages_words(ages) == words


def test_kilometres_are_rounded_like_a_person_says_them():
    assert [kilometres(km) for km in (0.04, 3.26, 9.96, 1240.4)] == [
        "0.0 km",
        "3.3 km",
        "10 km",
        "1,240 km",
    ]
