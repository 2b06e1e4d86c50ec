"""Names that say nothing about a person: aliases to be called by, passphrases to keep."""

from random import Random

from goround.domain.privacy.words_list import COMMON_WORDS, FIRST_WORDS, SECOND_WORDS


def suggest_alias(rng: Random) -> str:
    """Two friendly words, such as "Calm River". The same seed gives the same alias.

    It is only a suggestion: whoever asks must still see that nobody in the group has it.
    """
    return f"{rng.choice(FIRST_WORDS)} {rng.choice(SECOND_WORDS)}".title()


def suggest_handle(rng: Random) -> str:
    """Something to sign in with that tells nothing, such as "calm-river-42"."""
    words = f"{rng.choice(FIRST_WORDS)} {rng.choice(SECOND_WORDS)}".lower().split()
    return "-".join([*words, str(rng.randrange(10, 1000))])


def passphrase(rng: Random, words: int = 6) -> str:
    """Short common words with a space between: 66 bits for six of 2,048.

    Outside tests ``rng`` must be ``secrets.SystemRandom()``; any other can be guessed.
    """
    return " ".join(rng.choice(COMMON_WORDS) for _ in range(words))
