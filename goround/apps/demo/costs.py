"""What the demo's groups cost: 2015 in bulk, and two budgets of a group that runs today."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, datetime, timedelta
from random import Random

from django.db.models import Count, Q

from goround.apps.accounts.models import User
from goround.apps.audit import services as audit
from goround.apps.costs.models import Budget, CostLine
from goround.apps.costs.services import Told, choose_currency, enter_cost, make_budget, plan_cost
from goround.apps.groups.models import Group
from goround.apps.meetings.models import Meeting
from goround.apps.organisations.models import Organisation

Kind = CostLine.Kind
CIRCLE = "Westlake evening circle"
SESSIONS = 4

# The budget of a mini-grant in West Virginia for four sessions: 570, or 142.50 a session.
MINI_GRANT = (
    Told(kind=Kind.WORKER_TIME, each=40_00, how_many=2, times=SESSIONS, about="two facilitators"),
    Told(kind=Kind.COPIES, each=30_00),
    Told(kind=Kind.CHILDREN, each=20_00, times=SESSIONS, about="childcare"),
    Told(kind=Kind.TRANSPORT, each=20_00, times=SESSIONS, about="bus tickets"),
    Told(kind=Kind.REFRESHMENTS, each=15_00, times=SESSIONS, about="room and refreshments"),
    Told(kind=Kind.VENUE, each=35_00, times=SESSIONS, is_donated=True, about="library hall"),
)


def load_costs(hosts: Sequence[Organisation], *, by: User, at: datetime) -> None:
    """``by`` coordinates the first host."""
    rng = Random(570)  # noqa: S311  the same demo on every machine
    for host in hosts:
        choose_currency(organisation=host, code="USD", by=by, at=at)
        lines = CostLine.objects.bulk_create(_of_2015(host, rng))
        audit.record("demo.costs_loaded", host, by=None, at=at, organisation_id=host.pk,
                     lines=len(lines))  # fmt: skip
    _of_today(Group.objects.get(organisation=hosts[0], name=CIRCLE), by=by, at=at)


def _of_2015(host: Organisation, rng: Random) -> Iterator[CostLine]:
    held = Count("meetings", filter=Q(meetings__status=Meeting.Status.HELD))
    ended = Group.objects.filter(organisation=host, ended_on__isnull=False)
    for group in ended.annotate(held=held).filter(held__gt=0).order_by("pk"):
        for kind, each, how_many, times, is_donated in (
            (Kind.WORKER_TIME, rng.choice((30_00, 35_00, 40_00)), 2, group.held, False),
            (Kind.REFRESHMENTS, rng.choice((12_50, 15_00, 22_00)), 1, group.held, False),
            (Kind.CHILDREN, 20_00, rng.choice((1, 1, 2)), group.held, False),
            (Kind.TRANSPORT, rng.randint(4, 20) * 1_75, 1, group.held, False),
            (Kind.COPIES, 30_00, 1, 1, False),
            (Kind.VENUE, 35_00, 1, group.held, True),
        ):
            yield CostLine(
                group=group,
                spent_on=group.ended_on,
                kind=kind,
                each=each,
                how_many=how_many,
                times=times,
                amount=each * how_many * times,
                is_donated=is_donated,
            )


def _of_today(group: Group, *, by: User, at: datetime) -> None:
    """The first four meetings as planned and as they went; then what runs today."""
    began, today = group.first_local.date(), group.today(at=at)
    over = began + timedelta(days=7 * SESSIONS - 1)
    first = _budget(group, began, over, SESSIONS, by=by, at=at)
    for told in MINI_GRANT:
        plan_cost(budget=first, told=told, by=by, at=at)
    held = SESSIONS - 1  # the building was closed once
    for told in MINI_GRANT:
        _spend(group, over, told, times=held if told.times == SESSIONS else 1, by=by, at=at)
    running = _budget(group, over + timedelta(days=1), over + timedelta(days=120), 16, by=by, at=at)
    for told in MINI_GRANT[:1] + MINI_GRANT[2:]:
        plan_cost(budget=running, told=_times(told, 16), by=by, at=at)
    for weeks in range(1, 1 + max((today - over).days // 7, 1)):
        day = min(over + timedelta(days=7 * weeks), today)
        _spend(group, day, MINI_GRANT[0], times=1, by=by, at=at)
        _spend(group, day, MINI_GRANT[4], times=1, by=by, at=at)


def _budget(
    group: Group, first: date, last: date, meetings: int, *, by: User, at: datetime
) -> Budget:
    return make_budget(group=group, first_on=first, last_on=last, meetings=meetings, by=by, at=at)


def _spend(group: Group, day: date, told: Told, *, times: int, by: User, at: datetime) -> None:
    enter_cost(group=group, on=day, told=_times(told, times), by=by, at=at)


def _times(told: Told, times: int) -> Told:
    return Told(
        kind=told.kind,
        each=told.each,
        how_many=told.how_many,
        times=times,
        is_donated=told.is_donated,
        about=told.about,
    )
