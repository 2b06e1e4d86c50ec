"""What keeps part of the waiting list, and why somebody leaves it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from goround.apps.organisations.models import Programme
from goround.apps.people.models import Referral
from goround.apps.people.selectors import WaitingFilter
from goround.domain.matching.problem import DAYS
from goround.web.parent_facts import source_labels, type_labels
from goround.web.people_words import FIRST_LANGUAGES, day_name, language_name, other_languages

WEEKS = (2, 4, 8, 13, 26)


class WaitingFilterForm(forms.Form):
    """Keeps part of the list. A choice that is not offered keeps everybody."""

    programme = forms.ChoiceField(label=gettext_lazy("Programme"), required=False)
    language = forms.ChoiceField(label=gettext_lazy("Speaks"), required=False)
    type = forms.ChoiceField(label=gettext_lazy("Group"), required=False)
    day = forms.ChoiceField(label=gettext_lazy("Free on"), required=False)
    door = forms.ChoiceField(label=gettext_lazy("Came by"), required=False)
    source = forms.ChoiceField(label=gettext_lazy("Sent by"), required=False)
    weeks = forms.ChoiceField(label=gettext_lazy("Waits longer than"), required=False)

    def __init__(self, data: Any, *, programmes: Sequence[Programme]) -> None:
        super().__init__(data)
        self.programmes = {str(programme.pk): programme for programme in programmes}
        languages = [(tag, language_name(tag)) for tag in FIRST_LANGUAGES]
        weeks = [(str(n), ngettext("%(n)s week", "%(n)s weeks", n) % {"n": n}) for n in WEEKS]
        self._offer("programme", [(key, one.name) for key, one in self.programmes.items()])
        self._offer("language", [*languages, *other_languages()])
        self._offer("type", type_labels(programmes).items())
        self._offer("day", [(day, day_name(day)) for day in DAYS])
        self._offer("door", Referral.Door.choices)
        self._offer("source", source_labels(programmes).items())
        self._offer("weeks", weeks)

    def _offer(self, name: str, choices: Any) -> None:
        field = self.fields[name]
        if isinstance(field, forms.ChoiceField):
            field.choices = [("", _("all")), *choices]

    def keep(self, *, at: datetime) -> WaitingFilter:
        self.is_valid()
        told = self.cleaned_data
        weeks = told.get("weeks")
        return WaitingFilter(
            programme=self.programmes.get(told.get("programme", "")),
            language=told.get("language", ""),
            type=told.get("type", ""),
            day=told.get("day", ""),
            door=told.get("door", ""),
            source=told.get("source", ""),
            waiting_before=at - timedelta(weeks=int(weeks)) if weeks else None,
        )


class WithdrawForm(forms.Form):
    because = forms.ChoiceField(
        label=gettext_lazy("Why?"),
        required=False,
        choices=[("", gettext_lazy("not said")), *Referral.Because.choices],
        widget=forms.RadioSelect,
    )
