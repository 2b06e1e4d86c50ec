"""A group's agenda, and what its members wrote for themselves.

Members read the list. Whoever leads a meeting reads what was chosen for it and what members said
they would try. Goals are their owner's, and the group's where they were shared. Nobody else
reads anything.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from goround.apps.agenda.models import Goal, GoalWords, Promise, Topic, Want
from goround.apps.agenda.own_words import open_words
from goround.apps.groups.models import Group, Membership
from goround.apps.groups.selectors import belongs_to, own_membership, own_memberships, room_of
from goround.apps.meetings.models import Meeting
from goround.apps.organisations.selectors import Viewer

TALKED_SHOWN, PAST_PROMISES_SHOWN = 10, 6


@dataclass(frozen=True, slots=True)
class TopicSeen:
    """A topic as the group reads it. ``alias`` is empty for one that nobody signed.

    ``carried_from`` is when the meeting it was chosen for began, if that went by without it.
    """

    topic: Topic
    text: str
    alias: str
    wants: int
    is_wanted: bool
    carried_from: datetime | None


@dataclass(frozen=True, slots=True)
class Agenda:
    """``last`` is the meeting at which a topic can have been talked about: the latest begun."""

    chosen: tuple[TopicSeen, ...]
    wished: tuple[TopicSeen, ...]
    talked: tuple[TopicSeen, ...]
    aside: tuple[TopicSeen, ...]
    coming: Meeting | None
    last: Meeting | None


@dataclass(frozen=True, slots=True)
class Asked:
    """What one member said they would try, for whoever leads the check-in round."""

    alias: str
    text: str


@dataclass(frozen=True, slots=True)
class OwnPromises:
    """The viewer's own: the open one, and how those before it went, the latest first."""

    open_one: Promise | None
    text: str
    past: tuple[tuple[Promise, str], ...]


@dataclass(frozen=True, slots=True)
class GoalSeen:
    goal: Goal
    words: GoalWords


@dataclass(frozen=True, slots=True)
class SharedGoal:
    """All that the group reads of a goal that was shared with it."""

    alias: str
    text: str
    is_done: bool


def agenda_of(viewer: Viewer, membership: Membership, *, at: datetime) -> Agenda | None:
    """The group's whole list for one of its members; None for anybody else. Four queries."""
    own = own_membership(viewer, membership.group_id)
    if own is None or own.pk != membership.pk:
        return None
    rows = _seen(Topic.objects.filter(group=own.group_id), mine=own, at=at)
    waiting = [row for row in rows if row.topic.talked_at is None]
    talked = [row for row in rows if row.topic.talked_at]
    talked.sort(key=_when_talked, reverse=True)
    return Agenda(
        chosen=tuple(row for row in waiting if row.topic.chosen_for),
        wished=tuple(r for r in waiting if not r.topic.chosen_for and not r.topic.put_aside_on),
        talked=tuple(talked[:TALKED_SHOWN]),
        aside=tuple(row for row in waiting if row.topic.put_aside_on),
        coming=_not_cancelled(own.group).filter(ends_at__gt=at).order_by("starts_at").first(),
        last=_not_cancelled(own.group).filter(starts_at__lte=at).order_by("-starts_at").first(),
    )


def topic_in(viewer: Viewer, group: Group, topic_id: int) -> Topic | None:
    """A topic of a group the viewer belongs to."""
    found = Topic.objects.filter(pk=topic_id, group__in=belongs_to(viewer, group.pk))
    return found.select_related("group").first()


def chosen_for(viewer: Viewer, meeting: Meeting, *, at: datetime) -> list[TopicSeen]:
    """What a meeting is to talk about, for its group's members and whoever leads it.

    What was chosen for an earlier one and is still open counts, and so does what this one has
    talked about already.
    """
    rooms = room_of(viewer, meeting.group_id)
    rows = Topic.objects.filter(group__in=rooms, put_aside_on=None).filter(
        Q(talked_at=None, chosen_for__starts_at__lte=meeting.starts_at) | Q(talked_at=meeting)
    )
    return _seen(rows, mine=None, at=at)


def chosen_next(viewer: Viewer, group: Group, *, at: datetime) -> list[TopicSeen]:
    """What is chosen and not talked about yet, for members and whoever leads the group."""
    rooms = room_of(viewer, group.pk)
    rows = Topic.objects.filter(group__in=rooms, talked_at=None, chosen_for__isnull=False)
    return _seen(rows, mine=None, at=at)


def how_many_wished(viewer: Viewer, group: Group) -> int | None:
    """How much is on the list and not chosen yet, for members; None for anybody else."""
    own = own_membership(viewer, group)
    if own is None:
        return None
    wished = Topic.objects.filter(chosen_for=None, talked_at=None, put_aside_on=None)
    return wished.filter(group=own.group_id).count()


