"""What a group is, said in a sentence."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from django.utils import dates
from django.utils.formats import date_format
from django.utils.translation import check_for_language, ngettext, override
from django.utils.translation import gettext as _

from goround.apps.groups.models import Group, Membership
from goround.apps.groups.series import first_from, meetings_of
from goround.apps.organisations.playbooks import playbook_of
from goround.apps.reader.words import enumerated, listed
from goround.domain.calendar.recurrence import LAST, Recurrence, Rhythm
from goround.domain.playbook.schema import label_of


def rhythm_in_words(rule: Recurrence) -> str:
    """Such as "Every second Tuesday" or "The last Friday of every month"."""
    named = enumerated(str(dates.WEEKDAYS[day]) for day in rule.weekdays)
    if rule.rhythm is Rhythm.MONTHLY:
        return _which_of_month(rule.nth or LAST) % {"day": named}
    patterns = {
        Rhythm.WEEKLY: _("Every %(day)s"),
        Rhythm.EVERY_TWO_WEEKS: _("Every second %(day)s"),
        Rhythm.EVERY_THREE_WEEKS: _("Every three weeks on %(day)s"),
    }
    return patterns[rule.rhythm] % {"day": named}


def hours_in_words(rule: Recurrence) -> str:
    """From and to by the clock on the wall."""
    ends = rule.first + timedelta(minutes=rule.minutes)
    return f"{rule.first:%H:%M}–{ends:%H:%M}"


def series_in_words(rule: Recurrence, skipped: frozenset[date] = frozenset()) -> str:
    """Such as "Every second Tuesday, from and to, until 30 June 2026".

    A number of meetings leaves out those that are skipped.
    """
    parts = [rhythm_in_words(rule), hours_in_words(rule)]
    if rule.until:
        parts.append(_("until %(day)s") % {"day": date_format(rule.until, _("j F Y"))})
    count = meetings_of(rule, skipped)
    if count is not None:
        times = ngettext("%(count)s meeting", "%(count)s meetings", count)
        parts.append(times % {"count": count})
    return listed(parts)


def type_in_words(group: Group) -> str:
    """The playbook's label for the group's type; empty where it has none."""
    return label_of(playbook_of(group.programme).types, group.type) or ""


def invitation_for(membership: Membership, *, group: Group) -> str:
    """A few sentences to read out or send, in the group's language where Goround speaks it.

    They name the place and the hour and nothing that tells a stranger what is shared there.
    """
    with override(_spoken(group.language)):
        lines = [
            _("Hello %(alias)s,") % {"alias": membership.alias},
            _("there is a place for you. We meet here:")
            if group.venue
            else _("there is a place for you."),
            *_place(group),
            series_in_words(group.recurrence(), group.days_skipped()) + ".",
            *_first_time(group, membership.joined_on),
            _("Come as you are; you need to bring nothing."),
            _("If it does not suit you, just say so."),
        ]
    return "\n".join(lines)


def _spoken(language: str) -> str:
    """The language, if these words have been put into it; else English, rather than a mixture.

    Names of weekdays come from Django, which speaks many more languages.
    """
    if not check_for_language(language):
        return "en"
    with override(language):
        translated = _("Come as you are; you need to bring nothing.")
    return language if translated != "Come as you are; you need to bring nothing." else "en"


def _which_of_month(nth: int) -> str:
    return {
        1: _("The first %(day)s of every month"),
        2: _("The second %(day)s of every month"),
        3: _("The third %(day)s of every month"),
        4: _("The fourth %(day)s of every month"),
        LAST: _("The last %(day)s of every month"),
    }[nth]


def _place(group: Group) -> list[str]:
    if group.venue is None:
        return []
    return [listed(part for part in (group.venue.name, group.venue.address) if part) + "."]


def _first_time(group: Group, on: date) -> list[str]:
    rule = group.recurrence()
    day = first_from(rule, group.days_skipped(), on)
    if day is None:
        return []
    starts = datetime.combine(day, rule.first.time())
    return [_("Your first time: %(when)s.") % {"when": date_format(starts, _("l j F, H:i"))}]
