"""A proposal becomes groups that meet: all of them in one act, or none."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.db import transaction

from goround.apps.accounts.models import User
from goround.apps.apart import asking
from goround.apps.audit import services as audit
from goround.apps.audit.stretches import in_one_stretch
from goround.apps.formation.facts import gather
from goround.apps.formation.figures import BrokenFigure, broken_figure
from goround.apps.formation.models import Proposal, Round
from goround.apps.formation.settings import RoundSettings
from goround.apps.formation.versions import RoundClosed, hold, only_if_standing
from goround.apps.groups import services as groups
from goround.apps.groups.founding import found_group
from goround.apps.groups.models import Group
from goround.apps.meetings.services import plan_meetings
from goround.apps.organisations.models import Venue
from goround.apps.organisations.playbooks import playbook_of
from goround.apps.organisations.selectors import Viewer
from goround.apps.people.models import Facilitator, Parent, Referral
from goround.domain.calendar.recurrence import Recurrence, Rhythm
from goround.domain.matching.answer import Answer, FormedGroup, from_json
from goround.domain.matching.problem import Span
from goround.domain.matching.rules import broken_rules


class CannotAccept(Exception):
    """Something in the proposal cannot be made as things are now; ``broken`` says what."""

    def __init__(self, broken: list[BrokenFigure]) -> None:
        super().__init__(f"{len(broken)} broken rules")
        self.broken = broken


@dataclass(frozen=True, slots=True)
class Plan:
    """When the groups of a round meet, and what each is called, by its id in the proposal.

    Each group's first meeting is the first day of its weekday from ``starts_on`` on. The
    series ends after ``count`` meetings, with ``until``, or never.
    """

    starts_on: date
    rhythm: Rhythm
    names: Mapping[str, str]
    count: int | None = None
    until: date | None = None


def broken_now(viewer: Viewer, proposal: Proposal, *, at: datetime) -> list[BrokenFigure]:
    """The rules that the groups would break as things are at this moment.

    Parents withdrew or were placed, rooms and facilitators were taken, hours changed since
    the search: the same facts are read again, and the same rules asked.
    """
    settings = RoundSettings.from_json(proposal.search.settings)
    problem = gather(viewer, proposal.round.programme, settings, at=at).problem
    groups = from_json(proposal.answer).groups
    return [broken_figure(rule) for rule in broken_rules(problem, groups)]


@transaction.atomic
def accept_round(*, round: Round, version: int, plan: Plan, by: User, at: datetime) -> list[Group]:
    """Make the groups, their members, leaders, meetings and drafts of invitations.

    Whoever got a place is marked placed. A round accepted already changes nothing and returns
    the groups it made. Raises ``Overtaken`` unless ``version`` stands, ``RoundClosed`` while a
    search goes on, ``CannotAccept`` when a rule is broken now, ``NameTaken``; then nothing is
    made at all.
    """
    held = hold(round)
    if held.status == Round.Status.ACCEPTED:
        return list(held.groups.order_by("pk"))
    only_if_standing(held, version)
    if held.status != Round.Status.PROPOSED:
        raise RoundClosed(f"{held} is {held.status}")
    # One acceptance at a time in an organisation: two rounds may want the same room.
    asking.hold(held.organisation_id)
    standing = Proposal.objects.select_related("search", "round__programme__organisation").get(
        round=held, version=version
    )
    answer = from_json(standing.answer)
    _hold_referrals(held, answer)
    if broken := broken_now(by, standing, at=at):
        raise CannotAccept(broken)
    made = _Making(held, plan, answer, by, at)
    with in_one_stretch(held.organisation_id):
        held.groups.set([_made(made, formed) for formed in answer.groups])
    held.status, held.accepted_at = Round.Status.ACCEPTED, at
    held.save(update_fields=["status", "accepted_at"])
    audit.record("round.accepted", held, by=by, at=at, version=version, groups=len(answer.groups))
    return list(held.groups.order_by("pk"))


def _made(making: _Making, formed: FormedGroup) -> Group:
    """The group, or ``CannotAccept`` where it has no place for somebody who leads it either."""
    try:
        return making.group(formed)
    except groups.NoPlace as none:
        rule = BrokenFigure(rule="H2", code="no-place", group=formed.id, who=[], detail={})
        raise CannotAccept([rule]) from none


def _hold_referrals(held: Round, answer: Answer) -> None:
    """Lock the referrals of everybody with a place, so that nobody withdraws meanwhile."""
    members = {int(name) for group in answer.groups for name in group.members}
    referrals = Referral.objects.filter(programme=held.programme, parent__in=members)
    list(referrals.select_for_update(of=("self",), no_key=True).order_by("pk").values_list("pk"))


class _Making:
    """Makes groups of a proposal one by one, from rows read once."""

    def __init__(self, held: Round, plan: Plan, answer: Answer, by: User, at: datetime) -> None:
        self.held, self.plan, self.by, self.at = held, plan, by, at
        here = {"organisation": held.organisation}
        self.today = held.organisation.local(at).date()
        self.longest = playbook_of(held.programme).minutes.max
        self.venues = Venue.objects.filter(**here).in_bulk({int(g.venue) for g in answer.groups})
        self.parents = Parent.objects.filter(**here).in_bulk(
            {int(name) for group in answer.groups for name in group.members}
        )
        self.leaders = Facilitator.objects.filter(**here).in_bulk(
            {int(name) for group in answer.groups for name in group.facilitators}
        )

    def group(self, formed: FormedGroup) -> Group:
        made = groups.create_group(
            organisation=self.held.organisation,
            programme=self.held.programme,
            name=self.plan.names[formed.id],
            recurrence=recurrence_of(
                formed.slot,
                self.plan,
                time_zone=self.held.organisation.time_zone,
                longest=self.longest,
            ),
            type=formed.type,
            language=formed.language,
            venue=self.venues[int(formed.venue)],
            by=self.by,
            at=self.at,
        )
        found_group(
            group=made,
            parents=[self.parents[int(name)] for name in formed.members],
            leaders=[self.leaders[int(name)] for name in formed.facilitators],
            on=self.today,
            by=self.by,
            at=self.at,
        )
        plan_meetings(group=made, by=self.by, at=self.at)
        return made


def recurrence_of(slot: Span, plan: Plan, *, time_zone: str, longest: int) -> Recurrence:
    """The series of a group that meets in this hour, no longer than the playbook allows."""
    day = first_day(slot, plan.starts_on)
    return Recurrence(
        plan.rhythm,
        datetime.combine(day, time(slot.start // 60, slot.start % 60)),
        time_zone,
        min(slot.end - slot.start, longest),
        until=plan.until,
        count=plan.count,
    )


def first_day(slot: Span, starts_on: date) -> date:
    """The first day of the hour's weekday from the start on."""
    return starts_on + timedelta(days=(slot.day - starts_on.weekday()) % 7)
