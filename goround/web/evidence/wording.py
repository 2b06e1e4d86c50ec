"""What a report says in plain words, a decline as plainly as a gain."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from django.utils.formats import number_format
from django.utils.translation import get_language_bidi, ngettext, pgettext
from django.utils.translation import gettext as _

from goround.apps.evidence.pictures import Line, Picture
from goround.domain.change import Change, Design, Doubt, Interval, Method, Outcome

MINUS = "−"
LEFT_TO_RIGHT, AS_BEFORE = "\N{LEFT-TO-RIGHT ISOLATE}", "\N{POP DIRECTIONAL ISOLATE}"
SURE = 0.05


class Verdict(StrEnum):
    """What can be said of a mean once chance, and all other parts, are allowed for."""

    HIGHER = "higher"
    LOWER = "lower"
    UNSURE = "unsure"


def verdict(outcome: Outcome) -> Verdict:
    change = outcome.change
    if change is None or outcome.adjusted_p is None or outcome.adjusted_p >= SURE:
        return Verdict.UNSURE
    return Verdict.HIGHER if change.mean > 0 else Verdict.LOWER


def verdict_words(found: Verdict) -> str:
    return {
        Verdict.HIGHER: _("higher than before"),
        Verdict.LOWER: _("lower than before"),
        Verdict.UNSURE: _("no clear change"),
    }[found]


def number(value: float, places: int = 1) -> str:
    """A figure as it is written here, with a true minus, and none before a nought."""
    return _held_together(_plain(value, places))


def whole(value: float) -> str:
    return number(value, 0)


def signed(value: float, places: int = 1) -> str:
    told = _plain(value, places)
    is_signed = told.startswith(MINUS) or not told.strip("0.,")
    return _held_together(told if is_signed else f"+{told}")


def _plain(value: float, places: int) -> str:
    rounded = round(value, places) + 0.0
    return str(number_format(rounded, decimal_pos=places, use_l10n=True)).replace("-", MINUS)


def _held_together(told: str) -> str:
    """With its sign before the figure where words run from right to left, too."""
    if get_language_bidi() and told.startswith((MINUS, "+")):
        return f"{LEFT_TO_RIGHT}{told}{AS_BEFORE}"
    return told


def between(interval: Interval | None, places: int = 1) -> str:
    """An interval in words; empty where there is none."""
    if interval is None:
        return ""
    return pgettext("interval", "%(low)s to %(high)s") % {
        "low": signed(interval.low, places),
        "high": signed(interval.high, places),
    }


def since_words(since: str) -> str:
    """What the later wave is called."""
    if since == "now":
        return _("before and now, asked in one sitting")
    if since == "post":
        return _("from the first survey to the one at the end")
    years = int(since.removeprefix("year-"))
    return ngettext(
        "from the first survey to the first yearly one",
        "from the first survey to yearly survey %(n)s",
        years,
    ) % {"n": years}


def people_words(people: int) -> str:
    return ngettext("%(n)s parent", "%(n)s parents", people) % {"n": people}


def groups_words(groups: int) -> str:
    return ngettext("%(n)s group", "%(n)s groups", groups) % {"n": groups}


def moved_words(outcome: Outcome) -> str:
    """The sentence people remember: how many of how many, and how many got worse."""
    moved = outcome.any_move
    if moved is None:
        return ""
    values = {"n": moved.people} | {
        "better": moved.improved,
        "same": moved.same,
        "worse": moved.worse,
    }
    return (
        ngettext(
            "%(better)s of %(n)s parent got better, %(same)s stayed the same, %(worse)s got worse.",
            "%(better)s of %(n)s parents got better, %(same)s stayed the same,"
            " %(worse)s got worse.",
            moved.people,
        )
        % values
    )


def mean_words(line: Line) -> str:
    """The means, the change, and whether it could be chance."""
    outcome, change = line.outcome, line.outcome.change
    if change is None or outcome.before is None or outcome.after is None:
        return ""
    told = _(
        "On average %(before)s before and %(after)s after, on a scale from %(low)s to %(high)s."
    )
    values = {
        "before": number(outcome.before),
        "after": number(outcome.after),
        "low": whole(line.low),
        "high": whole(line.high),
    }
    return f"{told % values} {sure_words(outcome, change)}"


def sure_words(outcome: Outcome, change: Change) -> str:
    if change.interval is None:
        return _("All changed alike, so nothing can be said of chance.")
    values = {"low": signed(change.interval.low), "high": signed(change.interval.high)}
    match verdict(outcome):
        case Verdict.HIGHER:
            told = _("That is a gain: most likely between %(low)s and %(high)s.")
        case Verdict.LOWER:
            told = _("That is a decline: most likely between %(low)s and %(high)s.")
        case _unsure:
            told = _("That could be chance: the true change lies between %(low)s and %(high)s.")
    return told % values


def few_words(outcome: Outcome) -> str:
    """Why there is no figure."""
    return ngettext(
        "Only %(n)s parent answered both times. A figure is shown from %(least)s on, because fewer"
        " say more about chance than about the groups.",
        "Only %(n)s parents answered both times. A figure is shown from %(least)s on, because fewer"
        " say more about chance than about the groups.",
        outcome.pairs,
    ) % {"n": outcome.pairs, "least": outcome.least_pairs}


def missing_words(outcome: Outcome) -> str:
    """Who did not answer again, and whether they began elsewhere."""
    missing = outcome.missing
    if missing is None:
        return ""
    if not missing.missing:
        return _("Everybody who answered at first answered again.")
    told = ngettext(
        "%(n)s parent answered at first and not again.",
        "%(n)s parents answered at first and not again.",
        missing.missing,
    ) % {"n": missing.missing}
    if missing.differ is None or missing.difference is None:
        return told + " " + _("Whether they began elsewhere cannot be told.")
    if not missing.differ:
        return told + " " + _("At the start they were about like the others.")
    values = {"points": number(abs(missing.difference))}
    apart = (
        _("They began %(points)s points lower, so the figures may look better than they are.")
        if missing.difference < 0
        else _("They began %(points)s points higher, so the figures may leave out how they fared.")
    )
    return f"{told} {apart % values}"


def method_words(change: Change) -> str:
    """How the interval was found, and what was tried in vain."""
    used = {
        Method.PAIRED: _("Student's t over each parent's own change."),
        Method.MIXED: _("A mixed model: each group, each parent and each group's turn by itself."),
        Method.CLUSTERED: _(
            "The mean change, its error robust to parents of one group being alike."
        ),
    }[change.method]
    doubts = {
        None: "",
        Doubt.FEW_GROUPS: _("There are too few groups for a mixed model."),
        Doubt.NOT_FITTED: _("A mixed model was tried and could not be fitted."),
        Doubt.SINGULAR: _("A mixed model was tried; it found groups too alike to tell apart."),
    }
    return f"{used} {doubts[change.doubt]}".strip()


@dataclass(frozen=True)
class Part:
    """One line of the picture, worded for a page, a sheet of paper or a cell."""

    line: Line
    name: str
    since: str
    verdict: Verdict
    verdict_words: str
    summary: str
    mean: str
    few: str
    missing: str

    @property
    def outcome(self) -> Outcome:
        return self.line.outcome

    @property
    def interval(self) -> str:
        change = self.outcome.change
        return between(change.interval) if change else ""

    @property
    def change(self) -> str:
        return signed(self.outcome.change.mean) if self.outcome.change else ""

    @property
    def effect(self) -> str:
        found = self.outcome.effect
        return f"{signed(found.value, 2)} ({between(found.interval, 2)})" if found else ""

    @property
    def alpha(self) -> str:
        found = self.outcome.reliability
        return f"{number(found.alpha, 2)} ({_plain_between(found.interval)})" if found else ""


def parts(lines: list[Line], language: str) -> list[Part]:
    return [
        Part(
            line,
            line.name(language),
            since_words(line.since),
            found := verdict(line.outcome),
            verdict_words(found),
            moved_words(line.outcome),
            mean_words(line),
            few_words(line.outcome) if line.outcome.too_few else "",
            missing_words(line.outcome),
        )
        for line in lines
    ]


def counted(picture: Picture) -> Iterator[str]:
    """What the methods page says was counted."""
    yield _("The answers of %(people)s could be followed, in %(groups)s.") % {
        "people": people_words(picture.people),
        "groups": groups_words(picture.groups),
    }
    if picture.design is Design.RECALLED:
        yield _(
            "Both answers are from one sitting: how it was before is remembered, and memory is"
            " kind. These figures are never put together with those of parents asked twice."
        )
    else:
        yield _("Each parent was asked twice, and is compared with nobody but themselves.")
    yield _(
        "A part counts for a parent who answered enough of its questions; the survey says how many."
    )


def unknown(picture: Picture) -> Iterator[str]:
    """What the methods page says is not known."""
    if picture.unlinked:
        yield ngettext(
            "%(n)s sheet came without a code. Nobody knows whose it is, so it is in no figure.",
            "%(n)s sheets came without a code. Nobody knows whose they are, so they are in no"
            " figure.",
            picture.unlinked,
        ) % {"n": picture.unlinked}
    for line in picture.subscales[:1]:
        if told := missing_words(line.outcome):
            yield told
    yield _(
        "Nobody was chosen by lot to come or not to come. What parents would have answered without"
        " the group is not known, so a change is not proof that the group brought it about."
    )
    if picture.unsure:
        yield ngettext(
            "%(n)s point of the survey's definition was not compared with its manual yet.",
            "%(n)s points of the survey's definition were not compared with its manual yet.",
            picture.unsure,
        ) % {"n": picture.unsure}


def hidden(picture: Picture) -> Iterator[str]:
    """What the methods page says was left out on purpose."""
    few = sum(line.outcome.too_few for line in picture.lines)
    if few:
        yield ngettext(
            "%(n)s part is left out: fewer than %(least)s parents answered it both times.",
            "%(n)s parts are left out: fewer than %(least)s parents answered them both times.",
            few,
        ) % {"n": few, "least": picture.least_pairs}
    yield _("No answer of one parent is shown anywhere, and nobody here can look one up.")


@dataclass(frozen=True)
class Measured:
    """How one line was measured, for the methods page."""

    name: str
    method: str
    p: str
    adjusted_p: str
    effect: str
    effect_between: str
    margin: str
    reliable: str
    alpha: str
    alpha_between: str
    alpha_is_low: bool
    missing: str


def measured(picture: Picture, language: str) -> list[Measured]:
    """The figures behind the sentences; those with too few pairs have none."""
    return [
        _measured(line, line.outcome, line.outcome.change, language)
        for line in picture.lines
        if line.outcome.change
    ]


def _measured(line: Line, outcome: Outcome, change: Change, language: str) -> Measured:
    effect, alpha, moved = outcome.effect, outcome.reliability, outcome.reliable_move
    reliable = _("%(better)s better, %(same)s about the same, %(worse)s worse")
    return Measured(
        name=line.name(language),
        method=method_words(change),
        p=_p(change.p),
        adjusted_p=_p(outcome.adjusted_p),
        effect=signed(effect.value, 2) if effect else "",
        effect_between=between(effect.interval, 2) if effect else "",
        margin=number(moved.margin, 2) if moved else "",
        reliable=reliable % {"better": moved.improved, "same": moved.same, "worse": moved.worse}
        if moved
        else "",
        alpha=number(alpha.alpha, 2) if alpha else "",
        alpha_between=_plain_between(alpha.interval) if alpha else "",
        alpha_is_low=bool(alpha and alpha.is_low),
        missing=missing_words(outcome),
    )


def _plain_between(interval: Interval) -> str:
    return pgettext("interval", "%(low)s to %(high)s") % {
        "low": number(interval.low, 2),
        "high": number(interval.high, 2),
    }


def _p(p: float | None) -> str:
    if p is None:
        return ""
    return _("below %(least)s") % {"least": number(0.001, 3)} if p < 0.001 else number(p, 3)
