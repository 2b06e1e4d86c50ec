"""What somebody took along, and what they are asked about it."""

from __future__ import annotations

from uuid import UUID

from django.db.models import Max, QuerySet

from goround.apps.children.selectors import Desk, groups_of_children
from goround.apps.groups.selectors import groups_to_record
from goround.apps.marks.models import ChildMark, Mark, Taken, Tally
from goround.apps.marks.working import Work, work_out
from goround.apps.meetings.models import Meeting
from goround.apps.organisations.models import Organisation
from goround.apps.organisations.selectors import Viewer


def taken_by(viewer: Viewer, number: UUID) -> Taken | None:
    """What the viewer took along themselves, while they may still record that meeting."""
    if viewer.pk is None:
        return None
    found = (
        Taken.objects.filter(number=number, by=viewer.pk)
        .select_related("meeting__group__organisation", "meeting__group__venue", "organisation")
        .first()
    )
    if found is None:
        return None
    groups = groups_to_record if found.part == Taken.Part.ROLL else groups_of_children
    may = groups(viewer, found.organisation).filter(pk=found.meeting.group_id)
    return found if may.exists() else None


def child_marks_asked(viewer: Viewer, desk: Desk) -> QuerySet[ChildMark]:
    """What a device said of children and a person must decide, for who leads them; oldest first."""
    here = groups_of_children(viewer, desk.meeting.group.organisation)
    rows = ChildMark.objects.filter(
        taken__meeting=desk.meeting, taken__meeting__group__in=here, settled_at=None
    )
    rows = rows.exclude(why=ChildMark.Why.AFTER).select_related("child__group", "taken__by")
    return rows.order_by("tapped_at", "pk")


def marks_of(viewer: Viewer, meeting: Meeting) -> Work | None:
    """What marks say of a meeting that the viewer may record, and what is asked; None if none."""
    tally = tally_of(viewer, meeting)
    return work_out(meeting, tally) if tally else None


def tally_of(viewer: Viewer, meeting: Meeting) -> Tally | None:
    may = groups_to_record(viewer, meeting.group.organisation)
    return Tally.objects.filter(meeting=meeting, meeting__group__in=may).first()


def newest_mark(viewer: Viewer, meeting: Meeting) -> int:
    """The newest mark a page shows, so that saving the page settles no later one."""
    may = groups_to_record(viewer, meeting.group.organisation)
    marks = Mark.objects.filter(taken__meeting=meeting, taken__meeting__group__in=may)
    return marks.aggregate(newest=Max("pk"))["newest"] or 0


def meetings_asked_about(viewer: Viewer, organisation: Organisation) -> QuerySet[Tally]:
    """Meetings whose marks wait for the viewer to decide, the latest first."""
    return (
        Tally.objects.filter(asked__gt=0, meeting__group__in=groups_to_record(viewer, organisation))
        .select_related("meeting__group")
        .order_by("-meeting__starts_at")
    )
