"""Whether what two windows found at the same time can stand together.

Each window was cut as if the other stayed as it was. Alone each breaks no rule; together they
might want one room twice, one facilitator twice, or bring people together who are kept apart.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain, combinations

from goround.domain.matching.engine import Team
from goround.domain.matching.filling import leading_elsewhere, taken
from goround.domain.matching.layout import Layout, pairs_apart
from goround.domain.matching.problem import Span


class Beside:
    """The rules between groups (H3, H10, H11), for teams in the numbers of one layout."""

    def __init__(self, layout: Layout) -> None:
        self.layout = layout
        self._venue = layout.hours.venue.tolist()
        self._apart: dict[int, list[int]] = defaultdict(list)
        for one, two in pairs_apart(layout):
            self._apart[one].append(two)
            self._apart[two].append(one)
        self._elsewhere = leading_elsewhere(layout)
        self._held: dict[int, list[Span]] = defaultdict(list)
        for hour, groups in enumerate(_held(layout)):
            self._held[self._venue[hour]] += [layout.hours.span(hour)] * groups

    def may_stand(self, found: Sequence[Team], rest: Sequence[Team]) -> bool:
        """Whether ``found`` breaks no rule beside ``rest``, each of them legal by itself."""
        return (
            self._have_rooms(found, rest)
            and self._have_leaders(found, rest)
            and self._keep_apart(found, rest)
        )

    def _span(self, team: Team) -> Span:
        return self.layout.hours.span(team.hour)

    def _have_rooms(self, found: Sequence[Team], rest: Sequence[Team]) -> bool:
        spans: dict[int, list[Span]] = {self._venue[team.hour]: [] for team in found}
        for team in chain(found, rest):
            if (venue := self._venue[team.hour]) in spans:
                spans[venue].append(self._span(team))
        return all(
            _most_at_once([*there, *self._held[venue]]) <= self.layout.problem.venues[venue].rooms
            for venue, there in spans.items()
        )

    def _have_leaders(self, found: Sequence[Team], rest: Sequence[Team]) -> bool:
        busy = {one: list(self._elsewhere.get(one, ())) for team in found for one in team.leaders}
        for team in chain(found, rest):
            for one in busy.keys() & set(team.leaders):
                busy[one].append(self._span(team))
        people = self.layout.problem.facilitators
        return all(
            len(spans) <= people[one].groups
            and not any(a.overlaps(b) for a, b in combinations(spans, 2))
            for one, spans in busy.items()
        )

    def _keep_apart(self, found: Sequence[Team], rest: Sequence[Team]) -> bool:
        """Nobody comes to a venue on a day when one they are kept apart from is there."""
        away = {other for team in found for other in self._away_from(team)}
        if not away:
            return True
        days = {unit: self._day(team) for team in rest for unit in team.units if unit in away}
        return not any(
            days.get(other) == self._day(team) for team in found for other in self._away_from(team)
        )

    def _away_from(self, team: Team) -> Iterator[int]:
        return chain.from_iterable(self._apart.get(unit, ()) for unit in team.units)

    def _day(self, team: Team) -> tuple[int, int]:
        return self._venue[team.hour], self._span(team).day


def _held(layout: Layout) -> Iterable[int]:
    """Groups at each hour that are no teams: locked ones, and those of other regions."""
    fixed = taken(layout)
    if layout.reserved is None:
        return fixed
    return [one + int(other) for one, other in zip(fixed, layout.reserved, strict=True)]


def _most_at_once(spans: Sequence[Span]) -> int:
    """The most is at some start."""
    starts = {Span(span.day, span.start, span.start + 1) for span in spans}
    return max(sum(span.overlaps(now) for span in spans) for now in starts)
