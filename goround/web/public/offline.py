"""What a device keeps for when it has no connection, and how it may show this site.

Pages that are the same for everybody, fetched as a visitor sees them. What somebody took along to
work without a signal is elsewhere, locked: see ``goround/web/kept``.
"""

from __future__ import annotations

import json
from functools import cache
from hashlib import sha256
from importlib import resources

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.templatetags.static import static
from django.urls import reverse
from django.views.decorators.http import require_GET

from goround.apps.reader.words import readers_language
from goround.web.public.helplines import helplines

KEPT_FILES = (
    "css/tokens.css",
    "css/base.css",
    "css/components.css",
    "css/lists.css",
    "css/parts/public.css",
    "css/parts/meetings.css",
    "css/parts/kept.css",
    "js/quick-exit.js",
    "js/frame.js",
    "js/offline.js",
    "js/kept.js",
    "js/kept-store.js",
    "js/kept-children.js",
    "js/adult-names.js",
    "icon.svg",
)
# Says what it is called and nothing else.
NAME = "Goround"


@require_GET
def offline(request: HttpRequest) -> HttpResponse:
    """Shown by the device itself; it is fetched beforehand by somebody who is not signed in."""
    return render(request, "public/offline.html")


@require_GET
def offline_worker(request: HttpRequest) -> HttpResponse:
    """The service worker, which has to come from the top of the site to serve all of it."""
    language = readers_language()
    kept = {
        "shelf": f"calls-{language}-{_version()}",
        "language": language,
        "calls": reverse("public:crisis"),
        "notice": reverse("public:offline"),
        "list": reverse("kept:kept"),
        "files": [static(name) for name in KEPT_FILES],
    }
    script = static("js/offline-worker.js")
    return HttpResponse(
        f"self.kept = {json.dumps(kept)};\nimportScripts({json.dumps(script)});\n",
        content_type="text/javascript; charset=utf-8",
    )


def _version() -> str:
    """Another one whenever what is kept has changed: numbers to call must not grow old."""
    told = [static(name) for name in KEPT_FILES] + [_content()]
    for country in helplines():
        told += [line.dial for line in (country.danger, *country.lines)]
    return sha256("\n".join(told).encode()).hexdigest()[:12]


@cache
def _content() -> str:
    """A word for what the files and the page of a list say; scripts and page must fit together."""
    here = resources.files("goround.web")
    told = [(here / "static" / name).read_bytes() for name in KEPT_FILES]
    told.append((here / "templates" / "kept" / "kept.html").read_bytes())
    return sha256(b"".join(told)).hexdigest()


@require_GET
def manifest(request: HttpRequest) -> HttpResponse:
    return JsonResponse(
        {
            "name": NAME,
            "short_name": NAME,
            "start_url": "/",
            "display": "minimal-ui",
            "background_color": "#faf6ef",
            "theme_color": "#faf6ef",
            "icons": [
                {"src": static("icon.svg"), "sizes": "any", "type": "image/svg+xml"},
                {"src": static("icon-512.png"), "sizes": "512x512", "type": "image/png"},
            ],
        },
        content_type="application/manifest+json",
    )
