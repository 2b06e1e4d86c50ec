"""A small town in which anything can happen, and an eye that sees who is brought together.

The eye shares no code with what it watches: it reads the rows and counts.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from itertools import combinations, count
from random import Random

from goround.apps.apart import services as apart
from goround.apps.apart.asking import pairs_of
from goround.apps.apart.models import KeepApart
from goround.apps.groups import services as groups
from goround.apps.groups.company import PlaceTaken
from goround.apps.groups.founding import found_group
from goround.apps.groups.models import Group, Leadership, Membership
from goround.apps.groups.one_writer import GroupEnded
from goround.apps.meetings import services as meetings
from goround.apps.meetings.models import Attendance, Meeting
from goround.apps.meetings.nearby import NotOnThisList
from goround.apps.organisations.models import Organisation
from goround.apps.organisations.roles import Role
from goround.apps.people.models import Facilitator, Parent
from goround.domain.calendar.recurrence import Rhythm
from goround.domain.privacy.apart import Scope
from tests.make import (
    NOON,
    make_coordinator,
    make_facilitator,
    make_organisation,
    make_parent,
    make_programme,
    make_user,
    make_venue,
)
from tests.make_groups import make_rule

# What a service may answer; anything else fails the test.
REFUSALS = (
    groups.NoPlace,
    groups.CannotLead,
    groups.NameTaken,
    groups.SeriesBeginsTooEarly,
    meetings.MeetingClosed,
    meetings.HourTaken,
    meetings.AttendanceClosed,
    NotOnThisList,
    PlaceTaken,
    GroupEnded,
    # Planned away by somebody else in the same moment.
    Meeting.DoesNotExist,
)
PARENTS, GROUPS = 12, 5
DAYS = ("2026-03-09 10:00", "2026-03-09 18:00", "2026-03-10 18:00", "2026-03-11 18:00")
_names = count(1)

Act = Callable[[Random, datetime], object]


class Town:
    """Everybody and everything of one organisation, and the acts that bring people together."""

    def __init__(self, rng: Random) -> None:
        self.organisation = make_organisation()
        self.programme = make_programme(self.organisation)
        self.coordinator = make_coordinator(self.organisation)
        self.lead = make_user(role=Role.SAFEGUARDING_LEAD, organisation=self.organisation)
        self.venues = [make_venue(self.organisation, rooms=3) for _ in range(2)]
        self.parents = [make_parent(self.organisation) for _ in range(PARENTS)]
        # Two of the facilitators are parents here as well.
        self.facilitators = [make_facilitator(self.organisation) for _ in range(3)]
        for parent, facilitator in zip(self.parents, self.facilitators[:2], strict=False):
            parent.user = facilitator.user = make_user()
            parent.save()
            facilitator.save()
        for one, other in rng.sample(list(combinations(self.parents, 2)), 14):
            scope = rng.choice([Scope.GROUP, Scope.PLACE, Scope.PLACE])
            apart.record(one=one, other=other, scope=scope, told=None, by=self.lead, at=NOON)
        for _ in range(GROUPS):
            self.begin_group(rng, NOON)

    def acts(self) -> list[Act]:
        return [
            *[self.add_member] * 6,
            *[self.leave] * 2,
            self.welcome,
            self.give_lead,
            self.end_lead,
            *[self.move_meeting] * 2,
            self.cancel_meeting,
            self.restore_meeting,
            self.change_place,
            self.change_hours,
            *[self.record_attendance] * 2,
            self.begin_group,
            self.end_group,
            self.found,
        ]

    def act(self, rng: Random, at: datetime) -> bool:
        """One act of chance; whether it was done rather than refused."""
        try:
            rng.choice(self.acts())(rng, at)
        except REFUSALS:
            return False
        return True

    def add_member(self, rng: Random, at: datetime) -> None:
        group = self._group(rng)
        groups.add_member(
            group=group,
            parent=rng.choice(self.parents),
            joined_on=group.today(at=at),
            by=self.coordinator,
            at=at,
        )

    def welcome(self, rng: Random, at: datetime) -> None:
        group = self._group(rng)
        alias = f"Newcomer {rng.randint(1, 5)}"
        groups.welcome(group=group, alias=alias, on=group.today(at=at), by=self.coordinator, at=at)

    def leave(self, rng: Random, at: datetime) -> None:
        here = list(Membership.objects.filter(group__organisation=self.organisation, left_on=None))
        if here:
            gone = rng.choice(here)
            groups.leave(membership=gone, on=gone.group.today(at=at), by=self.coordinator, at=at)

    def give_lead(self, rng: Random, at: datetime) -> None:
        group = self._group(rng)
        groups.give_lead(
            group=group,
            leader=rng.choice(self.facilitators),
            part=Leadership.Part.FACILITATOR,
            from_on=group.today(at=at),
            by=self.coordinator,
            at=at,
        )

    def end_lead(self, rng: Random, at: datetime) -> None:
        leading = Leadership.objects.filter(group__organisation=self.organisation, to_on=None)
        if found := list(leading):
            lead = rng.choice(found)
            groups.end_lead(leadership=lead, on=lead.group.today(at=at), by=self.coordinator, at=at)

    def move_meeting(self, rng: Random, at: datetime) -> None:
        if meeting := self._meeting(rng, at):
            day = at + timedelta(days=rng.randint(1, 16), hours=rng.randint(-6, 6))
            meetings.move_meeting(
                meeting=meeting, starts_at=day, because="Hall", by=self.coordinator, at=at
            )

    def cancel_meeting(self, rng: Random, at: datetime) -> None:
        if meeting := self._meeting(rng, at):
            meetings.cancel_meeting(meeting=meeting, because="Ill", by=self.coordinator, at=at)

    def restore_meeting(self, rng: Random, at: datetime) -> None:
        gone = self._meetings().filter(status=Meeting.Status.CANCELLED, starts_at__gt=at)
        if found := list(gone):
            meetings.restore_meeting(meeting=rng.choice(found), by=self.coordinator, at=at)

    def change_place(self, rng: Random, at: datetime) -> None:
        group, venue = self._group(rng), rng.choice(self.venues)
        groups.change_group(group=group, name=group.name, venue=venue, by=self.coordinator, at=at)

    def change_hours(self, rng: Random, at: datetime) -> None:
        group, rule = self._group(rng), self._rule(rng, at)
        meetings.reschedule(
            group=group,
            recurrence=rule,
            skipped_days=(),
            from_on=group.today(at=at),
            by=self.coordinator,
            at=at,
        )

    def record_attendance(self, rng: Random, at: datetime) -> None:
        over = list(self._meetings().filter(starts_at__lte=at).order_by("-starts_at")[:6])
        if not over:
            return
        meeting = rng.choice(over)
        # Anybody who ever was of the group: more than the page would offer.
        known = list(Membership.objects.filter(group=meeting.group))
        chosen = [member for member in known if rng.random() < 0.6]
        meetings.record_attendance(
            meeting=meeting,
            present=chosen,
            newcomers=[member.alias for member in known[:1]],
            by=self.coordinator,
            at=at,
        )

    def begin_group(self, rng: Random, at: datetime) -> Group | None:
        if Group.objects.filter(organisation=self.organisation, status="active").count() > GROUPS:
            return None
        made = groups.create_group(
            organisation=self.organisation,
            programme=self.programme,
            name=f"Group {next(_names)}",
            recurrence=self._rule(rng, at),
            venue=rng.choice(self.venues),
            by=self.coordinator,
            at=at,
        )
        meetings.plan_meetings(group=made, by=self.coordinator, at=at)
        return made

    def end_group(self, rng: Random, at: datetime) -> None:
        group = self._group(rng)
        meetings.wind_up(group=group, on=group.today(at=at), by=self.coordinator, at=at)

    def found(self, rng: Random, at: datetime) -> None:
        """A group made with its people in one act, as accepting a round does."""
        from django.db import transaction

        with transaction.atomic():
            if made := self.begin_group(rng, at):
                found_group(
                    group=made,
                    parents=rng.sample(self.parents, 4),
                    leaders=rng.sample(self.facilitators, 1),
                    on=made.today(at=at),
                    by=self.coordinator,
                    at=at,
                )

    def change_records(self, rng: Random, at: datetime) -> None:
        """Close one record, or make one for two who are not together at the moment."""
        if rng.random() < 0.5:
            open_now = KeepApart.objects.filter(organisation=self.organisation, closed_at=None)
            gone = rng.choice(list(open_now))
            apart.close(kept=gone, because="Over", by=self.lead, at=at)
            return
        one, other = rng.sample(self.parents, 2)
        kept = apart.record(one=one, other=other, scope=Scope.PLACE, told=None, by=self.lead, at=at)
        if any(brought_together(self.organisation, at=at)):
            apart.close(kept=kept, because="Over", by=self.lead, at=at)

    def _rule(self, rng: Random, at: datetime):
        day = datetime.fromisoformat(rng.choice(DAYS))
        weeks = max(0, (at.date() - day.date()).days // 7 + 1)
        first = day + timedelta(weeks=weeks)
        rhythm = rng.choice([Rhythm.WEEKLY, Rhythm.EVERY_TWO_WEEKS])
        return make_rule(f"{first:%Y-%m-%d %H:%M}", rhythm, until=first.date() + timedelta(days=40))

    def _group(self, rng: Random) -> Group:
        return rng.choice(
            list(Group.objects.filter(organisation=self.organisation).order_by("-pk")[: GROUPS + 1])
        )

    def _meetings(self):
        return Meeting.objects.filter(group__organisation=self.organisation)

    def _meeting(self, rng: Random, at: datetime) -> Meeting | None:
        coming = self._meetings().filter(status=Meeting.Status.PLANNED, starts_at__gt=at)
        found = list(coming.order_by("starts_at")[:8])
        return rng.choice(found) if found else None


def brought_together(organisation: Organisation, *, at: datetime) -> Iterator[str]:
    """Every way in which two who must not meet are brought together, each as a sentence."""
    people = _people_by_group(organisation)
    coming: dict[tuple[int, object], set[int]] = defaultdict(set)
    for meeting in Meeting.objects.filter(
        group__organisation=organisation, status="planned", starts_at__gt=at
    ).select_related("group"):
        day = meeting.starts_at.astimezone(meeting.group.zone).date()
        coming[(meeting.group.venue_id or -meeting.group_id, day)].add(meeting.group_id)
    marked: dict[int, set[int]] = defaultdict(set)
    for row in Attendance.objects.filter(meeting__group__organisation=organisation).select_related(
        "membership"
    ):
        marked[row.meeting_id].add(row.membership.parent_id)
    for pair in pairs_of(organisation.pk):
        two = {pair.one, pair.other}
        for group, here in people.items():
            if two <= here:
                yield f"{two} are both in group #{group}"
        for meeting, there in marked.items():
            if two <= there:
                yield f"{two} were both at meeting #{meeting}"
        if pair.scope is Scope.PLACE:
            for (venue, day), groups_there in coming.items():
                if two <= set().union(*(people[group] for group in groups_there)):
                    yield f"{two} both come to venue #{venue} on {day}"


def _people_by_group(organisation: Organisation) -> dict[int, set[int]]:
    found: dict[int, set[int]] = defaultdict(set)
    for row in Membership.objects.filter(group__organisation=organisation, left_on=None):
        found[row.group_id].add(row.parent_id)
    parents = dict(
        Parent.objects.filter(organisation=organisation, user__isnull=False).values_list(
            "user", "pk"
        )
    )
    accounts = dict(Facilitator.objects.filter(organisation=organisation).values_list("pk", "user"))
    for lead in Leadership.objects.filter(
        group__organisation=organisation, to_on=None, facilitator__isnull=False
    ):
        if parent := parents.get(accounts[lead.facilitator_id]):
            found[lead.group_id].add(parent)
    return found
