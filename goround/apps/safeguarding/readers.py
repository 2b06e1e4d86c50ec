"""Somebody who must know: a lead lets one person read one text about one concern, for a time."""

from __future__ import annotations

import json
from datetime import datetime

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _

from goround.apps.accounts.guessing import guess
from goround.apps.accounts.hashers import a_place
from goround.apps.accounts.models import User
from goround.apps.audit import services as audit
from goround.apps.keys.lead_keys import WrongPhrase
from goround.apps.keys.models import SpokenKey
from goround.apps.keys.spoken import open_spoken, seal_for_one
from goround.apps.organisations.models import Organisation, RoleAssignment
from goround.apps.organisations.roles import PERMISSIONS, Permission, Role
from goround.apps.safeguarding.models import Concern, Reader
from goround.apps.safeguarding.services import end_reading
from goround.apps.safeguarding.steps import hold_concern, write_step
from goround.domain.privacy.guessing import Secret
from goround.domain.safeguarding.concern import Act, NotNow, Stage

# People who work here. Parents, and those who lead beside them, are not asked to carry this.
MAY_READ = (Role.SUPERVISOR, Role.COORDINATOR, Role.FACILITATOR, Role.CHILDRENS_LEADER)


class NotAReader(Exception):
    """Somebody who does not work here, or who reads sealed records as a lead anyway."""


@transaction.atomic
def name_reader(
    *, concern: Concern, user: User, what: str, why: str, by: User, at: datetime
) -> tuple[Reader, str]:
    """Let somebody read ``what`` about the concern; the six words for it, kept nowhere.

    What was shared, with whom and why becomes a step of the concern. Whoever reads it already
    gets new words and reads this in place of what they had. Raises ``NotAReader``, and
    ``NotNow`` for a concern that is closed.
    """
    held = hold_concern(concern)
    if held.stage == Stage.CLOSED:
        raise NotNow(f"{held} is closed")
    if not may_be_reader(user, held.organisation):
        raise NotAReader(f"{user} cannot be a reader at organisation #{held.organisation_id}")
    for before in held.readers.filter(user=user, ended_at=None):
        end_reading(reader=before, by=by, at=at)
    reader = Reader.objects.create(concern=held, user=user, named_by=by, named_at=at)
    with a_place():
        reader.told, phrase = seal_for_one(
            organisation_id=held.organisation_id,
            user_id=user.pk,
            kind="reader",
            row_id=reader.pk,
            text=json.dumps({"what": what}),
        )
    reader.save(update_fields=["told"])
    audit.record("reader.named", reader, by=by, at=at, concern=held.pk, user=user.pk)
    with_whom = _("%(name)s, to read here") % {"name": user.get_short_name()}
    words = {"with_whom": with_whom, "what": what, "why": why}
    write_step(held, Act.SHARE, words, way=None, duty="", by=by, at=at)
    return reader, phrase


def may_be_reader(user: User, organisation: Organisation) -> bool:
    held = set(
        RoleAssignment.objects.filter(user=user, organisation=organisation).values_list(
            "role", flat=True
        )
    )
    leads = any(Permission.HANDLE_CONCERNS in PERMISSIONS[Role(role)] for role in held)
    return user.is_active and bool(held & set(MAY_READ)) and not leads


def read(*, reader: Reader, phrase: str, by: User, at: datetime) -> str | None:
    """What the lead wrote for them; None for a wrong phrase. Each reading is written down.

    ``reader`` comes from ``reading_for``, which knows nobody else's and none that ended. Raises
    ``TooManyTries`` and ``HashingBusy``.
    """
    text = guess(
        secret=Secret.SEALING_PHRASE,
        name=f"reader {reader.pk}",
        at=at,
        check=lambda: _opened(reader, phrase),
    )
    if text is None:
        audit.record("reader.refused", reader, by=by, at=at)
        return None
    if not _noted(reader, by=by, at=at):
        return None
    return str(json.loads(text)["what"])


@transaction.atomic
def _noted(reader: Reader, *, by: User, at: datetime) -> bool:
    """False when it was ended in this very moment."""
    hold_concern(reader.concern)
    here = Reader.objects.filter(pk=reader.pk, ended_at=None)
    if not here.update(times_read=F("times_read") + 1, last_read_at=at):
        return False
    audit.record("reader.read", reader, by=by, at=at, concern=reader.concern_id)
    return True


def _opened(reader: Reader, phrase: str) -> str | None:
    row = SpokenKey.objects.select_related("sealed_text").filter(sealed_text=reader.told_id).first()
    if row is None:
        return None
    try:
        with a_place():
            return open_spoken(row, phrase)
    except WrongPhrase:
        return None
