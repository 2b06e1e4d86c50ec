"""Who came into which room, found once for all its cards."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from goround.apps.groups.models import Group, Membership
from goround.apps.organisations.selectors import Viewer


@dataclass(frozen=True, slots=True)
class Visit:
    """``membership`` is None for those who only lead the group; a parent leader has both."""

    viewer: Viewer
    group: Group
    membership: Membership | None
    leads: bool
    at: datetime
