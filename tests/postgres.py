"""A PostgreSQL of the tests' own: made in a temporary folder, gone when they end.

Nothing on the machine is touched: a unix socket only, no port, no system cluster.
"""

from __future__ import annotations

import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import quote

# Without autovacuum: it counts a table as empty that only an open transaction fills, and some plans
# made from that take minutes.
UNSAFE_BUT_QUICK = (
    "-c fsync=off -c synchronous_commit=off -c full_page_writes=off -c autovacuum=off"
)
# Tests make their rows as a role that no wall holds; pages answer them as the role they have on
# a server, which owns nothing and is held by every wall. See ``tests/conftest.py``.
APP_ROLE = "goround_app"
ROLES = (
    "CREATE ROLE goround LOGIN CREATEDB BYPASSRLS",
    f"CREATE ROLE {APP_ROLE} NOLOGIN",
    f"GRANT {APP_ROLE} TO goround",
    "ALTER DEFAULT PRIVILEGES FOR ROLE goround"
    f" GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO {APP_ROLE}",
    f"ALTER DEFAULT PRIVILEGES FOR ROLE goround GRANT USAGE, SELECT ON SEQUENCES TO {APP_ROLE}",
)
DEBIAN_VERSIONS = Path("/usr/lib/postgresql")


class PostgresMissing(Exception):
    """This machine has no PostgreSQL server to start."""


def server_programs() -> Path:
    """The folder with ``initdb`` and ``pg_ctl``, the newest of Debian's before PATH."""
    versions = sorted(DEBIAN_VERSIONS.glob("*/bin/initdb"), key=lambda path: int(path.parts[-3]))
    if versions:
        return versions[-1].parent
    on_path = shutil.which("initdb")
    if on_path:
        return Path(on_path).resolve().parent
    raise PostgresMissing(
        "PostgreSQL's server programs (initdb, pg_ctl) are not on this machine. On Debian or "
        "Ubuntu: apt-get install postgresql. To test on SQLite alone: make test-sqlite."
    )


@contextmanager
def temporary_postgres() -> Iterator[str]:
    """Start a server and give its address as a ``postgresql://`` URL; stop and delete it after.

    The role in the URL may create databases and is held by no wall; ``APP_ROLE`` is, as in
    production.
    """
    programs = server_programs()
    # A socket's path may be no longer than 107 bytes, so pytest's own long folders won't do.
    folder = Path(tempfile.mkdtemp(prefix="goround-pg-", dir="/tmp"))
    as_owner = _owner_command(folder)
    data = folder / "data"
    try:
        _run(as_owner, programs / "initdb", "-D", data, "-U", "postgres", "-A", "trust",
             "-E", "UTF8", "--no-locale", "--no-sync")  # fmt: skip
        options = f"-k {folder} -c listen_addresses= {UNSAFE_BUT_QUICK}"
        log = folder / "server.log"
        _run(as_owner, programs / "pg_ctl", "-D", data, "-w", "-l", log, "-o", options, "start")
        try:
            for statement in ROLES:
                _run(as_owner, programs / "psql", "-h", folder, "-U", "postgres",
                     "-d", "template1", "-q", "-c", statement)  # fmt: skip
            yield f"postgresql://goround@/goround?host={quote(str(folder), safe='')}"
        finally:
            _run(as_owner, programs / "pg_ctl", "-D", data, "-m", "immediate", "-w", "stop")
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _owner_command(folder: Path) -> list[str]:
    """How to run the server's programs: PostgreSQL refuses to run as root."""
    if os.geteuid() != 0:
        return []
    owner = pwd.getpwnam("postgres")
    os.chown(folder, owner.pw_uid, owner.pw_gid)
    # Test processes run as root and may enter; the server owns the folder.
    return ["setpriv", f"--reuid={owner.pw_uid}", f"--regid={owner.pw_gid}", "--clear-groups"]


def _run(as_owner: list[str], *command: object) -> None:
    done = subprocess.run(
        [*as_owner, *map(str, command)],
        cwd="/",
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    if done.returncode != 0:
        raise RuntimeError(f"{command[0]} failed with {done.returncode}:\n{done.stdout}")
