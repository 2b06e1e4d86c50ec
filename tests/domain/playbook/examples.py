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
REQUIRED = {
    "key",
    "name",
    "describes",
    "front_doors",
    "sizes.min",
    "sizes.max",
    "cadence.offered",
    "minutes.min",
    "minutes.max",
    "leaders.facilitators",
}
EVERYTHING = """
key = "all"
name = "All"
describes = "Every key once."
front_doors = ["drop-in", "matched"]
beside = "A course"
sessions = 10
introduction_minutes = 15
statistics_day = 10
survey_months = 12
open_discussion_share = 0.5
agreement = true
risk_assessment = true
proof_of_attendance = true
network_chooses = ["sizes"]
types = { men = "Men" }
referral_sources = { self = "Self" }
principles = { trust = "Trust" }
starting_agreement = { listen = "We listen." }
purposes = { support = "Support" }
readiness = { culture = "Culture" }
format = { start = { label = "Hello", minutes = 10, kind = "go-round", says = "Hello." } }
introduction = { why = { label = "Why", minutes = 15, kind = "talk", says = "Because." } }
children_programme = { age_min = 1, age_max = 12, ratios = { 0-2 = 3 } }
target = { groups = 100, months = 30, organisations = 5 }
sizes = { min = 2, max = 5, typical = [3, 4] }
cadence = { offered = ["weekly", "monthly"], at_least = "monthly" }
minutes = { min = 60, max = 90 }

[leaders]
facilitators = 1
facilitator_title = "Guide"
facilitators_until_session = 3
parent_leader = true
parent_leader_title = "Co-leader"
parent_leader_by_session = 3
childrens_leader = true
check_in = "weekly"

[training]
days = 2
kinds = { basic = "Basic" }
background_check = true
supervision = true
train_the_trainer = true

[formation]
facilitators = 1
window_weight = 0.5
wish_weight = 2.0
unplaced_weight = 1000

[stages.start]
label = "Start"
from_session = 1
size_max = 4
needs_parent_leader = true
runs_itself = true
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
