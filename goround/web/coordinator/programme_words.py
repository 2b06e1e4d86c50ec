"""A playbook's rules in plain words, and what differs between two of them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from goround.apps.reader.words import dotted, listed_apart
from goround.domain.playbook.schema import (
    Choice,
    FrontDoor,
    MeetingPart,
    PartKind,
    Playbook,
    Rhythm,
    Stage,
)


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule: the key of the playbook it stands for, what it is about, and what it asks.

    ``words`` is empty where the programme asks nothing.
    """

    path: str
    label: str
    words: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Shown:
    """One rule as a page shows it. ``shipped`` holds the shipped words where they differ."""

    rule: Rule
    is_network_choice: bool
    is_changed: bool = False
    shipped: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Section:
    title: str
    rules: tuple[Shown, ...]


@dataclass(frozen=True, slots=True)
class Difference:
    label: str
    before: tuple[str, ...]
    after: tuple[str, ...]


def sections(playbook: Playbook, shipped: Playbook) -> list[Section]:
    """The rules in force by subject, marked where they are the network's choice or its change."""
    found = []
    for (title, rules), (_title, ours) in zip(_all(playbook), _all(shipped), strict=True):
        shown = tuple(
            Shown(
                rule,
                is_network_choice=_is_network_choice(playbook, rule.path),
                is_changed=rule.words != original.words,
                shipped=original.words if rule.words != original.words else (),
            )
            for rule, original in zip(rules, ours, strict=True)
            if rule.words or original.words
        )
        found.append(Section(title, shown))
    return found


def _is_network_choice(playbook: Playbook, path: str) -> bool:
    """Also where only a part of what the rule tells is the network's to choose."""
    within = any(chosen.startswith(f"{path}.") for chosen in playbook.network_chooses)
    return within or playbook.is_network_choice(path)


def differences(before: Playbook, after: Playbook) -> list[Difference]:
    """Every rule whose words are not the same."""
    pairs = zip(_every_rule(before), _every_rule(after), strict=True)
    return [
        Difference(old.label, old.words, new.words) for old, new in pairs if old.words != new.words
    ]


def keys_gone(before: Playbook, after: Playbook) -> list[str]:
    """Labels whose keys the other playbook lists no more, or calls by another key.

    Parents, groups and trainings are stored with the key, so what they have is then shown
    without words.
    """
    lists: tuple[Callable[[Playbook], tuple[Choice, ...]], ...] = (
        lambda p: p.types,
        lambda p: p.referral_sources,
        lambda p: p.training.kinds,
    )
    return [
        choice.label
        for choices in lists
        for choice in choices(before)
        if choice.key not in {kept.key for kept in choices(after)}
    ]


def _every_rule(playbook: Playbook) -> Iterator[Rule]:
    for _title, rules in _all(playbook):
        yield from rules


def _all(playbook: Playbook) -> list[tuple[str, list[Rule]]]:
    """Always the same rules in the same order, whatever the playbook says."""
    return [
        (_("What it is"), _programme(playbook)),
        (_("The group"), _group(playbook)),
        (_("Meetings"), _meetings(playbook)),
        (_("Leaders"), _leaders(playbook)),
        (_("Training"), _training(playbook)),
        (_("Coming in and being placed"), _placing(playbook)),
        (_("Before the start, and afterwards"), _around(playbook)),
    ]


def _programme(playbook: Playbook) -> list[Rule]:
    doors = {
        FrontDoor.DROP_IN: _("They just come; nobody asks them anything first"),
        FrontDoor.MATCHED: _("They are placed in a group from the waiting list"),
    }
    return [
        _rule("name", _("Called"), playbook.name),
        _rule("describes", _("In short"), playbook.describes),
        _rule(
            "front_doors", _("How parents come"), *(doors[door] for door in playbook.front_doors)
        ),
        _rule("beside", _("Goes along with"), playbook.beside),
        _rule("sessions", _("Meetings in a series"), _meetings_told(playbook.sessions)),
        _rule("introduction_minutes", _("Told about the groups"), _introduction(playbook)),
        _rule("target", _("What the network means to reach"), _target(playbook)),
    ]


def _group(playbook: Playbook) -> list[Rule]:
    sizes = playbook.sizes
    types = _labels(playbook.types) or [_("one kind, for all")]
    stages = [_stage(stage) for stage in sorted(playbook.stages, key=_begins)] or [_("none")]
    return [
        _rule("sizes.min", _("Fewest members"), str(sizes.min)),
        _rule("sizes.max", _("Most members"), str(sizes.max)),
        _rule("sizes.typical", _("Most groups have"), _from_to(sizes.typical)),
        _rule("types", _("Types of group"), *types),
        _rule("purposes", _("A group is for one of these"), *_labels(playbook.purposes)),
        _rule("principles", _("Principles"), *_labels(playbook.principles)),
        _rule(
            "starting_agreement",
            _("Begins its agreement with"),
            *_labels(playbook.starting_agreement),
        ),
        _rule("agreement", _("Agreement"), _if(playbook.agreement, _("each group makes its own"))),
        _rule("stages", _("Stages"), *stages),
        _rule("children_programme", _("Programme for children"), _children(playbook)),
    ]


