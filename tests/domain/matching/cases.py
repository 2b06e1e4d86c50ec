"""Problems for the tests of the group-forming engine, small ones by hand and odd ones drawn."""

from __future__ import annotations

import contextlib
import importlib.util
import io
import json
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from types import ModuleType

import pytest
from hypothesis import strategies as st

from goround.domain.matching.answer import Answer
from goround.domain.matching.files import (
    groups_csv,
    placements_csv,
    read_facilitators,
    read_parents,
    read_venues,
    summary_json,
    unplaced_csv,
)
from goround.domain.matching.problem import (
    Facilitator,
    Parent,
    Policy,
    Problem,
    Span,
    Venue,
)

SHARED = Path(__file__).resolve().parents[4] / "shared" / "formation"
CHECKER = SHARED / "check_formation.py"
LA = Path(__file__).resolve().parents[3] / "goround/apps/demo/data/la-414"

needs_checker = pytest.mark.skipif(not CHECKER.exists(), reason=f"no {CHECKER}")

MONDAY = Span.parse("mon 18:00-20:00")
ALL_DAY = (Span.parse("mon 00:00-24:00"), Span.parse("tue 00:00-24:00"))


def a_parent(name: str, **facts: object) -> Parent:
    """Speaks English, is free all day, lives at the hall."""
    base = Parent(name, 34.0, -118.0, languages=frozenset({"en"}), available=ALL_DAY)
    return replace(base, **facts)  # type: ignore[arg-type]


def a_hall(**facts: object) -> Venue:
    base = Venue("hall", "Hall", lat=34.0, lon=-118.0, slots=(MONDAY,))
    return replace(base, **facts)  # type: ignore[arg-type]


def a_leader(name: str, **facts: object) -> Facilitator:
    base = Facilitator(name, frozenset({"en"}), ALL_DAY, 34.0, -118.0)
    return replace(base, **facts)  # type: ignore[arg-type]


def a_problem(
    parents: int | list[Parent] = 4,
    venues: list[Venue] | None = None,
    leaders: list[Facilitator] | None = None,
    **policy: float,
) -> Problem:
    if isinstance(parents, int):
        parents = [a_parent(f"p{number}") for number in range(parents)]
    return Problem(
        tuple(parents),
        tuple([a_hall()] if venues is None else venues),
        tuple(leaders or ()),
        Policy(**policy),  # type: ignore[arg-type]
    )


def la_problem(*, facilitators: bool = True) -> Problem:
    def lines(name: str) -> list[str]:
        return (LA / name).read_text(encoding="utf-8").splitlines(keepends=True)

    led = read_facilitators(lines("facilitators.csv")).rows if facilitators else []
    return Problem(
        tuple(read_parents(lines("parents.csv")).rows),
        tuple(read_venues(lines("venues.csv")).rows),
        tuple(led),
        Policy(facilitators=2 if facilitators else 0),
    )


# Cases drawn by Hypothesis: few values each, so that people often fit, and often just do not.

_LANGUAGES = st.frozensets(st.sampled_from(["en", "es", "zh-Hans"]), min_size=1)
_TYPES = st.frozensets(st.sampled_from(["self-care", "teen", "men"]), max_size=2)
_MODES = st.frozensets(st.sampled_from(["in-person", "online"]), max_size=1)
_FEATURES = st.frozensets(st.sampled_from(["step-free", "childcare"]), max_size=2)
_TAGS = st.frozensets(st.sampled_from(["single", "grandparent", "new-here"]), max_size=2)
_SLOTS = [
    Span.parse(text)
    for text in ("mon 18:00-20:00", "mon 19:00-20:30", "mon 20:00-21:00", "tue 09:00-11:00")
]
_FREE = st.lists(
    st.sampled_from(
        [
            Span.parse(text)
            for text in ("mon 17:00-21:00", "mon 18:00-20:00", "tue 08:00-12:00", "sun 08:00-09:00")
        ]
    ),
    min_size=1,
    max_size=3,
    unique=True,
).map(tuple)
_LAT = st.sampled_from([34.0, 34.02, 34.1, 34.9])
_LON = st.sampled_from([-118.0, -118.05])
_AGES = st.lists(st.sampled_from([0.0, 0.5, 3.0, 8.0, 15.5]), max_size=3).map(tuple)


@st.composite
def parents(draw: st.DrawFn, most: int) -> tuple[Parent, ...]:
    count = draw(st.integers(0, most))
    names = [f"p{number}" for number in range(count)]
    others = st.frozensets(st.sampled_from([*names, "gone"]), max_size=2) if names else st.just(())
    mingled = draw(st.sampled_from(["alone", "together", "apart", "both", "all apart"]))
    found = []
    for name in names:
        together = draw(others) if mingled in {"together", "both"} else frozenset()
        apart = draw(others) if mingled in {"apart", "both"} else frozenset()
        if mingled == "all apart":
            apart = frozenset(names)
        found.append(
            Parent(
                id=name,
                lat=draw(_LAT),
                lon=draw(_LON),
                children=draw(_AGES),
                languages=draw(_LANGUAGES),
                available=draw(_FREE),
                interests=draw(_TYPES),
                modes=draw(_MODES),
                max_km=draw(st.sampled_from([0.0, 5.0, 15.0])),
                needs=draw(_FEATURES) if draw(st.booleans()) else frozenset(),
                tags=draw(_TAGS),
                wishes=draw(_TAGS),
                together=frozenset(together) - {name},
                apart=frozenset(apart) - {name},
                priority=draw(st.sampled_from([1, 1, 3])),
            )
        )
    return tuple(found)


