"""A QR code as a drawing of our own within the page: nothing is fetched, nothing is stored."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import groupby

import segno
from django.utils.html import format_html
from django.utils.safestring import SafeString

# Four modules of white around it, as the standard asks for.
BORDER = 4


def qr_code(text: str, label: str) -> SafeString:
    """``text`` for a phone's camera; readable with 15 % of it creased or covered.

    Black on white in dark mode too: many cameras read no other. Sized by the page's style.
    """
    rows = list(segno.make(text, error="m", micro=False).matrix_iter(border=BORDER))
    return format_html(
        '<svg class="qr" viewBox="0 0 {0} {0}" role="img" aria-label="{1}" '
        'shape-rendering="crispEdges"><path class="qr-light" d="M0 0h{0}v{0}H0z"/>'
        '<path class="qr-dark" d="{2}"/></svg>',
        len(rows),
        label,
        "".join(_bars(rows)),
    )


def _bars(rows: Iterable[Iterable[int]]) -> Iterator[str]:
    """Each run of dark modules in a row as one bar of the path."""
    for y, row in enumerate(rows):
        x = 0
        for is_dark, run in groupby(row, key=bool):
            length = len(list(run))
            if is_dark:
                yield f"M{x} {y}h{length}v1h-{length}z"
            x += length
