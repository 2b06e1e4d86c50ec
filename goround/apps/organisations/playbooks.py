"""The playbooks shipped with Goround and the copies that networks made of them."""

from __future__ import annotations

from functools import cache
from importlib import resources

from goround.apps.organisations.models import Programme
from goround.domain.playbook.read import read_playbook
from goround.domain.playbook.schema import Playbook


@cache
def shipped_playbooks() -> dict[str, Playbook]:
    """The playbooks in ``goround/playbooks``, by key."""
    files = sorted(
        (f for f in resources.files("goround.playbooks").iterdir() if f.name.endswith(".toml")),
        key=lambda f: f.name,
    )
    found = [read_playbook(f.read_text(encoding="utf-8"), source=f.name) for f in files]
    return {playbook.key: playbook for playbook in found}


@cache
def _parsed(rules: str, source: str) -> Playbook:
    return read_playbook(rules, source=source)


def playbook_of(programme: Programme) -> Playbook:
    """The rules in force: the network's own copy when there is one, else the shipped one."""
    if programme.own_rules:
        return _parsed(programme.own_rules, f"programme {programme.pk}")
    return shipped_playbooks()[programme.playbook_key]
