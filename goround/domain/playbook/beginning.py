"""The text that a group begins its agreement with."""

from collections.abc import Callable

from goround.domain.playbook.schema import Playbook

# For a playbook that has none: what self-help groups most often agree on.
PLAIN = (
    "We begin and end on time.",
    "One speaks at a time. Everybody gets a turn, and everybody may pass.",
    "What is said here stays here, as far as the law allows.",
    "We do not talk about somebody who is not here.",
    "We listen, we do not judge, and we give advice only when asked.",
)


def starting_text(playbook: Playbook, says: Callable[[str], str] = str) -> str:
    """A paragraph for each promise, with an empty line between them.

    ``says`` gives what stands for a promise that is not the playbook's own.
    """
    own = [each.label for each in playbook.starting_agreement]
    return "\n\n".join(own or map(says, PLAIN))
