"""What keeps a parent unknown: coarse places, age bands, aliases, honest shares."""

from goround.domain.privacy.alias import passphrase, suggest_alias, suggest_handle
from goround.domain.privacy.bands import BANDS, age_band
from goround.domain.privacy.place import (
    PlaceError,
    Point,
    cell_centre,
    coarse_cell,
    coarse_point,
    km_between,
)
from goround.domain.privacy.share import Share

__all__ = [
    "BANDS",
    "PlaceError",
    "Point",
    "Share",
    "age_band",
    "cell_centre",
    "coarse_cell",
    "coarse_point",
    "km_between",
    "passphrase",
    "suggest_alias",
    "suggest_handle",
]
