"""What is kept about one parent, as lines of label and words. Empty means: not said."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from django.utils.formats import number_format
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from goround.apps.organisations.models import Programme
from goround.apps.organisations.playbooks import playbook_of
from goround.apps.people.models import Parent
from goround.apps.reader.words import listed, listed_apart
from goround.web.people_words import (
    CRITERIA,
    DISABILITIES,
    MODES,
    NEEDS,
    Words,
    age_in_words,
    hours_in_words,
    language_name,
    word_for,
)


@dataclass(frozen=True, slots=True)
class Fact:
    """One line. ``words`` is empty for what was not said."""

    label: str
    words: str | Promise


def type_labels(programmes: Iterable[Programme]) -> dict[str, str]:
    """Group types of several programmes by key, the first label of each."""
    labels: dict[str, str] = {}
    for programme in programmes:
        for choice in playbook_of(programme).types:
            labels.setdefault(choice.key, choice.label)
    return labels


def source_labels(programmes: Iterable[Programme]) -> dict[str, str]:
    labels: dict[str, str] = {}
    for programme in programmes:
        for choice in playbook_of(programme).referral_sources:
            labels.setdefault(choice.key, choice.label)
    return labels


def facts_of(parent: Parent, *, types: Mapping[str, str], on: date) -> list[Fact]:
    """Everything that was asked, in the order of the forms."""
    hours = listed_apart(f"{day} {times}" for day, times in hours_in_words(parent.available))
    return [
        Fact(_("Home"), _("an area of about 1 km across") if parent.home_cell else ""),
        Fact(_("Languages"), listed(map(language_name, parent.languages))),
        Fact(_("Free"), hours),
        Fact(_("Children's ages"), listed_apart(map(age_in_words, parent.ages(on=on)))),
        Fact(_("Groups wanted"), listed(types.get(key, key) for key in parent.interests)),
        Fact(_("Would meet"), _list(parent.modes, MODES)),
        Fact(_("Travels"), _travels(parent.max_km)),
        Fact(_("The place must have"), _list(parent.needs, NEEDS)),
        Fact(_("Also true"), _list(parent.tags, CRITERIA)),
        Fact(_("Hoped to share with somebody"), _list(parent.wishes, CRITERIA)),
        Fact(_("Lives with a disability"), _list(parent.disabilities, DISABILITIES)),
        Fact(_("Gender"), Parent.Gender(parent.gender).label if parent.gender else ""),
        Fact(_("Safe way to be reached"), parent.safe_contact),
        Fact(_("Safe e-mail address"), parent.safe_email),
    ]


def _list(keys: Iterable[str], known: dict[str, Words]) -> str:
    return listed(word_for(key, known) for key in keys)


def _travels(km: float | None) -> str:
    return (
        ""
        if km is None
        else _("up to %(km)s km") % {"km": number_format(km, 0 if km == int(km) else 1)}
    )
