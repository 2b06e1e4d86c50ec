"""How a chance is said: whole percents, and never a certainty there is not."""

from __future__ import annotations

from django import template
from django.utils.translation import gettext as _

from goround.web.templatetags.look import percent as percent_words

register = template.Library()


@register.filter
def chance(share: float) -> str:
    """
    >>> chance(0.0), chance(0.004), chance(0.514), chance(0.999), chance(1.0)
    ('0 %', 'under 1 %', '51 %', 'over 99 %', '100 %')
    """
    if 0 < share < 0.01:
        return _("under 1 %%") % {}
    if 0.99 < share < 1:
        return _("over 99 %%") % {}
    return percent_words(round(share * 100))
