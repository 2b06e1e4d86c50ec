"""What a group is short of, and what nobody has said."""

from dataclasses import fields, replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from goround.domain.playbook import (
    Code,
    FacilitatorFacts,
    GroupFacts,
    Playbook,
    Rhythm,
    Shortfall,
    read_playbook,
    shortfalls,
    unknown_facts,
)
from tests.domain.playbook.examples import TEXTS

TODAY = date(2026, 3, 10)
PLAYBOOKS = {name: read_playbook(text, source=name) for name, text in TEXTS.items()}
CIRCLE = PLAYBOOKS["circle-of-parents.toml"]
FAMILIES = PLAYBOOKS["families-make-the-difference.toml"]
SAFE = PLAYBOOKS["safe-project.toml"]
SUPPORT = PLAYBOOKS["parent-support-circles.toml"]


def good_facilitator(playbook: Playbook, number: int = 1) -> FacilitatorFacts:
    return FacilitatorFacts(
        id=f"f{number}",
        trained_in=frozenset(kind.key for kind in playbook.training.kinds),
        checked=True,
        check_expires_on=date(2026, 3, 11),
    )


def good_facts(playbook: Playbook) -> GroupFacts:
    """A group that lacks nothing, at its first meeting."""
    return GroupFacts(
        session=1,
        members=playbook.sizes.min,
        rhythm=playbook.cadence.floor,
        minutes=playbook.minutes.min,
        open_discussion_share=1.0,
        facilitators=tuple(
            good_facilitator(playbook, number) for number in range(playbook.leaders.facilitators)
        ),
        has_parent_leader=True,
        has_childrens_leader=True,
        has_agreement=True,
        has_risk_assessment=True,
        readiness_done=frozenset(point.key for point in playbook.readiness),
        today=TODAY,
    )


def with_facilitator(playbook: Playbook, **changes: object) -> GroupFacts:
    facilitator = replace(good_facilitator(playbook), **changes)  # type: ignore[arg-type]
    return replace(good_facts(playbook), facilitators=(facilitator,))


@pytest.mark.parametrize("name", TEXTS)
def test_group_that_lacks_nothing_is_short_of_nothing(name):
    playbook = PLAYBOOKS[name]
    facts = good_facts(playbook)

    assert shortfalls(playbook, facts) == []
    assert unknown_facts(playbook, facts) == []


@pytest.mark.parametrize("name", TEXTS)
def test_group_nobody_knows_anything_of_neither_fails_nor_passes(name):
    playbook = PLAYBOOKS[name]

    assert shortfalls(playbook, GroupFacts()) == []
    assert {"members", "rhythm", "minutes", "facilitators"} <= set(
        unknown_facts(playbook, GroupFacts())
    )


