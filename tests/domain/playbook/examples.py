"""The playbooks that ship, as text and as nested values."""

import tomllib
from pathlib import Path
from typing import Any

import goround

FOLDER = Path(goround.__file__).parent / "playbooks"
TEXTS = {path.name: path.read_text(encoding="utf-8") for path in sorted(FOLDER.glob("*.toml"))}
SMALLEST = """
key = "small"
name = "Small"
describes = "The least that a playbook can say."
front_doors = ["drop-in"]

[sizes]
min = 2
max = 5

[cadence]
offered = ["weekly", "monthly"]

[minutes]
min = 60
max = 90

[leaders]
facilitators = 1
"""


def leaves(table: dict[str, Any], path: tuple[str, ...] = ()) -> list[tuple[str, ...]]:
    """The path of every value that is no table."""
    found = []
    for key, value in table.items():
        here = (*path, key)
        found += leaves(value, here) if isinstance(value, dict) else [here]
    return found


def changed(name: str, path: tuple[str, ...], value: object) -> str:
    """The file with one value replaced, or taken out for ``None``."""
    values = tomllib.loads(TEXTS[name])
    inner = values
    for key in path[:-1]:
        inner = inner[key]
    if value is None:
        del inner[path[-1]]
    else:
        inner[path[-1]] = value
    return as_toml(values)


def as_toml(table: dict[str, Any], path: tuple[str, ...] = ()) -> str:
    """Plain TOML for the kinds of value a playbook holds."""
    lines = [f"[{'.'.join(path)}]"] if path else []
    lines += [
        f"{key} = {_value(each)}" for key, each in table.items() if not isinstance(each, dict)
    ]
    inner = [as_toml(each, (*path, key)) for key, each in table.items() if isinstance(each, dict)]
    return "\n".join(lines + inner) + "\n"


def _value(value: object) -> str:
    match value:
        case bool():
            return str(value).lower()
        case str():
            escaped = value.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
            return f'"{escaped}"'
        case list():
            return f"[{', '.join(map(_value, value))}]"
        case _:
            return repr(value)
