"""What parents told and how long they wait, said the same on every page."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime

from django import template

from goround.apps.reader.words import listed
from goround.domain.matching.problem import DAYS
from goround.web.people_words import language_name, short_day_name, wait_in_words

register = template.Library()


@register.filter
def languages(tags: Iterable[str]) -> str:
    return listed(map(language_name, tags))


@register.filter
def waits(since: datetime, at: datetime) -> str:
    """How long somebody waits, such as 3 weeks."""
    return wait_in_words(since, at)


@register.filter
def labelled(keys: Iterable[str], labels: Mapping[str, str]) -> str:
    """Keys as the playbook's words; a key it no longer lists stays as it is."""
    return listed(labels.get(key, key) for key in keys)


@register.filter
def days(spans: Iterable[str]) -> str:
    """The days of some hours, Monday first."""
    free = {span[:3] for span in spans}
    return " ".join(short_day_name(day) for day in DAYS if day in free)


@register.filter
def ages(band: str) -> str:
    """A child's age band as people write it, with a dash."""
    return band.replace("-", "–")
