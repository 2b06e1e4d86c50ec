from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.utils.translation import override

from goround.apps.audit.models import Event
from goround.apps.organisations.models import Programme
from goround.apps.organisations.playbooks import (
    playbook_as_written,
    playbook_of,
    rules_of,
    shipped_playbooks,
    shipped_rules,
)
from goround.apps.organisations.programmes import (
    LONGEST_RULES,
    DoorTaken,
    RunsAlready,
    change_programme,
    free_door,
    playbooks_to_start,
    start_programme,
    use_own_rules,
    use_shipped_rules,
)
from goround.domain.playbook.read import PlaybookError
from tests.make import NOON, make_coordinator, make_organisation, make_programme
from tests.project_files import ours, text_of

CIRCLES = "parent-support-circles"


def small_groups() -> str:
    """A copy in which groups have 5 to 10 members."""
    text = shipped_rules(CIRCLES).replace("\nmin = 4\n", "\nmin = 5\n")
    assert text != shipped_rules(CIRCLES)
    return text


def use(programme: Programme, text: str, by=None) -> Programme:
    return use_own_rules(programme=programme, text=text, source="our.toml", by=by, at=NOON)


def problems(programme: Programme, text: str) -> list[str]:
    with pytest.raises(PlaybookError) as refused:
        use(programme, text)
    programme.refresh_from_db()
    assert programme.own_rules == ""
    assert not Event.objects.exists()
    return list(refused.value.problems)


def start(organisation, **fields) -> Programme:
    wanted = {
        "playbook_key": CIRCLES,
        "name": "Circles",
        "door": "circles",
        "takes_self_referrals": True,
        "by": None,
        "at": NOON,
    }
    return start_programme(organisation=organisation, **wanted | fields)


def test_code_names_no_programme() -> None:
    """Only playbooks, their translations and the demo do: a programme's rules are data."""
    own_places = ("goround/playbooks", "goround/apps/demo")
    names = [*shipped_playbooks(), *(playbook.name for playbook in shipped_playbooks().values())]
    looked_at = [
        path
        for path in ours("*.*")
        if path.is_relative_to("goround")
        and path.suffix not in {".png", ".mo", ".po"}
        and not any(map(path.is_relative_to, own_places))
    ]

    found = [
        f"{path} names {name}"
        for path in looked_at
        for name in names
        if name.lower() in text_of(path).lower()
    ]

    assert len(names) == 10
    assert len(looked_at) > 100
    assert found == []


def test_code_that_named_a_programme_would_be_found() -> None:
    demo = next(path for path in ours("services.py") if path.is_relative_to("goround/apps/demo"))

    assert CIRCLES in text_of(demo)


@pytest.mark.django_db
def test_programme_is_started_with_its_rules_and_leaves_a_trail() -> None:
    host = make_organisation()
    rosa = make_coordinator(host)

    programme = start(host, by=rosa, takes_self_referrals=False)

    assert (programme.name, programme.door, programme.takes_self_referrals) == (
        "Circles",
        "circles",
        False,
    )
    assert playbook_of(programme) == shipped_playbooks()[CIRCLES]
    event = Event.objects.get()
    assert (event.kind, event.subject_id, event.by_id, event.organisation_id) == (
        "programme.started",
        programme.pk,
        rosa.pk,
        host.pk,
    )
    assert event.facts == {"playbook": CIRCLES}


@pytest.mark.django_db
def test_playbook_runs_once_at_an_organisation_and_freely_elsewhere() -> None:
    host = make_organisation()
    start(host)

    with pytest.raises(RunsAlready):
        start(host, door="another")
    start(make_organisation(), door="elsewhere")

    assert Programme.objects.count() == 2
    assert Event.objects.count() == 2


@pytest.mark.django_db
def test_programme_that_ships_nowhere_is_not_started() -> None:
    with pytest.raises(KeyError):
        start(make_organisation(), playbook_key="made-up")


@pytest.mark.django_db
@pytest.mark.parametrize("door", ["with space", "", "d" * 61])
def test_door_must_be_part_of_an_address(door: str) -> None:
    with pytest.raises(ValidationError):
        start(make_organisation(), door=door)

    assert not Programme.objects.exists()


@pytest.mark.django_db
def test_door_belongs_to_one_programme_of_all() -> None:
    make_programme(door="circles")
    mine = make_programme(door="mine")

    with pytest.raises(DoorTaken):
        start(make_organisation())
    with pytest.raises(DoorTaken):
        change_programme(
            programme=mine,
            name=mine.name,
            door="circles",
            takes_self_referrals=True,
            by=None,
            at=NOON,
        )

    mine.refresh_from_db()
    assert mine.door == "mine"
    assert not Event.objects.exists()


@pytest.mark.django_db
def test_programme_changed_twice_leaves_one_entry_without_its_name() -> None:
    programme = make_programme(door="old")
    rosa = make_coordinator(programme.organisation)

    for minutes in range(2):
        changed = change_programme(
            programme=programme,
            name="New name",
            door="new",
            takes_self_referrals=True,
            by=rosa,
            at=NOON + timedelta(minutes=minutes),
        )

    assert (changed.name, changed.door) == ("New name", "new")
    event = Event.objects.get()
    assert (event.kind, event.by_id, event.at) == ("programme.changed", rosa.pk, NOON)
    assert event.facts == {"fields": ["door", "name"]}


