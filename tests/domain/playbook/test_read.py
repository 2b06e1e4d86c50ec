"""Reading a playbook: the five that ship, and every way to get one wrong."""

import tomllib
from dataclasses import fields, is_dataclass
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from goround.domain.playbook import (
    Choice,
    FrontDoor,
    Playbook,
    PlaybookError,
    Rhythm,
    Sizes,
    Target,
    read_playbook,
)
from tests.domain.playbook.examples import (
    EVERYTHING,
    REQUIRED,
    SMALLEST,
    TEXTS,
    as_toml,
    changed,
    leaves,
)

ALL_LEAVES = [(name, path) for name in TEXTS for path in leaves(tomllib.loads(TEXTS[name]))]
OPEN_TABLES = {
    "types",
    "referral_sources",
    "principles",
    "starting_agreement",
    "purposes",
    "readiness",
    "kinds",
    "ratios",
}


def shipped(name: str) -> Playbook:
    return read_playbook(TEXTS[f"{name}.toml"], source=f"{name}.toml")


def problems(text: str, source: str = "mine.toml") -> list[str]:
    with pytest.raises(PlaybookError) as caught:
        read_playbook(text, source=source)
    assert str(caught.value) == "\n".join(caught.value.problems)
    return list(caught.value.problems)


def test_five_playbooks_ship():
    assert [read_playbook(text, source=name).key for name, text in TEXTS.items()] == [
        "circle-of-parents",
        "families-make-the-difference",
        "home-visiting-groups",
        "parent-support-circles",
        "safe-project",
    ]


@pytest.mark.parametrize("name", TEXTS)
def test_shipped_playbook_is_named_as_its_file(name):
    assert f"{read_playbook(TEXTS[name], source=name).key}.toml" == name


@pytest.mark.parametrize("name", TEXTS)
def test_shipped_file_names_a_source_for_every_figure(name):
    lines = TEXTS[name].splitlines()
    unexplained = []
    table_is_explained = False
    for line in lines:
        if line.startswith("["):
            table_is_explained = "#" in line
        is_figure = "=" in line and any(letter.isdigit() for letter in line.partition("=")[2])
        if is_figure and "#" not in line and not table_is_explained:
            unexplained.append(line)

    # "max" beside "min" and weights under one heading share the comment above them.
    assert [
        line for line in unexplained if not line.startswith(("max", "age_max", "typical"))
    ] == []


def test_circle_of_parents_says_what_its_sources_say():
    playbook = shipped("circle-of-parents")

    assert playbook.sizes == Sizes(min=4, max=12, typical=(10, 12))
    assert playbook.cadence.floor is Rhythm.MONTHLY
    assert (playbook.minutes.min, playbook.minutes.max) == (90, 120)
    assert playbook.front_doors == (FrontDoor.DROP_IN,)
    assert (playbook.training.days, playbook.training.background_check) == (2, True)
    assert playbook.leaders.parent_leader and playbook.leaders.childrens_leader
    assert playbook.children_programme is not None
    assert (playbook.children_programme.age_min, playbook.children_programme.age_max) == (0, 12)
    assert len(playbook.principles) == 8
    assert (playbook.open_discussion_share, playbook.statistics_day) == (0.5, 10)
    assert playbook.survey_months == 12


def test_parent_support_circles_says_what_its_source_says():
    playbook = shipped("parent-support-circles")

    assert playbook.cadence.offered == (Rhythm.WEEKLY, Rhythm.EVERY_TWO_WEEKS)
    assert (playbook.minutes.min, playbook.minutes.max) == (60, 120)
    assert (playbook.leaders.facilitators, playbook.training.days) == (2, 3)
    assert playbook.training.supervision and playbook.training.train_the_trainer
    assert [each.key for each in playbook.types] == [
        "self-care",
        "special-needs",
        "new-baby",
        "men",
        "teen",
        "foster",
    ]
    assert [each.key for each in playbook.referral_sources][:3] == [
        "community-organisations",
        "hospitals",
        "best-start",
    ]
    assert playbook.target == Target(groups=100, months=30, organisations=5)
    assert playbook.proof_of_attendance
    assert playbook.is_network_choice("sizes.min")
    assert not playbook.is_network_choice("training.days")


