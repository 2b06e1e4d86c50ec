"""How far a group has gone towards leading itself, in sentences."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from goround.apps.decisions.selectors.handover import GroupHandover
from goround.domain.playbook.handover import Next, Step


@dataclass(frozen=True, slots=True)
class StepShown:
    words: str
    is_late: bool


@dataclass(frozen=True, slots=True)
class HandoverShown:
    stage: str
    is_behind: bool
    session: int
    steps: tuple[StepShown, ...]


def shown(found: GroupHandover) -> HandoverShown | None:
    """What the page says; None where the playbook says nothing about it."""
    if not found.is_asked:
        return None
    told = found.handover
    return HandoverShown(
        stage=told.stage.label if told.stage else "",
        is_behind=told.is_behind,
        session=told.session,
        steps=tuple(StepShown(_words(step), step.is_late) for step in told.steps),
    )


def _words(step: Step) -> str:
    facts = {
        "title": step.label.lower(),
        "label": step.label,
        "day": date_format(step.on, _("j F Y")) if step.on else "",
        "by": step.by_session,
    }
    return (LATE if step.is_late and step.code in LATE else COMING)[step.code]() % facts


COMING: dict[Next, Callable[[], str]] = {
    Next.CHOOSE_LEADER: lambda: _("By meeting %(by)s the group chooses its %(title)s."),
    Next.CHOOSE_AGAIN: lambda: _("The group chooses again by %(day)s."),
    Next.CHECK_IN: lambda: _("The next talk with who leads is due on %(day)s."),
    Next.NEXT_STAGE: lambda: _("From meeting %(by)s: %(label)s"),
}
LATE: dict[Next, Callable[[], str]] = {
    Next.CHOOSE_LEADER: lambda: _("No %(title)s yet; one is asked for by meeting %(by)s."),
    Next.CHOOSE_AGAIN: lambda: _(
        "The group's choice held until %(day)s. It is time to choose again."
    ),
    Next.CHECK_IN: lambda: _("The talk with who leads was due on %(day)s."),
}
