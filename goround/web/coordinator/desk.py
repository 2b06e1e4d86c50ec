"""Today: what needs doing, each with the number of things that wait."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET

from goround.apps.decisions.selectors.check_ins import late_check_ins
from goround.apps.decisions.selectors.handover import GroupHandover
from goround.apps.formation.selectors import open_rounds
from goround.apps.meetings.selectors import meetings_left_open
from goround.apps.organisations.roles import Permission
from goround.apps.outbox.selectors import given_up
from goround.apps.people.selectors import checks_run_out, open_imports, waiting_counts
from goround.apps.reader.words import enumerated
from goround.apps.records.selectors import trail_of
from goround.apps.reports.selectors import Due, reminders
from goround.web.rendering import Request


@dataclass(frozen=True)
class Task:
    """One line of the desk: where it leads, how much there is, and how pressing that is."""

    url: str
    words: str | Promise
    count: int
    more: str = ""
    kind: str = "info"


@require_GET
def desk(request: Request) -> HttpResponse:
    tasks = list(_tasks(request, timezone.now()))
    return render(request, "coordinator/desk.html", {"tasks": tasks})


def _tasks(request: Request, now: datetime) -> Iterator[Task]:
    yield from _trail(request)
    if Permission.SEE_WAITING_LIST in request.permissions:
        yield _waiting(request, now)
    if Permission.IMPORT_LISTS in request.permissions:
        lists = open_imports(request.user, request.organisation).count()
        yield Task(_to(request, "imports"), _("Lists to confirm"), lists, kind="warning")
    if Permission.FORM_GROUPS in request.permissions:
        rounds = open_rounds(request.user, request.organisation).count()
        yield Task(_to(request, "rounds"), _("Rounds not finished"), rounds)
    if Permission.RECORD_ANY_ATTENDANCE in request.permissions:
        left_open = meetings_left_open(request.user, request.organisation, at=now).count()
        words = _("Meetings of which nobody said who came")
        yield Task(_to(request, "groups"), words, left_open, kind="warning")
    if Permission.MANAGE_GROUPS in request.permissions:
        late = late_check_ins(request.user, request.organisation, at=now)
        words = _("Talks with parent leaders that are late")
        names = enumerated(one.group.name for one in late)
        url = _late_one(request, late) or _to(request, "groups")
        yield Task(url, words, len(late), names, kind="warning")
        unsent = given_up(request.user, request.organisation).count()
        words = _("Notes that could not be sent")
        yield Task(_to(request, "outbox"), words, unsent, kind="warning")
    if Permission.SEE_TRAINING in request.permissions:
        today = request.organisation.local(now).date()
        over = checks_run_out(request.user, request.organisation, on=today)
        yield Task(
            _to(request, "training"), _("Background checks that ran out"), over, kind="danger"
        )
    if Permission.SEE_MONTH in request.permissions:
        for due in reminders(request.user, request.organisation, at=now):
            yield _statistics(request, due)


def _trail(request: Request) -> Iterator[Task]:
    chain = trail_of(request.user, request.organisation)
    if chain and chain.fault:
        yield Task(
            _to(request, "trail"), _("The trail of who did what is broken"), 1, kind="danger"
        )


def _waiting(request: Request, now: datetime) -> Task:
    counts = waiting_counts(request.user, request.organisation, at=now)
    long = ngettext(
        "%(n)s waits longer than 8 weeks", "%(n)s wait longer than 8 weeks", counts.long
    )
    kind = "warning" if counts.long else "info"
    more = long % {"n": counts.long} if counts.waiting else ""
    return Task(_to(request, "waiting"), _("Parents waiting"), counts.waiting, more, kind)


def _statistics(request: Request, due: Due) -> Task:
    words = _("Groups not in for %(month)s") % {"month": date_format(due.month.first_day, "F")}
    more = _("due on %(day)s") % {"day": date_format(due.on, _("j F"))}
    url = f"{_to(request, 'month')}?month={due.month}"
    return Task(url, words, len(due.missing), more, "warning")


def _late_one(request: Request, late: Sequence[GroupHandover]) -> str:
    """Straight to the page where it is noted, if it is one."""
    if len(late) != 1:
        return ""
    return reverse("coordinator:check_in", args=[request.organisation.slug, late[0].group.pk])


def _to(request: Request, page: str) -> str:
    return reverse(f"coordinator:{page}", args=[request.organisation.slug])
