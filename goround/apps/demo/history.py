"""January to July 2015: groups that met and ended, with everybody who came.

Written in bulk, because going through the services meeting by meeting takes minutes. The rules
of the services hold all the same, and each organisation's trail says what was loaded.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, time, timedelta
from itertools import cycle
from random import Random

from goround.apps.audit import services as audit
from goround.apps.demo import plans
from goround.apps.demo.crowd import Aliases, Crowd
from goround.apps.demo.names import leaders
from goround.apps.demo.places import HOSTS, METRO, TIME_ZONE, Host
from goround.apps.demo.plans import GroupPlan
from goround.apps.demo.sessions import Sessions
from goround.apps.groups.models import Group, Leadership, Membership
from goround.apps.meetings.models import Attendance, Meeting
from goround.apps.organisations.models import Programme, Venue
from goround.apps.people.models import Facilitator, Parent, Referral, Training
from goround.apps.people.opening import keep_details
from goround.domain.calendar import to_rrule
from goround.domain.calendar.recurrence import at_local
from goround.domain.privacy import coarse_cell

TRAINING = "circle-facilitator"


@dataclass
class _Rows:
    """Rows on their way to the database, in the order in which they depend on one another."""

    groups: list[Group] = field(default_factory=list)
    parents: list[Parent] = field(default_factory=list)
    referrals: list[Referral] = field(default_factory=list)
    memberships: list[Membership] = field(default_factory=list)
    leaderships: list[Leadership] = field(default_factory=list)
    meetings: list[Meeting] = field(default_factory=list)
    attendances: list[Attendance] = field(default_factory=list)

    def write(self) -> None:
        Group.objects.bulk_create(self.groups)
        Parent.objects.bulk_create(self.parents)
        keep_details(self.parents, new=True)
        Referral.objects.bulk_create(self.referrals)
        Membership.objects.bulk_create(self.memberships)
        Leadership.objects.bulk_create(self.leaderships)
        Meeting.objects.bulk_create(self.meetings)
        Attendance.objects.bulk_create(self.attendances)


def load_history(programmes: Sequence[Programme], *, at: datetime, times: int) -> None:
    """The half-year at the five hosts, ``times`` over for a larger network.

    ``programmes`` are those of ``HOSTS``, in their order.
    """
    rooms = [_rooms(host, programme) for host, programme in zip(HOSTS, programmes, strict=True)]
    for copy in range(times):
        _HalfYear(copy, programmes, rooms).rows().write()
    for programme in programmes:
        host = programme.organisation_id
        audit.record(
            "demo.history_loaded",
            programme,
            by=None,
            at=at,
            groups=Group.objects.filter(organisation=host).count(),
            parents=Parent.objects.filter(organisation=host).count(),
        )


class _HalfYear:
    """One telling of the half-year, a different one for each ``copy``."""

    def __init__(
        self, copy: int, programmes: Sequence[Programme], rooms: Sequence[list[Venue]]
    ) -> None:
        self.copy, self.programmes, self.rooms = copy, programmes, rooms
        self.rng = Random(414 + copy)  # noqa: S311  the same demo on every machine
        self.crowd = Crowd(self.rng, Aliases(self.rng))
        self.sessions = Sessions(self.rng)
        self.written = _Rows()

    def rows(self) -> _Rows:
        made = plans.group_plans(self.rng, len(HOSTS), TIME_ZONE)
        pairs = _pairs(self.rng, self.copy, self.programmes)
        sources = plans.shuffled(self.rng, plans.SOURCES)
        for plan, genders in zip(made, plans.genders(self.rng, made), strict=True):
            group = self._group(plan)
            self._leaders(group, next(pairs[plan.host]))
            told = [sources.pop() for _ in range(plan.came)]
            self._people(group, plan, genders, told)
        return self.written

    def _group(self, plan: GroupPlan) -> Group:
        programme = self.programmes[plan.host]
        skipped = sorted(day for day in plans.HOLIDAYS if day.weekday() == plan.series.weekdays[0])
        first_at = at_local(plan.series, plan.series.first).astimezone(UTC)
        host = HOSTS[plan.host]
        group = Group(
            organisation_id=programme.organisation_id,
            programme=programme,
            name=plan.name if not self.copy else f"{plan.name} {self.copy + 1}",
            type=plan.type,
            language="es" if self.rng.random() < host.spanish else "en",
            venue=self.rng.choice(self.rooms[plan.host]),
            rrule=to_rrule(plan.series),
            first_at=first_at,
            time_zone=TIME_ZONE,
            minutes=plan.series.minutes,
            skipped_days=[day.isoformat() for day in skipped],
            created_at=first_at - timedelta(days=20),
            status=Group.Status.ENDED,
        )
        self.written.groups.append(group)
        return group

    def _leaders(self, group: Group, pair: Sequence[Facilitator]) -> None:
        self.written.leaderships += [
            Leadership(group=group, facilitator=one, part=Leadership.Part.FACILITATOR)
            for one in pair
        ]

    def _people(
        self, group: Group, plan: GroupPlan, genders: Sequence[str], sources: Sequence[str]
    ) -> None:
        """Members, meetings, and who was there; each of ``plan.came`` at least once."""
        told = self.sessions.of(group, plan.came)
        last = max(meeting.starts_at for meeting in told.meetings).astimezone(group.zone).date()
        group.ended_on = last
        for leadership in self.written.leaderships[-2:]:
            leadership.from_on, leadership.to_on = group.first_local.date(), last
        self.written.meetings += told.meetings
        for number, present in enumerate(told.present):
            joined = min(present, key=lambda meeting: meeting.starts_at).starts_at
            member = self._member(group, plan, joined, genders[number], sources[number])
            member.left_on = last
            self.written.attendances += [
                Attendance(meeting=meeting, membership=member) for meeting in present
            ]
        for _ in range(plan.no_shows):
            source = self.rng.choice(list(plans.SOURCES))
            member = self._member(group, plan, group.first_at, "female", source)
            member.left_on = min(last, member.joined_on + timedelta(days=20))

    def _member(
        self, group: Group, plan: GroupPlan, joined: datetime, gender: str, source: str
    ) -> Membership:
        number = len(self.written.parents) + 1
        parent = self.crowd.parent(
            group,
            HOSTS[plan.host],
            reference=f"c{self.copy + 1}-{number:04}",
            gender=gender,
            hour=plan.hour,
            since=self.crowd.waited_since(joined),
        )
        placed = joined - timedelta(days=3)
        member = Membership(
            group=group,
            parent=parent,
            alias=parent.alias,
            joined_on=joined.astimezone(group.zone).date(),
        )
        self.written.parents.append(parent)
        self.written.referrals.append(
            self.crowd.referral(parent, group, source=source, placed=placed)
        )
        self.written.memberships.append(member)
        return member


def _rooms(host: Host, programme: Programme) -> list[Venue]:
    """The host's rooms. Where the waiting list brings its own venues they are out of use."""
    return Venue.objects.bulk_create(
        Venue(
            organisation_id=programme.organisation_id,
            reference=f"room-{number}",
            name=room.name,
            lat=round(host.lat + room.north, 3),
            lon=round(host.lon + room.east, 3),
            slots=("mon 18:00-20:00", "tue 09:30-11:30", "wed 18:00-20:00", "sat 09:30-11:30"),
            rooms=2,
            capacity=14,
            features=room.features,
            in_use=host is not METRO,
        )
        for number, room in enumerate(host.rooms, 1)
    )


