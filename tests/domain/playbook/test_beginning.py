import pytest

from goround.domain.playbook.beginning import PLAIN, starting_text
from tests.domain.playbook.test_meeting import shipped


def test_circle_of_parents_begins_with_its_eight_principles():
    playbook = shipped("circle-of-parents")

    paragraphs = starting_text(playbook).split("\n\n")

    titles = [str(principle) for principle in playbook.principles]
    assert [each.partition(".")[0] for each in paragraphs] == titles


def test_safe_project_begins_with_what_keeps_everybody_safe():
    paragraphs = starting_text(shipped("safe-project")).split("\n\n")

    assert len(paragraphs) == 8
    assert paragraphs[0].startswith("Keeping each other safe.")


@pytest.mark.parametrize(
    "name", ["parent-support-circles", "families-make-the-difference", "home-visiting-groups"]
)
def test_other_programmes_begin_with_what_suits_most_groups(name):
    assert starting_text(shipped(name)).split("\n\n") == list(PLAIN)
