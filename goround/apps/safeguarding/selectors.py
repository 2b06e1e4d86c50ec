"""What safeguarding leads see. For everybody else nothing of it exists."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Prefetch, QuerySet

from goround.apps.accounts.models import User
from goround.apps.keys.models import SealedText
from goround.apps.keys.sealing import open_each
from goround.apps.organisations.models import Organisation, RoleAssignment
from goround.apps.organisations.roles import Permission, roles_with
from goround.apps.organisations.selectors import Viewer, organisations_for
from goround.apps.safeguarding.duties import duties_of
from goround.apps.safeguarding.models import Concern, FollowUp, Plan, Reader, Step
from goround.apps.safeguarding.notices import leads_at
from goround.apps.safeguarding.readers import MAY_READ
from goround.domain.safeguarding.concern import Act, Stage, next_act
from goround.domain.safeguarding.duties import Deadline, Duties, deadlines

Told = dict[str, str]


@dataclass(frozen=True, slots=True)
class OnTheDesk:
    """A concern with what the law and the leads themselves want done, the first due first."""

    concern: Concern
    deadlines: tuple[Deadline, ...]
    follow_ups: tuple[FollowUp, ...]
    next: Act | None
    overdue: bool


def concerns_for(viewer: Viewer, organisation: Organisation) -> QuerySet[Concern]:
    """Concerns raised at the organisation, the newest first, for its safeguarding leads."""
    may = organisations_for(viewer, needs=Permission.HANDLE_CONCERNS)
    return (
        Concern.objects.filter(organisation=organisation, organisation__in=may)
        .select_related("organisation", "told")
        .order_by("-raised_at", "-pk")
    )


def desk_for(viewer: Viewer, organisation: Organisation, *, at: datetime) -> list[OnTheDesk]:
    """Open concerns: the overdue before the others, then danger, then the oldest."""
    rows = _with_steps(concerns_for(viewer, organisation).exclude(stage=Stage.CLOSED))
    duties = duties_of(organisation)
    found = [_on_the_desk(concern, duties, at) for concern in rows]
    return sorted(found, key=_pressing)


def closed_for(viewer: Viewer, organisation: Organisation) -> QuerySet[Concern]:
    closed = concerns_for(viewer, organisation).filter(stage=Stage.CLOSED)
    return closed.order_by("-closed_at", "-pk")


def one_for(
    viewer: Viewer, organisation: Organisation, concern_id: int, *, at: datetime
) -> OnTheDesk | None:
    found = _with_steps(concerns_for(viewer, organisation).filter(pk=concern_id)).first()
    return _on_the_desk(found, duties_of(organisation), at) if found else None


def opened(
    viewer: Viewer, private_key: bytes, texts: Iterable[SealedText | None]
) -> dict[int, Told]:
    """What these sealed texts say to the holder of the key, by their ids."""
    here = [text for text in texts if text is not None]
    return {pk: json.loads(text) for pk, text in open_each(private_key, here).items()}


def plan_for(viewer: Viewer, organisation: Organisation) -> Plan:
    """Which law's dates are chosen; one not saved yet where nobody has chosen."""
    may = organisations_for(viewer, needs=Permission.HANDLE_CONCERNS)
    found = Plan.objects.filter(organisation=organisation, organisation__in=may).first()
    return found or Plan(organisation=organisation)


def has_a_lead(viewer: Viewer, organisation: Organisation) -> bool:
    """Whether anybody there would read a concern. Whoever may raise one may ask."""
    return bool(leads_at(organisation.pk))


def readers_of(viewer: Viewer, concern: Concern) -> QuerySet[Reader]:
    """Who was let read something of a concern, the newest first, for its leads."""
    seen = concerns_for(viewer, concern.organisation).filter(pk=concern.pk)
    found = Reader.objects.filter(concern__in=seen.order_by().values("pk"))
    return found.select_related("user", "named_by", "told").order_by("-named_at", "-pk")


def may_be_readers(viewer: Viewer, organisation: Organisation) -> list[User]:
    """People who work at the organisation and do not read its sealed records, for its leads."""
    may = organisations_for(viewer, needs=Permission.HANDLE_CONCERNS)
    here = RoleAssignment.objects.filter(organisation=organisation, organisation__in=may)
    leads = here.filter(role__in=roles_with(Permission.HANDLE_CONCERNS)).values("user")
    working = here.filter(role__in=MAY_READ, user__is_active=True).exclude(user__in=leads)
    people = {each.user_id: each.user for each in working.select_related("user")}
    return sorted(people.values(), key=lambda user: (user.get_short_name(), user.pk))


def readings_for(viewer: Viewer) -> QuerySet[Reader]:
    """What leads wrote for the viewer to read, while it may be read; nobody else's.

    Whoever works there no longer reads nothing of it any more.
    """
    if viewer.pk is None:
        return Reader.objects.none()
    works = RoleAssignment.objects.filter(user_id=viewer.pk, role__in=MAY_READ)
    return (
        Reader.objects.filter(user_id=viewer.pk, ended_at=None)
        .filter(organisation__in=works.values("organisation"))
        .exclude(concern__stage=Stage.CLOSED)
        .select_related("organisation", "named_by")
        .order_by("-named_at", "-pk")
    )


def _with_steps(rows: QuerySet[Concern]) -> QuerySet[Concern]:
    steps = Step.objects.select_related("by", "told").order_by("at", "pk")
    follow_ups = FollowUp.objects.select_related("told", "done_by").order_by("due_on", "pk")
    return rows.prefetch_related(
        Prefetch("steps", queryset=steps), Prefetch("follow_ups", queryset=follow_ups)
    )


def _on_the_desk(concern: Concern, duties: Duties, at: datetime) -> OnTheDesk:
    stage, today = Stage(concern.stage), concern.organisation.local(at).date()
    done = {step.duty for step in concern.steps.all() if step.duty}
    law = (
        []
        if concern.is_to_be_reported is False
        else deadlines(
            duties, raised_at=concern.raised_at, reported_at=concern.reported_at, done=done
        )
    )
    waiting = [each for each in concern.follow_ups.all() if each.done_at is None]
    over = stage is not Stage.CLOSED and (
        any(each.is_over(at=at) for each in law) or any(each.due_on < today for each in waiting)
    )
    return OnTheDesk(
        concern,
        tuple(law),
        tuple(waiting),
        next_act(stage, follow_ups_open=len(waiting)),
        over,
    )


def _pressing(row: OnTheDesk) -> tuple[bool, bool, datetime, int]:
    concern = row.concern
    return not row.overdue, not concern.in_danger_now, concern.raised_at, concern.pk
