"""The form with which an election begins."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from goround.apps.decisions.terms import TERMS
from goround.apps.groups.models import Leadership
from goround.web.room.decision_forms import USUAL_DAYS, day_within

BESIDE = "beside"


def _day(label: Any) -> forms.DateField:
    return forms.DateField(
        label=label,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={
            "required": gettext_lazy("Choose a day."),
            "invalid": gettext_lazy("Choose a day."),
        },
    )


class ElectionForm(forms.Form):
    """Until when people are named and voted on, for how long, and in whose place."""

    instead = forms.ChoiceField(
        label=gettext_lazy("What do you choose?"), widget=forms.RadioSelect, initial=BESIDE
    )
    months = forms.TypedChoiceField(label=gettext_lazy("For how long?"), coerce=int, initial=6)
    naming_until = _day(gettext_lazy("Until when can people be named?"))
    closes_on = _day(gettext_lazy("Until when do you vote?"))

    def __init__(
        self, data: QueryDict | None, *, today: date, leaders: Sequence[Leadership]
    ) -> None:
        days = {"naming_until": today, "closes_on": today + timedelta(days=USUAL_DAYS)}
        super().__init__(data, initial=days)
        self.today, self.leaders = today, {str(lead.pk): lead for lead in leaders}
        self.fields["months"].choices = [  # type: ignore[attr-defined]
            (n, ngettext("%(n)s month", "%(n)s months", n) % {"n": n}) for n in TERMS
        ]
        self.fields["naming_until"].help_text = _("You can also begin the vote earlier.")
        self._fit(self.leaders)

    def _fit(self, leaders: dict[str, Leadership]) -> None:
        if not leaders:
            del self.fields["instead"]
            return
        places = [
            (pk, _("Who leads in the place of %(name)s, or %(name)s again") % {"name": n.shown_as})
            for pk, n in leaders.items()
        ]
        beside = (BESIDE, _("One more, beside those who lead"))
        self.fields["instead"].choices = [beside, *places]  # type: ignore[attr-defined]

    def clean(self) -> None:
        named, closes = (self.cleaned_data.get(key) for key in ("naming_until", "closes_on"))
        if closes:
            try:
                day_within(closes, self.today)
            except forms.ValidationError as error:
                self.add_error("closes_on", error)
        if named and closes and not self.today <= named <= closes:
            words = _("Choose a day from today on, not after the last day of voting.")
            self.add_error("naming_until", words)

    def instead_of(self) -> Leadership | None:
        return self.leaders.get(self.cleaned_data.get("instead", BESIDE))
