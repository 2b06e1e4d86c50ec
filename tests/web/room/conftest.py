"""One meeting that is about to begin, and those who lead it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from random import Random

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from goround.apps.accounts.models import User
from goround.apps.circle.models import OpenCircle
from goround.apps.circle.services import open_circle
from goround.apps.meetings.models import Meeting
from goround.apps.organisations.roles import Role
from tests.make import make_facilitator, make_group, make_leadership, make_meeting, make_user


@dataclass(frozen=True)
class Evening:
    """``dolores`` and ``leonel`` both lead the group of ``meeting``."""

    meeting: Meeting
    dolores: User
    leonel: User

    def page(self, name: str) -> str:
        slug = self.meeting.group.organisation.slug
        return reverse(f"room:{name}", args=[slug, self.meeting.pk])

    def as_leader(self, user: User | None = None) -> Client:
        client = Client()
        client.force_login(user or self.dolores)
        return client

    def open(self, *aliases: str, client: Client | None = None) -> OpenCircle:
        """The circle with these people, led by ``client``, or by a device that is elsewhere."""
        device = "elsewhere"
        if client is not None:
            client.get(self.page("guide"))
            client.get(self.page("circle"))
            device = client.session["circle_device"]
        return open_circle(
            meeting=self.meeting,
            aliases=aliases or ("Ana", "Ben", "Cleo"),
            device=device,
            rng=Random(1),
            by=self.dolores,
            at=timezone.now(),
        )


@pytest.fixture
def evening() -> Evening:
    return make_evening()


def make_evening() -> Evening:
    meeting = make_meeting(make_group(), starts_at=timezone.now() - timedelta(minutes=5))
    host = meeting.group.organisation
    users = [make_user(role=Role.FACILITATOR, organisation=host) for _ in range(2)]
    for user in users:
        make_leadership(meeting.group, make_facilitator(host, user=user))
    return Evening(meeting, *users)
