"""``goround playbook``: what somebody at the server's keyboard is told."""

from __future__ import annotations

from io import StringIO
from pathlib import Path

import pytest
from django.core.management import call_command

from goround.apps.audit.models import Event
from goround.apps.organisations.playbooks import playbook_of, shipped_playbooks, shipped_rules
from tests.make import make_organisation, make_programme

CIRCLES = "parent-support-circles"


def playbook(*words: str) -> str:
    """What the command prints when all is well."""
    said, wrong = StringIO(), StringIO()
    call_command("playbook", *words, stdout=said, stderr=wrong)
    assert wrong.getvalue() == ""
    return said.getvalue()


def refused(*words: str) -> list[str]:
    """The sentences of a command that ends with status 2 and says nothing else."""
    said, wrong = StringIO(), StringIO()
    with pytest.raises(SystemExit) as stopped:
        call_command("playbook", *words, stdout=said, stderr=wrong)
    assert stopped.value.code == 2
    assert said.getvalue() == ""
    return wrong.getvalue().splitlines()


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    file = tmp_path / "our-circles.toml"
    text = shipped_rules(CIRCLES).replace("\nmax = 10\n", "\nmax = 9\n")
    assert text != shipped_rules(CIRCLES)
    file.write_text(text)
    return file


@pytest.mark.parametrize("key", shipped_playbooks())
def test_copy_prints_the_whole_file_and_check_finds_it_good(key: str, tmp_path: Path) -> None:
    file = tmp_path / "mine.toml"

    file.write_text(playbook("copy", key))

    assert file.read_text() == shipped_rules(key)
    assert playbook("check", str(file)) == (
        f"mine.toml: all is well with {shipped_playbooks()[key].name}.\n"
    )


def test_copy_of_what_does_not_ship_names_what_does() -> None:
    assert refused("copy", "made-up") == [
        f"No playbook is called 'made-up'. There are {', '.join(shipped_playbooks())}."
    ]


def test_check_tells_every_mistake(copy: Path) -> None:
    wrong = copy.read_text().replace("max = 9", "max = 1").replace("[minutes]", "[minuets]")
    copy.write_text(wrong)

    told = refused("check", str(copy))

    assert "our-circles.toml: sizes.min is 4; it must not be above sizes.max, 1" in told
    assert "our-circles.toml: minuets is not a key of a playbook; did you mean minutes?" in told
    assert all(line.startswith("our-circles.toml: ") for line in told)


def test_check_of_no_file_says_so(tmp_path: Path) -> None:
    gone = tmp_path / "gone.toml"
    latin = tmp_path / "latin.toml"
    latin.write_bytes("name = 'Café'".encode("latin-1"))

    assert refused("check", str(gone)) == [f"There is no file {gone}."]
    assert refused("check", str(tmp_path)) == [f"{tmp_path} cannot be read: Is a directory."]
    assert refused("check", str(latin)) == [
        f"{latin} is no plain text in UTF-8. Save it as plain text and try again."
    ]


@pytest.mark.django_db
def test_use_puts_the_copy_in_force_and_leaves_a_trail(copy: Path) -> None:
    programme = make_programme(make_organisation(slug="lantern"))

    first = playbook("use", str(copy), "--organisation", "lantern")
    again = playbook("use", str(copy), "--organisation", "lantern")

    programme.refresh_from_db()
    assert first == "our-circles.toml: is in force at lantern from now on.\n"
    assert again == "our-circles.toml: is in force at lantern already. Nothing was changed.\n"
    assert playbook_of(programme).sizes.max == 9
    event = Event.objects.get()
    assert (event.kind, event.subject_id, event.by_id) == (
        "programme.rules_changed",
        programme.pk,
        None,
    )


@pytest.mark.django_db
def test_use_refuses_a_copy_with_another_key(copy: Path) -> None:
    programme = make_programme(make_organisation(slug="lantern"), "safe-project")

    told = refused("use", str(copy), "--organisation", "lantern")

    programme.refresh_from_db()
    assert told == [
        "our-circles.toml: key is 'parent-support-circles', and lantern runs no programme on "
        "that playbook. It runs: safe-project. A copy keeps the key of the playbook it was made "
        "from. Nothing was changed."
    ]
    assert programme.own_rules == ""


@pytest.mark.django_db
def test_use_names_the_organisations_there_are(copy: Path) -> None:
    make_organisation(slug="lantern")

    assert refused("use", str(copy), "--organisation", "latern") == [
        "No organisation is called 'latern'. There are: lantern."
    ]


@pytest.mark.django_db
def test_use_changes_nothing_on_a_mistake(copy: Path) -> None:
    programme = make_programme(make_organisation(slug="lantern"))
    copy.write_text(copy.read_text().replace("max = 9", 'max = "nine"'))

    told = refused("use", str(copy), "--organisation", "lantern")

    programme.refresh_from_db()
    assert told == [
        "our-circles.toml: sizes.max is 'nine'; it must be a whole number from 1 to 200"
    ]
    assert programme.own_rules == ""
    assert not Event.objects.exists()
