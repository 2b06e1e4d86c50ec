"""From the text of a TOML file to a playbook, or to everything that is wrong with it."""

import re
import tomllib

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
    Ratio,
    Rhythm,
    Sizes,
    Stage,
    Target,
    Training,
)
from goround.domain.playbook.tables import Notes, Table

_LABEL = 120
_SAYS = 400


class PlaybookError(ValueError):
    """The file is no playbook. ``problems`` holds one sentence for each thing to correct."""

    def __init__(self, problems: list[str]) -> None:
        self.problems = tuple(problems)
        super().__init__("\n".join(problems))


def read_playbook(text: str, *, source: str) -> Playbook:
    """The playbook in ``text``; ``source`` is the file name that every problem is told with.

    Raises ``PlaybookError`` with all problems at once, so one look is enough to correct a file.
    """
    try:
        values = tomllib.loads(text)
    # Not only TOMLDecodeError: a number of thousands of digits, lists a thousand deep.
    except (ValueError, RecursionError) as error:
        raise PlaybookError([f"{source}: is not valid TOML: {error}"]) from error
    notes = Notes(source)
    playbook = _playbook(Table(values, notes))
    _compare(playbook, notes)
    if notes.problems:
        raise PlaybookError(notes.problems)
    return playbook


def _playbook(top: Table) -> Playbook:
    playbook = Playbook(
        key=top.key("key"),
        name=top.text("name", longest=80),
        describes=top.text("describes", longest=600),
        sizes=_sizes(top.table("sizes")),
        cadence=_cadence(top.table("cadence")),
        minutes=_minutes(top.table("minutes")),
        leaders=_leaders(top.table("leaders")),
        front_doors=top.some_of("front_doors", FrontDoor),
        training=_training(top.table("training")),
        formation=_formation(top.table("formation")),
        types=top.named("types", _choice),
        referral_sources=top.named("referral_sources", _choice),
        principles=top.named("principles", _choice),
        starting_agreement=top.named("starting_agreement", _promise),
        purposes=top.named("purposes", _choice),
        readiness=top.named("readiness", _choice),
        stages=top.named("stages", _stage),
        format=top.named("format", _part),
        introduction=top.named("introduction", _part),
        children_programme=_children_programme(top),
        target=_target(top),
        beside=top.text("beside", longest=_LABEL) if top.has("beside") else None,
        sessions=top.maybe_whole("sessions", low=1, high=200),
        introduction_minutes=top.maybe_whole("introduction_minutes", low=1, high=240),
        statistics_day=top.maybe_whole("statistics_day", low=1, high=28),
        survey_months=top.maybe_whole("survey_months", low=1, high=60),
        open_discussion_share=_share(top),
        agreement=top.truth("agreement"),
        risk_assessment=top.truth("risk_assessment"),
        proof_of_attendance=top.truth("proof_of_attendance"),
        network_chooses=top.texts("network_chooses", longest=80),
    )
    top.done()
    return playbook


def _sizes(table: Table) -> Sizes:
    sizes = Sizes(
        min=table.whole("min", low=1, high=200),
        max=table.whole("max", low=1, high=200),
        typical=table.pair("typical", low=1, high=200),
    )
    table.done()
    return sizes


def _cadence(table: Table) -> Cadence:
    cadence = Cadence(
        offered=table.some_of("offered", Rhythm),
        at_least=table.one_of("at_least", Rhythm) if table.has("at_least") else None,
    )
    table.done()
    return cadence


def _minutes(table: Table) -> Minutes:
    minutes = Minutes(
        min=table.whole("min", low=10, high=600), max=table.whole("max", low=10, high=600)
    )
    table.done()
    return minutes


def _leaders(table: Table) -> Leaders:
    leaders = Leaders(
        facilitators=table.whole("facilitators", low=0, high=20),
        facilitator_title=table.text("facilitator_title", longest=_LABEL, default="Facilitator"),
        facilitators_until_session=table.maybe_whole("facilitators_until_session", low=1, high=200),
        parent_leader=table.truth("parent_leader"),
        parent_leader_title=table.text(
            "parent_leader_title", longest=_LABEL, default="Parent leader"
        ),
        parent_leader_by_session=table.maybe_whole("parent_leader_by_session", low=1, high=200),
        childrens_leader=table.truth("childrens_leader"),
        check_in=table.one_of("check_in", Rhythm) if table.has("check_in") else None,
    )
    table.done()
    return leaders


def _training(table: Table) -> Training:
    training = Training(
        days=table.whole("days", low=0, high=60, default=0),
        kinds=table.named("kinds", _choice),
        background_check=table.truth("background_check"),
        supervision=table.truth("supervision"),
        train_the_trainer=table.truth("train_the_trainer"),
    )
    table.done()
    return training


def _formation(table: Table) -> Formation:
    formation = Formation(
        facilitators=table.whole("facilitators", low=0, high=20, default=0),
        window_weight=table.number("window_weight", low=0, high=1000, default=0.5),
        wish_weight=table.number("wish_weight", low=0, high=1000, default=2.0),
        unplaced_weight=table.number("unplaced_weight", low=1, high=1_000_000, default=1000.0),
    )
    table.done()
    return formation


def _children_programme(top: Table) -> ChildrenProgramme | None:
    if not top.has("children_programme"):
        return None
    table = top.table("children_programme")
    programme = ChildrenProgramme(
        age_min=table.whole("age_min", low=0, high=25),
        age_max=table.whole("age_max", low=0, high=25),
        ratios=table.named("ratios", _ratio),
    )
    table.done()
    return programme


