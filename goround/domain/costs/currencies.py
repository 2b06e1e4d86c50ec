"""Currencies an organisation can count in, with the digits after the point (ISO 4217)."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal


@dataclass(frozen=True, slots=True)
class Currency:
    """``digits`` is how many places its smallest unit takes: 2 for a cent, 0 for a yen."""

    code: str
    digits: int = 2

    def units(self, written: Decimal) -> int:
        """A sum as people write it, in smallest units; finer than those it is refused.

        >>> Currency("USD").units(Decimal("142.50"))
        14250
        """
        scaled = written.scaleb(self.digits)
        if scaled != scaled.to_integral_value():
            raise ValueError(f"{written} has more than {self.digits} places of {self.code}")
        return int(scaled)

    def written(self, units: int) -> Decimal:
        """Smallest units as people write them.

        >>> Currency("USD").written(14250)
        Decimal('142.50')
        """
        return Decimal(units).scaleb(-self.digits)


_TWO = (
    "USD EUR GBP AUD BRL CAD CHF CZK DKK ETB GTQ HNL ILS INR KES LBP LRD MXN NGN NOK NZD PHP"
    " PLN RON SEK SYP TRY TZS UAH ZAR"
)
_NONE = "CLP JPY KRW UGX VND XAF XOF"
_THREE = "BHD IQD JOD KWD TND"

CURRENCIES: Mapping[str, Currency] = {
    code: Currency(code, digits)
    for codes, digits in ((_TWO, 2), (_NONE, 0), (_THREE, 3))
    for code in codes.split()
}
