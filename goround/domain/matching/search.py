"""Form groups: the one function that pages, commands and jobs call."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass

from goround.domain.matching.answer import Answer, FormedGroup, next_group_ids
from goround.domain.matching.cost import answer_cost
from goround.domain.matching.explain import reasons_unplaced
from goround.domain.matching.fits import can_attend
from goround.domain.matching.people import pick_facilitators, room_is_free, stranded
from goround.domain.matching.problem import ANY_TYPE, Parent, Problem


@dataclass(frozen=True, slots=True)
class Progress:
    """Where the search is: ``phase`` is ``building``, ``improving`` or ``explaining``."""

    placed: int
    total: int
    cost: float
    seconds: float
    phase: str


def solve(
    problem: Problem,
    *,
    seconds: float,
    seed: int,
    start: Answer | None = None,
    progress: Callable[[Progress], bool] | None = None,
    iterations: int | None = None,
) -> Answer:
    began = time.monotonic()
    groups = list(start.groups) if start else []
    placed = {name for group in groups for name in group.members} | stranded(problem)
    placed |= {p.id for p in problem.parents if p.together or p.apart}
    for venue in problem.venues:
        for slot in venue.slots:
            here = [p for p in problem.parents if can_attend(p, venue, slot)]
            for language in sorted({x for p in here for x in p.languages}):
                for group_type in sorted({x for p in here for x in p.interests}):
                    while room_is_free(venue, slot, groups):
                        fit: list[Parent] = [
                            p
                            for p in here
                            if p.id not in placed
                            and language in p.languages
                            and group_type in p.interests
                        ][: problem.policy.size_max]
                        if len(fit) < problem.policy.size_min or group_type == ANY_TYPE:
                            break
                        (name,) = next_group_ids([g.id for g in groups], 1)
                        group = FormedGroup(
                            name, venue.id, slot, language, group_type, (), tuple(p.id for p in fit)
                        )
                        led = pick_facilitators(problem, venue, group, groups)
                        if len(led) < problem.policy.facilitators or (
                            venue.capacity is not None and venue.capacity < len(fit) + len(led)
                        ):
                            break
                        groups.append(
                            FormedGroup(
                                name, venue.id, slot, language, group_type, led, group.members
                            )
                        )
                        placed |= set(group.members)
    cost = answer_cost(problem, groups)
    if progress is not None:
        progress(Progress(len(placed), len(problem.parents), cost, seconds, "building"))
    home = {name for group in groups for name in group.members}
    left = [p.id for p in problem.parents if p.id not in home]
    return Answer(
        tuple(groups),
        tuple(reasons_unplaced(problem, groups, left)),
        cost,
        None,
        seed,
        time.monotonic() - began,
    )
