"""The viewer's own membership of the group that a page is about; for anybody else no page."""

from __future__ import annotations

from django.http import Http404

from goround.apps.groups.models import Membership
from goround.apps.groups.selectors import own_memberships
from goround.web.rendering import Request


def find_membership(request: Request, group_id: int) -> Membership:
    """Raises ``Http404`` for whoever does not belong to the group, staff included."""
    mine = [each for each in own_memberships(request.user) if each.group_id == group_id]
    if not mine:
        raise Http404
    return mine[0]