def _meetings(playbook: Playbook) -> list[Rule]:
    offered = (rhythm_in_words(rhythm) for rhythm in playbook.cadence.offered)
    proof = _if(playbook.proof_of_attendance, _("for parents who are required to come"))
    return [
        _rule("cadence.offered", _("How often"), *offered),
        _rule("cadence.at_least", _("At least"), rhythm_in_words(playbook.cadence.floor)),
        _rule("minutes.min", _("Shortest meeting"), _minutes(playbook.minutes.min)),
        _rule("minutes.max", _("Longest meeting"), _minutes(playbook.minutes.max)),
        _rule("open_discussion_share", _("Open talk"), _share(playbook)),
        _rule("format", _("Parts of a meeting"), *_parts(playbook.format)),
        _rule(
            "introduction", _("Telling parents about the groups"), *_parts(playbook.introduction)
        ),
        _rule("proof_of_attendance", _("Proof of attendance"), proof),
    ]


def _leaders(playbook: Playbook) -> list[Rule]:
    leaders = playbook.leaders
    called = _if(leaders.facilitators > 0, leaders.facilitator_title)
    parent = _if(leaders.parent_leader, _("needed")) or _("not asked")
    parent_called = _if(leaders.parent_leader, leaders.parent_leader_title)
    children = _if(leaders.childrens_leader, _("needed"))
    check_in = rhythm_in_words(leaders.check_in) if leaders.check_in else ""
    return [
        _rule("leaders.facilitators", _("Facilitators of a group"), str(leaders.facilitators)),
        _rule("leaders.facilitator_title", _("They are called"), called),
        _rule("leaders.facilitators_until_session", _("They lead"), _until(playbook)),
        _rule("leaders.parent_leader", _("One of the parents leads too"), parent),
        _rule("leaders.parent_leader_by_session", _("That parent leads"), _parent_from(playbook)),
        _rule("leaders.parent_leader_title", _("That parent is called"), parent_called),
        _rule("leaders.childrens_leader", _("Children's leader"), children),
        _rule("leaders.check_in", _("Somebody asks the leader how it goes"), check_in),
    ]


def _training(playbook: Playbook) -> list[Rule]:
    training = playbook.training
    days = ngettext("%(n)s day", "%(n)s days", training.days) % {"n": training.days}
    check = _if(training.background_check, _("must be good"))
    supervision = _if(training.supervision, _("for as long as they lead"))
    trainers = _if(training.train_the_trainer, _("some learn to train others"))
    return [
        _rule("training.days", _("Length"), days if training.days else _("none is asked")),
        _rule("training.kinds", _("Every facilitator has had"), *_labels(training.kinds)),
        _rule("training.background_check", _("Background check"), check),
        _rule("training.supervision", _("Supervision"), supervision),
        _rule("training.train_the_trainer", _("Trainers"), trainers),
    ]


def _placing(playbook: Playbook) -> list[Rule]:
    form = playbook.formation
    sources = _labels(playbook.referral_sources) or [_("not asked")]
    return [
        _rule("referral_sources", _("Where parents come from"), *sources),
        _rule(
            "formation.facilitators", _("Facilitators to find for a group"), str(form.facilitators)
        ),
        _rule(
            "formation.window_weight",
            _("One year between the children's ages weighs"),
            _km(form.window_weight),
        ),
        _rule("formation.wish_weight", _("A wish nobody shares weighs"), _km(form.wish_weight)),
        _rule(
            "formation.unplaced_weight",
            _("A parent left without a group weighs"),
            _km(form.unplaced_weight),
        ),
    ]


def _around(playbook: Playbook) -> list[Rule]:
    points = _labels(playbook.readiness) or [_("nothing to check")]
    risks = _if(playbook.risk_assessment, _("written down before a group starts"))
    return [
        _rule("readiness", _("To be sure of before a group starts"), *points),
        _rule("risk_assessment", _("Risks"), risks),
        _rule("statistics_day", _("The month's figures are due"), _due(playbook)),
        _rule("survey_months", _("Surveys"), _surveys(playbook)),
    ]


