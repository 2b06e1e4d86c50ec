from __future__ import annotations

import json
import secrets
from datetime import datetime
from hashlib import sha256

from django.db import transaction
from django.db.models import QuerySet

from goround.apps.accounts.models import User
from goround.apps.audit import services as audit
from goround.apps.jobs.models import Job
from goround.apps.jobs.services import ask_for
from goround.apps.organisations.models import Network
from goround.apps.releases.catalogue import RULES, TABLES, Table, first_day, last_day
from goround.apps.releases.models import Basis, Draft, Release, ReleasedFigure
from goround.apps.releases.naming import names_of
from goround.apps.releases.working_out import (
    FiguresMoved,
    WorkedOut,
    as_looked_at,
    to_basis,
    work_out,
)
from goround.domain.disclosure import NotReleasable, Span, Watch

# Kinds of work; the subject is a draft.
MAKE_DRAFT = "make-draft"
PUBLISH = "publish-release"


class NotOverYet(Exception):
    """The period is not over; a release of it would have to be corrected the next day."""


@transaction.atomic
def ask_for_draft(*, network: Network, table: Table, span: Span, by: User, at: datetime) -> Draft:
    """Have a draft worked out by the worker. One that is just being released stays as it is."""
    draft = _unmade(network, table, span, at)
    if _open_jobs(draft, PUBLISH).exists():
        return draft
    draft.asked_at, draft.made_at, draft.moved = at, None, False
    draft.figures, draft.refused_for = [], ""
    draft.save()
    ask_for(kind=MAKE_DRAFT, subject_id=draft.pk, network=network, by=by, at=at)
    return draft


@transaction.atomic
def ask_to_publish(*, draft: Draft, by: User, at: datetime) -> None:
    """Have a draft released by the worker. Asked twice, it is released once."""
    if not draft.says_something:
        raise FiguresMoved(f"draft #{draft.pk} says nothing that could be released")
    Draft.objects.filter(pk=draft.pk).update(moved=False)
    ask_for(kind=PUBLISH, subject_id=draft.pk, network=draft.network, by=by, at=at)


def make_draft(
    *, network: Network, table: Table, span: Span, by: User | None, at: datetime
) -> Draft:
    """Work out at once what a release would say. Replaces an older draft."""
    return work_on_draft(draft=_unmade(network, table, span, at), by=by, at=at)


def work_on_draft(
    *,
    draft: Draft,
    by: User | None,
    at: datetime,
    watch: Watch = lambda _: None,
    moved: bool = False,
) -> Draft:
    """Fill a draft for the office to look at. Nothing is locked while it is worked out.

    Nothing leaves the house by this: a draft holds what the release itself would.
    """
    rows, refused = list[list[object]](), ""
    try:
        found = work_out(draft.network, TABLES[draft.table], draft.span, at=at, watch=watch)
        rows = [list(row) for row in found.rows]
    except NotReleasable as refusal:
        refused = refusal.cell.measure
    draft.figures, draft.refused_for, draft.made_at, draft.moved = rows, refused, at, moved
    _keep(draft, by, at)
    return draft


@transaction.atomic
def _keep(draft: Draft, by: User | None, at: datetime) -> None:
    """A draft that was put aside meanwhile stays away."""
    kept = Draft.objects.filter(pk=draft.pk).update(
        figures=draft.figures, refused_for=draft.refused_for, made_at=at, moved=draft.moved
    )
    if kept:
        audit.record("release.drafted", draft, by=by, at=at, table=draft.table)


def _unmade(network: Network, table: Table, span: Span, at: datetime) -> Draft:
    if last_day(span) >= at.date():
        raise NotOverYet(f"{table.key} of {first_day(span)} is not over")
    draft, _new = Draft.objects.get_or_create(
        network=network,
        table=table.key,
        first_on=first_day(span),
        months=span.months,
        defaults={"asked_at": at},
    )
    return draft


def _open_jobs(draft: Draft, *kinds: str) -> QuerySet[Job]:
    return Job.objects.filter(
        network=draft.network_id,
        kind__in=kinds,
        subject_id=draft.pk,
        status__in=[Job.Status.QUEUED, Job.Status.RUNNING],
    )


@transaction.atomic
def put_draft_aside(*, draft: Draft, by: User | None, at: datetime) -> None:
    """Work on it that has begun finds nothing to do."""
    audit.record("release.put_aside", draft, by=by, at=at, table=draft.table)
    draft.delete()


def publish(*, draft: Draft, by: User | None, at: datetime) -> Release:
    """Make a draft a release at once: for good, and for anybody who is given its address."""
    return enter(draft=draft, worked_out=as_looked_at(draft, at=at), by=by, at=at)


@transaction.atomic
def enter(*, draft: Draft, worked_out: WorkedOut, by: User | None, at: datetime) -> Release:
    """Into the ledger: one release of a network after the other, each audited with all before it.

    Raises ``FiguresMoved`` when another one, or another draft, came in between.
    """
    network = Network.objects.select_for_update(no_key=True).get(pk=draft.network_id)
    same = Draft.objects.filter(pk=draft.pk, made_at=draft.made_at).exists()
    if not same or Release.objects.filter(network=network).count() != worked_out.releases:
        raise FiguresMoved(f"something came before the release of draft #{draft.pk}")
    release = _write(network, draft, worked_out, at)
    draft.delete()
    hosts = sorted({cell.unit[0] for cell in worked_out.figures if cell.unit})
    for host in (None, *hosts):
        audit.record(
            "release.published",
            release,
            by=by,
            at=at,
            organisation_id=host,
            table=release.table,
            number=release.number,
            seal=release.seal,
        )
    return release


def _write(network: Network, draft: Draft, worked_out: WorkedOut, at: datetime) -> Release:
    before = Release.objects.filter(network=network).order_by("-number").first()
    same = Release.objects.filter(
        network=network, table=draft.table, first_on=draft.first_on, months=draft.months
    )
    release = Release(
        network=network,
        number=before.number + 1 if before else 1,
        table=draft.table,
        first_on=draft.first_on,
        months=draft.months,
        corrects=same.order_by("-number").first(),
        names=names_of(network, TABLES[draft.table]),
        threshold=RULES.threshold,
        base=RULES.base,
        released_at=at,
        link=secrets.token_urlsafe(32),
    )
    release.seal = _seal(release, draft.figures, before.seal if before else "")
    release.save()
    ReleasedFigure.objects.bulk_create(
        ReleasedFigure(
            release=release,
            organisation_id=host,
            group_id=group,
            measure=measure,
            split=split,
            category=category,
            shown=shown,
            stands=stands,
        )
        for host, group, measure, split, category, shown, stands in worked_out.rows
    )
    met = sorted({cell.unit[0] for cell in worked_out.figures if cell.unit})
    Basis.objects.bulk_create(
        Basis(release=release, organisation_id=host, figures=to_basis(worked_out.figures, host))
        for host in met
    )
    return release


def _seal(release: Release, figures: list[list[object]], before: str) -> str:
    """Over what is said and the seal of the release before it."""
    said = [
        before,
        release.network_id,
        release.number,
        release.table,
        release.first_on.isoformat(),
        release.months,
        figures,
    ]
    return sha256(json.dumps(said, ensure_ascii=False).encode()).hexdigest()
