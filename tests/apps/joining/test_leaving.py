"""Leaving, coming back the same day, and who looks out for whom."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db.models import Count

from goround.apps.accounts.models import User
from goround.apps.audit.models import Event
from goround.apps.groups.models import Group, Leadership, Membership
from goround.apps.groups.returning import NoLongerToday
from goround.apps.groups.services import NoPlace, add_member, leave
from goround.apps.joining.buddies import be_buddy, be_buddy_no_more
from goround.apps.joining.leaving import forget_leavings, leave_group, return_to_group
from goround.apps.joining.models import Buddy, Leaving, Welcome
from goround.apps.joining.selectors import own_leavings, place_of
from goround.apps.meetings.models import Reply
from goround.apps.organisations.playbooks import playbook_of
from goround.apps.organisations.roles import Role
from goround.apps.outbox.models import Message
from goround.apps.rooms.models import Note, Offer, Rider
from tests.make import (
    NOON,
    make_coordinator,
    make_group,
    make_keep_apart,
    make_meeting,
    make_membership,
    make_parent,
    make_user,
)
from tests.make_messages import agree
from tests.make_rooms import make_room

pytestmark = pytest.mark.django_db

DAY = timedelta(days=1)


@pytest.fixture
def group() -> Group:
    return make_group()


def member_of(group: Group, **fields) -> tuple[Membership, User]:
    user = make_user(role=Role.PARENT, organisation=group.organisation)
    return make_membership(
        group, make_parent(group.organisation, user=user, safe_email="a@example.org"), **fields
    ), user


def left(group: Group) -> tuple[Membership, User]:
    ana, user = member_of(group)
    leave_group(membership=ana, by=user, at=NOON)
    ana.refresh_from_db()
    return ana, user


def test_leaving_ends_the_membership_and_takes_along_what_was_said(group):
    ana, user = member_of(group)
    coming = make_meeting(group, starts_at=NOON + DAY)
    Reply.objects.create(meeting=coming, membership=ana, will_come=True)
    Leadership.objects.create(
        group=group, membership=ana, part="parent-leader", from_on=ana.joined_on
    )
    make_room(group, ana, "Words")
    Leaving.objects.all().delete()

    for _ in range(2):
        leave_group(membership=Membership.objects.get(pk=ana.pk), by=user, at=NOON)

    ana.refresh_from_db()
    assert ana.left_on == group.today(at=NOON)
    for model in (Reply, Rider, Note, Buddy):
        assert not model.objects.filter(membership=ana).exists()
    assert not Offer.objects.filter(membership=ana).exists()
    assert not Leadership.objects.filter(membership=ana, to_on=None).exists()


def test_trail_says_only_that_it_happened(group):
    ana, _user = left(group)

    events = Event.objects.filter(subject="membership", subject_id=ana.pk)
    assert [(e.kind, e.facts) for e in events] == [("membership.ended", {"group": group.pk})]


def test_coming_back_the_same_day_is_as_before(group):
    ana, user = left(group)
    (leaving,) = own_leavings(user, at=NOON + timedelta(hours=3))

    back = return_to_group(leaving=leaving, by=user, at=NOON + timedelta(hours=3))

    assert (back.pk, back.left_on, back.alias) == (ana.pk, None, ana.alias)
    assert back.joined_on == ana.joined_on
    assert not Leaving.objects.exists()


def test_next_day_is_too_late(group):
    _ana, user = left(group)
    leaving = Leaving.objects.get()

    assert own_leavings(user, at=NOON + DAY) == []
    with pytest.raises(NoLongerToday):
        return_to_group(leaving=leaving, by=user, at=NOON + DAY)
    assert forget_leavings(by=None, at=NOON) == 0
    assert forget_leavings(by=None, at=NOON + DAY) == 1


def test_who_was_let_go_by_somebody_else_cannot_come_back_alone(group):
    ana, user = member_of(group)
    rosa = make_coordinator(group.organisation)
    leave(membership=ana, on=group.today(at=NOON), by=rosa, at=NOON)

    assert own_leavings(user, at=NOON) == []


def fill(group: Group, ana: Membership) -> None:
    for _ in range(playbook_of(group.programme).sizes.max):
        make_membership(group)


def part(group: Group, ana: Membership) -> None:
    make_keep_apart(ana.parent, make_membership(group).parent)


@pytest.mark.parametrize("meanwhile", [fill, part])
def test_coming_back_needs_a_place_like_joining(group, meanwhile):
    ana, user = left(group)
    meanwhile(group, ana)

    with pytest.raises(NoPlace):
        return_to_group(leaving=Leaving.objects.get(), by=user, at=NOON)


def test_alias_taken_meanwhile_is_numbered(group):
    ana, user = left(group)
    make_membership(group, alias=ana.alias)

    back = return_to_group(leaving=Leaving.objects.get(), by=user, at=NOON)

    assert back.alias == f"{ana.alias} 2"


def test_stranger_sees_nobodys_leaving_and_nobodys_place(group):
    left(group)
    ben, _ = member_of(group)

    for stranger in (make_user(), make_coordinator(group.organisation)):
        assert own_leavings(stranger, at=NOON) == []
        assert place_of(stranger, ben, at=NOON).is_buddy is False


def join(group: Group, alias: str = "New Leaf") -> Membership:
    parent = make_parent(group.organisation, alias=alias)
    rosa = make_coordinator(group.organisation)
    return add_member(group=group, parent=parent, joined_on=group.today(at=NOON), by=rosa, at=NOON)


def test_newcomer_has_a_buddy_and_both_are_told(group):
    ana, user = member_of(group)
    agree(ana.parent)
    be_buddy(membership=ana, by=user, at=NOON)

    new = join(group)

    assert Welcome.objects.get(membership=new).buddy == ana
    assert place_of(user, ana, at=NOON).newcomers == (new.alias,)
    kinds = Message.objects.filter(parent=ana.parent).values_list("kind", flat=True)
    assert list(kinds) == ["buddy"]


def test_buddy_who_volunteers_later_has_who_is_new(group):
    ana, user = member_of(group)
    new = join(group)
    assert not Welcome.objects.exists()

    for _ in range(2):
        be_buddy(membership=ana, by=user, at=NOON + DAY)

    assert [(one.membership, one.buddy) for one in Welcome.objects.all()] == [(new, ana)]


def test_who_has_fewest_is_given_the_next(group):
    for _ in range(2):
        ana, user = member_of(group)
        be_buddy(membership=ana, by=user, at=NOON)

    for number in range(4):
        join(group, f"New {number}")

    has = Membership.objects.filter(buddy__isnull=False).annotate(n=Count("welcomes"))
    assert sorted(one.n for one in has) == [2, 2]


def test_another_takes_over_when_a_buddy_stops_or_leaves(group):
    (ana, one), (ben, two), (cleo, three) = (member_of(group) for _ in range(3))
    for member, user in ((ana, one), (ben, two), (cleo, three)):
        be_buddy(membership=member, by=user, at=NOON)
    new = join(group)
    assert Welcome.objects.get(membership=new).buddy == ana

    be_buddy_no_more(membership=ana, by=one, at=NOON)
    assert Welcome.objects.get(membership=new).buddy == ben
    leave_group(membership=ben, by=two, at=NOON)

    assert Welcome.objects.get(membership=new).buddy == cleo


def test_those_with_whom_a_group_begins_are_not_new(group):
    ana, user = member_of(group)
    be_buddy(membership=ana, by=user, at=NOON)
    began = group.first_local.date()

    add_member(
        group=group,
        parent=make_parent(group.organisation),
        joined_on=began,
        by=user,
        at=NOON,
    )

    assert not Welcome.objects.exists()


def test_two_months_later_nobody_is_new(group):
    ana, user = member_of(group)
    be_buddy(membership=ana, by=user, at=NOON)
    join(group)

    assert place_of(user, ana, at=NOON + 90 * DAY).newcomers == ()
