"""The pages about playbooks and words say what the code says."""

import re
import tomllib
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path

import pytest
from django.apps import apps

from goround.domain.playbook import PlaybookError, read_playbook
from tests.domain.playbook.examples import EVERYTHING, REQUIRED, TEXTS, leaves

DOCS = Path(__file__).parents[3] / "docs"
PLAYBOOKS = (DOCS / "playbooks.md").read_text(encoding="utf-8")
WORDS = (DOCS / "domain-words.md").read_text(encoding="utf-8")
ROW = re.compile(r"^\| `(?P<key>[\w.*]+)` \| (?P<must>[^|]*)\| (?P<says>[^|]+)\|", re.MULTILINE)
NAMED = (
    "types",
    "purposes",
    "principles",
    "starting_agreement",
    "readiness",
    "referral_sources",
    "training.kinds",
    "readiness",
    "referral_sources",
    "training.kinds",
    "children_programme.ratios",
)
"""Open tables, in which the author of a file makes up the keys."""


def described_keys() -> dict[str, str]:
    return {row["key"]: row["must"].strip() for row in ROW.finditer(PLAYBOOKS)}


def keys_of_the_schema() -> set[str]:
    """Every key a playbook can hold, with a star where the file's author names it.

    ``EVERYTHING`` holds each once: test_read proves that it leaves none out.
    """
    keys = {".".join(path) for path in leaves(tomllib.loads(EVERYTHING))}
    keys = {re.sub(rf"^({'|'.join(NAMED)})\.[\w-]+$", r"\1.*", key) for key in keys}
    return {re.sub(r"^(stages|format|introduction)\.[\w-]+", r"\1.*", key) for key in keys}


def test_every_key_has_a_line_and_every_line_a_key():
    assert set(described_keys()) == keys_of_the_schema()


def test_keys_are_marked_as_they_are_required():
    marked = {key for key, must in described_keys().items() if must == "yes"}

    assert marked == REQUIRED


def test_mistakes_shown_are_the_mistakes_told():
    name = "circle-of-parents.toml"
    told: list[str] = []
    for text in (
        TEXTS[name].replace("min = 4 ", "min = 13 ").replace('["weekly"', '["fortnightly"'),
        TEXTS[name].replace("[sizes]", "[szes]"),
    ):
        with pytest.raises(PlaybookError) as caught:
            read_playbook(text, source=name)
        told += caught.value.problems

    shown = re.findall(rf"^{name}: .*$", PLAYBOOKS, re.MULTILINE)
    assert len(shown) == 3
    assert [line for line in shown if line not in told] == []


def test_every_shipped_playbook_is_named():
    assert [name for name in TEXTS if f"`{name}`" not in PLAYBOOKS] == []


def test_defaults_shown_are_the_defaults():
    playbook = read_playbook(
        "\n".join(line for line in EVERYTHING.splitlines() if "_weight" not in line), source="x"
    )
    shown = dict(
        re.findall(r"^\| `formation\.(\w+_weight)` .*\| ([\d.]+) \|$", PLAYBOOKS, re.MULTILINE)
    )

    assert {name: float(value) for name, value in shown.items()} == {
        "window_weight": playbook.formation.window_weight,
        "wish_weight": playbook.formation.wish_weight,
        "unplaced_weight": playbook.formation.unplaced_weight,
    }


def test_every_class_in_the_words_exists():
    missing = []
    for package, name in re.findall(r"`(\w+)\.([A-Z]\w+)`", WORDS):
        found = name.lower() in apps.all_models[package]
        if not found and find_spec(f"goround.domain.{package}"):
            found = hasattr(import_module(f"goround.domain.{package}"), name)
        missing += [] if found else [f"{package}.{name}"]

    assert missing == []


def test_every_model_has_a_word():
    ours = [model for model in apps.get_models() if model.__module__.startswith("goround.")]

    assert [model._meta.label for model in ours if f"`{model._meta.label}`" not in WORDS] == []


def test_every_word_is_explained_once():
    words = re.findall(r"^\| (?!word|-)([^|`]+?) \|", WORDS, re.MULTILINE)

    assert len(words) == len(set(words))
    assert len(words) > 70
