"""Who a visitor can be in the demo."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from goround.apps.accounts.models import User
from goround.apps.accounts.services import create_user
from goround.apps.demo.places import EAST_LA, EL_MONTE, METRO, NETWORK, PACOIMA, PANORAMA
from goround.apps.organisations.models import Network, Organisation
from goround.apps.organisations.roles import Role
from goround.apps.organisations.services import give_role

# Invented people of an invented network: written down in the open, and of no use elsewhere.
PASSPHRASE = "chairs in a circle for everybody"  # noqa: S105
PRACTICE = "practice-house"


@dataclass(frozen=True, slots=True)
class Part:
    """One invented person; ``places`` are slugs of the organisations or the network."""

    handle: str
    shown_as: str
    role: Role
    places: tuple[str, ...]


CAST = (
    Part("coordinator", "Rosa", Role.COORDINATOR, (METRO.slug, PRACTICE)),
    Part("facilitator", "Dolores", Role.FACILITATOR, (METRO.slug,)),
    Part("network", "Imani", Role.NETWORK_OFFICER, (NETWORK,)),
    Part("supervisor", "Marta", Role.SUPERVISOR, (METRO.slug,)),
    Part("parent", "Brave Maple", Role.PARENT, (METRO.slug,)),
    Part("coordinator-pacoima", "Hasmik", Role.COORDINATOR, (PACOIMA.slug,)),
    Part("facilitator-pacoima", "Celia", Role.FACILITATOR, (PACOIMA.slug,)),
    Part("childrens-leader", "Tomas", Role.CHILDRENS_LEADER, (PACOIMA.slug,)),
    Part("parent-pacoima", "Quiet Cedar", Role.PARENT, (PACOIMA.slug,)),
    Part("coordinator-panorama", "Ramiro", Role.COORDINATOR, (PANORAMA.slug,)),
    Part("home-visitor", "Irma", Role.FACILITATOR, (PANORAMA.slug,)),
    Part("coordinator-el-monte", "Mei", Role.COORDINATOR, (EL_MONTE.slug,)),
    Part("co-leader", "Kind Harbour", Role.PARENT_LEADER, (EL_MONTE.slug,)),
    Part("coordinator-east-la", "Nora", Role.COORDINATOR, (EAST_LA.slug,)),
    Part("practitioner", "Leonel", Role.FACILITATOR, (EAST_LA.slug,)),
    Part(
        "safeguarding-lead",
        "Ruth",
        Role.SAFEGUARDING_LEAD,
        (EAST_LA.slug, METRO.slug, PACOIMA.slug),
    ),
)


def make_cast(
    network: Network, organisations: dict[str, Organisation], *, at: datetime
) -> dict[str, User]:
    """Everybody of the cast with their roles, by handle, in the order a visitor sees them."""
    people = {}
    for part in CAST:
        user = create_user(
            handle=part.handle, shown_as=part.shown_as, passphrase=PASSPHRASE, by=None, at=at
        )
        user.is_demo = True
        user.save(update_fields=["is_demo"])
        for place in part.places:
            give_role(
                user=user,
                role=part.role,
                by=None,
                at=at,
                organisation=organisations.get(place),
                network=network if place == NETWORK else None,
            )
        people[part.handle] = user
    return people
