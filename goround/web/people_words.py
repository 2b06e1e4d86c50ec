"""What parents told, in the words of the page: languages, hours, needs, how long they wait."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from functools import cache, lru_cache
from typing import Any

from django.conf.locale import LANG_INFO
from django.utils import dates
from django.utils.formats import number_format
from django.utils.functional import Promise
from django.utils.translation import gettext, gettext_lazy, ngettext
from django.utils.translation import gettext as _

from goround.apps.reader.words import listed, readers_language
from goround.domain.matching.problem import DAYS, Span

Words = str | Promise

# Offered as boxes to tick, in their own names; every other language is in a list to choose from.
FIRST_LANGUAGES = (
    "en", "es", "ar", "zh", "hy", "ko", "vi", "tl", "fa", "ru", "fr", "ht", "pt", "so", "uk", "ur",
)  # fmt: skip
# Languages that Django has no name for: in the reader's words, and in their own.
NO_DJANGO_NAMES: dict[str, tuple[Words, str]] = {
    "tl": (gettext_lazy("Tagalog"), "Tagalog"),
    "ht": (gettext_lazy("Haitian Creole"), "Kreyòl ayisyen"),
    "so": (gettext_lazy("Somali"), "Soomaali"),
    "zh": (gettext_lazy("Chinese"), "中文"),
}

# A part of the day, its hours, and what to call it.
PARTS: dict[str, tuple[str, Words]] = {
    "morning": ("09:00-12:00", gettext_lazy("morning")),
    "afternoon": ("13:00-16:00", gettext_lazy("afternoon")),
    "evening": ("17:30-20:30", gettext_lazy("evening")),
}

NEEDS: dict[str, Words] = {
    "step-free": gettext_lazy("A way in without steps"),
    "childcare": gettext_lazy("Childcare"),
    "near-transport": gettext_lazy("Bus or train close by"),
    "hearing-loop": gettext_lazy("A hearing loop"),
    "quiet": gettext_lazy("A quiet room"),
}

# Parents' own criteria: true of me, and what I hope somebody shares.
CRITERIA: dict[str, Words] = {
    "single-parent": gettext_lazy("Raising children alone"),
    "recent-diagnosis": gettext_lazy("A child with a recent diagnosis"),
    "grandparent": gettext_lazy("Raising grandchildren"),
    "first-child": gettext_lazy("A first child"),
    "new-here": gettext_lazy("New in this place"),
}

# Asked for counting alone: nobody is placed or turned away by it.
DISABILITIES: dict[str, Words] = {
    "parent": gettext_lazy("The parent does"),
    "child": gettext_lazy("A child does"),
}

MODES: dict[str, Words] = {
    "in-person": gettext_lazy("in person"),
    "online": gettext_lazy("online"),
}


def own_name(tag: str) -> str:
    """A language as those who speak it call it; the tag where nobody told us a name."""
    return NO_DJANGO_NAMES.get(tag, ("", ""))[1] or str(_known(tag).get("name_local", tag))


def language_name(tag: str) -> str:
    """A language in the words of whoever reads the page."""
    return _named(tag, readers_language())


# A page of the waiting list names the same few languages and days hundreds of times.
@lru_cache(maxsize=4096)
def _named(tag: str, reader: str) -> str:
    if tag in NO_DJANGO_NAMES:
        return str(NO_DJANGO_NAMES[tag][0])
    known = _known(tag)
    # These names are in Django's own translations.
    return gettext(str(known["name"])) if "name" in known else tag


def _known(tag: str) -> dict[str, Any]:
    whole, short = tag.lower(), tag.lower().split("-", maxsplit=1)[0]
    return LANG_INFO.get(whole) or LANG_INFO.get(short) or {}


@cache
def other_languages() -> tuple[tuple[str, str], ...]:
    known = [
        (tag, str(info["name_local"]))
        for tag, info in LANG_INFO.items()
        if "name_local" in info and "-" not in tag and tag not in FIRST_LANGUAGES
    ]
    return tuple(sorted(known, key=lambda pair: pair[1].casefold()))


def word_for(key: str, known: dict[str, Words]) -> str:
    """The label of a key, or the key itself made readable where the list is somebody's own."""
    return str(known[key]) if key in known else key.replace("-", " ")


def day_name(day: str) -> str:
    return str(dates.WEEKDAYS[DAYS.index(day)])


def short_day_name(day: str) -> str:
    return _short_days(readers_language())[day]


@lru_cache(maxsize=32)
def _short_days(reader: str) -> dict[str, str]:
    return {day: str(dates.WEEKDAYS_ABBR[number]) for number, day in enumerate(DAYS)}


def hours_in_words(spans: Iterable[str]) -> list[tuple[str, str]]:
    """One pair of day and hours for each day, Monday first."""
    days: dict[int, list[str]] = {}
    for span in sorted(Span.parse(text) for text in spans):
        days.setdefault(span.day, []).append(str(span).split(" ", maxsplit=1)[1].replace("-", "–"))
    return [(str(dates.WEEKDAYS[day]), listed(hours)) for day, hours in days.items()]


def age_in_words(years: float) -> str:
    if years < 1:
        return _("under 1")
    return number_format(years, 0 if years == int(years) else 1)


def wait_in_words(since: datetime, at: datetime) -> str:
    """How long somebody waits, in the unit a person would say it in."""
    days = max((at - since).days, 0)
    if days == 0:
        return _("since today")
    if days < 14:
        return ngettext("%(n)s day", "%(n)s days", days) % {"n": days}
    if days < 7 * 13:
        weeks = days // 7
        return ngettext("%(n)s week", "%(n)s weeks", weeks) % {"n": weeks}
    months = round(days / 30.44)
    if months < 24:
        return ngettext("%(n)s month", "%(n)s months", months) % {"n": months}
    years = months // 12
    return ngettext("%(n)s year", "%(n)s years", years) % {"n": years}
