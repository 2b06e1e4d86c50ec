"""From a button on a page to a command for the circle."""

from __future__ import annotations

from collections.abc import Callable

from django import forms

from goround.domain.circle.commands import (
    Arrive,
    Begin,
    ChangeWay,
    Command,
    Finish,
    Leave,
    Pass,
    PassAhead,
    Pause,
    Resume,
    SetSoftTime,
    TakeLead,
    Undo,
)
from goround.domain.circle.facts import Way


class Tap(forms.Form):
    """One tap: what, seen at which turn, for which seat, with a key made by the device.

    The key says the same whenever the same button of the same state is tapped, so a double
    tap, a second try after a lost connection and a page sent twice are one command.
    """

    act = forms.CharField(max_length=20)
    key = forms.CharField(max_length=80)
    turn = forms.IntegerField(required=False, min_value=0)
    seat = forms.IntegerField(required=False, min_value=1)
    way = forms.ChoiceField(required=False, choices=[(way.value, way.value) for way in Way])
    seconds = forms.IntegerField(required=False, min_value=0)

    def command(self) -> Command | None:
        """None for a button that there is not."""
        make = COMMANDS.get(self.cleaned_data["act"])
        return make(self) if make else None

    def number(self, name: str) -> int:
        return int(self.cleaned_data.get(name) or 0)

    @property
    def once(self) -> str:
        return f"{self.cleaned_data['key']}-{self.cleaned_data['act']}-{self.number('seat')}"

    def chosen_way(self) -> Way:
        return Way(self.cleaned_data["way"] or Way.ROOM)


COMMANDS: dict[str, Callable[[Tap], Command]] = {
    "begin": lambda tap: Begin(tap.once, tap.number("turn")),
    "finish": lambda tap: Finish(tap.once, tap.number("turn")),
    "pass": lambda tap: Pass(tap.once, tap.number("turn")),
    "undo": lambda tap: Undo(tap.once, tap.number("turn")),
    "pause": lambda tap: Pause(tap.once),
    "resume": lambda tap: Resume(tap.once),
    "lead": lambda tap: TakeLead(tap.once),
    "leave": lambda tap: Leave(tap.once, tap.number("seat")),
    "back": lambda tap: Arrive(tap.once, tap.number("seat"), tap.chosen_way()),
    "pass-ahead": lambda tap: PassAhead(tap.once, tap.number("seat")),
    "soft": lambda tap: SetSoftTime(tap.once, tap.number("seconds")),
    "way-room": lambda tap: ChangeWay(tap.once, tap.number("seat"), Way.ROOM),
    "way-telephone": lambda tap: ChangeWay(tap.once, tap.number("seat"), Way.TELEPHONE),
    "way-video": lambda tap: ChangeWay(tap.once, tap.number("seat"), Way.VIDEO),
}
