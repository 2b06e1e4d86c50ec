"""An evening with children: a group with a programme for them, and whoever leads it."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

from django.test import Client
from django.urls import reverse

from goround.apps.accounts.models import User
from goround.apps.children.locking import Needs
from goround.apps.children.models import Child, ChildrensSession, Visit
from goround.apps.children.running import open_session
from goround.apps.children.services import add_child
from goround.apps.children.signing import sign_in
from goround.apps.groups.models import Group, Leadership
from goround.apps.meetings.models import Meeting
from goround.apps.organisations.models import Organisation
from goround.apps.organisations.roles import Role
from goround.apps.people.models import Parent
from tests.make import (
    NOON,
    make_facilitator,
    make_group,
    make_leadership,
    make_meeting,
    make_membership,
    make_organisation,
    make_parent,
    make_programme,
    make_user,
)

PLAYBOOK = "circle-of-parents"


@dataclass
class Evening:
    """``tomas`` leads the children of the group of ``meeting``, which began at ``at``."""

    meeting: Meeting
    tomas: User
    at: datetime
    session: ChildrensSession = field(init=False)

    @property
    def group(self) -> Group:
        return self.meeting.group

    @property
    def organisation(self) -> Organisation:
        return self.group.organisation

    def begin(self, *, adults: int = 2, places: int | None = None) -> ChildrensSession:
        self.session = open_session(
            meeting=self.meeting, adults=adults, places=places, by=self.tomas, at=self.at
        )
        return self.session

    def member(self, **fields: Any) -> Parent:
        parent = make_parent(self.organisation, **fields)
        make_membership(self.group, parent)
        return parent

    def child(self, alias: str = "Leo", parent: Parent | None = None, **told: Any) -> Child:
        return make_child(self.group, alias, parent, by=self.tomas, at=self.at, **told)

    def sign_in(self, child: Child, adult: str = "Ana", **more: Any) -> Visit:
        given = {"mark": uuid4(), "by": self.tomas, "at": self.at, "chosen": True} | more
        return sign_in(session=self.session, child=child, adult=adult, **given)

    def page(self, name: str, *ids: int) -> str:
        return reverse(f"children:{name}", args=[self.organisation.slug, self.meeting.pk, *ids])

    def as_leader(self) -> Client:
        client = Client()
        client.force_login(self.tomas)
        return client


def make_evening(at: datetime = NOON, *, organisation: Organisation | None = None) -> Evening:
    programme = make_programme(organisation or make_organisation(), PLAYBOOK)
    meeting = make_meeting(make_group(programme), starts_at=at)
    return Evening(meeting, make_childrens_leader(meeting.group), at + timedelta(minutes=5))


def make_childrens_leader(group: Group, **fields: Any) -> User:
    host = group.organisation
    user = make_user(role=Role.CHILDRENS_LEADER, organisation=host, **fields)
    helper = make_facilitator(host, user=user)
    make_leadership(group, helper, part=Leadership.Part.CHILDRENS_LEADER)
    return user


def make_child(
    group: Group,
    alias: str = "Leo",
    parent: Parent | None = None,
    *,
    by: User,
    at: datetime = NOON,
    band: str = "3-5",
    adult: str = "Ana",
    allergies: str = "",
    needs: str = "",
) -> Child:
    return add_child(
        group=group,
        parent=parent,
        alias=alias,
        band=band,
        adult=adult,
        needs=Needs(allergies, needs),
        mark=uuid4(),
        by=by,
        at=at,
    )
