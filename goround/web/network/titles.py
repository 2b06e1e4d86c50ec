"""What a release and its period are called."""

from __future__ import annotations

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from goround.apps.releases.catalogue import TABLES, Kind, first_day, last_day
from goround.apps.releases.models import Draft, Release
from goround.apps.releases.naming import TITLES
from goround.domain.disclosure import Span


def title(shown: Draft | Release) -> str:
    period = period_words(TABLES[shown.table].kind, shown.span)
    return f"{TITLES[shown.table]}: {period}"


def period_words(kind: Kind, span: Span) -> str:
    first, last = first_day(span), last_day(span)
    if kind is Kind.MONTH:
        return date_format(first, _("F Y"))
    if kind is Kind.YEAR:
        return str(first.year)
    return f"{date_format(first, _('M Y'))} – {date_format(last, _('M Y'))}"
