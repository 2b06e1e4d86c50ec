"""What groups cost: whole numbers of a currency's smallest unit, and what stands below the line.

Nothing here is divided before it is added, and nothing is divided by what nobody counted.
"""

from goround.domain.costs.currencies import CURRENCIES, Currency
from goround.domain.costs.lines import Kind, Line, Sums, add_up, amount_of
from goround.domain.costs.rates import Rate, Rates, rates
from goround.domain.costs.releasing import rounded_to, share_base

__all__ = [
    "CURRENCIES",
    "Currency",
    "Kind",
    "Line",
    "Rate",
    "Rates",
    "Sums",
    "add_up",
    "amount_of",
    "rates",
    "rounded_to",
    "share_base",
]
