"""An election as a member sees it, before the vote and after it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Q, QuerySet

from goround.apps.decisions.models import Candidacy, Decision, Mandate
from goround.apps.decisions.selectors.votes import decisions_of, member_here
from goround.apps.groups.models import Group, Leadership, Membership
from goround.apps.groups.selectors import belongs_to, own_memberships
from goround.apps.organisations.selectors import Viewer

Answer = Candidacy.Answer


@dataclass(frozen=True, slots=True)
class Naming:
    """Who stands, by alias. Who was asked, said no, or named whom is shown to nobody."""

    standing: Sequence[str]
    was_asked: bool
    stands: bool
    others: Sequence[Membership]


@dataclass(frozen=True, slots=True)
class MandateShown:
    """What became of the one who was chosen. ``accepted`` is None until they answer."""

    alias: str
    is_mine: bool
    accepted: bool | None
    until_on: date | None
    months: int
    instead_of: str


def elections_of(viewer: Viewer, group_id: int) -> QuerySet[Decision]:
    """The group's elections, for those who belong to it."""
    return decisions_of(viewer, group_id).filter(kind=Decision.Kind.ELECTION)


def naming_of(viewer: Viewer, decision: Decision) -> Naming | None:
    """The first part of an election, for a member of its group."""
    member = member_here(viewer, decision.group_id)
    if member is None or decision.status != Decision.Status.NAMING:
        return None
    found = Candidacy.objects.filter(decision=decision, membership__left_on=None)
    own = found.filter(membership=member).first()
    standing = found.filter(answer=Answer.STANDS).order_by("membership__alias", "pk")
    others = Membership.objects.filter(group=decision.group_id, left_on=None)
    return Naming(
        standing=list(standing.values_list("membership__alias", flat=True)),
        was_asked=own is not None and own.answer == Answer.ASKED,
        stands=own is not None and own.answer == Answer.STANDS,
        # All of them: who is missing here would be known to have been asked.
        others=list(others.exclude(pk=member.pk).order_by("alias", "pk")),
    )


def mandate_of(viewer: Viewer, decision: Decision) -> MandateShown | None:
    """What an election gave, for a member of its group; None where it gave nothing."""
    member = member_here(viewer, decision.group_id)
    if member is None:
        return None
    found = Mandate.objects.filter(decision=decision, chosen__isnull=False)
    mandate = found.select_related("chosen", "instead_of__membership").first()
    if mandate is None or mandate.chosen is None:
        return None
    before = mandate.instead_of
    return MandateShown(
        alias=mandate.chosen.alias,
        is_mine=mandate.chosen_id == member.pk,
        accepted=mandate.accepted,
        until_on=mandate.until_on,
        months=mandate.months,
        instead_of=before.shown_as if before and before.membership_id != member.pk else "",
    )


def waits_for_my_answer(viewer: Viewer, group_id: int) -> Decision | None:
    """The election in which the viewer was chosen, or asked to stand, and has not answered."""
    member = member_here(viewer, group_id)
    if member is None:
        return None
    chosen = Mandate.objects.filter(chosen=member, accepted=None)
    asked = Candidacy.objects.filter(membership=member, answer=Answer.ASKED)
    waits = Q(pk__in=chosen.values("decision")) | Q(
        status=Decision.Status.NAMING, pk__in=asked.values("decision")
    )
    return elections_of(viewer, group_id).filter(waits).select_related(None).first()


def parent_leaders(viewer: Viewer, group: Group) -> list[Leadership]:
    """Who leads the group now as a parent, for its members."""
    leading = Leadership.objects.filter(
        group__in=belongs_to(viewer, group.pk), part=Leadership.Part.PARENT_LEADER, to_on=None
    )
    return list(leading.select_related("membership", "facilitator").order_by("from_on", "pk"))


def own_leadership(viewer: Viewer, group_id: int) -> Leadership | None:
    """How the viewer leads this group as a parent, with the group, or None."""
    mine = own_memberships(viewer).filter(group=group_id)
    leading = Leadership.objects.filter(
        membership__in=mine.order_by().values("pk"),
        part=Leadership.Part.PARENT_LEADER,
        to_on=None,
    )
    return leading.select_related("group__organisation", "membership__parent").first()


def term_of(viewer: Viewer, leadership: Leadership) -> date | None:
    """Until when the group chose this leader, where it did; for a leadership seen already."""
    mandates = Mandate.objects.filter(leadership=leadership, accepted=True)
    return mandates.order_by("-pk").values_list("until_on", flat=True).first()
