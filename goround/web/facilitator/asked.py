"""Questions that devices left open, in words: who or what, every side of it, and the buttons."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from goround.apps.accounts.models import User
from goround.apps.groups.models import Membership
from goround.apps.marks.answers import answers_to, word_of
from goround.apps.marks.working import CHILDREN, HEADS, HEADS_NEW, Asked, Kind, Work
from goround.apps.meetings.models import Meeting
from goround.apps.meetings.selectors import seats_at
from goround.domain.marks import Side


@dataclass(frozen=True, slots=True)
class SideShown:
    who: str
    said: str


@dataclass(frozen=True, slots=True)
class AnswerShown:
    value: str
    words: str


@dataclass(frozen=True, slots=True)
class AskedShown:
    about: str
    title: str
    why: str
    sides: tuple[SideShown, ...]
    answers: tuple[AnswerShown, ...]


def asked_shown(viewer: User, meeting: Meeting, work: Work) -> list[AskedShown]:
    """All that is asked of a meeting, with aliases from its own list alone."""
    aliases = {seat.membership.pk: seat.membership.alias for seat in seats_at(viewer, meeting)}
    return [_shown(one, work, aliases, meeting) for one in work.asked]


def _shown(asked: Asked, work: Work, aliases: Mapping[int, str], meeting: Meeting) -> AskedShown:
    title = _title(asked, work, aliases)
    sides = [_side(side, work, meeting) for side in asked.sides]
    return AskedShown(
        about=asked.about,
        title=title,
        why=WHY[asked.kind](),
        sides=tuple(sorted(sides, key=lambda side: (side.who, side.said))),
        answers=tuple(
            AnswerShown(value, _answer(asked, value, title)) for value in answers_to(asked)
        ),
    )


def _title(asked: Asked, work: Work, aliases: Mapping[int, str]) -> str:
    named = {HEADS: _("Parents without a name"), HEADS_NEW: _("New among those")}
    named[CHILDREN] = _("Children")
    if asked.about in named:
        return named[asked.about]
    if asked.about.startswith("seat:"):
        pk = int(asked.about.removeprefix("seat:"))
        return aliases.get(pk) or _former(work, pk)
    side = next(iter(asked.sides))
    return work.rows[side.mark].alias


def _former(work: Work, pk: int) -> str:
    """Somebody who is not on the list of that day any more."""
    seats: list[Membership] = [row.seat for row in work.rows.values() if row.seat]
    return next((seat.alias for seat in seats if seat.pk == pk), "")


def _side(side: Side, work: Work, meeting: Meeting) -> SideShown:
    row = work.rows.get(side.mark)
    if row is None:
        return SideShown(_("On the page"), _said(side.said))
    at: datetime = row.tapped_at.astimezone(meeting.group.zone)
    by = row.taken.by
    told: dict[str, Any] = {"name": by.get_short_name() if by else "", "time": f"{at:%H:%M}"}
    return SideShown(_("%(name)s, at %(time)s") % told, _said(side.said))


def _said(said: bool | int | None) -> str:
    match said:
        case True:
            return _("was here")
        case False:
            return _("was not here")
        case None:
            return _("not counted")
    return str(said)


def _answer(asked: Asked, value: str, title: str) -> str:
    if value == "nobody" and asked.kind is Kind.TOO_MANY_NEW:
        return _("Leave it open how many were new")
    fixed = {
        "same": _("It is %(alias)s of this group") % {"alias": title},
        "unnamed": _("Count one parent without a name"),
        "nobody": _("Leave them out"),
        word_of(True): _("Was here"),
        word_of(False): _("Was not here"),
        word_of(None): _("Not counted"),
    }
    return fixed.get(value, value)


WHY = {
    Kind.DISAGREE: lambda: _("Two lists say different things. How was it?"),
    Kind.NAMESAKE: lambda: _("Somebody new has a name that is taken. Is it one person or two?"),
    Kind.REFUSED: lambda: _("This person cannot be marked at this meeting."),
    Kind.TOO_MANY_NEW: lambda: _("More are new than were counted without a name."),
}
