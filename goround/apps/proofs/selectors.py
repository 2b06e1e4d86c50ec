"""What a parent could have on paper, what they have had, and what a code on a paper says."""

from __future__ import annotations

from datetime import date, datetime

from django.db.models import QuerySet

from goround.apps.meetings.models import Attendance, Meeting
from goround.apps.organisations.models import Organisation, Programme
from goround.apps.organisations.playbooks import playbook_of
from goround.apps.organisations.roles import Permission
from goround.apps.organisations.selectors import Viewer, organisations_for
from goround.apps.people.models import Parent
from goround.apps.proofs.codes import LENGTH, hash_of, tidy_code
from goround.apps.proofs.models import Proof
from goround.apps.walls.places import show_proof


def programmes_to_prove(viewer: Viewer, parent: Parent) -> list[Programme]:
    """Programmes the viewer came to as this parent and whose playbook gives papers out."""
    if not _is_own(viewer, parent):
        return []
    came = Programme.objects.filter(group__memberships__parent=parent).distinct().order_by("name")
    return [each for each in came if playbook_of(each).proof_of_attendance]


def days_there(
    viewer: Viewer,
    parent: Parent,
    programme: Programme,
    *,
    first: date | None = None,
    last: date | None = None,
) -> list[date]:
    """Days, by the group's own clock, on which the viewer was marked as having been there."""
    if not _is_own(viewer, parent):
        return []
    rows = Attendance.objects.filter(
        membership__parent=parent,
        meeting__group__programme=programme,
        meeting__status=Meeting.Status.HELD,
    ).select_related("meeting__group")
    days = {row.meeting.group.today(at=row.meeting.starts_at) for row in rows}
    return sorted(day for day in days if (first or day) <= day <= (last or day))


def proofs_of(viewer: Viewer, parent: Parent) -> QuerySet[Proof]:
    """The viewer's own papers, the latest first. Nobody else's."""
    own = Proof.objects.filter(parent=parent, parent__user=viewer.pk)
    return own.order_by("-issued_on", "-pk") if viewer.pk else own.none()


def proof_behind(viewer: Viewer, code: str, *, at: datetime) -> Proof | None:
    """The paper with this code, while it holds. Anybody may ask, a few times.

    One taken back, one out of date and one that never was are the same: None.
    """
    if len(tidy_code(code)) != LENGTH:
        return None
    show_proof(hash_of(code))
    found = Proof.objects.filter(code_hash=hash_of(code)).first()
    return found if found and found.holds(on=at.date()) else None


def papers_given_out(
    viewer: Viewer, organisation: Organisation, *, first: date, after: date
) -> int:
    """How many papers were asked for from the first day to before the other; never by whom."""
    may = organisations_for(viewer, needs=Permission.SEE_MONTH)
    given = Proof.objects.filter(
        organisation=organisation, organisation__in=may, issued_on__gte=first, issued_on__lt=after
    )
    return given.count()


def _is_own(viewer: Viewer, parent: Parent) -> bool:
    return viewer.pk is not None and parent.user_id == viewer.pk
