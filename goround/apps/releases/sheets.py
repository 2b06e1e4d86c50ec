"""A release or a draft as tables to look at: rows of units, columns of what was counted."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import NamedTuple

from django.utils.translation import gettext as _

from goround.apps.reader.words import listed
from goround.apps.releases.catalogue import TABLES, Table, family
from goround.apps.releases.money import MONEY
from goround.apps.releases.naming import MEASURES, SPLITS, Names, category
from goround.apps.releases.outcomes import WAYS, part_name, survey_name, survey_parts
from goround.domain.costs import Rate
from goround.domain.privacy import Share


class Place(NamedTuple):
    """Where a figure stands in the ledger."""

    organisation: int | None
    group: int | None
    measure: str
    split: str
    category: str


@dataclass(frozen=True, slots=True)
class Figure:
    """``percent`` is of the row's whole, both as they are shown, and never of what is true.

    ``untold``: it is no part of the table for any such unit, so that its absence tells nothing.
    """

    shown: int | None
    stands: bool = False
    percent: Decimal | None = None
    untold: bool = False


@dataclass(frozen=True, slots=True)
class SheetRow:
    label: str
    figures: tuple[Figure, ...]
    is_network: bool = False


@dataclass(frozen=True, slots=True)
class Sheet:
    """``is_exact``: counts groups or meetings, which are shown as they are. ``is_money``: a sum.

    Where the rows are the parts of a survey: of which ``unit``, which ``survey``, and ``how`` it
    was asked.
    """

    title: str
    columns: tuple[str, ...]
    rows: tuple[SheetRow, ...]
    is_exact: bool
    is_money: bool = False
    split: str = ""
    unit: str = ""
    survey: str = ""
    how: str = ""
    credit: str = ""

    @property
    def lines(self) -> list[tuple[SheetRow, list[tuple[str, Figure]]]]:
        """Each row with its figures, and each figure with the words of its column."""
        return [(row, list(zip(self.columns, row.figures, strict=True))) for row in self.rows]

    @property
    def hidden(self) -> int:
        every = [figure for row in self.rows for figure in row.figures]
        return sum(figure.shown is None and not figure.untold for figure in every)

    @property
    def has_untold(self) -> bool:
        return any(figure.untold for row in self.rows for figure in row.figures)

    @property
    def has_stars(self) -> bool:
        return any(figure.stands for row in self.rows for figure in row.figures)

    @property
    def is_all_hidden(self) -> bool:
        return all(figure.shown is None for row in self.rows for figure in row.figures)


Rows = Iterable[Sequence[object]]


def sheets(table_key: str, rows: Rows, names: Names) -> list[Sheet]:
    """The tables of a release, those about people first."""
    table, found = TABLES[table_key], dict[Place, Figure]()
    for host, group, measure, split, key, shown, stands in rows:
        found[Place(host, group, measure, split, key)] = Figure(shown, bool(stands))  # type: ignore[arg-type]
    made = _outcomes(table, found, names) if table.has_outcomes else []
    made += _splits(table, found, names, is_exact=False)
    made += [_wholes(table, found, names, is_exact=False)]
    made += [_wholes(table, found, names, is_exact=True)]
    made += _splits(table, found, names, is_exact=True)
    made += _money(found, names) if table.has_money else []
    return [sheet for sheet in made if sheet.rows and sheet.columns]


def _wholes(table: Table, found: dict[Place, Figure], names: Names, *, is_exact: bool) -> Sheet:
    """Each measure that has no split of its own, side by side."""
    counted = table.exact if is_exact else table.people
    keys = [m.key for m in counted if not (m.splits or m.by_survey)]
    columns = [("", key, "", "") for key in keys]
    units = _units(found, keys)
    rows = [_row(unit, columns, found, names) for unit in units]
    title = listed(str(MEASURES[key]) for key in keys)
    return Sheet(title, tuple(str(MEASURES[key]) for key in keys), tuple(rows), is_exact)


def _splits(
    table: Table, found: dict[Place, Figure], names: Names, *, is_exact: bool
) -> Iterable[Sheet]:
    for measure in table.exact if is_exact else table.people:
        for split in measure.splits:
            keys = _keys(found, measure.key, split)
            columns = [("", measure.key, "", "")]
            columns += [(measure.key, measure.key, split, key) for key in keys]
            units = _units(found, [measure.key])
            # Groups by type are told of the network only; of people every figure is kept.
            missing = Figure(None, untold=is_exact)
            rows = [_row(unit, columns, found, names, missing) for unit in units]
            title = listed([str(MEASURES[measure.key]), str(SPLITS[split])])
            labels = [str(MEASURES[measure.key]), *(category(names, split, key) for key in keys)]
            yield Sheet(title, tuple(labels), tuple(rows), is_exact, split=split)


def _outcomes(table: Table, found: dict[Place, Figure], names: Names) -> list[Sheet]:
    """For each survey the network, then each organisation; one row for each part."""
    made = []
    for kind in table.people:
        measures = {p.measure for p in found if kind.has(p.measure, "")}
        for measure in sorted(measures, key=lambda one: (survey_name(names, one), one)):
            units = sorted(_units(found, [measure]), key=lambda unit: unit[0] is not None)
            made += [_moved(unit, measure, found, names) for unit in units]
    return made


def _moved(unit: Unit, measure: str, found: dict[Place, Figure], names: Names) -> Sheet:
    parts = [key for key in survey_parts(names, measure) if _is_split(found, measure, key)]
    rows = []
    for part in parts:
        columns = [("", measure, "", ""), *((measure, measure, part, way) for way in WAYS)]
        row = _row(unit, columns, found, names)
        rows.append(SheetRow(part_name(names, measure, part), row.figures, row.is_network))
    survey, label = survey_name(names, measure), _label(unit, names)
    labels = (_("Answered both times"), *(category(names, "moved", way) for way in WAYS))
    how = str(MEASURES[family(measure)])
    credit = names.get(f"credit:{measure.partition(':')[2]}", "")
    title = f"{listed([survey, how])}: {label}"
    return Sheet(
        title, labels, tuple(rows), False, unit=label, survey=survey, how=how, credit=credit
    )


def _is_split(found: dict[Place, Figure], measure: str, part: str) -> bool:
    return any((place.measure, place.split) == (measure, part) for place in found)


def _money(found: dict[Place, Figure], names: Names) -> Iterable[Sheet]:
    """Sums of the whole network, and each divided by what this very release shows."""
    sums = [found.get(Place(None, None, key, "", ""), Figure(None)) for key in MONEY]
    currency = names.get("currency", "")
    title = listed(filter(None, [_("Money"), currency]))
    whole = [SheetRow(_label((None, None), names), tuple(sums), is_network=True)]
    yield Sheet(
        title, tuple(str(MEASURES[key]) for key in MONEY), tuple(whole), False, is_money=True
    )
    each = _each(found)
    if each:
        columns = (_("For each meeting held"), _("For each attendance"), _("For each participant"))
        rows = (SheetRow(_label((None, None), names), each, is_network=True),)
        yield Sheet(listed([_("Paid"), currency]), columns, rows, False, is_money=True)


def _each(found: dict[Place, Figure]) -> tuple[Figure, ...]:
    """Nothing unless the costs of every group that met were entered: a part is no whole."""

    def told(measure: str, split: str = "", key: str = "") -> int | None:
        return found.get(Place(None, None, measure, split, key), Figure(None)).shown

    paid, groups = told("paid"), told("groups")
    if paid is None or not groups or told("groups-with-costs") != groups:
        return ()
    counts = (told("meetings", "state", "held"), told("attendances"), told("parents"))
    return tuple(Figure(Rate(paid, count).each if count else None) for count in counts)


Unit = tuple[int | None, int | None]


def _units(found: dict[Place, Figure], keys: list[str]) -> list[Unit]:
    """Organisations with their groups, and the network last."""
    there = {(p.organisation, p.group) for p in found if p.measure in keys and not p.split}
    return sorted(there, key=lambda unit: (unit[0] is None, unit[0] or 0, unit[1] or 0))


def _keys(found: dict[Place, Figure], measure: str, split: str) -> list[str]:
    """The most shown first, what is not known last."""
    mine = {p.category for p in found if (p.measure, p.split) == (measure, split)}

    def rank(key: str) -> tuple[bool, int, str]:
        figure = found.get(Place(None, None, measure, split, key))
        return key == "not-said", -(figure.shown or 0 if figure else 0), key

    return sorted(mine, key=rank)


def _row(
    unit: Unit,
    columns: Sequence[tuple[str, str, str, str]],
    found: dict[Place, Figure],
    names: Names,
    missing: Figure = Figure(None),
) -> SheetRow:
    figures = []
    for of, measure, split, key in columns:
        figure = found.get(Place(*unit, measure, split, key), missing)
        whole = found.get(Place(*unit, of, "", "")) if of else None
        figures.append(_with_percent(figure, whole))
    return SheetRow(_label(unit, names), tuple(figures), unit == (None, None))


def _with_percent(figure: Figure, whole: Figure | None) -> Figure:
    if whole is None or not whole.shown or figure.shown is None or figure.shown > whole.shown:
        return figure
    percent = Share(figure.shown, whole.shown).percent
    return Figure(figure.shown, figure.stands, percent)


def _label(unit: Unit, names: Names) -> str:
    host, group = unit
    if host is None:
        return str(_("All organisations together"))
    name = names.get(str(host), "")
    return listed([name, _("group %(number)s") % {"number": group}]) if group else name
