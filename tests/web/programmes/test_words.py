"""A change of a playbook that the page did not show would be put in force unseen."""

from __future__ import annotations

import tomllib
from typing import Any

import pytest

from goround.domain.playbook import Playbook, read_playbook
from goround.web.coordinator.programme_words import Rule, differences, keys_gone, sections
from tests.domain.playbook.examples import EVERYTHING, SMALLEST, TEXTS, as_toml, leaves

# Another value for every key that a playbook can hold.
OTHERWISE: dict[str, Any] = {
    "name": "Another name",
    "describes": "Something else.",
    "front_doors": ["matched"],
    "beside": "Home visits",
    "sessions": 11,
    "introduction_minutes": 20,
    "statistics_day": 12,
    "survey_months": 6,
    "open_discussion_share": 0.55,
    "agreement": False,
    "risk_assessment": False,
    "proof_of_attendance": False,
    "types.men": "Fathers",
    "referral_sources.self": "Themselves",
    "principles.trust": "Respect",
    "starting_agreement.listen": "We take turns.",
    "purposes.support": "Change",
    "readiness.culture": "Money",
    "stages.start.label": "Beginning",
    "stages.start.from_session": 2,
    "stages.start.size_max": 5,
    "stages.start.needs_parent_leader": False,
    "stages.start.runs_itself": False,
    "format.start.label": "Welcome",
    "format.start.minutes": 11,
    "format.start.kind": "principles",
    "format.start.says": "Welcome.",
    "introduction.why.label": "What for",
    "introduction.why.minutes": 14,
    "introduction.why.kind": "go-round",
    "introduction.why.says": "For you.",
    "children_programme.age_min": 2,
    "children_programme.age_max": 11,
    "children_programme.ratios.0-2": 4,
    "target.groups": 99,
    "target.months": 29,
    "target.organisations": 4,
    "sizes.min": 3,
    "sizes.max": 6,
    "sizes.typical": [4, 4],
    "cadence.offered": ["monthly"],
    "cadence.at_least": "weekly",
    "minutes.min": 61,
    "minutes.max": 91,
    "leaders.facilitators": 2,
    "leaders.facilitator_title": "Host",
    "leaders.facilitators_until_session": 4,
    "leaders.parent_leader": False,
    "leaders.parent_leader_title": "Peer",
    "leaders.parent_leader_by_session": 1,
    "leaders.childrens_leader": False,
    "leaders.check_in": "monthly",
    "training.days": 3,
    "training.kinds.basic": "First steps",
    "training.background_check": False,
    "training.supervision": False,
    "training.train_the_trainer": False,
    "formation.facilitators": 2,
    "formation.window_weight": 0.55,
    "formation.wish_weight": 2.25,
    "formation.unplaced_weight": 999,
}
# What cannot be said alone: the values that must change with it, or go.
ALONG: dict[str, dict[str, Any]] = {
    "cadence.at_least": {"cadence.offered": ["weekly"]},
    "leaders.parent_leader": {"leaders.parent_leader_by_session": None},
    "leaders.childrens_leader": {"children_programme": None},
}


def everything(changes: dict[str, Any]) -> Playbook:
    values = tomllib.loads(EVERYTHING)
    for path, value in changes.items():
        *above, last = path.split(".")
        inner = values
        for key in above:
            inner = inner[key]
        if value is None:
            del inner[last]
        else:
            inner[last] = value
    return read_playbook(as_toml(values), source="all.toml")


def shipped(name: str) -> Playbook:
    return read_playbook(TEXTS[f"{name}.toml"], source=name)


def shown(playbook: Playbook) -> dict[str, Rule]:
    rules = [one.rule for section in sections(playbook, playbook) for one in section.rules]
    found = {rule.path: rule for rule in rules}
    assert len(found) == len(rules)
    return found


def marked(playbook: Playbook, original: Playbook, mark: str) -> set[str]:
    return {
        one.rule.path
        for section in sections(playbook, original)
        for one in section.rules
        if getattr(one, mark)
    }


def test_every_key_is_tried() -> None:
    keys = {".".join(path) for path in leaves(tomllib.loads(EVERYTHING))}

    # What a change of the key means is another matter, and the choices are marks on rules.
    assert set(OTHERWISE) == keys - {"key", "network_chooses"}


