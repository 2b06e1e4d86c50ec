"""Uploading a list: shown first, then saved, each state of it said in words."""

from __future__ import annotations

import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from goround.apps.jobs.models import Job
from goround.apps.jobs.work import run_next
from goround.apps.people.models import ListImport, Parent, Referral
from goround.apps.people.services import withdraw
from tests.make import NOON, make_coordinator, make_programme
from tests.make_lists import as_csv, make_list, row

pytestmark = pytest.mark.django_db

HTMX = {"HX-Request": "true"}
LONG = 1_001


@pytest.fixture
def programme():
    return make_programme()


@pytest.fixture
def ana(client, programme):
    user = make_coordinator(programme.organisation)
    client.force_login(user)
    return user


def o(programme, tail=""):
    return f"/o/{programme.organisation.slug}/imports/{tail}"


def upload(client, programme, data, fields=None):
    fields = {"kind": "parents", "programme": str(programme.pk)} | (fields or {})
    file = SimpleUploadedFile("list.csv", data, "text/csv")
    return client.post(o(programme), fields | {"file": file}, follow=True)


def without_tokens(page):
    """The page without what differs each time it is sent out."""
    return re.sub(r'name="csrfmiddlewaretoken" value="[^"]+"', "", page)


def said(page):
    return " ".join(re.sub(r"<[^>]+>", " ", page).split())


def test_upload_shows_what_would_change_and_saves_nothing(client, programme, ana):
    answer = upload(client, programme, as_csv([row("p1"), row("p2"), row("p3", lat="95")]))

    text = said(answer.text)
    assert "Not saved yet" in text
    assert "New 2 of 2" in text
    assert "Bad rows, left out 1" in text
    assert "95" in text
    assert "Save 2 rows" in text
    assert Parent.objects.count() == 0


def test_save_goes_on_in_the_background_and_says_when_it_is_done(client, programme, ana):
    listed = make_list(programme, [row("p1"), row("p2")], by=ana)
    address = o(programme, f"{listed.pk}/")

    saving = client.post(f"{address}save/", follow=True).text
    assert "0 of 2 rows done" in said(saving)
    assert 'hx-trigger="every 1s"' in saving
    assert '<meta http-equiv="refresh"' in saving
    run_next("worker")
    saved = client.get(address).text

    assert "The rows are saved and the uploaded text was deleted." in said(saved)
    assert "every 1s" not in saved
    assert 'http-equiv="refresh"' not in saved
    assert Referral.objects.count() == 2


def test_the_same_list_again_says_that_nothing_changed(client, programme, ana):
    rows = as_csv([row("p1")])
    listed = make_list(programme, rows, by=ana)
    client.post(o(programme, f"{listed.pk}/save/"))
    run_next("worker")

    again = upload(client, programme, rows).text

    assert "Every row says what is known already. Nothing was changed." in said(again)
    assert "/save/" not in again


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (b"", "The file is empty"),
        (b"PK\x03\x04...", "This is a spreadsheet"),
        ("id,lat\np1,Señora".encode("latin-1"), "not in UTF-8"),
        (b"id;languages;available;lat;lon\n1;2;3;4;5", "separated by semicolons"),
        (b"name,phone\nAna,1", "id, languages, available"),
    ],
)
def test_unusable_file_is_answered_in_words(client, programme, ana, data, says):
    answer = upload(client, programme, data)

    assert (answer.status_code, ListImport.objects.count()) == (200, 0)
    assert says in said(answer.text)


@pytest.mark.parametrize(
    ("more", "says"),
    [({"kind": "recipes"}, "Select a valid choice"), ({"programme": ""}, "Choose the programme")],
)
def test_upload_without_its_answers_says_what_is_missing(client, programme, ana, more, says):
    answer = upload(client, programme, as_csv([row("p1")]), more)

    assert (says in said(answer.text), ListImport.objects.count()) == (True, 0)


def test_upload_without_a_file_says_so(client, programme, ana):
    answer = client.post(o(programme), {"kind": "parents", "programme": str(programme.pk)})

    assert "Choose the file." in said(answer.text)


def test_upload_for_a_foreign_programme_is_refused(client, programme, ana):
    answer = upload(client, programme, as_csv([row("p1")]), {"programme": str(make_programme().pk)})

    assert (answer.status_code, ListImport.objects.count()) == (200, 0)


def test_strict_list_with_bad_rows_is_refused(client, programme, ana):
    answer = upload(client, programme, as_csv([row("p1"), row("p2", lat="95")]), {"strict": "on"})

    text = said(answer.text)
    assert "Nothing was saved" in text
    assert "all rows or none" in text
    assert "Save 1 row" not in text


def test_long_list_is_read_in_the_background(client, programme, ana):
    answer = upload(client, programme, as_csv([row(f"p{n}") for n in range(LONG)]))

    assert "Reading the list. Nothing is saved yet." in said(answer.text)
    run_next("worker")
    listed = ListImport.objects.get()
    assert f"Save {LONG} rows" in said(client.get(o(programme, f"{listed.pk}/")).text)


