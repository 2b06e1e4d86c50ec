"""Whether one person alone could be at one place and hour, and how far it is."""

from __future__ import annotations

import math
from collections.abc import Iterable
from typing import Final

from goround.domain.matching.problem import Facilitator, Parent, Span, Venue

EARTH_RADIUS_KM: Final = 6371.0088


def great_circle_km(lat_a: float, lon_a: float, lat_b: float, lon_b: float) -> float:
    """Haversine distance on a sphere of the earth's mean radius."""
    one, two = math.radians(lat_a), math.radians(lat_b)
    south, east = two - one, math.radians(lon_b - lon_a)
    half = math.sin(south / 2) ** 2 + math.cos(one) * math.cos(two) * math.sin(east / 2) ** 2
    return 2 * EARTH_RADIUS_KM * math.asin(min(1.0, math.sqrt(half)))


def km_to(person: Parent | Facilitator, venue: Venue) -> float:
    """Kilometres from home to the venue; 0 for a video room."""
    if venue.is_online or venue.lat is None or venue.lon is None:
        return 0.0
    return great_circle_km(person.lat, person.lon, venue.lat, venue.lon)


def in_reach(person: Parent | Facilitator, venue: Venue) -> bool:
    """A video room is in everyone's reach, whether or not they accept to meet online."""
    return venue.is_online or km_to(person, venue) <= person.max_km


def meets_needs(parent: Parent, venue: Venue) -> bool:
    return (not parent.modes or venue.mode in parent.modes) and parent.needs <= venue.features


def is_free(available: Iterable[Span], slot: Span) -> bool:
    """One span must cover the whole slot: two that touch are not joined."""
    return any(span.covers(slot) for span in available)


def can_attend(parent: Parent, venue: Venue, slot: Span) -> bool:
    return (
        meets_needs(parent, venue) and is_free(parent.available, slot) and in_reach(parent, venue)
    )


def can_lead(facilitator: Facilitator, venue: Venue, slot: Span) -> bool:
    return (
        facilitator.groups > 0
        and is_free(facilitator.available, slot)
        and in_reach(facilitator, venue)
    )


def speaks(person: Parent | Facilitator, language: str) -> bool:
    return language in person.languages


def wants(person: Parent | Facilitator, group_type: str) -> bool:
    return not person.interests or group_type in person.interests
