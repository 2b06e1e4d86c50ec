"""What the demo released of 2015: the year, a month, what changed for parents, and the costs."""

from __future__ import annotations

from datetime import datetime

from goround.apps.accounts.models import User
from goround.apps.organisations.models import Network
from goround.apps.releases.catalogue import COSTS, FEDERAL, MONTH, OUTCOMES, SNAPSHOT
from goround.apps.releases.services import make_draft, publish
from goround.domain.disclosure import Span

RELEASED = (
    (SNAPSHOT, Span.of(2015, 1, 12)),
    (MONTH, Span.of(2015, 4)),
    (OUTCOMES, Span.of(2015, 1, 12)),
    (COSTS, Span.of(2015, 1, 12)),
)
LOOKED_AT = ((FEDERAL, Span.of(2014, 10, 12)),)


def load_releases(network: Network, *, by: User, at: datetime) -> None:
    for table, span in RELEASED:
        draft = make_draft(network=network, table=table, span=span, by=by, at=at)
        publish(draft=draft, by=by, at=at)
    for table, span in LOOKED_AT:
        make_draft(network=network, table=table, span=span, by=by, at=at)
