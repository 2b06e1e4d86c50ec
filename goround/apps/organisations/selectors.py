from collections.abc import Collection
from typing import Any, Literal

from django.contrib.auth.models import AnonymousUser
from django.db.models import QuerySet

from goround.apps.accounts.models import User
from goround.apps.organisations.models import (
    Network,
    Organisation,
    Programme,
    RoleAssignment,
    Venue,
)
from goround.apps.organisations.one_look import asked_once, is_looking
from goround.apps.organisations.roles import PERMISSIONS, Permission, Role, roles_with
from goround.apps.walls.places import has_walls, let_in, opening, opening_each, read
from goround.domain.privacy.squares import Landmark

Viewer = User | AnonymousUser
# What follows ``__in``: found already, or for the database to find.
Ids = QuerySet[Any, Any] | list[int]


def _roles_of(viewer: Viewer) -> QuerySet[RoleAssignment]:
    if viewer.pk is None:
        return RoleAssignment.objects.none()
    return RoleAssignment.objects.filter(user_id=viewer.pk)


def roles_held(viewer: Viewer) -> QuerySet[RoleAssignment]:
    """Every role the viewer holds, with its place. One query, however many."""
    return (
        _roles_of(viewer)
        .select_related("organisation", "network")
        .order_by("organisation__name", "network__name", "pk")
    )


def works_somewhere(viewer: Viewer) -> bool:
    """Whether the viewer holds any role but a parent's, anywhere."""
    return _roles_of(viewer).exclude(role=Role.PARENT).exists()


def organisations_for(viewer: Viewer, *, needs: Permission | None = None) -> QuerySet[Organisation]:
    """Organisations where the viewer holds a role, or a role with the permission named."""
    roles = roles_with(needs) if needs else list(Role)
    return (
        Organisation.objects.filter(pk__in=_where(viewer, roles, "organisation"))
        .select_related("network")
        .order_by("name", "pk")
    )


def networks_for(viewer: Viewer) -> QuerySet[Network]:
    """Networks whose office the viewer works in."""
    roles = roles_with(Permission.SEE_NETWORK_SUMS)
    return Network.objects.filter(pk__in=_where(viewer, roles, "network")).order_by("name", "pk")


def places_with(viewer: Viewer, needed: Permission) -> Ids:
    """For ``organisation__in``: where the viewer holds the permission."""
    return _where(viewer, roles_with(needed), "organisation")


def _where(viewer: Viewer, roles: Collection[str], kind: Literal["organisation", "network"]) -> Ids:
    """Ids of the organisations or networks where the viewer holds one of these roles."""
    if is_looking():
        mine = (row for row in _held_once(viewer) if row.role in roles)
        places = (row.organisation_id if kind == "organisation" else row.network_id for row in mine)
        return sorted({place for place in places if place is not None})
    held = _roles_of(viewer).filter(role__in=roles)
    return held.values("organisation") if kind == "organisation" else held.values("network")


def _held_once(viewer: Viewer) -> list[RoleAssignment]:
    return asked_once(("roles", viewer.pk), lambda: list(_roles_of(viewer)))


def enter_organisation(viewer: Viewer, *, needs: Permission) -> QuerySet[Organisation]:
    """``organisations_for``; the one that is read opens for the rest of the request."""
    return opening(organisations_for(viewer, needs=needs), "pk")


def enter_network(viewer: Viewer) -> QuerySet[Network]:
    """``networks_for``; the one that is read opens its organisations, for sums over them."""
    return opening_each(networks_for(viewer), Organisation.objects.all(), "network")


def enter_by_door(viewer: Viewer, door: str) -> None:
    """Open the organisation of the programme that anybody may come to by this address."""
    if has_walls():
        here = Programme.objects.filter(door=door, takes_self_referrals=True)
        read(opening(here, "organisation_id"))


def enter_own_places(viewer: Viewer) -> None:
    """Open every organisation where the viewer holds a role, for pages about themselves."""
    if has_walls():
        for organisation_id in _roles_of(viewer).values_list("organisation", flat=True).distinct():
            if organisation_id:
                let_in(organisation_id)


def permissions_at(viewer: Viewer, organisation: Organisation) -> frozenset[Permission]:
    """All that the viewer's roles at this organisation allow. One query."""
    here = (row for row in _held_once(viewer) if row.organisation_id == organisation.pk)
    return frozenset[Permission]().union(*(PERMISSIONS[Role(row.role)] for row in here))


def programmes_for(viewer: Viewer, organisation: Organisation) -> QuerySet[Programme]:
    """Programmes of one organisation, absent unless the viewer holds a role there."""
    return Programme.objects.filter(
        organisation=organisation, organisation__in=organisations_for(viewer)
    ).order_by("name", "pk")


def venues_for(viewer: Viewer, organisation: Organisation) -> QuerySet[Venue]:
    """Venues of one organisation, absent unless the viewer holds a role there."""
    return Venue.objects.filter(
        organisation=organisation, organisation__in=organisations_for(viewer)
    ).order_by("name", "pk")


def names_of_venues(viewer: Viewer, organisation: Organisation) -> frozenset[str]:
    """Names that venues have already, without regard to capitals."""
    names = venues_for(viewer, organisation).values_list("name", flat=True)
    return frozenset(name.casefold() for name in names)


def people_at(viewer: Viewer, organisation: Organisation) -> QuerySet[RoleAssignment]:
    """Who holds which role there, parents left out; nobody unless the viewer manages people."""
    managed = organisations_for(viewer, needs=Permission.MANAGE_PEOPLE)
    return (
        RoleAssignment.objects.filter(organisation=organisation, organisation__in=managed)
        .exclude(role=Role.PARENT)
        .select_related("user", "organisation")
        .order_by("user__shown_as", "user__handle", "role", "pk")
    )


def demo_people(viewer: Viewer) -> QuerySet[User]:
    """The demo network's invented people with their roles; none on a real network."""
    return (
        User.objects.filter(is_demo=True, is_active=True)
        .prefetch_related("roles__organisation", "roles__network")
        .order_by("pk")
    )


def open_door(viewer: Viewer, door: str) -> Programme | None:
    """The programme behind a public self-referral address; anybody may look."""
    return (
        Programme.objects.filter(door=door, takes_self_referrals=True)
        .select_related("organisation", "organisation__network")
        .first()
    )


def landmarks_for(viewer: Viewer, programme: Programme) -> list[Landmark]:
    """Name and position of each in-person venue in use where the programme runs, by name.

    Anybody may ask while the programme takes parents who come by themselves: where its groups
    meet is on its posters already. Behind a shut door only those with a role there are told.
    One query.
    """
    here = Venue.objects.filter(
        organisation_id=programme.organisation_id, mode=Venue.Mode.IN_PERSON, in_use=True
    )
    if not programme.takes_self_referrals:
        here = here.filter(organisation__in=organisations_for(viewer))
    told = here.order_by("name", "pk").values_list("name", "lat", "lon")
    return [
        Landmark(name, lat, lon) for name, lat, lon in told if lat is not None and lon is not None
    ]
