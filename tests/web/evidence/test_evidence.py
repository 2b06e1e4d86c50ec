from __future__ import annotations

import csv
import re
import zipfile
from dataclasses import replace
from datetime import timedelta
from io import BytesIO, StringIO
from xml.etree import ElementTree

import pytest
from django.test import Client
from django.utils import timezone
from django.utils.translation import override

from goround.apps.accounts.models import User
from goround.apps.evidence.models import Report
from goround.apps.groups.models import Group
from goround.apps.jobs.work import run_next
from goround.domain.change import Change, Design, Interval, Method, Moved, Outcome
from goround.web.evidence.columns import COLUMNS
from goround.web.evidence.document import OnePage, Row, as_pdf
from goround.web.evidence.drawing import WIDTH, Strip, moved_bar, strip
from goround.web.evidence.wording import AS_BEFORE, LEFT_TO_RIGHT, number, signed
from tests.make import make_coordinator, make_group
from tests.make_evidence import BEFORE, COUNTED, make_kept_report, picture_with
from tests.make_groups import make_leader
from tests.make_surveys import make_survey
from tests.pdf_files import assert_tagged, text_of_pdf

pytestmark = pytest.mark.django_db

TOO_FEW = Outcome("strength", Design.FOLLOWED, 1, pairs=6, groups=1, least_pairs=10)
ROW = ("organisation", "survey", "asked_how", "asked_by", "asked_at", "made_at", "figures")
MOVED = "7 of 12 parents got better, 2 stayed the same, 3 got worse."


def signed_in(viewer: User, *, proved: bool = False) -> Client:
    """``proved``: they said within the last minutes who they are."""
    client = Client()
    client.force_login(viewer)
    session = client.session
    session["proved_at"] = (timezone.now() - timedelta(minutes=0 if proved else 30)).isoformat()
    session.save()
    return client


def address(report: Report, name: str = "") -> str:
    return f"/o/{report.organisation.slug}/evidence/{report.pk}/{name}"


def text(client: Client, where: str) -> str:
    answer = client.get(where)
    assert answer.status_code == 200
    return " ".join(answer.text.split())


@pytest.fixture
def group() -> Group:
    return make_group()


@pytest.fixture
def report(group: Group) -> Report:
    return kept(group)


def kept(group: Group, *outcomes: Outcome) -> Report:
    by = make_coordinator(group.organisation)
    picture = picture_with(*(outcomes or [COUNTED]))
    return make_kept_report(make_survey(group.organisation), group, by=by, picture=picture)


def test_report_tells_gains_and_declines_alike(report: Report) -> None:
    shown = text(signed_in(report.asked_by), address(report))

    assert MOVED in shown
    assert "Not for publication." in shown
    assert "That could be chance" in shown
    assert shown.count("<svg xmlns") == 2


def test_report_calls_a_decline_a_decline(group: Group) -> None:
    change = Change(-1.5, Interval(-1.775, -1.225), 0.13, 15.0, 0.001, Method.PAIRED)
    report = kept(
        group, replace(COUNTED, change=change, adjusted_p=0.001, any_move=Moved(0, 0, 12, 0.0))
    )

    shown = text(signed_in(report.asked_by), address(report))

    assert "0 of 12 parents got better, 0 stayed the same, 12 got worse." in shown
    assert "That is a decline: most likely between −1.8 and −1.2." in shown
    assert "lower than before" in shown


def test_report_with_too_few_says_so_without_a_figure(group: Group) -> None:
    report = kept(group, TOO_FEW)

    shown = text(signed_in(report.asked_by), address(report))

    assert "Only 6 parents answered both times. A figure is shown from 10 on" in shown
    assert "<svg xmlns" not in shown


def test_report_from_memory_says_so(group: Group) -> None:
    report = kept(group, replace(COUNTED, design=Design.RECALLED))

    shown = text(signed_in(report.asked_by), address(report))

    assert "Memory is kind" in shown
    assert MOVED in shown


def test_methods_say_what_was_counted_what_is_unknown_and_what_was_left_out(
    report: Report,
) -> None:
    shown = text(signed_in(report.asked_by), address(report, "methods/"))

    assert "The answers of 12 parents could be followed, in 1 group." in shown
    assert "Everybody who answered at first answered again." in shown
    assert "a change is not proof that the group brought it about" in shown
    assert "No answer of one parent is shown anywhere" in shown
    assert "Student&#x27;s t over each parent&#x27;s own change." in shown