@pytest.mark.parametrize(
    ("playbook", "changes", "code", "params"),
    [
        (CIRCLE, {"members": 3}, Code.TOO_FEW_MEMBERS, {"members": 3, "min": 4}),
        (CIRCLE, {"members": 0}, Code.TOO_FEW_MEMBERS, {"members": 0, "min": 4}),
        (CIRCLE, {"members": 13}, Code.TOO_MANY_MEMBERS, {"members": 13, "max": 12}),
        (SAFE, {"members": 7, "session": 0}, Code.TOO_MANY_MEMBERS, {"members": 7, "max": 6}),
        (SAFE, {"members": 7, "session": 4}, Code.TOO_MANY_MEMBERS, {"members": 7, "max": 6}),
        (
            SUPPORT,
            {"rhythm": Rhythm.MONTHLY},
            Code.MEETS_TOO_RARELY,
            {"rhythm": "monthly", "at_least": "every-two-weeks"},
        ),
        (CIRCLE, {"minutes": 60}, Code.MEETING_TOO_SHORT, {"minutes": 60, "min": 90}),
        (CIRCLE, {"minutes": 121}, Code.MEETING_TOO_LONG, {"minutes": 121, "max": 120}),
        (
            CIRCLE,
            {"open_discussion_share": 0.25},
            Code.OPEN_DISCUSSION_TOO_SHORT,
            {"share": 0.25, "at_least": 0.5},
        ),
        (
            SUPPORT,
            {"facilitators": (good_facilitator(SUPPORT),)},
            Code.TOO_FEW_FACILITATORS,
            {"facilitators": 1, "needed": 2, "title": "Parent facilitator"},
        ),
        (
            CIRCLE,
            {"has_parent_leader": False},
            Code.PARENT_LEADER_MISSING,
            {"by_session": 1, "session": 1, "title": "Parent leader"},
        ),
        (
            FAMILIES,
            {"has_parent_leader": False, "session": 3},
            Code.PARENT_LEADER_MISSING,
            {"by_session": 3, "session": 3, "title": "Co-leader"},
        ),
        (CIRCLE, {"has_childrens_leader": False}, Code.CHILDRENS_LEADER_MISSING, {}),
        (SAFE, {"has_agreement": False}, Code.AGREEMENT_MISSING, {}),
        (SAFE, {"has_risk_assessment": False}, Code.RISK_ASSESSMENT_MISSING, {}),
        (
            SAFE,
            {"readiness_done": frozenset(p.key for p in SAFE.readiness) - {"culture"}},
            Code.READINESS_POINT_OPEN,
            {"point": "culture", "label": str(SAFE.readiness[0])},
        ),
    ],
)
def test_one_thing_lacking_is_told_with_its_figures(playbook, changes, code, params):
    facts = replace(good_facts(playbook), **changes)

    assert shortfalls(playbook, facts) == [Shortfall(code, params)]
    assert unknown_facts(playbook, facts) == []


@pytest.mark.parametrize(
    ("changes", "code", "params"),
    [
        (
            {"trained_in": frozenset({"other"})},
            Code.FACILITATOR_UNTRAINED,
            {
                "facilitator": "f1",
                "kind": "parent-group-facilitator",
                "label": "Parent-group facilitator training",
            },
        ),
        ({"checked": False}, Code.BACKGROUND_CHECK_MISSING, {"facilitator": "f1"}),
        (
            {"check_expires_on": TODAY},
            Code.BACKGROUND_CHECK_EXPIRED,
            {"facilitator": "f1", "expired_on": TODAY},
        ),
    ],
)
def test_facilitator_not_ready_is_told_by_id(changes, code, params):
    assert shortfalls(CIRCLE, with_facilitator(CIRCLE, **changes)) == [Shortfall(code, params)]


@pytest.mark.parametrize(
    ("playbook", "changes"),
    [
        (CIRCLE, {"members": 12}),
        (CIRCLE, {"rhythm": Rhythm.EVERY_THREE_WEEKS}),
        (CIRCLE, {"has_agreement": False}),
        (SUPPORT, {"rhythm": Rhythm.WEEKLY}),
        (SUPPORT, {"has_parent_leader": False}),
        (SUPPORT, {"has_childrens_leader": False}),
        (SUPPORT, {"open_discussion_share": 0.0}),
        (SAFE, {"members": 12, "session": 5}),
        (FAMILIES, {"has_parent_leader": False, "session": 2}),
        (FAMILIES, {"facilitators": (), "session": 3}),
    ],
)
def test_what_the_playbook_does_not_ask_is_no_shortfall(playbook, changes):
    assert shortfalls(playbook, replace(good_facts(playbook), **changes)) == []


def test_facilitators_still_lead_before_the_last_of_their_sessions():
    facts = replace(good_facts(FAMILIES), facilitators=(), session=2)

    assert [item.code for item in shortfalls(FAMILIES, facts)] == [Code.TOO_FEW_FACILITATORS]


def test_check_that_never_expires_counts():
    assert shortfalls(CIRCLE, with_facilitator(CIRCLE, check_expires_on=None)) == []


