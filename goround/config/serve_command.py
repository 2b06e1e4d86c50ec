"""``goround serve``: pages and background work, started and stopped together."""

from __future__ import annotations

import argparse
import errno
import http.client
import io
import os
import secrets
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import MutableMapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import FrameType
from typing import TYPE_CHECKING

from goround.config.command import database_trouble
from goround.config.environment import SettingError

if TYPE_CHECKING:  # Django is not ready when this module is read
    from goround.apps.organisations.models import RoleAssignment

SECONDS_TO_START = 60
# Longer than the pages take to finish what they were answering (child.SECONDS_TO_FINISH).
SECONDS_TO_STOP = 8


class CannotServe(Exception):
    """Why Goround is not running, in words for the person at the keyboard."""


class StopAsked(BaseException):
    """Somebody pressed Ctrl-C or sent a signal to stop."""


@dataclass
class Asked:
    """Whether a signal has asked to stop.

    While the database is prepared it breaks off what is under way. Once there are children it is
    only noted, for the next look: breaking off inside ``subprocess`` could leave its lock held, and
    what is raised while Python tidies up is lost.
    """

    is_asked: bool = False
    breaks_off: bool = True

    def hear(self, signum: int, frame: FrameType | None) -> None:
        _ignore_signals()
        self.is_asked = True
        if self.breaks_off:
            raise StopAsked

    def look(self) -> None:
        if self.is_asked:
            raise StopAsked


@dataclass(frozen=True)
class Child:
    name: str
    process: subprocess.Popen[bytes]


def main(arguments: Sequence[str]) -> int:
    """Serve until told to stop. Returns the exit status; 0 when stopped on request."""
    options = _read(arguments)
    children: list[Child] = []
    asked = Asked()
    _stop_on_signals(asked)
    try:
        with _listen(options.host, options.port) as listener:
            _say_where(os.environ, listener.getsockname()[1])
            _prepare(demo=options.demo)
            asked.breaks_off = False
            _start(listener, children)
            _wait_until_ready(children, listener, asked)
            _say(_welcome(options, listener))
            _wait_for_an_end(children, asked)
    except StopAsked:
        _say("Stopping ...")
    except (CannotServe, SettingError) as reason:
        print(reason, file=sys.stderr, flush=True)
        return 1
    finally:
        _stop(children)
    _say("Stopped.")
    return 0


def _read(arguments: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="goround serve", description="Serve the pages and do the background work."
    )
    parser.add_argument("--host", default="127.0.0.1", help="the address to listen on")
    parser.add_argument("--port", default="8000", help="the port to listen on; 0 for a free one")
    parser.add_argument(
        "--demo", action="store_true", help="prepare the database and load the demo network"
    )
    return parser.parse_args(arguments)


def _stop_on_signals(asked: Asked) -> None:
    signal.signal(signal.SIGINT, asked.hear)
    signal.signal(signal.SIGTERM, asked.hear)
    if signal.getsignal(signal.SIGHUP) is not signal.SIG_IGN:  # as nohup sets it
        signal.signal(signal.SIGHUP, asked.hear)


def _ignore_signals() -> None:
    """While stopping: an impatient second Ctrl-C must not leave a process behind."""
    for each in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(each, signal.SIG_IGN)


def _say(text: str) -> None:
    print(text, flush=True)


def _listen(host: str, port: str) -> socket.socket:
    """Take the port at once, so that nobody waits for a demo network that cannot be shown."""
    if not port.isdecimal() or int(port) > 65535:
        raise CannotServe(f"The port is {port!r}; it must be a whole number from 0 to 65535.")
    try:
        family, kind, protocol, _name, address = socket.getaddrinfo(
            host, int(port), type=socket.SOCK_STREAM
        )[0]
        listener = socket.socket(family, kind, protocol)
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind(address)
        listener.listen(512)
    except OSError as error:
        raise CannotServe(_why_no_port(error, host, port)) from error
    return listener


def _why_no_port(error: OSError, host: str, port: str) -> str:
    if error.errno == errno.EADDRINUSE:
        return (
            f"Port {port} is taken by another program. Stop that one, or choose another port: "
            "make run PORT=8123"
        )
    if error.errno == errno.EACCES:
        return f"Port {port} is not open to this account. Choose one above 1023."
    return f"Goround cannot listen on {host}, port {port}: {error.strerror}."


def _say_where(environment: MutableMapping[str, str], port: int) -> None:
    """A demo's papers and messages name the port it is at; elsewhere somebody says the address."""
    if environment.get("GOROUND_ENV", "demo") == "demo":
        environment.setdefault("GOROUND_PUBLIC_URL", f"http://localhost:{port}")


def _prepare(*, demo: bool) -> None:
    # Both processes sign with the same key, also where nobody set one.
    if os.environ.get("GOROUND_ENV", "demo") == "demo":
        os.environ.setdefault("GOROUND_ENV", "demo")
        os.environ.setdefault("GOROUND_SECRET_KEY", secrets.token_urlsafe(50))
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "goround.config.settings")

    import django  # noqa: PLC0415  only after the environment is complete
    from django.conf import settings  # noqa: PLC0415
    from django.db import DatabaseError, connections  # noqa: PLC0415

    if demo and not settings.DEMO:
        raise CannotServe(
            f"GOROUND_ENV is {settings.ENV!r}, and the demo network belongs into a demo only. "
            "Leave out --demo, or set GOROUND_ENV=demo."
        )
    _see_that_it_is_writable(settings.DATA_DIR)
    django.setup()
    try:
        if demo:
            _fill_database()
        else:
            _see_that_it_may_serve()
    except DatabaseError as error:
        raise CannotServe(database_trouble(error)) from error
    finally:
        connections.close_all()


