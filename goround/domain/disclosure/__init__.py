"""Counts that may leave the house: what is shown, what is hidden, and the audit in between.

A *release* is a table of counts over one period. Everybody may keep every release there ever
was, add and subtract, and know the rules by heart. Whatever they do, a count below the
threshold must still be able to be any number below it.
"""

from goround.domain.disclosure.audit import Audit
from goround.domain.disclosure.cells import Cell, Span
from goround.domain.disclosure.deciding import (
    Because,
    Decision,
    NotReleasable,
    Progress,
    Shown,
    Watch,
    decide,
)
from goround.domain.disclosure.facts import Facts, Model, Past, facts_of
from goround.domain.disclosure.rules import Rules

__all__ = [
    "Audit",
    "Because",
    "Cell",
    "Decision",
    "Facts",
    "Model",
    "NotReleasable",
    "Past",
    "Progress",
    "Rules",
    "Shown",
    "Span",
    "Watch",
    "decide",
    "facts_of",
]
