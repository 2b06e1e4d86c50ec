"""How far a count goes, in words."""

from __future__ import annotations

from django import template
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from goround.domain.counting import Figures, Tally

register = template.Library()


@register.filter
def at_meetings(tally: Tally) -> str:
    """At how many of the held meetings somebody counted: "at 9 of 11 meetings; 2 not counted"."""
    if not tally.meetings:
        return _("no meeting was held")
    if not tally.uncounted:
        return ngettext("at %(n)s meeting", "at %(n)s meetings", tally.counted) % {
            "n": tally.counted
        }
    return _("at %(counted)s of %(meetings)s meetings; %(missing)s not counted") % {
        "counted": tally.counted,
        "meetings": tally.meetings,
        "missing": tally.uncounted,
    }


@register.filter
def nameless(figures: Figures) -> str:
    """Who is left out of the different parents: "29 without a name cannot be told apart"."""
    if not figures.heads:
        return _("by name or alias")
    words = ngettext(
        "by name or alias; %(n)s without a name cannot be told apart",
        "by name or alias; %(n)s without a name cannot be told apart",
        figures.heads,
    )
    return words % {"n": figures.heads}
