"""The kernels, compiled by numba or as plain Python.

Compiling takes half a minute once on a new machine. What it makes is kept in a private
folder of the user's, named by the text of all kernels, so that a read-only installation
works and an update never meets code compiled before it. Until it is there the plain kernels
do the same work a hundred times slower, number for number, and a process of its own
compiles meanwhile.
"""

from __future__ import annotations

import hashlib
import importlib
import os
import subprocess
import sys
import tempfile
import time
import types
from collections.abc import Callable, Iterable
from functools import cache, partial
from itertools import chain
from pathlib import Path
from typing import Any, Final, NamedTuple

import numpy as np

from goround.domain.matching import relaxed, tables

PARENTS: Final = "costs"
PAIRWISE: Final = "pairwise"
COSTS: Final = (PARENTS, PAIRWISE)
# Functions of one family call each other by name; the other family may use the same names.
# With the first goes one of the costs.
FAMILIES: Final = (
    ("basics", "moving", "leading", "building", "improving", "exchanging", "crossing"),
    ("pricing", "volume"),
)
_PACKAGE: Final = "goround.domain.matching.kernels"
_LONGEST_WARMING_S: Final = 600
# Held on to: Python complains of a process that is forgotten while it runs.
_warming: Final[list[subprocess.Popen[bytes]]] = []


class Kernels(NamedTuple):
    """The kernels that are called from outside; only these are worth keeping compiled.

    Plain ones also take a list of ints as arena, which is faster for them.
    """

    build: Callable[[Any, Any, int, int], None]
    improve: Callable[[Any, int, float, float], int]
    seat: Callable[[Any, Any, int], None]
    price: Callable[[Any, Any, Any, Any, Any], None]
    climb: Callable[[Any, Any, Any, Any, Any, Any, int, float, float], float]
    exchange: Callable[[Any, int, float, float], int]
    remember: Callable[[Any, int], None]
    recall: Callable[[Any, int], None]
    cross: Callable[[Any, int, int, int], None]


def kernels(*, compile: bool, cost: str = PARENTS) -> Kernels:
    """All kernels, with one of the costs plugged in.

    Compiled and plain ones take the same steps, at very different speed. The pairwise ones
    want an array even when plain.
    """
    return _kernels(compile, cost)


@cache
def _kernels(compile: bool, cost: str) -> Kernels:
    wrap = _compiler(cost) if compile else _as_is
    search, bound = FAMILIES
    found = _family(_modules((*search, cost)), wrap) | _family(_modules(bound), wrap)
    return Kernels(**{name: found[name] for name in Kernels._fields})


def _family(
    modules: list[types.ModuleType], wrap: Callable[[types.FunctionType], Any]
) -> dict[str, Any]:
    """Copies of all functions that call each other's copies."""
    shared: dict[str, Any] = {}
    functions = []
    for module in modules:
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
    return shared


def is_warm(cost: str = PARENTS) -> bool:
    """Whether compiled code of these very kernels lies ready."""
    folder = _folder(cost)
    return folder is not None and (folder / "complete").exists()


def warm_up(cost: str = PARENTS) -> None:
    """Compile now what this cost's search calls, keep it, and say so."""
    empty = np.zeros(tables.HEAD, np.int64)
    empty[tables.RANDOM] = 1
    compiled = kernels(compile=True, cost=cost)
    if cost == PARENTS:
        compiled.build(empty, empty, 0, 0)
        compiled.improve(empty, 0, 1.0, 1.0)
        compiled.seat(empty, empty, 0)
        _warm_bound(compiled)
    else:
        compiled.exchange(empty, 0, 1.0, 1.0)
        compiled.remember(empty, 0)
        compiled.recall(empty, 0)
        compiled.cross(empty, 0, 0, 0)
    folder = _folder(cost)
    if folder is not None:
        (folder / "complete").touch()


def _warm_bound(compiled: Kernels) -> None:
    whole, part = np.zeros(relaxed.HEAD_, np.int64), np.zeros(1)
    compiled.price(whole, part, whole, part, np.zeros(2, np.int64))
    compiled.climb(whole, part, whole, part, part, whole, 0, 0.0, 0.0)


def start_warming() -> None:
    """Let another process compile, unless one does already or nothing could be kept."""
    folder = _folder()
    if folder is None or is_warm():
        return
    mark = folder / "warming"
    try:
        if mark.exists() and time.time() - mark.stat().st_mtime < _LONGEST_WARMING_S:
            return
        mark.touch()
        process = subprocess.Popen(  # noqa: S603 - this very program, nothing from outside
            [sys.executable, "-c", f"from {__name__} import warm_up; warm_up()"],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
        _warming.append(process)
    except OSError:
        return


def _modules(names: Iterable[str]) -> list[types.ModuleType]:
    return [importlib.import_module(f"{_PACKAGE}.{name}") for name in names]


def _as_is(function: types.FunctionType) -> Any:
    return function


def _compiler(cost: str) -> Callable[[types.FunctionType], Any]:
    """Inner kernels go without the wrappers that Python would need: half the compiling."""
    import numba  # noqa: PLC0415 - half a second that --help need not wait for

    folder = _folder(cost)
    if folder is not None:
        setattr(numba.config, "CACHE_DIR", str(folder))  # noqa: B010 - made at run time
    compiler: Any = partial(numba.njit, error_model="numpy", nogil=True, _nrt=False)

    def wrap(function: types.FunctionType) -> Any:
        if function.__name__ in Kernels._fields:
            return compiler(cache=folder is not None)(function)
        inner = compiler(no_cpython_wrapper=True, no_cfunc_wrapper=True)
        return inner(function)

    return wrap


@cache
def _folder(cost: str = PARENTS) -> Path | None:
    """Where compiled code is kept, or None when nothing can be kept.

    One for each cost: numba knows a function by its own text, whatever it calls.
    """
    try:
        named = os.environ.get("GOROUND_CACHE_DIR") or os.environ.get("XDG_CACHE_HOME")
        base = Path(named) if named else Path.home() / ".cache"
        folder = base / "goround" / f"kernels-{_digest()}" / cost
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        with tempfile.TemporaryFile(dir=folder):
            return folder
    except (OSError, RuntimeError):
        return None


def _digest() -> str:
    """Names the kernels' text and all that compiled code depends on.

    numba knows a file by its path and its time of change, so another checkout, or the same
    text written anew, needs compiling too.
    """
    from importlib.metadata import version  # noqa: PLC0415

    text = hashlib.sha256()
    modules = (relaxed, tables, *_modules((*chain(*FAMILIES), *COSTS)))
    for file in (Path(__file__), *(Path(str(module.__file__)) for module in modules)):
        text.update(file.read_bytes())
        text.update(f"{file} {file.stat().st_mtime_ns}".encode())
    text.update(f"{sys.version} {version('numba')} {version('numpy')}".encode())
    return text.hexdigest()[:16]


if __name__ == "__main__":
    # What ``make setup`` runs, so that the first search is as good as the tenth.
    if not is_warm():
        sys.stderr.write("Compiling the search. This happens once and takes half a minute ...\n")
        # By its full name: what is kept belongs to the module, not to the file that was run.
        importlib.import_module("goround.domain.matching.compiled").warm_up()
