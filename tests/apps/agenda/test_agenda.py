"""What the group talks about: proposed by members, chosen, talked about or carried over."""

from __future__ import annotations

import inspect
from datetime import timedelta

import pytest
from django.db import connection

from goround.apps.agenda import selectors
from goround.apps.agenda.models import Topic, Want
from goround.apps.agenda.selectors import (
    agenda_of,
    chosen_for,
    chosen_next,
    goal_of,
    goals_of,
    how_many_wished,
    own_promises,
    promises_asked,
    shared_goals,
    topic_in,
)
from goround.apps.agenda.services import (
    MOST_TOPICS,
    NoMeeting,
    NotThere,
    TooMany,
    choose_topic,
    let_topic_wait,
    propose_topic,
    put_topic_aside,
    set_talked_about,
    set_want,
)
from goround.apps.audit.models import Event
from goround.apps.groups.membership import NotAMember
from goround.apps.groups.models import Group, Leadership, Membership
from goround.apps.meetings.models import Meeting
from goround.apps.organisations.roles import Role
from tests.make import (
    NOON,
    TODAY,
    make_coordinator,
    make_facilitator,
    make_group,
    make_leadership,
    make_meeting,
    make_user,
)
from tests.make_ours import account_of, make_goal, make_member, make_own_promise, make_topic

pytestmark = pytest.mark.django_db

WEEK = timedelta(weeks=1)


@pytest.fixture
def group() -> Group:
    return make_group()


@pytest.fixture
def ana(group: Group) -> Membership:
    return make_member(group, "Ana")


@pytest.fixture
def ben(group: Group) -> Membership:
    return make_member(group, "Ben")


@pytest.fixture
def tonight(group: Group) -> Meeting:
    return make_meeting(group, starts_at=NOON + timedelta(hours=6))


@pytest.fixture
def next_week(group: Group) -> Meeting:
    return make_meeting(group, starts_at=NOON + timedelta(hours=6) + WEEK)


def leader_of(group: Group, part: str = Leadership.Part.FACILITATOR):
    role = Role.FACILITATOR if part == Leadership.Part.FACILITATOR else Role.CHILDRENS_LEADER
    user = make_user(role=role, organisation=group.organisation)
    make_leadership(group, make_facilitator(group.organisation, user=user), part=part)
    return user


def do(service, topic: Topic, member: Membership, *, at=NOON, **more) -> None:
    service(topic=topic, membership=member, by=account_of(member), at=at, **more)


def shown(member: Membership, part: str, *, at=NOON) -> list[str]:
    agenda = agenda_of(account_of(member), member, at=at)
    assert agenda is not None
    return [seen.text for seen in getattr(agenda, part)]


def test_a_topic_is_on_everybodys_list_with_who_signed_it(ana, ben):
    make_topic(ana, "Bedtime")

    agenda = agenda_of(account_of(ben), ben, at=NOON)

    assert agenda is not None
    assert [(seen.text, seen.alias) for seen in agenda.wished] == [("Bedtime", "Ana")]


def test_the_same_words_twice_are_one_topic(ana, ben):
    assert make_topic(ana, "Bedtime") == make_topic(ben, "bedtime")


def test_an_unsigned_topic_leads_to_nobody(ana, ben):
    """No column of the row, no entry of the trail, no hour, and no order of numbers."""
    before = Event.objects.count()
    signed = make_topic(ana, "Money")

    unsigned = make_topic(ben, "Fear", is_signed=False)

    entries = Event.objects.filter(subject="topic")
    assert [entry.subject_id for entry in entries] == [signed.pk]
    assert Event.objects.count() == before + 1
    kept = Topic.objects.filter(pk=unsigned.pk).values().get()
    kept.pop("locked")
    assert kept == {
        "id": unsigned.pk,
        "organisation_id": ben.organisation_id,
        "group_id": ben.group_id,
        "signed_by_id": None,
        "month": TODAY.replace(day=1),
        "chosen_for_id": None,
        "talked_at_id": None,
        "put_aside_on": None,
    }
    assert Want.objects.count() == 0


def test_numbers_of_topics_are_drawn_and_do_not_count_up(ana):
    numbers = [make_topic(ana, f"Topic {n}").pk for n in range(12)]

    assert numbers != sorted(numbers)
    assert len(set(numbers)) == 12


