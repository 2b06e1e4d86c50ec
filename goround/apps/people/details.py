"""What of a parent is locked: where they live, their children's ages, how to reach them.

``Parent`` has these as attributes that look like columns and are none. Reading one for a
single parent asks the database once, as a deferred column does; for many parents call
``opening.open_details(parents)`` first. What was set is written by ``opening.keep_details``,
in the transaction that saves the parent.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, Self

# A locked value's length says only roughly how much was told.
PADDED_TO = 128


@dataclass(frozen=True, slots=True)
class Details:
    """Anything left empty was not said."""

    home_cell: str = ""
    children_ages: tuple[float, ...] = ()
    ages_on: date | None = None
    # Who of the family lives with one: "parent", "child". Told only to be counted.
    disabilities: tuple[str, ...] = ()
    # A way to reach them that they called safe, in their own words; empty for most.
    safe_contact: str = ""
    # An address they agreed to be written to at. Empty: nothing is ever sent to them.
    safe_email: str = ""

    def __repr__(self) -> str:
        return "Details(…)"

    def as_bytes(self) -> bytes:
        told = {
            "home": self.home_cell,
            "ages": self.children_ages,
            "ages_on": self.ages_on.isoformat() if self.ages_on else "",
            "disabilities": self.disabilities,
            "contact": self.safe_contact,
            "email": self.safe_email,
        }
        plain = json.dumps({name: value for name, value in told.items() if value}).encode()
        return plain + b" " * (-len(plain) % PADDED_TO)

    @classmethod
    def from_bytes(cls, plain: bytes) -> Details:
        told = json.loads(plain)
        day = told.get("ages_on")
        return cls(
            told.get("home", ""),
            tuple(told.get("ages", ())),
            date.fromisoformat(day) if day else None,
            tuple(told.get("disabilities", ())),
            told.get("contact", ""),
            told.get("email", ""),
        )


NOTHING_SAID = Details()


def _detail(name: str) -> Any:
    def read(self: HasDetails) -> Any:
        return getattr(self.details, name)

    def write(self: HasDetails, value: Any) -> None:
        told: Any = tuple(value) if isinstance(value, list) else value
        changed: dict[str, Any] = {name: told}
        self.opened = replace(self.details, **changed)

    return property(read, write)


class HasDetails:
    """The locked attributes of ``Parent``."""

    pk: Any
    # None until they were read.
    opened: Details | None = None

    home_cell: str = _detail("home_cell")
    children_ages: tuple[float, ...] = _detail("children_ages")
    ages_on: date | None = _detail("ages_on")
    disabilities: tuple[str, ...] = _detail("disabilities")
    safe_contact: str = _detail("safe_contact")
    safe_email: str = _detail("safe_email")

    @property
    def details(self) -> Details:
        if self.opened is None:
            from goround.apps.people.opening import details_of  # noqa: PLC0415  it reads models

            there = details_of([self.pk]) if self.pk else {}
            self.opened = there.get(self.pk, NOTHING_SAID)
        return self.opened

    def telling(self, **details: Any) -> Self:
        """The same parent, not written yet, with these details set."""
        self.opened = replace(self.details, **details)
        return self

    def refresh_from_db(self, *args: Any, **kwargs: Any) -> None:
        super().refresh_from_db(*args, **kwargs)  # type: ignore[misc]
        self.opened = None

    def ages(self, *, on: date) -> tuple[float, ...]:
        """The children's ages in years, carried forward from the day they were told."""
        told = self.details
        years = max((on - told.ages_on).days, 0) / 365.25 if told.ages_on else 0.0
        return tuple(round(age + years, 2) for age in told.children_ages)