def test_report_being_made_waits_and_then_shows(group: Group) -> None:
    survey = make_survey(group.organisation)
    client = signed_in(make_coordinator(group.organisation))
    here = f"/o/{group.organisation.slug}/evidence/"

    answer = client.post(f"{here}count/{survey.pk}/", {"asked_how": "followed"}, follow=True)

    assert "The answers are being counted" in answer.text
    part = client.get(answer.request["PATH_INFO"], headers={"HX-Request": "true"}).text
    assert part.strip() in answer.text
    assert client.get(f"{answer.request['PATH_INFO']}methods/").status_code == 404
    run_next("worker")
    made = client.get(answer.request["PATH_INFO"], headers={"HX-Request": "true"})
    assert (made.headers["HX-Redirect"], made.content) == (answer.request["PATH_INFO"], b"")


def test_surveys_page_asks_no_more_for_more_reports(
    report: Report, django_assert_max_num_queries
) -> None:
    client = signed_in(report.asked_by)
    row = {field: getattr(report, field) for field in ROW}
    for _ in range(3):
        Report.objects.create(**row)

    with django_assert_max_num_queries(12):
        shown = text(client, f"/o/{report.organisation.slug}/evidence/")

    assert shown.count("counted on") == 1


def test_report_page_asks_no_more_for_more_groups(
    report: Report, django_assert_max_num_queries
) -> None:
    client = signed_in(report.asked_by)
    with django_assert_max_num_queries(9):
        text(client, address(report))


def test_one_page_is_the_same_on_screen_and_on_paper(report: Report) -> None:
    client = signed_in(report.asked_by, proved=True)

    screen = text(client, address(report, "one-page/"))
    paper = client.get(address(report, "one-page.pdf"))

    assert paper.headers["Content-Type"] == "application/pdf"
    assert paper.headers["Content-Disposition"].endswith(
        f'"report-{report.pk}-not-for-publication.pdf"'
    )
    assert_tagged(paper.content, language="en")
    printed = text_of_pdf(paper.content)
    for words in (
        f"Strength: {MOVED}",
        "Not for publication.",
        "The answers of 12 parents could be followed",
    ):
        assert words in screen
        assert words in printed


@pytest.mark.parametrize("name", ["one-page.pdf", "figures.xlsx", "figures.csv"])
def test_files_ask_again_who_it_is(report: Report, name: str) -> None:
    answer = signed_in(report.asked_by).get(address(report, name))

    assert answer.status_code == 302
    assert answer.headers["Location"].startswith("/account/prove/")


def test_csv_holds_every_figure_under_its_column(report: Report) -> None:
    client = signed_in(report.asked_by, proved=True)

    answer = client.get(address(report, "figures.csv"))

    [row] = csv.DictReader(StringIO(answer.content.decode("utf-8-sig"), newline=""))
    assert list(row) == ["part", *(column.key for column in COLUMNS)]
    told = {key: row[key] for key in ("part", "pairs", "improved", "same", "worse", "since")}
    assert told == {
        "part": "Strength",
        "pairs": "12",
        "improved": "7",
        "same": "2",
        "worse": "3",
        "since": "post",
    }
    assert float(row["mean_before"]) == pytest.approx(sum(BEFORE) / 12, abs=1e-6)


def test_workbook_has_a_dictionary_and_no_formula(report: Report) -> None:
    answer = signed_in(report.asked_by, proved=True).get(address(report, "figures.xlsx"))

    with zipfile.ZipFile(BytesIO(answer.content)) as book:
        names = ElementTree.fromstring(book.read("xl/workbook.xml"))
        words = book.read("xl/sharedStrings.xml").decode()
        sheets = [book.read(name) for name in book.namelist() if "worksheets/sheet" in name]
    titles = [sheet.get("name") for sheet in names.iter() if sheet.tag.endswith("}sheet")]
    assert titles == ["Figures", "Data dictionary", "Methods"]
    assert not any(b"<f>" in sheet for sheet in sheets)
    missing = [column.key for column in COLUMNS if words.count(f">{column.key}<") < 1]
    assert missing == []
    assert "Not for publication" in words


def test_leader_gets_the_groups_own_report(report: Report, group: Group) -> None:
    client = signed_in(make_leader(group))
    answered_before = f"/o/{group.organisation.slug}/run/{group.pk}/evidence/"

    shown = text(client, answered_before)

    assert "What the surveys of" in shown
    assert "On average" in shown
    # Two stayed the same: who leads twelve people could tell who.
    assert MOVED not in shown
    assert "you might know who" in shown


