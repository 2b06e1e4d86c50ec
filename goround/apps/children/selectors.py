"""Who sees which children: their leader, their parents, the leads; for all others, head-counts.

A children's leader is whoever leads the children of that very group now. What is to be known of
a child is not here but in ``looking``, which writes down that it was looked at.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import Q, QuerySet

from goround.apps.audit import services as audit
from goround.apps.children.locking import names_of, who_came
from goround.apps.children.models import (
    Adult,
    BarredAdult,
    Child,
    ChildrensSession,
    Refusal,
    Shortness,
    Visit,
)
from goround.apps.children.programme import bands_of, has_programme
from goround.apps.groups.models import Group, Leadership, Membership
from goround.apps.groups.selectors import groups_seen, own_memberships
from goround.apps.keys.sealing import open_each
from goround.apps.meetings.models import Meeting
from goround.apps.organisations.models import Organisation
from goround.apps.organisations.roles import Permission
from goround.apps.organisations.selectors import Viewer, organisations_for
from goround.domain.children.ratios import Band, Cover, cover, still_accepted

# A session that nobody closed stays on the leader's list for so long.
LOOKED_FOR = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class Came:
    """One visit with the names that belong to it."""

    visit: Visit
    brought: str
    collected: str


@dataclass(frozen=True, slots=True)
class Desk:
    """All that the children's leader sees of one session, read at one moment.

    ``away`` are children of the group who are not here now. ``owed``: there are too few adults
    and nobody has said what is done.
    """

    meeting: Meeting
    session: ChildrensSession | None
    bands: tuple[Band, ...]
    here: tuple[Came, ...]
    gone: tuple[Came, ...]
    away: tuple[Child, ...]
    cover: Cover
    accepted: tuple[Shortness, ...]

    @property
    def owed(self) -> bool:
        worst = max((row.short for row in self.accepted), default=None)
        return not still_accepted(self.cover, worst)

    @property
    def is_full(self) -> bool:
        places = self.session.places if self.session else None
        return places is not None and len(self.here) >= places

    def by_band(self) -> list[tuple[Band, int]]:
        here = Counter(each.visit.child.band for each in self.here)
        named = [(band, here.pop(band.key, 0)) for band in self.bands]
        return named + [(Band(key), count) for key, count in sorted(here.items())]


@dataclass(frozen=True, slots=True)
class ListedAdult:
    adult: Adult
    name: str


@dataclass(frozen=True, slots=True)
class HeadCount:
    """How many children came to one session, by age band, and no more than that."""

    meeting: Meeting
    children: int
    by_band: tuple[tuple[str, int], ...]
    was_short: bool


@dataclass(frozen=True, slots=True)
class WhyBarred:
    """What is sealed; ``is_readable`` is False where it was not sealed to this lead."""

    is_readable: bool
    reason: str = ""
    authorised_by: str = ""


def groups_of_children(viewer: Viewer, organisation: Organisation) -> QuerySet[Group]:
    """Groups whose children the viewer leads now."""
    if viewer.pk is None:
        return Group.objects.none()
    theirs = Q(facilitator__user_id=viewer.pk) | Q(membership__parent__user_id=viewer.pk)
    leads = Leadership.objects.filter(theirs, part=Leadership.Part.CHILDRENS_LEADER, to_on=None)
    may = organisations_for(viewer, needs=Permission.LEAD_CHILDREN)
    return Group.objects.filter(
        organisation=organisation, organisation__in=may, pk__in=leads.values("group")
    )


def meetings_with_children(
    viewer: Viewer, organisation: Organisation, *, at: datetime
) -> list[Meeting]:
    """Meetings whose children the viewer looks after about now, and sessions left open.

    Each with ``childrens_session`` where one was begun. One query.
    """
    groups = groups_of_children(viewer, organisation)
    about_now = Q(starts_at__lte=at + timedelta(days=1), ends_at__gt=at - timedelta(hours=12))
    left_open = Q(childrens_session__closed_at=None, childrens_session__isnull=False)
    left_open &= Q(starts_at__gt=at - LOOKED_FOR)
    found = Meeting.objects.filter(about_now | left_open, group__in=groups)
    found = found.exclude(status=Meeting.Status.CANCELLED).select_related(
        "group__programme", "group__organisation", "group__venue", "childrens_session"
    )
    return [each for each in found.order_by("starts_at", "pk") if has_programme(each.group)]


def desk_for(viewer: Viewer, organisation: Organisation, meeting_id: int) -> Desk | None:
    """The session beside one meeting, for the one who leads its children; else None."""
    meeting = (
        Meeting.objects.filter(pk=meeting_id, group__in=groups_of_children(viewer, organisation))
        .select_related("group__programme", "group__organisation", "group__venue")
        .first()
    )
    if meeting is None or not has_programme(meeting.group):
        return None
    session = ChildrensSession.objects.filter(meeting=meeting).first()
    if session is not None:
        session.meeting = meeting
    return _desk(meeting, session)


def _desk(meeting: Meeting, session: ChildrensSession | None) -> Desk:
    visits = list(_visits(session)) if session else []
    said = who_came(visits)
    came = [Came(each, *said[each.pk]) for each in visits]
    here = [each for each in came if each.visit.out_at is None]
    inside = {each.visit.child_id for each in here}
    away = meeting.group.children.filter(ended_at=None).exclude(pk__in=inside)
    bands = bands_of(meeting.group)
    counted = Counter(each.visit.child.band for each in here)
    return Desk(
        meeting,
        session,
        bands,
        tuple(here),
        tuple(each for each in came if each.visit.out_at),
        tuple(away.order_by("alias", "pk")),
        cover(bands, counted, adults=session.adults if session else 0),
        tuple(session.shortnesses.select_related("by").order_by("at", "pk")) if session else (),
    )


def _visits(session: ChildrensSession) -> QuerySet[Visit]:
    rows = Visit.objects.filter(session=session).select_related("child", "out_by")
    return rows.order_by("child__alias", "in_at", "pk")


def child_of_desk(viewer: Viewer, desk: Desk, child_id: int) -> Child | None:
    """A child of the desk's group that a selector found for this viewer."""
    here = groups_of_children(viewer, desk.meeting.group.organisation)
    rows = Child.objects.filter(pk=child_id, group=desk.meeting.group, group__in=here)
    return rows.select_related("group__programme", "group__organisation", "parent").first()


