"""A report as columns, each with a line in the data dictionary. An empty cell is unknown."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from goround.apps.evidence.pictures import Line, Picture
from goround.apps.reader.words import readers_language
from goround.domain.privacy.spreadsheet import Cell, Sheet
from goround.web.evidence import wording

PLACES = 6


@dataclass(frozen=True)
class Column:
    """``path`` leads through a line of the report to the figure; on the way None stays None."""

    key: str
    path: str
    means: str | Promise

    def cell(self, line: Line) -> Cell:
        found: object = line
        for name in self.path.split("."):
            found = getattr(found, name) if found is not None else None
        if isinstance(found, bool):
            return int(found)
        if isinstance(found, float):
            return round(found, PLACES)
        return found if found is None or isinstance(found, int) else str(found)


COLUMNS: tuple[Column, ...] = (
    Column("key", "outcome.subscale", gettext_lazy("Its key in the survey's definition.")),
    Column(
        "is_question",
        "is_question",
        gettext_lazy("1 for a question by itself, 0 for a part with a mean."),
    ),
    Column(
        "design",
        "outcome.design",
        gettext_lazy(
            "followed: asked before and again after. recalled: asked once about before and now."
            " Never put the two together."
        ),
    ),
    Column(
        "since",
        "since",
        gettext_lazy(
            "post: the survey at the end. year-1, year-2: the yearly ones. now: recalled."
        ),
    ),
    Column("scale_low", "low", gettext_lazy("Lowest answer of the scale.")),
    Column("scale_high", "high", gettext_lazy("Highest answer; higher is better.")),
    Column(
        "pairs",
        "outcome.pairs",
        gettext_lazy(
            "Parents with a figure both before and after: the denominator of all that follows."
        ),
    ),
    Column("groups", "outcome.groups", gettext_lazy("Groups they are in.")),
    Column("mean_before", "outcome.before", gettext_lazy("Their mean before.")),
    Column("mean_after", "outcome.after", gettext_lazy("Their mean after.")),
    Column(
        "change",
        "outcome.change.mean",
        gettext_lazy("Estimated mean change. Below 0 is a decline."),
    ),
    Column(
        "change_low",
        "outcome.change.interval.low",
        gettext_lazy("Lower end of the change's 95 % confidence interval."),
    ),
    Column(
        "change_high",
        "outcome.change.interval.high",
        gettext_lazy("Upper end of the change's 95 % confidence interval."),
    ),
    Column(
        "method",
        "outcome.change.method",
        gettext_lazy(
            "paired: Student's t. mixed: mixed model. clustered: mean change with an error robust"
            " to groups (CR2)."
        ),
    ),
    Column(
        "doubt",
        "outcome.change.doubt",
        gettext_lazy("Why no mixed model was used though there are several groups."),
    ),
    Column("p", "outcome.change.p", gettext_lazy("Two-sided p of the change, not adjusted.")),
    Column(
        "p_holm",
        "outcome.adjusted_p",
        gettext_lazy("p adjusted (Holm) over all parts of the report; questions among themselves."),
    ),
    Column(
        "effect",
        "outcome.effect.value",
        gettext_lazy("The change in standard deviations: d_av with Hedges' correction."),
    ),
    Column(
        "effect_low",
        "outcome.effect.interval.low",
        gettext_lazy("Lower end of the effect's 95 % interval (Bonett 2008)."),
    ),
    Column(
        "effect_high",
        "outcome.effect.interval.high",
        gettext_lazy("Upper end of the effect's 95 % interval (Bonett 2008)."),
    ),
    Column(
        "improved", "outcome.any_move.improved", gettext_lazy("Parents whose figure rose at all.")
    ),
    Column("same", "outcome.any_move.same", gettext_lazy("Parents whose figure stayed.")),
    Column("worse", "outcome.any_move.worse", gettext_lazy("Parents whose figure fell at all.")),
    Column(
        "reliable_margin",
        "outcome.reliable_move.margin",
        gettext_lazy(
            "The least change that is more than the survey's own wavering (reliable change,"
            " Jacobson and Truax 1991)."
        ),
    ),
    Column(
        "reliable_improved",
        "outcome.reliable_move.improved",
        gettext_lazy("Parents whose figure rose by more than that."),
    ),
    Column(
        "reliable_worse",
        "outcome.reliable_move.worse",
        gettext_lazy("Parents whose figure fell by more than that."),
    ),
    Column(
        "alpha",
        "outcome.reliability.alpha",
        gettext_lazy("Cronbach's alpha of the first answers; below 0.7 is low."),
    ),
    Column(
        "alpha_low",
        "outcome.reliability.interval.low",
        gettext_lazy("Lower end of alpha's 95 % interval (Feldt)."),
    ),
    Column(
        "alpha_high",
        "outcome.reliability.interval.high",
        gettext_lazy("Upper end of alpha's 95 % interval (Feldt)."),
    ),
    Column(
        "missing",
        "outcome.missing.missing",
        gettext_lazy("Parents who answered before and not after."),
    ),
    Column(
        "missing_difference",
        "outcome.missing.difference",
        gettext_lazy("Their mean before, less that of those who stayed."),
    ),
    Column(
        "only_after",
        "outcome.missing.only_after",
        gettext_lazy("Parents who answered after and not before."),
    ),
)


def figures_sheet(picture: Picture) -> Sheet:
    language = readers_language()
    rows: list[list[Cell]] = [["part", *(column.key for column in COLUMNS)]]
    rows += [
        [line.name(language), *(column.cell(line) for column in COLUMNS)] for line in picture.lines
    ]
    return Sheet(_("Figures"), rows)


def dictionary() -> list[tuple[str, str]]:
    """Each column of the files and what it means, in their order."""
    return [
        ("part", _("The part of the survey, or the question.")),
        *((column.key, str(column.means)) for column in COLUMNS),
    ]


def dictionary_sheet() -> Sheet:
    rows: list[list[Cell]] = [[_("Column"), _("What it means")]]
    rows += [[name, means] for name, means in dictionary()]
    return Sheet(_("Data dictionary"), rows)


def methods_sheet(picture: Picture) -> Sheet:
    told = [
        (_("Standing"), _("Not for publication. Exact figures, for staff only.")),
        (_("Survey"), picture.survey),
        (_("Credit"), picture.credit),
        *((_("Counted"), told) for told in wording.counted(picture)),
        *((_("Not known"), told) for told in wording.unknown(picture)),
        *((_("Left out"), told) for told in wording.hidden(picture)),
    ]
    return Sheet(
        _("Methods"), [[pgettext("column", "About"), _("What")], *(list(row) for row in told)]
    )
