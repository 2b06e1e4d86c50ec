"""One of the two processes below ``goround serve``: the pages, or the background work.

Not for people to start: ``python -m goround.config.child web PARENT FD`` or ``... worker PARENT``.
"""

from __future__ import annotations

import ctypes
import os
import signal
import socket
import sys

PR_SET_PDEATHSIG = 1
SECONDS_TO_FINISH = 3


def end_with(parent: int) -> None:
    """Have this process told to stop when ``parent`` is gone, however it went (Linux only)."""
    if sys.platform == "linux":
        ctypes.CDLL(None, use_errno=True).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)
    if os.getppid() != parent:
        sys.exit(0)


def serve_pages(listener: socket.socket) -> None:
    import uvicorn  # noqa: PLC0415  the worker has no use for it

    config = uvicorn.Config(
        "goround.config.asgi:application",
        lifespan="off",
        # An access log would hold addresses of people.
        access_log=False,
        # Nor may an error quote what somebody typed: all of it goes to the log of the settings.
        log_config=None,
        log_level="warning",
        server_header=False,
        # Without it one open event stream keeps a server from ever stopping.
        timeout_graceful_shutdown=SECONDS_TO_FINISH,
    )
    uvicorn.Server(config).run(sockets=[listener])


def work() -> None:
    from django.core.management import execute_from_command_line  # noqa: PLC0415

    execute_from_command_line(["goround", "worker"])


def main() -> None:
    part, parent, *rest = sys.argv[1:]
    # Ctrl-C reaches every process of a terminal at once; the parent decides and sends SIGTERM.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    end_with(int(parent))
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "goround.config.settings")
    if part == "web":
        serve_pages(socket.socket(fileno=int(rest[0])))
    else:
        work()


if __name__ == "__main__":
    main()
