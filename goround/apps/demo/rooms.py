"""A group's room with what its people put there: rides, a cake, links, who asks to join."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta

from goround.apps.accounts.models import User
from goround.apps.groups.models import Group, Membership
from goround.apps.joining.buddies import be_buddy
from goround.apps.joining.models import Way
from goround.apps.joining.services import ask_to_join, set_rule
from goround.apps.meetings.models import Meeting
from goround.apps.people.models import Referral
from goround.apps.rooms import services
from goround.apps.rooms.models import Offer
from goround.apps.rooms.writing import answer_note, write_note


def load_rooms(people: Mapping[str, User], *, at: datetime) -> None:
    """The rooms of the groups in which somebody of the cast is a parent."""
    _circle(people["parent"], people["facilitator"], at=at)
    _five(people["co-leader"], at=at)


def _circle(parent: User, facilitator: User, *, at: datetime) -> None:
    mine = _membership(parent)
    group = mine.group
    others = list(_others(mine))
    services.set_board(
        group=group,
        bring="A cup, and something warm to put on: the heating is slow.",
        getting_there="The green door beside the clinic. Bus 18 stops across the street.",
        reach="Dolores reads notes on weekdays before noon. Pablo answers in the evening.",
        welcome="Come a little early, the door sticks. You can just listen the first time.",
        by=parent,
        at=at,
    )
    _keep(group, "Free clothes and toys", "https://example.org/swap", "", by=parent, at=at)
    _keep(group, "Soup for twelve", "", "2 kg carrots, ginger, coconut milk.", by=parent, at=at)
    _before_the_next(mine, others, at=at)
    be_buddy(membership=mine, by=parent, at=at)
    set_rule(group=group, way=Way.ANY_LEADER, days=7, can_be_found=True, by=facilitator, at=at)
    _somebody_asks(group, by=facilitator, at=at)
    asked = write_note(
        membership=mine,
        text="Can I bring my sister next time?",
        to_facilitators=False,
        by=parent,
        at=at - timedelta(hours=20),
    )
    answer_note(
        note=asked,
        text="Ask the others first. From my side: yes.",
        called=facilitator.shown_as,
        by=facilitator,
        at=at - timedelta(hours=3),
    )
    write_note(
        membership=others[0],
        text="I may be late on that day.",
        to_facilitators=True,
        by=facilitator,
        at=at - timedelta(hours=2),
    )


def _five(leader: User, *, at: datetime) -> None:
    mine = _membership(leader)
    set_rule(group=mine.group, way=Way.EVERYBODY, days=7, can_be_found=False, by=leader, at=at)
    services.set_board(
        group=mine.group,
        bring="A snack to share",
        getting_there="Ring twice. Strollers can stay in the hall.",
        welcome="We are five and glad of you.",
        by=leader,
        at=at,
    )


def _before_the_next(mine: Membership, others: list[Membership], *, at: datetime) -> None:
    coming = Meeting.objects.filter(group=mine.group, ends_at__gt=at, status=Meeting.Status.PLANNED)
    meeting = coming.order_by("starts_at")[0]
    by = mine.parent.user
    assert by is not None
    ride, full, _cake = (
        services.offer(
            meeting=meeting, membership=who, kind=kind, words=words, seats=seats, by=by, at=at
        )
        for who, kind, words, seats in (
            (others[0], Offer.Kind.RIDE, "From the market, 17:30", 3),
            (others[1], Offer.Kind.RIDE, "From the clinic, 17:40", 1),
            (others[2], Offer.Kind.REFRESHMENTS, "Tea, and a cake without nuts", 0),
        )
    )
    services.take_seat(offer=ride, membership=others[3], by=by, at=at)
    services.take_seat(offer=full, membership=others[4], by=by, at=at)


def _somebody_asks(group: Group, *, by: User, at: datetime) -> None:
    """The parent who waits the longest, with a coordinator's help."""
    waiting = Referral.objects.filter(
        programme=group.programme, status=Referral.Status.WAITING
    ).select_related("parent")
    longest = waiting.order_by("waiting_since", "pk").first()
    if longest:
        ask_to_join(
            group=group,
            parent=longest.parent,
            alias=longest.parent.alias,
            words="I have two girls and no evenings. I would like to listen first.",
            by=by,
            at=at - timedelta(days=2),
        )


def _keep(group: Group, title: str, url: str, text: str, *, by: User, at: datetime) -> None:
    services.add_resource(group=group, title=title, url=url, text=text, by=by, at=at)


def _membership(user: User) -> Membership:
    found = Membership.objects.filter(parent__user=user, left_on=None)
    return found.select_related("group__programme", "parent__user").get()


def _others(mine: Membership) -> list[Membership]:
    members = Membership.objects.filter(group=mine.group, left_on=None).exclude(pk=mine.pk)
    return list(members.order_by("pk"))
