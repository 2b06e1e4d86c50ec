"""What somebody has to know who reads a release: the same words on the page and in a workbook."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from goround.apps.releases.catalogue import Table
from goround.apps.releases.sheets import Sheet


def hidden(tables: Sequence[Sheet]) -> int:
    return sum(sheet.hidden for sheet in tables)


def notes(table: Table, tables: Sequence[Sheet], *, dashes: bool = True) -> list[str]:
    """``dashes``: the rows of organisations are there, too."""
    return [
        _(
            "Figures of people are rounded to 5. Percentages come from the rounded figures, so they"
            " may differ a little from the true ones."
        ),
        _hidden(hidden(tables)),
        *(_outcomes() if table.has_outcomes else _people()),
        *(_families() if table.has_families else ()),
        *(_money() if table.has_money else ()),
        *(_dash() if dashes and any(sheet.has_untold for sheet in tables) else ()),
        *(_star() if any(sheet.has_stars for sheet in tables) else ()),
    ]


def _hidden(number: int) -> str:
    told = ngettext("%(n)s figure is hidden.", "%(n)s figures are hidden.", number) % {"n": number}
    why = _(
        "Some stand for fewer than 10 people, or for nobody. Others would let somebody work those"
        " out. Which is which is not said."
    )
    return f"{told} {why}" if number else _("No figure is hidden.")


def _people() -> Iterator[str]:
    yield _(
        "Parents are counted once at each organisation where they were named. Heads counted without"
        " a name cannot be told apart, so they are only in the attendances."
    )
    yield _("Meetings and groups are shown as they are. They count no person.")


def _families() -> Iterator[str]:
    yield _(
        "Children and disabilities are counted where a parent told of them. Whoever said nothing"
        " may have some as well. Parents placed together are one family."
    )
    yield _("What was counted once stays counted when a parent has their record erased.")


def _outcomes() -> Iterator[str]:
    yield _(
        "A parent counts in the year in which the last survey closed, and only if every part of it"
        " can be told both times. Who answered once is in no figure here."
    )
    yield _(
        "Better and worse mean any change at all of a parent’s own average, as in the reports of"
        " the organisations. A small change can be chance."
    )
    yield _(
        "Where fewer than 10 stayed the same, they are told together with those who got worse:"
        " the two apart would say too much about the few."
    )
    yield _("Nothing here says what the groups caused: parents who never came were not asked.")
    yield _(
        "Averages are not released: over few people one answer could be read off them. Each"
        " organisation has its own, with how sure they are."
    )
    yield _(
        "Surveys answered twice and surveys answered once, from memory, are never put together."
        " Somebody who answered in two groups counts in both."
    )
    yield _(
        "Answers are erased after some years. What was counted once stays counted; later answers"
        " are added."
    )


def _dash() -> Iterator[str]:
    yield _(
        "A dash: of which type groups are is told for the whole network only. One group of its type"
        " at one organisation would say who comes there."
    )


def _star() -> Iterator[str]:
    yield _(
        "A star marks a figure as it was released before. It has changed too little to be told"
        " anew."
    )


def _money() -> Iterator[str]:
    yield _(
        "Sums of money are for the whole network. They are rounded so far that nobody can count"
        " people by them, and once told they are not corrected. What was given is not counted in"
        " what was paid. What one meeting, one attendance and one participant came to is"
        " worked out from the figures shown here."
    )
