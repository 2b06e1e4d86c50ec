"""The money of a network's groups in a table of costs: rounded sums of the whole network, once.

No organisation's, because sums of organisations and the network's would narrow one another; and
never corrected, because the difference of two sums would be a sum of its own.
"""

from __future__ import annotations

from collections.abc import Sequence

from django.db.models import Q, QuerySet, Sum

from goround.apps.costs.models import CostLine, OwnCurrency
from goround.apps.organisations.models import Network, Organisation
from goround.apps.releases.catalogue import RULES, Table, first_day, last_day
from goround.apps.releases.models import ReleasedFigure
from goround.domain.costs import CURRENCIES, rounded_to, share_base
from goround.domain.disclosure import Span

PAID, DONATED, BASE = "paid", "donated", "rounded-to"
MONEY = (PAID, DONATED, BASE)
Told = dict[str, tuple[int | None, bool]]


def money_told(
    network: Network,
    hosts: Sequence[Organisation],
    table: Table,
    span: Span,
    *,
    participants: int | None,
) -> Told:
    """Each sum in whole units of the currency, and whether it stands as told before.

    ``participants`` as this very release shows them; hidden ones hide the money too.
    """
    before = _told_before(network, table, span)
    if before:
        return {key: (number, number is not None) for key, number in before.items()}
    code = currency_code(hosts)
    if participants is None or participants < RULES.threshold or not code:
        return dict.fromkeys(MONEY, (None, False))
    paid, donated = _sums(hosts, span, digits=CURRENCIES[code].digits)
    base = share_base(max(paid, donated), participants, least=RULES.threshold)
    told = {PAID: rounded_to(paid, base), DONATED: rounded_to(donated, base), BASE: base}
    return {key: (number, False) for key, number in told.items()}


def currency_code(hosts: Sequence[Organisation]) -> str:
    """The one currency of all these organisations; nothing where there are two or none."""
    codes = OwnCurrency.objects.filter(organisation__in=hosts).values_list("code", flat=True)
    known = set(codes)
    return known.pop() if len(known) == 1 else ""


def lines_in(hosts: Sequence[Organisation], span: Span) -> QuerySet[CostLine]:
    days = (first_day(span), last_day(span))
    return CostLine.objects.filter(organisation__in=hosts, spent_on__range=days)


def _sums(hosts: Sequence[Organisation], span: Span, *, digits: int) -> tuple[int, int]:
    sums = lines_in(hosts, span).aggregate(
        paid=Sum("amount", filter=Q(is_donated=False), default=0),
        donated=Sum("amount", filter=Q(is_donated=True), default=0),
    )
    whole = 10**digits
    return sums["paid"] // whole, sums["donated"] // whole


def _told_before(network: Network, table: Table, span: Span) -> dict[str, int | None]:
    """The first release in which a sum was shown is the last word on it."""
    rows = ReleasedFigure.objects.filter(
        release__network=network,
        release__table=table.key,
        release__first_on=first_day(span),
        release__months=span.months,
        measure__in=MONEY,
        shown__isnull=False,
    )
    told = rows.order_by("-release__number").values_list("measure", "shown")
    return dict.fromkeys(MONEY) | dict(told) if told else {}
