import pytest

from goround.apps.audit.models import Event
from goround.apps.formation import changes, services
from goround.apps.formation.changes import NothingToUndo, NotThere
from goround.apps.formation.models import Proposal, Round
from goround.apps.formation.versions import Overtaken, RoundClosed
from goround.domain.matching.answer import Answer, from_json
from goround.domain.matching.problem import Span
from tests.make import NOON
from tests.make_formation import TUESDAY, Town, make_round, make_town, two_groups

pytestmark = pytest.mark.django_db


def answer_of(round: Round) -> Answer:
    round.refresh_from_db()
    return from_json(Proposal.objects.get(round=round, version=round.version).answer)


def members(round: Round) -> dict[str, tuple[str, ...]]:
    return {group.id: group.members for group in answer_of(round).groups}


def make_proposed() -> tuple[Town, Round]:
    """Seven of eight parents in two groups: four on Mondays, three on Tuesdays."""
    town = make_town(parents=8)
    return town, make_round(town, *two_groups(town))


def move(town: Town, made: Round, parent: str, group: str, version: int | None = None) -> Proposal:
    return changes.move_parent(
        round=made,
        version=made.version if version is None else version,
        parent=parent,
        group=group,
        by=town.coordinator,
        at=NOON,
    )


def test_moving_a_parent_writes_a_new_version_and_leaves_the_old():
    town, made = make_proposed()
    first, last = town.ids(0, 7)

    proposal = move(town, made, first, "g0002")

    assert members(made) == {"g0001": town.ids(1, 2, 3), "g0002": (*town.ids(4, 5, 6), first)}
    assert [p.version for p in Proposal.objects.order_by("version")] == [1, 2]
    assert (proposal.change, proposal.based_on) == (Proposal.Change.MOVED, 1)
    assert last in {row.parent for row in answer_of(made).unplaced}


def test_moving_a_parent_says_what_it_costs_and_which_rule_breaks():
    town, made = make_proposed()

    proposal = move(town, made, town.ids(4)[0], "g0001")

    effect = proposal.about["effect"]
    assert effect["placed"] == 0
    assert [(rule["code"], rule["group"]) for rule in effect["broken"]] == [("too-small", "g0002")]
    assert proposal.broken == 1
    before = Proposal.objects.get(round=made, version=1)
    assert proposal.cost - before.cost == pytest.approx(effect["cost"])


def test_placing_a_waiting_parent_counts_them_as_placed():
    town, made = make_proposed()

    proposal = move(town, made, town.ids(7)[0], "g0002")

    assert (proposal.placed, proposal.unplaced) == (8, 0)
    assert proposal.about["effect"]["placed"] == 1
    assert proposal.broken == 0


def test_taking_out_lets_a_parent_wait_with_a_reason():
    town, made = make_proposed()
    out = town.ids(0)[0]

    changes.take_out(round=made, version=1, parent=out, by=town.coordinator, at=NOON)

    answer = answer_of(made)
    assert answer.group_of(out) is None
    assert [row.reason for row in answer.unplaced if row.parent == out] != []


def test_dissolving_a_group_lets_its_parents_wait():
    town, made = make_proposed()

    proposal = changes.dissolve(round=made, version=1, group="g0002", by=town.coordinator, at=NOON)

    assert members(made) == {"g0001": town.ids(0, 1, 2, 3)}
    assert proposal.about["effect"]["placed"] == -3


def test_a_lock_set_twice_is_one_version():
    town, made = make_proposed()

    for _ in range(2):
        made.refresh_from_db()
        changes.lock_group(
            round=made,
            version=made.version,
            group="g0001",
            locked=True,
            by=town.coordinator,
            at=NOON,
        )

    assert made.version == 2
    assert answer_of(made).group("g0001").locked is True


def test_a_parent_is_locked_and_unlocked():
    town, made = make_proposed()
    parent = town.ids(0)[0]

    def lock(locked: bool) -> frozenset[str]:
        made.refresh_from_db()
        changes.lock_parent(
            round=made,
            version=made.version,
            parent=parent,
            locked=locked,
            by=town.coordinator,
            at=NOON,
        )
        return answer_of(made).locked_members

    assert lock(True) == {parent}
    assert lock(False) == frozenset()


