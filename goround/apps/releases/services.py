from __future__ import annotations

import json
import secrets
from datetime import datetime
from hashlib import sha256

from django.db import transaction

from goround.apps.accounts.models import User
from goround.apps.audit import services as audit
from goround.apps.organisations.models import Network
from goround.apps.releases.catalogue import RULES, TABLES, Table, first_day, last_day
from goround.apps.releases.models import Basis, Draft, Release, ReleasedFigure
from goround.apps.releases.naming import names_of
from goround.apps.releases.working_out import WorkedOut, to_basis, work_out
from goround.domain.disclosure import NotReleasable, Span


class NotOverYet(Exception):
    """The period is not over; a release of it would have to be corrected the next day."""


class FiguresMoved(Exception):
    """What would be released now is not what was looked at."""


@transaction.atomic
def make_draft(
    *, network: Network, table: Table, span: Span, by: User | None, at: datetime
) -> Draft:
    """Work out what a release would say, for the office to look at. Replaces an older draft.

    Nothing leaves the house by this: a draft holds what the release itself would.
    """
    if last_day(span) >= at.date():
        raise NotOverYet(f"{table.key} of {first_day(span)} is not over")
    rows, refused = list[list[object]](), ""
    try:
        rows = [list(row) for row in work_out(network, table, span, at=at).rows]
    except NotReleasable as refusal:
        refused = refusal.cell.measure
    draft, _new = Draft.objects.update_or_create(
        network=network,
        table=table.key,
        first_on=first_day(span),
        months=span.months,
        defaults={"made_at": at, "figures": rows, "refused_for": refused},
    )
    audit.record("release.drafted", draft, by=by, at=at, table=table.key)
    return draft


@transaction.atomic
def put_draft_aside(*, draft: Draft, by: User | None, at: datetime) -> None:
    audit.record("release.put_aside", draft, by=by, at=at, table=draft.table)
    draft.delete()


@transaction.atomic
def publish(*, draft: Draft, by: User | None, at: datetime) -> Release:
    """Make a draft a release: for good, and for anybody who is given its address.

    One release of a network after the other. Everything is worked out again with what has been
    released since; raises ``FiguresMoved`` when that is no longer what the draft says, and
    ``NotReleasable`` when nothing can be said any more.
    """
    network = Network.objects.select_for_update(no_key=True).get(pk=draft.network_id)
    worked_out = work_out(network, TABLES[draft.table], draft.span, at=at)
    if [list(row) for row in worked_out.rows] != draft.figures:
        raise FiguresMoved(f"draft #{draft.pk} is not up to date")
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
