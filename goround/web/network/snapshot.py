from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from goround.apps.releases.catalogue import last_day
from goround.apps.releases.selectors import released_snapshots, sheets_of, told_in
from goround.apps.reports.selectors import group_target
from goround.web.network.releases import told
from goround.web.network.titles import title
from goround.web.rendering import Request


@require_GET
def snapshot(request: Request) -> HttpResponse:
    """The year with the most groups, or the one asked for, as it was last released."""
    known = released_snapshots(request.user, request.network)
    year = request.GET.get("year", "")
    shown = next((one for one in known if str(one.first_on.year) == year), None)
    shown = shown or (known[0] if known else None)
    if shown is None:
        return render(request, "network/snapshot.html", {})
    context = {
        "release": shown,
        "title": title(shown),
        "years": sorted(known, key=lambda one: one.first_on, reverse=True),
        "told": told_in(request.user, shown),
        **told(shown, sheets_of(request.user, shown)),
        "target": group_target(request.user, request.network, on=last_day(shown.span)),
    }
    return render(request, "network/snapshot.html", context)