@pytest.mark.parametrize("path", OTHERWISE)
def test_every_change_of_a_key_shows(path: str) -> None:
    before = everything(ALONG.get(path, {}))
    after = everything(ALONG.get(path, {}) | {path: OTHERWISE[path]})

    assert len(differences(before, after)) >= 1
    assert differences(before, before) == []


def test_key_that_stays_unsaid_shows_when_it_is_said() -> None:
    smallest = read_playbook(SMALLEST, source="small.toml")
    said = read_playbook(SMALLEST.replace("[sizes]", "agreement = true\n[sizes]"), source="s.toml")

    (difference,) = differences(smallest, said)

    assert (difference.label, difference.before, difference.after) == (
        "Agreement",
        (),
        ("each group makes its own",),
    )


@pytest.mark.parametrize(
    ("name", "path", "words"),
    [
        ("parent-support-circles", "sizes.min", ("4",)),
        ("parent-support-circles", "sizes.typical", ("6 to 8",)),
        ("parent-support-circles", "cadence.offered", ("every week", "every two weeks")),
        ("parent-support-circles", "minutes.max", ("120 minutes",)),
        ("parent-support-circles", "training.days", ("3 days",)),
        ("parent-support-circles", "stages", ("none",)),
        ("parent-support-circles", "statistics_day", ("on no fixed day",)),
        ("parent-support-circles", "readiness", ("nothing to check",)),
        (
            "parent-support-circles",
            "target",
            ("100 groups · in 30 months · over 5 organisations",),
        ),
        ("circle-of-parents", "statistics_day", ("by day 10 of the next month",)),
        ("circle-of-parents", "open_discussion_share", ("at least 50 % of each meeting",)),
        ("circle-of-parents", "leaders.parent_leader_by_session", ("from the first meeting",)),
        (
            "circle-of-parents",
            "children_programme",
            (
                "at the same hour, from 0 to 12 years; 0–2 years: 3 children to one adult; "
                "3–5 years: 6 children to one adult; 6–12 years: 8 children to one adult",
            ),
        ),
        ("safe-project", "types", ("one kind, for all",)),
        (
            "safe-project",
            "stages",
            (
                "From meeting 1: A small group, for a short time (6 members at most)",
                "From meeting 4: Look at how it goes, and decide together (6 members at most)",
                "From meeting 5: Grow slowly",
            ),
        ),
        (
            "families-make-the-difference",
            "leaders.facilitators_until_session",
            ("up to meeting 3; then the group may go on without them",),
        ),
        (
            "families-make-the-difference",
            "formation.window_weight",
            ("as much as 1 km of the way there",),
        ),
        (
            "families-make-the-difference",
            "formation.unplaced_weight",
            ("as much as 1,000 km of the way there",),
        ),
    ],
)
def test_rule_reads_as_a_person_would_say_it(name: str, path: str, words: tuple[str, ...]) -> None:
    assert shown(shipped(name))[path].words == words


def test_twelve_points_before_the_start_are_listed() -> None:
    assert len(shown(shipped("safe-project"))["readiness"].words) == 12


def test_what_the_network_decides_is_marked_whole_or_in_part() -> None:
    circles, open_groups = shipped("parent-support-circles"), shipped("circle-of-parents")
    part = everything({"network_chooses": ["target.months", "cadence"]})

    assert {"sizes.min", "sizes.max"} <= marked(circles, circles, "is_network_choice")
    assert "types" not in marked(circles, circles, "is_network_choice")
    assert marked(open_groups, open_groups, "is_network_choice") == {
        "sizes.min",
        "types",
        "training.kinds",
        "format",
        "children_programme",
    }
    assert marked(part, part, "is_network_choice") == {
        "target",
        "cadence.offered",
        "cadence.at_least",
    }


def test_what_differs_from_the_shipped_rules_is_marked_with_them() -> None:
    ours = everything({"sizes.max": 6, "beside": None})

    rules = [one for section in sections(ours, everything({})) for one in section.rules]

    changed = {one.rule.path: (one.rule.words, one.shipped) for one in rules if one.is_changed}
    assert changed == {"sizes.max": (("6",), ("5",)), "beside": ((), ("A course",))}
    assert all(one.shipped == () for one in rules if not one.is_changed)


def test_keys_that_rows_are_stored_with_are_told_when_they_go() -> None:
    renamed = everything({"types": {"fathers": "Men"}, "training.kinds": {"new": "New"}})

    assert keys_gone(everything({}), renamed) == ["Men", "Basic"]
    assert keys_gone(everything({}), everything({"types.men": "Fathers"})) == []
