"""Asking to join: the group's rule, and a no that tells nothing."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import IntegrityError

from goround.apps.accounts.models import User
from goround.apps.audit.models import Event
from goround.apps.groups.models import Group, Membership
from goround.apps.groups.services import NoPlace, end_group
from goround.apps.joining.models import JoinRequest, Objection, Way
from goround.apps.joining.selectors import groups_to_ask, own_requests, requests_for, rule_of
from goround.apps.joining.services import (
    NotOpen,
    NotThisWay,
    TooManyRequests,
    answer_due,
    ask_to_join,
    object_no_more,
    object_to,
    say_yes,
    set_rule,
    take_request_back,
)
from goround.apps.organisations.playbooks import playbook_of
from goround.apps.organisations.roles import Role
from goround.apps.outbox.kinds import kind_of
from goround.apps.outbox.models import Message
from tests.make import (
    NOON,
    make_coordinator,
    make_facilitator,
    make_group,
    make_keep_apart,
    make_leadership,
    make_membership,
    make_parent,
    make_user,
)
from tests.make_messages import agree

pytestmark = pytest.mark.django_db

WEEK = timedelta(days=7)
Status = JoinRequest.Status


@pytest.fixture
def group() -> Group:
    return make_group()


@pytest.fixture
def dolores(group) -> User:
    user = make_user(role=Role.FACILITATOR, organisation=group.organisation)
    make_leadership(group, make_facilitator(group.organisation, user=user))
    return user


def with_account(group: Group, **fields) -> tuple:
    user = make_user(role=Role.PARENT, organisation=group.organisation)
    return make_parent(group.organisation, user=user, safe_email="a@example.org", **fields), user


def member_of(group: Group) -> tuple[Membership, User]:
    parent, user = with_account(group)
    return make_membership(group, parent), user


def ask(group: Group, *, words: str = "", parent=None, at=NOON) -> JoinRequest:
    parent = parent or with_account(group)[0]
    return ask_to_join(
        group=group, parent=parent, alias="Kind  Wind", words=words, by=parent.user, at=at
    )


def everybody(group: Group, by: User) -> None:
    set_rule(group=group, way=Way.EVERYBODY, days=7, can_be_found=True, by=by, at=NOON)


def test_any_leader_lets_somebody_in(group, dolores):
    request = ask(group, words="I have two boys.")
    assert [one.words for one in requests_for(dolores, group, at=NOON)] == ["I have two boys."]

    first = say_yes(request=request, by=dolores, at=NOON)
    again = say_yes(request=request, by=dolores, at=NOON)

    assert (first.alias, first.pk) == ("Kind Wind", again.pk)
    request.refresh_from_db()
    assert (request.status, request.words) == (Status.WELCOMED, "")
    assert not requests_for(dolores, group, at=NOON)


def test_members_are_not_asked_where_a_leader_says_yes(group, dolores):
    _, ben = member_of(group)
    ask(group)

    assert not requests_for(ben, group, at=NOON)


def test_everybody_is_asked_and_silence_is_yes(group, dolores):
    _, ben = member_of(group)
    everybody(group, dolores)
    request = ask(group)
    assert len(requests_for(ben, group, at=NOON)) == 1
    with pytest.raises(NotThisWay):
        say_yes(request=request, by=dolores, at=NOON)

    assert answer_due(by=None, at=NOON + WEEK - timedelta(seconds=1)) == 0
    assert answer_due(by=None, at=NOON + WEEK) == 1
    assert answer_due(by=None, at=NOON + WEEK) == 0

    assert Membership.objects.filter(group=group, alias="Kind Wind", left_on=None).count() == 1


def objected(group: Group, dolores: User) -> JoinRequest:
    _, ben = member_of(group)
    everybody(group, dolores)
    request = ask(group)
    for _ in range(2):
        object_to(request=request, by=ben, at=NOON + timedelta(hours=1))
    return request


def full(group: Group, dolores: User) -> JoinRequest:
    for _ in range(playbook_of(group.programme).sizes.max):
        make_membership(group)
    everybody(group, dolores)
    return ask(group)


def kept_apart(group: Group, dolores: User) -> JoinRequest:
    ben, _ = member_of(group)
    everybody(group, dolores)
    parent, _ = with_account(group)
    make_keep_apart(parent, ben.parent)
    return ask(group, parent=parent)


def kept_apart_since(group: Group, dolores: User) -> JoinRequest:
    ben, _ = member_of(group)
    everybody(group, dolores)
    request = ask(group)
    make_keep_apart(request.parent, ben.parent)
    return request


def leader_would_rather_not(group: Group, dolores: User) -> JoinRequest:
    request = ask(group)
    object_to(request=request, by=dolores, at=NOON)
    return request


def group_ended(group: Group, dolores: User) -> JoinRequest:
    request = ask(group)
    end_group(group=group, on=NOON.date(), by=dolores, at=NOON)
    return request


REFUSALS = [
    objected,
    full,
    kept_apart,
    kept_apart_since,
    leader_would_rather_not,
    group_ended,
]


def seen_by_asker(request: JoinRequest) -> tuple:
    """All that their pages, copy and messages can be made of."""
    row = own_requests(request.parent.user).get()
    told = Message.objects.filter(parent=request.parent).exclude(kind="place")
    words = [kind_of(one).write(one, NOON + WEEK) for one in told]
    facts = row.status, row.ended_at, row.answer_by, row.words
    return facts, [(one.kind, one.asked_at) for one in told], words


@pytest.mark.parametrize("refused", REFUSALS)
def test_every_refusal_looks_the_same_to_who_asked(group, dolores, refused):
    request = refused(group, dolores)
    agree(request.parent)
    before = seen_by_asker(request)

    answer_due(by=None, at=NOON + WEEK)

    assert before == ((Status.OPEN, None, NOON + WEEK, ""), [], [])
    facts, told, _ = seen_by_asker(request)
    assert facts == (Status.NO_PLACE, NOON + WEEK, NOON + WEEK, "")
    assert told == [("join-no-place", NOON + WEEK)]
    assert not Membership.objects.filter(parent=request.parent).exists()
    assert not Objection.objects.exists()


@pytest.mark.parametrize("refused", [full, kept_apart, kept_apart_since])
def test_group_never_sees_who_cannot_join(group, dolores, refused):
    refused(group, dolores)

    for member in Membership.objects.filter(group=group, parent__user__isnull=False):
        assert not requests_for(member.parent.user, group, at=NOON)
    assert not requests_for(dolores, group, at=NOON)


def test_nobody_is_told_of_a_request_that_cannot_be(group, dolores):
    ben, _ = member_of(group)
    parent, _ = with_account(group)
    make_keep_apart(parent, ben.parent)

    ask(group, parent=parent)

    assert not Message.objects.exists()


def test_objection_is_in_no_trail_and_can_be_taken_back(group, dolores):
    request = objected(group, dolores)
    events = [(event.kind, event.by_id) for event in Event.objects.filter(subject="objection")]
    assert events == []

    object_no_more(request=request, by=Objection.objects.get().user, at=NOON)
    answer_due(by=None, at=NOON + WEEK)

    request.refresh_from_db()
    assert request.status == Status.WELCOMED


def test_objection_shows_to_who_objects_alone(group, dolores):
    objected(group, dolores)
    ben = Objection.objects.get().user

    assert [one.i_object for one in requests_for(ben, group, at=NOON)] == [True]
    assert [one.i_object for one in requests_for(dolores, group, at=NOON)] == [False]


def test_silence_of_leaders_is_no_answer_and_they_are_reminded_once(group, dolores):
    request = ask(group)

    for days in (7, 8, 9):
        assert answer_due(by=None, at=NOON + timedelta(days=days)) == 0

    request.refresh_from_db()
    assert request.status == Status.OPEN
    assert Message.objects.filter(user=dolores, kind="join-overdue").count() == 1


def test_yes_to_a_group_that_filled_meanwhile_is_no_place(group, dolores):
    request = ask(group)
    for _ in range(playbook_of(group.programme).sizes.max):
        make_membership(group)

    with pytest.raises(NoPlace):
        say_yes(request=request, by=dolores, at=NOON)

    request.refresh_from_db()
    assert request.status == Status.OPEN


def test_asking_twice_is_once_and_four_groups_are_too_many(group, dolores):
    parent, _ = with_account(group)
    first = ask(group, parent=parent)
    assert ask(group, parent=parent).pk == first.pk
    for _ in range(2):
        ask(make_group(programme=group.programme), parent=parent)

    with pytest.raises(TooManyRequests):
        ask(make_group(programme=group.programme), parent=parent)


def test_request_taken_back_is_nobodys_any_more(group, dolores):
    request = ask(group, words="Hello")

    take_request_back(request=request, by=request.parent.user, at=NOON)
    take_request_back(request=request, by=request.parent.user, at=NOON)

    request.refresh_from_db()
    assert (request.status, request.words) == (Status.TAKEN_BACK, "")
    assert not requests_for(dolores, group, at=NOON)
    with pytest.raises(NotOpen):
        say_yes(request=request, by=dolores, at=NOON)
    with pytest.raises(NotOpen):
        object_to(request=request, by=dolores, at=NOON)


def test_rule_of_then_answers_who_asked_then(group, dolores):
    request = ask(group)
    everybody(group, dolores)

    say_yes(request=request, by=dolores, at=NOON)

    assert rule_of(dolores, group).way == Way.EVERYBODY


def test_only_groups_that_chose_it_are_found_and_only_at_home(group, dolores):
    parent, user = with_account(group)
    everybody(group, dolores)
    make_group(programme=group.programme)
    far = make_group()
    set_rule(group=far, way=Way.ANY_LEADER, days=7, can_be_found=True, by=dolores, at=NOON)

    assert list(groups_to_ask(user)) == [group]
    for stranger in (make_user(), make_coordinator(group.organisation), dolores):
        assert not groups_to_ask(stranger)
        assert not own_requests(stranger)
    ask(group, parent=parent)
    assert not groups_to_ask(user)


def test_strangers_see_no_requests_and_no_rule(group, dolores):
    everybody(group, dolores)
    ask(group)

    for stranger in (make_user(), make_coordinator(group.organisation)):
        assert not requests_for(stranger, group, at=NOON)
        assert rule_of(stranger, group).pk is None


def test_database_keeps_one_open_request_of_a_parent_to_a_group(group):
    request = ask(group)

    with pytest.raises(IntegrityError):
        JoinRequest.objects.create(
            group=group,
            parent=request.parent,
            alias="Again",
            way=Way.ANY_LEADER,
            asked_at=NOON,
            answer_by=NOON,
        )


def test_words_are_locked(group):
    request = ask(group, words="I have two boys.")

    assert b"boys" not in bytes(JoinRequest.objects.get(pk=request.pk).locked)