def test_reading_can_be_stopped_and_begun_again(client, programme, ana):
    upload(client, programme, as_csv([row(f"p{n}") for n in range(LONG)]))
    address = o(programme, f"{ListImport.objects.get().pk}/")

    stopped = said(client.post(f"{address}stop/", follow=True).text)
    assert "Reading stopped before the end" in stopped
    assert run_next("worker") is None
    client.post(f"{address}read/")
    run_next("worker")

    assert ListImport.objects.get().status == "read"
    assert "This list was read already." in client.post(f"{address}read/", follow=True).text


def test_saving_can_be_stopped_and_gone_on_with(client, programme, ana):
    listed = make_list(programme, [row("p1"), row("p2")], by=ana)
    address = o(programme, f"{listed.pk}/")
    client.post(f"{address}save/")

    stopped = said(client.post(f"{address}stop/", follow=True).text)
    assert "0 of 2 rows are saved and stay." in stopped
    assert "Save the rest" in stopped
    client.post(f"{address}save/")
    run_next("worker")

    assert (ListImport.objects.get().status, Parent.objects.count()) == ("saved", 2)
    assert Job.objects.filter(status="cancelled").count() == 1


def test_put_aside_lets_go_of_the_list(client, programme, ana):
    listed = make_list(programme, [row("p1")], by=ana)
    address = o(programme, f"{listed.pk}/")

    answer = client.post(f"{address}put-aside/", follow=True)

    assert "The list was put aside and its text deleted." in answer.text
    assert ListImport.objects.get().text == ""
    assert "Put aside" in said(client.get(address).text)
    again = client.post(f"{address}save/", follow=True)
    assert "This list waits for nothing more." in again.text


def test_bad_rows_are_shown_in_pages_and_as_a_file(client, programme, ana):
    rows = [row("good"), *(row(f"p{n}", lat="95") for n in range(60))]
    listed = make_list(programme, rows, by=ana)
    address = o(programme, f"{listed.pk}/")

    first, second = client.get(address).text, client.get(address, {"page": "2"}).text
    file = client.get(f"{address}rejected.csv")

    assert (first.count('<th scope="row"'), second.count('<th scope="row"')) == (50, 10)
    assert file.headers["Content-Disposition"] == 'attachment; filename="rejected.csv"'
    assert len(file.text.splitlines()) == 61


def test_import_page_tells_of_withdrawn_parents_and_unknown_ids(client, programme, ana):
    listed = make_list(programme, [row("p1"), row("p2")], by=ana)
    client.post(o(programme, f"{listed.pk}/save/"))
    run_next("worker")
    withdraw(referral=Referral.objects.get(parent__reference="p1"), by=None, at=NOON)

    changed = as_csv([row("p1", languages="es"), row("p2", together="ghost")])
    text = said(upload(client, programme, changed).text)

    assert "1 parent of the list had left the waiting list before" in text
    assert "nobody has them: ghost" in text


@pytest.mark.parametrize("rows", [1, 3])
def test_import_page_matches_its_part(client, programme, ana, rows, django_assert_num_queries):
    bad = [row(f"p{n}", lat="95") for n in range(rows)]
    listed = make_list(programme, [row("good"), *bad], by=ana)
    address = o(programme, f"{listed.pk}/")
    client.get(address)

    with django_assert_num_queries(7):
        page = client.get(address).text
    part = client.get(address, headers=HTMX).text

    assert without_tokens(part).strip() in without_tokens(page)
    assert part.count("<tr>") == 1 + rows


@pytest.mark.parametrize("rows", [1, 3])
def test_lists_that_came_in_cost_the_same(client, programme, ana, rows, django_assert_num_queries):
    for number in range(rows):
        make_list(programme, [row(f"p{number}")], by=ana)
    client.get(o(programme))

    with django_assert_num_queries(6):
        page = client.get(o(programme)).text

    assert page.count("read, not saved yet") == rows


def test_lists_of_somebody_else_are_not_there(client, programme, ana):
    other = make_programme()
    listed = make_list(other, [row("p1"), row("p2", lat="95")])

    for tail in ("", "rejected.csv"):
        assert client.get(o(programme, f"{listed.pk}/{tail}")).status_code == 404
    for tail in ("save/", "stop/", "read/", "put-aside/"):
        assert client.post(o(programme, f"{listed.pk}/{tail}")).status_code == 404
    assert str(listed.pk) not in re.findall(r"imports/(\d+)/", client.get(o(programme)).text)


@pytest.mark.parametrize("tail", ["save/", "stop/", "read/", "put-aside/"])
def test_import_is_changed_by_asking_for_it_only(client, programme, ana, tail):
    listed = make_list(programme, [row("p1")], by=ana)

    assert client.get(o(programme, f"{listed.pk}/{tail}")).status_code == 405
