"""Weekly hours as rows of day, from and to, with some rows to spare: no script is needed."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from goround.domain.matching.problem import DAYS, Span, SpanError
from goround.web.people_words import day_name

SPARE_ROWS = 3
MOST_ROWS = 60


def _days() -> list[tuple[str, str]]:
    return [("", "–"), *((day, day_name(day)) for day in DAYS)]


def _clock(label: Any) -> forms.CharField:
    attrs = {"type": "time", "step": 300}
    return forms.CharField(
        label=label, required=False, max_length=8, widget=forms.TextInput(attrs=attrs)
    )


class HoursRow(forms.Form):
    """One row; left empty, it is not there."""

    day = forms.ChoiceField(label=gettext_lazy("Day"), required=False, choices=_days)
    begins = _clock(gettext_lazy("From"))
    ends = _clock(gettext_lazy("To"))

    span: Span | None = None

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        day, begins, ends = (cleaned.get(name, "") for name in ("day", "begins", "ends"))
        if not (begins or ends):
            return cleaned
        if not (day and begins and ends):
            raise forms.ValidationError(_("Fill in the day, from and to, or empty the row."))
        try:
            self.span = Span.parse(f"{day} {begins[:5]}-{ends[:5]}")
        except SpanError:
            raise forms.ValidationError(
                _("The end must be later than the beginning, on the same day.")
            ) from None
        return cleaned


HoursRows = forms.formset_factory(
    HoursRow, extra=SPARE_ROWS, max_num=MOST_ROWS, absolute_max=MOST_ROWS
)


def hours_rows(data: Any, spans: Iterable[str]) -> Any:
    """The rows of a page: those stored, or what was just sent in."""
    stored = [
        {"day": text[:3], "begins": text[4:9], "ends": text[10:15]}
        for text in (str(Span.parse(span)) for span in spans)
    ]
    # Rows sent in stand for themselves: beside stored ones Django would take those that are
    # alike for unchanged and leave them out.
    return HoursRows(data, initial=stored if data is None else None, prefix="hours")


def spans_of(rows: Any) -> tuple[str, ...]:
    """The filled rows in the order of the week, each once."""
    return tuple(str(span) for span in sorted({row.span for row in rows if row.span}))
