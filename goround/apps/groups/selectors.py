"""Which groups somebody sees, and who belongs to them. Strangers find nothing."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Prefetch, Q, QuerySet

from goround.apps.groups.models import Group, Invitation, Leadership, Membership
from goround.apps.organisations.models import Organisation, Programme
from goround.apps.organisations.roles import Permission
from goround.apps.organisations.selectors import Viewer, organisations_for
from goround.apps.people.models import Referral
from goround.apps.people.selectors import WaitingFilter, waiting_list


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupsKept:
    """What to keep of a list of groups; what is left empty keeps all."""

    search: str = ""
    programme: Programme | None = None
    status: Group.Status | None = None


def groups_for(viewer: Viewer, organisation: Organisation) -> QuerySet[Group]:
    """Groups by name, with programme and place: all, or those the viewer leads.

    ``leaderships.all()`` of each holds only who leads now. Two queries, however many groups.
    """
    sees_all = organisations_for(viewer, needs=Permission.SEE_ALL_GROUPS)
    led = organisations_for(viewer, needs=Permission.SEE_OWN_GROUPS)
    seen = Q(organisation__in=sees_all) | Q(
        organisation__in=led, pk__in=_led_by(viewer).values("group")
    )
    return _with_leaders(Group.objects.filter(seen, organisation=organisation))


def groups_kept(viewer: Viewer, organisation: Organisation, *, keep: GroupsKept) -> QuerySet[Group]:
    """``groups_for``, of which only those asked for."""
    groups = groups_for(viewer, organisation).filter(name__icontains=keep.search)
    if keep.programme:
        groups = groups.filter(programme=keep.programme)
    return groups.filter(status=keep.status) if keep.status else groups


def led_groups(viewer: Viewer, organisation: Organisation) -> QuerySet[Group]:
    """Only the groups the viewer leads now, in any part; otherwise as ``groups_for``."""
    led = organisations_for(viewer, needs=Permission.SEE_OWN_GROUPS)
    return _with_leaders(
        Group.objects.filter(
            organisation=organisation, organisation__in=led, pk__in=_led_by(viewer).values("group")
        )
    )


def groups_to_record(viewer: Viewer, organisation: Organisation) -> QuerySet[Group]:
    """Groups whose attendance the viewer may record: any, or those they lead.

    Leading the children alone is no leave to record the parents.
    """
    any_group = organisations_for(viewer, needs=Permission.RECORD_ANY_ATTENDANCE)
    own = organisations_for(viewer, needs=Permission.RECORD_OWN_ATTENDANCE)
    may = Q(organisation__in=any_group) | Q(
        organisation__in=own,
        pk__in=_led_by(viewer).exclude(part=Leadership.Part.CHILDRENS_LEADER).values("group"),
    )
    return Group.objects.filter(may, organisation=organisation)


def members_of(viewer: Viewer, group: Group) -> QuerySet[Membership]:
    """Who belongs to the group now, by alias; nobody unless the viewer sees the group."""
    return Membership.objects.filter(
        group=group, group__in=groups_for(viewer, group.organisation), left_on=None
    ).order_by("alias", "pk")


def leaders_of(viewer: Viewer, group: Group) -> QuerySet[Leadership]:
    """Who leads the group now, the longest first."""
    return (
        Leadership.objects.filter(
            group=group, group__in=groups_for(viewer, group.organisation), to_on=None
        )
        .select_related("facilitator", "membership")
        .order_by("from_on", "pk")
    )


def who_waits_for(viewer: Viewer, group: Group, *, called: str) -> QuerySet[Referral]:
    """Parents waiting for the group's programme whose alias holds these letters, the longest first.

    None of them is told to be unfit: whether somebody can join is asked when they do.
    """
    waiting = waiting_list(
        viewer, group.organisation, keep=WaitingFilter(programme=group.programme)
    )
    return waiting.filter(parent__alias__icontains=called)


def invitations_for(viewer: Viewer, group: Group) -> QuerySet[Invitation]:
    """Invitations to this group for those who manage groups, with the member they are for."""
    manages = organisations_for(viewer, needs=Permission.MANAGE_GROUPS)
    return (
        Invitation.objects.filter(
            membership__group=group,
            membership__left_on=None,
            membership__group__organisation__in=manages,
        )
        .select_related("membership__group")
        .order_by("status", "membership__alias", "pk")
    )


def _led_by(viewer: Viewer) -> QuerySet[Leadership, Leadership]:
    """Parts the viewer holds now. Somebody not signed in holds none."""
    if viewer.pk is None:
        return Leadership.objects.none()
    theirs = Q(facilitator__user_id=viewer.pk) | Q(membership__parent__user_id=viewer.pk)
    return Leadership.objects.filter(theirs, to_on=None)


def _with_leaders(groups: QuerySet[Group]) -> QuerySet[Group]:
    leading = (
        Leadership.objects.filter(to_on=None)
        .select_related("facilitator", "membership")
        .order_by("from_on", "pk")
    )
    return (
        groups.select_related("organisation", "programme", "venue")
        .prefetch_related(Prefetch("leaderships", queryset=leading))
        .order_by("name", "pk")
    )
