"""How many parents got better, stayed as they were or got worse, as cells of a release.

Each survey is a measure of its own, ``followed:mark`` or ``recalled:mark``; each of its parts is a
split of the same people. See ADR 0016.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from goround.apps.evidence.moves import instruments_asked, moves_in
from goround.apps.organisations.models import Organisation
from goround.apps.reader.words import readers_language
from goround.apps.releases.catalogue import OUTCOMES, family, first_day, last_day
from goround.domain.change import Design, Moved
from goround.domain.disclosure import Cell, Past, Span
from goround.domain.surveys.schema import in_language

KINDS = frozenset(measure.key for measure in OUTCOMES.people)
WAYS = ("improved", "not-better", "worse", "same")
Figures = dict[Cell, int]


def outcome_figures(hosts: Sequence[Organisation], span: Span, kinds: Iterable[str]) -> Figures:
    """Every organisation that asked a last time in the period, also where nobody answered twice."""
    designs = [Design(kind) for kind in sorted(kinds)]
    found: Figures = {}
    for moves in moves_in(hosts, first_day(span), last_day(span), designs=designs):
        whole = Cell(f"{moves.design}:{moves.mark}", span, (moves.organisation,))
        found[whole] = moves.people
        for part, moved in moves.parts.items():
            for way, number in _ways(moved):
                found[Cell(whole.measure, span, whole.unit, part, way)] = number
    return _with_network(found)


def as_once_counted(figures: Figures, past: Sequence[Past], span: Span) -> Figures:
    """What was counted once stays counted: answers go after some years, and with whoever leaves.

    Otherwise every release would have to be corrected down to nothing in time. Of each survey at
    each organisation the larger of what is now known and what was known at the last release.
    """
    kept: Figures = {cell: n for cell, n in figures.items() if family(cell.measure) not in KINDS}
    mine = _by_survey(figures)
    for key, before in _last_known(past, span).items():
        whole = Cell(*key)
        if before[whole] > mine.get(key, {}).get(whole, 0):
            mine[key] = before
    own = {cell: number for one in mine.values() for cell, number in one.items()}
    return kept | _with_network(own)


Key = tuple[str, Span, tuple[int, ...]]


def _last_known(past: Sequence[Past], span: Span) -> dict[Key, Figures]:
    known: dict[Key, Figures] = {}
    for release in past:
        known |= _by_survey({cell: n for cell, n in release.figures.items() if cell.span == span})
    return known


def _by_survey(figures: Mapping[Cell, int]) -> dict[Key, Figures]:
    found: dict[Key, Figures] = {}
    for cell, number in figures.items():
        if family(cell.measure) in KINDS and cell.unit:
            found.setdefault((cell.measure, cell.span, cell.unit), {})[cell] = number
    return found


def _with_network(own: Figures) -> Figures:
    found = dict(own)
    for cell, number in own.items():
        found[cell.above] = found.get(cell.above, 0) + number
    return found


def _ways(moved: Moved) -> Iterable[tuple[str, int]]:
    numbers = (moved.improved, moved.same + moved.worse, moved.worse, moved.same)
    return zip(WAYS, numbers, strict=True)


# What surveys and their parts are called: kept with the release, in every language they have.


def outcome_names(hosts: Sequence[Organisation]) -> dict[str, str]:
    names: dict[str, str] = {}
    for mark, instrument in instruments_asked(hosts):
        names.setdefault(f"survey:{mark}", instrument.name)
        names.setdefault(f"credit:{mark}", instrument.rights.credit)
        names.setdefault(f"parts:{mark}", " ".join(part.key for part in instrument.subscales))
        for part in instrument.subscales:
            for language, words in part.words.items():
                names.setdefault(f"part:{mark}:{part.key}:{language}", words)
    return names


def survey_name(names: Mapping[str, str], measure: str) -> str:
    mark = measure.partition(":")[2]
    return names.get(f"survey:{mark}", mark)


def survey_parts(names: Mapping[str, str], measure: str) -> list[str]:
    """In the survey's own order."""
    return names.get(f"parts:{measure.partition(':')[2]}", "").split()


def part_name(names: Mapping[str, str], measure: str, part: str) -> str:
    start = f"part:{measure.partition(':')[2]}:{part}:"
    words = {key.removeprefix(start): told for key, told in names.items() if key.startswith(start)}
    return in_language(words, readers_language()) or part
