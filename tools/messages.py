"""The catalogues of the languages Goround speaks: ``make messages`` after a text has changed,
``make messages NEW=fr`` for one that is to join.

Each catalogue is brought up to date with what templates and code say now: what was translated
stays, what is new waits with an empty line, what nobody says any more goes. Then the file that
Goround reads is written anew, and what still waits is told.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from gettext import GNUTranslations
from io import BytesIO
from pathlib import Path

import django
from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from django.utils.translation.template import templatize

from goround.domain.playbook.beginning import PLAIN
from goround.domain.playbook.read import read_playbook
from goround.domain.playbook.schema import TEXTS
from goround.domain.safeguarding.duties import read_duties
from goround.domain.wording import retold

PACKAGE = Path(__file__).parents[1] / "goround"
LOCALE = PACKAGE / "locale"
_PLURAL = (1, 2)
_IN_CONTEXT = ((1, "c"), 2)
KEYWORDS = {
    "_": None,
    "gettext": None,
    "gettext_lazy": None,
    "gettext_noop": None,
    "ngettext": _PLURAL,
    "ngettext_lazy": _PLURAL,
    "pgettext": _IN_CONTEXT,
    "pgettext_lazy": _IN_CONTEXT,
    "npgettext": (*_IN_CONTEXT, 3),
    "npgettext_lazy": (*_IN_CONTEXT, 3),
}
RULES = "rules"
_OPTIONS = {"encoding": "utf-8"}


def said() -> Catalog:
    """Every text that can be translated, with the file it stands in."""
    found = Catalog(project="Goround", charset="utf-8")
    for path, code in _sources():
        where = path.relative_to(PACKAGE).as_posix()
        told = extract("python", BytesIO(code.encode()), KEYWORDS, ["Translators:"], _OPTIONS)
        for _line, message, notes, context in told:
            text = message if isinstance(message, str) else tuple(part for part in message if part)
            found.add(text, locations=[(where, 1)], auto_comments=notes, context=context)
    for path, text in _rules():
        found.add(text, locations=[(path.relative_to(PACKAGE).as_posix(), 1)], context=RULES)
    return found


def languages() -> list[str]:
    return sorted(path.parents[1].name for path in LOCALE.glob("*/LC_MESSAGES/django.po"))


def catalogue(language: str) -> Catalog:
    with _po(language).open("rb") as file:
        return read_po(file, locale=language, domain="django")


def begun(language: str) -> Catalog:
    """An empty catalogue for a language that Django speaks; it counts as Django's does."""
    folder = Path(django.__file__).parent / "conf" / "locale" / language / "LC_MESSAGES"
    with (folder / "django.mo").open("rb") as file:
        counts = GNUTranslations(file).info()["plural-forms"]
    empty = Catalog(locale=language, project="Goround", charset="utf-8", fuzzy=False)
    empty.mime_headers = [("Plural-Forms", counts)]
    return empty


def begin(language: str) -> None:
    _po(language).parent.mkdir(parents=True)
    with _po(language).open("wb") as file:
        write_po(file, begun(language))


def waiting(language: str) -> list[Message]:
    """What the catalogue does not say yet, or says only as somebody's guess."""
    return [message for message in catalogue(language) if message.id and _is_waiting(message)]


def compiled(language: str) -> bytes:
    """The file that Goround reads, made from the catalogue."""
    told = BytesIO()
    write_mo(told, catalogue(language))
    return told.getvalue()


def update(language: str) -> None:
    now = catalogue(language)
    now.update(said(), no_fuzzy_matching=True, update_creation_date=False)
    now.obsolete.clear()
    now.msgid_bugs_address = "see CONTRIBUTING.md"
    with _po(language).open("wb") as file:
        write_po(file, now, width=96, sort_by_file=True, include_lineno=False)
    mo(language).write_bytes(compiled(language))


def mo(language: str) -> Path:
    return _po(language).with_suffix(".mo")


def _po(language: str) -> Path:
    return LOCALE / language / "LC_MESSAGES" / "django.po"


def _sources() -> Iterator[tuple[Path, str]]:
    for path in sorted(PACKAGE.rglob("*.py")):
        yield path, path.read_text(encoding="utf-8")
    for path in sorted((PACKAGE / "web" / "templates").rglob("*.*")):
        # Its lines stand as they do on the page, which Python would take for blocks.
        lines = templatize(path.read_text(encoding="utf-8")).splitlines()
        yield path, "\n".join(line.lstrip() for line in lines)


def _rules() -> Iterator[tuple[Path, str]]:
    """What the playbooks and duties that come with Goround say to people."""
    for path in sorted((PACKAGE / "playbooks").glob("*.toml")):
        said: list[str] = []
        playbook = read_playbook(path.read_text(encoding="utf-8"), source=path.name)
        retold(playbook, lambda text, said=said: said.append(text) or text, texts=TEXTS)
        yield from ((path, text) for text in said)
    for text in PLAIN:
        yield PACKAGE / "domain" / "playbook" / "beginning.py", text
    for path in sorted((PACKAGE / "duties").glob("*.toml")):
        duties = read_duties(path.read_text(encoding="utf-8"))
        steps = [text for step in duties.steps for text in (step.name, step.words)]
        yield from ((path, text) for text in (duties.name, duties.who, *steps))


def _is_waiting(message: Message) -> bool:
    forms = message.string if isinstance(message.string, (tuple, list)) else (message.string,)
    return message.fuzzy or not all(forms)


def main() -> int:
    for language in sys.argv[1:]:
        begin(language)
    for language in languages():
        update(language)
        left = waiting(language)
        print(
            f"{language}: {len(left)} of {len(catalogue(language))} texts wait for a translation."
        )
        for message in left[:20]:
            print(f"  {message.locations[0][0]}: {message.id!r}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