def _pairs(
    rng: Random, copy: int, programmes: Sequence[Programme]
) -> list[Iterator[tuple[Facilitator, Facilitator]]]:
    """For each host its trained parents, two by two, round and round."""
    names = leaders(rng)
    each = plans.TRAINED // len(programmes)
    made = [
        [
            _facilitator(rng, host, programme, f"trained-{copy + 1}-{number:02}", next(names))
            for number in range(1, each + 1)
        ]
        for host, programme in zip(HOSTS, programmes, strict=True)
    ]
    everybody = Facilitator.objects.bulk_create(one for group in made for one in group)
    _train(rng, everybody)
    return [cycle(zip(group[::2], group[1::2], strict=True)) for group in made]


def _facilitator(
    rng: Random, host: Host, programme: Programme, reference: str, name: str
) -> Facilitator:
    both = rng.random() < 0.6
    return Facilitator(
        organisation_id=programme.organisation_id,
        reference=reference,
        shown_as=name,
        is_parent=True,
        languages=("es", "en") if both else ("es",) if rng.random() < host.spanish else ("en",),
        available=("mon 09:00-20:30", "wed 09:00-20:30", "sat 09:00-12:00"),
        home_cell=coarse_cell(host.lat, host.lon),
        groups_at_most=2,
        in_service=False,
    )


def _train(rng: Random, facilitators: Sequence[Facilitator]) -> None:
    """The three days before they started: late 2014."""
    begun = datetime.combine(plans.FIRST_DAY, time()) - timedelta(days=100)
    Training.objects.bulk_create(
        Training(
            facilitator=one,
            kind=TRAINING,
            completed_on=(begun + timedelta(days=7 * rng.randint(0, 13))).date(),
        )
        for one in facilitators
    )
