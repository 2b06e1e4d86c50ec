"""Check-ins with parent leaders: whose they are, and which are late."""

from __future__ import annotations

from datetime import datetime

from django.db.models import Q, QuerySet

from goround.apps.decisions.models import CheckIn
from goround.apps.decisions.selectors.handover import GroupHandover, handovers
from goround.apps.groups.models import Group, Leadership
from goround.apps.groups.selectors import led_groups
from goround.apps.organisations.models import Organisation
from goround.apps.organisations.roles import Permission
from goround.apps.organisations.selectors import Viewer, organisations_for
from goround.domain.playbook.handover import Next


def groups_to_check_in(viewer: Viewer, organisation: Organisation) -> QuerySet[Group]:
    """Groups with whose parent leader the viewer talks: as facilitator, or as coordinator.

    Parent leaders do not check in with one another, and a children's leader with nobody.
    """
    facilitates = Leadership.objects.filter(
        part=Leadership.Part.FACILITATOR, to_on=None, facilitator__user_id=viewer.pk or 0
    )
    led = led_groups(viewer, organisation).filter(pk__in=facilitates.values("group"))
    any_group = organisations_for(viewer, needs=Permission.MANAGE_GROUPS)
    may = Q(organisation__in=any_group.order_by().values("pk")) | Q(
        pk__in=led.order_by().values("pk")
    )
    found = Group.objects.filter(may, organisation=organisation, status=Group.Status.ACTIVE)
    return found.select_related("organisation", "programme").order_by("name", "pk")


def parent_leads_of(viewer: Viewer, group: Group) -> list[Leadership]:
    """The parents who lead the group now, for those who check in with them."""
    mine = groups_to_check_in(viewer, group.organisation).filter(pk=group.pk)
    leading = Leadership.objects.filter(
        group__in=mine.order_by().values("pk"), part=Leadership.Part.PARENT_LEADER, to_on=None
    )
    leading = leading.select_related("group__organisation", "membership", "facilitator")
    return list(leading.order_by("from_on", "pk"))


def check_ins_of(viewer: Viewer, group: Group) -> QuerySet[CheckIn]:
    """Talks with those who lead the group now, the latest first."""
    leading = parent_leads_of(viewer, group)
    return (
        CheckIn.objects.filter(leadership__in=leading)
        .select_related("leadership__membership", "leadership__facilitator", "noted_by")
        .order_by("-on", "pk")
    )


def own_check_ins(viewer: Viewer, leadership: Leadership) -> QuerySet[CheckIn]:
    """Talks about the viewer's own lead, the latest first."""
    mine = CheckIn.objects.filter(
        leadership=leadership, leadership__membership__parent__user_id=viewer.pk or 0
    )
    return mine.select_related("noted_by").order_by("-on", "pk")


def late_check_ins(
    viewer: Viewer, organisation: Organisation, *, at: datetime
) -> list[GroupHandover]:
    """Groups whose check-in is late, for those who check in, the longest late first."""
    found = handovers(viewer, list(groups_to_check_in(viewer, organisation)), at=at)
    late = [one for one in found if one.late(Next.CHECK_IN)]
    return sorted(late, key=lambda one: (one.due_on(Next.CHECK_IN), one.group.pk))
