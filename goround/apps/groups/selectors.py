"""Which groups somebody sees, and who belongs to them. Strangers find nothing."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Prefetch, Q, QuerySet

from goround.apps.groups.company import neighbours, parents_in
from goround.apps.groups.models import Group, Invitation, Leadership, Membership
from goround.apps.organisations.models import Organisation, Programme
from goround.apps.organisations.one_look import asked_once, is_looking
from goround.apps.organisations.roles import Permission
from goround.apps.organisations.selectors import Ids, Viewer, organisations_for, places_with
from goround.apps.people.models import Referral
from goround.apps.people.selectors import WaitingFilter, waiting_list
from goround.domain.privacy.apart import Pair, may_meet


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupsKept:
    """What to keep of a list of groups; what is left empty keeps all."""

    search: str = ""
    programme: Programme | None = None
    status: Group.Status | None = None


def groups_seen(viewer: Viewer, organisation: Organisation) -> QuerySet[Group]:
    """Which groups the viewer sees: all, or those they lead. Bare rows, in no order."""
    led = Q(organisation__in=places_with(viewer, Permission.SEE_OWN_GROUPS), pk__in=_led_by(viewer))
    seen = Q(organisation__in=places_with(viewer, Permission.SEE_ALL_GROUPS)) | led
    return Group.objects.filter(seen, organisation=organisation)


def groups_for(viewer: Viewer, organisation: Organisation) -> QuerySet[Group]:
    """``groups_seen`` by name, with programme and place.

    ``leaderships.all()`` of each holds only who leads now. Two queries, however many groups.
    """
    return _with_leaders(groups_seen(viewer, organisation))


def groups_kept(viewer: Viewer, organisation: Organisation, *, keep: GroupsKept) -> QuerySet[Group]:
    """``groups_for``, of which only those asked for."""
    groups = groups_for(viewer, organisation).filter(name__icontains=keep.search)
    if keep.programme:
        groups = groups.filter(programme=keep.programme)
    return groups.filter(status=keep.status) if keep.status else groups


def led_groups(viewer: Viewer, organisation: Organisation) -> QuerySet[Group]:
    """Only the groups the viewer leads now, in any part; otherwise as ``groups_for``."""
    places = places_with(viewer, Permission.SEE_OWN_GROUPS)
    mine = Group.objects.filter(organisation__in=places, pk__in=_led_by(viewer))
    return _with_leaders(mine.filter(organisation=organisation))


def groups_to_record(viewer: Viewer, organisation: Organisation) -> QuerySet[Group]:
    """Groups whose attendance the viewer may record: any, or those they lead.

    Leading the children alone is no leave to record the parents.
    """
    own = Q(
        organisation__in=places_with(viewer, Permission.RECORD_OWN_ATTENDANCE),
        pk__in=_led_by(viewer, but_not=Leadership.Part.CHILDRENS_LEADER),
    )
    any_group = Q(organisation__in=places_with(viewer, Permission.RECORD_ANY_ATTENDANCE))
    return Group.objects.filter(any_group | own, organisation=organisation)


def members_of(viewer: Viewer, group: Group) -> QuerySet[Membership]:
    """Who belongs to the group now, by alias; nobody unless the viewer sees the group."""
    return Membership.objects.filter(
        group=group, group__in=groups_seen(viewer, group.organisation), left_on=None
    ).order_by("alias", "pk")


def members_helped(viewer: Viewer, organisation: Organisation) -> QuerySet[Membership]:
    """Members now whom the viewer may help into their account: those of groups they lead.

    Leading the children alone is not enough, and neither is leading another group.
    """
    led = Group.objects.filter(
        organisation=organisation,
        organisation__in=places_with(viewer, Permission.RECORD_OWN_ATTENDANCE),
        pk__in=_led_by(viewer, but_not=Leadership.Part.CHILDRENS_LEADER),
    )
    members = Membership.objects.filter(group__in=led, left_on=None)
    return members.select_related("parent__user", "group")


def own_memberships(viewer: Viewer) -> QuerySet[Membership]:
    """The groups the viewer belongs to as a parent, with where they meet. Nobody else's."""
    if is_looking():
        own = Membership.objects.filter(pk__in=[each.pk for each in _own_once(viewer)])
        return _with_where(own)
    return _own(viewer)


def rooms_for(viewer: Viewer) -> QuerySet[Group]:
    """Groups whose own room opens to the viewer: those they belong to, and those they lead.

    The room is the group's: a coordinator finds none here, and whoever leads the children alone
    finds none either. With programme and place.
    """
    if is_looking():
        return _with_place(Group.objects.filter(pk__in=[each.pk for each in _rooms_once(viewer)]))
    return _rooms(viewer)


def room_for(viewer: Viewer, group_id: int) -> Group | None:
    """One of those groups, or None."""
    if is_looking():
        return next((each for each in _rooms_once(viewer) if each.pk == group_id), None)
    return rooms_for(viewer).filter(pk=group_id).first()


def room_of(viewer: Viewer, group_id: int) -> Ids:
    """For ``group__in``: the group's id if its room opens to the viewer, else nothing."""
    if is_looking():
        return [each.pk for each in _rooms_once(viewer) if each.pk == group_id]
    return rooms_for(viewer).filter(pk=group_id).order_by().values("pk")


