"""What a playbook can say. Each attribute is one key of the TOML file, by the same name.

``docs/playbooks.md`` explains every key; a test fails when one has no line there.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

# Keys whose values people read; other texts are keys and rules.
TEXTS: Final = frozenset(
    {
        "name",
        "describes",
        "label",
        "says",
        "beside",
        "facilitator_title",
        "parent_leader_title",
    }
)


class Rhythm(StrEnum):
    """How often a group meets. Values equal those of the calendar's rhythm."""

    WEEKLY = "weekly"
    EVERY_TWO_WEEKS = "every-two-weeks"
    EVERY_THREE_WEEKS = "every-three-weeks"
    MONTHLY = "monthly"

    @property
    def meetings_a_year(self) -> int:
        return _MEETINGS_A_YEAR[self]

    def rarer_than(self, other: "Rhythm") -> bool:
        return self.meetings_a_year < other.meetings_a_year


_MEETINGS_A_YEAR = {
    Rhythm.WEEKLY: 52,
    Rhythm.EVERY_TWO_WEEKS: 26,
    Rhythm.EVERY_THREE_WEEKS: 17,
    Rhythm.MONTHLY: 12,
}


class FrontDoor(StrEnum):
    """How parents come in: to an open group, or placed in one from a waiting list."""

    DROP_IN = "drop-in"
    MATCHED = "matched"


@dataclass(frozen=True, slots=True)
class Choice:
    """One entry of a list the network may change: a key to store, a label to show."""

    key: str
    label: str

    def __str__(self) -> str:
        return self.label


@dataclass(frozen=True, slots=True)
class Sizes:
    """Members of a group, leaders who are not parents left out."""

    min: int
    max: int
    typical: tuple[int, int] | None = None


@dataclass(frozen=True, slots=True)
class Cadence:
    offered: tuple[Rhythm, ...]
    at_least: Rhythm | None = None

    @property
    def floor(self) -> Rhythm:
        """The rarest rhythm that still keeps to the playbook.

        Where the playbook names no ``at_least``, the rarest rhythm it offers.
        """
        return self.at_least or min(self.offered, key=lambda rhythm: rhythm.meetings_a_year)


@dataclass(frozen=True, slots=True)
class Minutes:
    """Length of one meeting, in minutes."""

    min: int
    max: int


@dataclass(frozen=True, slots=True)
class Leaders:
    facilitators: int
    facilitator_title: str
    facilitators_until_session: int | None = None
    parent_leader: bool = False
    parent_leader_title: str = "Parent leader"
    parent_leader_by_session: int | None = None
    childrens_leader: bool = False
    check_in: Rhythm | None = None


@dataclass(frozen=True, slots=True)
class Training:
    """``days`` is 0 and ``kinds`` empty where the programme asks for none."""

    days: int = 0
    kinds: tuple[Choice, ...] = ()
    background_check: bool = False
    supervision: bool = False
    train_the_trainer: bool = False


@dataclass(frozen=True, slots=True)
class Ratio:
    """How many children of an age band, such as ``3-5``, one adult looks after."""

    key: str
    children: int


@dataclass(frozen=True, slots=True)
class ChildrenProgramme:
    """A programme for children at the same hour; ages in whole years, both included."""

    age_min: int
    age_max: int
    ratios: tuple[Ratio, ...] = ()


@dataclass(frozen=True, slots=True)
class Formation:
    """How groups are formed: leaders to find for each, and what a kilometre is weighed against.

    One kilometre of one parent's way counts 1. See ``docs/playbooks.md`` for the other weights.
    """

    facilitators: int = 0
    window_weight: float = 0.5
    wish_weight: float = 2.0
    unplaced_weight: float = 1000.0


@dataclass(frozen=True, slots=True)
class Stage:
    """A step in a group's life, from a session on until the next stage begins.

    One that needs a parent leader waits for one. In one that runs itself nobody from outside
    checks in any more.
    """

    key: str
    label: str
    from_session: int
    size_max: int | None = None
    needs_parent_leader: bool = False
    runs_itself: bool = False


class PartKind(StrEnum):
    """What a part of a meeting is, for the guide that leads through it."""

    TALK = "talk"
    PRINCIPLES = "principles"
    GO_ROUND = "go-round"
    TOPIC = "topic"


@dataclass(frozen=True, slots=True)
class MeetingPart:
    """One part of a meeting: how long it takes, softly, and what the leader may say to begin."""

    key: str
    label: str
    minutes: int
    kind: PartKind = PartKind.TALK
    says: str | None = None


@dataclass(frozen=True, slots=True)
class Target:
    """What a network means to reach with the programme, and in how many months."""

    groups: int
    months: int
    organisations: int | None = None


@dataclass(frozen=True, slots=True)
class Playbook:
    """The rules of one programme. Where a rule is absent, the programme asks nothing.

    ``network_chooses`` lists the key paths whose values no source gives: the network decides
    them, and what stands in the file is a start. A page should say so.
    """

    key: str
    name: str
    describes: str
    sizes: Sizes
    cadence: Cadence
    minutes: Minutes
    leaders: Leaders
    front_doors: tuple[FrontDoor, ...]
    training: Training = Training()
    formation: Formation = Formation()
    types: tuple[Choice, ...] = ()
    referral_sources: tuple[Choice, ...] = ()
    principles: tuple[Choice, ...] = ()
    starting_agreement: tuple[Choice, ...] = ()
    purposes: tuple[Choice, ...] = ()
    readiness: tuple[Choice, ...] = ()
    stages: tuple[Stage, ...] = ()
    format: tuple[MeetingPart, ...] = ()
    introduction: tuple[MeetingPart, ...] = ()
    children_programme: ChildrenProgramme | None = None
    target: Target | None = None
    beside: str | None = None
    sessions: int | None = None
    introduction_minutes: int | None = None
    statistics_day: int | None = None
    survey_months: int | None = None
    open_discussion_share: float | None = None
    agreement: bool = False
    risk_assessment: bool = False
    proof_of_attendance: bool = False
    network_chooses: tuple[str, ...] = ()

    def stage_at(self, session: int) -> Stage | None:
        """The stage of a group at its ``session``-th meeting, counted from 1."""
        begun = [stage for stage in self.stages if stage.from_session <= session]
        return max(begun, key=lambda stage: stage.from_session, default=None)

    def size_max_at(self, session: int) -> int:
        """The most members at that meeting: a small start may allow fewer than ``sizes.max``."""
        stage = self.stage_at(session)
        return stage.size_max if stage and stage.size_max is not None else self.sizes.max

    def is_network_choice(self, path: str) -> bool:
        """Whether the file leaves this key path, or the table it stands in, to the network."""
        return any(
            path == chosen or path.startswith(f"{chosen}.") for chosen in self.network_chooses
        )


def label_of(choices: Sequence[Choice], key: str) -> str | None:
    """The label stored under ``key``, or None where the playbook no longer lists it."""
    return next((choice.label for choice in choices if choice.key == key), None)
