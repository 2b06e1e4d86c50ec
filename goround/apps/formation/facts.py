"""From the organisation's rows to the facts that the matching engine works on."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from goround.apps.apart import asking
from goround.apps.formation import running
from goround.apps.formation.settings import RoundSettings, policy_of
from goround.apps.formation.stored import span_of
from goround.apps.organisations.models import Organisation, Programme
from goround.apps.organisations.models import Venue as VenueRow
from goround.apps.organisations.selectors import Viewer
from goround.apps.people.models import Facilitator as FacilitatorRow
from goround.apps.people.models import Parent as ParentRow
from goround.apps.people.opening import open_details
from goround.apps.people.selectors import WaitingFilter, waiting_list
from goround.domain.matching.answer import FormedGroup
from goround.domain.matching.problem import ONLINE, Facilitator, Parent, Problem, Span, Venue
from goround.domain.privacy.place import cell_centre

# What formation.md says where nothing was said.
PARENT_MAX_KM = 15.0
FACILITATOR_MAX_KM = 30.0
# Further than any two points on Earth: where a facilitator lives is not known.
ANYWHERE_KM = 25_000.0

Pairs = Mapping[int, set[int]]


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A waiting parent about whom too little is known; lacks ``place``, ``languages``, ``hours``.

    One whose place is unknown can still meet online, unless they want to meet in person.
    """

    parent: str
    lacks: str


@dataclass(frozen=True, slots=True)
class Facts:
    problem: Problem
    left_out: tuple[LeftOut, ...]


def taken_in(programme: Programme, settings: RoundSettings, *, at: datetime) -> WaitingFilter:
    """Whom of the waiting list the settings take in."""
    return WaitingFilter(
        programme=programme,
        language=settings.language,
        type=settings.type,
        waiting_before=at - timedelta(days=settings.waited_days),
    )


def gather(viewer: Viewer, programme: Programme, settings: RoundSettings, *, at: datetime) -> Facts:
    """Everything a search needs to know, as it is now. Ten queries, however many parents.

    ``viewer`` is who asked for the search; somebody who may see nobody waiting finds nobody.
    """
    organisation = programme.organisation
    on = organisation.local(at).date()
    referrals = list(waiting_list(viewer, organisation, keep=taken_in(programme, settings, at=at)))
    open_details(referral.parent for referral in referrals)
    groups = running.running_groups(organisation)
    together, apart = together_pairs(organisation), apart_pairs(organisation)
    venue_rows = VenueRow.objects.filter(
        organisation=organisation, in_use=True, pk__in=settings.venues
    )
    venues = [venue_fact(row) for row in venue_rows.order_by("pk")]
    away = hours_away(groups, venues, apart)
    lacking = {r.parent_id: lacks for r in referrals if (lacks := _lacks(r.parent))}
    problem = Problem(
        parents=tuple(
            without_hours(
                parent_fact(r.parent, on=on, together=together, apart=apart, priority=r.priority),
                away.get(r.parent_id, ()),
            )
            for r in referrals
            if r.parent_id not in lacking
        ),
        venues=tuple(_free_rooms(venue, groups) for venue in venues),
        facilitators=tuple(_free_facilitators(organisation, settings, groups)),
        policy=policy_of(programme, settings),
    )
    return Facts(problem, tuple(LeftOut(str(pk), lacks) for pk, lacks in lacking.items()))


def parent_fact(
    row: ParentRow, *, on: date, together: Pairs, apart: Pairs, priority: int = 1
) -> Parent:
    lat, lon = cell_centre(row.home_cell) if row.home_cell else (0.0, 0.0)
    return Parent(
        id=str(row.pk),
        lat=lat,
        lon=lon,
        children=row.ages(on=on),
        languages=frozenset(row.languages),
        available=hours(row.available),
        interests=frozenset(row.interests),
        modes=frozenset(row.modes) if row.home_cell else frozenset({ONLINE}),
        max_km=PARENT_MAX_KM if row.max_km is None else row.max_km,
        needs=frozenset(row.needs),
        tags=frozenset(row.tags),
        wishes=frozenset(row.wishes),
        together=_ids(together, row.pk),
        apart=_ids(apart, row.pk),
        priority=priority,
    )


