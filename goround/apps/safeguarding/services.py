"""A concern is raised, and leads take it from step to step. Nothing here ends a membership."""

from __future__ import annotations

from datetime import date, datetime

from django.db import transaction

from goround.apps.accounts.models import User
from goround.apps.audit import services as audit
from goround.apps.keys.models import SpokenKey
from goround.apps.organisations.models import Organisation
from goround.apps.safeguarding import notices
from goround.apps.safeguarding.duties import duties_of
from goround.apps.safeguarding.models import Concern, FollowUp, Plan, Reader, Step
from goround.apps.safeguarding.steps import Words, hold_concern, move, seal_words, write_step
from goround.domain.safeguarding.concern import Act, Way
from goround.domain.safeguarding.duties import read_duties


class StillOpen(Exception):
    """Follow-ups are not done, so the concern cannot be closed."""


@transaction.atomic
def raise_concern(
    *,
    organisation: Organisation,
    words: Words,
    in_danger_now: bool,
    already_reported: str,
    by: User | None,
    at: datetime,
) -> Concern:
    """Somebody is worried. What they say, and who they are, is sealed to the leads.

    The trail says that a concern was raised and not by whom. ``already_reported`` says to whom
    and when; then the report stands as made, in this one step. ``by`` is nobody for somebody
    who would rather not say.
    """
    concern = Concern.objects.create(
        organisation=organisation, in_danger_now=in_danger_now, raised_at=at
    )
    who = {"raised_by": by.get_short_name(), "account": by.handle} if by else {}
    concern.told = seal_words(concern, "concern", concern.pk, {**words, **who})
    concern.save(update_fields=["told"])
    audit.record("concern.raised", concern, by=None, at=at)
    if already_reported:
        told, duty = {"what": already_reported}, _first_duty(organisation)
        write_step(concern, Act.REPORT, told, way=Way.ALREADY, duty=duty, by=None, at=at)
    notices.tell_leads(concern, by=None, at=at)
    return concern


@transaction.atomic
def take_step(
    *,
    concern: Concern,
    act: Act,
    words: Words,
    by: User,
    at: datetime,
    way: Way | None = None,
    duty: str = "",
    is_to_be_reported: bool | None = None,
) -> Step:
    """One act of a lead, with their words sealed. Raises ``NotNow``, and ``StillOpen`` to close.

    ``is_to_be_reported`` goes with a decision.
    """
    held = hold_concern(concern)
    if act is Act.DECIDE:
        held.is_to_be_reported = is_to_be_reported
    if act is Act.CLOSE and held.follow_ups.filter(done_at=None).exists():
        raise StillOpen(f"{held} has follow-ups that are not done")
    if act is Act.CLOSE:
        for reader in held.readers.filter(ended_at=None).order_by("pk"):
            end_reading(reader=reader, by=by, at=at)
    return write_step(held, act, words, way=way, duty=duty, by=by, at=at)


@transaction.atomic
def plan_follow_up(
    *, concern: Concern, due_on: date, words: Words, by: User, at: datetime
) -> FollowUp:
    """Something is to be done about the concern by a day. Raises ``NotNow``."""
    held = hold_concern(concern)
    move(held, Act.FOLLOW_UP, at=at)
    follow_up = FollowUp.objects.create(concern=held, due_on=due_on)
    follow_up.told = seal_words(held, "follow-up", follow_up.pk, words)
    follow_up.save(update_fields=["told"])
    audit.record("follow_up.planned", follow_up, by=by, at=at, concern=held.pk)
    return follow_up


@transaction.atomic
def finish_follow_up(*, follow_up: FollowUp, by: User, at: datetime) -> None:
    """It was done; saying so twice keeps the first time."""
    done = FollowUp.objects.filter(pk=follow_up.pk, done_at=None).update(done_at=at, done_by=by)
    if done:
        audit.record("follow_up.done", follow_up, by=by, at=at, concern=follow_up.concern_id)


@transaction.atomic
def end_reading(*, reader: Reader, by: User, at: datetime) -> None:
    """Their words open nothing from now on; ending twice is once."""
    hold_concern(reader.concern)
    ended = Reader.objects.filter(pk=reader.pk, ended_at=None).update(ended_at=at)
    SpokenKey.objects.filter(sealed_text=reader.told_id).delete()
    if ended:
        audit.record("reader.ended", reader, by=by, at=at, concern=reader.concern_id)


@transaction.atomic
def note_reading(*, concern: Concern, by: User, at: datetime) -> None:
    """A lead opened what is sealed about a concern; each time is written down."""
    audit.record("concern.opened", concern, by=by, at=at)


@transaction.atomic
def choose_duties(
    *, organisation: Organisation, key: str, own_duties: str, by: User, at: datetime
) -> Plan:
    """Which law's dates hold, or the organisation's own. Raises ``DutiesError`` for own ones."""
    if own_duties:
        read_duties(own_duties)
    plan, _ = Plan.objects.get_or_create(organisation=organisation)
    if (plan.duties_key, plan.own_duties) == (key, own_duties):
        return plan
    plan.duties_key, plan.own_duties = key, own_duties
    plan.save(update_fields=["duties_key", "own_duties"])
    audit.record("safeguarding_plan.changed", plan, by=by, at=at, duties=key)
    return plan


def _first_duty(organisation: Organisation) -> str:
    """Whoever reported has done what comes first; a written report may still be due."""
    return next((step.name for step in duties_of(organisation).steps), "")
