"""Forms about when a group meets. They check input and save nothing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

from django import forms
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from goround.apps.groups.models import Group
from goround.apps.groups.series import first_from, meetings_of
from goround.apps.meetings.models import Meeting
from goround.domain.calendar.recurrence import (
    Recurrence,
    RecurrenceError,
    Rhythm,
    at_local,
    make_up_skipped,
)

LONGEST_REASON = 200
RHYTHMS = [
    (Rhythm.WEEKLY.value, gettext_lazy("every week")),
    (Rhythm.EVERY_TWO_WEEKS.value, gettext_lazy("every two weeks")),
    (Rhythm.EVERY_THREE_WEEKS.value, gettext_lazy("every three weeks")),
    (Rhythm.MONTHLY.value, gettext_lazy("every month, on the same weekday")),
]
ENDINGS = [
    ("never", gettext_lazy("They go on")),
    ("day", gettext_lazy("They end on a day")),
    ("count", gettext_lazy("They end after a number of meetings")),
]
BEFORE = [
    ("keep", gettext_lazy("They stay as planned")),
    ("drop", gettext_lazy("They are taken away")),
]


class DayInput(forms.DateInput):
    input_type = "date"

    def __init__(self) -> None:
        super().__init__(format="%Y-%m-%d")


class HourInput(forms.TimeInput):
    input_type = "time"

    def __init__(self) -> None:
        super().__init__(format="%H:%M")


class SeriesForm(forms.Form):
    """A rhythm, an hour and an end. The first meeting's day gives the weekday of all."""

    first_on = forms.DateField(
        label=gettext_lazy("First meeting on"),
        help_text=gettext_lazy("The others fall on the same weekday."),
        widget=DayInput,
    )
    rhythm = forms.ChoiceField(label=gettext_lazy("How often"), choices=RHYTHMS)
    begins = forms.TimeField(label=gettext_lazy("From"), widget=HourInput)
    ends = forms.TimeField(label=gettext_lazy("To"), widget=HourInput)
    ending = forms.ChoiceField(
        label=gettext_lazy("How long"),
        choices=ENDINGS,
        widget=forms.RadioSelect,
        initial="never",
    )
    until = forms.DateField(
        label=gettext_lazy("Last possible day"), required=False, widget=DayInput
    )
    count = forms.IntegerField(
        label=gettext_lazy("Number of meetings"), required=False, min_value=1, max_value=500
    )

    def __init__(self, data: Any, *, zone: str, initial: dict[str, Any] | None = None) -> None:
        super().__init__(data, initial=initial)
        self.zone = zone

    def clean(self) -> dict[str, Any]:
        found = super().clean() or self.cleaned_data
        begins, ends = found.get("begins"), found.get("ends")
        if begins and ends and ends <= begins:
            self.add_error("ends", _("The end lies before the beginning."))
        if found.get("ending") == "day" and not found.get("until") and "until" in found:
            self.add_error("until", _("Write the last possible day."))
        if found.get("ending") == "count" and not found.get("count") and "count" in found:
            self.add_error("count", _("Write how many meetings."))
        if not self.errors:
            self._build(found)
        return found

    def _build(self, found: dict[str, Any]) -> None:
        if found["ending"] == "day" and found["until"] < found["first_on"]:
            self.add_error("until", _("The last day lies before the first meeting."))
            return
        try:
            self.recurrence = self._recurrence(found)
        except RecurrenceError:
            self.add_error("first_on", _("No series of meetings can be made of this."))

    def _recurrence(self, found: dict[str, Any]) -> Recurrence:
        first = datetime.combine(found["first_on"], found["begins"])
        last = datetime.combine(found["first_on"], found["ends"])
        return Recurrence(
            Rhythm(found["rhythm"]),
            first,
            self.zone,
            int((last - first).total_seconds() // 60),
            until=found["until"] if found["ending"] == "day" else None,
            count=found["count"] if found["ending"] == "count" else None,
        )


class ChangeSeriesForm(SeriesForm):
    """Other hours from a meeting to come on; what was held before stays as it was."""

    before = forms.ChoiceField(
        label=gettext_lazy("Meetings planned before that day"),
        choices=BEFORE,
        widget=forms.RadioSelect,
        initial="keep",
    )

    field_order = ("first_on", "before")

    def __init__(self, data: Any, *, group: Group, at: datetime) -> None:
        super().__init__(data, zone=group.time_zone, initial=_as_it_is(group, at))
        self.group, self.at = group, at
        self.fields["first_on"].label = _("From the meeting on")

    def _build(self, found: dict[str, Any]) -> None:
        super()._build(found)
        if self.errors:
            return
        rule = _keeping_days(self.recurrence, self.group.recurrence())
        if at_local(rule, rule.first) < self.at:
            self.add_error("first_on", _("That is past. Other hours can only begin from now on."))
        self.recurrence = make_up_skipped(rule, self.group.days_skipped())

    @property
    def from_on(self) -> date:
        """The first day on which meetings of the earlier series are taken away."""
        if self.cleaned_data["before"] == "drop":
            return self.group.today(at=self.at)
        return self.recurrence.first.date()


class SkipForm(forms.Form):
    """Days of the series on which there is no meeting."""

    def __init__(self, data: Any, *, days: Sequence[date], skipped: frozenset[date]) -> None:
        super().__init__(data, initial={"days": [day.isoformat() for day in skipped]})
        self.fields["days"] = forms.MultipleChoiceField(
            label=_("No meeting on"),
            required=False,
            choices=[(day.isoformat(), date_format(day, _("D j M Y"))) for day in days],
            widget=forms.CheckboxSelectMultiple,
        )
        self.offered, self.skipped = frozenset(days), skipped

    def chosen(self) -> frozenset[date]:
        """The days ticked, and those skipped earlier that the page did not offer."""
        ticked = {date.fromisoformat(day) for day in self.cleaned_data["days"]}
        return frozenset(ticked) | (self.skipped - self.offered)


class MoveForm(forms.Form):
    day = forms.DateField(label=gettext_lazy("To the day"), widget=DayInput)
    begins = forms.TimeField(label=gettext_lazy("From"), widget=HourInput)
    because = forms.CharField(label=gettext_lazy("Why"), max_length=LONGEST_REASON, required=False)

    def __init__(self, data: Any, *, meeting: Meeting) -> None:
        local = meeting.starts_at.astimezone(meeting.group.zone)
        initial = {
            "day": local.date(),
            "begins": local.time(),
            "because": meeting.moved_because,
        }
        super().__init__(data, initial=initial, prefix="move")
        self.meeting = meeting

    def clean(self) -> dict[str, Any]:
        found = super().clean() or self.cleaned_data
        if not self.errors:
            rule = self.meeting.group.recurrence()
            local = datetime.combine(found["day"], found["begins"])
            self.starts_at = at_local(rule, local)
            away = self.starts_at != self.meeting.occurrence
            if away and not found["because"].strip():
                self.add_error("because", _("Say in a few words why; those who come see it."))
        return found


class CancelForm(forms.Form):
    because = forms.CharField(
        label=gettext_lazy("Why"),
        help_text=gettext_lazy("Those who come see it."),
        max_length=LONGEST_REASON,
    )

    def __init__(self, data: Any) -> None:
        super().__init__(data, prefix="cancel")


class EndForm(forms.Form):
    on = forms.DateField(label=gettext_lazy("Last day"), widget=DayInput)

    def __init__(self, data: Any, *, group: Group, at: datetime) -> None:
        super().__init__(data, initial={"on": group.today(at=at)})
        self.today = group.today(at=at)

    def clean_on(self) -> date:
        on: date = self.cleaned_data["on"]
        if on > self.today:
            raise forms.ValidationError(
                _("A group can end today or earlier. To plan an end, change its hours.")
            )
        return on


def _as_it_is(group: Group, at: datetime) -> dict[str, Any]:
    """The series from its next meeting on, as the form's first values."""
    rule, skipped = group.recurrence(), group.days_skipped()
    first = first_from(rule, skipped, group.today(at=at) + timedelta(days=1))
    ends = rule.first + timedelta(minutes=rule.minutes)
    ending = "day" if rule.until else "count" if rule.count else "never"
    return {
        "first_on": first,
        "rhythm": rule.rhythm.value,
        "begins": rule.first.time(),
        "ends": ends.time(),
        "ending": ending,
        "until": rule.until,
        "count": meetings_of(rule, skipped, since=first),
        "before": "keep",
    }


def _keeping_days(rule: Recurrence, old: Recurrence) -> Recurrence:
    """A series on several weekdays keeps them while its rhythm and first weekday stay."""
    same = rule.rhythm == old.rhythm and rule.first.weekday() in old.weekdays
    if rule.rhythm is Rhythm.MONTHLY or not same:
        return rule
    return replace(rule, weekdays=old.weekdays)
