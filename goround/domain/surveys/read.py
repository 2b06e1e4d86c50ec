"""From the text of a TOML file to an instrument, or to everything that is wrong with it."""

from __future__ import annotations

import tomllib
from collections import Counter

from goround.domain.surveys.reading import KEYS, LANGUAGE, Notes, Table, lines_of
from goround.domain.surveys.schema import Instrument, Item, Mark, Part, Rights, Scale, State

LONGEST_FILE = 60_000
LONGEST_ITEM, LONGEST_LABEL, LONGEST_NAME = 400, 80, 120
MOST_ITEMS, MOST_POINTS = 100, 11


class InstrumentError(ValueError):
    """The file is no instrument. ``problems`` holds one sentence for each thing to correct."""

    def __init__(self, problems: list[str]) -> None:
        self.problems = tuple(problems)
        super().__init__("\n".join(problems))


def read_instrument(text: str, *, source: str) -> Instrument:
    """The instrument in ``text``; ``source`` is the file name that every problem is told with.

    Raises ``InstrumentError`` with all problems at once, so one look is enough to correct a file.
    """
    if len(text) > LONGEST_FILE:
        said = f"{source}: has {len(text)} characters; it must have {LONGEST_FILE} at most"
        raise InstrumentError([said])
    try:
        values = tomllib.loads(text)
    # Not only TOMLDecodeError: a number of thousands of digits, lists a thousand deep.
    except (ValueError, RecursionError) as error:
        raise InstrumentError([f"{source}: is not valid TOML: {error}"]) from error
    notes = Notes(source, lines_of(text))
    instrument = _instrument(Table(values, notes))
    _compare(instrument, notes, values)
    if notes.problems:
        raise InstrumentError(notes.problems)
    return instrument


def _instrument(top: Table) -> Instrument:
    found = Instrument(
        key=top.key("key"),
        name=top.text("name", longest=LONGEST_NAME),
        describes=top.text("describes", longest=600),
        minutes=top.whole("minutes", low=1, high=120),
        languages=top.names("languages", "language codes such as 'en'"),
        rights=_rights(top.table("rights", required=True)),
        scales=tuple(_scale(table) for table in top.tables("scales")),
        items=tuple(_item(table) for table in top.tables("items")),
        parts=tuple(_part(table) for table in top.tables("parts")),
        marks=tuple(_mark(table) for table in top.listed("marks")),
    )
    top.done()
    return found


def _rights(table: Table) -> Rights:
    rights = Rights(
        credit=table.text("credit", longest=400),
        terms=table.text("terms", longest=400),
        bring_wording=table.truth("bring_wording", default=False),
    )
    table.done()
    return rights


def _scale(table: Table) -> Scale:
    scale = Scale(
        key=table.name,
        low=table.whole("low", low=0, high=10),
        high=table.whole("high", low=1, high=10),
        labels=table.lists("labels", longest=LONGEST_LABEL),
    )
    table.done()
    return scale


def _item(table: Table) -> Item:
    is_ticks = table.truth("ticks", default=False)
    item = Item(
        key=table.name,
        scale=None if is_ticks else table.key("scale"),
        words=table.words("words", longest=LONGEST_ITEM),
        reverse=not is_ticks and table.truth("reverse", default=False),
        options=table.lists("options", longest=LONGEST_NAME) if is_ticks else {},
        looks_back=table.truth("looks_back", default=True),
    )
    table.done()
    return item


def _part(table: Table) -> Part:
    part = Part(
        key=table.name,
        words=table.words("words", longest=LONGEST_NAME),
        items=table.names("items", "names of items"),
        at_least=(
            table.whole("at_least", low=1, high=MOST_ITEMS) if table.has("at_least") else None
        ),
    )
    if not part.words:
        table.notes.problem(
            table.at("words"), 'is missing; it must be words by language, such as { en = "…" }'
        )
    table.done()
    return part


def _mark(table: Table) -> Mark:
    states = ", ".join(State)
    found = table.find("state", f"one of {states}")
    if found is not None and found not in list(State):
        table.refuse("state", found, f"one of {states}")
        found = None
    mark = Mark(
        state=State(found) if found else State.REMEMBERED,
        points=table.names("points", "paths of keys such as 'items.8.reverse'"),
        says=table.text("says", longest=400),
    )
    table.done()
    return mark


