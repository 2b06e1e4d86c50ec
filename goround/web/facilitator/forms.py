from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from goround.apps.groups.names import tidy_alias
from goround.apps.meetings.models import Meeting
from goround.apps.meetings.selectors import Seat

MOST_HEADS = 500
MOST_NEWCOMERS = 30


class SeveralLines(forms.TextInput):
    """The same box several times, read as a list."""

    def value_from_datadict(self, data: Any, files: Any, name: str) -> list[str]:
        return list(data.getlist(name)) if hasattr(data, "getlist") else []


class AliasesField(forms.Field):
    """What newcomers want to be called, empty boxes left out."""

    widget = SeveralLines

    def to_python(self, value: Any) -> list[str]:
        return [alias for alias in map(tidy_alias, value or []) if alias]

    def validate(self, value: list[str]) -> None:
        if len(value) > MOST_NEWCOMERS:
            raise forms.ValidationError(
                _("At most %(most)s newcomers at a time."), params={"most": MOST_NEWCOMERS}
            )
        seen: set[str] = set()
        for alias in value:
            if alias.casefold() in seen:
                raise forms.ValidationError(
                    _("Two newcomers are called %(alias)s. Add something that tells them apart."),
                    params={"alias": alias},
                )
            seen.add(alias.casefold())


def _heads(label: Any) -> forms.IntegerField:
    return forms.IntegerField(
        label=label,
        required=False,
        min_value=0,
        max_value=MOST_HEADS,
        widget=forms.NumberInput(attrs={"data-stepper": True, "inputmode": "numeric"}),
    )


class RollForm(forms.Form):
    """Who was there, by name, by alias, or only counted. What is left empty was not counted."""

    present = forms.TypedMultipleChoiceField(
        label=gettext_lazy("Who was here"), coerce=int, required=False
    )
    newcomer = AliasesField(label=gettext_lazy("Newcomers"), required=False)
    heads_parents = _heads(gettext_lazy("Parents without a name"))
    heads_new = _heads(gettext_lazy("New among those"))
    children = _heads(gettext_lazy("Children"))
    nobody_counted = forms.BooleanField(
        label=gettext_lazy("We met, but nobody counted"), required=False
    )

    def __init__(
        self, data: Any, *, seats: Sequence[Seat], meeting: Meeting, children: int | None = None
    ) -> None:
        """``children`` were signed in beside the meeting; a number written down before wins."""
        held = meeting.status == Meeting.Status.HELD
        initial: dict[str, Any] = {
            "present": [seat.membership.pk for seat in seats if seat.present],
            "heads_parents": meeting.heads_parents,
            "heads_new": meeting.heads_new,
            "children": children if meeting.children is None else meeting.children,
        }
        counted = bool(initial["present"]) or meeting.heads_parents is not None
        super().__init__(data, initial={**initial, "nobody_counted": held and not counted})
        self.seats = seats
        self.day: date = meeting.group.today(at=meeting.starts_at)
        present = self.fields["present"]
        assert isinstance(present, forms.TypedMultipleChoiceField)
        present.choices = [(seat.membership.pk, seat.membership.alias) for seat in seats]
        present.error_messages["invalid_choice"] = _(
            "Somebody on this list has left the group since. Look once more and save again."
        )

    def clean(self) -> dict[str, Any]:
        found = super().clean() or self.cleaned_data
        self._clean_newcomers(found)
        heads, new = found.get("heads_parents"), found.get("heads_new")
        if new is not None and "heads_parents" in found and new > (heads or 0):
            self.add_error("heads_new", _("More are new than were counted without a name."))
        anybody = found.get("present") or found.get("newcomer") or heads is not None
        if not self.errors and not anybody and not found.get("nobody_counted"):
            raise forms.ValidationError(
                _(
                    "Tap who was here, or write how many came. If nobody came, write 0. "
                    "If nobody counted, say so below."
                )
            )
        return found

    def _clean_newcomers(self, found: dict[str, Any]) -> None:
        """An alias of the group is somebody already, unless this very meeting brought them."""
        tapped = set(found.get("present") or [])
        known = {seat.membership.alias.casefold(): seat for seat in self.seats}
        for alias in found.get("newcomer") or []:
            seat = known.get(alias.casefold())
            if seat and not (self._came_in_here(seat) and seat.membership.pk not in tapped):
                self.add_error(
                    "newcomer",
                    forms.ValidationError(
                        _(
                            "There is already %(alias)s in this group. Tap that name, or add "
                            "something that tells the two apart."
                        ),
                        params={"alias": seat.membership.alias},
                    ),
                )

    def _came_in_here(self, seat: Seat) -> bool:
        return seat.present and seat.membership.joined_on == self.day

    def aliases(self) -> list[str]:
        """The boxes for newcomers as they were filled, and one more that is empty."""
        return [alias for alias in (self["newcomer"].value() or []) if alias.strip()] + [""]

    def is_ticked(self, seat: Seat) -> bool:
        return str(seat.membership.pk) in {str(value) for value in self["present"].value() or []}
