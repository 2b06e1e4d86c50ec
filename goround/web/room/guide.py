"""The meeting guide: the parts of this meeting one after the other, on one quiet page each."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET

from goround.apps.agenda.selectors import Asked, TopicSeen, chosen_for, promises_asked
from goround.apps.agreements.selectors import agreement_facts, newest_version
from goround.apps.circle.selectors import (
    evenness_kept,
    meeting_led,
    open_circle_of,
    session_of,
)
from goround.apps.meetings.models import Meeting
from goround.apps.organisations.playbooks import playbook_of
from goround.domain.playbook.meeting import Planned, guide, ordinary_guide
from goround.domain.playbook.schema import PartKind, Playbook
from goround.web.rendering import Request


@dataclass(frozen=True, slots=True)
class PartShown:
    number: int
    label: str
    minutes: int
    from_time: str
    says: str
    is_go_round: bool
    is_principles: bool
    is_topic: bool
    is_check_in: bool


@require_GET
def meeting_guide(request: Request, meeting_id: int) -> HttpResponse:
    """All parts at a glance, or one of them, by its number: ``?part=3``."""
    meeting = meeting_led(request.user, request.organisation, meeting_id)
    if meeting is None:
        raise Http404
    playbook = playbook_of(meeting.group.programme)
    session = session_of(request.user, meeting)
    is_first = session == 1 and bool(playbook.introduction)
    ordinary = "ordinary" in request.GET
    parts = parts_of(playbook, meeting, session, ordinary=ordinary)
    number = _number(request.GET.get("part", ""), len(parts))
    now = timezone.now()
    context = {
        "meeting": meeting,
        "group": meeting.group,
        "session": session,
        "is_introduction": is_first and not ordinary,
        "has_introduction": is_first,
        "plan": "&ordinary=1" if ordinary else "",
        "parts": parts,
        "part": parts[number - 1] if number else None,
        "previous": number - 1,
        "next": parts[number] if number < len(parts) else None,
        "principles": playbook.principles,
        **_owned(request, meeting, parts[number - 1] if number else None, at=now),
        "circle": open_circle_of(request.user, meeting, at=now),
        "evenness": evenness_kept(request.user, meeting),
        "circle_page": reverse("room:circle", args=[request.organisation.slug, meeting.pk]),
    }
    return render(request, "room/guide.html", context)


def _owned(
    request: Request, meeting: Meeting, part: PartShown | None, *, at: datetime
) -> dict[str, object]:
    """What the group owns and this part of the meeting needs: nothing is read for the others."""
    topics: list[TopicSeen] = []
    asked: list[Asked] = []
    if part and part.is_topic:
        topics = chosen_for(request.user, meeting, at=at)
    if part and part.is_check_in:
        asked = promises_asked(request.user, meeting)
    if not part or not part.is_principles:
        return {"topics": topics, "asked": asked}
    version = newest_version(request.user, meeting.group)
    return {
        "agreed": version.text.split("\n\n") if version else (),
        "has_agreement": bool(agreement_facts(request.user, [meeting.group])),
    }


def parts_of(
    playbook: Playbook, meeting: Meeting, session: int, *, ordinary: bool = False
) -> list[PartShown]:
    """The parts of this meeting with their soft times, as its playbook has them."""
    minutes = round((meeting.ends_at - meeting.starts_at).total_seconds() / 60)
    if ordinary:
        planned = ordinary_guide(playbook, minutes=minutes)
    else:
        planned = guide(playbook, session=session, minutes=minutes)
    starts = meeting.starts_at.astimezone(meeting.group.zone)
    rounds = [n for n, each in enumerate(planned, 1) if each.part.kind is PartKind.GO_ROUND]
    return [
        _part(number, each, starts, is_check_in=number == next(iter(rounds), 0))
        for number, each in enumerate(planned, start=1)
    ]


def _part(number: int, planned: Planned, starts: datetime, *, is_check_in: bool) -> PartShown:
    """The first go-round is the check-in, where promises of last time are asked about."""
    part = planned.part
    return PartShown(
        number=number,
        label=part.label,
        minutes=part.minutes,
        from_time=f"{starts + timedelta(minutes=planned.from_minute):%H:%M}",
        says=part.says or "",
        is_go_round=part.kind is PartKind.GO_ROUND,
        is_principles=part.kind is PartKind.PRINCIPLES,
        is_topic=part.kind is PartKind.TOPIC,
        is_check_in=is_check_in,
    )


def _number(asked: str, parts: int) -> int:
    """The part asked for, 0 for all of them at a glance."""
    number = int(asked) if asked.isdecimal() and len(asked) < 4 else 0
    return number if number <= parts else 0
