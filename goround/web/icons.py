"""Our own line icons on a 24 by 24 grid, and the ring of seats that is Goround's mark."""

from __future__ import annotations

from functools import cache, lru_cache
from math import cos, pi, sin

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe

ICONS: dict[str, str] = {
    "apart": '<path d="M4 4v16M20 4v16M10 12H7m0 0l2-2m-2 2l2 2M14 12h3m0 0l-2-2m2 2l-2 2"/>',
    "back": '<path d="M15 5l-7 7 7 7"/>',
    "book": '<path d="M12 6.5C10 5 7 4.5 4 5v13c3-.5 6 0 8 1.5 2-1.5 5-2 8-1.5V5c-3-.5-6 0-8 1.5z'
    'M12 6.5v13"/>',
    "calendar": '<rect x="4" y="5" width="16" height="15" rx="2"/>'
    '<path d="M4 10h16M8 3v4M16 3v4"/>',
    "chart": '<path d="M5 20v-8M12 20V4M19 20v-5"/>',
    "check": '<path d="M5 12.5l4.5 4.5L19 7.5"/>',
    "circle": '<circle cx="12" cy="12" r="8" stroke-dasharray="2.5 3.8"/>',
    "clock": '<circle cx="12" cy="12" r="9"/><path d="M12 7v5l3.5 2"/>',
    "coin": '<ellipse cx="12" cy="7" rx="7" ry="3"/><path d="M5 7v5c0 1.7 3.1 3 7 3s7-1.3 7-3V7'
    'M5 12v5c0 1.7 3.1 3 7 3s7-1.3 7-3v-5"/>',
    "down": '<path d="M5 9l7 7 7-7"/>',
    "download": '<path d="M12 4v11M7 10.5l5 5 5-5M5 20h14"/>',
    "forward": '<path d="M9 5l7 7-7 7"/>',
    "globe": '<circle cx="12" cy="12" r="9"/><path d="M3 12h18M12 3c3 2.5 4 5.5 4 9s-1 6.5-4 9'
    'c-3-2.5-4-5.5-4-9s1-6.5 4-9"/>',
    "groups": '<circle cx="9" cy="9" r="3.2"/><path d="M3 19.5c.6-3.6 2.9-5.5 6-5.5s5.4 1.9 6 5.5'
    'M15.8 6a3.2 3.2 0 0 1 0 6M17.5 14.4c2 .7 3.1 2.4 3.5 5.1"/>',
    "home": '<path d="M4 11l8-7 8 7v8a1 1 0 0 1-1 1h-4v-6H9v6H5a1 1 0 0 1-1-1z"/>',
    "info": '<circle cx="12" cy="12" r="9"/><path d="M12 11v5.5M12 7.6v.1"/>',
    "leave": '<path d="M11 4H5v16h6M10 12h11M17 8l4 4-4 4"/>',
    "lock": '<rect x="5" y="11" width="14" height="9" rx="2"/><path d="M8 11V8a4 4 0 0 1 8 0v3"/>',
    "minus": '<path d="M5 12h14"/>',
    "more": '<path d="M5 12h.1M12 12h.1M19 12h.1" stroke-width="3.5"/>',
    "pause": '<path d="M9 6v12M15 6v12"/>',
    "person": '<circle cx="12" cy="8" r="3.6"/><path d="M5 20c.7-4 3.5-6 7-6s6.3 2 7 6"/>',
    "phone": '<path d="M6 3.5h3l1.5 4-2 1.5a11 11 0 0 0 6.5 6.5l1.5-2 4 1.5v3a2 2 0 0 1-2 2'
    'A16.5 16.5 0 0 1 4 5.5a2 2 0 0 1 2-2z"/>',
    "place": '<path d="M12 21s-7-6.2-7-11a7 7 0 0 1 14 0c0 4.8-7 11-7 11z"/>'
    '<circle cx="12" cy="10" r="2.5"/>',
    "plus": '<path d="M12 5v14M5 12h14"/>',
    "round": '<circle cx="12" cy="12" r="8.5" stroke-dasharray="3.4 3.27"/>'
    '<path d="M12 9v6M9 12h6"/>',
    "search": '<circle cx="10.5" cy="10.5" r="6"/><path d="M15 15l5 5"/>',
    "shield": '<path d="M12 3l7 3v5.5c0 4.5-3 7.8-7 9.5-4-1.7-7-5-7-9.5V6z"/>',
    "stop": '<circle cx="12" cy="12" r="9"/><path d="M9 9l6 6M15 9l-6 6"/>',
    "survey": '<rect x="5" y="4" width="14" height="17" rx="2"/><path d="M9 9h6M9 13h6M9 17h3"/>',
    "text": '<path d="M4 5h16v11H9.5L5 20v-4H4z"/>',
    "trained": '<circle cx="10" cy="8" r="3.6"/><path d="M3 20c.7-4 3.5-6 7-6 1.2 0 2.3.2 3.3.7'
    'M15 18l2 2 4-4"/>',
    "trend": '<path d="M4 20h16M4 15l5-5 4 3 7-8"/>',
    "undo": '<path d="M8 5L4 9l4 4M4 9h10a5.5 5.5 0 0 1 0 11h-3"/>',
    "unlock": '<rect x="5" y="11" width="14" height="9" rx="2"/>'
    '<path d="M8 11V8a4 4 0 0 1 7.6-1.8"/>',
    "upload": '<path d="M12 16V5M7 9.5l5-5 5 5M5 20h14"/>',
    "waiting": '<path d="M7 3h10M7 21h10M8 3v4l4 5-4 5v4M16 3v4l-4 5 4 5v4"/>',
    "video": '<rect x="3" y="7" width="12" height="10" rx="2"/><path d="M15 11l6-3.5v9L15 13"/>',
    "warning": '<path d="M12 4L2.8 20h18.4zM12 10v4.5M12 17.4v.1"/>',
}
# Those that point along the line of reading turn round in Arabic.
DIRECTIONAL = frozenset({"back", "forward", "leave", "undo", "trained"})


