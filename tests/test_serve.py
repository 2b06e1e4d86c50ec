"""``goround serve`` as a person starts it: what it says, and that nothing of it is left behind."""

from __future__ import annotations

import os
import re
import signal
import socket
import subprocess
import time
from collections.abc import Callable
from dataclasses import dataclass
from http.client import HTTPConnection
from pathlib import Path
from urllib.request import urlopen

import pytest

from goround.config.serve_command import _say_where
from tests.migrated import lay_migrated
from tests.serving import GOROUND, SECONDS_TO_STOP, Serving, environment, serving

PRODUCTION = {
    "GOROUND_ENV": "production",
    "GOROUND_SECRET_KEY": "k" * 60,
    "GOROUND_KEY_FILE": "keys/root.key",
    "GOROUND_ALLOWED_HOSTS": "groups.example.org",
}
STYLES = re.compile(r'<link rel="stylesheet" href="([^"]+)"')
PARTS = 3  # the command itself, the web server, the background worker


@pytest.mark.parametrize(
    ("given", "named"),
    [
        ({}, "http://localhost:8123"),
        ({"GOROUND_PUBLIC_URL": "https://tried.example"}, "https://tried.example"),
        ({"GOROUND_ENV": "production"}, None),
    ],
)
def test_a_demo_names_the_port_it_is_at(given, named):
    environment = dict(given)

    _say_where(environment, 8123)

    assert environment.get("GOROUND_PUBLIC_URL") == named


