"""Figures of a report as they are written here."""

from django import template

from goround.web.evidence.wording import number

register = template.Library()


@register.filter
def figure_text(value: float | None) -> str:
    """One place after the point; empty for what is not known."""
    return "" if value is None else number(value)
