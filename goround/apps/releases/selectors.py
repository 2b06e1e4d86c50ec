from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Max, Q, QuerySet

from goround.apps.jobs.models import Job
from goround.apps.jobs.selectors import network_jobs_for
from goround.apps.meetings.models import Meeting
from goround.apps.organisations.models import Network, Organisation
from goround.apps.organisations.roles import Permission
from goround.apps.organisations.selectors import Viewer, networks_for, organisations_for
from goround.apps.releases.catalogue import SNAPSHOT, TABLES, Table, first_day, last_day
from goround.apps.releases.models import Draft, Release, ReleasedFigure
from goround.apps.releases.naming import names_of
from goround.apps.releases.services import MAKE_DRAFT, PUBLISH
from goround.apps.releases.sheets import Sheet, sheets
from goround.apps.walls.places import show_release
from goround.domain.disclosure import Span


@dataclass(frozen=True)
class Offer:
    """A table and a period that could be released, or released again."""

    table: Table
    span: Span
    released: int = 0

    @property
    def first(self) -> date:
        return first_day(self.span)

    @property
    def last(self) -> date:
        return last_day(self.span)

    @property
    def key(self) -> str:
        return f"{self.table.key}.{self.first:%Y-%m}"


def releases_for(viewer: Viewer, network: Network) -> QuerySet[Release]:
    """The network's ledger, the latest first; nothing for anybody but its office."""
    seen = networks_for(viewer).filter(pk=network.pk)
    return (
        Release.objects.filter(network__in=seen)
        .select_related("network", "corrects")
        .order_by("-number")
    )


def releases_about(viewer: Viewer, organisation: Organisation) -> QuerySet[Release]:
    """What was told of an organisation, for those there who may see its figures."""
    seen = organisations_for(viewer, needs=Permission.SEE_MONTH).filter(pk=organisation.pk)
    told = ReleasedFigure.objects.filter(organisation__in=seen)
    return Release.objects.filter(pk__in=told.values("release")).order_by("-number")


def release_by_link(viewer: Viewer, link: str) -> Release | None:
    """For whoever was given the address, signed in or not."""
    show_release(link)
    return Release.objects.filter(link=link).first()


def sheets_of(viewer: Viewer, release: Release) -> list[Sheet]:
    """The tables of a release the viewer was given by another selector. One query."""
    rows = release.figures.order_by("pk").values_list(
        "organisation", "group", "measure", "split", "category", "shown", "stands"
    )
    return sheets(release.table, rows, release.names)


def drafts_for(viewer: Viewer, network: Network) -> QuerySet[Draft]:
    seen = networks_for(viewer).filter(pk=network.pk)
    return Draft.objects.filter(network__in=seen).select_related("network").order_by("-asked_at")


def draft_for(viewer: Viewer, network: Network, draft_id: int) -> Draft | None:
    return drafts_for(viewer, network).filter(pk=draft_id).first()


def work_on(viewer: Viewer, network: Network, draft_id: int) -> Job | None:
    """What the worker last did, or does, to a draft, which may be a release by now."""
    jobs = network_jobs_for(viewer, network).select_related("network")
    return jobs.filter(kind__in=[MAKE_DRAFT, PUBLISH], subject_id=draft_id).first()


def sheets_of_draft(viewer: Viewer, draft: Draft) -> list[Sheet]:
    """As the release would look. A few queries, however many figures."""
    return sheets(draft.table, draft.figures, names_of(draft.network, TABLES[draft.table]))


def offers(viewer: Viewer, network: Network, *, at: datetime) -> list[Offer]:
    """Every table and period that is over and may have anything in it, the latest first.

    Two queries.
    """
    seen = networks_for(viewer).filter(pk=network.pk)
    begun = Meeting.objects.filter(organisation__network__in=seen, starts_at__lt=at)
    met = [Span.of(day.year, day.month) for day in begun.dates("starts_at", "month")]
    if not met:
        return []
    told = {
        (table, first_on): number
        for table, first_on, number in Release.objects.filter(network__in=seen)
        .order_by("number")
        .values_list("table", "first_on", "number")
    }
    today = at.date()
    return [
        Offer(table, span, told.get((table.key, first_day(span)), 0))
        for table in TABLES.values()
        for span in table.kind.spans(first_day(met[0]), today)
        if _may_have_met(span, met) or table.has_money or table.has_outcomes
    ]


def _may_have_met(span: Span, met: Sequence[Span]) -> bool:
    """By a clock of its own an organisation's meeting may have been a month earlier or later."""
    return any(span.first - 1 <= month.first <= span.first + span.months for month in met)


def offer(viewer: Viewer, network: Network, key: str, *, at: datetime) -> Offer | None:
    return next((one for one in offers(viewer, network, at=at) if one.key == key), None)


def released(viewer: Viewer, network: Network, table: Table, first_on: date) -> Release | None:
    """What was last released of a table and a period."""
    same = releases_for(viewer, network).filter(table=table.key, first_on=first_on)
    return same.first()


def released_snapshots(viewer: Viewer, network: Network) -> list[Release]:
    """The last release of each year's snapshot, the year with the most groups first."""
    all_of = (
        releases_for(viewer, network)
        .filter(table=SNAPSHOT.key)
        .annotate(
            groups=Max(
                "figures__shown",
                filter=Q(figures__measure="groups", figures__split="", figures__organisation=None),
            )
        )
    )
    latest, groups = dict[date, Release](), dict[date, int]()
    for one in all_of.order_by("number"):
        latest[one.first_on] = one
        groups[one.first_on] = getattr(one, "groups", None) or 0
    return sorted(
        latest.values(), key=lambda one: (groups[one.first_on], one.first_on), reverse=True
    )


def released_years(
    viewer: Viewer, network: Network, tables: Sequence[Table]
) -> dict[date, list[Release]]:
    """By the first day of each year what was last released of these tables, in their order."""
    order = [table.key for table in tables]
    latest: dict[tuple[date, str], Release] = {}
    rows = releases_for(viewer, network).filter(table__in=order, months=12, first_on__month=1)
    for one in rows.order_by("number"):
        latest[one.first_on, one.table] = one
    found: dict[date, list[Release]] = {}
    for (first, _key), one in sorted(latest.items(), key=lambda item: order.index(item[0][1])):
        found.setdefault(first, []).append(one)
    return found


def told_in(viewer: Viewer, release: Release) -> dict[str, int | None]:
    """A release's figures of the whole network, such as ``parents`` or ``gender_male``."""
    rows = release.figures.filter(organisation=None).values_list(
        "measure", "split", "category", "shown"
    )
    return {f"{split}_{key}" if split else measure: shown for measure, split, key, shown in rows}