def test_families_make_the_difference_hands_over_to_its_parents():
    playbook = shipped("families-make-the-difference")

    assert (playbook.sizes.min, playbook.sizes.max) == (4, 6)
    assert (playbook.sessions, playbook.introduction_minutes) == (10, 15)
    assert playbook.leaders.facilitators_until_session == 3
    assert playbook.leaders.parent_leader_by_session == 3
    assert playbook.leaders.check_in is Rhythm.WEEKLY
    stages = [playbook.stage_at(session) for session in (0, 1, 2, 4, 10, 11, 50)]
    assert [stage and stage.key for stage in stages] == [
        None,
        "led",
        "co-led",
        "parent-led",
        "parent-led",
        "self-running",
        "self-running",
    ]


def test_safe_project_starts_small_and_has_twelve_points():
    playbook = shipped("safe-project")

    assert playbook.cadence.offered == (Rhythm.EVERY_THREE_WEEKS,)
    assert [playbook.size_max_at(session) for session in (1, 4, 5)] == [6, 6, 12]
    assert playbook.sizes.typical == (10, 12)
    assert playbook.leaders.facilitators == 2
    assert len(playbook.readiness) == 12
    assert [each.key for each in playbook.purposes] == ["support", "change"]
    assert playbook.agreement and playbook.risk_assessment


def test_home_visiting_groups_leave_nearly_all_to_the_network():
    playbook = shipped("home-visiting-groups")

    assert playbook.cadence.offered == (Rhythm.MONTHLY,)
    assert (playbook.leaders.facilitators, playbook.leaders.parent_leader) == (1, True)
    assert all(map(playbook.is_network_choice, ["sizes.min", "cadence.offered", "minutes"]))


@pytest.mark.parametrize("name", TEXTS)
def test_shipped_meetings_have_a_round_in_which_everyone_is_heard(name):
    playbook = read_playbook(TEXTS[name], source=name)

    assert "go-round" in [part.kind for part in playbook.format]
    assert sum(part.minutes for part in playbook.format) <= playbook.minutes.max
    assert all(part.says for part in playbook.format)


def test_half_of_a_circle_is_open_discussion():
    playbook = shipped("circle-of-parents")
    minutes = {part.key: part.minutes for part in playbook.format}

    assert minutes["discussion"] / sum(minutes.values()) == playbook.open_discussion_share


def test_introduction_of_families_takes_the_time_set_aside():
    playbook = shipped("families-make-the-difference")

    assert sum(part.minutes for part in playbook.introduction) == playbook.introduction_minutes


def test_smallest_playbook_has_plain_defaults():
    playbook = read_playbook(SMALLEST, source="small.toml")

    assert playbook.formation.unplaced_weight == 1000
    assert playbook.leaders.facilitator_title == "Facilitator"
    assert playbook.types == playbook.stages == playbook.network_chooses == ()
    assert playbook.target is playbook.children_programme is playbook.sessions is None
    assert playbook.cadence.floor is Rhythm.MONTHLY
    assert playbook.size_max_at(1) == 5