def refuse(folder: Path, *arguments: str, **changes: str) -> tuple[int, str, str]:
    """Run a ``goround serve`` that ends by itself: its status, and what it said where."""
    done = subprocess.run(
        [GOROUND, "serve", *arguments],
        env=environment(folder, **changes),
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    return done.returncode, done.stdout, done.stderr


def until(true: Callable[[], bool], *, seconds: float = 15) -> bool:
    give_up_at = time.monotonic() + seconds
    while not true() and time.monotonic() < give_up_at:
        time.sleep(0.1)
    return true()


def is_gone(running: Serving) -> bool:
    running.process.poll()
    return running.processes() == set()


@pytest.fixture
def current(tmp_path: Path) -> Path:
    """A folder with an empty but current database, so that nothing waits for the demo."""
    lay_migrated(tmp_path / "goround.sqlite3")
    return tmp_path


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_serve_leaves_nothing_behind_when_told_to_stop(current: Path, how: signal.Signals) -> None:
    with serving(current) as running:
        with urlopen(f"{running.wait_for_address()}/healthz") as answer:
            ready = answer.status
        alive = len(running.processes())
        running.process.send_signal(how)
        status = running.process.wait(timeout=SECONDS_TO_STOP)

        assert (ready, alive, status) == (200, PARTS, 0)
        assert is_gone(running)
        assert "Traceback" not in running.text()


def test_serve_stops_quickly_on_a_signal_to_the_whole_group(current: Path) -> None:
    with serving(current) as running:
        running.wait_for_address()
        os.killpg(running.process.pid, signal.SIGINT)

        assert running.process.wait(timeout=SECONDS_TO_STOP) == 0
        assert is_gone(running)


def test_killed_serve_takes_its_children_with_it(current: Path) -> None:
    with serving(current) as running:
        running.wait_for_address()
        running.process.kill()

        assert until(lambda: is_gone(running))


@pytest.mark.parametrize("part", ["web", "worker"])
def test_serve_stops_and_says_so_when_one_part_dies(current: Path, part: str) -> None:
    with serving(current) as running:
        running.wait_for_address()
        os.kill(process_of(running, part), signal.SIGKILL)
        status = running.process.wait(timeout=15)

        name = {"web": "web server", "worker": "background worker"}[part]
        assert status == 1
        assert f"The {name} stopped by itself" in running.text()
        assert is_gone(running)


def process_of(running: Serving, part: str) -> int:
    for process in running.processes():
        words = Path(f"/proc/{process}/cmdline").read_text().split("\0")
        if "goround.config.child" in words and part in words:
            return process
    raise AssertionError(f"no {part} among {running.processes()}")


def test_serve_names_a_taken_port(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = str(other.getsockname()[1])

        assert refuse(tmp_path, "--port", port) == (
            1,
            "",
            f"Port {port} is taken by another program. Stop that one, or choose another port: "
            "make run PORT=8123\n",
        )


def test_serve_names_a_port_that_is_none(tmp_path: Path) -> None:
    assert refuse(tmp_path, "--port", "eighty") == (
        1,
        "",
        "The port is 'eighty'; it must be a whole number from 0 to 65535.\n",
    )


def test_serve_names_a_folder_it_cannot_write(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    folder = tmp_path / "file" / "data"

    assert refuse(folder, "--port", "0") == (
        1,
        "",
        f"Goround keeps its data in {folder} and cannot write there: Not a directory. "
        "Set GOROUND_DATA_DIR to a folder that is yours.\n",
    )


def test_serve_names_a_setting_it_cannot_read(tmp_path: Path) -> None:
    status, said, complaint = refuse(tmp_path, "--port", "0", GOROUND_ENV="staging")

    assert (status, said) == (1, "")
    assert complaint == "GOROUND_ENV is 'staging'; it must be one of demo, production, test.\n"


def test_serve_names_a_database_that_does_not_answer(tmp_path: Path) -> None:
    nowhere = "postgresql://nobody@127.0.0.1:1/nothing"

    status, said, complaint = refuse(tmp_path, "--port", "0", GOROUND_DATABASE_URL=nowhere)

    assert (status, said) == (1, "")
    assert complaint.startswith("The database could not be used: ")
    assert complaint.endswith("Connection refused. GOROUND_DATABASE_URL says where it is.\n")


def test_serve_asks_for_migrations_it_does_not_make_itself(tmp_path: Path) -> None:
    assert refuse(tmp_path, "--port", "0") == (
        1,
        "",
        "The database is not up to date. Run this first: goround migrate\n",
    )


def test_demo_is_refused_in_production(tmp_path: Path) -> None:
    status, said, complaint = refuse(tmp_path, "--demo", "--port", "0", **PRODUCTION)

    assert (status, said) == (1, "")
    assert complaint.startswith("GOROUND_ENV is 'production', and the demo network")


def test_choosing_who_to_be_is_refused_in_production(tmp_path: Path) -> None:
    asked = {**PRODUCTION, "GOROUND_CHOOSE_WHO_TO_BE": "yes"}

    status, said, complaint = refuse(tmp_path, "--port", "0", **asked)

    assert (status, said) == (1, "")
    assert "accounts.E001" in complaint


def test_production_without_its_key_file_is_refused(tmp_path: Path) -> None:
    asked = {**PRODUCTION, "GOROUND_KEY_FILE": str(tmp_path / "root.key")}
    lay_migrated(tmp_path / "goround.sqlite3")

    status, _, complaint = refuse(tmp_path, "--port", "0", **asked)

    assert status == 1
    assert complaint.startswith(f"The key file {asked['GOROUND_KEY_FILE']} cannot be read")
    assert "goround keys new" in complaint


def test_production_serves_behind_a_proxy_that_speaks_https(tmp_path: Path) -> None:
    asked = {**PRODUCTION, "GOROUND_KEY_FILE": str(tmp_path / "keys" / "root.key")}
    lay_migrated(tmp_path / "goround.sqlite3")
    for command in (["keys", "new"], ["collectstatic", "--no-input", "-v", "0"]):
        subprocess.run([GOROUND, *command], env=environment(tmp_path, **asked), check=True)

    with serving(tmp_path, **asked) as running:
        port = int(running.wait_for_address().rpartition(":")[2])
        page = ask(port, "/sign-in/", proto="https")
        styles = STYLES.findall(page.text)
        plain = ask(port, "/sign-in/", proto="http")
        stranger = ask(port, "/sign-in/", proto="https", host="elsewhere.example.org")

        assert (page.status, plain.status, stranger.status) == (200, 301, 400)
        assert plain.location == "https://groups.example.org/sign-in/"
        assert styles
        assert {ask(port, style, proto="https").status for style in styles} == {200}


@dataclass(frozen=True)
class Answer:
    status: int
    location: str
    text: str


def ask(port: int, path: str, *, proto: str, host: str = "groups.example.org") -> Answer:
    connection = HTTPConnection("127.0.0.1", port, timeout=10)
    connection.request("GET", path, headers={"Host": host, "X-Forwarded-Proto": proto})
    answer = connection.getresponse()
    text = answer.read().decode()
    connection.close()
    return Answer(answer.status, answer.headers.get("Location", ""), text)


def test_serve_refuses_another_key_file_than_the_database_was_locked_with(current: Path) -> None:
    with serving(current) as running:
        running.wait_for_address()
    (current / "keys" / "root.key").unlink()

    status, _, complaint = refuse(current, "--port", "0")

    assert status == 1
    assert "The data was locked with root key" in complaint
    assert "Traceback" not in complaint
