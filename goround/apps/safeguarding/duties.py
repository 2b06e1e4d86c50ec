"""What the law of a place asks for: shipped as files, or an organisation's own."""

from __future__ import annotations

from functools import cache
from importlib import resources

from goround.apps.organisations.models import Organisation
from goround.apps.safeguarding.models import Plan
from goround.domain.safeguarding.duties import Duties, read_duties

NONE = "none"


@cache
def shipped_duties() -> dict[str, Duties]:
    """The files in ``goround/duties``, by key, those by name first that are a place."""
    files = [f for f in resources.files("goround.duties").iterdir() if f.name.endswith(".toml")]
    found = [read_duties(file.read_text(encoding="utf-8")) for file in files]
    ordered = sorted(found, key=lambda duties: (duties.key == NONE, duties.name))
    return {duties.key: duties for duties in ordered}


def duties_of(organisation: Organisation) -> Duties:
    """Those in force: the organisation's own where it wrote some."""
    plan = Plan.objects.filter(organisation=organisation).first()
    if plan and plan.own_duties:
        return read_duties(plan.own_duties)
    return shipped_duties()[plan.duties_key if plan else NONE]
