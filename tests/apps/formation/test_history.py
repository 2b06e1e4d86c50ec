from hypothesis import given
from hypothesis import strategies as st

from goround.apps.formation.history import Step, Steps, steps_of


def test_history_without_a_proposal_leads_nowhere():
    assert steps_of([]) == Steps(stands=None, undo=None, redo=None)


@given(st.lists(st.sampled_from(["moved", "undone", "redone"]), max_size=40))
def test_undo_and_redo_walk_like_two_stacks(wishes: list[str]):
    history = [Step(1, "searched", 0)]
    states, place = [1], 0

    for wish in wishes:
        version = history[-1].version + 1
        if wish == "moved":
            states, place = [*states[: place + 1], version], place + 1
            history.append(Step(version, wish, states[place - 1]))
        elif wish == "undone" and place > 0:
            place -= 1
            history.append(Step(version, wish, states[place]))
        elif wish == "redone" and place + 1 < len(states):
            place += 1
            history.append(Step(version, wish, states[place]))

    assert steps_of(history) == Steps(
        stands=states[place],
        undo=states[place - 1] if place else None,
        redo=states[place + 1] if place + 1 < len(states) else None,
    )
