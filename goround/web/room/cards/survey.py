"""Questions that wait for a member, and the code for those who lead the group."""

from __future__ import annotations

from typing import Any

from django.utils import timezone

from goround.apps.groups.models import Group
from goround.apps.organisations.selectors import Viewer
from goround.apps.surveys.selectors import own_waves, waves_led


def room_card(viewer: Viewer, group: Group) -> dict[str, Any] | None:
    """A member is asked while they have neither answered nor said no; then it is only a link."""
    now = timezone.now()
    own = [one for one in own_waves(viewer, at=now) if one.wave.group_id == group.pk]
    led = waves_led(viewer, group, at=now)
    return {"own": own, "led": led} if own or led else None
