"""axe on a page: no barrier it can find may be there."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from playwright.sync_api import Page

AXE = Path(__file__).parent.parent / "vendor" / "axe.min.js"
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


def assert_accessible(page: Page) -> None:
    """Fail with each barrier axe finds on ``page`` as it is now: rule, place, what to mend."""
    barriers = barriers_on(page)
    assert not barriers, f"{page.url}\n" + "\n".join(barriers)


def barriers_on(page: Page) -> list[str]:
    # Evaluated, not added as a script tag, which the content security policy would refuse.
    page.evaluate(AXE.read_text(encoding="utf-8"))
    found: dict[str, Any] = page.evaluate(
        "rules => axe.run(document, {runOnly: rules, resultTypes: ['violations']})", RULES
    )
    return [
        f"{rule['id']} ({rule['impact']}): {rule['help']}\n    {node['html'][:200]}"
        for rule in found["violations"]
        for node in rule["nodes"]
    ]
