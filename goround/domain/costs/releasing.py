"""Money that leaves the house, so that nobody can count people by it.

Twenty-five dollars a parent is a count of parents. So a sum is rounded to at least ten average
shares of it: a price per head is never more than the sum divided by the heads, and with ten heads
more or fewer the same rounded sum could stand there.
"""


def share_base(total: int, participants: int, *, least: int) -> int:
    """1, 2 or 5 with noughts, and at least the share of ``least`` participants.

    >>> share_base(19_660, 84, least=10)
    5000
    """
    if participants < least:
        raise ValueError(f"{participants} participants are fewer than {least}: show no money")
    wanted, power = -(-least * total // participants), 1
    while True:
        for first in (1, 2, 5):
            if first * power >= wanted:
                return first * power
        power *= 10


def rounded_to(total: int, base: int) -> int:
    """To the nearest multiple, a half upwards.

    >>> rounded_to(19_660, 5000)
    20000
    """
    return (2 * total + base) // (2 * base) * base
