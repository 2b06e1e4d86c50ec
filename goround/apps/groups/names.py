"""Names and aliases, each meaning one group or one person."""

from __future__ import annotations

from collections.abc import Collection

from goround.apps.groups.models import Group
from goround.apps.organisations.models import Organisation

LONGEST_NAME = 120
LONGEST_ALIAS = 60


def free_name(*, organisation: Organisation, name: str) -> str:
    """The name, or the name with the first free number: "Monday circle 2"."""
    taken = {
        other.casefold()
        for other in Group.objects.filter(organisation=organisation).values_list("name", flat=True)
    }
    return first_free(name, taken, longest=LONGEST_NAME)


def first_free(name: str, taken: Collection[str], *, longest: int) -> str:
    """``name`` when no casefolded name in ``taken`` equals it, else numbered from 2 on.

    >>> first_free("Ana", {"ana"}, longest=60)
    'Ana 2'
    """
    name = " ".join(name.split())[:longest].strip()
    if name.casefold() not in taken:
        return name
    for number in range(2, len(taken) + 3):
        tail = f" {number}"
        numbered = name[: longest - len(tail)].strip() + tail
        if numbered.casefold() not in taken:
            return numbered
    raise AssertionError("as many numbers as names were tried")


def tidy_alias(alias: str) -> str:
    """The alias with single spaces, no longer than the column."""
    return " ".join(alias.split())[:LONGEST_ALIAS].strip()
