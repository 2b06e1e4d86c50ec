"""What a lead writes about a concern, step by step."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from goround.apps.reader.words import in_rules
from goround.domain.safeguarding.concern import Act, Way
from goround.domain.safeguarding.duties import Duties, DutiesError, read_duties
from goround.web.lead.words import WAYS

LONGEST = 5_000
NOT_KEPT = {"autocomplete": "off"}


def long_text(label: Any, *, required: bool = True, help_text: Any = "", rows: int = 4) -> Any:
    return forms.CharField(
        label=label,
        required=required,
        help_text=help_text,
        max_length=LONGEST,
        widget=forms.Textarea(attrs=NOT_KEPT | {"rows": rows}),
    )


class StepForm(forms.Form):
    """One act. ``said`` gives what is sealed, by the name of its box."""

    sealed: tuple[str, ...] = ("words",)

    def __init__(self, data: Any = None, *, duties: Duties) -> None:
        super().__init__(data)
        self.duties = duties
        if "duty" in self.fields:
            steps = [("", _("none of these")), *((s.name, in_rules(s.name)) for s in duties.steps)]
            self.fields["duty"] = forms.ChoiceField(
                label=_("Which duty does this do?"), choices=steps, required=False
            )
            if not duties.steps:
                del self.fields["duty"]

    @property
    def said(self) -> dict[str, str]:
        return {name: str(self.cleaned_data.get(name, "")) for name in self.sealed}

    @property
    def plain(self) -> dict[str, Any]:
        """What the service takes beside the words."""
        return {}


class AcknowledgeForm(StepForm):
    words = long_text(
        _("What you told whoever raised it"),
        required=False,
        help_text=_("Speak to them yourself, if they said who they are. Thank them."),
    )


class TriageForm(StepForm):
    sealed = ("how_pressing",)
    how_pressing = long_text(_("How pressing is it, and what makes you think so?"))


class DecideForm(StepForm):
    sealed = ("what", "why")
    report = forms.ChoiceField(
        label=_("Is it to be reported?"),
        choices=[("yes", _("Yes")), ("no", _("No"))],
        widget=forms.RadioSelect,
    )
    what = long_text(_("What you decided"))
    why = long_text(_("Why, and what spoke against it"))

    @property
    def plain(self) -> dict[str, Any]:
        return {"is_to_be_reported": self.cleaned_data["report"] == "yes"}


class ReportForm(StepForm):
    sealed = ("with_whom", "what", "offered_first")
    way = forms.ChoiceField(
        label=_("How"),
        choices=[(way.value, words) for way, words in WAYS.items()],
        widget=forms.RadioSelect,
    )
    duty = forms.ChoiceField(required=False)
    with_whom = forms.CharField(
        label=_("To whom, and the number they gave it"),
        max_length=300,
        widget=forms.TextInput(NOT_KEPT),
    )
    what = long_text(_("What was reported"))
    offered_first = long_text(
        _("Was it offered to the parent to call themselves?"),
        required=False,
        help_text=_("If asking them would have put somebody in danger, write that."),
        rows=2,
    )

    @property
    def plain(self) -> dict[str, Any]:
        found = self.cleaned_data
        return {"way": Way(found["way"]), "duty": found.get("duty", "")}


class ShareForm(StepForm):
    sealed = ("with_whom", "what", "why")
    with_whom = forms.CharField(
        label=_("Whom you told"), max_length=300, widget=forms.TextInput(NOT_KEPT)
    )
    what = long_text(_("What you told them"), help_text=_("No more than they need."))
    why = long_text(
        _("Why you told them, why this much, and whether the person it is about agreed")
    )


class NoteForm(StepForm):
    note = long_text(_("Why"))
    sealed = ("why",)

    @property
    def said(self) -> dict[str, str]:
        return {"why": self.cleaned_data["note"]}


FORMS: dict[Act, type[StepForm]] = {
    Act.ACKNOWLEDGE: AcknowledgeForm,
    Act.TRIAGE: TriageForm,
    Act.DECIDE: DecideForm,
    Act.REPORT: ReportForm,
    Act.SHARE: ShareForm,
    Act.CLOSE: NoteForm,
    Act.REOPEN: NoteForm,
}


class FollowUpForm(forms.Form):
    due_on = forms.DateField(
        label=_("By which day"), widget=forms.DateInput(attrs={"type": "date"})
    )
    what = long_text(_("What is to be done, and by whom"), rows=2)


class ReaderForm(forms.Form):
    """Who is to know, what, and why."""

    who = forms.TypedChoiceField(label=_("Who needs to know"), coerce=int)
    what = long_text(
        _("What they read"),
        help_text=_(
            "No more than they need. Leave out who raised it, and whatever would tell who it was."
        ),
        rows=6,
    )
    why = long_text(
        _("Why them, and why this much"),
        help_text=_("They do not see this. It stays with the record."),
        rows=2,
    )

    def __init__(self, data: Any, *, people: list[tuple[int, str]], **more: Any) -> None:
        super().__init__(data, **more)
        self.fields["who"].choices = people  # type: ignore[attr-defined]


class DutiesForm(forms.Form):
    """Which place's law, or the organisation's own text."""

    key = forms.ChoiceField(label=_("Whose law holds for you"))
    own = forms.CharField(
        label=_("Your own, in place of that"),
        required=False,
        max_length=20_000,
        help_text=_("Written like the files that come with Goround; see its guide. Empty: none."),
        widget=forms.Textarea(attrs={"rows": 12, "spellcheck": "false"}),
    )

    def __init__(self, data: Any, *, places: list[tuple[str, str]], **more: Any) -> None:
        super().__init__(data, **more)
        self.fields["key"].choices = places  # type: ignore[attr-defined]

    def clean_own(self) -> str:
        own = str(self.cleaned_data["own"]).strip()
        if own:
            try:
                read_duties(own)
            except DutiesError as error:
                raise forms.ValidationError(
                    _("This cannot be used: %(why)s Nothing was changed."),
                    params={"why": str(error)},
                ) from None
        return own
