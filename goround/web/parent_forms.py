"""What a parent may tell, asked the same way at every door. Everything but an alias is optional."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from goround.apps.organisations.models import Organisation, Programme
from goround.apps.organisations.playbooks import playbook_of
from goround.apps.organisations.selectors import landmarks_for
from goround.apps.people.facts import ParentFacts
from goround.apps.people.models import Parent
from goround.apps.people.receipts import SECRET_LENGTH, new_secret
from goround.apps.people.selectors import postcode_cell
from goround.apps.reader.words import listed
from goround.domain.matching.problem import DAYS
from goround.domain.matching.reading import OLDEST_CHILD
from goround.domain.privacy.place import PlaceError, Point, coarse_cell
from goround.domain.wording import western_digits, words_typed
from goround.web.people_words import (
    CRITERIA,
    FIRST_LANGUAGES,
    MODES,
    NEEDS,
    PARTS,
    day_name,
    other_languages,
    own_name,
)
from goround.web.squares_map import squares_map

FREE_HOURS = {f"{day}-{part}": f"{day} {PARTS[part][0]}" for day in DAYS for part in PARTS}
MOST_CHILDREN = 15
DISTANCES = (5, 10, 15, 25, 40)


@dataclass(frozen=True)
class FreeBox:
    value: str
    label: str
    checked: bool


def boxes(label: Any, choices: Any, **more: Any) -> forms.MultipleChoiceField:
    return forms.MultipleChoiceField(
        label=label, choices=choices, required=False, widget=forms.CheckboxSelectMultiple, **more
    )


def line(label: Any, most: int, **more: Any) -> forms.CharField:
    attrs = {"autocomplete": "off"} | more.pop("attrs", {})
    widget = forms.TextInput(attrs=attrs)
    return forms.CharField(label=label, max_length=most, required=False, widget=widget, **more)


def safe_email_field(label: Any) -> forms.EmailField:
    """Writing an address in is the consent to use it; taking it out is the end of that."""
    return forms.EmailField(
        label=label,
        max_length=254,
        required=False,
        help_text=gettext_lazy(
            "Only one that nobody else reads. Short notes come to it: a day, an hour, no more. "
            "Each has a link that stops them."
        ),
        error_messages={
            "invalid": gettext_lazy(
                "This is not a whole e-mail address, such as name@example.org. All else is kept."
            )
        },
        widget=forms.EmailInput(attrs={"autocomplete": "off"}),
    )


def _more_languages() -> list[tuple[str, str]]:
    return [("", _("choose")), *other_languages()]


def _distances() -> list[tuple[str, str]]:
    far = [(str(km), _("up to %(km)s km") % {"km": km}) for km in DISTANCES]
    return [("", _("not said")), *far]


class UnknownPostcode(PlaceError):
    """The network's table does not have it."""


def place_of(
    viewer: Any,
    organisation: Organisation,
    postcode: str,
    lat: str,
    lon: str,
    *,
    square: Point | None = None,
) -> str:
    """The coarse cell of what says it best: a point, else a postcode, else a square's centre.

    Empty when nothing was told. Raises ``PlaceError``. Nothing finer than the cell is kept or
    noted anywhere.
    """
    if lat or lon:
        return coarse_cell(_degrees(lat), _degrees(lon))
    if not postcode:
        return coarse_cell(*square) if square else ""
    cell = postcode_cell(viewer, organisation, postcode)
    if not cell:
        raise UnknownPostcode("no such postcode")
    return cell