def _ratio(table: Table, key: str) -> Ratio:
    if not re.fullmatch(r"\d{1,2}-\d{1,2}", key):
        path = table.at(key)
        table.notes.refuse(path, "is no age band; it must be named with two ages, such as '3-5'")
    return Ratio(key, table.whole(key, low=1, high=50))


def _target(top: Table) -> Target | None:
    if not top.has("target"):
        return None
    table = top.table("target")
    target = Target(
        groups=table.whole("groups", low=1, high=100_000),
        months=table.whole("months", low=1, high=240),
        organisations=table.maybe_whole("organisations", low=1, high=10_000),
    )
    table.done()
    return target


def _share(top: Table) -> float | None:
    if not top.has("open_discussion_share"):
        return None
    return top.number("open_discussion_share", low=0, high=1, default=0)


def _choice(table: Table, key: str) -> Choice:
    return Choice(key=key, label=table.text(key, longest=_LABEL))


def _promise(table: Table, key: str) -> Choice:
    return Choice(key=key, label=table.text(key, longest=_SAYS))


def _stage(table: Table, key: str) -> Stage:
    inner = table.table(key)
    stage = Stage(
        key=key,
        label=inner.text("label", longest=_LABEL),
        from_session=inner.whole("from_session", low=1, high=200),
        size_max=inner.maybe_whole("size_max", low=1, high=200),
        needs_parent_leader=inner.truth("needs_parent_leader"),
        runs_itself=inner.truth("runs_itself"),
    )
    inner.done()
    return stage


def _part(table: Table, key: str) -> MeetingPart:
    inner = table.table(key)
    part = MeetingPart(
        key=key,
        label=inner.text("label", longest=_LABEL),
        minutes=inner.whole("minutes", low=1, high=240),
        kind=inner.one_of("kind", PartKind) if inner.has("kind") else PartKind.TALK,
        says=inner.text("says", longest=_SAYS) if inner.has("says") else None,
    )
    inner.done()
    return part


def _compare(playbook: Playbook, notes: Notes) -> None:
    """Rules between two keys; each problem names both."""
    _in_order(notes, "sizes.min", playbook.sizes.min, "sizes.max", playbook.sizes.max)
    _in_order(notes, "minutes.min", playbook.minutes.min, "minutes.max", playbook.minutes.max)
    if programme := playbook.children_programme:
        path = "children_programme"
        _in_order(notes, f"{path}.age_min", programme.age_min, f"{path}.age_max", programme.age_max)
    if typical := playbook.sizes.typical:
        _in_order(notes, "sizes.min", playbook.sizes.min, "sizes.typical", typical[0])
        _in_order(notes, "sizes.typical", typical[1], "sizes.max", playbook.sizes.max)
    _compare_rhythms(playbook, notes)
    _compare_leaders(playbook, notes)
    _compare_stages(playbook, notes)
    _compare_parts(playbook, notes)
    for path in playbook.network_chooses:
        if path not in notes.known:
            notes.problem(f"network_chooses holds {path!r}; it must be the path of a key")


def _in_order(notes: Notes, low_at: str, low: int, high_at: str, high: int) -> None:
    if low > high and not {low_at, high_at} & notes.refused:
        notes.problem(f"{low_at} is {low}; it must not be above {high_at}, {high}")


def _compare_rhythms(playbook: Playbook, notes: Notes) -> None:
    if {"cadence.offered", "cadence.at_least"} & notes.refused:
        return
    floor = playbook.cadence.floor
    for rhythm in playbook.cadence.offered:
        if rhythm.rarer_than(floor):
            notes.problem(
                f"cadence.offered holds '{rhythm}'; "
                f"it must not be rarer than cadence.at_least, '{floor}'"
            )


def _compare_leaders(playbook: Playbook, notes: Notes) -> None:
    leaders = playbook.leaders
    if "leaders.parent_leader" not in notes.refused and (
        leaders.parent_leader_by_session and not leaders.parent_leader
    ):
        notes.problem(
            f"leaders.parent_leader_by_session is {leaders.parent_leader_by_session}; "
            "it must be left out unless leaders.parent_leader is true"
        )
    if "leaders.childrens_leader" not in notes.refused and (
        playbook.children_programme and not leaders.childrens_leader
    ):
        notes.problem(
            "leaders.childrens_leader is false; it must be true where there is a children_programme"
        )


def _compare_stages(playbook: Playbook, notes: Notes) -> None:
    seen: dict[int, str] = {}
    for stage in playbook.stages:
        path = f"stages.{stage.key}"
        if stage.from_session in seen and f"{path}.from_session" not in notes.refused:
            notes.problem(
                f"{path}.from_session is {stage.from_session}; it must differ from "
                f"stages.{seen[stage.from_session]}.from_session"
            )
        seen.setdefault(stage.from_session, stage.key)
        if stage.size_max is not None:
            _in_order(notes, "sizes.min", playbook.sizes.min, f"{path}.size_max", stage.size_max)
            _in_order(notes, f"{path}.size_max", stage.size_max, "sizes.max", playbook.sizes.max)


def _compare_parts(playbook: Playbook, notes: Notes) -> None:
    """The parts of a meeting take no longer than the meeting, or than the time set aside."""
    takes = sum(part.minutes for part in playbook.format)
    _in_order(notes, "format", takes, "minutes.max", playbook.minutes.max)
    takes, aside = sum(part.minutes for part in playbook.introduction), "introduction_minutes"
    if playbook.introduction and playbook.introduction_minutes is None:
        if aside not in notes.refused:
            notes.problem(f"{aside} is missing; it must be set where there is an introduction")
    else:
        _in_order(notes, "introduction", takes, aside, playbook.introduction_minutes or takes)
