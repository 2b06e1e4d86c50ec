"""Groups, hours and who came, said the same on every page."""

from __future__ import annotations

from datetime import datetime

from django import template
from django.utils import timezone

from goround.apps.groups.models import Group
from goround.apps.groups.words import series_in_words, type_in_words
from goround.apps.meetings.models import Meeting
from goround.apps.meetings.words import counts_in_words, counts_of, day_in_words, when_in_words
from goround.apps.reader.words import enumerated, listed
from goround.web.people_words import language_name

register = template.Library()


@register.simple_tag
def when(meeting: Meeting) -> str:
    """Day and hours of a meeting, on the clock of its group."""
    return when_in_words(meeting, at=timezone.now())


@register.simple_tag
def starts(moment: datetime, group: Group) -> str:
    """Day and hour of a moment, on the clock of a group."""
    local = moment.astimezone(group.zone)
    return listed([day_in_words(local, at=timezone.now()), f"{local:%H:%M}"])


@register.simple_tag
def came(meeting: Meeting) -> str:
    """How many were at a meeting that was held."""
    return counts_in_words(counts_of(meeting))


@register.simple_tag
def both(one: str, other: str) -> str:
    """Two names as one enumeration."""
    return enumerated([one, other])


@register.filter
def series(group: Group) -> str:
    return series_in_words(group.recurrence(), group.days_skipped())


@register.filter
def type_label(group: Group) -> str:
    return type_in_words(group)


@register.filter
def language_shown(tag: str) -> str:
    """The language's name in the language of the page."""
    return language_name(tag)
