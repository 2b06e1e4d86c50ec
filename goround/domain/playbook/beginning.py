"""The text that a group begins its agreement with."""

from goround.domain.playbook.schema import Choice, Playbook

# For a playbook that has none: what self-help groups most often agree on.
PLAIN = (
    Choice("time", "We begin and end on time."),
    Choice("turns", "One speaks at a time. Everybody gets a turn, and everybody may pass."),
    Choice("stays", "What is said here stays here, as far as the law allows."),
    Choice("absent", "We do not talk about somebody who is not here."),
    Choice("kind", "We listen, we do not judge, and we give advice only when asked."),
)


def starting_text(playbook: Playbook) -> str:
    """A paragraph for each promise, with an empty line between them."""
    return "\n\n".join(each.label for each in playbook.starting_agreement or PLAIN)
