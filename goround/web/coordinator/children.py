"""How many children came to a group's programme, by age band: all that a coordinator sees."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_GET

from goround.apps.children.programme import bands_of
from goround.apps.children.selectors import head_counts
from goround.apps.groups.selectors import groups_for
from goround.web.rendering import Request


@require_GET
def children(request: Request, group_id: int) -> HttpResponse:
    group = get_object_or_404(groups_for(request.user, request.organisation), pk=group_id)
    bands = [band.key for band in bands_of(group)]
    counts = [
        (each, [(band, dict(each.by_band).get(band, 0)) for band in bands])
        for each in head_counts(request.user, group)
    ]
    context = {"group": group, "bands": bands, "counts": counts, "zone": group.time_zone}
    return render(request, "coordinator/children.html", context)