def belongs_to(viewer: Viewer, group_id: int) -> Ids:
    """For ``group__in``: the group's id if the viewer is a member of it, else nothing."""
    if is_looking():
        return [each.group_id for each in _own_once(viewer) if each.group_id == group_id]
    return own_memberships(viewer).filter(group=group_id).order_by().values("group")


def leads_room(viewer: Viewer, group: Group) -> bool:
    """Whether the viewer leads this group now, as more than its children's leader."""
    led = _led_by(viewer, but_not=Leadership.Part.CHILDRENS_LEADER)
    if isinstance(led, list):
        return group.pk in led and room_for(viewer, group.pk) is not None
    return rooms_for(viewer).filter(pk=group.pk, pk__in=led).exists()


def own_membership(viewer: Viewer, group: Group | int) -> Membership | None:
    """How the viewer belongs to this group now; None for those who only lead it."""
    group_id = group if isinstance(group, int) else group.pk
    if is_looking():
        return next((each for each in _own_once(viewer) if each.group_id == group_id), None)
    return own_memberships(viewer).filter(group=group_id).first()


def members_in_room(viewer: Viewer, group: Group) -> QuerySet[Membership]:
    """Who belongs to the group now, by alias, for those whose room it is."""
    members = Membership.objects.filter(group__in=room_of(viewer, group.pk), left_on=None)
    return members.order_by("alias", "pk")


def leaders_in_room(viewer: Viewer, group: Group) -> QuerySet[Leadership]:
    """Who leads the group now, the longest first, for those whose room it is."""
    leading = Leadership.objects.filter(group__in=room_of(viewer, group.pk), to_on=None)
    return leading.select_related("facilitator", "membership").order_by("from_on", "pk")


def leaders_of(viewer: Viewer, group: Group) -> QuerySet[Leadership]:
    """Who leads the group now, the longest first."""
    return (
        Leadership.objects.filter(
            group=group, group__in=groups_seen(viewer, group.organisation), to_on=None
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


def meeting_now(
    viewer: Viewer, organisation: Organisation, pair: Pair, *, at: datetime
) -> list[Group]:
    """Groups that bring two people together who must not meet, for a safeguarding lead.

    Recording a pair moves nobody: who is in one group already stays until somebody acts.
    """
    may = organisations_for(viewer, needs=Permission.HANDLE_CONCERNS)
    active = Group.objects.filter(
        organisation=organisation, organisation__in=may, status=Group.Status.ACTIVE
    )
    today = organisation.local(at).date()
    found = []
    for group in active.filter(_has(pair)).distinct().order_by("name", "pk"):
        here = parents_in(Group.objects.filter(pk=group.pk), on=today)
        near = parents_in(neighbours(group, at=at), on=today)
        if not may_meet([pair], here, nearby=near):
            found.append(group)
    return found


def _has(pair: Pair) -> Q:
    either = (pair.one, pair.other)
    leads = Q(leaderships__to_on=None, leaderships__facilitator__user__parent__in=either)
    return Q(memberships__left_on=None, memberships__parent__in=either) | leads


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


def _own(viewer: Viewer) -> QuerySet[Membership]:
    if viewer.pk is None:
        return Membership.objects.none()
    own = Membership.objects.filter(
        parent__user_id=viewer.pk, left_on=None, group__status=Group.Status.ACTIVE
    )
    return _with_where(own)


def _own_once(viewer: Viewer) -> list[Membership]:
    return asked_once(("own", viewer.pk), lambda: list(_own(viewer)))


def _with_where(own: QuerySet[Membership]) -> QuerySet[Membership]:
    return own.select_related("group__venue", "group__organisation").order_by("group__name", "pk")


def _rooms(viewer: Viewer) -> QuerySet[Group]:
    if viewer.pk is None:
        return Group.objects.none()
    led = Q(
        organisation__in=places_with(viewer, Permission.SEE_OWN_GROUPS),
        pk__in=_led_by(viewer, but_not=Leadership.Part.CHILDRENS_LEADER),
    )
    belongs = Q(pk__in=_own(viewer).order_by().values("group"))
    return _with_place(Group.objects.filter(led | belongs, status=Group.Status.ACTIVE))


def _rooms_once(viewer: Viewer) -> list[Group]:
    return asked_once(("rooms", viewer.pk), lambda: list(_rooms(viewer)))


def _with_place(rooms: QuerySet[Group]) -> QuerySet[Group]:
    return rooms.select_related("organisation", "programme", "venue").order_by("name", "pk")


def _led_by(viewer: Viewer, *, but_not: str = "") -> Ids:
    """Ids of the groups the viewer leads now. Somebody not signed in leads none."""
    if viewer.pk is None:
        return []
    theirs = Q(facilitator__user_id=viewer.pk) | Q(membership__parent__user_id=viewer.pk)
    leads = Leadership.objects.filter(theirs, to_on=None)
    if is_looking():
        led = asked_once(("led", viewer.pk), lambda: list(leads.values_list("group", "part")))
        return sorted({group for group, part in led if part != but_not})
    return (leads.exclude(part=but_not) if but_not else leads).values("group")


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
