"""The children's list as a device keeps it: what they are called, and no adult's name.

Which adult stands there is asked of a fingerprint of their name, which the device makes of what
is typed: so a list that lies open shows nobody's name, and a name that is not on it is no use.
"""

from __future__ import annotations

import hmac
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from goround.apps.children.locking import Needs, barred_name, names_of, needs_of
from goround.apps.children.models import Adult, BarredAdult, Child
from goround.apps.children.programme import code_for
from goround.apps.children.selectors import Desk
from goround.apps.marks.models import Taken
from goround.apps.organisations.selectors import Viewer
from goround.domain.children.adults import words_of

LENGTH = 32


@dataclass(frozen=True, slots=True)
class KeptChild:
    """One child by the number the device knows them by, with fingerprints of their adults."""

    number: str
    child: Child
    is_here: bool
    listed: tuple[str, ...]
    barred: tuple[tuple[str, ...], ...]
    code: str
    allergies: str = ""
    needs: str = ""


def children_kept(viewer: Viewer, taken: Taken, desk: Desk, *, salt: str) -> list[KeptChild]:
    """The children of a desk that a selector found for this viewer. Few queries, for any number."""
    numbers = {pk: number for number, pk in taken.seats.items()}
    children = {each.visit.child.pk: each.visit.child for each in desk.here}
    here = frozenset(children)
    children |= {child.pk: child for child in desk.away}
    found = [child for child in children.values() if child.pk in numbers]
    adults, barred = _listed(found, desk.meeting.starts_at), _barred(found)

    def kept(child: Child) -> KeptChild:
        number = numbers[child.pk]
        known = needs_of(child) if child.has_needs else Needs()
        return KeptChild(
            number,
            child,
            child.pk in here,
            tuple(fingerprint(salt, number, "adult", _joined(name)) for name in adults[child.pk]),
            tuple(_words(salt, number, name) for name in barred[child.pk]),
            fingerprint(salt, number, "code", code_for(child, desk.meeting.pk)),
            known.allergies,
            known.needs,
        )

    return [kept(child) for child in sorted(found, key=lambda each: (each.alias, each.pk))]


def fingerprint(salt: str, number: str, kind: str, text: str) -> str:
    """What the device works out too; see ``adult-names.js``. Worth nothing without the salt."""
    said = f"{kind} {number} {text}".encode()
    return hmac.new(bytes.fromhex(salt), said, "sha256").hexdigest()[:LENGTH]


def _words(salt: str, number: str, name: str) -> tuple[str, ...]:
    return tuple(fingerprint(salt, number, "word", word) for word in sorted(words_of(name)))


def _joined(name: str) -> str:
    return " ".join(sorted(words_of(name)))


def _listed(children: Iterable[Child], at: datetime) -> dict[int, list[str]]:
    """Adults who may collect on the day of the meeting; whoever is not listed then is left out."""
    names: dict[int, list[str]] = {child.pk: [] for child in children}
    rows = list(Adult.objects.filter(child__in=names, ended_at=None).select_related("child__group"))
    said = names_of(rows)
    for row in rows:
        if row.is_good(on=row.child.group.today(at=at)):
            names[row.child_id].append(said[row.pk])
    return names


def _barred(children: Iterable[Child]) -> dict[int, list[str]]:
    names: dict[int, list[str]] = {child.pk: [] for child in children}
    for row in BarredAdult.objects.filter(child__in=names, ended_at=None).order_by("pk"):
        names[row.child_id].append(barred_name(row))
    return names