def test_an_added_group_takes_its_members_from_where_they_were():
    town, made = make_proposed()
    chosen = town.ids(0, 7)

    changes.add_group(
        round=made,
        version=1,
        venue=str(town.venues[1].pk),
        slot=Span.parse(TUESDAY),
        language="en",
        type="self-care",
        members=chosen,
        by=town.coordinator,
        at=NOON,
    )

    assert members(made) == {
        "g0001": town.ids(1, 2, 3),
        "g0002": town.ids(4, 5, 6),
        "g0003": chosen,
    }


def test_undo_goes_back_step_by_step_and_redo_takes_it_back():
    town, made = make_proposed()
    start = members(made)
    move(town, made, town.ids(0)[0], "g0002")
    one_move = members(made)
    move(town, made, town.ids(1)[0], "g0002")
    two_moves = members(made)

    def step(what: str) -> dict[str, tuple[str, ...]]:
        getattr(changes, what)(round=made, version=made.version, by=town.coordinator, at=NOON)
        return members(made)

    assert [step("undo"), step("undo"), step("redo"), step("redo"), step("undo")] == [
        one_move,
        start,
        one_move,
        two_moves,
        one_move,
    ]
    assert made.version == 8


def test_an_undone_state_has_the_figures_it_had():
    town, made = make_proposed()
    first = Proposal.objects.get(round=made, version=1)
    move(town, made, town.ids(0)[0], "g0002")
    made.refresh_from_db()

    undone = changes.undo(round=made, version=2, by=town.coordinator, at=NOON)

    assert (undone.answer, undone.figures, undone.cost) == (
        first.answer,
        first.figures,
        first.cost,
    )


def test_a_new_change_ends_redoing():
    town, made = make_proposed()
    move(town, made, town.ids(0)[0], "g0002")
    made.refresh_from_db()
    changes.undo(round=made, version=2, by=town.coordinator, at=NOON)
    made.refresh_from_db()
    move(town, made, town.ids(1)[0], "g0002")
    made.refresh_from_db()

    with pytest.raises(NothingToUndo):
        changes.redo(round=made, version=made.version, by=town.coordinator, at=NOON)


def test_the_first_proposal_cannot_be_undone():
    town, made = make_proposed()

    with pytest.raises(NothingToUndo):
        changes.undo(round=made, version=1, by=town.coordinator, at=NOON)


def test_a_change_made_from_an_older_version_is_refused_with_what_happened_since():
    town, made = make_proposed()
    move(town, made, town.ids(0)[0], "g0002")
    after_first = members(made)

    with pytest.raises(Overtaken) as refused:
        move(town, made, town.ids(1)[0], "g0002", version=1)

    assert [p.version for p in refused.value.since] == [2]
    assert members(made) == after_first


@pytest.mark.parametrize(("parent", "group"), [("999999", "g0001"), ("", "g0001"), (None, "g9")])
def test_a_change_of_what_is_not_there_is_refused(parent: str | None, group: str):
    town, made = make_proposed()
    who = town.ids(0)[0] if parent is None else parent

    with pytest.raises(NotThere):
        move(town, made, who, group)

    assert made.version == 1


@pytest.mark.parametrize("status", [Round.Status.ACCEPTED, Round.Status.PUT_ASIDE])
def test_a_closed_round_does_not_change(status: str):
    town, made = make_proposed()
    accepted_at = NOON if status == Round.Status.ACCEPTED else None
    Round.objects.update(status=status, accepted_at=accepted_at)

    with pytest.raises(RoundClosed):
        move(town, made, town.ids(0)[0], "g0002")


def test_nothing_changes_while_a_search_goes_on():
    town, made = make_proposed()
    services.start_search(
        round=made, settings=town.settings(), version=1, by=town.coordinator, at=NOON
    )

    with pytest.raises(RoundClosed):
        move(town, made, town.ids(0)[0], "g0002")


def test_a_change_leaves_who_did_what_in_the_trail():
    town, made = make_proposed()

    proposal = move(town, made, town.ids(0)[0], "g0002")

    event = Event.objects.get(kind="proposal.moved")
    assert (event.by_id, event.subject_id) == (town.coordinator.pk, proposal.pk)
    assert event.organisation_id == town.organisation.pk
    assert event.facts == {
        "round": made.pk,
        "version": 2,
        "about": {"parent": town.ids(0)[0], "group": "g0002"},
    }
