"""After the round: a waiting parent joins a group that runs, and groups that shrank are merged.

The engine that forms groups judges both, on the groups as they meet now.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import override

from goround.apps.accounts.models import User
from goround.apps.apart import asking
from goround.apps.audit import services as audit
from goround.apps.formation import facts, running
from goround.apps.formation.settings import default_settings, policy_of
from goround.apps.groups import services as groups
from goround.apps.groups.models import Group, Leadership, Membership
from goround.apps.groups.one_writer import hold
from goround.apps.groups.services import NoPlace
from goround.apps.groups.words import invitation_for
from goround.apps.meetings.services import wind_up
from goround.apps.organisations.models import Organisation, Programme
from goround.apps.organisations.models import Venue as VenueRow
from goround.apps.organisations.playbooks import playbook_of
from goround.apps.people.models import Facilitator as FacilitatorRow
from goround.apps.people.models import Parent as ParentRow
from goround.apps.people.models import Referral
from goround.apps.people.opening import open_details
from goround.domain.matching import join
from goround.domain.matching.answer import FormedGroup
from goround.domain.matching.fits import km_to
from goround.domain.matching.people import block_of
from goround.domain.matching.problem import Facilitator, Parent, Policy, Problem, Span, Venue

UNSAID = ""


class NoMerge(Exception):
    """These two groups cannot be merged as they are now; nothing was changed."""


@dataclass(frozen=True, slots=True)
class Now:
    """A programme's running groups, as the engine sees them."""

    problem: Problem
    groups: tuple[FormedGroup, ...]


@dataclass(frozen=True, slots=True)
class Places:
    """Groups that could welcome a waiting parent, best first, and who would come along.

    ``along`` are others who wait and asked to be in the same group.
    """

    options: tuple[join.Option, ...]
    along: tuple[str, ...]


def places_for(referral: Referral, *, at: datetime) -> Places:
    now = running_now(referral.programme, at=at, newcomer=referral.parent)
    newcomer = str(referral.parent_id)
    if newcomer not in {parent.id for parent in now.problem.parents}:
        return Places((), ())
    placed = {name for group in now.groups for name in group.members}
    block = block_of(now.problem)[newcomer]
    along = tuple(name for name in block if name != newcomer and name not in placed)
    return Places(tuple(join.open_places(now.problem, now.groups, newcomer)), along)


def merges_for(programme: Programme, *, at: datetime) -> list[join.Merge]:
    """Ways to join a group that shrank below the playbook's size with another, best first."""
    now = running_now(programme, at=at)
    return join.merges(now.problem, now.groups)


@transaction.atomic
def offer_place(*, referral: Referral, group: Group, by: User, at: datetime) -> list[Membership]:
    """Give a waiting parent, and whoever must come along, a place in a running group.

    The invitation is drafted with the note that the group decides. Raises ``NoPlace`` when
    the group cannot welcome them any more.
    """
    group = hold(group)
    asking.hold(group.organisation_id)
    places = places_for(referral, at=at)
    if str(group.pk) not in {option.group_id for option in places.options}:
        raise NoPlace(f"{group} has no place for parent #{referral.parent_id}")
    ids = [referral.parent_id, *(int(name) for name in places.along)]
    parents = ParentRow.objects.filter(organisation=group.organisation_id).in_bulk(ids)
    return [_offer(group, parents[pk], by=by, at=at) for pk in ids]


def _offer(group: Group, parent: ParentRow, *, by: User, at: datetime) -> Membership:
    today = group.organisation.local(at).date()
    membership = groups.add_member(group=group, parent=parent, joined_on=today, by=by, at=at)
    with override(group.language or None):
        note = _("Before you tell the parent: the group decides. Ask it at its next meeting.")
    words = f"{note}\n\n{invitation_for(membership, group=group)}"
    groups.draft_invitation(membership=membership, text=words, by=by, at=at)
    return membership


