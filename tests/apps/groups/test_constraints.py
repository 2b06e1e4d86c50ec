"""What the database refuses whatever the code above it does."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from goround.apps.groups.models import Group, Invitation, Leadership
from tests.make import (
    NOON,
    TODAY,
    make_facilitator,
    make_group,
    make_leadership,
    make_membership,
    make_parent,
)

pytestmark = pytest.mark.django_db


def refuses(make) -> bool:
    try:
        with transaction.atomic():
            make()
    except IntegrityError:
        return True
    return False


def test_group_constraints():
    group = make_group()

    assert refuses(lambda: make_group(group.programme, name=group.name))
    assert refuses(lambda: make_group(group.programme, name=""))
    assert refuses(lambda: make_group(group.programme, minutes=0))
    assert refuses(lambda: make_group(group.programme, status=Group.Status.ENDED))
    assert refuses(lambda: make_group(group.programme, ended_on=TODAY))
    assert not refuses(
        lambda: make_group(group.programme, status=Group.Status.ENDED, ended_on=TODAY)
    )


def test_membership_constraints():
    group = make_group()
    ana = make_membership(group, alias="Ana")
    bo = make_parent(group.organisation)

    assert refuses(lambda: make_membership(group, ana.parent, alias="Other"))
    assert refuses(lambda: make_membership(group, bo, alias="Ana"))
    assert refuses(lambda: make_membership(group, bo, alias=""))
    day_before = TODAY - timedelta(days=1)
    assert refuses(lambda: make_membership(group, bo, joined_on=TODAY, left_on=day_before))
    assert not refuses(lambda: make_membership(group, bo, alias="Ana", left_on=TODAY))


def test_leadership_constraints():
    group = make_group()
    rosa, member = make_facilitator(group.organisation), make_membership(group)
    make_leadership(group, rosa)
    make_leadership(group, None, membership=member)

    assert refuses(lambda: make_leadership(group, rosa))
    assert refuses(lambda: make_leadership(group, None, membership=member))
    assert refuses(lambda: make_leadership(group, None))
    assert refuses(lambda: make_leadership(group, rosa, membership=member))
    day_before = TODAY - timedelta(days=1)
    assert refuses(lambda: make_leadership(group, rosa, from_on=TODAY, to_on=day_before))
    assert not refuses(lambda: make_leadership(group, rosa, part=Leadership.Part.CHILDRENS_LEADER))


def test_invitation_constraints():
    member = make_membership(make_group())

    def invite(**fields):
        defaults = {"membership": member, "text": "Come along.", "drafted_at": NOON}
        Invitation.objects.create(**defaults | fields)

    assert refuses(lambda: invite(text=""))
    assert refuses(lambda: invite(status=Invitation.Status.TOLD))
    assert refuses(lambda: invite(told_at=NOON))
    assert not refuses(invite)
    assert refuses(invite)