@pytest.mark.parametrize(
    ("playbook", "facts", "unknown"),
    [
        (CIRCLE, replace(good_facts(CIRCLE), members=None), ["members"]),
        (CIRCLE, with_facilitator(CIRCLE, trained_in=None), ["facilitators.trained_in"]),
        (CIRCLE, with_facilitator(CIRCLE, checked=None), ["facilitators.checked"]),
        (CIRCLE, replace(good_facts(CIRCLE), today=None), ["today"]),
        (CIRCLE, replace(good_facts(CIRCLE), session=None), []),
        (SAFE, replace(good_facts(SAFE), session=None, members=8), ["session"]),
        (
            FAMILIES,
            replace(good_facts(FAMILIES), session=None, has_parent_leader=False),
            ["session"],
        ),
        (FAMILIES, replace(good_facts(FAMILIES), session=None, facilitators=()), ["session"]),
        (SAFE, replace(good_facts(SAFE), readiness_done=None), ["readiness_done"]),
        (SAFE, replace(good_facts(SAFE), has_agreement=None), ["has_agreement"]),
        (SUPPORT, replace(good_facts(SUPPORT), has_agreement=None), []),
    ],
)
def test_what_cannot_be_judged_is_named_and_not_passed(playbook, facts, unknown):
    assert shortfalls(playbook, facts) == []
    assert unknown_facts(playbook, facts) == unknown


def test_missing_leader_at_an_unknown_session_is_told_where_any_session_is_too_late():
    facts = replace(good_facts(CIRCLE), session=None, has_parent_leader=False)

    assert shortfalls(CIRCLE, facts) == [
        Shortfall(Code.PARENT_LEADER_MISSING, {"by_session": 1, "title": "Parent leader"})
    ]


maybe = st.none() | st.booleans()
facilitators = st.builds(
    FacilitatorFacts,
    id=st.sampled_from(["f1", "f2", "f3"]),
    trained_in=st.none()
    | st.frozensets(st.sampled_from(["parent-group-facilitator", "circle-facilitator"])),
    checked=maybe,
    check_expires_on=st.none() | st.dates(date(2026, 3, 1), date(2026, 3, 20)),
)
group_facts = st.builds(
    GroupFacts,
    session=st.none() | st.integers(0, 14),
    members=st.none() | st.integers(0, 15),
    rhythm=st.none() | st.sampled_from(Rhythm),
    minutes=st.none() | st.integers(30, 150),
    open_discussion_share=st.none() | st.floats(0, 1),
    facilitators=st.none() | st.lists(facilitators, max_size=3).map(tuple),
    has_parent_leader=maybe,
    has_childrens_leader=maybe,
    has_agreement=maybe,
    has_risk_assessment=maybe,
    readiness_done=st.none() | st.frozensets(st.sampled_from([p.key for p in SAFE.readiness])),
    today=st.none() | st.just(TODAY),
)


@given(st.sampled_from(sorted(PLAYBOOKS)), group_facts)
def test_forgetting_a_fact_never_makes_a_group_fall_shorter(name, facts):
    playbook = PLAYBOOKS[name]
    codes = {item.code for item in shortfalls(playbook, facts)}

    for field in fields(GroupFacts):
        less = replace(facts, **{field.name: None})
        assert {item.code for item in shortfalls(playbook, less)} <= codes


@given(st.sampled_from(sorted(PLAYBOOKS)), group_facts)
def test_learning_every_fact_leaves_nothing_unknown(name, facts):
    playbook = PLAYBOOKS[name]
    good = good_facts(playbook)
    known = {
        field.name: getattr(good, field.name)
        for field in fields(GroupFacts)
        if getattr(facts, field.name) is None or field.name == "facilitators"
    }

    assert unknown_facts(playbook, replace(facts, **known)) == []


@given(st.sampled_from(sorted(PLAYBOOKS)), group_facts)
def test_shortfalls_come_in_the_order_of_their_codes(name, facts):
    told = [item.code for item in shortfalls(PLAYBOOKS[name], facts)]

    assert told == sorted(told, key=list(Code).index)
