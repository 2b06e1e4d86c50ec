from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import replace

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from goround.apps.audit.models import Event
from goround.apps.evidence.models import GroupReport, Report
from goround.apps.evidence.pictures import Picture
from goround.apps.evidence.selectors import group_reports, reports_for, surveys_with_reports
from goround.apps.evidence.services import ask_for_report, keep_pictures
from goround.apps.groups.models import Leadership
from goround.apps.jobs.models import Job
from goround.apps.jobs.work import run_next
from goround.apps.organisations.models import RoleAssignment
from goround.apps.organisations.roles import Role
from goround.domain.change import Design, Moved, Outcome
from tests.make import make_coordinator, make_group
from tests.make_evidence import (
    AFTER,
    BEFORE,
    COUNTED,
    answered_once,
    answered_twice,
    make_kept_report,
    make_report,
    picture_with,
)
from tests.make_groups import make_leader
from tests.make_surveys import make_survey

pytestmark = pytest.mark.django_db

TOO_FEW = Outcome("strength", Design.FOLLOWED, 1, pairs=6, groups=1, least_pairs=10)


def test_report_counts_each_parent_against_themselves() -> None:
    group = make_group()

    picture = make_report(answered_twice(group)).picture

    [line] = picture.lines
    assert (picture.people, picture.groups, picture.unlinked) == (12, 1, 0)
    assert (line.words, line.low, line.high, line.since) == ({"en": "Strength"}, 1, 5, "post")
    assert line.outcome.any_move == Moved(improved=7, same=2, worse=3, margin=0.0)
    assert line.outcome.before == pytest.approx(sum(BEFORE) / 12)
    assert line.outcome.after == pytest.approx(sum(AFTER) / 12)
    assert line.outcome.reliability is not None


def test_report_keeps_what_is_remembered_by_itself() -> None:
    group = make_group()
    survey = answered_twice(group)
    answered_once(group, survey=survey)

    followed = make_report(survey).picture
    recalled = make_report(survey, design=Design.RECALLED).picture

    assert (followed.people, recalled.people) == (12, 12)
    assert [line.since for line in recalled.lines] == ["now"]
    assert [line.outcome.pairs for line in (*followed.lines, *recalled.lines)] == [12, 12]


def test_report_says_who_is_missing() -> None:
    survey = answered_twice(make_group(), after=(*AFTER[:10], None, None))

    [line] = make_report(survey).picture.lines

    assert line.outcome.missing is not None
    assert (line.outcome.missing.stayed, line.outcome.missing.missing) == (10, 2)


def test_report_of_too_few_has_no_figure() -> None:
    survey = answered_twice(make_group(), before=BEFORE[:9], after=AFTER[:9])

    picture = make_report(survey).picture

    assert picture.too_few
    assert [line.outcome.change for line in picture.lines] == [None]


def test_report_on_nothing_is_empty() -> None:
    picture = make_report(make_survey(make_group().organisation)).picture

    assert (picture.people, picture.lines) == (0, ())


def test_picture_read_again_is_the_same() -> None:
    kept = json.loads(json.dumps(picture_with(COUNTED, TOO_FEW).plain()))

    assert Picture.read(kept) == picture_with(COUNTED, TOO_FEW)


def test_report_asked_twice_is_one_and_is_in_the_trail() -> None:
    survey = make_survey(make_group().organisation)
    by, at = make_coordinator(survey.organisation), timezone.now()

    reports = [
        ask_for_report(survey=survey, design=Design.FOLLOWED, by=by, at=at) for _ in range(2)
    ]
    run_next("tests")

    assert reports[0] == reports[1]
    assert Job.objects.count() == 1
    kinds = Event.objects.filter(kind__startswith="report.").order_by("pk")
    assert list(kinds.values_list("kind", flat=True)) == ["report.asked", "report.made"]


