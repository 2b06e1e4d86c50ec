"""What a group's surveys showed, for those who lead it."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_GET

from goround.apps.evidence.models import GroupReport
from goround.apps.evidence.pictures import Picture
from goround.apps.evidence.selectors import group_reports
from goround.apps.groups.selectors import led_groups
from goround.apps.reader.words import readers_language
from goround.domain.change import LEAST_PAIRS
from goround.web.evidence.parts import Drawn, drawn
from goround.web.rendering import Request


@dataclass(frozen=True)
class Shown:
    """One survey of the group; with too few pairs ``rows`` is empty and the page says why."""

    report: GroupReport
    picture: Picture
    rows: list[Drawn]


@require_GET
def evidence(request: Request, group_id: int) -> HttpResponse:
    group = get_object_or_404(led_groups(request.user, request.organisation), pk=group_id)
    shown = [_shown(report) for report in group_reports(request.user, group)]
    context = {"group": group, "shown": shown, "least": LEAST_PAIRS}
    return render(request, "facilitator/evidence.html", context)


def _shown(report: GroupReport) -> Shown:
    picture = report.picture
    lines = [line for line in picture.subscales if not line.outcome.too_few]
    moves = picture.may_count_moves
    return Shown(report, picture, drawn(lines, readers_language(), moves=moves))
