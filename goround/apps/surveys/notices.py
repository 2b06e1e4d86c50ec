"""What members are told about a wave: that some questions wait, never whose or about what.

At most twice, and not again once somebody answered or said no; consent is asked for by the outbox.
"""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

from django.db import transaction
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from goround.apps.meetings.notices import by_day
from goround.apps.outbox.kinds import Words, tells
from goround.apps.outbox.models import Message
from goround.apps.outbox.services import tell_parents
from goround.apps.surveys.models import Awaited, Wave
from goround.apps.surveys.services import await_newcomers

REMINDER = "survey-reminder"
FIRST_AFTER, LAST_BEFORE, AT_LEAST_BETWEEN = timedelta(2), timedelta(3), timedelta(5)


def reminder_days(wave: Wave) -> tuple[date, ...]:
    """The first after two days, another three days before the end of a wave that is long."""
    first = wave.opens_on + FIRST_AFTER
    last = wave.closes_on - LAST_BEFORE
    days = [first] if first <= wave.closes_on else []
    if last - first >= AT_LEAST_BETWEEN:
        days.append(last)
    return tuple(days)


def remind_all(*, at: datetime) -> None:
    """Ask newcomers, queue what is due, and let go who is awaited no more; safe to repeat."""
    for wave in Wave.objects.select_related("group__organisation").order_by("pk"):
        today = wave.group.today(at=at)
        if today > wave.closes_on:
            wave.awaited.all().delete()
        elif wave.is_open(on=today):
            await_newcomers(wave=wave, by=None, at=at)
            _remind(wave, sum(day <= today for day in reminder_days(wave)), at)


@transaction.atomic
def _remind(wave: Wave, number: int, at: datetime) -> None:
    """Whoever was told less often is told once, with this reminder: nobody gets two at a time."""
    due = wave.awaited.select_for_update(of=("self",), no_key=True).filter(reminders__lt=number)
    parents = set(due.values_list("parent_id", flat=True))
    if not parents:
        return
    end = datetime.combine(wave.closes_on, time(20), tzinfo=wave.group.zone)
    due.update(reminders=number)
    if end > at:
        tell_parents(
            organisation=wave.group.organisation,
            parent_ids=parents,
            kind=REMINDER,
            event=f"wave {wave.pk} reminder {number}",
            about_id=wave.pk,
            best_before=end,
            due_at=min(by_day(at, wave.group.zone), end),
            by=None,
            at=at,
        )


# Private: a second reminder would tell a coordinator who has not answered.
@tells(REMINDER, gettext_lazy("Some questions wait to be answered"), is_private=True)
def reminder(message: Message, at: datetime) -> Words | None:
    asked = Awaited.objects.filter(wave=message.about_id, parent=message.parent_id)
    one = asked.select_related("wave__group").first()
    if one is None or not one.wave.is_open(on=one.wave.group.today(at=at)):
        return None
    minutes = one.wave.usual_minutes or one.wave.planned_minutes
    takes = ngettext(
        "They take about %(minutes)s minute.", "They take about %(minutes)s minutes.", minutes
    ) % {"minutes": minutes}
    until = {"day": date_format(one.wave.closes_on, _("l j F"))}
    return Words(
        _("A few questions, if you like"),
        (
            _("Some questions wait for you until %(day)s.") % until + " " + takes,
            _("You find them where you sign in. Saying no there is fine, too."),
        ),
    )
