"""Groups that meet already, as the matching engine sees them.

They hold rooms, facilitators and hours that a new round cannot have, newcomers join them,
and those that shrank are merged.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence

from goround.apps.groups.models import Group, Leadership, Membership
from goround.apps.organisations.models import Organisation
from goround.domain.matching.answer import FormedGroup
from goround.domain.matching.problem import ANY_TYPE, MINUTES_IN_DAY, Span, Venue


def hours_of(group: Group) -> list[Span]:
    """The weekdays and times at which a group meets, cut off at midnight.

    A group that meets more rarely than weekly counts as if it met every week.
    """
    rule = group.recurrence()
    start = rule.first.hour * 60 + rule.first.minute
    end = min(start + rule.minutes, MINUTES_IN_DAY)
    return [Span(day, start, end) for day in rule.weekdays]


def running_groups(organisation: Organisation) -> list[FormedGroup]:
    """The organisation's active groups with members and facilitators. Three queries.

    A group that meets on several weekdays is in the list once for each.
    """
    groups = Group.objects.filter(organisation=organisation, status=Group.Status.ACTIVE)
    members, leaders = _members(organisation), _leaders(organisation)
    return [
        FormedGroup(
            id=str(group.pk),
            venue=str(group.venue_id),
            slot=slot,
            language=group.language,
            type=group.type or ANY_TYPE,
            facilitators=tuple(leaders[group.pk]),
            members=tuple(members[group.pk]),
            locked=True,
        )
        for group in groups.order_by("pk")
        for slot in hours_of(group)
    ]


def _members(organisation: Organisation) -> dict[int, list[str]]:
    found: dict[int, list[str]] = defaultdict(list)
    rows = Membership.objects.filter(
        group__organisation=organisation, group__status=Group.Status.ACTIVE, left_on=None
    )
    for group_id, parent_id in rows.order_by("pk").values_list("group_id", "parent_id"):
        found[group_id].append(str(parent_id))
    return found


def _leaders(organisation: Organisation) -> dict[int, list[str]]:
    found: dict[int, list[str]] = defaultdict(list)
    rows = Leadership.objects.filter(
        group__organisation=organisation,
        group__status=Group.Status.ACTIVE,
        part=Leadership.Part.FACILITATOR,
        facilitator__isnull=False,
        to_on=None,
    )
    for group_id, facilitator_id in rows.order_by("pk").values_list("group_id", "facilitator_id"):
        found[group_id].append(str(facilitator_id))
    return found


def without(hours: Iterable[Span], taken: Sequence[Span]) -> tuple[Span, ...]:
    """What is left of the hours when those taken are cut out of them.

    >>> [str(left) for left in without([Span(0, 540, 720)], [Span(0, 600, 660)])]
    ['mon 09:00-10:00', 'mon 11:00-12:00']
    """
    left = list(hours)
    for gone in taken:
        left = [piece for span in left for piece in _cut(span, gone)]
    return tuple(left)


def _cut(span: Span, gone: Span) -> list[Span]:
    if not span.overlaps(gone):
        return [span]
    ends = ((span.start, gone.start), (gone.end, span.end))
    return [Span(span.day, start, end) for start, end in ends if start < end]


def rooms_left(venue: Venue, held: Sequence[Span]) -> tuple[tuple[Span, ...], int]:
    """The slots and the number of rooms that groups already meeting there leave free.

    The engine knows one number of rooms for a venue. Where slots differ, the number that
    keeps most places open is taken, and slots with fewer rooms free are left out: a room is
    never given twice.
    """
    free = {slot: venue.rooms - _most_at_once(slot, held) for slot in venue.slots}
    best = max(
        range(1, venue.rooms + 1),
        key=lambda rooms: rooms * sum(left >= rooms for left in free.values()),
        default=1,
    )
    return tuple(slot for slot, left in free.items() if left >= best), best


def _most_at_once(slot: Span, held: Sequence[Span]) -> int:
    overlapping = [span for span in held if span.overlaps(slot)]
    starts = [slot.start, *(span.start for span in overlapping)]
    moments = [Span(slot.day, start, start + 1) for start in starts if start >= slot.start]
    return max(sum(span.overlaps(now) for span in overlapping) for now in moments)
