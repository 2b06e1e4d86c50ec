"""An empty but current SQLite file, made once for a whole run and copied wherever one begins.

Migrating takes some ten seconds and many tests start a process on a database of their own. What
migrating itself does is tested where a place is left empty: ``test_serve``, the restore drill.
"""

from __future__ import annotations

import fcntl
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

ROOT = Path(__file__).parents[1]


def lay_migrated(path: Path) -> None:
    """Put the file at ``path``, where there is none yet."""
    assert not path.exists(), path
    path.parent.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(shared("migrated.sqlite3", _migrate), path)


def shared(name: str, make: Callable[[Path], None]) -> Path:
    """A file or folder that all workers of the run share; the first who asks makes it."""
    folder = Path(os.environ["GOROUND_DATA_DIR"])
    kept, beginning = folder / name, folder / f"beginning-{name}"
    with (folder / f"{name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not kept.exists():
            make(beginning)
            beginning.rename(kept)
    return kept


def _migrate(path: Path) -> None:
    env = os.environ | {"GOROUND_DATABASE_URL": f"sqlite:///{path}"}
    command = [sys.executable, "-m", "django", "migrate", "-v", "0"]
    subprocess.run(command, env=env, cwd=ROOT, check=True)
