"""The playbooks shipped with Goround and the copies that networks made of them."""

from __future__ import annotations

from functools import cache, lru_cache
from importlib import resources

from goround.apps.organisations.models import Programme
from goround.apps.reader.words import in_rules, readers_language
from goround.domain.playbook.read import read_playbook
from goround.domain.playbook.schema import TEXTS, Playbook
from goround.domain.wording import retold


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


@lru_cache(maxsize=256)
def _spoken(playbook_key: str, rules: str, source: str, language: str) -> Playbook:
    """``language`` is the reader's, which ``in_rules`` looks up by itself."""
    written = _parsed(rules, source) if rules else shipped_playbooks()[playbook_key]
    return retold(written, in_rules, texts=TEXTS)


def playbook_of(programme: Programme) -> Playbook:
    """The rules in force: the network's own copy when there is one, else the shipped one.

    What Goround's own playbooks say is told in the reader's language; what the network wrote
    itself, as it was written.
    """
    source = f"programme {programme.pk}" if programme.own_rules else ""
    return _spoken(programme.playbook_key, programme.own_rules, source, readers_language())


def playbook_as_written(programme: Programme) -> Playbook:
    """The same in the words of its file, to be compared with another file."""
    if programme.own_rules:
        return _parsed(programme.own_rules, f"programme {programme.pk}")
    return shipped_playbooks()[programme.playbook_key]


def shipped_playbook(key: str) -> Playbook:
    """A playbook that comes with Goround, told in the reader's language; KeyError for none."""
    return _spoken(shipped_playbooks()[key].key, "", "", readers_language())


def rules_of(programme: Programme) -> str:
    """The text of the rules in force."""
    return programme.own_rules or shipped_rules(programme.playbook_key)
