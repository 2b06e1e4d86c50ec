"""The playbooks shipped with Goround and the copies that networks made of them."""

from __future__ import annotations

from functools import cache, lru_cache
from importlib import resources

from goround.apps.organisations.models import Programme
from goround.domain.playbook.read import read_playbook
from goround.domain.playbook.schema import Playbook


@cache
def _shipped() -> dict[str, tuple[str, Playbook]]:
    files = sorted(
        (f for f in resources.files("goround.playbooks").iterdir() if f.name.endswith(".toml")),
        key=lambda f: f.name,
    )
    texts = {f.name: f.read_text(encoding="utf-8") for f in files}
    found = [(text, read_playbook(text, source=name)) for name, text in texts.items()]
    return {playbook.key: (text, playbook) for text, playbook in found}


@cache
def shipped_playbooks() -> dict[str, Playbook]:
    """The playbooks in ``goround/playbooks``, by key."""
    return {key: playbook for key, (_text, playbook) in _shipped().items()}


def shipped_rules(key: str) -> str:
    """The text of a shipped playbook, with its remarks. KeyError where none has this key."""
    return _shipped()[key][0]


# Every change of a copy leaves its old text behind here until it is pushed out.
@lru_cache(maxsize=256)
def _parsed(rules: str, source: str) -> Playbook:
    return read_playbook(rules, source=source)


def playbook_of(programme: Programme) -> Playbook:
    """The rules in force: the network's own copy when there is one, else the shipped one."""
    if programme.own_rules:
        return _parsed(programme.own_rules, f"programme {programme.pk}")
    return shipped_playbooks()[programme.playbook_key]


def rules_of(programme: Programme) -> str:
    """The text of the rules in force."""
    return programme.own_rules or shipped_rules(programme.playbook_key)
