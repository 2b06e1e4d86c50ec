"""How the project's files look: sizes, names, and what no page and no commit may hold.

Each rule is first shown to fail on a seeded offence, then asked about the whole project.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from io import StringIO
from pathlib import PurePosixPath

import pytest
from django.core.management import call_command

from tests.code_rules import (
    long_files,
    machine_words,
    trusted_markup,
    untranslated_prompts,
    vague_names,
)
from tests.page_rules import (
    foreign_loads,
    foreign_scripts,
    foreign_styles,
    inline_code,
    trusted_text,
    untranslated,
)
from tests.project_files import ROOT, ours, project_files, text_of

Rule = Callable[[str, str], list[str]]
# Modules that may call mark_safe, each with its reason.
TRUSTED = {
    "goround/web/icons.py": "marks drawings of our own, constants in that file",
    "goround/web/coordinator/rounds_map.py": "marks shapes made of numbers, a thousand a page",
}
GENERATED = {".lock", ".svg", ".png", ".ico", ".woff2", ".mo", ".po", ".gz"}


@pytest.mark.parametrize(
    ("rule", "offence"),
    [
        (inline_code, "<script>go()</script>"),
        (inline_code, "<style>p { color: red }</style>"),
        (inline_code, '<p style="color: red"></p>'),
        (inline_code, '<p {% if late %}style="color: red"{% endif %}></p>'),
        (inline_code, '<button onclick="go()"></button>'),
        (inline_code, '<p hx-on::load="go()"></p>'),
        (foreign_loads, '<script src="https://example.org/x.js"></script>'),
        (foreign_loads, '<link rel="stylesheet" href="//example.org/x.css">'),
        (foreign_loads, '<img src="http://example.org/x.png" alt="">'),
        (foreign_loads, '<form action="https://example.org/"></form>'),
        (trusted_text, "<p>{{ topic|safe }}</p>"),
        (trusted_text, "{% autoescape off %}{{ topic }}{% endautoescape %}"),
        (untranslated, "<p>My meetings</p>"),
        (untranslated, "<p>{{ count }} parents</p>"),
        (untranslated, '<img src="x.png" alt="A map">'),
        (untranslated, '<p {% if a %}title="Late"{% endif %}></p>'),
        (untranslated, '<input type="submit" value="Save">'),
        (untranslated, '<meta name="description" content="Groups of parents">'),
        (untranslated, '<button aria-label="Close">×</button>'),
        (foreign_styles, 'a { background: url("https://example.org/x.png") }'),
        (foreign_styles, '@import "//example.org/x.css";'),
        (foreign_scripts, 'fetch("https://example.org/")'),
        (trusted_markup, "from django.utils.safestring import mark_safe\nmark_safe(topic)"),
        (untranslated_prompts, 'CharField(label="Alias")'),
        (untranslated_prompts, 'messages.info(request, f"{count} saved")'),
        (machine_words, "cd /" + "work/main"),
        (machine_words, "pip --index-url https://" + "pypi." + "org/simple"),
    ],
)
def test_rule_notices(rule: Rule, offence: str) -> None:
    assert len(rule(offence, "bad")) == 1


@pytest.mark.parametrize(
    ("rule", "blameless"),
    [
        (inline_code, '<script src="{% static "js/map.js" %}" defer></script>'),
        (foreign_loads, '<a href="https://example.org/">{% translate "Source" %}</a>'),
        (foreign_loads, '<svg xmlns="http://www.w3.org/2000/svg"></svg>'),
        (untranslated, '<p>{% translate "My meetings" %} · {{ count }}</p>'),
        (untranslated, "{% blocktranslate %}{{ n }} parents{% endblocktranslate %}"),
        (untranslated, "{# A remark #}{% comment %}Another{% endcomment %}"),
        (untranslated, '<img alt="{% translate "A map" %}"><code>goround serve</code> Goround'),
        (untranslated, "{% block main_class %}narrow{% endblock %}"),
        (untranslated, '<p class="card">12 – 14 &amp; 3&nbsp;%</p>'),
        (untranslated_prompts, 'CharField(label=_("Alias"), help_text="")'),
        (machine_words, "a day of work/rest, see https://example.org/work-plan"),
    ],
)
def test_rule_lets_pass(rule: Rule, blameless: str) -> None:
    assert rule(blameless, "good") == []


@pytest.mark.parametrize(
    "rule", [inline_code, foreign_loads, trusted_text, untranslated], ids=lambda rule: rule.__name__
)
def test_templates_keep(rule: Rule) -> None:
    templates = [path for path in ours("*.*") if "templates" in path.parts]

    assert templates
    assert_kept(rule, templates)


def test_styles_load_nothing_from_elsewhere() -> None:
    styles = ours("*.css")

    assert styles
    assert_kept(foreign_styles, styles)


def test_scripts_call_nobody_elsewhere() -> None:
    scripts = [path for path in ours("*.js") if path.is_relative_to("goround")]

    assert_kept(foreign_scripts, scripts)


def test_python_lets_translators_find_prompts() -> None:
    assert_kept(untranslated_prompts, our_modules())


def test_markup_is_trusted_only_where_it_is_ours() -> None:
    assert_kept(trusted_markup, [path for path in our_modules() if str(path) not in TRUSTED])


def test_long_file_is_noticed() -> None:
    lengths = {
        "goround/web/a.py": 601,
        "tests/b.py": 1_000,
        "goround/c.py": 600,
        "tests/d.py": 1_001,
    }

    assert long_files({PurePosixPath(name): lines for name, lines in lengths.items()}) == [
        "goround/web/a.py has 601 lines",
        "tests/d.py has 1001 lines",
    ]


def test_files_are_short_enough_to_read() -> None:
    readable = [path for path in ours("*.*") if path.suffix not in {*GENERATED, ".json", ".csv"}]

    assert long_files({path: text_of(path).count("\n") for path in readable}) == []


def test_vague_name_is_noticed() -> None:
    paths = ["goround/utils.py", "goround/core/models.py", "goround/corer.py"]

    assert vague_names(map(PurePosixPath, paths)) == ["goround/utils.py", "goround/core/models.py"]


def test_names_say_what_is_inside() -> None:
    assert vague_names(ours("*.*")) == []


def test_files_name_no_machine_and_no_registry() -> None:
    written = [
        path
        for path in project_files()
        if path.suffix not in {".png", ".ico", ".woff2", ".gz", ".mo"}
    ]

    assert_kept(machine_words, written)


@pytest.mark.django_db
def test_migrations_say_what_the_models_say() -> None:
    said = StringIO()

    call_command("makemigrations", check=True, dry_run=True, stdout=said)

    assert said.getvalue() == "No changes detected\n"


def our_modules() -> list[PurePosixPath]:
    modules = [path for path in ours("*.py") if path.is_relative_to("goround")]
    assert modules
    return modules


def assert_kept(rule: Rule, paths: Iterable[PurePosixPath]) -> None:
    broken = [place for path in paths for place in rule(text_of(path), str(path))]

    assert not broken, "\n".join(broken)


def test_licence_is_the_whole_agpl() -> None:
    licence = (ROOT / "LICENSE").read_text()

    assert licence.startswith("                    GNU AFFERO GENERAL PUBLIC LICENSE")
    assert "13. Remote Network Interaction" in licence
    assert len(licence.splitlines()) == 661


# Who may write CSV, each with its reason; everybody else goes through the one place.
WRITES_CSV = {
    "goround/domain/privacy/spreadsheet.py": "the one place: no cell begins a formula",
    "goround/domain/matching/writing.py": "files of a public format, with ids as they were given",
    "goround/apps/demo/waiting.py": "invented lists that Goround reads itself",
}


def test_csv_is_written_in_one_place():
    writers = {
        str(path)
        for path in ours("*.py")
        if path.is_relative_to("goround") and re.search(r"csv\.(Dict)?[wW]riter\(", text_of(path))
    }

    assert writers == set(WRITES_CSV)