def test_choice_reads_as_its_label():
    assert f"{Choice('new-baby', 'New baby')}" == "New baby"


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("min = 2", "min = 13", "mine.toml: sizes.min is 13; it must not be above sizes.max, 5"),
        (
            'key = "small"',
            'key = "Not a key"',
            "mine.toml: key is 'Not a key'; it must be small letters, digits and single hyphens, "
            "at most 60, such as 'new-baby'",
        ),
        (
            '"weekly", "monthly"',
            '"fortnightly"',
            "mine.toml: cadence.offered holds 'fortnightly'; it must be one of weekly, "
            "every-two-weeks, every-three-weeks, monthly",
        ),
        (
            '"drop-in"',
            '"drop-in", "matched", "drop-in"',
            "mine.toml: front_doors names more than once 'drop-in'; it must be named once",
        ),
        (
            "[sizes]",
            "[szes]",
            "mine.toml: szes is not a key of a playbook; did you mean sizes?",
        ),
        (
            "facilitators = 1",
            "facilitator = 1",
            "mine.toml: leaders.facilitator is not a key of a playbook; did you mean "
            "leaders.facilitators?",
        ),
        (
            "max = 5",
            'max = "5"',
            "mine.toml: sizes.max is '5'; it must be a whole number from 1 to 200",
        ),
        ("max = 5", "", "mine.toml: sizes.max is missing; it must be a whole number from 1 to 200"),
        (
            "max = 5",
            "max = 5\ntypical = [4, 6]",
            "mine.toml: sizes.typical is 6; it must not be above sizes.max, 5",
        ),
        (
            "facilitators = 1",
            "facilitators = 1\nparent_leader_by_session = 3",
            "mine.toml: leaders.parent_leader_by_session is 3; it must be left out unless "
            "leaders.parent_leader is true",
        ),
        (
            "[cadence]",
            '[cadence]\nat_least = "weekly"',
            "mine.toml: cadence.offered holds 'monthly'; it must not be rarer than "
            "cadence.at_least, 'weekly'",
        ),
        (
            "[sizes]",
            'network_chooses = ["size"]\n[sizes]',
            "mine.toml: network_chooses holds 'size'; it must be the path of a key",
        ),
        (
            "[sizes]",
            "[children_programme]\nage_min = 0\nage_max = 12\n[sizes]",
            "mine.toml: leaders.childrens_leader is false; it must be true where there is a "
            "children_programme",
        ),
        (
            "[sizes]",
            "[types]\nNew_Baby = 'New baby'\n[sizes]",
            "mine.toml: types.New_Baby is 'New_Baby'; it must be named with small letters, digits "
            "and single hyphens, at most 60, such as 'new-baby'",
        ),
        (
            "[sizes]",
            "[stages.a]\nlabel='A'\nfrom_session=1\n[stages.b]\nlabel='B'\nfrom_session=1\n[sizes]",
            "mine.toml: stages.b.from_session is 1; it must differ from stages.a.from_session",
        ),
        (
            "[sizes]",
            "[stages.a]\nlabel='A'\nfrom_session=1\nsize_max=9\n[sizes]",
            "mine.toml: stages.a.size_max is 9; it must not be above sizes.max, 5",
        ),
        (
            "[sizes]",
            "[format.a]\nlabel='A'\nminutes=100\n[format.b]\nlabel='B'\nminutes=100\n[sizes]",
            "mine.toml: format is 200; it must not be above minutes.max, 90",
        ),
        (
            "[sizes]",
            "[introduction.a]\nlabel='A'\nminutes=10\n[sizes]",
            "mine.toml: introduction_minutes is missing; it must be set where there is an "
            "introduction",
        ),
        (
            "[sizes]",
            "[format.a]\nlabel='A'\nminutes=10\nkind='song'\n[sizes]",
            "mine.toml: format.a.kind is 'song'; "
            "it must be one of talk, principles, go-round, topic",
        ),
    ],
)
def test_mistake_is_told_in_one_sentence(old, new, expected):
    assert expected in problems(SMALLEST.replace(old, new, 1))


def test_text_that_is_no_toml_names_line_and_column():
    assert problems("key = \n", "mine.toml") == [
        "mine.toml: is not valid TOML: Invalid value (at line 1, column 7)"
    ]


def test_empty_file_is_told_everything_it_needs():
    told = problems("")

    assert {line.removeprefix("mine.toml: ").partition(" is missing")[0] for line in told} == (
        REQUIRED
    )


def test_all_problems_come_at_once():
    text = (
        SMALLEST.replace("max = 5", "max = true")
        .replace("max = 90", "max = 5")
        .replace('"drop-in"', '"drop-in", "drop-in"')
    )

    assert [line.removeprefix("mine.toml: ").partition(" ")[0] for line in problems(text)] == [
        "sizes.max",
        "minutes.max",
        "front_doors",
    ]


