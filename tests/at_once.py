"""Acts done by several threads in the same moment, on either database."""

from __future__ import annotations

import os
import subprocess
import sys
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier, Thread

from django.db import connection

from tests.migrated import lay_migrated

THREADS = 20

ON_A_FILE = """
import django
django.setup()
from importlib import import_module
module = import_module({module!r})
for race in module.RACES:
    race()
print("all races run")
"""


def answers(act: Callable[[int], object], *, times: int, threads: int = THREADS) -> Counter[object]:
    """What ``act(number)`` answered how often, ``threads`` at a time and all beginning at once."""
    barrier = Barrier(threads)

    def one_thread(thread: int) -> list[object]:
        barrier.wait()
        try:
            return [act(number) for number in range(thread, times, threads)]
        finally:
            connection.close()

    with ThreadPoolExecutor(threads) as pool:
        return Counter(answer for done in pool.map(one_thread, range(threads)) for answer in done)


def at_once(*acts: Callable[[], object]) -> list[BaseException]:
    """Do all acts in threads of their own, as nearly at once as can be; what they raised."""
    barrier, raised = Barrier(len(acts)), []

    def run(act: Callable[[], object]) -> None:
        barrier.wait()
        try:
            act()
        except BaseException as error:
            raised.append(error)
        finally:
            connection.close()

    threads = [Thread(target=run, args=(act,)) for act in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return raised


def run_on_a_file(module: str, folder: Path) -> subprocess.CompletedProcess[str]:
    """``RACES`` of a test module on an SQLite file, in a process of its own.

    The suite's own SQLite lives in memory and cannot be raced for.
    """
    lay_migrated(folder / "race.sqlite3")
    environment = os.environ | {
        "GOROUND_DATABASE_URL": f"sqlite:///{folder}/race.sqlite3",
        "GOROUND_DATA_DIR": str(folder),
        "PYTEST_XDIST_WORKER": "none of them",
    }
    return subprocess.run(
        [sys.executable, "-c", ON_A_FILE.format(module=module)],
        cwd=Path(__file__).parents[1],
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