def coming_makes_short(viewer: Viewer, desk: Desk, child: Child) -> Cover | None:
    """How the adults would stand with this child too, where somebody must then say what is done."""
    if desk.session is None or any(each.visit.child_id == child.pk for each in desk.here):
        return None
    counted = Counter(each.visit.child.band for each in desk.here)
    counted[child.band] += 1
    then = cover(desk.bands, counted, adults=desk.session.adults)
    worst = max((row.short for row in desk.accepted), default=None)
    return None if still_accepted(then, worst) else then


def was_barred(viewer: Viewer, desk: Desk, mark: UUID) -> bool:
    """Whether whoever came with this mark is barred, for the one who leads the children."""
    here = groups_of_children(viewer, desk.meeting.group.organisation)
    refusals = Refusal.objects.filter(mark=mark, session__meeting__group__in=here)
    return refusals.filter(session__meeting=desk.meeting).exists()


def adults_of(viewer: Viewer, child: Child) -> list[ListedAdult]:
    """Who may collect a child that a selector found for this viewer, by name. Two queries."""
    rows = list(child.adults.filter(ended_at=None).select_related("child"))
    names = names_of(rows)
    listed = [ListedAdult(row, names[row.pk]) for row in rows]
    return sorted(listed, key=lambda each: (not each.adult.is_standing, each.name.casefold()))


def barred_from(viewer: Viewer, child: Child) -> list[BarredAdult]:
    """Who may never collect it; for its leader and the leads, and not for the parent.

    A parent's account may be in the hands of the very person.
    """
    leads = groups_of_children(viewer, child.group.organisation).filter(pk=child.group_id)
    handles = organisations_for(viewer, needs=Permission.HANDLE_CONCERNS)
    if not leads.exists() and not handles.filter(pk=child.organisation_id).exists():
        return []
    return list(child.barred.filter(ended_at=None).order_by("pk"))


def members_for(viewer: Viewer, desk: Desk) -> QuerySet[Membership]:
    """Parents of the group by alias, to say whose child somebody is."""
    here = groups_of_children(viewer, desk.meeting.group.organisation)
    rows = Membership.objects.filter(group=desk.meeting.group, group__in=here, left_on=None)
    return rows.select_related("parent").order_by("alias", "pk")


def own_groups_with_children(viewer: Viewer) -> list[Membership]:
    """The viewer's own groups that have a children's programme."""
    mine = own_memberships(viewer).select_related(
        "group__programme", "group__organisation", "group__venue", "parent"
    )
    return [each for each in mine if has_programme(each.group)]


