"""The colours of the look can be read, by day and by night; its files stay small."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import goround.web

CSS = Path(goround.web.__file__).with_name("static") / "css"
TOKEN = re.compile(r"--([a-z-]+):\s*(#[0-9a-f]{6});")
GROUNDS = ("paper", "surface", "sunk")
WORDS = ("ink", "muted", "accent", "accent-deep", "danger", "warning", "good")
ON_THEIR_OWN = [
    ("on-accent", "accent"),
    ("ink", "accent-tint"),
    ("accent", "accent-tint"),
    ("danger", "danger-tint"),
    ("warning", "warning-tint"),
    ("good", "good-tint"),
    *((word, ground) for word in WORDS for ground in GROUNDS),
]
EDGES = [(edge, ground) for edge in ("edge", "focus", "warm") for ground in GROUNDS]


def colours(theme: str) -> dict[str, str]:
    light, dark = (CSS / "tokens.css").read_text().split("@media (prefers-color-scheme: dark)")
    found = dict(TOKEN.findall(light))
    return found if theme == "light" else found | dict(TOKEN.findall(dark))


def brightness(colour: str) -> float:
    """Relative luminance, as WCAG 2 defines it."""
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    darker, lighter = sorted((brightness(one), brightness(other)))
    return (lighter + 0.05) / (darker + 0.05)


def test_contrast_is_that_of_the_standard():
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.005)


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize(("pairs", "least"), [(ON_THEIR_OWN, 7), (EDGES, 3)])
def test_words_and_edges_stand_out_from_their_ground(theme, pairs, least):
    known = colours(theme)

    weak = {
        (one, other): round(contrast(known[one], known[other]), 2)
        for one, other in pairs
        if contrast(known[one], known[other]) < least
    }

    assert weak == {}


def test_dark_has_a_value_for_every_colour():
    light = colours("light")

    assert len(light) > 15
    assert [name for name, value in colours("dark").items() if light.get(name) == value] == []


def test_files_of_every_page_stay_small():
    read = ("tokens.css", "base.css", "components.css")

    assert sum((CSS / name).stat().st_size for name in read) < 26_000
