"""The eleven rules that an answer must keep, checked one by one and without haste.

Shares nothing with the search, so that it can judge the search, a stored answer or a
coordinator's own hand. H1 (everybody is placed or listed) is only the half that groups
show: nobody is in two of them, and nobody unknown is in any.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import combinations
from typing import Final

from goround.domain.matching.answer import FormedGroup
from goround.domain.matching.fits import in_reach, is_free, km_to, speaks, wants
from goround.domain.matching.problem import ANY_TYPE, Facilitator, Parent, Problem, Span, Venue

REACH_TOLERANCE_KM: Final = 1e-6


@dataclass(frozen=True, slots=True)
class Broken:
    """One broken rule. ``code`` and ``detail`` are for whoever words it for people.

    ``who`` holds ids of parents or facilitators, ``group`` the group, or None when the rule
    lies between groups.
    """

    rule: str
    code: str
    group: str | None
    who: tuple[str, ...] = ()
    detail: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class _World:
    problem: Problem
    groups: tuple[FormedGroup, ...]
    parents: Mapping[str, Parent]
    venues: Mapping[str, Venue]
    facilitators: Mapping[str, Facilitator]
    where: Mapping[str, tuple[FormedGroup, ...]] = field(default_factory=dict)


Check = Callable[[_World], Iterator[Broken]]


def broken_rules(problem: Problem, groups: Iterable[FormedGroup]) -> list[Broken]:
    """Every broken rule, H1 first. An empty list is an answer that may be used."""
    world = _world(problem, tuple(groups))
    return [broken for check in _CHECKS for broken in check(world)]


def _world(problem: Problem, groups: tuple[FormedGroup, ...]) -> _World:
    where: dict[str, tuple[FormedGroup, ...]] = {}
    for group in groups:
        for member in group.members:
            where[member] = (*where.get(member, ()), group)
    return _World(
        problem=problem,
        groups=groups,
        parents={row.id: row for row in problem.parents},
        venues={row.id: row for row in problem.venues},
        facilitators={row.id: row for row in problem.facilitators},
        where=where,
    )


def _people(world: _World, group: FormedGroup) -> Iterator[Parent | Facilitator]:
    yield from _members(world, group)
    yield from _leaders(world, group)


def _members(world: _World, group: FormedGroup) -> list[Parent]:
    return [world.parents[name] for name in group.members if name in world.parents]


def _leaders(world: _World, group: FormedGroup) -> list[Facilitator]:
    return [world.facilitators[name] for name in group.facilitators if name in world.facilitators]


def _h1_placed_once(world: _World) -> Iterator[Broken]:
    for member, groups in world.where.items():
        if member not in world.parents:
            yield Broken("H1", "unknown-parent", groups[0].id, (member,))
        elif len(groups) > 1:
            yield Broken("H1", "placed-twice", groups[-1].id, (member,))


def _h2_size(world: _World) -> Iterator[Broken]:
    policy = world.problem.policy
    for group in world.groups:
        size, venue = len(group.members), world.venues.get(group.venue)
        if size < policy.size_min:
            yield Broken("H2", "too-small", group.id, (), _said(size=size, least=policy.size_min))
        if size > policy.size_max:
            yield Broken("H2", "too-large", group.id, (), _said(size=size, most=policy.size_max))
        people = size + len(group.facilitators)
        if venue is not None and venue.capacity is not None and people > venue.capacity:
            said = _said(people=people, capacity=venue.capacity)
            yield Broken("H2", "room-too-small", group.id, (), said)


def _h3_rooms(world: _World) -> Iterator[Broken]:
    held: dict[str, list[FormedGroup]] = defaultdict(list)
    for group in world.groups:
        venue = world.venues.get(group.venue)
        if venue is None:
            yield Broken("H3", "unknown-venue", group.id, (), _said(venue=group.venue))
        elif group.slot not in venue.slots:
            said = _said(venue=group.venue, slot=group.slot)
            yield Broken("H3", "no-such-slot", group.id, (), said)
        else:
            held[group.venue].append(group)
    for venue_id, groups in held.items():
        yield from _crowded(world.venues[venue_id], groups)


def _crowded(venue: Venue, groups: Sequence[FormedGroup]) -> Iterator[Broken]:
    """Groups whose start finds every room taken; the most at once is at some start."""
    for group in groups:
        now = Span(group.slot.day, group.slot.start, group.slot.start + 1)
        at_once = sum(other.slot.overlaps(now) for other in groups)
        if at_once > venue.rooms:
            said = _said(venue=venue.id, slot=group.slot, groups=at_once, rooms=venue.rooms)
            yield Broken("H3", "no-room", group.id, (), said)


def _h4_free(world: _World) -> Iterator[Broken]:
    for group in world.groups:
        for person in _people(world, group):
            if not is_free(person.available, group.slot):
                yield Broken("H4", "not-free", group.id, (person.id,), _said(slot=group.slot))


def _h5_reach_and_mode(world: _World) -> Iterator[Broken]:
    for group in world.groups:
        if (venue := world.venues.get(group.venue)) is None:
            continue
        for person in _people(world, group):
            km = km_to(person, venue)
            if not in_reach(person, venue) and km > person.max_km + REACH_TOLERANCE_KM:
                said = _said(km=f"{km:.1f}", most=f"{person.max_km:g}", venue=venue.id)
                yield Broken("H5", "too-far", group.id, (person.id,), said)
        for member in _members(world, group):
            if member.modes and venue.mode not in member.modes:
                yield Broken("H5", "other-mode", group.id, (member.id,), _said(mode=venue.mode))


def _h6_language(world: _World) -> Iterator[Broken]:
    for group in world.groups:
        for person in _people(world, group):
            if not speaks(person, group.language):
                said = _said(language=group.language)
                yield Broken("H6", "other-language", group.id, (person.id,), said)


def _h7_type(world: _World) -> Iterator[Broken]:
    for group in world.groups:
        people = list(_people(world, group))
        for person in people:
            if not wants(person, group.type):
                said = _said(type=group.type)
                yield Broken("H7", "other-type", group.id, (person.id,), said)
        if group.type != ANY_TYPE and not any(person.interests for person in people):
            yield Broken("H7", "type-unasked", group.id, (), _said(type=group.type))


def _h8_needs(world: _World) -> Iterator[Broken]:
    for group in world.groups:
        if (venue := world.venues.get(group.venue)) is None:
            continue
        for member in _members(world, group):
            if missing := member.needs - venue.features:
                said = _said(missing=";".join(sorted(missing)), venue=venue.id)
                yield Broken("H8", "need-unmet", group.id, (member.id,), said)


def _h9_together(world: _World) -> Iterator[Broken]:
    for one, two in _pairs(world, "together"):
        if world.where.get(one) != world.where.get(two):
            group = (world.where.get(one) or world.where[two])[0]
            yield Broken("H9", "not-together", group.id, (one, two))


def _h10_apart(world: _World) -> Iterator[Broken]:
    for one, two in _pairs(world, "apart"):
        for mine in world.where.get(one, ()):
            for theirs in world.where.get(two, ()):
                if mine.id == theirs.id:
                    yield Broken("H10", "same-group", mine.id, (one, two))
                elif mine.venue == theirs.venue and mine.slot.day == theirs.slot.day:
                    said = _said(venue=mine.venue, other=theirs.id)
                    yield Broken("H10", "same-day-and-venue", mine.id, (one, two), said)


def _pairs(world: _World, kind: str) -> list[tuple[str, str]]:
    """Known pairs, each once, smaller id first; symmetric whoever said it."""
    said = {
        (min(parent.id, other), max(parent.id, other))
        for parent in world.problem.parents
        for other in getattr(parent, kind)
        if other in world.parents and other != parent.id
    }
    return sorted(said)


def _h11_facilitators(world: _World) -> Iterator[Broken]:
    wanted = world.problem.policy.facilitators
    led: dict[str, list[FormedGroup]] = defaultdict(list)
    for group in world.groups:
        known = {name for name in group.facilitators if name in world.facilitators}
        for name in group.facilitators:
            if name not in world.facilitators:
                yield Broken("H11", "unknown-facilitator", group.id, (name,))
        if len(known) < wanted or len(known) != len(group.facilitators):
            said = _said(have=len(known), wanted=wanted)
            yield Broken("H11", "facilitators-missing", group.id, (), said)
        for name in sorted(known):
            led[name].append(group)
    for name, groups in led.items():
        yield from _overworked(world.facilitators[name], groups)


def _overworked(facilitator: Facilitator, groups: Sequence[FormedGroup]) -> Iterator[Broken]:
    if len(groups) > facilitator.groups:
        said = _said(groups=len(groups), most=facilitator.groups)
        yield Broken("H11", "too-many-groups", groups[-1].id, (facilitator.id,), said)
    for one, two in combinations(groups, 2):
        if one.slot.overlaps(two.slot):
            said = _said(slot=two.slot, other=one.id)
            yield Broken("H11", "two-groups-at-once", two.id, (facilitator.id,), said)


def _said(**values: object) -> tuple[tuple[str, str], ...]:
    return tuple((key, str(value)) for key, value in values.items())


_CHECKS: Final[tuple[Check, ...]] = (
    _h1_placed_once,
    _h2_size,
    _h3_rooms,
    _h4_free,
    _h5_reach_and_mode,
    _h6_language,
    _h7_type,
    _h8_needs,
    _h9_together,
    _h10_apart,
    _h11_facilitators,
)
