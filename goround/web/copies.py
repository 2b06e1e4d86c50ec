"""A copy of everything kept about a parent, as a page and as a file."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.http import HttpResponse
from django.utils.formats import date_format, number_format
from django.utils.translation import gettext as _

from goround.apps.reader.words import listed, listed_apart
from goround.apps.records.copying import Copy
from goround.apps.records.sections import Section
from goround.web.people_words import language_name

Line = tuple[str, str]


def readable(copy: Copy, zone: ZoneInfo) -> list[tuple[str, list[list[Line]]]]:
    """Each section with its rows as lines of label and words; what is empty is left out."""
    return [
        (str(section.title), [row for row in _rows(section, zone) if row])
        for section in copy.sections
        if section.rows
    ]


def _rows(section: Section, zone: ZoneInfo) -> Iterator[list[Line]]:
    for row in section.rows:
        told = [(label, said(_for_a_reader(key, value), zone)) for key, label, value in row]
        yield [(str(label), words) for label, words in told if words]


def _for_a_reader(key: str, value: Any) -> Any:
    """The names of languages; the file to take away keeps their short forms."""
    return [language_name(tag) for tag in value] if key == "languages" else value


def said(value: Any, zone: ZoneInfo) -> str:
    """A stored value in words; empty for what was not said."""
    match value:
        case bool():
            return _("yes") if value else _("no")
        case datetime():
            return date_format(value.astimezone(zone), _("j F Y, H:i"))
        case date():
            return date_format(value, _("j F Y"))
        case float():
            return number_format(value, 0 if value == int(value) else 1)
        case list() | tuple() | set() | frozenset():
            # Where a comma stands inside a number it cannot stand between two.
            beside = listed_apart if any(isinstance(each, float) for each in value) else listed
            return beside(said(each, zone) for each in value)
    return "" if value is None else str(value)


def file_of(copy: Copy) -> HttpResponse:
    """For taking away, under a name that says nothing."""
    answer = HttpResponse(copy.as_json(), content_type="application/json; charset=utf-8")
    answer.headers["Content-Disposition"] = 'attachment; filename="my-page.json"'
    return answer
