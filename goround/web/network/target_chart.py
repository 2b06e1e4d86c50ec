"""Groups month by month against the plan, as one SVG. Its figures stand in the table below it."""

from __future__ import annotations

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from goround.apps.reports.selectors import Plan
from goround.domain.counting import Month

WIDTH, HEIGHT = 640, 260
# Room on the left for four figures in the large letters of a phone.
LEFT, RIGHT, TOP, FLOOR = 68, 620, 20, 226


def drawing(plan: Plan) -> SafeString:
    """What was held as steps, the plan as a straight line, what may come as a fan."""
    most = max(plan.target.wanted, plan.target.groups, _high(plan)) * 1.05

    def x(months: float) -> float:
        return round(LEFT + (RIGHT - LEFT) * months / plan.months, 1)

    def y(groups: float) -> float:
        return round(FLOOR - (FLOOR - TOP) * groups / most, 1)

    parts = [
        _line("axis", (x(0), y(0)), (x(plan.months), y(0))),
        _line("planned", (x(0), y(0)), (x(plan.months), y(plan.target.wanted))),
        _text(LEFT - 6, y(plan.target.wanted) + 4, "end", str(plan.target.wanted)),
        _text(LEFT - 6, y(0) + 4, "end", "0"),
        *(_text(x(at), FLOOR + 22, "middle", year) for at, year in _years(plan)),
        *(_line("axis", (x(at), FLOOR), (x(at), FLOOR + 5)) for at, _year in _years(plan)),
    ]
    expected = plan.now.expected if plan.now else None
    if expected and not plan.is_over:
        begin, end = (x(len(plan.begun)), y(expected.so_far)), x(plan.months)
        fan = [begin, (end, y(expected.high)), (end, y(expected.low))]
        parts.append(format_html('<polygon class="fan" points="{}"/>', _points(fan)))
        parts.append(_line("middle", begin, (end, y(expected.middle))))
    parts.append(
        format_html(
            '<polyline class="held" points="{}"/>',
            _points([(x(at), y(groups)) for at, groups in _steps(plan)]),
        )
    )
    return format_html(
        '<svg class="target-chart" viewBox="0 0 {} {}" role="img" aria-label="{}"'
        ' direction="ltr">{}</svg>',
        WIDTH,
        HEIGHT,
        _("Groups held, month by month, beside a straight line to the target."),
        format_html_join("", "{}", ((part,) for part in parts)),
    )


def _high(plan: Plan) -> int:
    expected = plan.now.expected if plan.now else None
    return expected.high if expected else 0


def _steps(plan: Plan) -> list[tuple[int, int]]:
    """Level through a month, up at its end."""
    total, steps = 0, [(0, 0)]
    for at, groups in enumerate(plan.begun, 1):
        steps.append((at, total))
        total += groups
        steps.append((at, total))
    return steps


def _years(plan: Plan) -> list[tuple[int, str]]:
    first = Month.of(plan.target.since)
    months = ((at, first.later(at)) for at in range(plan.months + 1))
    return [(at, str(month.year)) for at, month in months if month.number == 1]


def _points(places: list[tuple[float, float]]) -> str:
    return " ".join(f"{across},{down}" for across, down in places)


def _line(kind: str, begin: tuple[float, float], end: tuple[float, float]) -> SafeString:
    return format_html('<line class="{}" x1="{}" y1="{}" x2="{}" y2="{}"/>', kind, *begin, *end)


def _text(across: float, down: float, anchor: str, words: str) -> SafeString:
    return format_html(
        '<text class="tick" x="{}" y="{}" text-anchor="{}">{}</text>', across, down, anchor, words
    )
