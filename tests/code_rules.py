"""House rules that imports cannot show, as functions from source text to broken places.

A broken place is a sentence ``file:line what``; no broken place is an empty list.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import PurePosixPath

QUERYSET_CALLS = {
    "filter", "exclude", "annotate", "aggregate", "alias", "select_related", "prefetch_related",
    "select_for_update", "values_list", "in_bulk", "raw", "order_by", "distinct", "exists",
    "first", "last", "earliest", "latest", "create", "get_or_create", "update_or_create",
    "bulk_create", "bulk_update", "save", "delete", "refresh_from_db", "using", "only", "defer",
    "cursor",
}  # fmt: skip
ORM_MODULES = ("django.db",)
TYPES_FROM_ORM = {"QuerySet", "Model", "models"}  # needed to say what a page receives
VAGUE_NAMES = {"utils", "util", "helpers", "helper", "common", "core", "misc", "lib"}
MOST_LINES, MOST_LINES_OF_TESTS = 600, 1_000
PROMPTS = {"label", "help_text", "verbose_name", "verbose_name_plural", "empty_label"}
MESSAGES = {"debug", "info", "success", "warning", "error", "add_message"}

# Written so that this file does not hold what it looks for.
MACHINE_WORDS = re.compile(
    r"(?<![\w.~-])/(?:work|root|opt/(?:pypi|wheels)\S*)(?![\w-])"
    r"|files\.pythonhosted\.[o]rg|pypi\.[o]rg|registry\.npmjs\.[o]rg|(?:deb|security)\.debian\.[o]rg"
)


def orm_in_pages(source: str, name: str) -> list[str]:
    """Queries and writes in a module of ``goround/web``, where selectors and services do both."""
    found = [(node, _orm_use(node)) for node in ast.walk(ast.parse(source))]
    return [f"{name}:{getattr(node, 'lineno', 0)} {use}" for node, use in found if use]


def _orm_use(node: ast.AST) -> str:
    match node:
        case ast.Attribute(attr="objects" | "_meta" | "_base_manager" as attribute):
            return f"uses .{attribute}"
        case ast.Call(func=ast.Attribute(attr=called)) if called in QUERYSET_CALLS:
            return f"calls .{called}()"
        case ast.ImportFrom(module=str(module)) if module.startswith(ORM_MODULES):
            if {alias.name for alias in node.names} - TYPES_FROM_ORM:
                return f"imports from {module}"
    return ""


def public_functions(source: str) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    for node in ast.parse(source).body:
        match node:
            case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name):
                if not name.startswith("_"):
                    yield node


def selectors_without_viewer(source: str, name: str) -> list[str]:
    broken = []
    for function in public_functions(source):
        arguments = [*function.args.posonlyargs, *function.args.args]
        if not arguments or arguments[0].arg != "viewer":
            broken.append(f"{name}:{function.lineno} {function.name} does not begin with viewer")
    return broken


def services_without_actor(source: str, name: str, excused: Mapping[str, str]) -> list[str]:
    """Services that are not keyword-only with ``by`` and ``at``. ``excused`` gives reasons."""
    broken = []
    for function in public_functions(source):
        arguments = function.args
        missing = {"by", "at"} - {argument.arg for argument in arguments.kwonlyargs}
        wrong = arguments.args or arguments.posonlyargs or missing
        if wrong and f"{name}:{function.name}" not in excused:
            broken.append(f"{name}:{function.lineno} {function.name} is not (*, …, by, at)")
    return broken


def upward_relations(
    relations: Iterable[tuple[str, str, str]], lowest_first: Sequence[str]
) -> list[str]:
    """Relations ``(app, field, target app)`` that point from a lower app to a higher one."""
    height = {app: index for index, app in enumerate(lowest_first)}
    return [
        f"{field} of {app} points up to {target}"
        for app, field, target in relations
        if height[target] > height[app]
    ]


def long_files(lines_of: Mapping[PurePosixPath, int]) -> list[str]:
    return [
        f"{path} has {lines} lines"
        for path, lines in lines_of.items()
        if lines > (MOST_LINES_OF_TESTS if path.parts[0] == "tests" else MOST_LINES)
    ]


def vague_names(paths: Iterable[PurePosixPath]) -> list[str]:
    return [
        str(path)
        for path in paths
        if VAGUE_NAMES & {PurePosixPath(part).stem for part in path.parts}
    ]


def machine_words(text: str, name: str) -> list[str]:
    """Places of one machine and hosts of registries, which mean nothing to anybody else."""
    return [
        f"{name}:{number} {found.group()}"
        for number, line in enumerate(text.splitlines(), start=1)
        for found in MACHINE_WORDS.finditer(line)
    ]


def untranslated_prompts(source: str, name: str) -> list[str]:
    """Words for people in Python that no translator would find."""
    broken = []
    for call in ast.walk(ast.parse(source)):
        if not isinstance(call, ast.Call):
            continue
        texts = [word.value for word in call.keywords if word.arg in PROMPTS]
        if _is_message(call.func):
            texts += call.args[1:]
        broken += [f"{name}:{text.lineno} {ast.unparse(text)}" for text in texts if _says(text)]
    return broken


def _is_message(function: ast.expr) -> bool:
    return (
        isinstance(function, ast.Attribute)
        and function.attr in MESSAGES
        and isinstance(function.value, ast.Name)
        and function.value.id == "messages"
    )


def _says(text: ast.expr) -> bool:
    if isinstance(text, ast.JoinedStr):
        return any(_says(part) for part in text.values)
    return (
        isinstance(text, ast.Constant)
        and isinstance(text.value, str)
        and any(letter.isalpha() for letter in text.value)
    )


def trusted_markup(source: str, name: str) -> list[str]:
    """``mark_safe`` and its kin around anything but a constant: a parent's words as markup."""
    return [
        f"{name}:{call.lineno} {call.func.id}"
        for call in ast.walk(ast.parse(source))
        if isinstance(call, ast.Call)
        and isinstance(call.func, ast.Name)
        and call.func.id in {"mark_safe", "SafeString", "SafeText"}
        and not all(isinstance(argument, ast.Constant) for argument in call.args)
    ]
