"""Surveys in a release: the network's figures drawn, and those of the organisations below."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from goround.apps.reader.words import listed
from goround.apps.releases.sheets import Sheet, SheetRow
from goround.domain.change import Moved
from goround.web.evidence.drawing import moved_bar


@dataclass(frozen=True)
class DrawnPart:
    """``bar`` is empty where too much is hidden to draw; ``words`` say what it shows."""

    row: SheetRow
    bar: SafeString
    words: str

    @property
    def tells_worse(self) -> bool:
        return self.row.figures[3].shown is not None


@dataclass(frozen=True)
class ToldSurvey:
    """``silent`` are organisations of which every figure is hidden."""

    whole: Sheet
    parts: tuple[DrawnPart, ...]
    hosts: tuple[Sheet, ...]
    silent: tuple[str, ...]

    @property
    def tells_worse(self) -> bool:
        return any(part.tells_worse for part in self.parts)

    @property
    def tells_all_worse(self) -> bool:
        return all(part.tells_worse for part in self.parts)


def told_surveys(tables: Sequence[Sheet]) -> list[ToldSurvey]:
    """One for each survey of each kind, from tables in the order they are made in."""
    found: list[ToldSurvey] = []
    mine: list[list[Sheet]] = []
    for sheet in tables:
        if sheet.survey and sheet.rows and sheet.rows[0].is_network:
            mine.append([sheet])
        elif sheet.survey and mine:
            mine[-1].append(sheet)
    for place, (whole, *hosts) in enumerate(mine):
        parts = tuple(_drawn(row, key=f"{place}-{number}") for number, row in enumerate(whole.rows))
        shown = tuple(one for one in hosts if not one.is_all_hidden)
        silent = tuple(one.unit for one in hosts if one.is_all_hidden)
        found.append(ToldSurvey(whole, parts, shown, silent))
    return found


def _drawn(row: SheetRow, *, key: str) -> DrawnPart:
    people, better, others, worse, same = (figure.shown for figure in row.figures)
    words = _words(people, better, others, worse, same)
    if people is None or better is None or (others is None and worse is None):
        return DrawnPart(row, SafeString(""), words)
    least = worse or 0
    middle = max((people - better if others is None else others) - least, 0)
    tells_middle = same is not None or worse is None
    bar = moved_bar(
        Moved(better, middle if same is None else same, least, 0.0),
        key=key,
        words=words,
        tells_same=tells_middle,
    )
    return DrawnPart(row, bar, words)


def _words(
    people: int | None,
    better: int | None,
    others: int | None,
    worse: int | None,
    same: int | None,
) -> str:
    """Of the rounded figures, gains and declines alike; what is hidden is said to be."""
    if people is None:
        return _("How many answered both times is hidden.")
    told = [_shown(better, _("%(n)s better"), _("better: hidden"))]
    if worse is None:
        told += [_shown(others, _("%(n)s the same or worse"), _("the same or worse: hidden"))]
    else:
        told += [_shown(same, _("%(n)s the same"), _("the same: hidden"))]
        told += [_("%(n)s worse") % {"n": worse}]
    return _("Of %(people)s: %(told)s.") % {"people": people, "told": listed(told)}


def _shown(number: int | None, words: str, hidden: str) -> str:
    return hidden if number is None else words % {"n": number}
