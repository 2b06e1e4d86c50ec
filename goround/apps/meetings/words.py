"""Meetings and who came, said in a sentence. Times are those on the clock of the group."""

from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from django.utils.formats import date_format
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from goround.apps.meetings.models import Meeting
from goround.apps.meetings.selectors import Correction, Counts
from goround.apps.reader.words import listed, listed_apart


def when_in_words(meeting: Meeting, *, at: datetime) -> str:
    """Such as "Tonight, 18:00 to 20:00" or "Tuesday 10 March, 18:00 to 20:00"."""
    starts = meeting.starts_at.astimezone(meeting.group.zone)
    ends = meeting.ends_at.astimezone(meeting.group.zone)
    return listed([capfirst(day_in_words(starts, at=at)), f"{starts:%H:%M}–{ends:%H:%M}"])


def day_in_words(moment: datetime, *, at: datetime) -> str:
    """ "Today", "Tomorrow", or the weekday and date, with the year where it is another."""
    today = at.astimezone(moment.tzinfo).date()
    named = {today: _("Today"), today + timedelta(days=1): _("Tomorrow")}
    if moment.date() in named:
        return named[moment.date()]
    return date_format(moment, _("l j F") if moment.year == today.year else _("l j F Y"))


def counts_of(meeting: Meeting) -> Counts:
    """The counts of a meeting that came from a selector, which adds how many were named."""
    named: int = meeting.__dict__["named"]
    return Counts(named, meeting.heads_parents, meeting.heads_new, meeting.children)


def counts_in_words(counts: Counts) -> str:
    """Such as "7 parents (5 by name, 2 counted), 4 children"; unknown is said, never zero."""
    return listed([_parents(counts), _children(counts.children)])


def correction_in_words(correction: Correction, *, zone: ZoneInfo, at: datetime) -> str:
    """Such as "Corrected today at 20:10 by Rosa: 7 to 8 present", naming only what changed."""
    moment = correction.at.astimezone(zone)
    day = day_in_words(moment, at=at)
    if moment.date() == at.astimezone(zone).date():
        day = _("today")
    told = {"day": day, "time": f"{moment:%H:%M}", "name": correction.by}
    words = (
        _("Corrected %(day)s at %(time)s by %(name)s")
        if correction.by
        else _("Corrected %(day)s at %(time)s")
    )
    return f"{words % told}: {listed_apart(_changes(correction))}"


def _changes(correction: Correction) -> list[str]:
    before, after = correction.before, correction.after
    pairs = [
        (_("%(before)s → %(after)s present"), before.parents, after.parents),
        (_("%(before)s → %(after)s by name"), before.named, after.named),
        (_("%(before)s → %(after)s new among those counted"), before.new, after.new),
        (_("%(before)s → %(after)s children"), before.children, after.children),
    ]
    if before.parents != after.parents:
        del pairs[1]
    changes = [
        words % {"before": _number(old), "after": _number(new)}
        for words, old, new in pairs
        if old != new
    ]
    return changes or [_("other names, as many as before")]


def _number(count: int | None) -> str:
    return _("not counted") if count is None else str(count)


def _parents(counts: Counts) -> str:
    if counts.parents is None:
        return _("parents not counted")
    words = ngettext("%(n)s parent", "%(n)s parents", counts.parents) % {"n": counts.parents}
    if counts.named and counts.heads:
        parts = _("%(named)s by name, %(heads)s counted")
        return f"{words} ({parts % {'named': counts.named, 'heads': counts.heads}})"
    return words


def _children(children: int | None) -> str:
    if children is None:
        return _("children not counted")
    return ngettext("%(n)s child", "%(n)s children", children) % {"n": children}
