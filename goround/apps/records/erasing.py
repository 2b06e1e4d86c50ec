"""Erasing a parent: asked for, taken back or waited for, and done for good.

What they told goes with its key, their alias and their words go, and so does their account.
What stays is a row without anything in it: that somebody came to a meeting, so that past sums
stay true, and ids in the trail. A record that two people must not meet stays with the
safeguarding lead, because somebody else's safety hangs on it.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta

from django.db import transaction
from django.db.models import ProtectedError, RestrictedError, Value
from django.db.models.functions import Greatest

from goround.apps.accounts.models import User
from goround.apps.agenda.models import Goal, Promise, Topic, Want
from goround.apps.agreements.models import Affirmation, AgreementVersion
from goround.apps.audit import services as audit
from goround.apps.children.forgetting import forget_children
from goround.apps.decisions.models import Candidacy, CheckIn, Decision, Voice
from goround.apps.formation.forgetting import forget_parents
from goround.apps.groups.models import Invitation, Leadership, Membership
from goround.apps.joining.forgetting import forget_in_rooms
from goround.apps.marks.models import ChildMark, Mark
from goround.apps.meetings.models import Attendance, Reply
from goround.apps.organisations.models import RoleAssignment
from goround.apps.organisations.roles import Role
from goround.apps.outbox.models import Message
from goround.apps.people.consents.models import Consent
from goround.apps.people.details import NOTHING_SAID
from goround.apps.people.facts import ParentFacts
from goround.apps.people.models import Parent, Referral
from goround.apps.people.opening import erase_details
from goround.apps.proofs.models import Proof
from goround.apps.records.erased_list import note_erased, parents_in
from goround.apps.records.models import Erasure
from goround.apps.surveys.models import Awaited, Respondent

GRACE = timedelta(days=7)
# What an alias becomes. The same for all, so it leads to nobody.
NOBODY = "—"


class ErasedAlready(Exception):
    """There is nothing left of this parent to erase."""


@transaction.atomic
def ask_erasure(
    *, parent: Parent, by: User | None, at: datetime, grace: timedelta = GRACE
) -> Erasure:
    """Have everything about a parent erased after the grace; asking again changes nothing.

    Raises ``ErasedAlready``.
    """
    held = _held(parent)
    there = Erasure.objects.filter(parent=held, taken_back_at=None, done_at=None).first()
    if there:
        return there
    asked = Erasure.objects.create(
        organisation_id=held.organisation_id,
        parent=held,
        asked_at=at,
        asked_by=by,
        due_at=at + grace,
    )
    audit.record("erasure.asked", asked, by=by, at=at, parent=held.pk)
    return asked


@transaction.atomic
def take_back(*, parent: Parent, by: User, at: datetime) -> None:
    """Keep everything after all. Where nothing was asked for, nothing happens."""
    asked = Erasure.objects.select_for_update(of=("self",), no_key=True).filter(
        parent=parent, taken_back_at=None, done_at=None
    )
    for erasure in asked:
        erasure.taken_back_at = at
        erasure.save(update_fields=["taken_back_at"])
        audit.record("erasure.taken_back", erasure, by=by, at=at, parent=parent.pk)


def erase_due(*, by: User | None, at: datetime) -> int:
    """Carry out every erasure whose grace is over, each by itself; how many."""
    due = Erasure.objects.filter(due_at__lte=at, taken_back_at=None, done_at=None)
    parents = Parent.objects.filter(pk__in=due.values("parent")).order_by("pk")
    return sum(_erase_if_still_due(parent, by, at) for parent in parents)


@transaction.atomic
def _erase_if_still_due(parent: Parent, by: User | None, at: datetime) -> bool:
    due = Erasure.objects.select_for_update(of=("self",), no_key=True).filter(
        parent=parent, due_at__lte=at, taken_back_at=None, done_at=None
    )
    if not due:
        return False
    erase(parent=parent, by=by, at=at)
    return True


@transaction.atomic
def erase(*, parent: Parent, by: User | None, at: datetime, because: str = "asked") -> None:
    """Erase a parent now and for good. Raises ``ErasedAlready``."""
    erase_all(parents=[_held(parent)], by=by, at=at, because=because)


@transaction.atomic
def erase_all(*, parents: Sequence[Parent], by: User | None, at: datetime, because: str) -> None:
    """Erase several parents of one organisation, none of whom was erased before."""
    if not parents:
        return
    note_erased(parents)
    ids, here = [parent.pk for parent in parents], parents[0].organisation
    came = Attendance.objects.filter(membership__parent__in=ids)
    counted = set(came.values_list("membership__parent_id", flat=True))
    _leave_groups(ids, here.local(at).date())
    _leave_what_the_group_owns(ids)
    forget_in_rooms(ids)
    _leave_the_list(ids, at)
    Consent.objects.filter(parent__in=ids).delete()
    Message.objects.filter(parent__in=ids).delete()
    Proof.objects.filter(parent__in=ids).delete()
    Awaited.objects.filter(parent__in=ids).delete()
    Respondent.objects.filter(parent__in=ids).delete()
    forget_parents(organisation_id=here.pk, parent_ids=ids)
    ChildMark.objects.filter(child__parent__in=ids).delete()
    forget_children(parent_ids=ids, nobody=NOBODY, at=at)
    for parent in parents:
        account = parent.user
        _empty(parent, at, keep_gender=parent.pk in counted)
        if account:
            _close(account)
    erase_details(parent_ids=ids)
    Erasure.objects.filter(parent__in=ids, taken_back_at=None, done_at=None).update(done_at=at)
    audit.record_each(
        kind="parent.erased",
        subjects=parents,
        organisation_id=here.pk,
        by=by,
        at=at,
        because=because,
    )


@transaction.atomic
def erase_again(*, lines: set[str], by: User | None, at: datetime) -> int:
    """Erase whom an older backup brought back, by the list of the erased; how many."""
    found = parents_in(lines)
    for parents in found:
        erase_all(parents=parents, by=by, at=at, because="erased before")
    return sum(map(len, found))


def _held(parent: Parent) -> Parent:
    held = Parent.objects.select_for_update(of=("self",), no_key=True).get(pk=parent.pk)
    if held.erased_at:
        raise ErasedAlready(f"{held} was erased")
    return held


def _leave_groups(ids: Sequence[int], today: date) -> None:
    """Their seats at past meetings stay counted, under no name; words to them and theirs go."""
    mine = Membership.objects.filter(parent__in=ids)
    leads = Leadership.objects.filter(membership__in=mine, to_on=None)
    leads.filter(from_on__gt=today).delete()
    leads.update(to_on=today)
    Invitation.objects.filter(membership__in=mine).delete()
    Reply.objects.filter(membership__in=mine).delete()
    # A ballot in a box cannot be found: nobody knows whose it is.
    Voice.objects.filter(membership__in=mine).delete()
    Candidacy.objects.filter(membership__in=mine).delete()
    CheckIn.objects.filter(leadership__membership__in=mine).delete()
    Decision.objects.filter(asked_by__in=mine).update(asked_by=None)
    Mark.objects.filter(seat__in=mine).exclude(alias="").update(alias=NOBODY)
    mine.filter(left_on=None).update(left_on=Greatest("joined_on", Value(today)))
    mine.update(alias=NOBODY)


def _leave_what_the_group_owns(ids: Sequence[int]) -> None:
    """The agreement is the group's and stays, without their yes and without who wrote it.

    So does a topic that nobody signed: it leads to nobody, and so cannot be found.
    """
    Topic.objects.filter(signed_by__parent__in=ids).delete()
    for own in (Want, Promise, Goal):
        own._base_manager.filter(membership__parent__in=ids).delete()
    Affirmation.objects.filter(membership__parent__in=ids).delete()
    AgreementVersion.objects.filter(written_by__parent__in=ids).update(written_by=None)


def _leave_the_list(ids: Sequence[int], at: datetime) -> None:
    mine = Referral.objects.filter(parent__in=ids)
    mine.filter(status=Referral.Status.WAITING).update(
        status=Referral.Status.WITHDRAWN, ended_at=at
    )
    mine.update(agency="", receipt_hash=None, withdrawn_because="")


def _empty(parent: Parent, at: datetime, *, keep_gender: bool) -> None:
    gender = parent.gender if keep_gender else ""
    parent.opened = NOTHING_SAID
    ParentFacts(gender=gender).put_on(parent, at=at)
    parent.alias, parent.reference, parent.user, parent.erased_at = NOBODY, None, None, at
    parent.together.clear()
    parent.save()


def _close(account: User) -> None:
    """The account goes, unless its owner also works here. One that rows hold on to is emptied."""
    parts = RoleAssignment.objects.filter(user=account)
    if parts.exclude(role__in=[Role.PARENT, Role.PARENT_LEADER]).exists():
        return
    try:
        with transaction.atomic():
            account.delete()
    except (ProtectedError, RestrictedError):
        parts.delete()
        account.handle, account.shown_as = f"gone-{account.pk}", ""
        account.is_active = False
        account.set_unusable_password()
        account.save(update_fields=["handle", "shown_as", "is_active", "password"])
