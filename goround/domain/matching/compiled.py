"""The kernels, compiled by numba or as plain Python.

Compiled code is kept in a private folder of the user's, by the text of all kernels, so
that a read-only installation works and an update never meets code compiled before it.
"""

from __future__ import annotations

import hashlib
import importlib
import os
import tempfile
import types
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any, Final, NamedTuple

from goround.domain.matching import tables
from goround.domain.matching.tables import Arena

MODULES: Final = ("basics", "costs", "moving", "leading", "building", "improving")
_PACKAGE: Final = "goround.domain.matching.kernels"


class Kernels(NamedTuple):
    """The kernels that are called from outside; only these are worth keeping compiled."""

    build: Callable[[Arena, Arena, int, int], None]
    improve: Callable[[Arena, int, float, float], int]


@cache
def kernels(*, compile: bool) -> Kernels:
    """All kernels. Compiled and plain ones take the same steps, at very different speed."""
    wrap = _compiler() if compile else _as_is
    shared: dict[str, Any] = {}
    functions = []
    for module in _modules():
        shared.update(
            (name, value) for name, value in vars(module).items() if not name.startswith("__")
        )
        functions += [
            value
            for value in vars(module).values()
            if isinstance(value, types.FunctionType) and value.__module__ == module.__name__
        ]
    for function in functions:
        copy = types.FunctionType(function.__code__, shared, function.__name__)
        copy.__module__ = function.__module__
        shared[function.__name__] = wrap(copy)
    return Kernels(**{name: shared[name] for name in Kernels._fields})


def is_warm() -> bool:
    """Whether compiled code of these very kernels lies ready."""
    folder = _folder()
    return folder is not None and (folder / "complete").exists()


def mark_warm() -> None:
    """Note that everything has been compiled; without a folder to keep it, do nothing."""
    folder = _folder()
    if folder is not None and folder.exists():
        (folder / "complete").touch()


def _modules() -> list[types.ModuleType]:
    return [importlib.import_module(f"{_PACKAGE}.{name}") for name in MODULES]


def _as_is(function: types.FunctionType) -> Any:
    return function


def _compiler() -> Callable[[types.FunctionType], Any]:
    """Inner kernels go without the wrappers that Python would need: half the compiling."""
    import numba  # noqa: PLC0415 - half a second that --help need not wait for

    folder = _folder()
    if folder is not None:
        setattr(numba.config, "CACHE_DIR", str(folder))  # noqa: B010 - made at run time

    def wrap(function: types.FunctionType) -> Any:
        if function.__name__ in Kernels._fields:
            return numba.njit(function, cache=folder is not None)
        return numba.njit(function, no_cpython_wrapper=True, no_cfunc_wrapper=True)

    return wrap


@cache
def _folder() -> Path | None:
    """Where compiled code is kept, or None when nothing can be kept."""
    named = os.environ.get("GOROUND_CACHE_DIR") or os.environ.get("XDG_CACHE_HOME")
    base = Path(named) if named else Path.home() / ".cache"
    folder = base / "goround" / f"kernels-{_digest()}"
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        with tempfile.TemporaryFile(dir=folder):
            return folder
    except (OSError, RuntimeError):
        return None


def _digest() -> str:
    """Names the kernels' text and all that compiled code depends on."""
    from importlib.metadata import version  # noqa: PLC0415

    text = hashlib.sha256()
    for module in (tables, *_modules()):
        text.update(Path(str(module.__file__)).read_bytes())
    text.update(f"{version('numba')} {version('numpy')}".encode())
    return text.hexdigest()[:16]
