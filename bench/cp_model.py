"""The whole problem as one model for OR-Tools CP-SAT: who sits in which group, and who leads.

Nothing is prepared by our own search. ``python -m bench.cp_model`` is a process of its own,
because OR-Tools and HiGHS cannot be loaded into one: it takes the pickled problem, seconds
and number of threads, and gives back the groups and whether they are proven best.
"""

from __future__ import annotations

import pickle
import sys
from collections import defaultdict
from typing import Any

from ortools.sat.python import cp_model

from goround.domain.matching.answer import FormedGroup
from goround.domain.matching.fits import can_attend, can_lead, km_to, speaks, wants
from goround.domain.matching.people import apart_from, blocks, most_members, stranded
from goround.domain.matching.problem import ANY_TYPE, Problem, Span, Venue

# Whole numbers only: costs in thousandths, ages in tenths of a year.
THOUSAND, TENTHS, OLDEST = 1000, 10, 260

Seat = tuple[int, int]


def _solve(problem: Problem, seconds: float, workers: int) -> tuple[tuple[FormedGroup, ...], bool]:
    """The best groups that CP-SAT finds in this time, and whether there are none better."""
    model = _Model(problem)
    solver = cp_model.CpSolver()
    solver.parameters.max_time_in_seconds = seconds
    solver.parameters.num_workers = workers
    status = solver.solve(model.cp)
    found = status in {cp_model.OPTIMAL, cp_model.FEASIBLE}
    return model.groups(solver) if found else (), status == cp_model.OPTIMAL


