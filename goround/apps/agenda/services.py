"""What members want to talk about, and what the group makes of it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime

from django.db import transaction
from django.db.models import QuerySet

from goround.apps.accounts.models import User
from goround.apps.agenda.models import Topic, Want
from goround.apps.audit import services as audit
from goround.apps.groups.membership import NotAMember, check_membership
from goround.apps.groups.models import Group, Membership
from goround.apps.groups.one_writer import hold
from goround.apps.groups.selectors import leads_room
from goround.apps.meetings.models import Meeting

LONGEST_TOPIC = 300
MOST_TOPICS = 60


class NoMeeting(Exception):
    """No meeting is planned for which a topic could be chosen."""


class TooMany(Exception):
    """The list is full: some of it must be talked about or put aside first."""


class NotThere(Exception):
    """The topic is not on the list any more."""


@transaction.atomic
def propose_topic(
    *, membership: Membership, text: str, is_signed: bool, by: User, at: datetime
) -> Topic:
    """Put something on the group's list. The same words twice are one topic.

    Unsigned it leads to nobody, and so there is no entry in the trail: an entry says when.
    Raises ``TooMany``, ``NotAMember`` and ``GroupEnded``.
    """
    check_membership(membership, by)
    group = hold(membership.group)
    there = list(_open_topics(group).select_related("group"))
    same = next((topic for topic in there if topic.text.casefold() == text.casefold()), None)
    if same:
        return same
    if len(there) >= MOST_TOPICS:
        raise TooMany(f"{len(there)} topics")
    topic = Topic(
        group=group,
        month=group.today(at=at).replace(day=1),
        signed_by=membership if is_signed else None,
    )
    topic.lock(text)
    topic.save(force_insert=True)
    if is_signed:
        audit.record("topic.proposed", topic, by=by, at=at)
    return topic


@transaction.atomic
def set_want(
    *, topic: Topic, membership: Membership, is_wanted: bool, by: User, at: datetime
) -> None:
    """Say that one would like to talk about it too, or no longer.

    Not in the trail: it says nothing of anybody but this, and the group sees only how many.
    """
    check_membership(membership, by)
    if topic.group_id != membership.group_id:
        raise NotThere(f"{topic} is of another group")
    if is_wanted:
        Want.objects.get_or_create(topic=topic, membership=membership)
    else:
        Want.objects.filter(topic=topic, membership=membership).delete()


@transaction.atomic
def choose_topic(*, topic: Topic, membership: Membership, by: User, at: datetime) -> None:
    """Take it up for the next meeting. Raises ``NoMeeting``, ``NotThere``, ``NotAMember``."""
    with _changing(topic, membership, by) as held:
        meeting = _next_meeting(held.group, at=at)
        if meeting is None:
            raise NoMeeting(f"{held.group} has no meeting planned")
        if held.chosen_for_id == meeting.pk and held.talked_at_id is None:
            return
        held.chosen_for, held.talked_at, held.put_aside_on = meeting, None, None
        held.save(update_fields=["chosen_for", "talked_at", "put_aside_on"])
        audit.record("topic.chosen", held, by=by, at=at, meeting=meeting.pk)


@transaction.atomic
def let_topic_wait(*, topic: Topic, membership: Membership, by: User, at: datetime) -> None:
    """Put it back on the list, neither chosen, talked about nor aside."""
    with _changing(topic, membership, by) as held:
        if held.chosen_for_id is None and held.talked_at_id is None and held.put_aside_on is None:
            return
        held.chosen_for = held.talked_at = held.put_aside_on = None
        held.save(update_fields=["chosen_for", "talked_at", "put_aside_on"])
        audit.record("topic.put_back", held, by=by, at=at)


@transaction.atomic
def put_topic_aside(*, topic: Topic, membership: Membership, by: User, at: datetime) -> None:
    """Take it off the list. It can be put back for as long as it is kept."""
    with _changing(topic, membership, by) as held:
        if held.put_aside_on:
            return
        held.chosen_for = held.talked_at = None
        held.put_aside_on = held.group.today(at=at)
        held.save(update_fields=["chosen_for", "talked_at", "put_aside_on"])
        audit.record("topic.put_aside", held, by=by, at=at)


@transaction.atomic
def set_talked_about(
    *, topic: Topic, meeting: Meeting, is_done: bool, by: User, at: datetime
) -> None:
    """Say that the group talked about it at this meeting, or did not after all.

    For members, and for whoever leads the meeting. What is not ticked is carried over by itself.
    Raises ``NotThere``, ``NotAMember`` and ``GroupEnded``.
    """
    group = hold(topic.group)
    if not leads_room(by, group) and not _belongs(by, group):
        raise NotAMember(f"{group} is not of whoever acts")
    held = (
        Topic.objects.select_for_update(of=("self",), no_key=True)
        .filter(pk=topic.pk, group=group)
        .first()
    )
    if held is None or held.chosen_for_id is None or meeting.group_id != group.pk:
        raise NotThere(f"{topic} was not chosen")
    wanted = meeting.pk if is_done else None
    if held.talked_at_id == wanted:
        return
    held.talked_at_id = wanted
    held.save(update_fields=["talked_at"])
    audit.record("topic.talked_about", held, by=by, at=at, meeting=meeting.pk, done=is_done)


def _open_topics(group: Group) -> QuerySet[Topic]:
    """Topics neither talked about nor put aside."""
    return Topic.objects.filter(group=group, talked_at=None, put_aside_on=None)


def _next_meeting(group: Group, *, at: datetime) -> Meeting | None:
    coming = Meeting.objects.filter(group=group, ends_at__gt=at)
    return coming.exclude(status=Meeting.Status.CANCELLED).order_by("starts_at", "pk").first()


def _belongs(by: User, group: Group) -> bool:
    return Membership.objects.filter(group=group, left_on=None, parent__user=by).exists()


@contextmanager
def _changing(topic: Topic, membership: Membership, by: User) -> Iterator[Topic]:
    """The topic read afresh, one writer at a time, for a member of its group."""
    check_membership(membership, by)
    group = hold(membership.group)
    held = (
        Topic.objects.select_for_update(of=("self",), no_key=True)
        .filter(pk=topic.pk, group=group)
        .first()
    )
    if held is None:
        raise NotThere(f"{topic} is not of this group")
    held.group = group
    yield held
