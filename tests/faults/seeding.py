"""One filter, one check, one permission at a time is taken away; the program runs on with it."""

from __future__ import annotations

import ast
import copy
import importlib
import inspect
import pkgutil
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import CodeType, FunctionType, ModuleType
from typing import Any

from django.db.models import Manager, QuerySet
from django.db.models.sql.where import WhereNode

import goround.apps
import goround.web
from goround.apps.organisations.roles import PERMISSIONS, Permission, Role
from goround.web.policy import POLICY, Anyone

# What a wall is made of in a query.
WALL_WORDS = ("organisation", "network", "user", "viewer", "group__in", "list_import")
EVERYTHING = "_everything_instead"


@dataclass(frozen=True)
class Fault:
    """One thing taken away, and how to put it in and take it out again.

    ``place`` is the line it stands on; the name stays the same when that moves.
    """

    name: str
    function: FunctionType | None
    code: CodeType | None = None
    page: str = ""
    role: Role | None = None
    permission: Permission | None = None
    place: str = ""

    @contextmanager
    def put_in(self) -> Iterator[None]:
        if self.function and self.code:
            before = self.function.__code__
            self.function.__globals__[EVERYTHING] = everything
            self.function.__code__ = self.code
            try:
                yield
            finally:
                self.function.__code__ = before
        elif self.page:
            before_rule = POLICY[self.page]
            POLICY[self.page] = Anyone.SIGNED_IN
            try:
                yield
            finally:
                POLICY[self.page] = before_rule
        elif self.role and self.permission:
            held = PERMISSIONS[self.role]
            PERMISSIONS[self.role] = held | {self.permission}
            try:
                yield
            finally:
                PERMISSIONS[self.role] = held


def everything(rows: Any) -> Any:
    """The same rows without any condition: what a forgotten selector would give."""
    if isinstance(rows, type):
        return rows._base_manager.all()
    if isinstance(rows, Manager):
        return rows.all()
    if isinstance(rows, QuerySet):
        bare = rows.all()
        bare.query.where = WhereNode()
        return bare
    return rows


def faults_of_code() -> Iterator[Fault]:
    """In every module that reads rows for somebody, and in every page."""
    for module in _modules():
        yield from faults_in(module)


def faults_of_policy() -> Iterator[Fault]:
    """A page that asks for no permission any more; a role that was given one more."""
    for page, rule in POLICY.items():
        if isinstance(rule, Permission):
            yield Fault(f"policy: {page} opens for anybody signed in", None, page=page)
    for role in Role:
        for permission in Permission:
            if permission not in PERMISSIONS[role]:
                name = f"roles: {role} may {permission}"
                yield Fault(name, None, role=role, permission=permission)


def faults_in(module: ModuleType) -> Iterator[Fault]:
    tree = ast.parse(Path(module.__file__ or "").read_text(encoding="utf-8"))
    for function in [node for node in tree.body if isinstance(node, ast.FunctionDef)]:
        live = inspect.unwrap(getattr(module, function.name, None) or (lambda: None))
        if not isinstance(live, FunctionType) or live.__module__ != module.__name__:
            continue
        for number in range(_choices(function)):
            changed, what, line = _changed(function, number)
            code = _code(tree, function, changed, module)
            if code is not None and code.co_freevars == live.__code__.co_freevars:
                name = f"{module.__name__.removeprefix('goround.')}.{function.name}: {what}"
                yield Fault(name, live, code, place=f"line {line}")


def reporting(function: FunctionType) -> tuple[str, CodeType]:
    """The function's code with a call of that name before everything else."""
    module = sys.modules[function.__module__]
    tree = ast.parse(Path(module.__file__ or "").read_text(encoding="utf-8"))
    asked = next(
        node
        for node in tree.body
        if isinstance(node, ast.FunctionDef) and node.name == function.__name__
    )
    name = f"_{function.__name__}_ran"
    changed = copy.deepcopy(asked)
    changed.body.insert(0, ast.Expr(ast.Call(ast.Name(name, ast.Load()), [], [])))
    code = _code(tree, asked, changed, module)
    assert code is not None
    return name, code


def _modules() -> Iterator[ModuleType]:
    for package, wanted in ((goround.apps, "selectors"), (goround.web, "")):
        prefix = f"{package.__name__}."
        for found in pkgutil.walk_packages(package.__path__, prefix):
            if wanted in found.name.split(".") or not wanted:
                yield importlib.import_module(found.name)


def _choices(function: ast.FunctionDef) -> int:
    return sum(1 for _ in _places(function))


def _changed(function: ast.FunctionDef, number: int) -> tuple[ast.FunctionDef, str, int]:
    changed = copy.deepcopy(function)
    change, what, line = list(_places(changed))[number]
    change()
    return changed, what, line


def _places(function: ast.FunctionDef) -> Iterator[tuple[Callable[[], None], str, int]]:
    for node in ast.walk(function):
        match node:
            case ast.Call(func=ast.Attribute(attr="filter", value=rows)):
                for change, what in _without_conditions(node):
                    yield change, f"{_say(rows)} without {what}", node.lineno
            case ast.Call(func=ast.Name(id="get_object_or_404")):
                what = f"all of {_say(node.args[0])}"
                yield lambda node=node: _take_everything(node), what, node.lineno
            case ast.Call(keywords=words) if any(_names_a_permission(word) for word in words):
                what = f"no permission in {_say(node)}"
                yield lambda node=node: _drop_needs(node), what, node.lineno
            case ast.If(body=[ast.Raise(exc=exc)]) if "Http404" in ast.unparse(exc or node):
                yield lambda node=node: _never(node), f"never {_say(node.test)}", node.lineno


def _without_conditions(call: ast.Call) -> Iterator[tuple[Callable[[], None], str]]:
    for keyword in call.keywords:
        if any(word in (keyword.arg or "") for word in WALL_WORDS):
            yield lambda k=keyword: call.keywords.remove(k), _say(keyword)
    for argument in call.args:
        if "viewer" in ast.unparse(argument):
            yield lambda a=argument: call.args.remove(a), _say(argument)


def _take_everything(call: ast.Call) -> None:
    call.args[0] = ast.Call(ast.Name(EVERYTHING, ast.Load()), [call.args[0]], [])


def _drop_needs(call: ast.Call) -> None:
    call.keywords = [word for word in call.keywords if not _names_a_permission(word)]


def _names_a_permission(word: ast.keyword) -> bool:
    is_one = isinstance(word.value, ast.Name) or "Permission." in ast.unparse(word.value)
    return word.arg == "needs" and is_one


def _never(node: ast.If) -> None:
    node.test = ast.Constant(False)


def _say(node: ast.AST) -> str:
    return " ".join(ast.unparse(node).split())[:70]


def _code(
    tree: ast.Module, function: ast.FunctionDef, changed: ast.FunctionDef, module: ModuleType
) -> CodeType | None:
    """The function's own code, compiled where it stands."""
    mutated = copy.copy(tree)
    mutated.body = [changed if node is function else node for node in tree.body]
    whole = compile(ast.fix_missing_locations(mutated), module.__file__ or "", "exec")
    found = [c for c in whole.co_consts if isinstance(c, CodeType) and c.co_name == function.name]
    return found[0] if found else None
