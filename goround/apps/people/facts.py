"""What a parent chose to tell: the same set of facts at every door."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any

from goround.apps.people.models import Parent


@dataclass(frozen=True, slots=True, kw_only=True)
class ParentFacts:
    """Facts for the columns and details of ``Parent``. Anything left empty was not said.

    The home is a coarse cell already: no other form of it goes any further than a form.
    """

    home_cell: str = ""
    languages: tuple[str, ...] = ()
    available: tuple[str, ...] = ()
    interests: tuple[str, ...] = ()
    modes: tuple[str, ...] = ()
    max_km: float | None = None
    needs: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    wishes: tuple[str, ...] = ()
    children_ages: tuple[float, ...] = ()
    disabilities: tuple[str, ...] = ()
    gender: str = ""
    safe_contact: str = ""
    safe_email: str = ""

    def columns(self) -> Iterator[tuple[str, Any]]:
        for field in fields(self):
            yield field.name, getattr(self, field.name)

    def put_on(self, parent: Parent, *, at: datetime) -> list[str]:
        """Set what differs on the unsaved row and name it. Ages carry their day."""
        changed = [name for name, value in self.columns() if getattr(parent, name) != value]
        for name, value in self.columns():
            setattr(parent, name, value)
        if "children_ages" in changed:
            parent.ages_on = parent.organisation.local(at).date() if self.children_ages else None
        return changed
