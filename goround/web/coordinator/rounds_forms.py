from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from goround.apps.formation.acceptance import Plan
from goround.apps.formation.settings import (
    SEARCH_SECONDS,
    HowMuch,
    RoundSettings,
    default_settings,
)
from goround.apps.groups.names import LONGEST_NAME
from goround.apps.organisations.models import Programme, Venue
from goround.apps.organisations.playbooks import playbook_of
from goround.apps.people.models import Facilitator
from goround.domain.calendar.recurrence import Rhythm
from goround.domain.matching.answer import FormedGroup
from goround.domain.matching.problem import Span
from goround.domain.playbook import Playbook
from goround.web.coordinator.series_forms import ENDINGS, RHYTHMS, DayInput
from goround.web.people_words import language_name

WAITS = (0, 14, 28, 56, 91, 182)
STEPPER = {"data-stepper": True}


def seconds_words(seconds: int) -> str:
    if seconds < 60:
        return ngettext("%(n)s second", "%(n)s seconds", seconds) % {"n": seconds}
    minutes = seconds // 60
    return ngettext("%(n)s minute", "%(n)s minutes", minutes) % {"n": minutes}


def wait_words(days: int) -> str:
    if not days:
        return _("everybody")
    weeks = days // 7
    return ngettext("%(n)s week or longer", "%(n)s weeks or longer", weeks) % {"n": weeks}


def _how_much(label: Any, help_text: Any = "") -> forms.ChoiceField:
    return forms.ChoiceField(
        label=label, help_text=help_text, choices=HowMuch, widget=forms.RadioSelect
    )