@cache
def icon(name: str) -> SafeString:
    """A decoration: the words beside it must say the same. KeyError for an unknown name."""
    turns = " icon-flips" if name in DIRECTIONAL else ""
    return format_html(
        '<svg class="icon{}" viewBox="0 0 24 24" aria-hidden="true" focusable="false">{}</svg>',
        turns,
        mark_safe(ICONS[name]),  # noqa: S308  a constant of ours
    )


# Bounded: a circle shows a ring for every state it comes through.
@lru_cache(maxsize=2048)
def ring(seats: int, classes: tuple[str, ...]) -> SafeString:
    """Chairs in a circle seen from above, the first at the top, clockwise.

    ``classes`` holds one CSS class a seat. Drawn for a viewBox of 48 by 48.
    """
    radius = 17.5
    width = min(9.0, 2 * pi * radius / seats * 0.66)
    height = min(7.5, width * 0.84)
    return format_html_join(
        "",
        '<rect class="{}" x="{}" y="{}" width="{}" height="{}" rx="{}" '
        'transform="rotate({} {} {})"/>',
        (
            _seat(radius, width, height, 2 * pi * number / seats, name)
            for number, name in zip(range(seats), classes, strict=True)
        ),
    )


def _seat(
    radius: float, width: float, height: float, angle: float, name: str
) -> tuple[str | float, ...]:
    across, down = 24 + radius * sin(angle), 24 - radius * cos(angle)
    return (
        name,
        round(across - width / 2, 2),
        round(down - height / 2, 2),
        round(width, 2),
        round(height, 2),
        round(height * 0.36, 2),
        round(angle * 180 / pi, 1),
        round(across, 2),
        round(down, 2),
    )