def _parts(parts: Iterable[MeetingPart]) -> Iterator[str]:
    """Such as "Check-in round: 25 minutes, in turn. How was your week?"."""
    kinds = {
        PartKind.TALK: "",
        PartKind.PRINCIPLES: _(", with the principles"),
        PartKind.GO_ROUND: _(", in turn"),
        PartKind.TOPIC: _(", with what the group chose"),
    }
    for part in parts:
        told = f"{part.label}: {_minutes(part.minutes)}{kinds[part.kind]}"
        yield f"{told}. {part.says}" if part.says else told


def _rule(path: str, label: str, *words: str | None) -> Rule:
    return Rule(path, label, tuple(word for word in words if word))


def _if(asked: bool, words: str) -> str:
    return words if asked else ""


def _labels(choices: Iterable[Choice]) -> list[str]:
    return [choice.label for choice in choices]


def _meetings_told(sessions: int | None) -> str:
    return "" if sessions is None else str(sessions)


def _introduction(playbook: Playbook) -> str:
    minutes = playbook.introduction_minutes
    if minutes is None:
        return ""
    words = ngettext(
        "in the last minute of the first session",
        "in the last %(n)s minutes of the first session",
        minutes,
    )
    return words % {"n": minutes}


def _target(playbook: Playbook) -> str:
    target = playbook.target
    if target is None:
        return ""
    told = [
        ngettext("%(n)s group", "%(n)s groups", target.groups) % {"n": target.groups},
        ngettext("in %(n)s month", "in %(n)s months", target.months) % {"n": target.months},
    ]
    if (hosts := target.organisations) is not None:
        over = ngettext("over %(n)s organisation", "over %(n)s organisations", hosts)
        told.append(over % {"n": hosts})
    return dotted(told)


def _from_to(pair: tuple[int, int] | None) -> str:
    return _("%(low)s to %(high)s") % {"low": pair[0], "high": pair[1]} if pair else ""


def _begins(stage: Stage) -> int:
    return stage.from_session


def _stage(stage: Stage) -> str:
    told = {"n": stage.from_session, "label": stage.label, "most": stage.size_max}
    words = _("From meeting %(n)s: %(label)s") % told
    if stage.size_max is not None:
        words = _("From meeting %(n)s: %(label)s (%(most)s members at most)") % told
    if stage.needs_parent_leader:
        words = _("%(stage)s, once a parent leads") % {"stage": words}
    if stage.runs_itself:
        words = _("%(stage)s, without a facilitator") % {"stage": words}
    return words


def _children(playbook: Playbook) -> str:
    ages = playbook.children_programme
    if ages is None:
        return ""
    words = _("at the same hour, from %(low)s to %(high)s years")
    said = [words % {"low": ages.age_min, "high": ages.age_max}]
    said += [
        _("%(band)s years: %(children)s children to one adult")
        % {"band": ratio.key.replace("-", "–"), "children": ratio.children}
        for ratio in ages.ratios
    ]
    return listed_apart(said)


def rhythm_in_words(rhythm: Rhythm) -> str:
    return {
        Rhythm.WEEKLY: _("every week"),
        Rhythm.EVERY_TWO_WEEKS: _("every two weeks"),
        Rhythm.EVERY_THREE_WEEKS: _("every three weeks"),
        Rhythm.MONTHLY: _("every month"),
    }[rhythm]


def _minutes(minutes: int) -> str:
    return ngettext("%(n)s minute", "%(n)s minutes", minutes) % {"n": minutes}


def _share(playbook: Playbook) -> str:
    share = playbook.open_discussion_share
    if share is None:
        return ""
    return _("at least %(percent)s %% of each meeting") % {"percent": _plain(100 * share)}


def _until(playbook: Playbook) -> str:
    until = playbook.leaders.facilitators_until_session
    if until is None:
        return _if(playbook.leaders.facilitators > 0, _("as long as the group meets"))
    return _("up to meeting %(n)s; then the group may go on without them") % {"n": until}


def _parent_from(playbook: Playbook) -> str:
    if not playbook.leaders.parent_leader:
        return ""
    by_session = playbook.leaders.parent_leader_by_session or 1
    if by_session == 1:
        return _("from the first meeting")
    return _("from meeting %(n)s at the latest") % {"n": by_session}


def _km(weight: float) -> str:
    return _("as much as %(km)s km of the way there") % {"km": _plain(weight)}


def _plain(number: float) -> str:
    """As few decimals as say it all, up to four."""
    short = f"{number:.4f}".rstrip("0")
    return number_format(number, len(short.partition(".")[2]), force_grouping=True)


def _due(playbook: Playbook) -> str:
    if playbook.statistics_day is None:
        return _("on no fixed day")
    return _("by day %(n)s of the next month") % {"n": playbook.statistics_day}


def _surveys(playbook: Playbook) -> str:
    months = playbook.survey_months
    if months is None:
        return ""
    return ngettext("every month", "every %(n)s months", months) % {"n": months}