def venue_fact(row: VenueRow) -> Venue:
    return Venue(
        id=str(row.pk),
        name=row.name,
        mode=row.mode,
        lat=row.lat,
        lon=row.lon,
        slots=hours(row.slots),
        rooms=row.rooms,
        capacity=row.capacity,
        features=frozenset(row.features),
    )


def facilitator_fact(row: FacilitatorRow) -> Facilitator:
    lat, lon = cell_centre(row.home_cell) if row.home_cell else (0.0, 0.0)
    km = FACILITATOR_MAX_KM if row.max_km is None else row.max_km
    return Facilitator(
        id=str(row.pk),
        languages=frozenset(row.languages),
        available=hours(row.available),
        lat=lat,
        lon=lon,
        max_km=km if row.home_cell else ANYWHERE_KM,
        interests=frozenset(row.interests),
        groups=row.groups_at_most,
    )


def hours(texts: Iterable[str]) -> tuple[Span, ...]:
    return tuple(map(span_of, texts))


def together_pairs(organisation: Organisation) -> Pairs:
    pairs = ParentRow.together.through.objects.filter(from_parent__organisation=organisation)
    return _both_ways(pairs.values_list("from_parent_id", "to_parent_id"))


def apart_pairs(organisation: Organisation) -> Pairs:
    """Pairs of either scope: forming groups is always as careful as it can be."""
    return _both_ways((pair.one, pair.other) for pair in asking.pairs_of(organisation.pk))


def _both_ways(pairs: Iterable[tuple[int, int]]) -> Pairs:
    found: dict[int, set[int]] = defaultdict(set)
    for one, other in pairs:
        found[one].add(other)
        found[other].add(one)
    return found


def _ids(pairs: Pairs, pk: int) -> frozenset[str]:
    return frozenset(str(other) for other in pairs.get(pk, ()))


def _lacks(row: ParentRow) -> str:
    if not row.languages:
        return "languages"
    if not row.available:
        return "hours"
    can_be_online = not row.modes or ONLINE in row.modes
    return "" if row.home_cell or can_be_online else "place"


def hours_away(
    groups: Sequence[FormedGroup], venues: Sequence[Venue], apart: Pairs
) -> dict[int, list[Span]]:
    """Hours that a parent cannot have because someone to be kept apart from is near.

    That venue's hours on that day. A whole hour is lost, elsewhere too: too careful rather
    than once too little.
    """
    slots = {venue.id: venue.slots for venue in venues}
    away: dict[int, list[Span]] = defaultdict(list)
    for group in groups:
        same_day = [slot for slot in slots.get(group.venue, ()) if slot.day == group.slot.day]
        for member in group.members:
            for other in apart.get(int(member), ()):
                away[other] += same_day
    return away


def without_hours(parent: Parent, taken: Sequence[Span]) -> Parent:
    if not taken:
        return parent
    return replace(parent, available=running.without(parent.available, taken))


def _free_rooms(venue: Venue, groups: Sequence[FormedGroup]) -> Venue:
    held = [group.slot for group in groups if group.venue == venue.id]
    slots, rooms = running.rooms_left(venue, held)
    return replace(venue, slots=slots, rooms=rooms)


def _free_facilitators(
    organisation: Organisation, settings: RoundSettings, groups: Sequence[FormedGroup]
) -> list[Facilitator]:
    """Those chosen, less the hours and the groups that they lead already."""
    rows = FacilitatorRow.objects.filter(
        organisation=organisation, in_service=True, pk__in=settings.facilitators
    )
    led: dict[str, list[Span]] = defaultdict(list)
    for group in groups:
        for name in group.facilitators:
            led[name].append(group.slot)
    facts = [facilitator_fact(row) for row in rows.order_by("pk")]
    return [
        replace(
            fact,
            available=running.without(fact.available, led[fact.id]),
            groups=fact.groups - len(led[fact.id]),
        )
        for fact in facts
        if fact.groups > len(led[fact.id])
    ]
