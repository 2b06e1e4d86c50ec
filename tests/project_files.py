"""The project's own files, as the house rules see them."""

from __future__ import annotations

import subprocess
from functools import cache
from pathlib import Path, PurePosixPath

ROOT = Path(__file__).resolve().parent.parent
NOT_OURS = {"vendor", "migrations"}


@cache
def project_files() -> tuple[PurePosixPath, ...]:
    """What is committed or about to be, relative to the root; neither vendored nor generated."""
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    paths = {PurePosixPath(name) for name in listed.split("\0") if name}
    return tuple(sorted(path for path in paths if (ROOT / path).is_file()))


def ours(pattern: str) -> list[PurePosixPath]:
    """Files that match, without those we took over or that Django wrote."""
    return [
        path for path in project_files() if path.match(pattern) and not NOT_OURS & set(path.parts)
    ]


def text_of(path: PurePosixPath) -> str:
    return (ROOT / path).read_text(encoding="utf-8")
