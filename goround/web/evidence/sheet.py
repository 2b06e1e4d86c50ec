"""An organisation's report as one page."""

from __future__ import annotations

from django.utils.formats import date_format
from django.utils.translation import get_language_bidi
from django.utils.translation import gettext as _

from goround.apps.evidence.models import Report
from goround.apps.evidence.pictures import Picture
from goround.apps.reader.words import dotted, listed, readers_language
from goround.domain.change import Moved
from goround.web.evidence import wording
from goround.web.evidence.document import OnePage, Row
from goround.web.evidence.parts import Drawn, drawn
from goround.web.rendering import Request

# Where Letter is the paper in the printer.
LETTER_ZONES = ("America/",)
MOST_SENTENCES = 5


def one_page_of(request: Request, report: Report) -> OnePage:
    """Exact figures: whoever prints the page finds on it that it is not for publication."""
    picture, language = report.picture, readers_language()
    here = request.organisation
    rows = drawn(picture.subscales, language)
    letter = here.time_zone.startswith(LETTER_ZONES)
    made_on = date_format(here.local(report.made_at).date(), _("j F Y")) if report.made_at else ""
    return OnePage(
        title=picture.survey,
        lead=dotted([here.name, _how(picture), made_on]),
        mark=_("Not for publication. Exact figures, for staff of this organisation only."),
        foot=picture.credit,
        language=language,
        right_to_left=get_language_bidi(),
        paper="us-letter" if letter else "a4",
        summary_title=_("In short"),
        summary=tuple(_sentences(rows)),
        rows_title=_("Part by part"),
        heads=(_("Part"), _("On average"), _("Parents")),
        rows=tuple(_row(row) for row in rows),
        notes_title=_("How to read this"),
        notes=tuple(_notes(picture)),
    )


def _how(picture: Picture) -> str:
    people = wording.people_words(picture.people)
    return listed([people, wording.groups_words(picture.groups)])


def _sentences(rows: list[Drawn]) -> list[str]:
    """A sentence for each part that has a figure, in the survey's order and no other."""
    told = [f"{row.part.name}: {row.moved_words}" for row in rows if row.moved_words]
    return told[:MOST_SENTENCES]


def _row(row: Drawn) -> Row:
    part = row.part
    return Row(
        name=part.name,
        since=part.since,
        strip=row.strip,
        strip_words=row.strip_words,
        mean=part.mean or part.few,
        moved=row.moved,
        moved_words=row.moved_words,
        summary=_in_the_bar(part.outcome.any_move),
    )


def _in_the_bar(moved: Moved | None) -> str:
    if moved is None:
        return ""
    told = _("%(better)s better, %(same)s the same, %(worse)s worse")
    return told % {"better": moved.improved, "same": moved.same, "worse": moved.worse}


def _notes(picture: Picture) -> list[str]:
    """The legend, and what nobody should overlook."""
    legend = [
        _("The hollow dot is the average before, the full one after. The band shows where the true"
          " average after most likely lies (95 in 100)."),
        _("In the bar: got better, stayed the same, got worse (hatched). Any change counts."),
    ]  # fmt: skip
    return [*legend, *wording.counted(picture), *wording.unknown(picture), *wording.hidden(picture)]
