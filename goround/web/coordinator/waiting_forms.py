"""What keeps part of the waiting list, and why somebody leaves it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from django import forms
from django.forms.utils import flatatt
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from goround.apps.organisations.models import Programme
from goround.apps.people.models import Referral
from goround.apps.people.selectors import WaitingFilter
from goround.domain.matching.problem import DAYS
from goround.web.parent_facts import source_labels, type_labels
from goround.web.people_words import FIRST_LANGUAGES, day_name, language_name, other_languages

WEEKS = (2, 4, 8, 13, 26)


class QuickSelect(forms.Select):
    """A list to choose from, written out directly: a template for each option takes its time."""

    def render(
        self, name: str, value: Any, attrs: dict[str, Any] | None = None, renderer: Any = None
    ) -> SafeString:
        chosen = set(self.format_value(value))
        options = format_html_join(
            "",
            "<option{}>{}</option>",
            (
                (flatatt({"value": key, "selected": str(key) in chosen}), label)
                for key, label in self.choices
            ),
        )
        own = flatatt(self.build_attrs(self.attrs, {"name": name, **(attrs or {})}))
        return format_html("<select{}>{}</select>", own, options)


def _all_or(label: Any) -> forms.ChoiceField:
    return forms.ChoiceField(label=label, required=False, widget=QuickSelect)


class WaitingFilterForm(forms.Form):
    """Keeps part of the list. A choice that is not offered keeps everybody."""

    programme = _all_or(gettext_lazy("Programme"))
    language = _all_or(gettext_lazy("Speaks"))
    type = _all_or(gettext_lazy("Group"))
    day = _all_or(gettext_lazy("Free on"))
    door = _all_or(gettext_lazy("Came by"))
    source = _all_or(gettext_lazy("Sent by"))
    weeks = _all_or(gettext_lazy("Waits longer than"))

    def __init__(self, data: Any, *, programmes: Sequence[Programme]) -> None:
        super().__init__(data)
        self.programmes = {str(programme.pk): programme for programme in programmes}
        languages = [(tag, language_name(tag)) for tag in FIRST_LANGUAGES]
        weeks = [(str(n), ngettext("%(n)s week", "%(n)s weeks", n) % {"n": n}) for n in WEEKS]
        self._offer("programme", [(key, one.name) for key, one in self.programmes.items()])
        if len(programmes) == 1:
            del self.fields["programme"]
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
