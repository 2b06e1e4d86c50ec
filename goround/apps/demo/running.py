"""Groups that run today, one on each playbook: how they began, and their meetings so far."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from random import Random

from goround.apps.accounts.models import User
from goround.apps.demo.crowd import Aliases
from goround.apps.demo.names import leaders
from goround.apps.demo.places import Host
from goround.apps.groups import services as groups
from goround.apps.groups.invited import tell_place
from goround.apps.groups.models import Group, Leadership, Membership
from goround.apps.meetings import services as meetings
from goround.apps.meetings.models import Meeting
from goround.apps.organisations.models import Programme, Venue
from goround.apps.people.consents.models import Consent
from goround.apps.people.models import Facilitator, Parent, Referral, Training
from goround.apps.people.opening import keep_details
from goround.apps.people.reach import set_reach
from goround.domain.calendar import Recurrence, Rhythm
from goround.domain.calendar.recurrence import LAST, nth_weekday

AHEAD = timedelta(days=120)
PART = Leadership.Part


@dataclass(frozen=True, slots=True)
class Plan:
    """One group of today. ``so_far`` is how many meetings lie behind the one at the anchor."""

    host: Host
    playbook: str
    name: str
    type: str
    language: str
    rhythm: Rhythm
    so_far: int
    hour: time
    minutes: int
    members: int
    source: str
    # Handles of the cast where somebody can be that person, else empty.
    facilitators: tuple[str, ...]
    training: str = ""
    parent_leader: str | None = None
    # From this meeting on, counted from 1, the parent leads.
    parent_leads_from: int = 1
    facilitators_until: int | None = None
    childrens_leader: str | None = None
    is_open: bool = False
    online: bool = False
    # The last meeting was on the latest evening gone by; else there is one this evening.
    was_last_evening: bool = False
    # Meetings before the last that nobody has recorded, counted backwards.
    forgotten: tuple[int, ...] = ()


class Running:
    """Begins one group through the services, and lets its meetings happen up to now."""

    def __init__(
        self,
        plan: Plan,
        programme: Programme,
        venue: Venue,
        people: dict[str, User],
        *,
        by: User,
        at: datetime,
    ) -> None:
        self.plan, self.programme, self.venue, self.people = plan, programme, venue, people
        self.by, self.at = by, at
        self.rng = Random(plan.name)  # noqa: S311  the same demo on every machine
        self.names = leaders(self.rng)
        self.aliases = Aliases(self.rng)
        self.series = series_of(plan, programme.organisation.local(at))
        self.first_on = self.series.first.date()
        self.began_at = self._moment(self.series.first) - timedelta(days=9)

    def begin(self) -> Group:
        group = groups.create_group(
            organisation=self.programme.organisation,
            programme=self.programme,
            name=self.plan.name,
            recurrence=self.series,
            type=self.plan.type,
            language=self.plan.language,
            venue=self.venue,
            is_open=self.plan.is_open,
            by=self.by,
            at=self.began_at,
        )
        until = self.at + AHEAD
        meetings.plan_meetings(group=group, by=self.by, at=self.began_at, until=until)
        facilitators = [self._lead(group, one, PART.FACILITATOR) for one in self.plan.facilitators]
        if self.plan.childrens_leader is not None:
            self._lead(group, self.plan.childrens_leader, PART.CHILDRENS_LEADER)
        members = list(self._members(group))
        self._agree(members)
        self._happen(group, members, facilitators)
        return group

    def _moment(self, local: datetime) -> datetime:
        return local.replace(tzinfo=self.programme.organisation.zone)

    def _lead(self, group: Group, handle: str, part: Leadership.Part) -> Leadership:
        user = self.people.get(handle)
        leader = Facilitator.objects.create(
            organisation=self.programme.organisation,
            reference=f"{self.programme.playbook_key}-{handle or next(self.names)}"[:64],
            shown_as=user.shown_as if user else next(self.names),
            user=user,
            is_parent=self.plan.parent_leader is None,
            languages=(self.plan.language,),
            available=("mon 09:00-21:00", "tue 09:00-21:00", "wed 09:00-21:00"),
            home_cell=self.plan.host.home(self.rng),
            background_check_until=self.first_on + timedelta(days=700),
        )
        if self.plan.training:
            Training.objects.create(
                facilitator=leader,
                kind=self.plan.training,
                completed_on=self.first_on - timedelta(days=60),
            )
        return groups.give_lead(
            group=group, leader=leader, part=part, from_on=self.first_on, by=self.by,
            at=self.began_at,
        )  # fmt: skip

    def _members(self, group: Group) -> Iterator[Membership]:
        """Most from the first meeting on; the last of them since the third."""
        for number in range(self.plan.members):
            joined_on = self.first_on
            if number and number == self.plan.members - 1 and not self.plan.is_open:
                joined_on += timedelta(days=15)
            parent = self._parent(number, joined_on)
            yield groups.add_member(
                group=group, parent=parent, joined_on=joined_on, by=self.by, at=self.began_at
            )

    def _agree(self, members: Sequence[Membership]) -> None:
        """A few of them like to be reminded by e-mail, and one was told of their place just now."""
        some = members[1:4]
        for number, member in enumerate(some):
            set_reach(
                parent=member.parent,
                safe_contact="",
                safe_email=f"reader{member.pk}-{number}@example.org",
                how=Consent.How.IN_WORDS,
                by=self.by,
                at=self.at,
            )
        for member in some[-1:]:
            tell_place(member, member.group, by=self.by, at=self.at)

    def _parent(self, number: int, joined_on: date) -> Parent:
        """The first may be somebody of the cast."""
        user = None
        if number == 0:
            user = self.people.get(self.plan.parent_leader or _PARENT.get(self.plan.playbook, ""))
        since = self.began_at - timedelta(days=self.rng.randint(10, 60))
        parent = Parent.objects.create(
            organisation=self.programme.organisation,
            alias=user.shown_as if user else self.aliases.next(),
            user=user,
            languages=(self.plan.language,),
            created_at=since,
        )
        parent.telling(
            home_cell=self.plan.host.home(self.rng),
            children_ages=tuple(self.rng.randint(0, 20) / 2 for _ in range(self.rng.randint(1, 3))),
            ages_on=since.date(),
        )
        keep_details([parent], new=True)
        if not self.plan.is_open:
            Referral.objects.create(
                organisation=self.programme.organisation,
                programme=self.programme,
                parent=parent,
                door=Referral.Door.LIST,
                source=self.plan.source,
                waiting_since=since,
            )
        return parent

    def _happen(
        self, group: Group, members: Sequence[Membership], facilitators: Sequence[Leadership]
    ) -> None:
        """Every meeting that is over, but for the last one and those somebody forgot."""
        gone = Meeting.objects.filter(group=group, starts_at__lte=self.at).order_by("starts_at")
        for number, meeting in enumerate(gone, 1):
            day = group.today(at=meeting.starts_at)
            if self.plan.parent_leader is not None and number == self.plan.parent_leads_from:
                groups.give_lead(
                    group=group, leader=members[0], part=PART.PARENT_LEADER, from_on=day,
                    by=self.by, at=meeting.starts_at,
                )  # fmt: skip
            if number == self.plan.facilitators_until:
                for leadership in facilitators:
                    groups.end_lead(leadership=leadership, on=day, by=self.by, at=meeting.ends_at)
            behind = self.plan.so_far + 1 - number
            if behind == 0 or behind in self.plan.forgotten or meeting.ends_at > self.at:
                continue
            here = [member for member in members if member.joined_on <= day]
            self._one(meeting, number, here)

    def _one(self, meeting: Meeting, number: int, members: Sequence[Membership]) -> None:
        told_at = min(meeting.ends_at + timedelta(minutes=self.rng.randint(3, 50)), self.at)
        if number == 4:
            meetings.cancel_meeting(
                meeting=meeting,
                because="The building was closed",
                by=self.by,
                at=meeting.starts_at - timedelta(hours=6),
            )
            return
        counted = self.rng.random() > 0.15
        recorder = self._recorder()
        if self.plan.is_open:
            heads = self.rng.randint(5, 10)
            meetings.record_attendance(
                meeting=meeting,
                present=(),
                heads_parents=heads,
                heads_new=heads if number == 1 else self.rng.choice([0, 0, 1, 2, None]),
                children=self.rng.randint(3, 9) if counted else None,
                by=recorder,
                at=told_at,
            )
            return
        present = [member for member in members if self.rng.random() < 0.82] or members[:1]
        children = round(len(present) * self.rng.uniform(0.3, 1.1)) if counted else None
        meetings.record_attendance(
            meeting=meeting, present=present, children=children, by=recorder, at=told_at
        )

    def _recorder(self) -> User:
        handles = [*self.plan.facilitators, self.plan.parent_leader or ""]
        return next((self.people[each] for each in handles if each in self.people), self.by)


LATE, LATE_FROM = time(21), time(21, 30)
_PARENT = {"parent-support-circles": "parent", "circle-of-parents": "parent-pacoima"}


def series_of(plan: Plan, now: datetime) -> Recurrence:
    """A series with ``plan.so_far`` meetings before the one at the anchor; ``now`` is local."""
    anchor = now.date()
    if plan.was_last_evening and now.time() < _end(plan):
        anchor -= timedelta(days=1)
    if plan.rhythm is Rhythm.MONTHLY:
        nth = (anchor.day - 1) // 7 + 1 if anchor.day <= 28 else LAST
        year, month = divmod(anchor.year * 12 + anchor.month - 1 - plan.so_far, 12)
        first = nth_weekday(year, month + 1, anchor.weekday(), nth)
    else:
        nth = None
        first = anchor - timedelta(weeks=_WEEKS[plan.rhythm] * plan.so_far)
    return Recurrence(
        rhythm=plan.rhythm,
        first=datetime.combine(first, _hour(plan, now.time())),
        timezone=str(now.tzinfo),
        minutes=plan.minutes,
        nth=nth,
    )


def _hour(plan: Plan, now: time) -> time:
    """Late in the evening a children's programme is moved on: two hours after a meeting nobody
    may read any more what is to be known of a child, and the demo would show nothing of it.
    """
    return LATE if plan.childrens_leader is not None and now >= LATE_FROM else plan.hour


_WEEKS = {Rhythm.WEEKLY: 1, Rhythm.EVERY_TWO_WEEKS: 2, Rhythm.EVERY_THREE_WEEKS: 3}


def _end(plan: Plan) -> time:
    start = datetime.combine(date(2000, 1, 1), plan.hour)
    return (start + timedelta(minutes=plan.minutes)).time()