class RoundForm(forms.Form):
    """Who takes part in a round, where, and what matters. Starts from the playbook."""

    name = forms.CharField(label=gettext_lazy("A name for this round"), max_length=120, strip=True)
    waited_days = forms.TypedChoiceField(label=gettext_lazy("Who has waited"), coerce=int)
    language = forms.ChoiceField(label=gettext_lazy("Who speaks"), required=False)
    type = forms.ChoiceField(label=gettext_lazy("Who looks for"), required=False)
    venues = forms.TypedMultipleChoiceField(
        label=gettext_lazy("Venues"),
        coerce=int,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": gettext_lazy("Choose at least one venue.")},
    )
    facilitators = forms.TypedMultipleChoiceField(
        label=gettext_lazy("Facilitators"),
        coerce=int,
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    size_min = forms.IntegerField(
        label=gettext_lazy("Fewest parents in a group"),
        min_value=1,
        widget=forms.NumberInput(attrs=STEPPER),
    )
    size_max = forms.IntegerField(
        label=gettext_lazy("Most parents in a group"),
        min_value=1,
        widget=forms.NumberInput(attrs=STEPPER),
    )
    facilitators_each = forms.IntegerField(
        label=gettext_lazy("Facilitators for each group"),
        min_value=0,
        max_value=9,
        widget=forms.NumberInput(attrs=STEPPER),
    )
    near_home = _how_much(gettext_lazy("Near home matters"))
    like_age = _how_much(gettext_lazy("Children of like age matter"))
    shared_wishes = _how_much(gettext_lazy("Wishes about the others matter"))
    seconds = forms.TypedChoiceField(label=gettext_lazy("How long to look"), coerce=int)

    def __init__(
        self,
        data: Any = None,
        *,
        programme: Programme,
        languages: Sequence[str],
        venues: Sequence[Venue],
        facilitators: Sequence[Facilitator],
        name: str,
        settings: RoundSettings | None = None,
    ) -> None:
        self.programme = programme
        self.playbook = playbook_of(programme)
        everything = RoundSettings(
            venues=tuple(venue.pk for venue in venues),
            facilitators=tuple(leader.pk for leader in facilitators),
        )
        start = default_settings(programme).to_json() | {
            "venues": everything.venues,
            "facilitators": everything.facilitators,
        }
        initial = (settings.to_json() if settings else start) | {"name": name}
        super().__init__(data, initial=initial)
        self._offer("waited_days", [(days, wait_words(days)) for days in WAITS])
        spoken = [(tag, language_name(tag)) for tag in languages]
        self._offer("language", [("", _("any language")), *spoken])
        types = [(choice.key, choice.label) for choice in self.playbook.types]
        self._offer("type", [("", _("any type")), *types])
        self._offer("venues", [(venue.pk, venue.name) for venue in venues])
        self._offer("facilitators", [(leader.pk, leader.shown_as) for leader in facilitators])
        self._offer("seconds", [(each, seconds_words(each)) for each in SEARCH_SECONDS])
        for size in ("size_min", "size_max"):
            self.fields[size].widget.attrs["max"] = self.playbook.sizes.max

    def _offer(self, field: str, choices: Sequence[tuple[Any, str]]) -> None:
        self.fields[field].choices = choices  # type: ignore[attr-defined]

    def clean_size_max(self) -> int:
        most: int = self.cleaned_data["size_max"]
        if most > self.playbook.sizes.max:
            raise forms.ValidationError(
                _("The playbook allows %(most)s parents in a group at most.")
                % {"most": self.playbook.sizes.max}
            )
        return most

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        least, most = data.get("size_min"), data.get("size_max")
        if least and most and least > most:
            self.add_error("size_min", _("This is more than the most you allow."))
        each = data.get("facilitators_each")
        if each and len(data.get("facilitators", ())) < each:
            self.add_error(
                "facilitators",
                _("Each group needs %(n)s. Choose more, or ask for fewer in each group.")
                % {"n": each},
            )
        return data

    def boxes(self, name: str) -> list[tuple[Any, str, bool]]:
        """Value, label and whether it is ticked: hundreds of boxes, drawn by the page at once."""
        ticked = {str(value) for value in self[name].value() or ()}
        choices = self.fields[name].choices  # type: ignore[attr-defined]
        return [(value, label, str(value) in ticked) for value, label in choices]

    def venue_boxes(self) -> list[tuple[Any, str, bool]]:
        return self.boxes("venues")

    def facilitator_boxes(self) -> list[tuple[Any, str, bool]]:
        return self.boxes("facilitators")

    def settings(self) -> RoundSettings:
        """What was chosen, of a form that is valid."""
        return RoundSettings.from_json(
            {key: value for key, value in self.cleaned_data.items() if key != "name"}
        )

    def who(self) -> RoundSettings:
        """Only whom it takes in, from a form being filled in; nonsense narrows nothing."""
        chosen = self.cleaned_data if self.errors is not None else {}
        return RoundSettings(
            waited_days=chosen.get("waited_days") or 0,
            language=chosen.get("language") or "",
            type=chosen.get("type") or "",
        )


class AddGroupForm(forms.Form):
    """A group made by hand: where and when first, then who of those who could come."""

    place = forms.ChoiceField(label=gettext_lazy("Where and when"))
    language = forms.ChoiceField(label=gettext_lazy("Language"))
    type = forms.ChoiceField(label=gettext_lazy("Kind of group"))
    members = forms.MultipleChoiceField(
        label=gettext_lazy("Who"), required=False, widget=forms.CheckboxSelectMultiple
    )

    def __init__(
        self,
        data: Any,
        *,
        places: Sequence[tuple[str, Sequence[tuple[str, str]]]],
        languages: Sequence[tuple[str, str]],
        types: Sequence[tuple[str, str]],
    ) -> None:
        super().__init__(data)
        self._offer("place", places)
        self._offer("language", languages)
        self._offer("type", types)

    def _offer(self, field: str, choices: Sequence[tuple[Any, Any]]) -> None:
        self.fields[field].choices = choices  # type: ignore[attr-defined]

    def offer_members(self, members: Sequence[tuple[str, str]]) -> None:
        self._offer("members", members)

    def group(self) -> FormedGroup | None:
        """The group without its people, once place, language and type are chosen."""
        if not self.is_bound:
            return None
        chosen = {name: self.data.get(name, "") for name in ("place", "language", "type")}
        for name, value in chosen.items():
            if not self.fields[name].valid_value(value):  # type: ignore[attr-defined]
                return None
        venue, slot = chosen["place"].split(" ", 1)
        return FormedGroup(
            "new", venue, Span.parse(slot), chosen["language"], chosen["type"], (), ()
        )


class AcceptForm(forms.Form):
    """When the groups of a round begin, how often they meet, until when, and their names."""

    starts_on = forms.DateField(
        label=gettext_lazy("Begin from"),
        help_text=gettext_lazy("Each group first meets on its own weekday, from this day on."),
        widget=DayInput,
    )
    rhythm = forms.ChoiceField(label=gettext_lazy("How often"), widget=forms.RadioSelect)
    ending = forms.ChoiceField(
        label=gettext_lazy("How long"), choices=ENDINGS, widget=forms.RadioSelect
    )
    count = forms.IntegerField(
        label=gettext_lazy("Number of meetings"), required=False, min_value=1, max_value=500
    )
    until = forms.DateField(
        label=gettext_lazy("Last possible day"), required=False, widget=DayInput
    )

    def __init__(
        self, data: Any, *, playbook: Playbook, names: Mapping[str, str], today: date
    ) -> None:
        offered = playbook.cadence.offered
        initial = {
            "starts_on": today + timedelta(days=7),
            "rhythm": offered[0].value,
            "ending": "count" if playbook.sessions else "never",
            "count": playbook.sessions,
        }
        super().__init__(data, initial=initial)
        self.today, self.groups = today, list(names)
        every = dict(RHYTHMS)
        self.fields["rhythm"].choices = [(r.value, every[r.value]) for r in offered]  # type: ignore[attr-defined]
        for group, name in names.items():
            self.fields[f"name_{group}"] = forms.CharField(
                label=_("Name"), max_length=LONGEST_NAME, initial=name
            )

    def clean_starts_on(self) -> date:
        day: date = self.cleaned_data["starts_on"]
        if day < self.today:
            raise forms.ValidationError(_("This day has passed. Choose today or a later day."))
        return day

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if data.get("ending") == "count" and not data.get("count") and "count" in data:
            self.add_error("count", _("Write how many meetings."))
        if data.get("ending") == "day" and "until" in data:
            self._check_until(data)
        self._check_names(data)
        return data

    def _check_until(self, data: dict[str, Any]) -> None:
        until, starts_on = data["until"], data.get("starts_on")
        if until is None:
            self.add_error("until", _("Write the last possible day."))
        elif starts_on and until < starts_on + timedelta(days=6):
            self.add_error("until", _("Choose a day at least a week after the groups begin."))

    def _check_names(self, data: dict[str, Any]) -> None:
        seen: set[str] = set()
        for group in self.groups:
            name = (data.get(f"name_{group}") or "").casefold()
            if name and name in seen:
                self.add_error(f"name_{group}", _("Two groups cannot have the same name."))
            seen.add(name)

    def plan(self) -> Plan:
        data = self.cleaned_data
        return Plan(
            starts_on=data["starts_on"],
            rhythm=Rhythm(data["rhythm"]),
            names={group: data[f"name_{group}"] for group in self.groups},
            count=data["count"] if data["ending"] == "count" else None,
            until=data["until"] if data["ending"] == "day" else None,
        )
