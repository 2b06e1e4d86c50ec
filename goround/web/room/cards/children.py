"""The children's programme: that there is one, one's own children, and the code for next time."""

from __future__ import annotations

from typing import Any

from django.utils import timezone

from goround.apps.children.programme import bands_of, code_for, has_programme
from goround.apps.children.selectors import own_children
from goround.apps.groups.models import Group
from goround.apps.groups.selectors import own_membership
from goround.apps.meetings.models import Meeting
from goround.apps.meetings.selectors import own_meetings
from goround.apps.organisations.selectors import Viewer


def room_card(viewer: Viewer, group: Group) -> dict[str, Any] | None:
    """For a member; those who only lead have a page of their own."""
    mine = own_membership(viewer, group)
    if mine is None or not has_programme(group):
        return None
    children = [child for child in own_children(viewer) if child.group_id == group.pk]
    coming = own_meetings(viewer, mine, at=timezone.now())
    meeting = next((one for one in coming if one.status != Meeting.Status.CANCELLED), None)
    bands = [band.key for band in bands_of(group)]
    return {
        "children": children,
        "code": code_for(children[0], meeting.pk) if children and meeting else "",
        "youngest": bands[0].partition("-")[0],
        "oldest": bands[-1].partition("-")[2],
    }
