"""One act about a concern: held, moved along, written with its words sealed, and audited."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime

from goround.apps.accounts.models import User
from goround.apps.audit import services as audit
from goround.apps.keys.models import SealedText
from goround.apps.keys.sealing import seal
from goround.apps.safeguarding.models import Concern, Step
from goround.domain.safeguarding.concern import Act, Stage, Way, after

# What leads and whoever raises a concern write, by the name of the box on the page.
Words = Mapping[str, str]


def hold_concern(concern: Concern) -> Concern:
    """The row as it is now, and nobody else's until the transaction ends."""
    return (
        Concern.objects.select_for_update(of=("self",), no_key=True)
        .select_related("organisation")
        .get(pk=concern.pk)
    )


def move(concern: Concern, act: Act, *, at: datetime) -> None:
    stage = after(Stage(concern.stage), act)
    concern.stage = stage
    concern.closed_at = at if stage is Stage.CLOSED else None
    if act is Act.REPORT:
        concern.reported_at, concern.is_to_be_reported = concern.reported_at or at, True
    concern.save(update_fields=["stage", "closed_at", "reported_at", "is_to_be_reported"])


def write_step(
    concern: Concern,
    act: Act,
    words: Words,
    *,
    way: Way | None,
    duty: str,
    by: User | None,
    at: datetime,
) -> Step:
    move(concern, act, at=at)
    step = Step.objects.create(concern=concern, act=act, way=way or "", duty=duty, by=by, at=at)
    if any(words.values()):
        step.told = seal_words(concern, "concern step", step.pk, words)
        step.save(update_fields=["told"])
    audit.record(f"concern.{_PAST[act]}", concern, by=by, at=at, step=step.pk)
    return step


_PAST = {
    Act.ACKNOWLEDGE: "acknowledged",
    Act.TRIAGE: "triaged",
    Act.DECIDE: "decided",
    Act.REPORT: "reported",
    Act.SHARE: "shared",
    Act.FOLLOW_UP: "followed",
    Act.CLOSE: "closed",
    Act.REOPEN: "reopened",
}


def seal_words(concern: Concern, kind: str, row_id: int, words: Words) -> SealedText:
    told = json.dumps({name: value for name, value in words.items() if value})
    return seal(organisation_id=concern.organisation_id, kind=kind, row_id=row_id, text=told)