def test_the_most_wanted_come_first_and_nobody_sees_who_wants(ana, ben):
    make_topic(ana, "Bedtime")
    money = make_topic(ana, "Money")
    for _ in range(2):
        do(set_want, money, ben, is_wanted=True)

    agenda = agenda_of(account_of(ana), ana, at=NOON)

    assert agenda is not None
    seen = [(each.text, each.wants, each.is_wanted) for each in agenda.wished]
    assert seen == [("Money", 1, False), ("Bedtime", 0, False)]
    do(set_want, money, ben, is_wanted=False)
    assert shown(ana, "wished") == ["Bedtime", "Money"]


def test_a_want_of_somebody_who_left_counts_no_more(ana, ben):
    money = make_topic(ana, "Money")
    do(set_want, money, ben, is_wanted=True)
    Membership.objects.filter(pk=ben.pk).update(left_on=TODAY)

    agenda = agenda_of(account_of(ana), ana, at=NOON)

    assert agenda is not None and agenda.wished[0].wants == 0


def test_a_chosen_topic_is_for_the_next_meeting(ana, ben, tonight, next_week):
    topic = make_topic(ana)

    do(choose_topic, topic, ben)

    topic.refresh_from_db()
    assert topic.chosen_for == tonight
    assert (shown(ana, "chosen"), shown(ana, "wished")) == (["Bedtime"], [])
    do(let_topic_wait, topic, ana)
    assert (shown(ana, "chosen"), shown(ana, "wished")) == ([], ["Bedtime"])


def test_what_was_not_talked_about_is_carried_over_by_itself(ana, tonight, next_week):
    do(choose_topic, make_topic(ana), ana)
    later = tonight.ends_at + timedelta(days=1)

    (seen,) = chosen_for(account_of(ana), next_week, at=later)

    assert (seen.text, seen.carried_from) == ("Bedtime", tonight.starts_at)
    assert chosen_for(account_of(ana), tonight, at=NOON)[0].carried_from is None


def test_a_cancelled_meeting_carries_its_topics_on(ana, tonight, next_week):
    do(choose_topic, make_topic(ana), ana)
    Meeting.objects.filter(pk=tonight.pk).update(
        status=Meeting.Status.CANCELLED, cancelled_because="Snow"
    )

    (seen,) = chosen_for(account_of(ana), next_week, at=NOON)

    assert seen.carried_from == tonight.starts_at


def test_what_was_talked_about_leaves_the_agenda_and_can_come_back(ana, tonight, next_week):
    topic = make_topic(ana)
    do(choose_topic, topic, ana)
    leader = leader_of(ana.group)
    tick = {"topic": topic, "meeting": tonight, "by": leader, "at": tonight.starts_at}

    for _ in range(2):
        set_talked_about(is_done=True, **tick)

    assert shown(ana, "talked") == ["Bedtime"]
    assert chosen_for(leader, next_week, at=tonight.ends_at) == []
    assert len(chosen_for(leader, tonight, at=tonight.ends_at)) == 1
    assert Event.objects.filter(kind="topic.talked_about").count() == 1
    set_talked_about(is_done=False, **tick)
    assert shown(ana, "chosen") == ["Bedtime"]


def test_a_topic_put_aside_can_be_put_back(ana, tonight):
    topic = make_topic(ana)
    do(choose_topic, topic, ana)

    do(put_topic_aside, topic, ana)

    assert (shown(ana, "aside"), shown(ana, "chosen")) == (["Bedtime"], [])
    do(let_topic_wait, topic, ana)
    assert shown(ana, "wished") == ["Bedtime"]


def test_nothing_is_chosen_while_no_meeting_is_planned(ana):
    with pytest.raises(NoMeeting):
        do(choose_topic, make_topic(ana), ana)


def test_a_list_has_an_end(ana):
    for number in range(MOST_TOPICS):
        make_topic(ana, f"Topic {number}")

    with pytest.raises(TooMany):
        make_topic(ana, "One more")