@pytest.mark.django_db
def test_playbooks_to_start_leave_out_those_that_run() -> None:
    host = make_organisation()
    rosa = make_coordinator(host)
    make_programme(host, CIRCLES)

    offered = [playbook.key for playbook in playbooks_to_start(rosa, host)]

    assert offered == [key for key in shipped_playbooks() if key != CIRCLES]


@pytest.mark.django_db
def test_free_door_names_the_organisation_and_is_nobody_elses() -> None:
    host = make_organisation(slug="lantern")
    rosa = make_coordinator(host)

    assert free_door(rosa, host) == "lantern"
    make_programme(door="lantern")
    make_programme(door="lantern-3")
    assert free_door(rosa, host) == "lantern-2"


@pytest.mark.django_db
def test_free_door_of_a_long_name_still_fits() -> None:
    host = make_organisation(slug="l" * 60)
    make_programme(door="l" * 54)

    door = free_door(make_coordinator(host), host)

    assert door == f"{'l' * 54}-2"
    assert start(host, door=door).door == door


@pytest.mark.django_db
def test_own_rules_are_in_force_at_once_and_for_this_programme_only() -> None:
    programme, other = make_programme(), make_programme()
    rosa = make_coordinator(programme.organisation)

    used = use(programme, small_groups(), by=rosa)

    assert playbook_of(used).sizes.min == 5
    assert playbook_of(other).sizes.min == 4
    assert rules_of(used) == small_groups()
    event = Event.objects.get()
    assert (event.kind, event.subject_id, event.by_id) == (
        "programme.rules_changed",
        programme.pk,
        rosa.pk,
    )
    assert event.facts == {"own": True}


@pytest.mark.django_db
def test_own_rules_used_twice_leave_one_entry() -> None:
    programme = make_programme()

    use(programme, small_groups())
    use(programme, small_groups().replace("\n", "\r\n"))

    assert Event.objects.count() == 1


@pytest.mark.django_db
def test_copy_without_a_change_is_the_shipped_playbook() -> None:
    programme = use(make_programme(), small_groups())

    unchanged = use(programme, shipped_rules(CIRCLES))

    assert unchanged.own_rules == ""
    assert [event.facts["own"] for event in Event.objects.order_by("pk")] == [True, False]


@pytest.mark.django_db
def test_copy_of_another_playbook_is_refused() -> None:
    assert problems(make_programme(), shipped_rules("safe-project")) == [
        "our.toml: key is 'safe-project'; it must stay 'parent-support-circles', "
        "the playbook this programme runs"
    ]


@pytest.mark.django_db
def test_copy_with_mistakes_is_refused_with_all_of_them() -> None:
    wrong = small_groups().replace("max = 10", "max = 1").replace("[cadence]", "[cadance]")

    told = problems(make_programme(), wrong)

    assert "our.toml: sizes.min is 5; it must not be above sizes.max, 1" in told
    assert "our.toml: cadance is not a key of a playbook; did you mean cadence?" in told


@pytest.mark.django_db
def test_endless_copy_is_refused() -> None:
    told = problems(make_programme(), small_groups() + "#" * LONGEST_RULES)

    assert len(told) == 1
    assert told[0].endswith(f"it must have {LONGEST_RULES} at most")


@pytest.mark.django_db
def test_shipped_rules_come_back_once() -> None:
    programme = use(make_programme(), small_groups())

    for _ in range(2):
        programme = use_shipped_rules(programme=programme, by=None, at=NOON)

    assert playbook_of(programme) == shipped_playbooks()[CIRCLES]
    assert rules_of(programme) == shipped_rules(CIRCLES)
    assert Event.objects.count() == 2


def labels(programme: Programme, language: str) -> dict[str, str]:
    with override(language):
        return {one.key: one.label for one in playbook_of(programme).types}


@pytest.mark.django_db
def test_a_shipped_playbook_speaks_the_readers_language():
    programme = make_programme(playbook_key=CIRCLES)

    english, spanish = labels(programme, "en"), labels(programme, "es")

    assert (english["new-baby"], spanish["new-baby"]) == ("New baby", "Nuevo bebé")
    assert english.keys() == spanish.keys()
    assert not set(english.values()) & set(spanish.values())
    # Nobody after that reads it in the language of whoever came before.
    assert labels(programme, "en") == english


@pytest.mark.django_db
def test_what_a_network_wrote_itself_stays_as_it_was_written():
    own = shipped_rules(CIRCLES).replace('"Men"', '"Dads of Pacoima"')
    programme = use(make_programme(playbook_key=CIRCLES), own)

    spanish = labels(programme, "es")

    assert spanish["men"] == "Dads of Pacoima"
    assert spanish["new-baby"] == "Nuevo bebé"
    with override("es"):
        assert {one.label for one in playbook_as_written(programme).types} >= {"New baby"}