@st.composite
def venues(draw: st.DrawFn) -> tuple[Venue, ...]:
    found = []
    for number in range(draw(st.integers(0, 3))):
        online = draw(st.booleans())
        found.append(
            Venue(
                id=f"v{number}",
                name=f"Venue {number}",
                mode="online" if online else "in-person",
                lat=None if online else draw(_LAT),
                lon=None if online else draw(_LON),
                slots=tuple(draw(st.lists(st.sampled_from(_SLOTS), max_size=4, unique=True))),
                rooms=draw(st.integers(0, 2)),
                capacity=draw(st.sampled_from([None, 3, 6, 20])),
                features=draw(_FEATURES),
            )
        )
    return tuple(found)


@st.composite
def leaders(draw: st.DrawFn) -> tuple[Facilitator, ...]:
    return tuple(
        Facilitator(
            id=f"f{number}",
            languages=draw(_LANGUAGES),
            available=draw(_FREE),
            lat=draw(_LAT),
            lon=draw(_LON),
            interests=draw(_TYPES),
            groups=draw(st.integers(0, 3)),
        )
        for number in range(draw(st.integers(0, 6)))
    )


@st.composite
def problems(draw: st.DrawFn, most: int = 14) -> Problem:
    """Odd problems: nobody can meet, everybody online, all together, all apart, no venue."""
    size_min = draw(st.integers(1, 4))
    led = draw(st.sampled_from([0, 0, 1, 2]))
    return Problem(
        draw(parents(most)),
        draw(venues()),
        draw(leaders()) if led else (),
        Policy(size_min, draw(st.integers(size_min, 6)), led),
    )


# The independent checker, run in this process because there are many cases.


def checker() -> ModuleType:
    spec = importlib.util.spec_from_file_location("check_formation", CHECKER)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def checked(problem: Problem, answer: Answer, folder: Path) -> list[str]:
    """What the independent checker prints about the answer, its figures left out."""
    (folder / "parents.csv").write_text(parents_csv(problem), encoding="utf-8")
    (folder / "venues.csv").write_text(venues_csv(problem), encoding="utf-8")
    (folder / "facilitators.csv").write_text(facilitators_csv(problem), encoding="utf-8")
    write_answer(answer, folder)
    policy = problem.policy
    options = {
        "--facilitators": folder / "facilitators.csv",
        "--size-min": policy.size_min,
        "--size-max": policy.size_max,
        "--per-group": policy.facilitators,
    }
    said = run_checker(
        [folder / "parents.csv", folder / "venues.csv", folder],
        [part for option in options.items() for part in option],
    )
    return said[:-1]


def write_answer(answer: Answer, folder: Path) -> None:
    texts: dict[str, str] = {
        "groups.csv": groups_csv(answer),
        "placements.csv": placements_csv(answer),
        "unplaced.csv": unplaced_csv(answer),
        "summary.json": summary_json(answer, peak_mb=1.0),
    }
    for name, text in texts.items():
        (folder / name).write_text(text, encoding="utf-8")


def run_checker(places: list[Path], options: list[object]) -> list[str]:
    """The checker's lines; the last is its JSON summary."""
    out, before = io.StringIO(), sys.argv
    sys.argv = ["check_formation.py", *map(str, places), *map(str, options)]
    try:
        with contextlib.redirect_stdout(out):
            checker().main()
    finally:
        sys.argv = before
    lines = out.getvalue().splitlines()
    assert "broken" in json.loads(lines[-1])
    return lines


def parents_csv(problem: Problem) -> str:
    columns: dict[str, Callable[[Parent], object]] = {
        "id": lambda row: row.id,
        "lat": lambda row: row.lat,
        "lon": lambda row: row.lon,
        "children": lambda row: _joined(row.children),
        "languages": lambda row: _joined(row.languages),
        "available": lambda row: _joined(row.available),
        "interests": lambda row: _joined(row.interests),
        "modes": lambda row: _joined(row.modes),
        "max_km": lambda row: row.max_km,
        "needs": lambda row: _joined(row.needs),
        "tags": lambda row: _joined(row.tags),
        "wishes": lambda row: _joined(row.wishes),
        "together": lambda row: _joined(row.together),
        "apart": lambda row: _joined(row.apart),
        "priority": lambda row: row.priority,
    }
    return _csv(columns, problem.parents)


def venues_csv(problem: Problem) -> str:
    columns: dict[str, Callable[[Venue], object]] = {
        "id": lambda row: row.id,
        "name": lambda row: row.name,
        "mode": lambda row: row.mode,
        "lat": lambda row: "" if row.lat is None else row.lat,
        "lon": lambda row: "" if row.lon is None else row.lon,
        "slots": lambda row: _joined(row.slots),
        "rooms": lambda row: row.rooms,
        "capacity": lambda row: "" if row.capacity is None else row.capacity,
        "features": lambda row: _joined(row.features),
    }
    return _csv(columns, problem.venues)


def facilitators_csv(problem: Problem) -> str:
    columns: dict[str, Callable[[Facilitator], object]] = {
        "id": lambda row: row.id,
        "languages": lambda row: _joined(row.languages),
        "available": lambda row: _joined(row.available),
        "lat": lambda row: row.lat,
        "lon": lambda row: row.lon,
        "max_km": lambda row: row.max_km,
        "interests": lambda row: _joined(row.interests),
        "groups": lambda row: row.groups,
    }
    return _csv(columns, problem.facilitators)


def _joined(values: object) -> str:
    found = [str(value) for value in values]  # type: ignore[attr-defined]
    return ";".join(sorted(found) if isinstance(values, frozenset) else found)


def _csv(columns: dict[str, Callable[..., object]], rows: tuple[object, ...]) -> str:
    lines = [",".join(columns)]
    lines += [",".join(str(make(row)) for make in columns.values()) for row in rows]
    return "\n".join(lines) + "\n"
