import tomllib

import pytest

from goround.domain.playbook.lines import line_of
from tests.domain.playbook.examples import TEXTS, leaves

TEXT = """\
# A remark: sizes.min = 3
key = "mine"
"name" = "Mine"
target = { groups = 3, months = 4 }

[sizes]
min = 4
 max=6

[ stages . start ]
label = "min = 5"
"""


@pytest.mark.parametrize(
    ("path", "line"),
    [
        ("key", 2),
        ("name", 3),
        ("sizes", 6),
        ("sizes.min", 7),
        ("sizes.max", 8),
        ("stages.start.label", 11),
        # What is missing is to be put under its heading, or into the table of that line.
        ("sizes.typical", 6),
        ("target.groups", 4),
        ("stages.start.from_session", 10),
        ("minutes.min", None),
        ("describes", None),
    ],
)
def test_line_is_that_of_the_key(path, line):
    assert line_of(TEXT, path) == line


@pytest.mark.parametrize("name", TEXTS)
def test_every_key_that_ships_is_found_on_a_line_of_its_own(name):
    paths = [".".join(path) for path in leaves(tomllib.loads(TEXTS[name]))]

    lines = [line_of(TEXTS[name], path) for path in paths]

    assert None not in lines
    assert len(set(lines)) == len(paths)
    keys = [TEXTS[name].splitlines()[line - 1].partition("=")[0].strip() for line in lines]
    assert keys == [path.rpartition(".")[2] for path in paths]


def test_endless_line_is_read_at_once():
    assert line_of("[" + " " * 60_000 + "\n" + "a" * 60_000, "sizes.min") is None
