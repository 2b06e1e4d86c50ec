"""Forms to ask the group something, and to answer. They check and save nothing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from goround.apps.decisions.models import Decision
from goround.apps.decisions.opening import MOST_DAYS_OPEN
from goround.apps.decisions.words import Words
from goround.domain.voting.ballots import MOST_OPTIONS, Ballot
from goround.domain.voting.secrecy import FEWEST_SECRET

Kind = Decision.Kind
LONGEST_QUESTION, LONGEST_NOTE, LONGEST_OPTION = 160, 600, 80
USUAL_DAYS = 7

QUESTIONS: Mapping[str, Any] = {
    Kind.CONSENT: gettext_lazy("What do you propose?"),
    Kind.SIMPLE: gettext_lazy("What is the question?"),
    Kind.RANKED: gettext_lazy("What is the question?"),
    Kind.TIME: gettext_lazy("A time for what?"),
}


class AskForm(forms.Form):
    """The question, what can be chosen, until when, and whether names are shown."""

    question = forms.CharField(
        max_length=LONGEST_QUESTION,
        error_messages={"required": gettext_lazy("Write what you want to ask.")},
    )
    note = forms.CharField(
        label=gettext_lazy("What should all know about it?"),
        max_length=LONGEST_NOTE,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    options = forms.CharField(
        label=gettext_lazy("What can be chosen?"),
        widget=forms.Textarea(attrs={"rows": 5}),
        error_messages={"required": gettext_lazy("Write two lines at least.")},
    )
    names = forms.ChoiceField(
        label=gettext_lazy("Who sees what each one says?"),
        widget=forms.RadioSelect,
        initial="secret",
    )
    closes_on = forms.DateField(
        label=gettext_lazy("Until when?"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={
            "required": gettext_lazy("Choose the last day."),
            "invalid": gettext_lazy("Choose a day."),
        },
    )

    def __init__(
        self, data: QueryDict | None, *, kind: Decision.Kind, today: date, members: int
    ) -> None:
        super().__init__(data, initial={"closes_on": today + timedelta(days=USUAL_DAYS)})
        self.today = today
        self.fields["question"].label = QUESTIONS[kind]
        self._fit_options(kind)
        self._fit_secrecy(kind, members)

    def _fit_options(self, kind: Decision.Kind) -> None:
        if kind == Kind.CONSENT:
            del self.fields["options"]
            return
        self.fields["options"].help_text = (
            _("One time on each line, such as: Tuesday 18:00")
            if kind == Kind.TIME
            else _("One on each line.")
        )

    def _fit_secrecy(self, kind: Decision.Kind, members: int) -> None:
        secret = ("secret", _("Nobody: it is secret, and only the counts are shown"))
        shown = ("open", _("All of us: it is open, with the names we have here"))
        may_be_open = kind in Decision.CAN_BE_OPEN
        if not may_be_open:
            del self.fields["names"]
        elif members < FEWEST_SECRET:
            self.fields["names"].choices = [shown]  # type: ignore[attr-defined]
            self.initial["names"] = "open"
        else:
            self.fields["names"].choices = [secret, shown]  # type: ignore[attr-defined]

    def clean_options(self) -> tuple[str, ...]:
        lines = [" ".join(line.split()) for line in self.cleaned_data["options"].splitlines()]
        told = tuple(dict.fromkeys(line for line in lines if line))
        if len({option.casefold() for option in told}) != len(told):
            raise forms.ValidationError(_("Two lines say the same. Take one away."))
        if not 2 <= len(told) <= MOST_OPTIONS:
            words = _("Write two to %(most)s lines, each with one thing to choose.")
            raise forms.ValidationError(words % {"most": MOST_OPTIONS})
        if any(len(option) > LONGEST_OPTION for option in told):
            words = _("A line can have %(most)s letters. Make the long one shorter.")
            raise forms.ValidationError(words % {"most": LONGEST_OPTION})
        return told

    def clean_closes_on(self) -> date:
        return day_within(self.cleaned_data["closes_on"], self.today)

    def words(self) -> Words:
        found = self.cleaned_data
        return Words(found["question"], found["note"], found.get("options", ()))

    def is_secret(self) -> bool:
        return bool(self.cleaned_data.get("names", "secret") == "secret")


def day_within(day: date, today: date) -> date:
    """A day to vote until. Raises ``ValidationError``."""
    if not 0 <= (day - today).days <= MOST_DAYS_OPEN:
        words = _("Choose a day from today on, %(most)s days ahead at most.")
        raise forms.ValidationError(words % {"most": MOST_DAYS_OPEN})
    return day


class VoteForm(forms.Form):
    """One ballot. ``chosen`` is what was ticked, by number of the option."""

    def __init__(
        self,
        data: QueryDict | None,
        *,
        kind: str,
        labels: Sequence[str],
        own: Ballot = (),
    ) -> None:
        super().__init__(data)
        self.kind = kind
        self.places: list[str] = []
        choices = [(str(number), label) for number, label in enumerate(labels)]
        match kind:
            case Kind.CONSENT | Kind.SIMPLE:
                self._one_of(choices, own)
            case Kind.TIME:
                self._any_of(choices, own)
            case _:
                self._in_order(choices)

    def chosen(self) -> Ballot:
        found = self.cleaned_data
        told = [found[place] for place in self.places] if self.places else found["choice"]
        told = [told] if isinstance(told, str) else told
        return tuple(int(number) for number in told if number not in {"", "none"})

    def clean(self) -> None:
        told = [self.cleaned_data.get(place) for place in self.places]
        named = [number for number in told if number]
        if len(set(named)) != len(named):
            raise forms.ValidationError(_("You chose one of them twice. Nothing was handed in."))

    def _one_of(self, choices: list[tuple[str, str]], own: Ballot) -> None:
        nothing = [] if self.kind == Kind.CONSENT else [("none", _("I do not mind"))]
        self.fields["choice"] = forms.ChoiceField(
            label=_("Your answer"),
            choices=[*choices, *nothing],
            widget=forms.RadioSelect,
            initial=str(own[0]) if own else None,
            error_messages={"required": _("Choose one.")},
        )

    def _any_of(self, choices: list[tuple[str, str]], own: Ballot) -> None:
        self.fields["choice"] = forms.MultipleChoiceField(
            label=_("Tick all that suit you"),
            choices=choices,
            widget=forms.CheckboxSelectMultiple,
            required=False,
            initial=list(map(str, own)),
        )

    def _in_order(self, choices: list[tuple[str, str]]) -> None:
        """One box for each place; those left empty come last, all alike."""
        for number in range(1, len(choices) + 1):
            name = f"place_{number}"
            self.places.append(name)
            self.fields[name] = forms.ChoiceField(
                label=_("%(number)s. choice") % {"number": number},
                choices=[("", "—"), *choices],
                required=False,
            )
