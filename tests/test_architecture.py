"""The four floors hold, and so do the rules about them that imports cannot show.

Each rule is first shown to fail on a seeded offence, then asked about the whole project.
"""

from __future__ import annotations

import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path, PurePosixPath

import pytest
from django.apps import apps

from tests.code_rules import (
    orm_in_pages,
    selectors_without_viewer,
    services_without_actor,
    upward_relations,
)
from tests.project_files import ROOT, ours, text_of

# Services that nobody in particular asks for, each with its reason.
WITHOUT_ACTOR = {
    "goround/apps/audit/services.py:record": "its first words are what happened, to what",
    "goround/apps/jobs/services.py:claim_next": "the worker asks, no person",
    "goround/apps/jobs/services.py:keep": "the worker asks, no person",
    "goround/apps/jobs/services.py:end": "the worker asks, no person",
}


def apps_lowest_first() -> list[str]:
    """The order of the apps as import-linter holds it, so that it is written down once."""
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]
    ordered = [c for c in settings["contracts"] if c.get("containers") == ["goround.apps"]]
    layers: list[str] = ordered[0]["layers"]
    return layers[::-1]


def relations() -> Iterator[tuple[str, str, str]]:
    for model in apps.get_models():
        if not model.__module__.startswith("goround."):
            continue
        for field in model._meta.get_fields():
            target = field.related_model if field.concrete else None
            if isinstance(target, type) and target.__module__.startswith("goround."):
                yield model._meta.app_label, field.name, target._meta.app_label


def lint_imports(folder: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [Path(sys.executable).with_name("lint-imports"), "--no-cache"],
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
    )


def test_floors_break_when_a_lower_one_imports_a_higher(tmp_path: Path) -> None:
    for name in ("__init__", "web", "domain"):
        module = tmp_path / "leaky" / f"{name}.py"
        module.parent.mkdir(exist_ok=True)
        module.write_text("import leaky.web\n" if name == "domain" else "")
    (tmp_path / "pyproject.toml").write_text(
        '[tool.importlinter]\nroot_package = "leaky"\n[[tool.importlinter.contracts]]\n'
        'name = "floors"\ntype = "layers"\nlayers = ["leaky.web", "leaky.domain"]\n'
    )

    assert lint_imports(tmp_path).returncode == 1


def test_floors_hold() -> None:
    linted = lint_imports(ROOT)

    assert linted.returncode == 0, linted.stdout


@pytest.mark.parametrize(
    "offence",
    [
        "def page(request):\n    return Meeting.objects",
        "def page(request):\n    return meetings_for(request.user).filter(held=True)",
        "def page(request):\n    form.save()",
        "from django.db import transaction",
        "from django.db.models import Q",
    ],
)
def test_orm_in_pages_is_noticed(offence: str) -> None:
    assert len(orm_in_pages(offence, "bad.py")) == 1


def test_pages_leave_the_orm_to_selectors_and_services() -> None:
    pages = [path for path in ours("*.py") if path.is_relative_to("goround/web")]

    broken = [place for path in pages for place in orm_in_pages(text_of(path), str(path))]

    assert pages
    assert not broken, "\n".join(broken)


def test_selector_without_viewer_is_noticed() -> None:
    source = (
        "def good(viewer): ...\ndef _own(): ...\ndef bad(user): ...\ndef worse(*, viewer): ...\n"
    )

    assert selectors_without_viewer(source, "s.py") == [
        "s.py:3 bad does not begin with viewer",
        "s.py:4 worse does not begin with viewer",
    ]


def test_selectors_begin_with_viewer() -> None:
    selectors = modules_named("selectors")

    broken = [
        place for path in selectors for place in selectors_without_viewer(text_of(path), str(path))
    ]

    assert selectors
    assert not broken, "\n".join(broken)


def test_service_without_actor_is_noticed() -> None:
    source = (
        "def good(*, by, at): ...\ndef _own(): ...\ndef no_time(*, by): ...\n"
        "def positional(meeting, *, by, at): ...\ndef excused(): ...\n"
    )

    assert services_without_actor(source, "s.py", {"s.py:excused": "a reason"}) == [
        "s.py:3 no_time is not (*, …, by, at)",
        "s.py:4 positional is not (*, …, by, at)",
    ]


def test_services_say_who_and_when() -> None:
    services = modules_named("services")

    broken = [
        place
        for path in services
        for place in services_without_actor(text_of(path), str(path), WITHOUT_ACTOR)
    ]

    assert services
    assert not broken, "\n".join(broken)


def test_every_excuse_is_still_needed() -> None:
    needed = {
        f"{path}:{place.split()[1]}"
        for path in modules_named("services")
        for place in services_without_actor(text_of(path), str(path), {})
    }

    assert sorted(WITHOUT_ACTOR) == sorted(needed)


def test_relation_pointing_up_is_noticed() -> None:
    found = [("people", "group", "groups"), ("groups", "person", "people")]

    assert upward_relations(found, ["people", "groups"]) == ["group of people points up to groups"]


def test_relations_point_down() -> None:
    found = list(relations())

    assert ("people", "organisation", "organisations") in [
        (app, "organisation", target) for app, _field, target in found
    ]
    assert upward_relations(found, apps_lowest_first()) == []


def modules_named(name: str) -> list[PurePosixPath]:
    """``services.py`` of each app, or the modules of its ``services`` package."""
    return [
        path
        for path in ours("*.py")
        if path.is_relative_to("goround/apps") and (path.stem == name or path.parent.name == name)
    ]
