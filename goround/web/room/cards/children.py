"""The children's programme: that there is one, one's own children, and the code for next time."""

from __future__ import annotations

from typing import Any

from goround.apps.children.programme import bands_of, code_for, has_programme
from goround.apps.children.selectors import own_children
from goround.apps.meetings.models import Meeting
from goround.apps.meetings.selectors import own_meetings
from goround.web.room.cards.visit import Visit


def room_card(visit: Visit) -> dict[str, Any] | None:
    """For a member; those who only lead have a page of their own."""
    viewer, group = visit.viewer, visit.group
    if visit.membership is None or not has_programme(group):
        return None
    children = [child for child in own_children(viewer) if child.group_id == group.pk]
    coming = own_meetings(viewer, visit.membership, at=visit.at)
    meeting = next((one for one in coming if one.status != Meeting.Status.CANCELLED), None)
    bands = [band.key for band in bands_of(group)]
    return {
        "children": children,
        "code": code_for(children[0], meeting.pk) if children and meeting else "",
        "youngest": bands[0].partition("-")[0],
        "oldest": bands[-1].partition("-")[2],
    }
