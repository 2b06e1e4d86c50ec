"""What the group itself wrote about a decision; stored locked, as whoever holds a disk needs
not read what parents ask one another."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass


@dataclass(frozen=True, slots=True)
class Words:
    """``options`` is empty where the choice is fixed: of an answer to a proposal, of people."""

    question: str
    note: str = ""
    options: tuple[str, ...] = ()

    def as_text(self) -> str:
        return json.dumps(asdict(self), ensure_ascii=False)


def from_text(text: str) -> Words:
    told = json.loads(text)
    return Words(told["question"], told["note"], tuple(told["options"]))
