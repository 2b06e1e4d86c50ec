"""The running product, for tests: ``goround serve`` as a person starts it, on a free port."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

SECONDS_TO_START = 120
SECONDS_TO_STOP = 30
GOROUND = Path(sys.executable).with_name("goround")
ADDRESS = re.compile(r"http://localhost:\d+")


@dataclass(frozen=True)
class Serving:
    process: subprocess.Popen[str]
    said: Path

    def text(self) -> str:
        """All that was printed so far, by every process."""
        return self.said.read_text(encoding="utf-8")

    def wait_for_address(self) -> str:
        """The address without a slash at its end, once the pages answer there."""
        give_up_at = time.monotonic() + SECONDS_TO_START
        while time.monotonic() < give_up_at:
            found = ADDRESS.search(self.text())
            if found:
                return found.group()
            assert self.process.poll() is None, self.text()
            time.sleep(0.1)
        raise AssertionError(f"Nothing answered in {SECONDS_TO_START} s:\n{self.text()}")

    def processes(self) -> set[int]:
        """Ids of the processes of this run that are alive, the first one included (Linux)."""
        group = self.process.pid
        return {
            int(entry.name)
            for entry in Path("/proc").iterdir()
            if entry.name.isdecimal() and _is_alive_in(group, entry)
        }


def _is_alive_in(group: int, entry: Path) -> bool:
    try:
        state, _parent, found = (entry / "stat").read_text().rpartition(")")[2].split()[:3]
    except (FileNotFoundError, ProcessLookupError):
        return False
    return state != "Z" and int(found) == group


def environment(folder: Path, **changes: str) -> dict[str, str]:
    """Ours without the settings of this test run, and with data in ``folder``."""
    inherited = {name: value for name, value in os.environ.items() if "GOROUND" not in name}
    inherited.pop("DJANGO_SETTINGS_MODULE", None)
    return {**inherited, "GOROUND_DATA_DIR": str(folder), **changes}


@contextmanager
def hearing_hang_ups() -> Iterator[None]:
    """A run below ``nohup`` hands down that SIGHUP is ignored, which serve would keep to."""
    before = signal.signal(signal.SIGHUP, signal.SIG_DFL)
    try:
        yield
    finally:
        signal.signal(signal.SIGHUP, before)


@contextmanager
def serving(folder: Path, *arguments: str, **changes: str) -> Iterator[Serving]:
    """Start ``goround serve``; at the end stop it if it still runs."""
    folder.mkdir(parents=True, exist_ok=True)
    said = folder / "said.txt"
    with said.open("w", encoding="utf-8") as output, hearing_hang_ups():
        process = subprocess.Popen(
            [GOROUND, "serve", "--port", "0", *arguments],
            env=environment(folder, **changes),
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            text=True,
            # A group of its own, so that a test can see that all of it is gone.
            start_new_session=True,
        )
    try:
        yield Serving(process, said)
    finally:
        process.terminate()
        process.wait(timeout=SECONDS_TO_STOP)
