"""The ``goround`` command: its own commands first, and all of Django's."""

from __future__ import annotations

import contextlib
import importlib
import os
import sys
from importlib.metadata import version

from goround.config.environment import SettingError

# Read only when asked for: forming groups needs no Django, serving sets it up itself.
# Each has ``main(arguments) -> exit status``.
OWN_COMMANDS = {
    "form": "goround.config.form_command",
    "serve": "goround.config.serve_command",
}


# Commands that change tables, as the role that owns them.
OF_THE_OWNER = {"migrate", "restore"}
# Commands that say themselves which organisations they work for; all others see every one.
BY_THEMSELVES = {"worker", "migrate"}

HELP = """\
usage: goround COMMAND [options]

  serve       pages and background work, started and stopped together
  form        form groups from CSV files; needs no database (goround form --help)
  help        list all other commands: database, demo, people
  --version   show the version
"""


def main() -> None:
    """Carry out ``sys.argv`` and end the process with its exit status."""
    name = sys.argv[1] if len(sys.argv) > 1 else "--help"
    if name in {"-h", "--help"}:
        sys.exit(_say(HELP))
    if name == "--version":
        sys.exit(_say(f"goround {version('goround')}\n"))
    if name in OWN_COMMANDS:
        sys.exit(importlib.import_module(OWN_COMMANDS[name]).main(sys.argv[2:]))
    sys.exit(_run_django())


def _say(text: str) -> int:
    sys.stdout.write(text)
    return 0


def _command() -> str:
    return sys.argv[1] if len(sys.argv) > 1 else ""


def _run_django() -> int:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "goround.config.settings")
    if _command() in OF_THE_OWNER:
        os.environ["GOROUND_AS_OWNER"] = "yes"

    from django.conf import settings  # noqa: PLC0415
    from django.core.management import execute_from_command_line  # noqa: PLC0415
    from django.db import OperationalError  # noqa: PLC0415

    from goround.apps.keys.roots import KeyTrouble  # noqa: PLC0415
    from goround.apps.walls import places  # noqa: PLC0415

    try:
        # SQLite makes its file but not the folder. If it cannot be made, the database says so.
        with contextlib.suppress(OSError):
            settings.DATA_DIR.mkdir(mode=0o700, parents=True, exist_ok=True)
        if _command() not in BY_THEMSELVES:
            places.be_operator()
        execute_from_command_line(sys.argv)
    except (SettingError, KeyTrouble) as reason:
        print(reason, file=sys.stderr)
        return 1
    except OperationalError as error:
        print(database_trouble(error), file=sys.stderr)
        return 1
    return 0


def database_trouble(error: Exception) -> str:
    """A database's complaint as a sentence for the person at the keyboard."""
    why = str(error).partition("\n")[0].rstrip(".")
    return f"The database could not be used: {why}. GOROUND_DATABASE_URL says where it is."


if __name__ == "__main__":
    main()