class ParentForm(forms.Form):
    """Facts about one parent. ``facts()`` holds a coarse cell in place of whatever place came."""

    # Sent out with the page: sending it in twice makes one entry and one receipt.
    secret = forms.RegexField(
        rf"^[0-9a-f]{{{SECRET_LENGTH}}}$",
        widget=forms.HiddenInput,
        error_messages={
            "required": gettext_lazy("This page was open too long. Please send it once more."),
            "invalid": gettext_lazy("This page was open too long. Please send it once more."),
        },
    )
    alias = forms.CharField(
        label=gettext_lazy("What shall we call you?"),
        max_length=60,
        help_text=gettext_lazy("Any name will do. It need not be yours; this one is made up."),
        error_messages={"required": gettext_lazy("Choose any name we can call you by.")},
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )
    postcode = line(gettext_lazy("Postcode"), 12)
    lat = line(gettext_lazy("Latitude"), 24, attrs={"inputmode": "decimal"})
    lon = line(gettext_lazy("Longitude"), 24, attrs={"inputmode": "decimal"})
    square = forms.ChoiceField(
        label=gettext_lazy("Which square do you live in?"),
        required=False,
        error_messages={
            "invalid_choice": gettext_lazy(
                "The map has changed. Choose a square again, or none; all else is kept."
            )
        },
    )
    languages = boxes(
        gettext_lazy("Languages you speak"),
        [(tag, own_name(tag)) for tag in FIRST_LANGUAGES],
    )
    another_language = forms.ChoiceField(
        label=gettext_lazy("Another language"), required=False, choices=_more_languages
    )
    free = boxes(gettext_lazy("When you are free"), [(key, key) for key in FREE_HOURS])
    children = line(
        gettext_lazy("How old are your children?"),
        80,
        help_text=gettext_lazy("Years, such as 3, 7. For a baby write 0.5. No names."),
        attrs={"inputmode": "decimal"},
    )
    interests = boxes(gettext_lazy("Groups you would like"), [])
    modes = boxes(gettext_lazy("How would you like to meet?"), list(MODES.items()))
    max_km = forms.TypedChoiceField(
        label=gettext_lazy("How far can you travel?"),
        required=False,
        coerce=float,
        empty_value=None,
        choices=_distances,
    )
    needs = boxes(gettext_lazy("The place must have"), list(NEEDS.items()))
    tags = boxes(gettext_lazy("True of me"), list(CRITERIA.items()))
    wishes = boxes(gettext_lazy("I hope somebody else shares this"), list(CRITERIA.items()))
    disabilities = boxes(
        gettext_lazy("Does somebody in your family live with a disability?"),
        [("parent", gettext_lazy("I do")), ("child", gettext_lazy("A child of mine does"))],
        help_text=gettext_lazy(
            "Only for a yearly count of families, and only if you like. It does not change which "
            "group you can have."
        ),
    )
    gender = forms.ChoiceField(
        label=gettext_lazy("I am"), required=False, choices=Parent.Gender.choices
    )
    safe_contact = line(
        gettext_lazy("A safe way to reach you"),
        200,
        help_text=gettext_lazy(
            "Only what is safe if somebody else sees it. For example: “text me after 8 in the "
            "evening, never call”. Leave it empty if nothing is safe."
        ),
    )
    safe_email = safe_email_field(gettext_lazy("An e-mail address that is safe"))

    def __init__(
        self,
        *args: Any,
        organisation: Organisation,
        viewer: Any,
        programme: Programme | None,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.organisation, self.viewer = organisation, viewer
        self.home_cell = ""
        types = playbook_of(programme).types if programme else ()
        self._offer("interests", [(choice.key, choice.label) for choice in types])
        self.squares = squares_map(landmarks_for(viewer, programme)) if programme else None
        self._offer_squares()

    def _offer_squares(self) -> None:
        """The field stays without a map, so that a square chosen before is never lost unsaid."""
        drawn = self.squares.choices() if self.squares else ()
        self._centres = {choice.value: choice.centre for choice in drawn}
        field = self.fields["square"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [(value, value) for value in self._centres]

    def _offer(self, name: str, choices: Sequence[tuple[str, Any]]) -> None:
        field = self.fields[name]
        if choices and isinstance(field, forms.ChoiceField):
            field.choices = choices
        else:
            del self.fields[name]

    def clean_alias(self) -> str:
        return " ".join(self.cleaned_data["alias"].split())

    def clean_children(self) -> tuple[float, ...]:
        ages = tuple(_age(word) for word in words_typed(self.cleaned_data["children"]))
        if len(ages) > MOST_CHILDREN:
            raise forms.ValidationError(_("Write at most %(most)s ages.") % {"most": MOST_CHILDREN})
        return ages

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        told = [cleaned.get(name, "") for name in ("postcode", "lat", "lon")]
        square = self._centres.get(cleaned.get("square", ""))
        try:
            self.home_cell = place_of(self.viewer, self.organisation, *told, square=square)
        except UnknownPostcode:
            self.add_error(
                "postcode",
                _("We do not know this postcode. Look again, or leave it empty; all else is kept."),
            )
        except PlaceError:
            self.add_error("lat", _("This is no place on Earth. Leave both empty, or look again."))
        return cleaned

    def kept_secret(self) -> str:
        """The secret to send out again: the one sent in, unless that was none."""
        sent = str(self["secret"].value() or "")
        return new_secret() if "secret" in self.errors else sent

    def facts(self) -> ParentFacts:
        """What was told. Nothing finer than the coarse cell leaves the form."""
        told = self.cleaned_data
        languages = dict.fromkeys([*told["languages"], told["another_language"]])
        return ParentFacts(
            home_cell=self.home_cell,
            languages=tuple(tag for tag in languages if tag),
            available=tuple(FREE_HOURS[key] for key in FREE_HOURS if key in told["free"]),
            interests=tuple(told.get("interests", ())),
            modes=tuple(told["modes"]),
            max_km=told["max_km"],
            needs=tuple(told["needs"]),
            tags=tuple(told["tags"]),
            wishes=tuple(told["wishes"]),
            children_ages=told["children"],
            disabilities=tuple(told["disabilities"]),
            gender=told["gender"],
            safe_contact=told["safe_contact"],
            safe_email=told["safe_email"],
        )

    def week(self) -> list[tuple[str, list[FreeBox]]]:
        """The grid of days and parts of the day, as boxes to tick."""
        chosen = set(self["free"].value() or ())
        return [
            (
                day_name(day),
                [
                    FreeBox(
                        f"{day}-{part}",
                        listed([day_name(day), str(words)]),
                        f"{day}-{part}" in chosen,
                    )
                    for part, (_hours, words) in PARTS.items()
                ],
            )
            for day in DAYS
        ]

    @staticmethod
    def parts() -> list[tuple[str, str]]:
        return [(str(words), hours.replace("-", "–")) for hours, words in PARTS.values()]


def _age(word: str) -> float:
    try:
        age = float(word)
    except ValueError:
        raise forms.ValidationError(
            _("“%(word)s” is no age. Write years, such as 3, 7 or 0.5.") % {"word": word}
        ) from None
    if not 0 <= age <= OLDEST_CHILD:
        raise forms.ValidationError(
            _("Ages from 0 to %(most)s fit here, and %(word)s does not.")
            % {"most": OLDEST_CHILD, "word": word}
        )
    return age


def _degrees(text: str) -> float:
    try:
        return float(western_digits(text).replace(",", "."))
    except ValueError:
        raise PlaceError("no number") from None
