"""What a person may answer when devices disagree."""

from __future__ import annotations

from goround.apps.marks.working import Asked, Kind


def answers_to(asked: Asked) -> list[str]:
    """What a person may answer, in the order it is offered."""
    match asked.kind:
        case Kind.NAMESAKE:
            return ["same", "unnamed", "nobody"] if asked.member else ["unnamed", "nobody"]
        case Kind.REFUSED:
            return ["unnamed", "nobody"]
        case Kind.TOO_MANY_NEW:
            return ["nobody"]
    return sorted({word_of(side.said) for side in asked.sides})


def word_of(said: bool | int | None) -> str:
    match said:
        case True:
            return "here"
        case False:
            return "not-here"
        case None:
            return "not-counted"
    return str(said)
