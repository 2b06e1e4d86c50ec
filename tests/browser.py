"""A Chromium for the journeys: the system's where there is one, otherwise Playwright's own.

``python -m tests.browser`` ends with status 0 when a browser is there.
"""

from __future__ import annotations

import sys
from pathlib import Path

from playwright.sync_api import Browser, Playwright, sync_playwright

SYSTEM_BROWSERS = [Path("/usr/bin/chromium"), Path("/usr/bin/google-chrome")]
# Without a sandbox because continuous integration runs as root; the rest keeps the browser from
# asking for anything outside this machine.
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-dev-shm-usage",
]


class BrowserMissing(Exception):
    """This machine has no Chromium to drive."""


def browser_program(playwright: Playwright) -> Path:
    own = Path(playwright.chromium.executable_path)
    for program in [*SYSTEM_BROWSERS, own]:
        if program.exists():
            return program
    raise BrowserMissing(
        "No Chromium on this machine. On Debian: apt-get install chromium libatomic1; "
        "elsewhere: .venv/bin/playwright install chromium"
    )


def launch(playwright: Playwright) -> Browser:
    program = browser_program(playwright)
    return playwright.chromium.launch(executable_path=program, args=FLAGS)


def main() -> int:
    with sync_playwright() as playwright:
        try:
            print(browser_program(playwright))  # noqa: T201
        except BrowserMissing as reason:
            print(reason, file=sys.stderr)  # noqa: T201
            return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
