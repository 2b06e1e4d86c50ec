"""Whether a group has a children's programme, its age bands, and the codes of its families."""

from __future__ import annotations

from datetime import datetime

from goround.apps.children.models import Child
from goround.apps.circle.hours import can_open
from goround.apps.groups.models import Group
from goround.apps.keys.roots import derived
from goround.apps.meetings.models import Meeting
from goround.apps.organisations.playbooks import playbook_of
from goround.domain.children.codes import pick_up_code
from goround.domain.children.ratios import USUAL_BANDS, Band


def has_programme(group: Group) -> bool:
    return playbook_of(group.programme).children_programme is not None


def bands_of(group: Group) -> tuple[Band, ...]:
    """The programme's age bands, youngest first, with their ratios; none for no programme.

    Where the network chose no ratios, these are the usual bands, and no ratio is claimed.
    """
    asked = playbook_of(group.programme).children_programme
    if asked is None:
        return ()
    if asked.ratios:
        return tuple(Band(ratio.key, ratio.children) for ratio in asked.ratios)
    return tuple(Band(key) for key in USUAL_BANDS if _within(key, asked.age_min, asked.age_max))


def can_begin(meeting: Meeting, *, at: datetime) -> bool:
    """On the day of a meeting that takes place, as a go-round can."""
    return has_programme(meeting.group) and can_open(meeting, at=at)


def ratios_are_a_start(group: Group) -> bool:
    """Whether the numbers are the playbook's start, which no source gives, and not chosen here."""
    return not group.programme.own_rules


def code_for(child: Child, meeting_id: int) -> str:
    """The family's pick-up code beside this meeting, the same each time it is asked for."""
    key = derived(f"pick-up codes of organisation {child.organisation_id}")
    return pick_up_code(key, session=meeting_id, family=child.family, number=child.code_number)


def _within(key: str, low: int, high: int) -> bool:
    first, _, last = key.partition("-")
    return int(first) <= high and int(last) >= low