def test_one_wrong_value_gives_one_problem():
    """Nothing is concluded from a value that was refused."""
    many = [
        len(problems(changed(name, path, {"odd": 1})))
        for name, path in ALL_LEAVES
        if path[0] not in OPEN_TABLES and path[-2:-1] != ("kinds",)
    ]

    assert set(many) == {1}


@pytest.mark.parametrize("name", TEXTS)
def test_written_again_a_playbook_reads_the_same(name):
    again = as_toml(tomllib.loads(TEXTS[name]))

    assert read_playbook(again, source=name) == read_playbook(TEXTS[name], source=name)


@pytest.mark.parametrize(
    ("name", "path"), [leaf for leaf in ALL_LEAVES if ".".join(leaf[1]) in REQUIRED]
)
def test_required_key_taken_out_is_told_as_missing(name, path):
    told = problems(changed(name, path, None), name)

    assert f"{name}: {'.'.join(path)} is missing; it must be" in told[0]


wrong_values = st.one_of(
    st.just({"odd": 1}),
    st.just([]),
    st.lists(st.integers(-3, -1), min_size=1, max_size=3),
    st.integers(-1000, -1),
    st.floats(-1000, -0.1),
    st.just(float("nan")),
    st.just(float("inf")),
    st.just(""),
    st.just("  "),
    st.just("x" * 700),
    st.just(10**9),
)


@given(st.sampled_from(ALL_LEAVES), wrong_values)
def test_any_one_corrupted_value_is_told_by_its_key(leaf, value):
    name, path = leaf
    text = changed(name, path, value)

    if path == ("network_chooses",) and value == []:
        assert read_playbook(text, source=name).network_chooses == ()
        return
    told = problems(text, name)

    assert all(line.startswith(f"{name}: ") for line in told)
    assert any(".".join(path) in line for line in told)


@given(st.sampled_from(ALL_LEAVES), st.data())
def test_any_one_misspelt_key_is_told_with_the_right_one(leaf, data):
    name, path = leaf
    if OPEN_TABLES & set(path[:-1]):
        return
    key = path[-1]
    at = data.draw(st.integers(0, len(key)))
    typo = f"{key[:at]}{data.draw(st.sampled_from('xqz'))}{key[at:]}"
    values = tomllib.loads(TEXTS[name])
    inner: dict[str, Any] = values
    for step in path[:-1]:
        inner = inner[step]
    inner[typo] = inner.pop(key)

    told = problems(as_toml(values), name)

    wrong, right = ".".join((*path[:-1], typo)), ".".join(path)
    unknown = next(line for line in told if f"{wrong} is not a key" in line)
    near = unknown.partition("did you mean ")[2]
    assert near == f"{right}?" or key in ("min", "max", "key")


@given(st.text(max_size=200))
def test_any_text_is_read_or_refused_and_never_crashes(text):
    assert problems(text)


def test_every_attribute_is_a_key_that_can_be_read():
    """Every key of the schema, given once, comes back as it was written."""
    values = tomllib.loads(EVERYTHING)
    playbook = read_playbook(EVERYTHING, source="all.toml")

    unread = [path for path in paths(playbook) if not has(values, path)]
    unset = [path for path, value in paths(playbook).items() if value in (None, (), False, 0)]
    assert (unread, unset) == ([], [])


def paths(value: Any, path: str = "") -> dict[str, Any]:
    found = {}
    for field in fields(value):
        inner, here = getattr(value, field.name), f"{path}{field.name}"
        found |= paths(inner, f"{here}.") if is_dataclass(inner) else {here: inner}
    return found


def has(values: dict[str, Any], path: str) -> bool:
    for key in path.split("."):
        if key not in values:
            return False
        values = values[key]
    return True


@pytest.mark.parametrize(
    "text", ["sessions = " + "[" * 5_000, "sessions = " + "1" * 5_000, "sessions = 2026-99-99"]
)
def test_text_that_overwhelms_the_toml_reader_is_refused_in_words(text):
    told = problems(text)

    assert len(told) == 1
    assert told[0].startswith("mine.toml: is not valid TOML: ")