@transaction.atomic
def merge_groups(*, stays: Group, ends: Group, by: User, at: datetime) -> Group:
    """Let the members and leaders of one group go on in the other, and end the emptied one.

    What either group held is kept. Raises ``NoMerge`` when it would break a rule now.
    """
    stays, ends = _hold_both(stays, ends)
    asking.hold(stays.organisation_id)
    kept = next(
        (
            merge.kept
            for merge in merges_for(stays.programme, at=at)
            if merge.kept.id == str(stays.pk) and set(merge.groups) == {str(stays.pk), str(ends.pk)}
        ),
        None,
    )
    if kept is None:
        raise NoMerge(f"{ends} cannot join {stays}")
    today = stays.organisation.local(at).date()
    coming = list(
        Membership.objects.filter(group=ends, left_on=None).select_related("parent").order_by("pk")
    )
    wind_up(group=ends, on=today, by=by, at=at)
    _suit(stays, kept)
    for old in coming:
        new = groups.add_member(
            group=stays, parent=old.parent, joined_on=today, alias=old.alias, by=by, at=at
        )
        groups.draft_invitation(membership=new, by=by, at=at)
    _lead(stays, kept.facilitators, by=by, at=at)
    facts_ = {"ended": ends.pk, "members": len(coming)}
    audit.record("group.merged", stays, by=by, at=at, **facts_)
    return stays


def _hold_both(stays: Group, ends: Group) -> tuple[Group, Group]:
    """Locked in the order of their ids, so that two merges never wait for each other."""
    held = {group.pk: hold(group) for group in sorted((stays, ends), key=lambda group: group.pk)}
    return held[stays.pk], held[ends.pk]


def _suit(group: Group, kept: FormedGroup) -> None:
    """Speak a language and be of a type that all of them share."""
    if (group.language, group.type) != (kept.language, kept.type):
        group.language, group.type = kept.language, kept.type
        group.save(update_fields=["language", "type"])


def _lead(group: Group, facilitators: Iterable[str], *, by: User, at: datetime) -> None:
    today, part = group.organisation.local(at).date(), Leadership.Part.FACILITATOR
    leading = Leadership.objects.filter(group=group, part=part, to_on=None)
    known = set(leading.values_list("facilitator_id", flat=True))
    new = FacilitatorRow.objects.filter(
        organisation=group.organisation_id, pk__in=[int(name) for name in facilitators]
    ).exclude(pk__in=known)
    for leader in new.order_by("pk"):
        groups.give_lead(group=group, leader=leader, part=part, from_on=today, by=by, at=at)


def running_now(programme: Programme, *, at: datetime, newcomer: ParentRow | None = None) -> Now:
    """The programme's groups that meet once a week or more rarely and are not open to all.

    Members come as they are: they can be where, when and in what language they meet now,
    whatever they said before, even if they said nothing.
    """
    organisation = programme.organisation
    everything = running.running_groups(organisation)
    here = _once_a_week(programme, everything)
    together, apart = facts.together_pairs(organisation), facts.apart_pairs(organisation)
    on = organisation.local(at).date()
    parents = _people(organisation, here, newcomer, together)
    venues = _venues(organisation, here)
    homes = {name: group for group in here for name in group.members}
    away = facts.hours_away(everything, list(venues.values()), apart)
    rows = tuple(
        _as_they_come(
            facts.without_hours(
                facts.parent_fact(row, on=on, together=together, apart=apart),
                away.get(row.pk, ()),
            ),
            homes.get(str(row.pk)),
            venues,
            knows_home=bool(row.home_cell),
        )
        for row in parents
    )
    problem = Problem(
        parents=rows,
        venues=tuple(venues.values()),
        facilitators=tuple(_leaders(organisation, everything, here)),
        policy=_policy(programme, here),
    )
    return Now(problem, tuple(here))


def _once_a_week(programme: Programme, everything: Sequence[FormedGroup]) -> list[FormedGroup]:
    rows = Group.objects.filter(
        programme=programme, status=Group.Status.ACTIVE, is_open=False, venue__isnull=False
    )
    ids = {str(pk) for pk in rows.values_list("pk", flat=True)}
    days: dict[str, int] = {}
    for group in everything:
        days[group.id] = days.get(group.id, 0) + 1
    return [group for group in everything if group.id in ids and days[group.id] == 1]


