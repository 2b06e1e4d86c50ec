"""What the pages of a month have in common: which month, and its figures as columns."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from django import forms
from django.http import HttpResponse, QueryDict
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from goround.domain.counting import Figures, Month, MonthError
from goround.domain.privacy.spreadsheet import Cell, as_csv


class MonthForm(forms.Form):
    """Which month to show, in the address."""

    month = forms.CharField(
        label=_("Month"), widget=forms.TextInput(attrs={"type": "month"}), max_length=20
    )

    def clean_month(self) -> Month:
        try:
            return Month.read(self.cleaned_data["month"])
        except MonthError:
            raise forms.ValidationError(
                _("That is no month. A month looks like 2026-03. Below is the present one.")
            ) from None


@dataclass(frozen=True)
class Chosen:
    """The month to show, the one before and after, and the form to choose another."""

    month: Month
    this_month: Month
    form: MonthForm

    @classmethod
    def of(cls, query: QueryDict, *, this_month: Month) -> Chosen:
        """The month the address asks for; the present one when it asks for none it could be."""
        form = MonthForm({"month": query.get("month", str(this_month))})
        month = form.cleaned_data["month"] if form.is_valid() else this_month
        return cls(month, this_month, form)

    @property
    def before(self) -> Month:
        return self.month.later(-1)

    @property
    def after(self) -> Month:
        return self.month.later(1)

    @property
    def is_present(self) -> bool:
        return self.month == self.this_month


COLUMNS: tuple[tuple[str | Promise, Callable[[Figures], int | None]], ...] = (
    (_("Meetings planned"), lambda f: f.planned),
    (_("Meetings held"), lambda f: f.held),
    (_("Meetings cancelled"), lambda f: f.cancelled),
    (_("Meetings not recorded yet"), lambda f: f.not_recorded),
    (_("Meetings to come"), lambda f: f.to_come),
    (_("Parents attending"), lambda f: f.parents.known),
    (_("Held meetings with parents counted"), lambda f: f.parents.counted),
    (_("Held meetings with parents not counted"), lambda f: f.parents.uncounted),
    (_("New"), lambda f: f.new if f.parents.counted else None),
    (_("Returning"), lambda f: f.returning if f.parents.counted else None),
    (_("Not said if new"), lambda f: f.unclear if f.parents.counted else None),
    (_("Different parents, by name"), lambda f: f.different),
    (_("Counted without a name"), lambda f: f.heads if f.parents.counted else None),
    (_("Children attending"), lambda f: f.children.known),
    (_("Held meetings with children counted"), lambda f: f.children.counted),
    (_("Held meetings with children not counted"), lambda f: f.children.uncounted),
)


def headings() -> list[str]:
    return [str(heading) for heading, _value in COLUMNS]


def values(figures: Figures) -> list[int | None]:
    """The figures in the order of ``headings``; None is unknown, and an empty cell."""
    return [value(figures) for _heading, value in COLUMNS]


# In the names of files with exact figures: a table itself has no place to say so.
NOT_TO_PUBLISH = "not-for-publication"


def csv_answer(rows: Iterable[Sequence[Cell]], *, name: str) -> HttpResponse:
    """A file to keep, called ``name`` and ``.csv``; names come from slugs and months."""
    return HttpResponse(
        as_csv(rows),
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{name}.csv"'},
    )
