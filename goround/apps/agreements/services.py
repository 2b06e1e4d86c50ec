"""The members write their agreement and say yes to it. Nobody else does either."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from goround.apps.accounts.models import User
from goround.apps.agreements.models import Affirmation, AgreementVersion
from goround.apps.audit import services as audit
from goround.apps.groups.membership import NotAMember
from goround.apps.groups.models import Membership
from goround.apps.groups.one_writer import hold
from goround.domain.agreement import tidy

LONGEST = 12_000


class WrittenMeanwhile(Exception):
    """Somebody else wrote a version while this one was being written. Nothing was saved."""

    def __init__(self, newest: AgreementVersion) -> None:
        super().__init__(f"{newest} is newer than what was changed")
        self.newest = newest


class NotTheNewest(Exception):
    """There is a newer version than the one that was read."""


class NoText(Exception):
    """An agreement that says nothing, or more than ``LONGEST`` letters."""


@transaction.atomic
def write_version(
    *, membership: Membership, text: str, based_on: int, by: User, at: datetime
) -> AgreementVersion:
    """Make ``text`` the newest version; whoever wrote it has said yes to it.

    ``based_on`` is the number of the version that was changed, 0 for the first. The same text
    again is the version there is already. Raises ``WrittenMeanwhile``, ``NotAMember``, ``NoText``
    and ``GroupEnded``.
    """
    _check_membership(membership, by)
    text = tidy(text)
    if not text or len(text) > LONGEST:
        raise NoText(f"{len(text)} letters")
    group = hold(membership.group)
    newest = group.agreement_versions.order_by("-number").first()
    if newest and newest.text == text:
        return newest
    if newest and newest.number != based_on:
        raise WrittenMeanwhile(newest)
    version = AgreementVersion.objects.create(
        group=group,
        number=newest.number + 1 if newest else 1,
        written_by=membership,
        written_at=at,
    )
    version.lock(text)
    version.save(update_fields=["locked"])
    Affirmation.objects.create(version=version, membership=membership, said_on=group.today(at=at))
    audit.record("agreement.written", version, by=by, at=at, number=version.number)
    return version


@transaction.atomic
def affirm(*, version: AgreementVersion, membership: Membership, by: User, at: datetime) -> None:
    """Say yes to the newest version, for oneself. Saying it twice is saying it once.

    Raises ``NotTheNewest``, ``NotAMember`` and ``GroupEnded``.
    """
    _check_membership(membership, by)
    _say_yes(version, membership, by, at, was_aloud=False)


@transaction.atomic
def affirm_aloud(
    *, version: AgreementVersion, speaker: Membership, noted_by: Membership, by: User, at: datetime
) -> None:
    """Note that a member without an account said yes in the circle. Raises as ``affirm``."""
    _check_membership(noted_by, by)
    has_account = speaker.parent.user_id is not None
    if speaker.left_on or speaker.group_id != noted_by.group_id or has_account:
        raise NotAMember(f"{speaker} cannot be spoken for")
    _say_yes(version, speaker, by, at, was_aloud=True)


@transaction.atomic
def take_yes_back(
    *, version: AgreementVersion, membership: Membership, by: User, at: datetime
) -> None:
    """Say no longer yes, for oneself. Where no yes was said nothing happens."""
    _check_membership(membership, by)
    said = Affirmation.objects.filter(version=version, membership=membership)
    if said.delete()[0]:
        audit.record("agreement.yes_taken_back", version, by=by, at=at)


def _say_yes(
    version: AgreementVersion, membership: Membership, by: User, at: datetime, *, was_aloud: bool
) -> None:
    group = hold(membership.group)
    newest = group.agreement_versions.order_by("-number").first()
    if newest is None or newest.pk != version.pk:
        raise NotTheNewest(f"{version} is not the newest")
    _said, is_new = Affirmation.objects.get_or_create(
        version=version,
        membership=membership,
        defaults={"said_on": group.today(at=at), "was_aloud": was_aloud},
    )
    if is_new:
        audit.record("agreement.affirmed", version, by=by, at=at, aloud=was_aloud)


def _check_membership(membership: Membership, by: User) -> None:
    if membership.left_on or membership.parent.user_id != by.pk:
        raise NotAMember(f"{membership} is not of whoever acts")
