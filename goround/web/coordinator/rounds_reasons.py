"""Why a parent has no group, and what would change it, in the words of the page."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from goround.domain.matching.problem import Span
from goround.web.coordinator.rounds_words import (
    Wording,
    kilometres,
    needs_words,
    slot_words,
    together,
)
from goround.web.people_words import language_name

# One label for both: that two people must be kept apart is nobody's to read here.
NO_PLACE = "no-room-left"
SAME_REASON = {"kept-apart": NO_PLACE}


def shown_reason(reason: str) -> str:
    return SAME_REASON.get(reason, reason)


def reason_words(reason: str) -> str:
    return {
        "no-venue-in-reach": _("No venue near enough"),
        "no-venue-meets-needs": _("No venue near has what they need"),
        "no-shared-hour": _("Never free when a venue is"),
        "no-facilitator": _("No facilitator free for them"),
        "too-few-alike": _("Too few others who fit"),
        "partner-cannot": _("The one they come with cannot"),
        NO_PLACE: _("No place left"),
    }[shown_reason(reason)]


def lacks_words(lacks: str) -> str:
    return {
        "place": _("wants to meet in person, and we do not know where they live"),
        "languages": _("has told us no language"),
        "hours": _("has told us no free hours"),
    }[lacks]


def change_words(words: Wording, change: Mapping[str, Any] | None) -> str:
    """What would let somebody in, as a sentence a coordinator can act on.

    Nothing is said of people kept apart: then no change is found, as for anybody else.
    """
    if change is None:
        return ""
    said = _said(change["kind"], change)
    if said is None:
        return _("No one change was found.")
    parts = _parts(words, change)
    if change["kind"] in {"farther", "mode", "features", "hour"} and parts["lacking"]:
        more = _("Still missing then for a group, %(group)s: %(lacking)s.")
        return f"{said % parts} {more % parts}"
    return said % parts


def _said(kind: str, change: Mapping[str, Any]) -> str | None:
    count = change["count"] or 0
    return {
        "farther": _("The group at %(where)s has a place, if %(km)s farther is all right.")
        if change["group"]
        else _("%(where)s would do, if %(km)s farther is all right."),
        "mode": _("%(where)s would do, if they could also meet %(wanted)s."),
        "features": _("%(where)s would do, if it had: %(wanted)s."),
        "hour": _("%(where)s would do, if it were open %(when)s."),
        "join": _("The group at %(where)s has a place, if they were free %(when)s."),
        "parents": ngettext(
            "%(count)s parent more would make a group: %(group)s.",
            "%(count)s parents more would make a group: %(group)s.",
            count,
        ),
        "facilitators": ngettext(
            "%(count)s facilitator more would make a group: %(group)s.",
            "%(count)s facilitators more would make a group: %(group)s.",
            count,
        ),
        "room": _("One room more would make a group: %(group)s."),
        "several": _("Still missing for a group, %(group)s: %(lacking)s."),
        "partners": _("%(people)s would have to be able to come as well."),
    }.get(kind)


def _parts(words: Wording, change: Mapping[str, Any]) -> dict[str, str]:
    slot = change["slot"]
    when = slot_words(Span.parse(slot)) if slot else ""
    where = words.venue(change["venue"])
    return {
        "where": where,
        "when": when,
        "km": kilometres(change["km"] or 0),
        "wanted": needs_words(change["wanted"]),
        "count": str(change["count"] or 0),
        "lacking": _lacking(change),
        "people": words.people(change["people"]),
        "group": _("%(type)s in %(language)s, %(when)s at %(where)s")
        % {
            "type": words.type(change["type"]),
            "language": language_name(change["language"] or ""),
            "when": when,
            "where": where,
        },
    }


def _lacking(change: Mapping[str, Any]) -> str:
    parents, leaders = change["count"] or 0, change["leaders"] or 0
    lacking = []
    if parents:
        lacking.append(ngettext("%(n)s parent", "%(n)s parents", parents) % {"n": parents})
    if leaders:
        words = ngettext("%(n)s facilitator", "%(n)s facilitators", leaders)
        lacking.append(words % {"n": leaders})
    if change.get("room"):
        lacking.append(_("a room"))
    return together(lacking)
