"""Lists that were taken along, and say something else than what was written on the page."""

from __future__ import annotations

from datetime import datetime
from hashlib import sha256
from uuid import NAMESPACE_URL, uuid5

from goround.apps.accounts.models import User
from goround.apps.children.models import Child
from goround.apps.groups.models import Group, Membership
from goround.apps.marks.children_back import ChildTap, bring_children_back, take_children_along
from goround.apps.marks.hours import can_take_children
from goround.apps.marks.models import ChildMark, Mark, Taken
from goround.apps.marks.services import Sent, bring_back, take_along
from goround.apps.meetings.models import Meeting


def load_marks(parent: User, facilitator: User, *, at: datetime) -> None:
    """The last meeting of the parent's group: somebody marked on the way who is not on the page."""
    group = Group.objects.filter(memberships__parent__user=parent).earliest("pk")
    meeting = Meeting.objects.filter(group=group, status=Meeting.Status.HELD).latest("starts_at")
    members = Membership.objects.filter(group=group, left_on=None).order_by("alias", "pk")
    missing = members.exclude(attendances__meeting=meeting).first()
    if missing is None:
        return
    number = uuid5(NAMESPACE_URL, f"goround demo {meeting.pk}")
    taken = take_along(
        meeting=meeting,
        seats=[missing],
        number=number,
        key=sha256(number.bytes).hexdigest(),
        is_shared=False,
        by=facilitator,
        at=meeting.starts_at,
    )
    # It was taken before anybody had written on the page.
    Taken.objects.filter(pk=taken.pk).update(seen={"nothing": True})
    mark = Sent(
        number=uuid5(number, "mark"),
        place=1,
        about=Mark.About.SEAT,
        tapped_at=meeting.starts_at,
        seat="1",
        is_here=True,
    )
    bring_back(taken=taken, sent=[mark], by=facilitator, at=at)


def load_child_mark(tomas: User, *, at: datetime) -> None:
    """Tonight a device without a signal let a child come with somebody who is on no list."""
    captain = Child.objects.select_related("group").filter(alias="Captain", ended_at=None).first()
    meetings = Meeting.objects.filter(group=captain.group, ends_at__gt=at) if captain else []
    tonight = next((each for each in meetings if can_take_children(each, at=at)), None)
    if captain is None or tonight is None:
        return
    number = uuid5(NAMESPACE_URL, f"goround demo children {tonight.pk}")
    taken = take_children_along(
        meeting=tonight,
        children=[captain],
        number=number,
        key=sha256(number.bytes).hexdigest(),
        by=tomas,
        at=at,
    )
    tap = ChildTap(
        number=uuid5(number, "mark"),
        place=1,
        about=ChildMark.About.CAME,
        child="1",
        tapped_at=at,
        adult="Lupe",
    )
    bring_children_back(taken=taken, sent=[tap], by=tomas, at=at)
