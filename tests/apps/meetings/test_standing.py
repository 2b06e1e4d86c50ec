from __future__ import annotations

from datetime import date, timedelta

import pytest

from goround.apps.groups.models import Leadership
from goround.apps.groups.selectors import groups_for
from goround.apps.meetings.selectors import group_rows
from goround.apps.meetings.standing import SENTENCES, Standing, sentence, standings
from goround.apps.people.models import Training
from goround.domain.playbook.shortfalls import Code
from tests.make import (
    NOON,
    TODAY,
    make_coordinator,
    make_facilitator,
    make_group,
    make_leadership,
    make_meeting,
    make_membership,
    make_programme,
)

pytestmark = pytest.mark.django_db


def standing_of(group, **options) -> Standing:
    viewer = make_coordinator(group.organisation)
    rows = group_rows(viewer, groups_for(viewer, group.organisation), at=NOON)
    found = standings(rows, at=NOON, **options)
    return next(one for one in found if one.row.group == group)


def test_group_that_has_what_the_playbook_asks_is_short_of_nothing():
    group = make_group()
    for _ in range(4):
        make_membership(group)
    for _ in range(2):
        facilitator = make_facilitator(group.organisation)
        Training.objects.create(
            facilitator=facilitator, kind="circle-facilitator", completed_on=TODAY
        )
        make_leadership(group, facilitator)

    assert standing_of(group).short_of == ()


def test_group_short_of_members_leaders_and_training():
    group = make_group(minutes=45)
    make_membership(group)
    make_leadership(group, make_facilitator(group.organisation, shown_as="Rosa"))

    expected = (
        "1 member; the playbook asks for at least 4.",
        "Meetings last 45 minutes; the playbook asks for at least 60.",
        "Parent facilitator: 1 of 2 so far.",
        "Rosa has no record of this training: Three-day facilitator training.",
    )
    assert standing_of(group).short_of == expected
    assert standing_of(group, with_training=False).short_of == expected[:3]


@pytest.mark.parametrize(
    ("sessions", "words"),
    [
        (2, []),
        (3, ["No co-leader yet: session 3 of 3."]),
        (5, ["No co-leader yet: session 5, asked for by 3."]),
    ],
)
def test_parent_leader_is_asked_for_by_a_session(sessions, words):
    group = make_group(make_programme(playbook_key="families-make-the-difference"))
    for _ in range(4):
        make_membership(group)
    for week in range(sessions):
        make_meeting(group, starts_at=NOON - timedelta(weeks=week, hours=3))

    told = [one for one in standing_of(group).short_of if "leader yet" in one]

    assert told == words


def test_parent_leader_is_there_once_a_member_leads():
    group = make_group(make_programme(playbook_key="circle-of-parents"))
    assert "No parent leader yet." in standing_of(group).short_of

    make_leadership(
        group, None, membership=make_membership(group), part=Leadership.Part.PARENT_LEADER
    )

    assert "No parent leader yet." not in standing_of(group).short_of


@pytest.mark.parametrize(
    ("until", "words"),
    [
        (TODAY, []),
        (TODAY - timedelta(days=1), ["The background check of Rosa ended on 3 March 2026."]),
    ],
)
def test_background_check_counts_through_its_last_day(until, words):
    group = make_group(make_programme(playbook_key="circle-of-parents"))
    rosa = make_facilitator(group.organisation, shown_as="Rosa", background_check_until=until)
    make_leadership(group, rosa)

    told = [one for one in standing_of(group).short_of if "check" in one]

    assert told == words


def test_background_check_nobody_wrote_down_is_unknown_and_no_shortfall():
    group = make_group(make_programme(playbook_key="circle-of-parents"))
    make_leadership(group, make_facilitator(group.organisation))

    standing = standing_of(group)

    assert standing.unknown == ("background checks of the facilitators",)
    assert not [one for one in standing.short_of if "check" in one]


def test_open_group_is_not_judged_by_who_belongs_to_it():
    group = make_group(make_programme(playbook_key="circle-of-parents"), is_open=True)

    assert not [one for one in standing_of(group).short_of if "member" in one]


@pytest.mark.parametrize("code", list(Code))
def test_every_shortfall_has_a_sentence(code):
    params = {
        "members": 3,
        "min": 4,
        "max": 12,
        "rhythm": "monthly",
        "at_least": "weekly" if code is Code.MEETS_TOO_RARELY else 0.5,
        "minutes": 45,
        "share": 0.25,
        "facilitators": 1,
        "needed": 2,
        "title": "Co-leader",
        "facilitator": "7",
        "kind": "course",
        "label": "Three days",
        "expired_on": date(2026, 3, 4),
        "by_session": 3,
        "session": 2,
        "point": "culture",
    }

    words = sentence(code, params, {"7": "Rosa"})

    assert words.endswith(".")
    assert "%" not in words.replace(" %", "")
    assert set(SENTENCES) == set(Code)


@pytest.mark.parametrize("rows", [1, 3])
def test_standings_ask_one_query(rows, django_assert_num_queries):
    programme = make_programme()
    for _ in range(rows):
        make_leadership(make_group(programme), make_facilitator(programme.organisation))
    ana = make_coordinator(programme.organisation)
    found = group_rows(ana, groups_for(ana, programme.organisation), at=NOON)

    with django_assert_num_queries(1):
        standing = standings(found, at=NOON)

    assert len(standing) == rows