def test_leader_is_told_why_there_is_no_report_yet(group: Group) -> None:
    kept(group, TOO_FEW)

    shown = text(
        signed_in(make_leader(group)), f"/o/{group.organisation.slug}/run/{group.pk}/evidence/"
    )

    assert "So far 6 parents of your group answered both times. From 10 on" in shown
    assert "On average" not in shown


def test_report_shows_alpha_and_effect_beside_each_subscale_and_what_columns_mean(
    report: Report,
) -> None:
    client = signed_in(make_coordinator(report.organisation), proved=True)

    shown = text(client, address(report))
    file = client.get(address(report, "figures.csv")).content.decode("utf-8-sig")
    [row] = csv.DictReader(StringIO(file))

    assert f"{number(float(row['alpha']), 2)} (" in shown
    assert f"{signed(float(row['effect']), 2)} (" in shown
    assert "<dt>alpha_low</dt>" in shown


def test_leader_of_another_group_finds_nothing(report: Report, group: Group) -> None:
    stranger = make_leader(make_group(group.programme))

    answer = signed_in(stranger).get(f"/o/{group.organisation.slug}/run/{group.pk}/evidence/")

    assert answer.status_code == 404


def test_report_of_another_organisation_is_not_there(report: Report) -> None:
    stranger = make_coordinator(make_group().organisation)

    assert signed_in(stranger).get(address(report)).status_code == 404
    own = f"/o/{make_group().organisation.slug}/evidence/{report.pk}/"
    assert signed_in(stranger).get(own).status_code == 404


def test_paper_runs_from_right_to_left() -> None:
    with override("ar"):
        drawing = strip(Strip(1, 5, 3.0, 3.4, 0.1, 0.7), words="3.0 ← 3.4", number=number)
    row = Row("الدعم", "", drawing, "3.0 ← 3.4", "3.4", drawing, "3.4", "")
    page = OnePage(
        title="تقرير",
        lead="",
        mark="",
        foot="",
        language="ar",
        right_to_left=True,
        paper="a4",
        summary_title="",
        summary=(),
        rows_title="أجزاء",
        heads=("أ", "ب", "ج"),
        rows=(row,),
        notes_title="",
        notes=(),
    )

    made = as_pdf(page)

    assert_tagged(made, language="ar")
    assert "الدعم" in text_of_pdf(made)


def places(drawing: str, shape: str, name: str) -> list[tuple[float, float]]:
    """From where to where each such shape reaches."""
    found = re.findall(
        rf'<{shape} class="{name}" c?x="([0-9.]+)"(?: y="[0-9]+" width="([0-9.]+)")?', drawing
    )
    return [(float(x), float(x) + float(wide or 0)) for x, wide in found]


def test_drawings_are_mirrored_where_words_run_from_right_to_left() -> None:
    figures, moved = Strip(1, 5, 3.0, 3.4, 0.1, 0.7), Moved(7, 2, 3, 0.0)
    straight = strip(figures, words="", number=number) + moved_bar(moved, key="1", words="")
    with override("ar"):
        turned = strip(figures, words="", number=number) + moved_bar(moved, key="1", words="")

    shapes = [("circle", "before"), ("circle", "after"), ("rect", "band"), ("text", "tick")]
    shapes += [("rect", "improved"), ("rect", "same"), ("rect", "worse"), ("text", "count-worse")]
    for shape in shapes:
        told = [(WIDTH - high, WIDTH - low) for low, high in places(straight, *shape)]
        assert told
        assert places(turned, *shape) == [pytest.approx(one, abs=0.11) for one in told]


def test_a_sign_stays_before_its_figure_where_words_run_from_right_to_left() -> None:
    assert (signed(-0.5), signed(0.5), number(-2), number(2)) == ("−0.5", "+0.5", "−2.0", "2.0")
    with override("ar"):
        held = [LEFT_TO_RIGHT + told + AS_BEFORE for told in ("−0.5", "+0.5", "−2.0")]
        assert [signed(-0.5), signed(0.5), number(-2)] == held
        assert (number(2), signed(0.0)) == ("2.0", "0.0")


def test_drawing_stays_within_its_scale() -> None:
    drawn = strip(Strip(1, 5, 4.8, 4.9, -2.0, 9.0), words="w", number=number)

    assert 'x="145.2" y="14" width="162.8"' in drawn
    assert 'aria-label="w"' in drawn
    assert "style=" not in drawn
