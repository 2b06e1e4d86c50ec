"""Forms about groups and their people. They check input and save nothing."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from django import forms
from django.conf.locale import LANG_INFO
from django.db.models import Model, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from goround.apps.groups.models import Group, Leadership, Membership
from goround.apps.groups.names import LONGEST_ALIAS, LONGEST_NAME, tidy_alias
from goround.apps.groups.selectors import GroupsKept
from goround.apps.organisations.models import Programme, Venue
from goround.apps.organisations.playbooks import playbook_of
from goround.apps.people.models import Facilitator
from goround.domain.playbook.schema import label_of
from goround.web.coordinator.series_forms import SeriesForm

STATUSES = [("active", pgettext_lazy("group", "meeting")), ("ended", gettext_lazy("ended"))]


class NamedChoice(forms.ModelChoiceField):  # type: ignore[type-arg]
    """A choice of rows shown by their name; a row's own text holds only its number."""

    def label_from_instance(self, obj: Model) -> str:
        return str(getattr(obj, "name", None) or getattr(obj, "shown_as", obj))


def spoken_languages() -> list[tuple[str, str]]:
    known = {tag: info["name"] for tag, info in LANG_INFO.items() if "name" in info}
    named = {tag: _(english) for tag, english in known.items()}
    return sorted(named.items(), key=lambda entry: entry[1])


class GroupsFilter(forms.Form):
    """What to keep of the list of groups."""

    search = forms.CharField(label=gettext_lazy("Name"), required=False)
    status = forms.ChoiceField(label=gettext_lazy("Which"), choices=STATUSES, required=False)
    short = forms.BooleanField(label=gettext_lazy("Only those short of something"), required=False)

    field_order = ("search", "programme", "status", "short")

    def __init__(self, data: Any, *, programmes: QuerySet[Programme]) -> None:
        super().__init__(data)
        self.fields["programme"] = NamedChoice(
            programmes, label=_("Programme"), required=False, empty_label=_("all")
        )
        self.order_fields(self.field_order)

    def kept(self) -> GroupsKept:
        """What was asked for; whatever cannot be read is left out."""
        self.is_valid()
        found = self.cleaned_data
        return GroupsKept(
            search=found.get("search", ""),
            programme=found.get("programme"),
            status=Group.Status(found.get("status") or Group.Status.ACTIVE),
        )

    def only_short(self) -> bool:
        return bool(self.cleaned_data.get("short"))


class NameAndPlaceForm(forms.Form):
    name = forms.CharField(label=gettext_lazy("Name of the group"), max_length=LONGEST_NAME)

    def __init__(self, data: Any, *, venues: QuerySet[Venue], initial: dict[str, Any]) -> None:
        super().__init__(data, initial=initial)
        self.fields["venue"] = NamedChoice(
            venues, label=_("Place"), required=False, empty_label=_("none yet")
        )


class NewGroupForm(SeriesForm):
    """Everything a group needs to begin meeting."""

    name = forms.CharField(label=gettext_lazy("Name of the group"), max_length=LONGEST_NAME)
    is_open = forms.BooleanField(
        label=gettext_lazy("Anybody may come, and heads are counted"), required=False
    )

    field_order = ("name", "programme", "type", "language", "venue", "is_open")

    def __init__(
        self, data: Any, *, programmes: Sequence[Programme], venues: QuerySet[Venue], **kwargs: Any
    ) -> None:
        super().__init__(data, **kwargs)
        self.programmes = {str(programme.pk): programme for programme in programmes}
        self.fields["programme"] = forms.ChoiceField(
            label=_("Programme"), choices=[(pk, p.name) for pk, p in self.programmes.items()]
        )
        self.fields["type"] = forms.ChoiceField(
            label=_("Kind"), choices=[("", _("any")), *_types(programmes)], required=False
        )
        self.fields["language"] = forms.ChoiceField(
            label=_("Language"), choices=[("", _("not said")), *spoken_languages()], required=False
        )
        self.fields["venue"] = NamedChoice(
            venues, label=_("Place"), required=False, empty_label=_("none yet")
        )
        self.order_fields(self.field_order)

    def clean(self) -> dict[str, Any]:
        found = super().clean()
        programme = self.programmes.get(found.get("programme", ""))
        kind = found.get("type")
        if programme and kind and label_of(playbook_of(programme).types, kind) is None:
            self.add_error("type", _("%(name)s has no such kind.") % {"name": programme.name})
        return found

    @property
    def programme(self) -> Programme:
        return self.programmes[self.cleaned_data["programme"]]


class AliasForm(forms.Form):
    """Somebody who is not on the waiting list and says only what to be called."""

    alias = forms.CharField(
        label=gettext_lazy("What they want to be called"),
        max_length=LONGEST_ALIAS,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )

    def __init__(self, data: Any, *, members: Iterable[Membership]) -> None:
        super().__init__(data)
        self.taken = {member.alias.casefold() for member in members}

    def clean_alias(self) -> str:
        alias = tidy_alias(self.cleaned_data["alias"])
        if alias.casefold() in self.taken:
            raise forms.ValidationError(
                _("There is already %(alias)s in this group. Add something that tells them apart."),
                params={"alias": alias},
            )
        return alias


class LeaderForm(forms.Form):
    """Who is to lead, and in which part."""

    part = forms.ChoiceField(label=gettext_lazy("As"), choices=Leadership.Part.choices)

    field_order = ("who", "part")

    def __init__(
        self, data: Any, *, facilitators: Iterable[Facilitator], members: Iterable[Membership]
    ) -> None:
        super().__init__(data)
        self.people: dict[str, Facilitator | Membership] = {
            **{f"facilitator-{one.pk}": one for one in facilitators},
            **{f"member-{one.pk}": one for one in members},
        }
        outside = [(k, f.shown_as) for k, f in self.people.items() if isinstance(f, Facilitator)]
        inside = [(k, m.alias) for k, m in self.people.items() if isinstance(m, Membership)]
        self.fields["who"] = forms.ChoiceField(
            label=_("Who"),
            choices=[(_("Facilitators"), outside), (_("Members of the group"), inside)],
        )
        self.order_fields(self.field_order)

    @property
    def leader(self) -> Facilitator | Membership:
        return self.people[self.cleaned_data["who"]]


def _types(programmes: Sequence[Programme]) -> list[tuple[str, str]]:
    """The kinds of all programmes, each key once."""
    found: dict[str, str] = {}
    for programme in programmes:
        for kind in playbook_of(programme).types:
            found.setdefault(kind.key, kind.label)
    return list(found.items())
