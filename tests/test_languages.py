"""A language joins when its catalogue is whole: every text, every hole in it, and the file read."""

from __future__ import annotations

import ast
import re
from collections import Counter

import pytest
from babel.messages.catalog import Message
from django.conf import settings as configured

from goround.domain.privacy.discreet import revealing
from tools import messages

pytestmark = pytest.mark.any_database

SPOKEN = [code for code, _name in configured.LANGUAGES if code in messages.languages()]
TITLE = re.compile(r"{%\s*block title\s*%}(.*?){%\s*endblock", re.DOTALL)
SAID = re.compile(r"""(?:translate |_\()"([^"]+)"\)?(?: context "([^"]+)")?""")
# Words of work, which the titles of those who work here may hold; parents' titles may not.
STAFF = {"coordinator", "facilitator", "network"}
WORK = {
    "en": {"group", "program", "programme"},
    "es": {"grupo", "program", "programa"},
    "ar": {"برامج", "برنامج", "عضو", "مجموعات", "مجموعة", "مجموعت"},
}
# A sentence has its marks translated; outside of one nobody does.
SENTENCE = re.compile(r"{%\s*blocktranslate.*?endblocktranslate\s*%}", re.DOTALL)
LATIN_MARKS = re.compile(r"""join:"[,;] |(?:}}|%})[,;] (?:{{|{%)""")
HOLES = re.compile(r"%\(\w+\)[sd]|%[sd%]|\{\w*\}|</?\w+[^>]*>|&\w+;")


def forms(text: str | tuple[str, ...]) -> tuple[str, ...]:
    return (text,) if isinstance(text, str) else tuple(text)


def holes(text: str) -> Counter[str]:
    return Counter(HOLES.findall(text))


def is_told_wholly(message: Message) -> bool:
    """Each form has the holes of an English one; where things are counted, one may be left out."""
    asked = [holes(form) for form in forms(message.id)]
    told = [holes(form) for form in forms(message.string)]
    return all(form in asked or (len(asked) > 1 and misses_one(form, asked[-1])) for form in told)


def misses_one(form: Counter[str], most: Counter[str]) -> bool:
    return form <= most and (most - form).total() == 1


@pytest.fixture(scope="module")
def said() -> set[object]:
    return {(message.context, message.id) for message in messages.said() if message.id}


def test_every_language_with_a_catalogue_can_be_chosen():
    assert sorted(SPOKEN) == messages.languages()
    assert set(SPOKEN) == {"ar", "es"}


@pytest.mark.parametrize("language", SPOKEN)
def test_a_catalogue_says_what_the_pages_say_and_nothing_else(language, said):
    """Mended by ``make messages`` and a translation."""
    told = {(message.context, message.id) for message in messages.catalogue(language) if message.id}
    assert (sorted(map(str, said - told)), sorted(map(str, told - said))) == ([], [])


@pytest.mark.parametrize("language", SPOKEN)
def test_a_catalogue_leaves_nothing_in_english(language):
    assert [message.id for message in messages.waiting(language)] == []


@pytest.mark.parametrize("language", SPOKEN)
def test_what_a_text_is_filled_with_stands_in_its_translation(language):
    told = [message for message in messages.catalogue(language) if message.id]
    assert [message.id for message in told if not is_told_wholly(message)] == []


@pytest.mark.parametrize("language", SPOKEN)
def test_what_goround_reads_is_what_the_catalogue_says(language):
    assert messages.mo(language).read_bytes() == messages.compiled(language)


def test_arabic_says_after_a_name_that_it_goes_on_from_right_to_left():
    """Between two things that are filled in: a Latin name and a figure would change places."""
    told = [form for each in messages.catalogue("ar") if each.id for form in forms(each.string)]

    assert [form for form in told if re.search(r"%\(\w+\)s ?[،؛·:] ?%\(", form)] == []
    assert [form for form in told if re.search(r"(?:\d|%\(\w+\)s) %%", form)] == []


def revealing_title(language: str, folder: str, told: str) -> set[str]:
    allowed = WORK["en"] | WORK.get(language, set()) if folder in STAFF else set()
    return set(revealing(told, language=language)) - allowed


@pytest.mark.parametrize("language", SPOKEN)
def test_a_title_tells_nothing_to_somebody_who_looks_over_a_shoulder(language):
    templates = messages.PACKAGE / "web" / "templates"
    spoken = messages.catalogue(language)
    titles = {
        (page.relative_to(templates).parts[0], text, context or None)
        for page in templates.rglob("*.html")
        for block in TITLE.findall(page.read_text(encoding="utf-8"))
        for text, context in SAID.findall(block)
    }

    told = {(folder, str(spoken.get(*title).string)) for folder, *title in titles}

    assert len(titles) > 100
    assert [title for title in sorted(told) if revealing_title(language, *title)] == []


def joined_by_latin_marks(code: ast.Module) -> bool:
    return any(
        isinstance(call, ast.Attribute)
        and call.attr == "join"
        and isinstance(call.value, ast.Constant)
        and call.value.value in {", ", "; "}
        for call in ast.walk(code)
    )


def test_pages_put_words_beside_each_other_with_the_marks_of_the_language():
    """In code ``listed`` and ``listed_apart``; on a page ``|listed`` and ``{% comma %}``."""
    web = messages.PACKAGE / "web"
    code = [
        path.name
        for path in web.rglob("*.py")
        if joined_by_latin_marks(ast.parse(path.read_text(encoding="utf-8")))
    ]
    pages = {path.name: path.read_text(encoding="utf-8") for path in web.rglob("*.html")}

    assert code == ["headers.py"]  # for browsers
    assert [
        name for name, page in pages.items() if LATIN_MARKS.search(SENTENCE.sub("…", page))
    ] == []


def texts_in(code: ast.Module) -> set[object]:
    """What code gives to be translated, wherever it stands: in a template string, too."""
    return {
        (call.args[0].value if "pgettext" in name else None, call.args["pgettext" in name].value)
        for call in ast.walk(code)
        if isinstance(call, ast.Call)
        and (name := getattr(call.func, "id", "")) in messages.KEYWORDS
        and isinstance(call.args["pgettext" in name], ast.Constant)
    }


def other_names(code: ast.Module) -> set[str]:
    return {
        name.asname or name.name
        for found in ast.walk(code)
        if isinstance(found, ast.ImportFrom) and found.module == "django.utils.translation"
        for name in found.names
        if "gettext" in name.name and (name.asname or name.name) not in messages.KEYWORDS
    }


def test_every_text_of_the_code_reaches_the_catalogues(said):
    """The reader of code sees no text inside a template string, nor one under another name."""
    known = {(context, text if isinstance(text, str) else text[0]) for context, text in said}
    codes = {
        path.relative_to(messages.PACKAGE).as_posix(): ast.parse(path.read_text(encoding="utf-8"))
        for path in sorted(messages.PACKAGE.rglob("*.py"))
    }

    unseen = {path: found for path, code in codes.items() if (found := texts_in(code) - known)}

    assert unseen == {}
    assert {path: names for path, code in codes.items() if (names := other_names(code))} == {}


@pytest.mark.parametrize(("language", "forms_of_it"), [("fr", 3), ("pl", 4), ("ar", 6)])
def test_a_new_language_counts_as_django_does(language, forms_of_it):
    assert messages.begun(language).num_plurals == forms_of_it
