"""Who may vote, who has, and who may end a vote."""

from __future__ import annotations

from goround.apps.decisions.boxes import who_voted
from goround.apps.decisions.models import Decision, Voice
from goround.apps.groups.membership import NotAMember
from goround.apps.groups.models import Group, Leadership, Membership
from goround.apps.groups.one_writer import hold
from goround.domain.voting.secrecy import needed


class NotAllowedToEnd(Exception):
    """Only who asked, or a parent leader, may end a vote before its day."""


def held_decision(decision: Decision) -> Decision:
    """The decision read afresh; its group is held to the end of the transaction."""
    hold(decision.group, ended_too=True)
    return Decision.objects.select_related("group__organisation").get(pk=decision.pk)


def members_now(group: Group) -> list[int]:
    """Ids of memberships in their own order, which is not the order of anything else."""
    members = Membership.objects.filter(group=group, left_on=None)
    return sorted(members.values_list("pk", flat=True))


def only_if_a_member(member: Membership, group: Group) -> None:
    if member.group_id != group.pk or member.left_on is not None:
        raise NotAMember(f"{member} does not belong to {group}")


def leads(member: Membership) -> bool:
    """Whether the member leads their group now, as a parent."""
    return Leadership.objects.filter(
        membership=member, part=Leadership.Part.PARENT_LEADER, to_on=None
    ).exists()


def only_if_they_may_end_it(decision: Decision, member: Membership) -> None:
    only_if_a_member(member, decision.group)
    if decision.asked_by_id != member.pk and not leads(member):
        raise NotAllowedToEnd(f"{member} may not end {decision}")


def voters_so_far(decision: Decision) -> list[int]:
    """Ids of memberships that have voted; of a vote that was counted, none are known."""
    if decision.status != Decision.Status.OPEN:
        return []
    if decision.is_secret:
        return who_voted(decision.box)
    voices = Voice.objects.filter(decision=decision)
    return sorted(voices.values_list("membership_id", flat=True))


def votes_needed(decision: Decision) -> int:
    return needed(len(decision.electorate), is_secret=decision.is_secret)


def enough_have_voted(decision: Decision) -> bool:
    return len(voters_so_far(decision)) >= votes_needed(decision)


def all_have_voted(decision: Decision) -> bool:
    """Whether nobody is left who may still vote, and enough have; who left the group may not."""
    here = Membership.objects.filter(pk__in=decision.electorate, left_on=None)
    waiting = set(here.values_list("pk", flat=True)) - set(voters_so_far(decision))
    return not waiting and enough_have_voted(decision)
