"""Who comes together in a group, and who is at the same place on the same day.

Everything that puts somebody into a group, or a group somewhere, asks here whether it may.
The caller holds the group and has called ``apart.asking.hold``. A no is never explained: it
reads like a full group or a taken room.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from datetime import date, datetime, timedelta
from itertools import takewhile

from django.db.models import Q, QuerySet

from goround.apps.apart import asking
from goround.apps.groups.models import Group, Leadership, Membership
from goround.apps.organisations.playbooks import playbook_of
from goround.domain.calendar.recurrence import at_local, days

# How far ahead rooms are compared, day by day.
AHEAD = timedelta(days=183)

# Of a group, the ids of others that are near it for a reason the series do not tell.
Finder = Callable[[Group, datetime], set[int]]
_finders: list[Finder] = []


class PlaceTaken(Exception):
    """The group cannot meet there and then. Nobody learns more: there may be a reason."""


def also_near(finder: Finder) -> Finder:
    """Register who knows of meetings on days that are not the series' own."""
    _finders.append(finder)
    return finder


def may_join(group: Group, parents: Collection[int], *, on: date, at: datetime) -> bool:
    """Whether these parents may come to the group from ``on``, whatever else speaks against it."""
    company = parents_in(Group.objects.filter(pk=group.pk), on=on)
    nearby = parents_in(neighbours(group, at=at), on=group.today(at=at))
    return asking.may_meet(group.organisation_id, parents, company=company, nearby=nearby)


def is_full(group: Group, members: int) -> bool:
    """Whether the playbook lets nobody else belong to a group of so many."""
    return not group.is_open and members >= playbook_of(group.programme).sizes.max


def has_a_place(group: Group, parent_id: int, *, at: datetime) -> bool:
    """Whether this parent could be let in now. A no is told to nobody, and never explained."""
    members = Membership.objects.filter(group=group, left_on=None).count()
    on = group.today(at=at)
    return not any([is_full(group, members), not may_join(group, [parent_id], on=on, at=at)])


def kept_away(group: Group, *, at: datetime) -> set[int]:
    """Parents who must not meet somebody of the group: not even their names are shown there."""
    here = parents_in(Group.objects.filter(pk=group.pk), on=group.today(at=at))
    pairs = [{pair.one, pair.other} for pair in asking.pairs_of(group.organisation_id)]
    return {person for both in pairs if both & here for person in both - here}


def only_if_place_is_free(group: Group, *, at: datetime) -> None:
    """Raise ``PlaceTaken`` where the group, as it now stands in memory, cannot have its hours."""
    if group.venue_id is None:
        return
    today = group.today(at=at)
    here = parents_in(Group.objects.filter(pk=group.pk), on=today)
    nearby = parents_in(neighbours(group, at=at), on=today)
    refusals = [
        _rooms_are_taken(group, at=at),
        not asking.may_be_near(group.organisation_id, here, nearby),
    ]
    if any(refusals):
        raise PlaceTaken(f"{group} cannot have venue #{group.venue_id} then")


def neighbours(group: Group, *, at: datetime) -> QuerySet[Group]:
    """Other groups that come to the same place on a day on which this one does.

    Groups that meet more rarely than weekly count as if they met every week: too careful
    rather than once too little. One that ended today still had its people there today.
    """
    there = _at_the_place(group, at=at)
    mine = set(group.recurrence().weekdays)
    near = {other.pk for other in there if mine & set(other.recurrence().weekdays)}
    for finder in _finders:
        near |= finder(group, at)
    return there.filter(pk__in=near)


def parents_in(groups: QuerySet[Group], *, on: date) -> set[int]:
    """Ids of all who belong to these groups or lead them on that day or later, as parents.

    A facilitator who is a parent here too has one account for both.
    """
    still = Q(left_on=None) | Q(left_on__gte=on)
    members = Membership.objects.filter(still, group__in=groups.values("pk"))
    leading = Leadership.objects.filter(
        Q(to_on=None) | Q(to_on__gte=on),
        group__in=groups.values("pk"),
        facilitator__user__parent__isnull=False,
    )
    found = set(members.values_list("parent_id", flat=True))
    return found | set(leading.values_list("facilitator__user__parent", flat=True))


def _at_the_place(group: Group, *, at: datetime) -> QuerySet[Group]:
    if group.venue_id is None:
        return Group.objects.none()
    today = group.today(at=at)
    goes_on = Q(status=Group.Status.ACTIVE) | Q(ended_on__gte=today)
    return Group.objects.filter(goes_on, venue=group.venue_id).exclude(pk=group.pk)


def _rooms_are_taken(group: Group, *, at: datetime) -> bool:
    """Whether on some coming day all rooms of the venue are with other groups at that hour."""
    assert group.venue is not None
    others = [_hours(other, at) for other in _at_the_place(group, at=at)]
    return any(
        sum(any(_overlap(hour, taken) for taken in hours) for hours in others) >= group.venue.rooms
        for hour in _hours(group, at)
    )


Hour = tuple[datetime, datetime]


def _hours(group: Group, at: datetime) -> list[Hour]:
    """When the series has the group meet in the coming half-year."""
    rule, today = group.recurrence(), group.today(at=at)
    last = group.ended_on or today + AHEAD
    coming = takewhile(lambda day: day <= min(last, today + AHEAD), days(rule))
    starts = (
        at_local(rule, datetime.combine(day, rule.first.time()))
        for day in coming
        if day >= today and day not in group.days_skipped()
    )
    return [(start, start + timedelta(minutes=rule.minutes)) for start in starts]


def _overlap(one: Hour, other: Hour) -> bool:
    return one[0] < other[1] and other[0] < one[1]
