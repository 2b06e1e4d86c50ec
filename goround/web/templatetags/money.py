"""Money as people read it. The page says the currency once."""

from __future__ import annotations

from typing import Any

from django import template
from django.utils.formats import number_format
from django.utils.text import capfirst

from goround.apps.costs.models import CostLine
from goround.domain.costs import Currency, Kind

register = template.Library()


@register.filter
def money(units: int | None, currency: Currency) -> str:
    """Smallest units in the digits of their currency; nothing where nothing is known.

    >>> money(14250, Currency("USD"))
    '142.50'
    """
    if units is None:
        return ""
    return number_format(currency.written(units), currency.digits, force_grouping=True)


@register.filter
def cost_kind(kind: Kind) -> str:
    return str(capfirst(str(CostLine.Kind(kind.value).label)))


@register.inclusion_tag("components/figure.html")
def sum_figure(label: Any, units: int | None, currency: Currency, note: Any = "") -> dict[str, Any]:
    """As ``figure`` of ``look``, for a sum of money."""
    return {
        "label": label,
        "value": "" if units is None else money(units, currency),
        "of": None,
        "share": "",
        "unknown": None,
        "note": note,
    }
