"""The five groups that run today: who, where, on which playbook."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, time

from goround.apps.accounts.models import User
from goround.apps.demo.places import EAST_LA, EL_MONTE, METRO, PACOIMA, PANORAMA
from goround.apps.demo.running import Plan, Running
from goround.apps.organisations.models import Organisation, Programme, Venue
from goround.domain.calendar import Rhythm

GROUPS = (
    Plan(
        host=METRO,
        playbook="parent-support-circles",
        name="Westlake evening circle",
        type="self-care",
        language="en",
        rhythm=Rhythm.WEEKLY,
        so_far=9,
        hour=time(18, 0),
        minutes=90,
        members=7,
        source="community-organisations",
        facilitators=("facilitator", ""),
        training="circle-facilitator",
        was_last_evening=True,
    ),
    Plan(
        host=PACOIMA,
        playbook="circle-of-parents",
        name="Pacoima open circle",
        type="open",
        language="es",
        rhythm=Rhythm.WEEKLY,
        so_far=12,
        hour=time(18, 30),
        minutes=120,
        members=1,
        source="",
        facilitators=("facilitator-pacoima",),
        training="parent-group-facilitator",
        parent_leader="",
        childrens_leader="childrens-leader",
        is_open=True,
        forgotten=(2, 6),
    ),
    Plan(
        host=EL_MONTE,
        playbook="families-make-the-difference",
        name="Five at Two Bridges",
        type="",
        language="es",
        rhythm=Rhythm.WEEKLY,
        so_far=7,
        hour=time(18, 30),
        minutes=90,
        members=5,
        source="course",
        facilitators=("",),
        training="course-facilitator",
        parent_leader="co-leader",
        parent_leads_from=2,
        facilitators_until=3,
    ),
    Plan(
        host=EAST_LA,
        playbook="safe-project",
        name="Kitchen table online",
        type="",
        language="en",
        rhythm=Rhythm.EVERY_THREE_WEEKS,
        so_far=5,
        hour=time(19, 0),
        minutes=90,
        members=6,
        source="social-worker",
        facilitators=("practitioner", ""),
        online=True,
    ),
    Plan(
        host=PANORAMA,
        playbook="home-visiting-groups",
        name="First years together",
        type="",
        language="es",
        rhythm=Rhythm.MONTHLY,
        so_far=5,
        hour=time(10, 0),
        minutes=90,
        members=8,
        source="home-visitor",
        facilitators=("home-visitor",),
        parent_leader="",
        parent_leads_from=3,
        forgotten=(1,),
    ),
)


def load_today(
    programmes: Mapping[tuple[str, str], Programme],
    coordinators: Mapping[str, User],
    people: dict[str, User],
    *,
    at: datetime,
) -> None:
    """Begin the groups; ``programmes`` by host and playbook, ``coordinators`` by host."""
    for plan in GROUPS:
        programme = programmes[plan.host.slug, plan.playbook]
        venue = _video_room(programme.organisation) if plan.online else _room(programme)
        by = coordinators[plan.host.slug]
        Running(plan, programme, venue, people, by=by, at=at).begin()


def _room(programme: Programme) -> Venue:
    return Venue.objects.filter(organisation=programme.organisation, reference="room-1").get()


def _video_room(organisation: Organisation) -> Venue:
    return Venue.objects.create(
        organisation=organisation,
        reference="online",
        name="Video room",
        mode=Venue.Mode.ONLINE,
        slots=("mon 19:00-20:30", "wed 19:00-20:30", "thu 19:00-20:30"),
        rooms=4,
    )
