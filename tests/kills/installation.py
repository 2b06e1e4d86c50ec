"""An installation of its own for tests that kill its processes: a folder and a SQLite file."""

from __future__ import annotations

import os
import socket
import sqlite3
import subprocess
import sys
import time
from dataclasses import dataclass, field
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from typing import Any

from tests.migrated import lay_migrated

ROOT = Path(__file__).parents[2]
SECONDS_TO_START = 60


def kills(at_least: int) -> int:
    """How often to kill: a few in the suite, as many as ``make soak`` asks for there."""
    return int(os.environ.get("SOAK_KILLS", at_least))


@dataclass
class Installation:
    folder: Path
    # Empty: a SQLite file in the folder.
    database_url: str = ""
    env: dict[str, str] = field(init=False)

    def __post_init__(self) -> None:
        self.folder.mkdir(parents=True, exist_ok=True)
        settings = {
            "GOROUND_ENV": "test",
            "GOROUND_DATA_DIR": str(self.folder),
            "GOROUND_DATABASE_URL": self.database_url or f"sqlite:///{self.database}",
            "DJANGO_SETTINGS_MODULE": "goround.config.settings",
            "PYTHONPATH": str(ROOT),
        }
        self.env = os.environ | settings

    @property
    def database(self) -> Path:
        return self.folder / "goround.sqlite3"

    def migrated(self) -> Installation:
        """With current tables and no rows."""
        assert not self.database_url, "only a SQLite file can be laid"
        lay_migrated(self.database)
        return self

    def run(self, *command: str, check: bool = True) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            self.command(*command),
            env=self.env,
            cwd=ROOT,
            check=check,
            capture_output=True,
            text=True,
        )

    def command(self, *command: str) -> list[str]:
        return [sys.executable, "-m", "goround.config.command", *command]

    def python(self, source: str) -> str:
        """Run a piece of Python with Django set up; what it printed."""
        done = subprocess.run(
            [sys.executable, "-c", f"import django\ndjango.setup()\n{source}"],
            env=self.env,
            cwd=ROOT,
            check=True,
            capture_output=True,
            text=True,
        )
        return done.stdout

    def start(self, *command: str) -> subprocess.Popen[bytes]:
        return subprocess.Popen(
            self.command(*command), env=self.env, cwd=ROOT, stdout=subprocess.DEVNULL
        )

    def ask(self, question: str) -> list[tuple[Any, ...]]:
        connection = sqlite3.connect(self.database, timeout=20)
        try:
            with connection:
                return connection.execute(question).fetchall()
        finally:
            connection.close()


class Web:
    """The pages of an installation, killed and started again behind one open door.

    The listening socket stays ours, so whoever asks while nobody serves simply waits.
    """

    def __init__(self, installation: Installation) -> None:
        self.installation = installation
        self.listener = socket.create_server(("127.0.0.1", 0), backlog=64)
        self.port: int = self.listener.getsockname()[1]
        self.process = self._start()

    def _start(self) -> subprocess.Popen[bytes]:
        number = self.listener.fileno()
        return subprocess.Popen(
            [sys.executable, "-m", "goround.config.child", "web", str(os.getpid()), str(number)],
            pass_fds=[number],
            env=self.installation.env,
            cwd=ROOT,
        )

    def kill(self) -> None:
        self.process.kill()
        self.process.wait(timeout=20)

    def kill_and_start_again(self) -> None:
        self.kill()
        self.process = self._start()
        self.wait_until_ready()

    def wait_until_ready(self) -> None:
        give_up_at = time.monotonic() + SECONDS_TO_START
        while time.monotonic() < give_up_at:
            connection = HTTPConnection("127.0.0.1", self.port, timeout=20)
            try:
                connection.request("GET", "/healthz", headers={"Host": "localhost"})
                if connection.getresponse().status == 200:
                    return
            except (OSError, HTTPException):
                assert self.process.poll() is None, "the pages did not start"
                time.sleep(0.05)
            finally:
                connection.close()
        raise AssertionError("the pages did not answer")

    def close(self) -> None:
        self.kill()
        self.listener.close()
