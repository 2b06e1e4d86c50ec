"""Forms of a group's room. They check input and save nothing."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import URLValidator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from goround.apps.groups.models import Leadership
from goround.apps.groups.names import LONGEST_ALIAS, tidy_alias
from goround.apps.joining.models import MOST_DAYS, JoinRule, Way
from goround.apps.rooms.models import (
    LONGEST_NOTE,
    LONGEST_REACH,
    LONGEST_WAY,
    MOST_SEATS,
    Board,
    Offer,
)

NOT_KEPT = {"autocomplete": "off"}


def web_address(value: str, *, schemes: tuple[str, ...] = ("https", "http")) -> None:
    try:
        URLValidator(schemes=list(schemes))(value)
    except ValidationError:
        raise ValidationError(
            _("This is not a whole web address, such as https://example.org.")
        ) from None


def video_address(value: str) -> None:
    web_address(value, schemes=("https",))


def few_words(label: Any, longest: int, *, help_text: Any = "", required: bool = False) -> Any:
    return forms.CharField(
        label=label,
        required=required,
        max_length=longest,
        help_text=help_text,
        widget=forms.Textarea(attrs=NOT_KEPT | {"rows": 3}),
        error_messages={"required": gettext_lazy("Write a few words.")},
    )


class OfferForm(forms.Form):
    """What a member offers for the next meeting."""

    kind = forms.ChoiceField(
        label=gettext_lazy("What do you offer?"),
        choices=Offer.Kind.choices,
        widget=forms.RadioSelect,
        initial=Offer.Kind.RIDE,
    )
    seats = forms.IntegerField(
        label=gettext_lazy("A ride: how many seats?"),
        min_value=1,
        max_value=MOST_SEATS,
        required=False,
        initial=1,
        widget=forms.NumberInput(attrs={"data-stepper": True}),
    )
    words = forms.CharField(
        label=gettext_lazy("From where and when, or what you bring"),
        max_length=120,
        required=False,
        help_text=gettext_lazy("Such as: the bus stop at the market, 17:30. Never your address."),
        widget=forms.TextInput(NOT_KEPT),
    )

    def clean(self) -> dict[str, Any]:
        found = super().clean() or {}
        is_ride = found.get("kind") == Offer.Kind.RIDE
        if is_ride and not self.errors:
            found["seats"] = found.get("seats") or 1
        elif not is_ride:
            found["seats"] = 0
            if not found.get("words") and "words" not in self.errors:
                self.add_error("words", _("Write what you bring."))
        return found


class BoardForm(forms.Form):
    """What the group tells those who come."""

    bring = forms.CharField(
        label=gettext_lazy("What to bring"),
        max_length=200,
        required=False,
        widget=forms.TextInput(NOT_KEPT),
    )
    getting_there = few_words(
        gettext_lazy("How to get there"),
        LONGEST_WAY,
        help_text=gettext_lazy("Such as: the blue door at the back; bus 4 stops outside."),
    )
    video_url = forms.CharField(
        label=gettext_lazy("Where we meet by video"),
        max_length=300,
        required=False,
        validators=[video_address],
        help_text=gettext_lazy("Leave it empty if you meet in one place only."),
        widget=forms.URLInput(NOT_KEPT),
    )
    welcome = few_words(
        gettext_lazy("A few words to somebody new"),
        600,
        help_text=gettext_lazy("They see it here in their first weeks."),
    )

    reach = few_words(
        gettext_lazy("How to reach those who lead between meetings"),
        LONGEST_REACH,
        help_text=gettext_lazy(
            "Such as: Dolores reads notes on weekdays. A number only from whoever it belongs to."
        ),
    )

    @classmethod
    def of(cls, data: Any, board: Board) -> BoardForm:
        return cls(data, initial={name: getattr(board, name) for name in cls.base_fields})


class ResourceForm(forms.Form):
    """A link or a few lines."""

    title = forms.CharField(
        label=gettext_lazy("What is it?"),
        max_length=80,
        widget=forms.TextInput(NOT_KEPT),
        error_messages={"required": gettext_lazy("Give it a name.")},
    )
    url = forms.CharField(
        label=gettext_lazy("Web address"),
        max_length=300,
        required=False,
        validators=[web_address],
        widget=forms.URLInput(NOT_KEPT),
    )
    text = few_words(gettext_lazy("Or a few lines"), 600)

    def clean(self) -> dict[str, Any]:
        found = super().clean() or {}
        if not self.errors and not found.get("url") and not found.get("text"):
            self.add_error("url", _("Write a web address or a few lines."))
        return found


class NoteForm(forms.Form):
    """A few words to those who lead."""

    only_facilitators = False

    text = few_words(gettext_lazy("Your words"), LONGEST_NOTE, required=True)
    readers = forms.ChoiceField(
        label=gettext_lazy("Who reads them?"),
        choices=[
            ("leaders", gettext_lazy("everybody who leads us")),
            ("facilitators", gettext_lazy("only a facilitator")),
        ],
        widget=forms.RadioSelect,
        initial="leaders",
    )

    @classmethod
    def among(cls, data: Any, readers: Sequence[Leadership]) -> NoteForm:
        """The choice is only there where it makes a difference who reads.

        Where only facilitators lead it is theirs alone, also once a parent leads with them.
        """
        form = cls(data)
        form.only_facilitators = all(one.facilitator_id for one in readers)
        if form.only_facilitators or not any(one.facilitator_id for one in readers):
            del form.fields["readers"]
        return form

    @property
    def is_to_facilitators(self) -> bool:
        chosen: str = self.cleaned_data.get("readers", "")
        return chosen == "facilitators" if chosen else self.only_facilitators


class AnswerForm(forms.Form):
    text = few_words(gettext_lazy("Your answer"), LONGEST_NOTE, required=True)


class RuleForm(forms.Form):
    """How the group lets people in."""

    way = forms.ChoiceField(
        label=gettext_lazy("Who says yes?"), choices=Way.choices, widget=forms.RadioSelect
    )
    days = forms.IntegerField(
        label=gettext_lazy("Answer within how many days?"),
        min_value=1,
        max_value=MOST_DAYS,
        widget=forms.NumberInput(attrs={"data-stepper": True}),
    )
    can_be_found = forms.BooleanField(
        label=gettext_lazy("Parents who wait can see that we are here, and ask"),
        help_text=gettext_lazy("They see our kind of group, the language and the hours. No names."),
        required=False,
    )

    @classmethod
    def of(cls, data: Any, rule: JoinRule) -> RuleForm:
        told = {name: getattr(rule, name) for name in ("way", "days", "can_be_found")}
        return cls(data, initial=told)


class AskForm(forms.Form):
    """A parent who would like to join."""

    alias = forms.CharField(
        label=gettext_lazy("What do you want to be called there?"),
        max_length=LONGEST_ALIAS,
        help_text=gettext_lazy("It need not be your name."),
        widget=forms.TextInput(NOT_KEPT),
        error_messages={"required": gettext_lazy("Write what you want to be called.")},
    )
    words = few_words(
        gettext_lazy("A few words about you"),
        300,
        help_text=gettext_lazy("Only if you like. The group reads them once."),
    )

    def clean_alias(self) -> str:
        return tidy_alias(self.cleaned_data["alias"])
