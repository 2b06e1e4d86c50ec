"""From rows and history to what a release would say. Reads only; the same rows, the same answer."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from goround.apps.organisations.models import Network, Organisation
from goround.apps.releases.catalogue import MODEL, RULES, TABLES, Table, scope
from goround.apps.releases.families import as_once_told
from goround.apps.releases.measuring import Measuring
from goround.apps.releases.models import Basis, Draft, Release, ReleasedFigure
from goround.apps.releases.money import Told, money_told
from goround.apps.releases.outcomes import as_once_counted
from goround.domain.disclosure import Cell, Decision, Past, Shown, Span, Watch, decide, facts_of

# As kept in rows: organisation, group, measure, split, category, shown, stands.
Row = tuple[int | None, int | None, str, str, str, int | None, bool]


@dataclass(frozen=True)
class WorkedOut:
    """Exact figures for the basis, and what may be said of those asked for.

    Only so long as the ledger has just the ``releases`` that were audited with it.
    """

    figures: Mapping[Cell, int]
    rows: tuple[Row, ...]
    releases: int


class FiguresMoved(Exception):
    """What would be released now is not what was looked at."""


def work_out(
    network: Network, table: Table, span: Span, *, at: datetime, watch: Watch = lambda _: None
) -> WorkedOut:
    """Raises ``NotReleasable`` where earlier releases leave no room for this one."""
    hosts = list(Organisation.objects.filter(network=network).order_by("pk"))
    past = history(network)
    known = {(cell.measure, cell.span) for release in past for cell in release.figures}
    measuring = Measuring(hosts, at)
    figures = measuring.people(scope(table, span, known))
    if table.has_outcomes:
        figures = as_once_counted(figures, past, span)
    if table.has_families:
        figures = as_once_told(figures, past, span, measuring.erased(span))
    figures = _without_new_zeros(figures, past)
    asked = [cell for cell in figures if _is_asked(cell, table, span)]
    decision = decide(facts_of(past, figures, asked, MODEL), RULES, watch=watch)
    rows = tuple(_rows(decision, measuring.exact(table, span)))
    if table.has_money:
        participants = decision.shown.get(Cell("parents", span))
        shown = participants.number if participants else None
        rows += _money_rows(money_told(network, hosts, table, span, participants=shown))
    return WorkedOut(figures, rows, len(past))


def as_looked_at(draft: Draft, *, at: datetime, watch: Watch = lambda _: None) -> WorkedOut:
    """A draft worked out again, with all that has been released since.

    Raises ``FiguresMoved`` when that is no longer what the draft says, and ``NotReleasable``
    when nothing can be said any more.
    """
    found = work_out(draft.network, TABLES[draft.table], draft.span, at=at, watch=watch)
    if [list(row) for row in found.rows] != draft.figures:
        raise FiguresMoved(f"draft #{draft.pk} is not up to date")
    return found


def history(network: Network) -> list[Past]:
    """Every release of the network, in order, as the audit needs it. Three queries."""
    releases = list(Release.objects.filter(network=network).order_by("number"))
    figures: dict[int, dict[Cell, int]] = defaultdict(dict)
    for basis in Basis.objects.filter(release__in=releases).order_by("pk"):
        for cell, count in _from_basis(basis):
            for one in (cell, cell.above) if len(cell.unit) == 1 else (cell,):
                figures[basis.release_id][one] = figures[basis.release_id].get(one, 0) + count
    shown: dict[int, dict[Cell, int | None]] = defaultdict(dict)
    spans = {release.pk: release.span for release in releases}
    for row in ReleasedFigure.objects.filter(release__in=releases).order_by("pk"):
        cell = cell_of(row, spans[row.release_id])
        if cell in figures[row.release_id]:
            shown[row.release_id][cell] = None if row.stands else row.shown
    return [Past(figures[release.pk], shown[release.pk]) for release in releases]


def cell_of(row: ReleasedFigure, span: Span) -> Cell:
    unit = tuple(one for one in (row.organisation_id, row.group_id) if one is not None)
    return Cell(row.measure, span, unit, row.split, row.category)


def to_basis(figures: Mapping[Cell, int], organisation_id: int) -> list[list[object]]:
    """One organisation's part; the network's sums follow from all of them."""
    return [
        [
            cell.measure,
            cell.span.first,
            cell.span.months,
            cell.unit[1] if len(cell.unit) > 1 else None,
            cell.split,
            cell.category,
            count,
        ]
        for cell, count in sorted(figures.items())
        if cell.unit[:1] == (organisation_id,)
    ]


def _from_basis(basis: Basis) -> Iterable[tuple[Cell, int]]:
    for measure, first, months, group, split, category, count in basis.figures:
        unit = (basis.organisation_id,) if group is None else (basis.organisation_id, group)
        yield Cell(measure, Span(first, months), unit, split, category), count


def _is_asked(cell: Cell, table: Table, span: Span) -> bool:
    return cell.span == span and any(
        measure.has(cell.measure, cell.split) and len(cell.unit) <= measure.depth
        for measure in table.people
    )


def _without_new_zeros(figures: Mapping[Cell, int], past: Sequence[Past]) -> dict[Cell, int]:
    """Leave out what joined a table after it was released and counts nobody.

    A new source of referrals in a playbook would otherwise be the one thing that changed in a
    table of last year, and everybody could tell that it is zero.
    """
    known: dict[Cell, None] = {}
    tables = set()
    for release in past:
        for cell in release.figures:
            known[cell] = None
            tables.add((cell.measure, cell.span))
    return {
        cell: count
        for cell, count in figures.items()
        if count or cell in known or (cell.measure, cell.span) not in tables
    }


def _rows(decision: Decision, exact: Mapping[Cell, int]) -> Iterable[Row]:
    said = {cell: (shown.number, _stands(shown)) for cell, shown in decision.shown.items()}
    said |= {cell: (count, False) for cell, count in exact.items()}
    for cell, (number, stands) in sorted(said.items()):
        host, group = (*cell.unit, None, None)[:2]
        yield host, group, cell.measure, cell.split, cell.category, number, stands


def _money_rows(told: Told) -> tuple[Row, ...]:
    return tuple((None, None, key, "", "", *said) for key, said in sorted(told.items()))


def _stands(shown: Shown) -> bool:
    return shown.because is not None and shown.number is not None
