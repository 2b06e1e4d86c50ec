"""What is no longer needed goes by itself, by the network's rules.

Each kind of thing has a question (which rows are over) and an act (let them go). Counting them
without acting is the dry run, so both ask the same question.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from importlib import resources
from typing import Any

from django.contrib.sessions.models import Session
from django.db import transaction
from django.db.models import Exists, Max, Min, OuterRef, Q, QuerySet
from django.db.models.functions import Coalesce

from goround.apps.accounts.models import User
from goround.apps.agenda.models import Goal, Promise, Topic
from goround.apps.agreements.models import AgreementVersion
from goround.apps.audit import chains
from goround.apps.audit import services as audit
from goround.apps.audit.models import Chain, Event
from goround.apps.children import forgetting
from goround.apps.children.models import Refusal, Visit
from goround.apps.decisions.models import CheckIn, Decision
from goround.apps.evidence.models import Report
from goround.apps.formation.models import Round
from goround.apps.groups.models import Invitation, Membership
from goround.apps.jobs.models import Job
from goround.apps.joining.models import JoinRequest
from goround.apps.marks.models import Taken, Tally
from goround.apps.meetings.models import Reply
from goround.apps.organisations.models import Organisation
from goround.apps.people.consents.models import Consent
from goround.apps.people.imports.services import put_aside
from goround.apps.people.models import ListImport, Parent, Referral
from goround.apps.proofs.models import Proof
from goround.apps.records.erasing import erase_all
from goround.apps.records.models import Erasure, KeepingRules
from goround.apps.rooms.models import Note, Offer
from goround.apps.surveys.models import Respondent, Response
from goround.domain.privacy.keeping import Kept, Rules, read_rules

Rows = QuerySet[Any]


@dataclass(frozen=True, slots=True)
class Chore:
    """Which rows of an organisation are over, and how they go."""

    due: Callable[[Organisation, datetime], Rows]
    let_go: Callable[[Rows, User | None, datetime], object]


def rules_of(organisation: Organisation) -> Rules:
    """The rules in force where the organisation belongs."""
    own = KeepingRules.objects.filter(network=organisation.network_id).first()
    return read_rules(own.text, besides=shipped_rules()) if own else shipped_rules()


@cache
def shipped_rules() -> Rules:
    return read_rules(shipped_text())


def shipped_text() -> str:
    return (resources.files(__package__) / "keeping.toml").read_text(encoding="utf-8")


def due_now(organisation: Organisation, *, at: datetime) -> dict[Kept, int]:
    """How much of each kind is over, and would go now."""
    rules = rules_of(organisation)
    counts = {
        kind: chore.due(organisation, rules[kind].before(at)).count()
        for kind, chore in CHORES.items()
    }
    counts[Kept.TRAIL] = _trail_over(organisation.pk, rules[Kept.TRAIL].before(at))[1]
    return counts


def let_go(*, organisation: Organisation, by: User | None, at: datetime) -> dict[Kept, int]:
    """Let everything go that is over; what went, by kind. Doing it again does nothing."""
    rules = rules_of(organisation)
    gone = {}
    for kind, chore in CHORES.items():
        with transaction.atomic():
            rows = chore.due(organisation, rules[kind].before(at))
            if count := rows.count():
                chore.let_go(rows, by, at)
                _note(organisation, kind, count, by, at)
            gone[kind] = count
    gone[Kept.TRAIL] = _let_trail_go(organisation, rules, by, at)
    return gone


def let_sessions_go(*, at: datetime) -> int:
    """Sessions that are over, of everybody."""
    over = Session.objects.filter(expire_date__lt=shipped_rules()[Kept.SESSIONS].before(at))
    return over.delete()[0]


def _note(
    organisation: Organisation, kind: Kept, count: int, by: User | None, at: datetime
) -> None:
    audit.record(
        "retention.applied",
        organisation,
        by=by,
        at=at,
        organisation_id=organisation.pk,
        kept=str(kind),
        count=count,
    )


def _let_trail_go(organisation: Organisation, rules: Rules, by: User | None, at: datetime) -> int:
    """Old entries go from the front of the chain, which holds from behind them."""
    with transaction.atomic():
        up_to, count = _trail_over(organisation.pk, rules[Kept.TRAIL].before(at))
        if count:
            chains.let_go(organisation.pk, up_to=up_to)
            _note(organisation, Kept.TRAIL, count, by, at)
        return count


def _trail_over(organisation_id: int, before: datetime) -> tuple[int, int]:
    """Up to which entry all are over, and how many that is."""
    chain = Chain.objects.filter(organisation_id=organisation_id).first()
    if chain is None:
        return 0, 0
    entries = Event.objects.filter(organisation_id=organisation_id)
    first_kept = entries.filter(at__gte=before).aggregate(first=Min("number"))["first"]
    up_to = chain.length if first_kept is None else first_kept - 1
    return up_to, max(0, up_to - chain.base_number)


def _waiting(here: Organisation, before: datetime) -> QuerySet[Referral]:
    return Referral.objects.filter(
        organisation=here, status=Referral.Status.WAITING, waiting_since__lt=before
    )


def _end_waiting(rows: QuerySet[Referral], by: User | None, at: datetime) -> None:
    rows.update(status=Referral.Status.WITHDRAWN, ended_at=at)


def _left(here: Organisation, before: datetime) -> QuerySet[Parent]:
    """Parents whom nothing ties to the organisation any more, and for how long."""
    ties = Membership.objects.filter(parent=OuterRef("pk"))
    day = here.local(before).date()
    waits = Referral.objects.filter(parent=OuterRef("pk")).filter(
        Q(status=Referral.Status.WAITING) | Q(ended_at__gte=before)
    )
    return Parent.objects.filter(organisation=here, erased_at=None, created_at__lt=before).exclude(
        Exists(ties.filter(Q(left_on=None) | Q(left_on__gte=day))) | Exists(waits)
    )


def _erase_each(rows: QuerySet[Parent], by: User | None, at: datetime) -> None:
    parents = list(rows.select_related("organisation", "user").order_by("pk"))
    erase_all(parents=parents, by=by, at=at, because="time")


def _rounds(here: Organisation, before: datetime) -> QuerySet[Round]:
    """Rounds that nobody worked on since; one being searched is worked on."""
    worked_on = Coalesce(Max("searches__at"), "created_at")
    return (
        Round.objects.filter(organisation=here)
        .exclude(status=Round.Status.SEARCHING)
        .annotate(last_at=Coalesce("accepted_at", worked_on))
        .filter(last_at__lt=before)
    )


def _topics(here: Organisation, before: datetime) -> QuerySet[Topic]:
    """Talked about, put aside, or of a group that ended, so long ago."""
    day = here.local(before).date()
    over = Q(talked_at__starts_at__lt=before) | Q(put_aside_on__lt=day)
    return Topic.objects.filter(over | Q(group__ended_on__lt=day), organisation=here)


def _goals(here: Organisation, before: datetime) -> QuerySet[Goal]:
    """Reached, or of somebody who left or whose group ended, so long ago."""
    day = here.local(before).date()
    over = Q(done_on__lt=day) | Q(membership__left_on__lt=day)
    return Goal.objects.filter(over | Q(membership__group__ended_on__lt=day), organisation=here)


def _delete(rows: Rows, by: User | None, at: datetime) -> None:
    rows.model._base_manager.filter(pk__in=list(rows.values_list("pk", flat=True))).delete()


def _forget_marks(rows: QuerySet[Taken], by: User | None, at: datetime) -> None:
    """Marks, and what they made of a meeting: together, or the roll would be counted anew."""
    Tally.objects.filter(meeting__in=set(rows.values_list("meeting_id", flat=True))).delete()
    _delete(rows, by, at)


def _put_aside_each(rows: QuerySet[ListImport], by: User | None, at: datetime) -> None:
    for begun in rows.select_related("uploaded_by"):
        put_aside(list_import=begun, by=by or begun.uploaded_by, at=at)


def _let_answers_go(rows: QuerySet[Response], by: User | None, at: datetime) -> None:
    """With the last answers of somebody goes what joined them."""
    joined = set(rows.exclude(respondent=None).values_list("respondent_id", flat=True))
    _delete(rows, by, at)
    Respondent.objects.filter(pk__in=joined, responses=None).delete()


OPEN_LISTS = [ListImport.Status.READING, ListImport.Status.READ, ListImport.Status.SAVING]

CHORES: dict[Kept, Chore] = {
    Kept.WAITING: Chore(_waiting, _end_waiting),
    Kept.LEFT: Chore(_left, _erase_each),
    Kept.INVITATIONS: Chore(
        lambda here, before: Invitation.objects.filter(
            membership__group__organisation=here, drafted_at__lt=before
        ),
        _delete,
    ),
    Kept.REPLIES: Chore(
        lambda here, before: Reply.objects.filter(
            meeting__group__organisation=here, meeting__starts_at__lt=before
        ),
        _delete,
    ),
    Kept.AGREEMENTS: Chore(
        lambda here, before: AgreementVersion.objects.filter(
            group__organisation=here, group__ended_on__lt=here.local(before).date()
        ),
        _delete,
    ),
    Kept.OFFERS: Chore(
        lambda here, before: Offer.objects.filter(organisation=here, meeting__ends_at__lt=before),
        _delete,
    ),
    Kept.NOTES: Chore(
        lambda here, before: Note.objects.filter(organisation=here, written_at__lt=before),
        _delete,
    ),
    Kept.JOIN_REQUESTS: Chore(
        lambda here, before: JoinRequest.objects.filter(organisation=here, ended_at__lt=before),
        _delete,
    ),
    Kept.MARKS: Chore(
        lambda here, before: Taken.objects.filter(organisation=here, meeting__ends_at__lt=before),
        _forget_marks,
    ),
    Kept.PROOFS: Chore(
        lambda here, before: Proof.objects.filter(
            organisation=here, until_on__lt=here.local(before).date()
        ),
        _delete,
    ),
    Kept.DECISIONS: Chore(
        lambda here, before: Decision.objects.filter(
            organisation=here, ended_on__lt=here.local(before).date()
        ).exclude(mandate__leadership__to_on=None, mandate__leadership__isnull=False),
        _delete,
    ),
    Kept.CHECK_INS: Chore(
        lambda here, before: CheckIn.objects.filter(
            organisation=here, on__lt=here.local(before).date()
        ),
        _delete,
    ),
    Kept.TOPICS: Chore(_topics, _delete),
    Kept.PROMISES: Chore(
        lambda here, before: Promise.objects.filter(organisation=here, made_at__lt=before),
        _delete,
    ),
    Kept.GOALS: Chore(_goals, _delete),
    Kept.CONSENTS: Chore(
        lambda here, before: Consent.objects.filter(organisation=here).filter(
            Q(ended_at__lt=before) | Q(ended_at=None, expires_at__lt=before)
        ),
        _delete,
    ),
    Kept.LISTS: Chore(
        lambda here, before: ListImport.objects.filter(organisation=here, ended_at__lt=before),
        _delete,
    ),
    Kept.LISTS_BEGUN: Chore(
        lambda here, before: ListImport.objects.filter(
            organisation=here, status__in=OPEN_LISTS, uploaded_at__lt=before
        ),
        _put_aside_each,
    ),
    Kept.CHILDREN: Chore(
        lambda here, before: Visit.objects.filter(organisation=here, in_at__lt=before),
        lambda rows, by, at: forgetting.let_go(rows),
    ),
    Kept.CHILDREN_KEPT: Chore(
        lambda here, before: Refusal.objects.filter(organisation=here, at__lt=before), _delete
    ),
    Kept.ROUNDS: Chore(_rounds, _delete),
    Kept.ANSWERS: Chore(
        lambda here, before: Response.objects.filter(
            organisation=here, wave__closes_on__lt=here.local(before).date()
        ),
        _let_answers_go,
    ),
    Kept.REPORTS: Chore(
        lambda here, before: Report.objects.filter(organisation=here, asked_at__lt=before),
        _delete,
    ),
    Kept.JOBS: Chore(
        lambda here, before: Job.objects.filter(
            Q(organisation=here) | Q(network=here.network_id), ended_at__lt=before
        ),
        _delete,
    ),
    Kept.ERASURES: Chore(
        lambda here, before: Erasure.objects.filter(organisation=here).filter(
            Q(done_at__lt=before) | Q(taken_back_at__lt=before)
        ),
        _delete,
    ),
}