def own_children(viewer: Viewer) -> QuerySet[Child]:
    """The viewer's own children, by name."""
    if viewer.pk is None:
        return Child.objects.none()
    own = Child.objects.filter(parent__user_id=viewer.pk, ended_at=None)
    return own.select_related("group__programme", "group__organisation").order_by("alias", "pk")


def own_visits(viewer: Viewer, child: Child) -> list[Came]:
    """When the viewer's own child was there, and who brought and collected them."""
    mine = Visit.objects.filter(child=child, child__parent__user_id=viewer.pk or 0)
    rows = list(mine.select_related("child", "session__meeting__group").order_by("-in_at")[:20])
    said = who_came(rows)
    return [Came(each, *said[each.pk]) for each in rows]


def head_counts(viewer: Viewer, group: Group) -> list[HeadCount]:
    """The group's children's sessions in numbers, the latest first, for who sees the group."""
    rows = ChildrensSession.objects.filter(
        meeting__group=group, meeting__group__in=groups_seen(viewer, group.organisation)
    )
    sessions = rows.select_related("meeting__group").prefetch_related("shortnesses")
    found = list(sessions.order_by("-meeting__starts_at", "-pk")[:60])
    visits = Visit.objects.filter(session__in=found).order_by()
    by_session: dict[int, Counter[str]] = {each.pk: Counter() for each in found}
    for pk, band in _each_child_once(visits):
        by_session[pk][band] += 1
    return [_head_count(each, by_session[each.pk]) for each in found]


def _each_child_once(visits: QuerySet[Visit]) -> Iterable[tuple[int, str]]:
    rows = visits.values_list("session_id", "child__band", "child_id").distinct()
    return ((session, band) for session, band, _child in rows)


def _head_count(session: ChildrensSession, counted: Counter[str]) -> HeadCount:
    return HeadCount(
        session.meeting,
        sum(counted.values()),
        tuple(sorted(counted.items())),
        bool(session.shortnesses.all()),
    )


def came_to(viewer: Viewer, meeting: Meeting) -> int | None:
    """How many children were signed in beside a meeting; None where nobody signed any in.

    For whoever sees the meeting's group.
    """
    seen = groups_seen(viewer, meeting.group.organisation).filter(pk=meeting.group_id)
    session = ChildrensSession.objects.filter(meeting=meeting, meeting__group__in=seen).first()
    if session is None:
        return None
    return session.visits.values("child").distinct().count()


def barred_for(viewer: Viewer, organisation: Organisation) -> QuerySet[BarredAdult]:
    """Everybody barred from a child there, for its safeguarding leads; the newest first."""
    may = organisations_for(viewer, needs=Permission.HANDLE_CONCERNS)
    rows = BarredAdult.objects.filter(organisation=organisation, organisation__in=may)
    return rows.select_related("child__group", "told", "barred_by", "ended_by").order_by(
        "-barred_at", "-pk"
    )


@transaction.atomic
def why_barred(
    viewer: Viewer, barred: BarredAdult, *, private_key: bytes, at: datetime
) -> WhyBarred:
    """What is sealed about it, for the holder of the key; that it was opened is written down."""
    texts = open_each(private_key, [barred.told]) if barred.told else {}
    audit.record("barred_adult.opened", barred, by=viewer, at=at)
    said = json.loads(texts.get(barred.told_id or 0, "{}"))
    return WhyBarred(
        bool(texts) or barred.told is None,
        said.get("reason", ""),
        said.get("authorised_by", ""),
    )


def refusals_for(viewer: Viewer, organisation: Organisation) -> QuerySet[Refusal]:
    """When a barred adult came for a child, for the leads; the newest first."""
    may = organisations_for(viewer, needs=Permission.HANDLE_CONCERNS)
    rows = Refusal.objects.filter(organisation=organisation, organisation__in=may)
    return rows.select_related("child__group", "session__meeting", "by").order_by("-at", "-pk")


def children_called(viewer: Viewer, organisation: Organisation, called: str) -> QuerySet[Child]:
    """Children whose name holds these letters, for a lead who bars somebody."""
    may = organisations_for(viewer, needs=Permission.HANDLE_CONCERNS)
    rows = Child.objects.filter(
        organisation=organisation, organisation__in=may, alias__icontains=called, ended_at=None
    )
    return rows.select_related("group").order_by("alias", "pk")
