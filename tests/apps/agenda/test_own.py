"""What a member writes for themselves: promises and goals, locked with a key of their own."""

from __future__ import annotations

from datetime import timedelta

import pytest

from goround.apps.agenda.models import Goal, GoalWords, Promise, Step
from goround.apps.agenda.own_services import (
    MOST_GOALS,
    MOST_STEPS,
    TooManyGoals,
    TooManySteps,
    add_step,
    answer_promise,
    let_goal_go,
    make_promise,
    set_goal,
    set_goal_done,
    share_goal,
    tick_steps,
)
from goround.apps.agenda.own_words import open_words
from goround.apps.agenda.selectors import (
    SharedGoal,
    goals_of,
    own_promises,
    promises_asked,
    shared_goals,
)
from goround.apps.groups.membership import NotAMember
from goround.apps.groups.models import Group, Membership
from goround.apps.keys.models import DataKey
from goround.apps.keys.roots import KeyTrouble
from tests.make import NOON, TODAY, make_coordinator, make_group, make_meeting
from tests.make_ours import account_of, make_goal, make_member, make_own_promise

pytestmark = pytest.mark.django_db

Outcome = Promise.Outcome
DAY = timedelta(days=1)


@pytest.fixture
def group() -> Group:
    return make_group()


@pytest.fixture
def ana(group: Group) -> Membership:
    return make_member(group, "Ana")


@pytest.fixture
def ben(group: Group) -> Membership:
    return make_member(group, "Ben")


def words_of(goal: Goal) -> GoalWords:
    return GoalWords.from_text(open_words([goal])[goal.pk])


def test_a_promise_of_last_week_is_asked_about_this_week(group, ana, ben):
    last, tonight = make_meeting(group, starts_at=NOON), make_meeting(group, starts_at=NOON + DAY)
    make_own_promise(ana, "Read a story", at=last.starts_at + timedelta(hours=1))

    asked = promises_asked(account_of(ben), tonight)

    assert [(each.alias, each.text) for each in asked] == [("Ana", "Read a story")]
    assert promises_asked(account_of(ben), last) == []


def test_how_it_went_only_the_member_reads(group, ana, ben):
    make_own_promise(ana, "Read a story")

    answer_promise(membership=ana, outcome=Outcome.TRIED, by=account_of(ana), at=NOON)

    own = own_promises(account_of(ana), ana)
    assert (own.open_one, own.text) == (None, "")
    assert [(row.outcome, text) for row, text in own.past] == [("tried", "Read a story")]
    assert own_promises(account_of(ben), ana).past == ()
    assert promises_asked(account_of(ben), make_meeting(group, starts_at=NOON + DAY)) == []


def test_a_new_promise_leaves_the_one_before(ana):
    first = make_own_promise(ana, "Read a story")
    assert make_own_promise(ana, "Read a story") == first

    make_own_promise(ana, "Sing")

    own = own_promises(account_of(ana), ana)
    assert own.text == "Sing"
    assert [row.outcome for row, _text in own.past] == ["left"]


def test_a_goal_is_private_until_it_is_shared_and_again_after(group, ana, ben):
    goal = make_goal(ana, "Find a school")
    add_step(goal=goal, text="Call the office", by=account_of(ana), at=NOON)
    assert shared_goals(account_of(ben), group) == []

    share_goal(goal=goal, is_shared=True, by=account_of(ana), at=NOON)
    assert shared_goals(account_of(ben), group) == [SharedGoal("Ana", "Find a school", False)]

    share_goal(goal=goal, is_shared=False, by=account_of(ana), at=NOON)
    assert shared_goals(account_of(ben), group) == []


def test_a_goal_shared_by_somebody_who_left_is_no_longer_shown(group, ana, ben):
    make_goal(ana, is_shared=True)
    Membership.objects.filter(pk=ana.pk).update(left_on=TODAY)

    assert shared_goals(account_of(ben), group) == []


def test_steps_are_added_and_ticked(ana):
    goal, by = make_goal(ana), account_of(ana)
    for text in ("Call", "Go there", "Call"):
        add_step(goal=goal, text=text, by=by, at=NOON)

    tick_steps(goal=goal, done=frozenset({1, 7}), by=by, at=NOON)

    goal = Goal.objects.select_related("membership").get()
    assert words_of(goal).steps == (Step("Call"), Step("Go there", is_done=True))


def test_a_goal_is_done_taken_up_again_and_let_go(ana):
    goal, by = make_goal(ana), account_of(ana)

    set_goal_done(goal=goal, is_done=True, by=by, at=NOON)
    assert Goal.objects.get().done_on == TODAY
    set_goal_done(goal=goal, is_done=False, by=by, at=NOON)
    assert Goal.objects.get().done_on is None
    let_goal_go(goal=goal, by=by, at=NOON)
    assert not Goal.objects.exists()


def test_goals_and_steps_have_an_end(ana):
    by = account_of(ana)
    goals = [make_goal(ana, f"Goal {number}") for number in range(MOST_GOALS)]
    for number in range(MOST_STEPS):
        add_step(goal=goals[0], text=f"Step {number}", by=by, at=NOON)

    with pytest.raises(TooManyGoals):
        set_goal(membership=ana, text="One more", by=by, at=NOON)
    with pytest.raises(TooManySteps):
        add_step(goal=goals[0], text="One more", by=by, at=NOON)
    assert make_goal(ana, "Goal 3") == goals[3]


def test_nobody_else_writes_or_changes_them(group, ana, ben):
    goal = make_goal(ana)

    for by in (account_of(ben), make_coordinator(group.organisation)):
        for change in (
            lambda by=by: share_goal(goal=goal, is_shared=True, by=by, at=NOON),
            lambda by=by: add_step(goal=goal, text="Mine", by=by, at=NOON),
            lambda by=by: tick_steps(goal=goal, done=frozenset(), by=by, at=NOON),
            lambda by=by: set_goal_done(goal=goal, is_done=True, by=by, at=NOON),
            lambda by=by: let_goal_go(goal=goal, by=by, at=NOON),
            lambda by=by: make_promise(membership=ana, text="Mine", by=by, at=NOON),
            lambda by=by: set_goal(membership=ana, text="Mine", by=by, at=NOON),
        ):
            with pytest.raises(NotAMember):
                change()
    assert (Goal.objects.count(), Promise.objects.count()) == (1, 0)


def test_words_open_in_no_other_row(ana):
    one, other = make_goal(ana, "School"), make_goal(ana, "Sleep")
    other.locked = one.locked

    with pytest.raises(KeyTrouble):
        open_words([other])


def test_without_the_parents_key_nothing_was_ever_written(group, ana, ben):
    make_goal(ana, is_shared=True)
    make_own_promise(ana)

    DataKey.objects.filter(parent_id=ana.parent_id).delete()

    assert goals_of(account_of(ana), ana) == []
    assert shared_goals(account_of(ben), group) == []
    assert promises_asked(account_of(ben), make_meeting(group, starts_at=NOON + DAY)) == []


def test_a_goals_words_are_not_told_by_its_name(ana):
    assert repr(GoalWords("Find a school")) == "GoalWords(…)"
    assert "school" not in str(make_goal(ana, "Find a school"))
