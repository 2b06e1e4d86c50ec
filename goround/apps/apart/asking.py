"""The one place that everything asks which brings people together.

Groups, meetings, proposals, and later rooms, children's sessions and message lists: whoever
writes that somebody will be somewhere calls ``hold`` first, then ``may_meet``. The answer is
yes or no and never with whom; a refusal is told in the words of a full group.
"""

from __future__ import annotations

from collections.abc import Collection

from goround.apps.apart.models import KeepApart
from goround.apps.audit import chains
from goround.domain.privacy import apart
from goround.domain.privacy.apart import Pair


def hold(organisation_id: int) -> None:
    """Nobody else brings people of the organisation together before this transaction ends.

    Two people placed at once in two groups, or placed while their keep-apart is recorded, would
    else miss each other. It is the lock of the audit chain, which every act takes in the end: a
    lock of its own could be waited for by somebody who holds the chain, and wait for the chain.
    Take it after the groups' own locks, and before rows that forming groups writes, referrals.
    """
    chains.hold(organisation_id)


def pairs_of(organisation_id: int) -> list[Pair]:
    """Everybody in the organisation who must not meet, as it stands now."""
    rows = KeepApart.objects.filter(organisation=organisation_id, closed_at=None)
    return [row.pair for row in rows.order_by("pk")]


def may_meet(
    organisation_id: int,
    comers: Collection[int],
    *,
    company: Collection[int] = (),
    nearby: Collection[int] = (),
) -> bool:
    """Whether parents ``comers`` may come together, to ``company``, with ``nearby`` at the place.

    All are parents' ids. An anonymous parent has an id that nobody recorded anything about, so
    for them the answer is always yes.
    """
    pairs = pairs_of(organisation_id)
    return apart.may_meet(pairs, set(comers), company=set(company), nearby=set(nearby))


def may_be_near(organisation_id: int, here: Collection[int], nearby: Collection[int]) -> bool:
    """Whether those ``here`` may be at the same place on the same day as those ``nearby``."""
    return apart.may_be_near(pairs_of(organisation_id), set(here), set(nearby))
