"""Concerns, leads with keys, and glass that somebody broke."""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from typing import Any

from django.test import Client

from goround.apps.accounts.models import User
from goround.apps.keys.lead_keys import make_lead_key, open_lead_key
from goround.apps.keys.models import SpokenKey
from goround.apps.keys.sealing import seal
from goround.apps.organisations.models import Organisation
from goround.apps.organisations.roles import Role
from goround.apps.people.models import Parent
from goround.apps.safeguarding.models import Concern, FollowUp, Opening, Reader
from goround.apps.safeguarding.openings import break_glass
from goround.apps.safeguarding.services import plan_follow_up, raise_concern, take_step
from goround.domain.safeguarding.concern import Act
from tests.make import NOON, make_user


def make_lead(organisation: Organisation, **fields: Any) -> User:
    return make_user(role=Role.SAFEGUARDING_LEAD, organisation=organisation, **fields)


def make_lead_with_key(organisation: Organisation) -> tuple[User, bytes, str]:
    """A lead, their private key, and the phrase that opens it."""
    lead = make_lead(organisation)
    row, phrase = make_lead_key(organisation_id=organisation.pk, user_id=lead.pk, at=NOON)
    return lead, open_lead_key(row, phrase, at=NOON), phrase


def make_concern(
    organisation: Organisation,
    what: str = "A child was hurt",
    *,
    by: User | None = None,
    at: datetime = NOON,
    already: str = "",
    danger: bool = False,
) -> Concern:
    return raise_concern(
        organisation=organisation,
        words={"about": "child", "what": what},
        in_danger_now=danger,
        already_reported=already,
        by=by,
        at=at,
    )


def make_follow_up(
    concern: Concern, what: str = "Call the school", *, due_on: Any = None
) -> FollowUp:
    """Planned after a look at how pressing it is."""
    lead = make_lead(concern.organisation)
    take_step(concern=concern, act=Act.TRIAGE, words={"how_pressing": "very"}, by=lead, at=NOON)
    return plan_follow_up(
        concern=concern,
        due_on=due_on or (NOON + timedelta(days=7)).date(),
        words={"what": what},
        by=lead,
        at=NOON,
    )


def make_reader(concern: Concern, user: User, what: str = "Watch at the door") -> Reader:
    """As named by a lead, without words that would open it: those cost a fifth of a second."""
    at = {"organisation_id": concern.organisation_id}
    told = seal(kind="reader", row_id=None, text=json.dumps({"what": what}), **at)
    hard = {"memory_kib": 65_536, "passes": 3, "salt": b"0" * 16, "locked": b"0"}
    SpokenKey.objects.create(sealed_text=told, user_id=user.pk, **at, **hard)
    lead = make_lead(concern.organisation)
    return Reader.objects.create(
        concern=concern, user=user, told=told, named_by=lead, named_at=NOON
    )


def make_opening(
    parent: Parent,
    by: User,
    *,
    reason: str = "She did not come home",
    scope: Opening.Scope = Opening.Scope.CONTACT,
    minutes: int = 30,
    at: datetime = NOON,
) -> Opening:
    """Somebody is always there to be told."""
    make_lead(parent.organisation)
    return break_glass(
        parent=parent, scope=scope, minutes=minutes, reason=reason, second=None, by=by, at=at
    )


def open_sealed(client: Client, organisation: Organisation, phrase: str) -> None:
    """Type the phrase on the page for it."""
    client.post(f"/o/{organisation.slug}/sealed/", {"phrase": phrase})
