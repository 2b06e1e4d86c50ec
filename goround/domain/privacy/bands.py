"""Children's ages as bands: close enough to plan for, too wide to tell who a child is."""

from math import isfinite

BANDS = ("0-2", "3-5", "6-11", "12-17", "18+")

_BEGINS_AT = {"0-2": 0, "3-5": 3, "6-11": 6, "12-17": 12, "18+": 18}


def age_band(age_years: float) -> str:
    """The key of the band, counting whole years lived: 2.9 is still "0-2".

    Raises ``ValueError`` for an age that is no number, below 0 or above 120.
    """
    if not isfinite(age_years) or not 0 <= age_years <= 120:
        raise ValueError(f"age is {age_years}; it must be a number of years from 0 to 120")
    return max(
        (band for band in BANDS if _BEGINS_AT[band] <= age_years), key=lambda band: _BEGINS_AT[band]
    )
