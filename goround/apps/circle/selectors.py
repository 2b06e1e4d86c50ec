"""Which circles somebody may lead or is in, and what one looks like at this moment."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import QuerySet

from goround.apps.circle.codes import hash_of, tidy_code
from goround.apps.circle.models import CircleDevice, CircleSeat, Evenness, OpenCircle
from goround.apps.groups.selectors import groups_to_record, led_groups
from goround.apps.meetings.models import Meeting
from goround.apps.organisations.models import Organisation
from goround.apps.organisations.one_look import asked_once
from goround.apps.organisations.selectors import Viewer
from goround.apps.walls.places import has_walls, opening, read, show_circle
from goround.domain.circle.facts import Circle


@dataclass(frozen=True, slots=True)
class Snapshot:
    """All that any device shows of one circle, read at one moment.

    ``devices`` are hashes of what the devices in it keep, with the seat of each, None for the
    table.
    """

    circle_id: int
    version: int
    circle: Circle
    names: dict[int, str]
    devices: dict[str, int | None]
    code: str | None
    video_url: str

    def name(self, seat: int) -> str:
        return self.names.get(seat, "")


def groups_to_lead(viewer: Viewer, organisation: Organisation) -> list[int]:
    """Ids of groups whose meetings the viewer may lead: those they lead, not as the children's."""

    def ask() -> list[int]:
        led = led_groups(viewer, organisation).order_by().values("pk")
        both = groups_to_record(viewer, organisation).filter(pk__in=led)
        return list(both.values_list("pk", flat=True))

    return asked_once(("leads meetings", viewer.pk, organisation.pk), ask)


def meeting_led(viewer: Viewer, organisation: Organisation, meeting_id: int) -> Meeting | None:
    """A meeting the viewer may lead, or None."""
    return (
        Meeting.objects.filter(pk=meeting_id, group__in=groups_to_lead(viewer, organisation))
        .select_related("group__organisation", "group__programme", "group__venue")
        .first()
    )


def session_of(viewer: Viewer, meeting: Meeting) -> int:
    """Which of the group's meetings this is, counted from 1, the cancelled ones left out."""
    earlier = Meeting.objects.filter(
        group__in=groups_to_lead(viewer, meeting.group.organisation),
        group=meeting.group_id,
        starts_at__lt=meeting.starts_at,
    )
    return earlier.exclude(status=Meeting.Status.CANCELLED).count() + 1


def open_circle_of(viewer: Viewer, meeting: Meeting, *, at: datetime) -> OpenCircle | None:
    """The circle of a meeting that a selector found for this viewer, while it is open."""
    return OpenCircle.objects.filter(
        meeting=meeting,
        meeting__group__in=groups_to_lead(viewer, meeting.group.organisation),
        until__gt=at,
    ).first()


def evenness_kept(viewer: Viewer, meeting: Meeting) -> Evenness | None:
    """How evenly time was shared, where the group chose to keep it; for those who lead it."""
    return Evenness.objects.filter(
        meeting=meeting, meeting__group__in=groups_to_lead(viewer, meeting.group.organisation)
    ).first()


def circle_behind(viewer: Viewer, code: str, *, at: datetime) -> OpenCircle | None:
    """The open circle whose door opens to this code; anybody may try, a few times."""
    code = tidy_code(code)
    if not code:
        # A shut door has no code, and must not open to none.
        return None
    found = OpenCircle.objects.filter(code=code, until__gt=at)
    _come_in(found, code)
    return found.first()


def device_in(viewer: Viewer, token: str, *, at: datetime) -> CircleDevice | None:
    """The device that keeps this token, with its circle while that is open, and its seat."""
    devices = CircleDevice.objects.filter(token_hash=hash_of(token))
    _come_in(devices, hash_of(token))
    return devices.filter(circle__until__gt=at).select_related("circle", "seat").first()


def _come_in(found: QuerySet[Any], secret: str) -> None:
    """Open the organisation of the one row that the secret belongs to."""
    if has_walls():
        show_circle(secret)
        read(opening(found, "organisation_id"))


def snapshot_of(viewer: Viewer, circle_id: int) -> Snapshot | None:
    """What a circle that a selector found for this viewer looks like now; None once closed."""
    found = OpenCircle.objects.filter(pk=circle_id).first()
    return snapshot_from(viewer, found) if found else None


def snapshot_from(viewer: Viewer, found: OpenCircle) -> Snapshot:
    """The same of a row read just now. Two queries."""
    people = CircleSeat.objects.filter(circle=found).values_list("number", "alias")
    devices = CircleDevice.objects.filter(circle=found).values_list("token_hash", "seat__number")
    return Snapshot(
        circle_id=found.pk,
        version=found.version,
        circle=found.circle(),
        names=dict(people),
        devices=dict(devices),
        code=found.code,
        video_url=found.video_url,
    )
