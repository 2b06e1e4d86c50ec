"""How far groups have gone towards leading themselves. It tells of no vote."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Count, Max

from goround.apps.decisions.models import CheckIn, Mandate
from goround.apps.groups.models import Group, Leadership
from goround.apps.meetings.models import Meeting
from goround.apps.organisations.playbooks import playbook_of
from goround.apps.organisations.selectors import Viewer
from goround.domain.playbook.handover import Handover, HandoverFacts, Next, Step, handover

LEADS = {"part": Leadership.Part.PARENT_LEADER, "to_on": None}


@dataclass(frozen=True, slots=True)
class GroupHandover:
    group: Group
    handover: Handover
    # Whether the playbook knows of any stage, leader or check-in: else there is nothing to say.
    is_asked: bool

    def step(self, code: Next) -> Step | None:
        return next((step for step in self.handover.steps if step.code == code), None)

    def late(self, code: Next) -> bool:
        step = self.step(code)
        return step is not None and step.is_late

    def due_on(self, code: Next) -> date:
        step = self.step(code)
        return step.on if step and step.on else date.max


def handovers(viewer: Viewer, groups: Sequence[Group], *, at: datetime) -> list[GroupHandover]:
    """Groups with their programmes that a selector found for this viewer. At most four queries."""
    facts = _Read.of([group.pk for group in groups], at)
    return [facts.handover(group, at) for group in groups]


def handover_of(viewer: Viewer, group: Group, *, at: datetime) -> GroupHandover:
    """One group that a selector found for this viewer."""
    return handovers(viewer, [group], at=at)[0]


@dataclass(frozen=True, slots=True)
class _Read:
    sessions: Mapping[int, int]
    since: Mapping[int, date]
    checked_on: Mapping[int, date]
    terms: Mapping[int, date]

    @classmethod
    def of(cls, ids: Sequence[int], at: datetime) -> _Read:
        held = Meeting.objects.filter(group__in=ids, starts_at__lte=at)
        held = held.exclude(status=Meeting.Status.CANCELLED)
        leading = Leadership.objects.filter(group__in=ids, **LEADS).order_by("-from_on")
        led = list(leading.values_list("pk", "group", "from_on"))
        group_of = {pk: group for pk, group, _since in led}
        talks = CheckIn.objects.filter(leadership__in=group_of)
        latest = talks.values_list("leadership").annotate(on=Max("on")).order_by("on")
        # A leader elected twice has the later term; of several leaders the first to end.
        given = Mandate.objects.filter(leadership__in=group_of, accepted=True)
        terms = given.values_list("leadership").annotate(Max("until_on")).order_by()
        return cls(
            sessions=dict(held.values_list("group").annotate(Count("pk")).order_by()),
            since={group: since for _pk, group, since in led},
            checked_on={group_of[pk]: on for pk, on in latest},
            terms=_first_to_end((group_of[pk], until) for pk, until in terms),
        )

    def handover(self, group: Group, at: datetime) -> GroupHandover:
        playbook = playbook_of(group.programme)
        facts = HandoverFacts(
            session=self.sessions.get(group.pk, 0),
            today=group.today(at=at),
            leads_since=self.since.get(group.pk),
            last_check_in_on=self.checked_on.get(group.pk),
            term_ends_on=self.terms.get(group.pk),
        )
        asked = playbook.stages or playbook.leaders.parent_leader or playbook.leaders.check_in
        return GroupHandover(group, handover(playbook, facts), bool(asked))


def _first_to_end(rows: Iterable[tuple[int, date]]) -> dict[int, date]:
    ends: dict[int, date] = {}
    for group, until in rows:
        ends[group] = min(until, ends.get(group, until))
    return ends