def test_only_members_act_on_the_list(group, ana, tonight):
    topic = make_topic(ana)
    stranger = make_member(make_group(group.programme), "Elsewhere")
    gone = make_member(group, "Gone", left_on=TODAY)
    leader, rosa = leader_of(group), make_coordinator(group.organisation)

    for service in (choose_topic, let_topic_wait, put_topic_aside):
        with pytest.raises(NotThere):
            do(service, topic, stranger)
        with pytest.raises(NotAMember):
            do(service, topic, gone)
        for by in (leader, rosa):
            with pytest.raises(NotAMember):
                service(topic=topic, membership=ana, by=by, at=NOON)
    with pytest.raises(NotThere):
        do(set_want, topic, stranger, is_wanted=True)
    with pytest.raises(NotAMember):
        propose_topic(membership=ana, text="Mine", is_signed=True, by=rosa, at=NOON)
    do(choose_topic, topic, ana)
    for by in (rosa, account_of(stranger), leader_of(group, Leadership.Part.CHILDRENS_LEADER)):
        with pytest.raises(NotAMember):
            set_talked_about(topic=topic, meeting=tonight, is_done=True, by=by, at=NOON)


def test_only_a_chosen_topic_of_the_meetings_group_is_ticked(ana, tonight):
    topic = make_topic(ana)
    tick = {"topic": topic, "is_done": True, "by": account_of(ana), "at": NOON}

    with pytest.raises(NotThere):
        set_talked_about(meeting=tonight, **tick)
    do(choose_topic, topic, ana)
    with pytest.raises(NotThere):
        set_talked_about(meeting=make_meeting(make_group()), **tick)


def test_no_selector_tells_staff_what_the_group_owns(group, ana, ben, tonight):
    """Every public selector by name; who leads the meeting hears of what was chosen for it."""
    topic = make_topic(ana, "Fear")
    do(choose_topic, topic, ana)
    make_own_promise(ben, "Sleep")
    goal = make_goal(ben, "School", is_shared=True)
    here = group.organisation
    roles = [role for role in Role if role != Role.NETWORK_OFFICER]
    people = {str(role): make_user(role=role, organisation=here) for role in roles}
    people["network-officer"] = make_user(role=Role.NETWORK_OFFICER, network=here.network)
    people["leads the children"] = leader_of(group, Leadership.Part.CHILDRENS_LEADER)
    people["stranger"] = make_user()
    people["elsewhere"] = account_of(make_member(make_group(group.programme), "Elsewhere"))
    people["gone"] = account_of(make_member(group, "Gone", left_on=TODAY))
    people["leads the meeting"] = leader_of(group)
    asked = {
        "agenda_of": lambda viewer: agenda_of(viewer, ana, at=NOON),
        "topic_in": lambda viewer: topic_in(viewer, group, topic.pk),
        "chosen_for": lambda viewer: chosen_for(viewer, tonight, at=NOON),
        "chosen_next": lambda viewer: chosen_next(viewer, group, at=NOON),
        "how_many_wished": lambda viewer: how_many_wished(viewer, group) is not None,
        "promises_asked": lambda viewer: promises_asked(viewer, tonight),
        "own_promises": lambda viewer: own_promises(viewer, ben).open_one,
        "goals_of": lambda viewer: goals_of(viewer, ben),
        "goal_of": lambda viewer: goal_of(viewer, ben, goal.pk),
        "shared_goals": lambda viewer: shared_goals(viewer, group),
    }
    public = {
        name
        for name, found in inspect.getmembers(selectors, inspect.isfunction)
        if found.__module__ == selectors.__name__ and not name.startswith("_")
    }

    told = {name: {who for who in people if ask(people[who])} for name, ask in asked.items()}

    assert set(asked) == public
    leads = {"leads the meeting"}
    hears = {"chosen_for", "chosen_next", "promises_asked"}
    assert told == {name: leads if name in hears else set() for name in asked}


def test_the_words_lie_locked_in_the_database(ana):
    make_topic(ana, "The blue door")
    make_own_promise(ana, "The blue door")
    make_goal(ana, "The blue door")

    for table in ("agenda_topic", "agenda_promise", "agenda_goal"):
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT locked FROM {table}")
            (stored,) = cursor.fetchone()
        assert b"blue" not in bytes(stored), table
    assert [e.pk for e in Event.objects.all() if "blue" in str(e.facts)] == []


def test_the_list_takes_as_many_queries_for_many_topics(
    ana, ben, tonight, django_assert_num_queries
):
    for number in range(8):
        do(set_want, make_topic(ana, f"Topic {number}"), ben, is_wanted=True)
    do(choose_topic, make_topic(ana, "Chosen"), ana)

    with django_assert_num_queries(4):
        agenda = agenda_of(account_of(ana), ana, at=NOON)

    assert agenda is not None and len(agenda.wished) == 8
