"""A group's agreement: its words for members alone, that there is one for those who see the group.

Two kinds of question, and nobody but a member gets an answer to the first. Not a facilitator
either, who sits in the room while it is read aloud: the group owns its words, staff know that
there are some and when they changed (the design's third decision), and what is heard once is not
what can be opened at a desk on any day. A parent leader is a member, and reads it as one; the
meeting guide asks a member to read it from their own telephone.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, F, Max, Q, QuerySet

from goround.apps.agreements.models import Affirmation, AgreementVersion
from goround.apps.groups.models import Group, Membership
from goround.apps.groups.selectors import belongs_to, groups_seen, own_membership, own_memberships
from goround.apps.organisations.selectors import Viewer


@dataclass(frozen=True, slots=True)
class AgreementFacts:
    """That a group has an agreement: since when in these words, and how many of its members agree.

    All that anybody outside the group is told.
    """

    group_id: int
    number: int
    written_at: datetime
    affirmed: int
    members: int


@dataclass(frozen=True, slots=True)
class Standing:
    """The newest version as one member finds it; ``version`` is None before there is any.

    ``yes`` are those who said yes, ``unheard`` those without an account who did not.
    """

    version: AgreementVersion | None
    has_said_yes: bool
    is_new_to_it: bool
    yes: tuple[Membership, ...]
    unheard: tuple[Membership, ...]
    members: int


def versions_of(viewer: Viewer, group: Group) -> QuerySet[AgreementVersion]:
    """Every version, the newest first, for a member of the group; none for anybody else."""
    return (
        AgreementVersion.objects.filter(group__in=belongs_to(viewer, group.pk))
        .select_related("written_by")
        .order_by("-number")
    )


def newest_version(viewer: Viewer, group: Group) -> AgreementVersion | None:
    return versions_of(viewer, group).first()


def standing_of(viewer: Viewer, membership: Membership) -> Standing | None:
    """Where the agreement stands for the viewer's own membership; None for anybody else's.

    Four queries, however many members.
    """
    own = own_membership(viewer, membership.group_id)
    if own is None or own.pk != membership.pk:
        return None
    version = newest_version(viewer, own.group)
    members = list(
        Membership.objects.filter(group=own.group_id, left_on=None)
        .select_related("parent")
        .order_by("alias", "pk")
    )
    said = set(
        Affirmation.objects.filter(version=version).values_list("membership_id", flat=True)
        if version
        else ()
    )
    yes = tuple(member for member in members if member.pk in said)
    unheard = tuple(
        member for member in members if member.pk not in said and member.parent.user_id is None
    )
    return Standing(
        version=version,
        has_said_yes=own.pk in said,
        is_new_to_it=version is not None and _came_after(own, version),
        yes=yes,
        unheard=unheard,
        members=len(members),
    )


def last_yes_of(viewer: Viewer, membership: Membership) -> AgreementVersion | None:
    """The newest version that the viewer's own membership said yes to."""
    own = own_memberships(viewer).filter(pk=membership.pk)
    said = AgreementVersion.objects.filter(affirmations__membership__in=own.order_by().values("pk"))
    return said.order_by("-number").first()


def agreement_facts(viewer: Viewer, groups: Collection[Group]) -> dict[int, AgreementFacts]:
    """By the group's id, of those groups the viewer may see; without an agreement absent.

    Two queries for each organisation, however many groups.
    """
    found = dict[int, AgreementFacts]()
    for organisation in {group.organisation for group in groups}:
        ids = [group.pk for group in groups if group.organisation_id == organisation.pk]
        seen = groups_seen(viewer, organisation).filter(pk__in=ids)
        found |= _facts(seen)
    return found


def _facts(groups: QuerySet[Group]) -> dict[int, AgreementFacts]:
    still = Q(affirmations__membership__left_on=None)
    newest = (
        AgreementVersion.objects.filter(group__in=groups.values("pk"))
        .annotate(last=Max("group__agreement_versions__number"))
        .filter(number=F("last"))
        .annotate(affirmed=Count("affirmations", filter=still, distinct=True))
        .values_list("group_id", "number", "written_at", "affirmed")
    )
    members = dict(
        Membership.objects.filter(group__in=groups.values("pk"), left_on=None)
        .values("group_id")
        .annotate(n=Count("pk"))
        .values_list("group_id", "n")
    )
    return {
        group_id: AgreementFacts(group_id, number, at, affirmed, members.get(group_id, 0))
        for group_id, number, at, affirmed in newest
    }


def _came_after(membership: Membership, version: AgreementVersion) -> bool:
    return membership.joined_on > membership.group.today(at=version.written_at)