def test_figures_of_a_report_stay_as_they_were_shown() -> None:
    group = make_group()
    survey, by = make_survey(group.organisation), make_coordinator(group.organisation)
    report = make_kept_report(survey, group, by=by)
    report.refresh_from_db()
    shown = dict(report.figures)
    other = Picture("Other", "", Design.FOLLOWED, 0, 0, 0, 0, 10, ())

    keep_pictures(report=report, whole=other, of_groups={}, by=report.asked_by, at=timezone.now())

    report.refresh_from_db()
    assert report.figures == shown


def test_report_of_somebody_who_holds_surveys_no_more_is_not_made() -> None:
    survey = make_survey(make_group().organisation)
    by = make_coordinator(survey.organisation)
    report = ask_for_report(survey=survey, design=Design.FOLLOWED, by=by, at=timezone.now())
    RoleAssignment.objects.filter(user=by).delete()

    job = run_next("tests")

    report.refresh_from_db()
    assert job is not None
    assert (job.status, report.made_at) == (Job.Status.FAILED, None)


def test_report_without_figures_cannot_be_made() -> None:
    survey = make_survey(make_group().organisation)
    with pytest.raises(IntegrityError), transaction.atomic():
        Report.objects.create(
            organisation=survey.organisation,
            survey=survey,
            asked_how="followed",
            asked_by=make_coordinator(survey.organisation),
            asked_at=timezone.now(),
            made_at=timezone.now(),
        )


def test_reports_are_absent_for_a_stranger() -> None:
    group = make_group()
    survey, by = make_survey(group.organisation), make_coordinator(group.organisation)
    report = make_kept_report(survey, group, by=by)
    stranger = make_coordinator(make_group().organisation)
    here = survey.organisation

    assert list(reports_for(report.asked_by, here)) == [report]
    assert list(reports_for(stranger, here)) == []
    assert surveys_with_reports(stranger, here) == []


def test_surveys_show_their_newest_report_of_each_kind() -> None:
    group = make_group()
    survey, by = make_survey(group.organisation), make_coordinator(group.organisation)
    old, new = (make_kept_report(survey, group, by=by) for _ in range(2))
    remembered = picture_with(replace(COUNTED, design=Design.RECALLED))
    recalled = make_kept_report(survey, group, by=by, picture=remembered)

    [row] = surveys_with_reports(recalled.asked_by, survey.organisation)

    assert old != new
    assert (row.name, row.followed, row.recalled) == ("Small", new, recalled)


def test_group_report_is_for_those_who_lead_the_group() -> None:
    group = make_group()
    leader, elsewhere = make_leader(group), make_leader(make_group(group.programme))
    childrens = make_leader(group, Leadership.Part.CHILDRENS_LEADER, Role.CHILDRENS_LEADER)

    by = make_coordinator(group.organisation)
    make_kept_report(make_survey(group.organisation), group, by=by)

    own = GroupReport.objects.get()
    assert group_reports(leader, group) == [own]
    assert group_reports(childrens, group) == []
    assert group_reports(elsewhere, group) == []


def test_group_report_counts_its_own_group_only() -> None:
    group = make_group()
    survey = answered_twice(group, before=(3, 4), after=(4, 4))
    answered_twice(
        make_group(group.programme), survey=survey, before=(3,), after=(4,), name="other"
    )

    report = make_report(survey)

    assert report.picture.people == 3
    pictures = [row.picture for row in report.of_groups.order_by("group_id")]
    assert [(one.people, one.groups) for one in pictures] == [(2, 1), (1, 1)]


@pytest.mark.parametrize(
    ("moved", "may"),
    [((7, 2, 3), False), ((6, 3, 3), True), ((9, 0, 3), True), ((12, 0, 0), False)],
)
def test_moves_are_told_where_nobody_stands_alone(moved: tuple[int, int, int], may: bool) -> None:
    picture = picture_with(replace(COUNTED, any_move=Moved(*moved, margin=0.0)))

    assert picture.may_count_moves is may


def test_pages_load_no_statistics() -> None:
    code = (
        "import sys, django; django.setup(); import goround.config.urls;"
        "print([m for m in ('scipy.stats', 'statsmodels', 'xlsxwriter')"
        " if m in sys.modules])"
    )

    loaded = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    )

    assert loaded.stdout.strip() == "[]"
