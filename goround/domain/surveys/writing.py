"""An instrument as the text of a TOML file: read again, it is the same instrument."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence

from goround.domain.surveys.schema import Instrument, Item, Part, Scale


def write_instrument(instrument: Instrument) -> str:
    """For taking away and for keeping. Remarks of a file that was read are not in it."""
    return "\n".join(_lines(instrument)) + "\n"


def _lines(instrument: Instrument) -> Iterator[str]:
    yield f"key = {_text(instrument.key)}"
    yield f"name = {_text(instrument.name)}"
    yield f"describes = {_text(instrument.describes)}"
    yield f"minutes = {instrument.minutes}"
    yield f"languages = {_list(instrument.languages)}"
    yield from ("", "[rights]", f"credit = {_text(instrument.rights.credit)}")
    yield f"terms = {_text(instrument.rights.terms)}"
    if instrument.rights.bring_wording:
        yield "bring_wording = true"
    for scale in instrument.scales:
        yield from _scale(scale)
    for item in instrument.items:
        yield from _item(item)
    for part in instrument.parts:
        yield from _part(part)
    for mark in instrument.marks:
        yield from ("", "[[marks]]", f"state = {_text(mark.state)}")
        yield from (f"points = {_list(mark.points)}", f"says = {_text(mark.says)}")


def _scale(scale: Scale) -> Iterator[str]:
    yield from ("", f"[scales.{scale.key}]", f"low = {scale.low}", f"high = {scale.high}")
    yield from _lists("labels", scale.labels)


def _item(item: Item) -> Iterator[str]:
    yield from ("", f"[items.{item.key}]")
    yield "ticks = true" if item.scale is None else f"scale = {_text(item.scale)}"
    if item.reverse:
        yield "reverse = true"
    if not item.looks_back:
        yield "looks_back = false"
    yield from _words(item.words)
    yield from _lists("options", item.options)


def _part(part: Part) -> Iterator[str]:
    yield from ("", f"[parts.{part.key}]")
    yield from _words(part.words)
    yield f"items = {_list(part.items)}"
    if part.at_least is not None:
        yield f"at_least = {part.at_least}"


def _words(words: Mapping[str, str]) -> Iterator[str]:
    if words:
        told = ", ".join(f"{code} = {_text(said)}" for code, said in words.items())
        yield f"words = {{ {told} }}"


def _lists(key: str, words: Mapping[str, Sequence[str]]) -> Iterator[str]:
    if words:
        told = ", ".join(f"{code} = {_list(said)}" for code, said in words.items())
        yield f"{key} = {{ {told} }}"


def _list(values: Sequence[str]) -> str:
    return f"[{', '.join(map(_text, values))}]"


def _text(value: str) -> str:
    # JSON's strings are TOML's basic strings, but for one character JSON leaves as it is.
    return json.dumps(str(value), ensure_ascii=False).replace("\x7f", "\\u007F")