def promises_asked(viewer: Viewer, meeting: Meeting) -> list[Asked]:
    """What members said before this meeting that they would try, by alias. Two queries.

    For the group's members and whoever leads it.
    """
    rooms = room_of(viewer, meeting.group_id)
    rows = list(
        Promise.objects.filter(
            membership__group__in=rooms,
            membership__left_on=None,
            outcome=Promise.Outcome.OPEN,
            made_at__lt=meeting.starts_at,
        )
        .select_related("membership")
        .order_by("membership__alias", "pk")
    )
    words = open_words(rows)
    return [Asked(row.membership.alias, words[row.pk]) for row in rows if row.pk in words]


def own_promises(viewer: Viewer, membership: Membership) -> OwnPromises:
    """The viewer's own promises in one group; nothing for anybody else's. Two queries."""
    rows = list(
        Promise.objects.filter(membership__in=_own(viewer, membership))
        .select_related("membership")
        .order_by("-made_at", "-pk")[: PAST_PROMISES_SHOWN + 1]
    )
    words = open_words(rows)
    told = [(row, words.get(row.pk, "")) for row in rows]
    open_one, text = next((pair for pair in told if not pair[0].outcome), (None, ""))
    return OwnPromises(open_one, text, tuple(pair for pair in told if pair[0].outcome))


def goals_of(viewer: Viewer, membership: Membership) -> list[GoalSeen]:
    """The viewer's own goals in one group, those to be done first. Two queries."""
    rows = list(
        Goal.objects.filter(membership__in=_own(viewer, membership))
        .select_related("membership__group")
        .order_by("-done_on", "pk")
    )
    words = open_words(rows)
    seen = [GoalSeen(row, GoalWords.from_text(words[row.pk])) for row in rows if row.pk in words]
    return sorted(seen, key=lambda one: one.goal.done_on is not None)


def goal_of(viewer: Viewer, membership: Membership, goal_id: int) -> GoalSeen | None:
    """One of the viewer's own goals."""
    own = goals_of(viewer, membership)
    return next((seen for seen in own if seen.goal.pk == goal_id), None)


def shared_goals(viewer: Viewer, group: Group) -> list[SharedGoal]:
    """Goals that other members shared with the group, for its members. Two queries."""
    own = own_memberships(viewer).filter(group=group).order_by()
    rows = list(
        Goal.objects.filter(
            membership__group__in=own.values("group"), membership__left_on=None, is_shared=True
        )
        .exclude(membership__in=own.values("pk"))
        .select_related("membership")
        .order_by("membership__alias", "pk")
    )
    words = open_words(rows)
    return [
        SharedGoal(
            row.membership.alias, GoalWords.from_text(words[row.pk]).text, row.done_on is not None
        )
        for row in rows
        if row.pk in words
    ]


def _own(viewer: Viewer, membership: Membership) -> QuerySet[Membership, int]:
    return own_memberships(viewer).filter(pk=membership.pk).order_by().values_list("pk", flat=True)


def _not_cancelled(group: Group) -> QuerySet[Meeting]:
    return Meeting.objects.filter(group=group).exclude(status=Meeting.Status.CANCELLED)


def _seen(rows: QuerySet[Topic], *, mine: Membership | None, at: datetime) -> list[TopicSeen]:
    """In an order that tells nothing of when each was written: the most wanted, then by words."""
    wanted = Want.objects.filter(topic=OuterRef("pk"), membership=mine)
    found = rows.select_related("group", "signed_by", "chosen_for", "talked_at").annotate(
        wanting=Count("wants", filter=Q(wants__membership__left_on=None)),
        is_mine=Exists(wanted),
    )
    seen = [
        TopicSeen(
            topic=row,
            text=row.text,
            alias=row.signed_by.alias if row.signed_by else "",
            wants=row.wanting,
            is_wanted=row.is_mine,
            carried_from=_carried_from(row, at),
        )
        for row in found
    ]
    return sorted(seen, key=lambda one: (-one.wants, one.text.casefold(), one.topic.pk))


def _carried_from(topic: Topic, at: datetime) -> datetime | None:
    chosen = topic.chosen_for
    if chosen is None or topic.talked_at is not None:
        return None
    is_past = chosen.ends_at <= at or chosen.status == Meeting.Status.CANCELLED
    return chosen.starts_at if is_past else None


def _when_talked(seen: TopicSeen) -> tuple[float, int]:
    meeting = seen.topic.talked_at
    return meeting.starts_at.timestamp() if meeting else 0.0, seen.topic.pk
