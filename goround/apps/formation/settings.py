"""What a coordinator chooses for a round, in plain words' keys, and what the search makes of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from goround.apps.organisations.models import Programme
from goround.apps.organisations.playbooks import playbook_of
from goround.domain.matching.problem import Policy

SEARCH_SECONDS = (10, 20, 60, 180, 600)


class HowMuch(models.TextChoices):
    """How much something should matter, against what the playbook gives it."""

    LITTLE = "little", _("a little")
    USUAL = "usual", _("as usual")
    LOT = "lot", _("a lot")


_FACTOR = {HowMuch.LITTLE: 0.5, HowMuch.USUAL: 1.0, HowMuch.LOT: 2.0}


@dataclass(frozen=True, slots=True)
class RoundSettings:
    """Who takes part, where, and what matters. Ids are primary keys.

    ``waited_days``, ``language`` and ``type`` narrow the waiting list; 0 and empty do not.
    ``iterations`` ends a search early, so that it comes out the same on a slow machine.
    """

    waited_days: int = 0
    language: str = ""
    type: str = ""
    venues: tuple[int, ...] = ()
    facilitators: tuple[int, ...] = ()
    size_min: int = 4
    size_max: int = 6
    facilitators_each: int = 0
    seconds: int = 20
    iterations: int | None = None
    near_home: HowMuch = HowMuch.USUAL
    like_age: HowMuch = HowMuch.USUAL
    shared_wishes: HowMuch = HowMuch.USUAL

    def to_json(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> RoundSettings:
        words = {name: HowMuch(data[name]) for name in ("near_home", "like_age", "shared_wishes")}
        ids = {name: tuple(data[name]) for name in ("venues", "facilitators")}
        return cls(**{**data, **words, **ids})


def default_settings(programme: Programme) -> RoundSettings:
    """The playbook's sizes and leaders; no venue or facilitator chosen yet."""
    playbook = playbook_of(programme)
    return RoundSettings(
        size_min=min(playbook.sizes.min, playbook.size_max_at(1)),
        size_max=playbook.size_max_at(1),
        facilitators_each=playbook.formation.facilitators,
    )


def policy_of(programme: Programme, settings: RoundSettings) -> Policy:
    """The playbook's weights, turned up or down as the coordinator asked."""
    weights = playbook_of(programme).formation
    return Policy(
        size_min=settings.size_min,
        size_max=settings.size_max,
        facilitators=settings.facilitators_each,
        km_weight=_FACTOR[settings.near_home],
        window_weight=weights.window_weight * _FACTOR[settings.like_age],
        wish_weight=weights.wish_weight * _FACTOR[settings.shared_wishes],
        unplaced_weight=weights.unplaced_weight,
    )