def _people(
    organisation: Organisation,
    here: Sequence[FormedGroup],
    newcomer: ParentRow | None,
    together: facts.Pairs,
) -> list[ParentRow]:
    """All members, the newcomer, and whoever the newcomer asked to be with."""
    ids = {int(name) for group in here for name in group.members}
    reached = {newcomer.pk} if newcomer else set()
    while more := {other for pk in reached for other in together.get(pk, ())} - reached:
        reached |= more
    waiting = Referral.objects.filter(
        organisation=organisation, parent__in=reached, status=Referral.Status.WAITING
    )
    ids |= set(waiting.values_list("parent_id", flat=True))
    rows = ParentRow.objects.filter(organisation=organisation, pk__in=ids).order_by("pk")
    people = list(rows)
    open_details(people)
    return people


def _venues(organisation: Organisation, here: Sequence[FormedGroup]) -> dict[str, Venue]:
    """The venues where groups meet, with the hours at which they do."""
    ids = {int(group.venue) for group in here}
    rows = VenueRow.objects.filter(organisation=organisation, pk__in=ids)
    found = {}
    for row in rows.order_by("pk"):
        venue = facts.venue_fact(row)
        met = [g.slot for g in here if g.venue == venue.id and g.slot not in venue.slots]
        found[venue.id] = replace(venue, slots=(*venue.slots, *dict.fromkeys(met)))
    return found


def _as_they_come(
    parent: Parent,
    group: FormedGroup | None,
    venues: Mapping[str, Venue],
    *,
    knows_home: bool,
) -> Parent:
    if group is None:
        return replace(parent, languages=parent.languages | {UNSAID})
    venue = venues[group.venue]
    here = replace(
        parent,
        languages=parent.languages | {UNSAID, group.language},
        available=(*parent.available, group.slot),
        interests=parent.interests | {group.type} if parent.interests else parent.interests,
        modes=parent.modes | {venue.mode} if parent.modes else parent.modes,
        needs=parent.needs & venue.features,
    )
    if not knows_home and venue.lat is not None and venue.lon is not None:
        here = replace(here, lat=venue.lat, lon=venue.lon)
    return replace(here, max_km=max(here.max_km, km_to(here, venue)))


def _leaders(
    organisation: Organisation, everything: Sequence[FormedGroup], here: Sequence[FormedGroup]
) -> list[Facilitator]:
    """Who leads the groups, free when they lead them and not when they lead others."""
    mine = {group.id for group in here}
    led: dict[str, list[FormedGroup]] = defaultdict(list)
    elsewhere: dict[str, list[Span]] = defaultdict(list)
    for group in everything:
        for name in group.facilitators:
            if group.id in mine:
                led[name].append(group)
            else:
                elsewhere[name].append(group.slot)
    rows = FacilitatorRow.objects.filter(organisation=organisation, pk__in=[int(n) for n in led])
    return [
        _leads_as_now(facts.facilitator_fact(row), led[str(row.pk)], elsewhere[str(row.pk)])
        for row in rows.order_by("pk")
    ]


def _leads_as_now(
    leader: Facilitator, led: Sequence[FormedGroup], elsewhere: Sequence[Span]
) -> Facilitator:
    types = {group.type for group in led}
    free = running.without(leader.available, elsewhere)
    return replace(
        leader,
        available=(*free, *(group.slot for group in led)),
        languages=leader.languages | {UNSAID} | {group.language for group in led},
        interests=leader.interests | types if leader.interests else leader.interests,
        max_km=facts.ANYWHERE_KM,
        groups=max(leader.groups, len(led)),
    )


def _policy(programme: Programme, here: Sequence[FormedGroup]) -> Policy:
    """The playbook's sizes; no more leaders are asked for than the group with fewest has."""
    sizes = playbook_of(programme).sizes
    policy = policy_of(programme, default_settings(programme))
    fewest = min((len(group.facilitators) for group in here), default=0)
    return replace(
        policy,
        size_min=sizes.min,
        size_max=sizes.max,
        facilitators=min(policy.facilitators, fewest),
    )
