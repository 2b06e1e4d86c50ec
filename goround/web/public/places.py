"""The organisations and networks open to somebody, with the pages open there."""

from __future__ import annotations

from dataclasses import dataclass, field

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from goround.apps.organisations.models import Network, Organisation
from goround.apps.organisations.roles import PERMISSIONS, Role
from goround.apps.organisations.selectors import Viewer, roles_held
from goround.web.templatetags.frame import NETWORK_PAGES, ORGANISATION_PAGES, NavLink, links_for


@dataclass
class Place:
    name: str
    roles: list[str] = field(default_factory=list)
    links: list[NavLink] = field(default_factory=list)


def places_of(viewer: Viewer) -> list[Place]:
    """Each place once, by name, with the viewer's roles there in words. One query."""
    held: dict[Organisation | Network, list[Role]] = {}
    for assignment in roles_held(viewer):
        place = assignment.organisation or assignment.network
        if place is not None:
            held.setdefault(place, []).append(Role(assignment.role))
    return [_place(place, roles) for place, roles in held.items()]


def _place(place: Organisation | Network, roles: list[Role]) -> Place:
    pages = ORGANISATION_PAGES if isinstance(place, Organisation) else NETWORK_PAGES
    allowed = {permission.name for role in roles for permission in PERMISSIONS[role]}
    words = [str(role.label) for role in roles]
    links = links_for(pages, place.slug, allowed)
    if Role.PARENT in roles:
        links.append(NavLink(reverse("parent:home"), _("My group"), "circle"))
    return Place(place.name, words, links)
