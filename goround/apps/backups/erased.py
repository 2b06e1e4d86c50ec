"""The list of the erased and its copy beside the backups, which outlives a lost disk."""

from __future__ import annotations

import os
from pathlib import Path

from goround.apps.records.erased_list import add_lines, lines_in, own_list

NAME = "erased.txt"


def copy_erased_list(folder: Path) -> None:
    """Put our list beside the backups; what an older copy knew stays in it."""
    lines = lines_in(own_list()) | lines_in(folder / NAME)
    draft = folder / f".{NAME}"
    with draft.open("w", encoding="ascii") as file:
        draft.chmod(0o600)
        file.writelines(f"{line}\n" for line in sorted(lines))
        file.flush()
        os.fsync(file.fileno())
    draft.replace(folder / NAME)


def lines_known(folder: Path) -> set[str]:
    """By our own list and by the copy that lies beside the backups; ours then knows both."""
    ours, beside = lines_in(own_list()), lines_in(folder / NAME)
    add_lines(sorted(beside - ours))
    return ours | beside
