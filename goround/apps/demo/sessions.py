"""The meetings of one group that has ended, and who was at each."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, timedelta
from random import Random

from goround.apps.groups.models import Group
from goround.apps.meetings.models import Meeting
from goround.domain.calendar import Exceptions, Occurrence, occurrences

CANCELLED = 0.04
NOT_COUNTED = 0.02
MOVED = 0.02
REASONS = (
    "A facilitator was ill",
    "The room had no heating",
    "Heavy rain, most could not come",
    "The building was closed",
    "Most had a school event that day",
)


@dataclass(frozen=True, slots=True)
class Told:
    """``present`` has for each parent the meetings they were at: one or more."""

    meetings: list[Meeting]
    present: list[list[Meeting]]


@dataclass(frozen=True, slots=True)
class Sessions:
    rng: Random

    def of(self, group: Group, parents: int) -> Told:
        """Unsaved meetings with their counts, and the attendance of so many parents."""
        meetings = [self._meeting(group, item) for item in _series(group)]
        # Somebody counted at the first, so that everybody has a meeting to have been at.
        self._hold(meetings[0])
        for meeting in meetings[1:]:
            self._happen(meeting)
        counted = [meeting for meeting in meetings if meeting.heads_parents is not None]
        present = [self._present(counted) for _ in range(parents)]
        self._children(counted, present)
        return Told(meetings, present)

    def _meeting(self, group: Group, item: Occurrence) -> Meeting:
        return Meeting(
            group=group,
            occurrence=item.original.astimezone(UTC),
            starts_at=item.starts_at.astimezone(UTC),
            ends_at=item.ends_at.astimezone(UTC),
        )

    def _happen(self, meeting: Meeting) -> None:
        chance = self.rng.random()
        if chance < CANCELLED:
            meeting.status = Meeting.Status.CANCELLED
            meeting.cancelled_because = self.rng.choice(REASONS)
            return
        if chance < CANCELLED + MOVED:
            meeting.starts_at += timedelta(days=1)
            meeting.ends_at += timedelta(days=1)
            meeting.moved_because = self.rng.choice(REASONS)
        self._hold(meeting)
        if chance > 1 - NOT_COUNTED:
            meeting.heads_parents = meeting.heads_new = None

    def _hold(self, meeting: Meeting) -> None:
        """Held, with now and then a guest counted beside the members."""
        meeting.status = Meeting.Status.HELD
        meeting.recorded_at = meeting.ends_at + timedelta(minutes=self.rng.randint(2, 40))
        guests = self.rng.choice([0] * 11 + [1, 2])
        meeting.heads_parents = guests
        meeting.heads_new = self.rng.choice([guests, None]) if guests else 0

    def _present(self, counted: Sequence[Meeting]) -> list[Meeting]:
        """From the first or a later meeting on, as regularly as life allows, once at least."""
        late = self.rng.choice([0, 0, 0, 0, 1, 1, 2, 3])
        begun = counted[min(late, len(counted) - 1) :]
        likely = self.rng.betavariate(4, 1.6)
        came = [meeting for meeting in begun[1:] if self.rng.random() < likely]
        return [begun[0], *came]

    def _children(self, counted: Sequence[Meeting], present: Sequence[Sequence[Meeting]]) -> None:
        """Children beside about as many parents; at some meetings nobody counted them."""
        a_parent = self.rng.choice([0.0, 0.4, 0.8, 1.1])
        for meeting in counted:
            parents = sum(meeting in came for came in present)
            if self.rng.random() < 0.12:
                continue
            meeting.children = round(parents * a_parent * self.rng.uniform(0.7, 1.2))


def _series(group: Group) -> list[Occurrence]:
    """The whole series; it has an end."""
    exceptions = Exceptions(skip_days=group.days_skipped())
    years = (group.first_at, group.first_at + timedelta(days=400))
    return occurrences(group.recurrence(), exceptions=exceptions, between=years)
