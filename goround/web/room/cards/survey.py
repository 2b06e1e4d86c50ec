"""Questions that wait for a member, and the code for those who lead the group."""

from __future__ import annotations

from typing import Any

from goround.apps.surveys.selectors import own_waves, waves_led
from goround.web.room.cards.visit import Visit


def room_card(visit: Visit) -> dict[str, Any] | None:
    """A member is asked while they have neither answered nor said no; then it is only a link."""
    own, led = [], []
    if visit.membership:
        open_now = own_waves(visit.viewer, at=visit.at)
        own = [one for one in open_now if one.wave.group_id == visit.group.pk]
    if visit.leads:
        led = waves_led(visit.viewer, visit.group, at=visit.at)
    return {"own": own, "led": led} if own or led else None
