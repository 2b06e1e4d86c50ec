"""Who asks to join, for the group and for whoever asks; who is new, and who looks out for them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Exists, OuterRef, Q, QuerySet

from goround.apps.groups.company import kept_away
from goround.apps.groups.models import Group, Membership
from goround.apps.groups.selectors import groups_seen, leads_room, own_membership, room_of
from goround.apps.joining.buddies import NEW_FOR
from goround.apps.joining.leaving import is_today
from goround.apps.joining.models import (
    Buddy,
    JoinRequest,
    JoinRule,
    Leaving,
    Objection,
    Way,
    Welcome,
)
from goround.apps.organisations.selectors import Viewer
from goround.apps.people.models import Parent


@dataclass(frozen=True, slots=True)
class Place:
    """How a member stands with the others: who looks out for them, and for whom they do."""

    is_new: bool
    buddy: str
    newcomers: tuple[str, ...]
    is_buddy: bool


def rule_of(viewer: Viewer, group: Group) -> JoinRule:
    """The group's rule, as chosen or as usual, for those whose room it is."""
    return JoinRule.objects.filter(group__in=room_of(viewer, group.pk)).first() or JoinRule(
        group=group
    )


def requests_for(viewer: Viewer, group: Group, *, at: datetime) -> QuerySet[JoinRequest]:
    """Open requests that are the viewer's to answer, the longest first, with ``i_object``.

    Those of a group where any leader says yes are for the leaders. Absent is what has no place,
    and who must not meet somebody here, since whenever it was recorded.
    """
    asked = JoinRequest.objects.filter(
        group__in=room_of(viewer, group.pk),
        status=JoinRequest.Status.OPEN,
        is_put=True,
    )
    if not leads_room(viewer, group):
        asked = asked.filter(way=Way.EVERYBODY)
    asked = asked.exclude(parent__in=kept_away(group, at=at))
    mine = Objection.objects.filter(request=OuterRef("pk"), user_id=viewer.pk or 0)
    return asked.annotate(i_object=Exists(mine)).select_related("group").order_by("asked_at", "pk")


def own_requests(viewer: Viewer) -> QuerySet[JoinRequest]:
    """What the viewer asked as a parent, the newest first, whatever became of it."""
    if viewer.pk is None:
        return JoinRequest.objects.none()
    mine = JoinRequest.objects.filter(parent__user_id=viewer.pk)
    return mine.select_related("group__organisation", "group__programme").order_by(
        "-asked_at", "-pk"
    )


def groups_to_ask(viewer: Viewer) -> QuerySet[Group]:
    """Groups that chose to be found, at the organisation where the viewer's own record is.

    A group that is full or has no place for them is among them: leaving it out would tell.
    """
    if viewer.pk is None:
        return Group.objects.none()
    mine = Parent.objects.filter(user_id=viewer.pk, erased_at=None)
    belongs = Membership.objects.filter(parent__user_id=viewer.pk, left_on=None)
    asked = JoinRequest.objects.filter(parent__user_id=viewer.pk, status=JoinRequest.Status.OPEN)
    found = Group.objects.filter(
        organisation__in=mine.values("organisation"),
        status=Group.Status.ACTIVE,
        join_rule__can_be_found=True,
    )
    found = found.exclude(pk__in=belongs.values("group")).exclude(pk__in=asked.values("group"))
    return found.select_related("programme", "organisation").order_by("name", "pk")


def place_of(viewer: Viewer, membership: Membership, *, at: datetime) -> Place:
    """For one's own membership; nobody else's is told."""
    own = own_membership(viewer, membership.group)
    if own is None or own.pk != membership.pk:
        return Place(is_new=False, buddy="", newcomers=(), is_buddy=False)
    since = membership.group.today(at=at) - NEW_FOR
    mine = Q(membership=own) | Q(buddy=own)
    welcomes = Welcome.objects.filter(
        mine, membership__left_on=None, membership__joined_on__gte=since
    ).select_related("membership", "buddy")
    rows = list(welcomes.order_by("membership__alias", "pk"))
    about_me = next((one for one in rows if one.membership_id == own.pk), None)
    return Place(
        is_new=about_me is not None,
        buddy=about_me.buddy.alias if about_me and about_me.buddy else "",
        newcomers=tuple(one.membership.alias for one in rows if one.buddy_id == own.pk),
        is_buddy=Buddy.objects.filter(membership=own).exists(),
    )


def own_leavings(viewer: Viewer, *, at: datetime) -> list[Leaving]:
    """Groups the viewer left today and may still come back to."""
    if viewer.pk is None:
        return []
    mine = Leaving.objects.filter(
        membership__parent__user_id=viewer.pk, membership__group__status=Group.Status.ACTIVE
    )
    kept = mine.exclude(membership__left_on=None).select_related("membership__group")
    return [one for one in kept.order_by("pk") if is_today(one, at=at)]


def group_decides(viewer: Viewer, group: Group) -> bool:
    """Whether a group the viewer sees chose how it lets people in, so that staff ask it first."""
    seen = groups_seen(viewer, group.organisation).filter(pk=group.pk)
    return JoinRule.objects.filter(group__in=seen).exists()
