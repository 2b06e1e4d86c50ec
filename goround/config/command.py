"""The ``goround`` command: its own commands first, and all of Django's."""

from __future__ import annotations

import importlib
import os
import sys

# Read only when asked for: forming groups needs no Django, serving sets it up itself.
# Each has ``main(arguments) -> exit status``.
OWN_COMMANDS = {
    "form": "goround.config.form_command",
    "serve": "goround.config.serve_command",
}


def main() -> None:
    """Carry out ``sys.argv`` and end the process with its exit status."""
    name = sys.argv[1] if len(sys.argv) > 1 else ""
    if name in OWN_COMMANDS:
        sys.exit(importlib.import_module(OWN_COMMANDS[name]).main(sys.argv[2:]))
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "goround.config.settings")

    from django.core.management import execute_from_command_line  # noqa: PLC0415

    execute_from_command_line(sys.argv)


if __name__ == "__main__":
    main()
