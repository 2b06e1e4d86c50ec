"""The agenda and members' own pages, and what the guide shows of them to whoever leads."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from goround.apps.agenda.models import Goal, Promise, Topic
from goround.apps.agenda.services import choose_topic
from goround.apps.groups.models import Group, Membership
from goround.apps.meetings.models import Meeting
from goround.apps.organisations.roles import Role
from goround.apps.records.copying import make_copy
from tests.make import (
    NOON,
    TODAY,
    make_coordinator,
    make_facilitator,
    make_group,
    make_leadership,
    make_meeting,
    make_programme,
    make_user,
)
from tests.make_ours import (
    account_of,
    make_goal,
    make_member,
    make_own_promise,
    make_topic,
    make_version,
)
from tests.page_words import words

pytestmark = pytest.mark.django_db


@pytest.fixture
def group() -> Group:
    return make_group(make_programme(playbook_key="circle-of-parents"))


@pytest.fixture
def ana(group: Group) -> Membership:
    return make_member(group, "Ana")


@pytest.fixture
def ben(group: Group) -> Membership:
    return make_member(group, "Ben")


@pytest.fixture
def tonight(group: Group) -> Meeting:
    return make_meeting(group, starts_at=timezone.now() + timedelta(hours=1))


@pytest.fixture
def dolores(group: Group):
    user = make_user(role=Role.FACILITATOR, organisation=group.organisation)
    make_leadership(group, make_facilitator(group.organisation, user=user))
    return user


def device_of(who) -> Client:
    client = Client()
    client.force_login(account_of(who) if isinstance(who, Membership) else who)
    return client


def page(name: str, group: Group, *more: object) -> str:
    return reverse(f"room:{name}", args=[group.pk, *more])


def guide(meeting: Meeting, part: int) -> str:
    slug = meeting.group.organisation.slug
    return f"{reverse('room:guide', args=[slug, meeting.pk])}?part={part}&ordinary=1"


def tap(device: Client, topic: Topic, act: str):
    address = page("topic", topic.group, topic.pk)
    return device.post(address, {"act": act}, follow=True)


def test_a_member_proposes_and_signs_it_by_alias(group, ana):
    after = device_of(ana).post(page("agenda", group), {"text": "Bedtime  at ten"}, follow=True)

    assert "It is on the list." in after.text
    assert "Bedtime at ten Ana" in words(after)


def test_an_unsigned_topic_is_shown_with_how_weak_that_is(group, ana, ben):
    device = device_of(ana)
    assert "In a small group others may still guess who it was" in words(
        device.get(page("agenda", group))
    )

    device.post(page("agenda", group), {"text": "Money", "is_unsigned": "on"})

    shown = device_of(ben).get(page("agenda", group))
    assert "Money unsigned" in words(shown)
    assert "Ana" not in words(shown)


def test_nothing_written_is_sent_back(group, ana):
    sent = device_of(ana).post(page("agenda", group), {"text": " "})

    assert sent.status_code == 422
    assert "Write what it is about." in sent.text


def test_a_topic_goes_its_way_by_taps(group, ana, tonight):
    topic, device = make_topic(ana), device_of(ana)

    assert "1 wants this" in tap(device, topic, "want").text
    assert "1 wants this" not in tap(device, topic, "unwant").text
    assert "Not next time" in tap(device, topic, "choose").text
    assert "Choose for next time" in tap(device, topic, "wait").text
    assert "Back on the list" in tap(device, topic, "aside").text
    assert device.post(page("topic", group, topic.pk), {"act": "sing"}).status_code == 404


def test_what_was_talked_about_is_ticked_by_a_member_after_the_meeting(group, ana, tonight):
    topic, device = make_topic(ana), device_of(ana)
    tap(device, topic, "choose")
    assert "We talked about it" not in device.get(page("agenda", group)).text
    begun = timezone.now() - timedelta(minutes=5)
    Meeting.objects.filter(pk=tonight.pk).update(starts_at=begun, occurrence=begun)

    after = tap(device, topic, "talked")

    assert "Nothing is chosen yet." in after.text
    assert "What we talked about" in after.text


def test_choosing_without_a_meeting_says_so(ana):
    assert (
        "No meeting is planned yet, so it stays"
        in tap(device_of(ana), make_topic(ana), "choose").text
    )


def test_the_hour_is_that_of_the_place_where_the_group_meets(group, ana, tonight):
    shown = device_of(ana).get(page("agenda", group))

    assert f"{tonight.starts_at.astimezone(group.zone):%H:%M}" in shown.text


def test_the_guide_asks_about_promises_and_shows_what_was_chosen(group, ana, ben, tonight, dolores):
    make_own_promise(ana, "Read a story")
    make_topic(ben, "Money")
    topic = make_topic(ana, "Bedtime")
    choose_topic(topic=topic, membership=ana, by=account_of(ana), at=timezone.now())
    device = device_of(dolores)

    check_in, talk = device.get(guide(tonight, 3)), device.get(guide(tonight, 4))

    assert "What they wanted to try Ana Read a story" in words(check_in)
    assert "Bedtime" not in check_in.text
    assert "What the group chose Bedtime Ana" in words(talk)
    assert "Money" not in words(talk) and "Read a story" not in talk.text


def test_whoever_leads_ticks_a_topic_in_the_guide_and_takes_it_back(group, ana, tonight, dolores):
    topic = make_topic(ana)
    choose_topic(topic=topic, membership=ana, by=account_of(ana), at=timezone.now())
    slug, device = group.organisation.slug, device_of(dolores)
    address = reverse("room:guide_topic", args=[slug, tonight.pk, topic.pk])
    sent = {"part": "4", "plan": "ordinary"}

    ticked = device.post(address, sent | {"done": "yes"}, follow=True)
    assert "Take the tick back" in ticked.text
    assert ticked.request["QUERY_STRING"] == "part=4&ordinary=1"
    device.post(address, sent | {"done": "no"})
    assert Topic.objects.get().talked_at is None
    other = make_topic(ana, "Not chosen")
    address = reverse("room:guide_topic", args=[slug, tonight.pk, other.pk])
    assert device.post(address, {"done": "yes"}).status_code == 404


def test_the_guide_shows_the_agreement_to_a_member_and_that_it_is_there_to_others(
    group, ana, tonight, dolores
):
    make_version(ana, "The blue door stays shut.")
    leader = account_of(ana)
    leader.roles.create(role=Role.PARENT_LEADER, organisation=group.organisation)
    make_leadership(group, None, membership=ana, part="parent-leader")

    led = device_of(leader).get(guide(tonight, 2))
    helped = device_of(dolores).get(guide(tonight, 2))

    assert "The blue door stays shut." in led.text
    assert "blue door" not in helped.text
    assert "A member reads it aloud" in helped.text and "Reciprocity" in helped.text


def test_a_promise_is_made_and_answered(group, ana):
    device = device_of(ana)
    made = device.post(page("promise", group), {"promise-text": "Sing"}, follow=True)
    assert "How did it go?" in made.text and "Sing" in made.text

    device.post(page("promise", group), {"answer": "worked"})

    assert Promise.objects.get().outcome == "worked"
    assert device.post(page("promise", group), {"promise-text": ""}).status_code == 422


def test_a_goal_says_who_reads_it_at_every_step(group, ana, ben):
    device = device_of(ana)
    made = device.post(page("goals", group), {"goal-text": "Find a school"}, follow=True)
    assert "Only you." in made.text
    goal = Goal.objects.get()
    change = page("goal_change", group, goal.pk)
    device.post(page("goal", group, goal.pk), {"text": "Call the office"})

    shared = device.post(change, {"act": "share"}, follow=True)
    ticked = device.post(change, {"act": "steps", "done": "0"}, follow=True)

    assert "They do not read the steps." in shared.text
    assert "checked" in ticked.text
    others = device_of(ben).get(page("goals", group)).text
    assert "Find a school" in others and "Call the office" not in others
    for act in ("keep", "done", "again"):
        assert device.post(change, {"act": act}).status_code == 302
    assert "Find a school" not in device_of(ben).get(page("goals", group)).text
    assert "It is gone." in device.post(change, {"act": "let-go"}, follow=True).text


def test_nobody_but_its_owner_finds_a_goal(group, ana, ben, dolores):
    goal = make_goal(ana, is_shared=True)

    for who in (ben, dolores, make_coordinator(group.organisation)):
        device = device_of(who)
        for address in (page("goal", group, goal.pk), page("goal_change", group, goal.pk)):
            assert device.post(address, {"act": "let-go", "text": "Mine"}).status_code == 404
        assert device.get(page("goal", group, goal.pk)).status_code == 404


def test_nobody_but_a_member_finds_the_list(group, ana, tonight, dolores):
    topic = make_topic(ana, "The blue door")
    gone = make_member(group, "Gone", left_on=TODAY)
    elsewhere = make_member(make_group(group.programme), "Elsewhere")

    for who in (dolores, make_coordinator(group.organisation), gone, elsewhere):
        device = device_of(who)
        for name in ("agenda", "goals"):
            assert device.get(page(name, group)).status_code == 404
            assert device.post(page(name, group), {"text": "x"}).status_code == 404
        assert device.post(page("topic", group, topic.pk), {"act": "choose"}).status_code == 404
        assert "blue door" not in device.get(page("home", group)).text


def test_the_room_shows_a_member_all_and_a_leader_only_what_was_chosen(
    group, ana, tonight, dolores
):
    make_topic(ana, "Money")
    topic = make_topic(ana, "Bedtime")
    choose_topic(topic=topic, membership=ana, by=account_of(ana), at=timezone.now())
    make_own_promise(ana, "Sing")

    mine = device_of(ana).get(page("home", group))
    theirs = device_of(dolores).get(page("home", group))

    assert "Bedtime" in mine.text and "1 more on our list" in mine.text and "Sing" in mine.text
    assert "Bedtime" in theirs.text and "our list" not in theirs.text
    assert "Sing" not in words(theirs)


def test_the_copy_of_a_parent_has_what_they_wrote_and_the_staffs_copy_has_not(group, ana):
    make_topic(ana, "The blue topic")
    make_topic(ana, "The blue secret", is_signed=False)
    make_own_promise(ana, "The blue promise")
    make_goal(ana, "The blue goal")

    own = make_copy(parent=ana.parent, by=account_of(ana), at=NOON).as_json()
    staffs = make_copy(parent=ana.parent, by=make_coordinator(group.organisation), at=NOON)

    assert [w for w in ("topic", "promise", "goal", "secret") if f"The blue {w}" in own] == [
        "topic",
        "promise",
        "goal",
    ]
    assert "blue" not in staffs.as_json()


def test_pages_take_as_many_queries_for_many_rows(group, ana, django_assert_max_num_queries):
    for number in range(8):
        make_topic(ana, f"Topic {number}")
        make_goal(ana, f"Goal {number}")
        make_goal(make_member(group, f"Member {number}"), is_shared=True)
    device = device_of(ana)

    for name in ("agenda", "goals"):
        device.get(page(name, group))
        with django_assert_max_num_queries(16):
            device.get(page(name, group))
