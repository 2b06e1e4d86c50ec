"""The instruments that ship with Goround, and sets of them by key."""

from __future__ import annotations

from functools import cache
from importlib import resources

from goround.domain.surveys import Instrument, read_instrument


@cache
def _shipped() -> dict[str, tuple[str, Instrument]]:
    files = sorted(
        (f for f in resources.files("goround.instruments").iterdir() if f.name.endswith(".toml")),
        key=lambda f: f.name,
    )
    texts = {f.name: f.read_text(encoding="utf-8") for f in files}
    found = [(text, read_instrument(text, source=name)) for name, text in texts.items()]
    return {instrument.key: (text, instrument) for text, instrument in found}


@cache
def shipped_instruments() -> dict[str, Instrument]:
    """The instruments in ``goround/instruments``, by key."""
    return {key: instrument for key, (_text, instrument) in _shipped().items()}


def shipped_text(key: str) -> str:
    """The text of one, with its remarks. KeyError where none has this key."""
    return _shipped()[key][0]
