"""Plain functions that make what tests need, each with sensible defaults."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from itertools import count
from typing import Any

from goround.apps.accounts.models import User
from goround.apps.apart.models import KeepApart
from goround.apps.apart.services import Told, record
from goround.apps.groups.models import Group, Leadership, Membership
from goround.apps.meetings.models import Meeting
from goround.apps.organisations.models import (
    Network,
    Organisation,
    Programme,
    RoleAssignment,
    Venue,
)
from goround.apps.organisations.roles import Role
from goround.apps.people.models import Facilitator, Parent, Referral
from goround.apps.people.opening import keep_details
from goround.domain.privacy.apart import Scope

NOON = datetime(2026, 3, 4, 12, 0, tzinfo=UTC)
TODAY = NOON.date()

_number = count(1)


def make_user(
    handle: str | None = None,
    *,
    role: Role | None = None,
    organisation: Organisation | None = None,
    network: Network | None = None,
    **fields: Any,
) -> User:
    """A user, holding ``role`` at the organisation or network when one is named."""
    user = User(handle=handle or f"user-{next(_number)}", created_at=NOON, **fields)
    user.set_unusable_password()
    user.save()
    if role:
        RoleAssignment.objects.create(
            user=user, role=role, organisation=organisation, network=network
        )
    return user


def make_network(**fields: Any) -> Network:
    number = next(_number)
    return Network.objects.create(**{"name": f"Network {number}", "slug": f"net-{number}"} | fields)


def make_organisation(**fields: Any) -> Organisation:
    number = next(_number)
    fields.setdefault("network", None)
    fields["network"] = fields["network"] or make_network()
    defaults = {
        "name": f"Host {number}",
        "slug": f"host-{number}",
        "time_zone": "America/Los_Angeles",
    }
    return Organisation.objects.create(**defaults | fields)


def make_coordinator(organisation: Organisation, **fields: Any) -> User:
    return make_user(role=Role.COORDINATOR, organisation=organisation, **fields)


def make_programme(
    organisation: Organisation | None = None,
    playbook_key: str = "parent-support-circles",
    **fields: Any,
) -> Programme:
    number = next(_number)
    return Programme.objects.create(
        **{
            "organisation": organisation or make_organisation(),
            "playbook_key": playbook_key,
            "name": f"Programme {number}",
            "door": f"door-{number}",
        }
        | fields
    )


def make_venue(organisation: Organisation, **fields: Any) -> Venue:
    number = next(_number)
    defaults = {
        "organisation": organisation,
        "reference": f"v{number}",
        "name": f"Hall {number}",
        "lat": 34.05,
        "lon": -118.25,
        "slots": ("mon 18:00-20:00",),
    }
    return Venue.objects.create(**defaults | fields)


def make_parent(organisation: Organisation, **fields: Any) -> Parent:
    number = next(_number)
    defaults = {
        "organisation": organisation,
        "alias": f"Parent {number}",
        "languages": ("en",),
        "available": ("mon 17:00-21:00",),
        "created_at": NOON,
    }
    parent = Parent.objects.create(**defaults | fields)
    keep_details([parent], new=True)
    return parent


def make_referral(parent: Parent, programme: Programme, **fields: Any) -> Referral:
    defaults = {
        "organisation": parent.organisation,
        "programme": programme,
        "parent": parent,
        "door": Referral.Door.SELF,
        "waiting_since": NOON - timedelta(days=10),
    }
    return Referral.objects.create(**defaults | fields)


def make_facilitator(organisation: Organisation, **fields: Any) -> Facilitator:
    number = next(_number)
    defaults = {
        "organisation": organisation,
        "reference": f"f{number}",
        "shown_as": f"Facilitator {number}",
        "languages": ("en",),
        "available": ("mon 17:00-21:00",),
    }
    return Facilitator.objects.create(**defaults | fields)


def make_group(programme: Programme | None = None, **fields: Any) -> Group:
    """A weekly group of ninety minutes that first met on 2 March 2026, 18:00 in Los Angeles."""
    programme = programme or make_programme()
    defaults = {
        "organisation": programme.organisation,
        "programme": programme,
        "name": f"Group {next(_number)}",
        "type": "self-care",
        "language": "en",
        "rrule": "FREQ=WEEKLY;BYDAY=MO",
        "first_at": datetime(2026, 3, 3, 2, 0, tzinfo=UTC),
        "time_zone": "America/Los_Angeles",
        "minutes": 90,
        "created_at": NOON,
    }
    return Group.objects.create(**defaults | fields)


def make_membership(group: Group, parent: Parent | None = None, **fields: Any) -> Membership:
    parent = parent or make_parent(group.organisation)
    defaults = {
        "group": group,
        "parent": parent,
        "alias": parent.alias,
        "joined_on": date(2026, 3, 2),
    }
    return Membership.objects.create(**defaults | fields)


def make_leadership(group: Group, facilitator: Facilitator | None, **fields: Any) -> Leadership:
    defaults = {
        "group": group,
        "facilitator": facilitator,
        "part": Leadership.Part.FACILITATOR,
        "from_on": date(2026, 3, 2),
    }
    return Leadership.objects.create(**defaults | fields)


def make_meeting(group: Group, **fields: Any) -> Meeting:
    starts_at = fields.pop("starts_at", NOON - timedelta(hours=2) + timedelta(days=next(_number)))
    defaults = {
        "group": group,
        "occurrence": starts_at,
        "starts_at": starts_at,
        "ends_at": starts_at + timedelta(minutes=group.minutes),
    }
    return Meeting.objects.create(**defaults | fields)


def make_keep_apart(
    one: Parent, other: Parent, scope: Scope = Scope.PLACE, *, reason: str = ""
) -> KeepApart:
    lead = make_user(role=Role.SAFEGUARDING_LEAD, organisation=one.organisation)
    told = Told(parts={}, reason=reason, authorised_by="A court") if reason else None
    return record(one=one, other=other, scope=scope, told=told, by=lead, at=NOON)