def _see_that_it_is_writable(folder: Path) -> None:
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder):
            pass
    except OSError as error:
        raise CannotServe(
            f"Goround keeps its data in {folder} and cannot write there: {error.strerror}. "
            "Set GOROUND_DATA_DIR to a folder that is yours."
        ) from error


def _fill_database() -> None:
    from django.core.management import call_command  # noqa: PLC0415

    from goround.apps.organisations.models import Organisation  # noqa: PLC0415
    from goround.apps.walls import places  # noqa: PLC0415

    places.be_operator()
    call_command("migrate", verbosity=0, interactive=False)
    _see_that_the_keys_fit()
    if not Organisation.objects.exists():
        _say("Filling the demo network. This happens once and takes half a minute ...")
        call_command("load_demo", stdout=io.StringIO())


def _see_that_it_may_serve() -> None:
    from django.core.management import call_command  # noqa: PLC0415
    from django.core.management.base import SystemCheckError  # noqa: PLC0415
    from django.db import connection  # noqa: PLC0415
    from django.db.migrations.executor import MigrationExecutor  # noqa: PLC0415

    try:
        call_command("check", stdout=io.StringIO(), stderr=io.StringIO())
    except SystemCheckError as error:
        raise CannotServe(f"These settings are not safe to serve with.\n{error}") from error
    executor = MigrationExecutor(connection)
    if executor.migration_plan(executor.loader.graph.leaf_nodes()):
        raise CannotServe("The database is not up to date. Run this first: goround migrate")
    _see_that_the_keys_fit()


def _see_that_the_keys_fit() -> None:
    from goround.apps.keys.holding import check_root_key  # noqa: PLC0415
    from goround.apps.keys.roots import KeyTrouble  # noqa: PLC0415

    try:
        check_root_key()
    except KeyTrouble as error:
        raise CannotServe(str(error)) from error


def _start(listener: socket.socket, children: list[Child]) -> None:
    for name, arguments in (
        ("web server", ["web", str(os.getpid()), str(listener.fileno())]),
        ("background worker", ["worker", str(os.getpid())]),
    ):
        process = subprocess.Popen(  # noqa: S603  our own module, no text from outside
            [sys.executable, "-m", "goround.config.child", *arguments],
            pass_fds=[listener.fileno()] if arguments[0] == "web" else [],
            stdin=subprocess.DEVNULL,
        )
        children.append(Child(name, process))


def _wait_until_ready(children: Sequence[Child], listener: socket.socket, asked: Asked) -> None:
    give_up_at = time.monotonic() + SECONDS_TO_START
    while not _answers(listener):
        asked.look()
        _see_that_all_run(children)
        if time.monotonic() > give_up_at:
            raise CannotServe(
                f"The pages did not answer within {SECONDS_TO_START} seconds. "
                "What the web server said is printed above."
            )
        time.sleep(0.25)


def _answers(listener: socket.socket) -> bool:
    from django.conf import settings  # noqa: PLC0415

    host, port = listener.getsockname()[:2]
    here = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)  # noqa: S104
    known = [name for name in settings.ALLOWED_HOSTS if name[0] not in ".*"]
    headers = {"Host": known[0] if known else "localhost", "X-Forwarded-Proto": "https"}
    connection = http.client.HTTPConnection(here, port, timeout=5)
    try:
        connection.request("GET", "/healthz", headers=headers)
        return connection.getresponse().status == http.client.OK
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()


def _wait_for_an_end(children: Sequence[Child], asked: Asked) -> None:
    while True:
        asked.look()
        _see_that_all_run(children)
        time.sleep(0.2)


def _see_that_all_run(children: Sequence[Child]) -> None:
    for child in children:
        status = child.process.poll()
        if status is not None:
            raise CannotServe(
                f"The {child.name} stopped by itself (status {status}), so Goround has stopped. "
                "What it said is printed above; nothing that was saved is lost."
            )


def _stop(children: Sequence[Child]) -> None:
    _ignore_signals()
    for child in children:
        child.process.terminate()
    give_up_at = time.monotonic() + SECONDS_TO_STOP
    for child in children:
        try:
            child.process.wait(timeout=max(0.1, give_up_at - time.monotonic()))
        except subprocess.TimeoutExpired:
            child.process.kill()
            child.process.wait()


def _welcome(options: argparse.Namespace, listener: socket.socket) -> str:
    host, port = listener.getsockname()[:2]
    # Not 127.0.0.1: passkeys are tied to a name.
    name = "localhost" if host in {"127.0.0.1", "::1"} else options.host
    lines = ["", f"Goround is running: http://{name}:{port}/", ""]
    if options.demo:
        lines += _people()
    return "\n".join([*lines, "Press Ctrl-C to stop."])


def _people() -> list[str]:
    """Whom a visitor of the demo can be, and how."""
    from django.contrib.auth.models import AnonymousUser  # noqa: PLC0415
    from django.db import connections  # noqa: PLC0415

    from goround.apps.demo.cast import PASSPHRASE  # noqa: PLC0415
    from goround.apps.organisations.selectors import demo_people  # noqa: PLC0415

    people = [
        f"  {user.handle:<22} {', '.join(_role(held) for held in user.roles.all())}"
        for user in demo_people(AnonymousUser())
    ]
    connections.close_all()
    if not people:
        return ["This database holds a network of its own, not the demo: sign in as ever.", ""]
    return [
        "Open it and choose who to be. Or sign in with one of these handles;",
        f"everybody's passphrase is: {PASSPHRASE}",
        "",
        *people,
        "",
    ]


def _role(held: RoleAssignment) -> str:
    place = held.organisation or held.network
    return f"{held.get_role_display()} at {place.name}" if place else held.get_role_display()
