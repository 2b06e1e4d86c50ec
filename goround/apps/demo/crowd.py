"""Invented parents of 2015: an alias, a coarse home, ages of children, and how they came."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random
from zlib import crc32

from goround.apps.demo.places import Host
from goround.apps.groups.models import Group
from goround.apps.people.models import Parent, Referral
from goround.domain.privacy import suggest_alias

AGES = {
    "new-baby": (0.0, 1.5),
    "teen": (0.0, 3.0),
    "special-needs": (1.0, 9.0),
    "foster": (0.5, 12.0),
}
ANY_AGE = (0.0, 11.0)
HOURS = {"morning": "09:00-12:00", "afternoon": "13:00-16:00", "evening": "17:30-20:30"}


class Aliases:
    """Two friendly words each, numbered once they are used up."""

    def __init__(self, rng: Random) -> None:
        self.rng = rng
        self.used: dict[str, int] = {}

    def next(self) -> str:
        words = suggest_alias(self.rng)
        self.used[words] = self.used.get(words, 0) + 1
        return words if self.used[words] == 1 else f"{words} {self.used[words]}"


@dataclass(frozen=True, slots=True)
class Crowd:
    """Makes unsaved rows. Nobody of them resembles anybody."""

    rng: Random
    aliases: Aliases

    def parent(
        self, group: Group, host: Host, *, reference: str, gender: str, hour: str, since: datetime
    ) -> Parent:
        day = f"{group.first_local:%a}".lower()
        ages = self._ages(group.type)
        alias, home = self.aliases.next(), host.home(self.rng)
        return Parent(
            organisation_id=group.organisation_id,
            reference=reference,
            alias=alias,
            gender=gender,
            languages=self._languages(group.language),
            available=(f"{day} {HOURS[hour]}",),
            interests=(group.type,),
            created_at=since,
        ).telling(
            home_cell=home,
            children_ages=tuple(ages),
            ages_on=since.date() if ages else None,
            disabilities=_disabilities(group.type, reference),
        )

    def referral(self, parent: Parent, group: Group, *, source: str, placed: datetime) -> Referral:
        agency = source == "hospitals"
        door = Referral.Door.SELF if source == "self" else Referral.Door.LIST
        return Referral(
            organisation_id=group.organisation_id,
            programme_id=group.programme_id,
            parent=parent,
            door=Referral.Door.AGENCY if agency else door,
            source=source,
            agency="Welcome visitors, maternity ward (demo)" if agency else "",
            agreed_on=parent.created_at.date() if agency else None,
            status=Referral.Status.PLACED,
            waiting_since=parent.created_at,
            ended_at=placed,
        )

    def waited_since(self, joined: datetime) -> datetime:
        return joined - timedelta(days=self.rng.randint(14, 70), hours=self.rng.randint(1, 9))

    def _ages(self, kind: str) -> list[float]:
        low, high = AGES.get(kind, ANY_AGE)
        number = self.rng.choice([0, 1, 1, 1, 2, 2, 3]) if kind == "self-care" else 1
        number += self.rng.random() < 0.4
        ages = (self.rng.uniform(low, high) for _ in range(number))
        return sorted(round(age * 2) / 2 for age in ages)

    def _languages(self, spoken: str) -> tuple[str, ...]:
        both = self.rng.random() < 0.3
        return (spoken, "en" if spoken != "en" else "es") if both else (spoken,)


def _disabilities(kind: str, reference: str) -> tuple[str, ...]:
    """Every eighth parent tells of one; of a child's, those who came for that, and some others."""
    drawn = crc32(reference.encode())
    told = {"parent": drawn % 8 == 0, "child": kind == "special-needs" or drawn % 10 == 0}
    return tuple(who for who, does in told.items() if does)
