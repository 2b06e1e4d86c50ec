"""Forms for what groups cost. They check input and save nothing."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from goround.apps.costs.models import CostLine
from goround.apps.costs.services import Told
from goround.domain.costs import CURRENCIES, Currency
from goround.web.coordinator.survey_forms import DayInput

FIRST_YEAR, LAST_YEAR = 1990, 2199
MOST_EACH_DIGITS = 10
STEPPER = {"data-stepper": True}


class CurrencyForm(forms.Form):
    code = forms.ChoiceField(
        label=gettext_lazy("Currency"),
        choices=[("", "–"), *((code, code) for code in sorted(CURRENCIES))],
        help_text=gettext_lazy("For every group here. It stays once something is entered."),
    )


def _known_year(day: date) -> None:
    if not FIRST_YEAR <= day.year <= LAST_YEAR:
        raise forms.ValidationError(_("Choose a day from 1990 on."))


class BudgetForm(forms.Form):
    first_on = forms.DateField(
        label=gettext_lazy("From"), widget=DayInput(), validators=[_known_year]
    )
    last_on = forms.DateField(
        label=gettext_lazy("Until"), widget=DayInput(), validators=[_known_year]
    )
    meetings = forms.IntegerField(
        label=gettext_lazy("For how many meetings"),
        min_value=1,
        max_value=1000,
        widget=forms.NumberInput(attrs=STEPPER),
    )

    def clean(self) -> dict[str, Any]:
        found = super().clean() or self.cleaned_data
        first, last = found.get("first_on"), found.get("last_on")
        if first and last and last < first:
            self.add_error("last_on", _("The last day is before the first. Choose a later one."))
        return found


class LineForm(forms.Form):
    """One cost line; with a day when it is spent, without one when it is planned."""

    kind = forms.ChoiceField(
        label=gettext_lazy("What for"), choices=[("", "–"), *CostLine.Kind.choices]
    )
    is_donated = forms.TypedChoiceField(
        label=gettext_lazy("Paid or given"),
        choices=[("no", gettext_lazy("paid")), ("yes", gettext_lazy("given to the group"))],
        coerce=lambda told: told == "yes",
        initial="no",
        widget=forms.RadioSelect,
        help_text=gettext_lazy(
            "For what was given, say what it would have cost. It is never added to money."
        ),
    )

    def __init__(self, data: Any, *, currency: Currency, line: CostLine | None, day: date | None):
        """``line`` is the one to change. ``day`` is what a new spending begins with."""
        super().__init__(data, initial=_initial(line, currency, day))
        self.currency = currency
        smallest = str(currency.written(1))
        self.fields["each"] = forms.DecimalField(
            label=_("Each costs (%(code)s)") % {"code": currency.code},
            min_value=0,
            max_digits=MOST_EACH_DIGITS,
            decimal_places=currency.digits,
            widget=forms.NumberInput(attrs={"step": smallest, "inputmode": "decimal"}),
            help_text=_(
                "Two trainers at 40, four evenings: each costs 40, 2 of them, 4 times. For a bill, "
                "write its sum here."
            ),
        )
        self.fields["how_many"] = _counter(_("How many"))
        self.fields["times"] = _counter(_("How many times"))
        if day is not None:
            self.fields["spent_on"] = forms.DateField(
                label=_("On which day"), widget=DayInput(), validators=[_known_year]
            )
        self.fields["about"] = forms.CharField(
            label=_("A few words"),
            max_length=80,
            required=False,
            help_text=_("To tell it from others, such as “bus tickets”. No names, please."),
        )

    @property
    def told(self) -> Told:
        found = self.cleaned_data
        return Told(
            kind=found["kind"],
            each=self.currency.units(found["each"]),
            how_many=found["how_many"],
            times=found["times"],
            is_donated=found["is_donated"],
            about=" ".join(found["about"].split()),
        )


def _counter(label: str) -> forms.IntegerField:
    return forms.IntegerField(
        label=label, min_value=1, max_value=1000, widget=forms.NumberInput(attrs=STEPPER)
    )


def _initial(line: CostLine | None, currency: Currency, day: date | None) -> dict[str, Any]:
    if line is None:
        return {"how_many": 1, "times": 1, "spent_on": day}
    return {
        "kind": line.kind,
        "is_donated": "yes" if line.is_donated else "no",
        "each": currency.written(line.each),
        "how_many": line.how_many,
        "times": line.times,
        "spent_on": line.spent_on,
        "about": line.about,
    }
