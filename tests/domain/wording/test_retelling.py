"""What a file of rules says to people, in another language."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from goround.domain.playbook.read import read_playbook
from goround.domain.playbook.schema import TEXTS
from goround.domain.wording import retold
from tests.project_files import ROOT


class Kind(StrEnum):
    QUIET = "quiet"


@dataclass(frozen=True, slots=True)
class Inner:
    key: str
    label: str
    says: str | None = None
    kind: Kind = Kind.QUIET


@dataclass(frozen=True, slots=True)
class Outer:
    name: str
    of: tuple[Inner, ...] = ()
    one: Inner | None = None
    plain: tuple[str, ...] = ()


def test_every_text_is_told_anew_and_nothing_else():
    told = Outer("name", (Inner("a", "first"), Inner("b", "")), Inner("c", "third", "says"), ("x",))

    assert retold(told, str.upper, texts={"name", "label", "says"}) == Outer(
        "NAME", (Inner("a", "FIRST"), Inner("b", "")), Inner("c", "THIRD", "SAYS"), ("x",)
    )


def test_what_is_told_in_the_same_words_stays_equal():
    told = Outer("name", (Inner("a", "first"),))

    assert retold(told, str, texts={"name", "label"}) == told


def test_a_playbook_is_told_anew_but_for_its_keys():
    text = (ROOT / "goround/playbooks/circle-of-parents.toml").read_text(encoding="utf-8")
    playbook = read_playbook(text, source="circle-of-parents.toml")

    told = retold(playbook, lambda words: f"«{words}»", texts=TEXTS)

    assert told.key == playbook.key
    assert [one.key for one in told.types] == [one.key for one in playbook.types]
    assert all(one.label.startswith("«") for one in (*told.principles, *told.format, *told.stages))
    assert told.leaders.facilitator_title == f"«{playbook.leaders.facilitator_title}»"
    assert retold(told, lambda words: words.strip("«»"), texts=TEXTS) == playbook
