"""Server time and queries of every page of the demo that somebody can reach by following links.

Each person of the demo signs in and follows whatever their pages lead to; a page counts once for
each kind of address, with the slowest of those who open it.
"""

# Django can only be imported once the settings are in the environment.
# ruff: noqa: PLC0415
from __future__ import annotations

import html
import re
import statistics
import subprocess
import sys
import tempfile
from collections import deque
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple, TypeGuard

from bench import reference
from bench.pages import WANTED_MS, first, once, prepare, signed_in

if TYPE_CHECKING:  # Django is not ready when this module is read
    from django.http import HttpResponse, HttpResponseBase

RUNS = 7
SLOWEST_SHOWN = 25
LINK = re.compile(r'href="(/[^"#]*)')
# Opening these ends the session, or is no page.
NOT_FOLLOWED = {"public:leave"}
MEASURE = "import sys; from bench.every_page import measure; measure(sys.argv[1])"


class Taken(NamedTuple):
    """Seconds of processor time, SQLite's included, and what the page asked the database."""

    seconds: float
    queries: int
    kilobytes: float
    who: str


def main() -> int:
    # A process of its own: Django keeps to one database.
    with tempfile.TemporaryDirectory(prefix="goround-bench-") as folder:
        return subprocess.run([sys.executable, "-c", MEASURE, folder], check=False).returncode


def measure(folder: str) -> None:
    """Load the demo, crawl it as everybody, print the slowest pages and how many are too slow."""
    prepare(Path(folder), 1)
    from goround.apps.demo.cast import CAST

    loop = reference.seconds()
    slowest: dict[str, Taken] = {}
    for person in CAST:
        for name, taken in _pages_of(person.handle):
            slowest[name] = max(taken, slowest.get(name, taken))
    ranked = sorted(slowest.items(), key=lambda item: item[1].seconds, reverse=True)
    print(f"the reference loop takes {1000 * loop:.1f} ms")
    print(f"{'page':<34}{'ms':>8}{'× loop':>9}{'queries':>9}{'kB':>7}  who")
    for name, taken in ranked[:SLOWEST_SHOWN]:
        print(
            f"{name:<34}{1000 * taken.seconds:>8.1f}{taken.seconds / loop:>9.2f}"
            f"{taken.queries:>9}{taken.kilobytes:>7.0f}  {taken.who}"
        )
    middle = statistics.median(taken.seconds for taken in slowest.values())
    late = sum(1000 * taken.seconds > WANTED_MS for taken in slowest.values())
    print(
        f"{len(slowest)} pages, {1000 * middle:.1f} ms in the middle ({middle / loop:.2f} × loop); "
        f"{late} over {WANTED_MS} ms",
        flush=True,
    )


def _pages_of(handle: str) -> Iterator[tuple[str, Taken]]:
    """What this person gets to from the start, each kind of address once."""
    from django.urls import Resolver404, resolve

    client, found = signed_in(handle), deque(["/"])
    seen: set[str] = set()
    while found:
        path = found.popleft()
        try:
            name = resolve(path.partition("?")[0]).view_name
        except Resolver404:
            continue
        if name in seen | NOT_FOLLOWED:
            continue
        answer, queries = first(client, path)
        if answer.status_code in {301, 302}:
            found.append(answer.headers["Location"])
            continue
        seen.add(name)
        if answer.status_code != 200 or not _is_html(answer):
            continue
        found.extend(map(html.unescape, LINK.findall(answer.content.decode())))
        times = [once(client, path) for _ in range(RUNS)]
        yield name, Taken(statistics.median(times), queries, len(answer.content) / 1000, handle)


def _is_html(answer: HttpResponseBase) -> TypeGuard[HttpResponse]:
    return not answer.streaming and answer.headers["Content-Type"].startswith("text/html")


if __name__ == "__main__":
    sys.exit(main())