def _compare(instrument: Instrument, notes: Notes, values: dict[str, object]) -> None:
    """Rules between two places of the file; each problem names both."""
    for code in instrument.languages:
        if not LANGUAGE.fullmatch(code):
            notes.problem("languages", f"holds '{code}'; it must be a code such as 'en'")
    _compare_scales(instrument, notes)
    _compare_items(instrument, notes)
    _compare_parts(instrument, notes)
    for mark in instrument.marks:
        for point in mark.points:
            if not _is_there(values, point):
                notes.problem("marks.points", f"holds '{point}'; no key of this file has that path")


def _compare_scales(instrument: Instrument, notes: Notes) -> None:
    for scale in instrument.scales:
        at = f"scales.{scale.key}"
        if scale.low >= scale.high:
            notes.problem(f"{at}.low", f"is {scale.low}; it must be below {at}.high, {scale.high}")
            continue
        count = len(scale.numbers)
        for language, words in scale.labels.items():
            if len(words) not in {2, count}:
                notes.problem(
                    f"{at}.labels",
                    f"has {len(words)} words in '{language}'; it must have 2, "
                    f"one for each end, or {count}, one for each number",
                )
            _known_language(instrument, notes, f"{at}.labels", language)


def _compare_items(instrument: Instrument, notes: Notes) -> None:
    scales = {scale.key for scale in instrument.scales}
    if not 1 <= len(instrument.items) <= MOST_ITEMS:
        notes.problem("items", f"must be 1 to {MOST_ITEMS} tables, such as [items.1]")
    for item in instrument.items:
        at = f"items.{item.key}"
        if item.scale is not None and item.scale not in scales | {"missing"}:
            known = ", ".join(sorted(scales)) or "a name under [scales]"
            notes.problem(f"{at}.scale", f"is '{item.scale}'; it must be one of {known}")
        for language in {*item.words, *item.options}:
            _known_language(instrument, notes, at, language)
        if len({len(told) for told in item.options.values()}) > 1:
            notes.problem(f"{at}.options", "must have as many boxes in every language")


def _known_language(instrument: Instrument, notes: Notes, at: str, language: str) -> None:
    if instrument.languages and language not in instrument.languages:
        notes.problem(at, f"has words in '{language}', which is not in languages")


def _compare_parts(instrument: Instrument, notes: Notes) -> None:
    items = {item.key: item for item in instrument.items}
    used = Counter(name for part in instrument.parts for name in part.items)
    for part in instrument.parts:
        at = f"parts.{part.key}"
        for name in part.items:
            if name not in items:
                notes.problem(f"{at}.items", f"holds '{name}'; there is no [items.{name}]")
            elif used[name] > 1:
                notes.problem(f"{at}.items", f"holds '{name}', which stands in another part too")
            elif part.is_subscale and items[name].is_ticks:
                notes.problem(f"{at}.items", f"holds '{name}', whose boxes have no mean")
        _compare_mean(instrument, part, notes)
    for name in items.keys() - used.keys():
        notes.problem(f"items.{name}", "is in no part; name it in the items of one")


def _compare_mean(instrument: Instrument, part: Part, notes: Notes) -> None:
    if part.at_least is None:
        return
    at = f"parts.{part.key}"
    if part.at_least > len(part.items):
        notes.problem(
            f"{at}.at_least",
            f"is {part.at_least}; it must not be above {len(part.items)}, its items",
        )
    scales = {scale.key: (scale.low, scale.high) for scale in instrument.scales}
    ends = {
        scales.get(item.scale or "")
        for item in instrument.items
        if item.key in part.items and item.scale in scales
    }
    if len(ends) > 1:
        notes.problem(f"{at}.items", "are on scales with different ends; a mean needs the same")


def _is_there(values: dict[str, object], path: str) -> bool:
    here: object = values
    for step in path.split("."):
        if not isinstance(here, dict) or step not in here:
            return False
        here = here[step]
    return True


__all__ = ["KEYS", "InstrumentError", "read_instrument"]