class _Model:
    """A group is a seat: one of an hour's rooms, counted from 0."""

    def __init__(self, problem: Problem) -> None:
        self.problem, self.cp = problem, cp_model.CpModel()
        self.hours: list[tuple[Venue, Span]] = [
            (venue, slot) for venue in problem.venues for slot in venue.slots
        ]
        self.seats: list[Seat] = []
        self.here: dict[Seat, list[int]] = {}
        self.open: dict[Seat, Any] = {}
        self.sits: dict[tuple[int, Seat], Any] = {}
        self.leads: dict[tuple[int, Seat], Any] = {}
        self.spoken: dict[Seat, dict[str, Any]] = {}
        self.kind: dict[Seat, dict[str, Any]] = {}
        self.cost: list[Any] = []
        for hour in range(len(self.hours)):
            self._add_hour(hour)
        self._each_parent_once()
        self._rooms()
        self._together_and_apart()
        self._leaders()
        for seat in self.seats:
            self._ages(seat)
            self._wishes(seat)
        self.cp.minimize(sum(self.cost))

    def _add_hour(self, hour: int) -> None:
        venue, slot = self.hours[hour]
        policy, parents = self.problem.policy, self.problem.parents
        lost = stranded(self.problem)
        here = [
            place
            for place, row in enumerate(parents)
            if row.id not in lost and can_attend(row, venue, slot)
        ]
        most = most_members(policy, venue)
        if most < policy.size_min:
            return
        for number in range(min(venue.rooms, len(here) // policy.size_min)):
            seat = hour, number
            self.seats.append(seat)
            self.here[seat] = here
            self.open[seat] = self.cp.new_bool_var(f"open{seat}")
            for place in here:
                self.sits[place, seat] = self.cp.new_bool_var(f"sits{place}{seat}")
                km = round(policy.km_weight * km_to(parents[place], venue) * THOUSAND)
                self.cost.append(km * self.sits[place, seat])
            size = sum(self.sits[place, seat] for place in here)
            self.cp.add(size >= policy.size_min * self.open[seat])
            self.cp.add(size <= most * self.open[seat])
            if number:  # rooms of one hour are alike: fill them in order
                self.cp.add_implication(self.open[seat], self.open[hour, number - 1])
            self._words(seat, venue, slot)

    def _words(self, seat: Seat, venue: Venue, slot: Span) -> None:
        """One language and one type for the group, and who can lead in them."""
        people = [self.problem.parents[place] for place in self.here[seat]]
        leaders = [
            place
            for place, row in enumerate(self.problem.facilitators)
            if self.problem.policy.facilitators and can_lead(row, venue, slot)
        ]
        for place in leaders:
            self.leads[place, seat] = self.cp.new_bool_var(f"leads{place}{seat}")
        led = sum(self.leads[place, seat] for place in leaders)
        self.cp.add(led == self.problem.policy.facilitators * self.open[seat])
        words = {word for row in people for word in row.languages}
        kinds = {kind for row in people for kind in row.interests} | {ANY_TYPE}
        self.spoken[seat] = {w: self.cp.new_bool_var(f"{w}{seat}") for w in sorted(words)}
        self.kind[seat] = {k: self.cp.new_bool_var(f"{k}{seat}") for k in sorted(kinds)}
        self.cp.add(sum(self.spoken[seat].values()) == self.open[seat])
        self.cp.add(sum(self.kind[seat].values()) == self.open[seat])
        everybody = [(self.sits[p, seat], self.problem.parents[p]) for p in self.here[seat]]
        everybody += [
            (self.leads[p, seat], self.problem.facilitators[p])  # type: ignore[list-item]
            for p in leaders
        ]
        for sits, row in everybody:
            able = [var for word, var in self.spoken[seat].items() if speaks(row, word)]
            self.cp.add_bool_or([*able, sits.negated()])
            fits = [var for kind, var in self.kind[seat].items() if wants(row, kind)]
            self.cp.add_bool_or([*fits, sits.negated()])

    def _each_parent_once(self) -> None:
        of: dict[int, list[Any]] = defaultdict(list)
        for (place, _), sits in self.sits.items():
            of[place].append(sits)
        for place, row in enumerate(self.problem.parents):
            left = self.cp.new_bool_var(f"left{place}")
            self.cp.add_exactly_one([left, *of[place]])
            loss = round(self.problem.policy.unplaced_weight * row.priority * THOUSAND)
            self.cost.append(loss * left)

    def _rooms(self) -> None:
        for venue in self.problem.venues:
            for start in {(slot.day, slot.start) for slot in venue.slots}:
                now = Span(start[0], start[1], start[1] + 1)
                held = [
                    self.open[seat]
                    for seat in self.seats
                    if self.hours[seat[0]][0].id == venue.id
                    and self.hours[seat[0]][1].overlaps(now)
                ]
                if len(held) > venue.rooms:
                    self.cp.add(sum(held) <= venue.rooms)

    def _together_and_apart(self) -> None:
        number = {row.id: place for place, row in enumerate(self.problem.parents)}
        for block in blocks(self.problem):
            for other in block[1:]:
                for seat in self.seats:
                    one, two = ((number[name], seat) for name in (block[0], other))
                    self.cp.add(self.sits.get(one, 0) == self.sits.get(two, 0))
        for name, others in apart_from(self.problem).items():
            for other in others:
                if name < other:
                    self._apart(number[name], number[other])

    def _apart(self, one: int, two: int) -> None:
        there: dict[tuple[str, int], list[Any]] = defaultdict(list)
        for seat in self.seats:
            venue, slot = self.hours[seat[0]]
            there[venue.id, slot.day] += [
                self.sits[place, seat] for place in (one, two) if (place, seat) in self.sits
            ]
        for sits in there.values():
            self.cp.add_at_most_one(sits)

    def _leaders(self) -> None:
        of: dict[int, list[tuple[Seat, Any]]] = defaultdict(list)
        for (place, seat), leads in self.leads.items():
            of[place].append((seat, leads))
        for place, led in of.items():
            self.cp.add(sum(var for _, var in led) <= self.problem.facilitators[place].groups)
            spans = {self.hours[seat[0]][1] for seat, _ in led}
            for day, start in {(span.day, span.start) for span in spans}:
                now = Span(day, start, start + 1)
                self.cp.add_at_most_one(
                    var for seat, var in led if self.hours[seat[0]][1].overlaps(now)
                )

    def _ages(self, seat: Seat) -> None:
        """Half the width of the window for each member, by the policy's weight."""
        weight = round(self.problem.policy.window_weight * THOUSAND / TENTHS)
        low, high = (self.cp.new_int_var(0, OLDEST, f"{end}{seat}") for end in ("low", "high"))
        for place in self.here[seat]:
            sits, row = self.sits[place, seat], self.problem.parents[place]
            width = self.cp.new_int_var(0, OLDEST, f"width{place}{seat}")
            self.cp.add(width >= high - low).only_enforce_if(sits)
            self.cost.append(weight * width)
            children = sorted({round(age * TENTHS) for age in row.children})
            chosen = [self.cp.new_bool_var(f"child{place}{seat}{age}") for age in children]
            for age, var in zip(children, chosen, strict=True):
                self.cp.add(low <= age).only_enforce_if(var)
                self.cp.add(high >= age).only_enforce_if(var)
            if chosen:
                self.cp.add_bool_or([*chosen, sits.negated()])
        self.cp.add(low <= high)

    def _wishes(self, seat: Seat) -> None:
        weight = round(self.problem.policy.wish_weight * THOUSAND)
        for place in self.here[seat]:
            for wish in self.problem.parents[place].wishes:
                others = [
                    self.sits[other, seat]
                    for other in self.here[seat]
                    if other != place and wish in self.problem.parents[other].tags
                ]
                unmet = self.cp.new_bool_var(f"unmet{place}{seat}{wish}")
                self.cp.add_bool_or([unmet, self.sits[place, seat].negated(), *others])
                self.cost.append(weight * unmet)

    def groups(self, solver: Any) -> tuple[FormedGroup, ...]:
        return tuple(
            self._group(solver, seat) for seat in self.seats if solver.value(self.open[seat])
        )

    def _group(self, solver: Any, seat: Seat) -> FormedGroup:
        problem, (venue, slot) = self.problem, self.hours[seat[0]]
        members = [problem.parents[p] for p in self.here[seat] if solver.value(self.sits[p, seat])]
        leaders = [
            problem.facilitators[place]
            for (place, at), var in self.leads.items()
            if at == seat and solver.value(var)
        ]
        (language,) = (word for word, var in self.spoken[seat].items() if solver.value(var))
        (kind,) = (kind for kind, var in self.kind[seat].items() if solver.value(var))
        stated = any(row.interests for row in (*members, *leaders))
        return FormedGroup(
            id=f"c{seat[0]}-{seat[1]}",
            venue=venue.id,
            slot=slot,
            language=language,
            type=kind if stated else ANY_TYPE,
            facilitators=tuple(sorted(row.id for row in leaders)),
            members=tuple(sorted(row.id for row in members)),
        )


if __name__ == "__main__":
    sys.stdout.buffer.write(pickle.dumps(_solve(*pickle.load(sys.stdin.buffer))))
