"""Playbooks: a programme's rules as data, and what a group is short of."""

from goround.domain.playbook.read import PlaybookError, read_playbook
from goround.domain.playbook.schema import (
    Cadence,
    ChildrenProgramme,
    Choice,
    Formation,
    FrontDoor,
    Leaders,
    MeetingPart,
    Minutes,
    PartKind,
    Playbook,
    Rhythm,
    Sizes,
    Stage,
    Target,
    Training,
)
from goround.domain.playbook.shortfalls import (
    Code,
    FacilitatorFacts,
    GroupFacts,
    Shortfall,
    shortfalls,
    unknown_facts,
)

__all__ = [
    "Cadence",
    "ChildrenProgramme",
    "Choice",
    "Code",
    "FacilitatorFacts",
    "Formation",
    "FrontDoor",
    "GroupFacts",
    "Leaders",
    "MeetingPart",
    "Minutes",
    "PartKind",
    "Playbook",
    "PlaybookError",
    "Rhythm",
    "Shortfall",
    "Sizes",
    "Stage",
    "Target",
    "Training",
    "read_playbook",
    "shortfalls",
    "unknown_facts",
]
