"""The line between one device and the server, which can be cut and mended.

A browser's own offline mode leaves an open stream open; a network that is gone does not.
"""

from __future__ import annotations

import contextlib
import socket
import threading


class Wire:
    """Passes everything on from a port of its own to the server's, while it is whole."""

    def __init__(self, to_port: int) -> None:
        self.to_port, self.is_whole = to_port, True
        self.open: set[socket.socket] = set()
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port: int = self.listener.getsockname()[1]
        threading.Thread(target=self._accept, daemon=True).start()

    def cut(self) -> None:
        self.is_whole = False
        for end in list(self.open):
            self._end(end)

    def mend(self) -> None:
        self.is_whole = True

    def close(self) -> None:
        self.cut()
        self.listener.close()

    def _accept(self) -> None:
        while True:
            try:
                near, _ = self.listener.accept()
                if not self.is_whole:
                    near.close()
                    continue
                far = socket.create_connection(("127.0.0.1", self.to_port))
            except ConnectionRefusedError:
                near.close()
                continue
            except OSError:
                return
            self.open |= {near, far}
            for one, other in ((near, far), (far, near)):
                threading.Thread(target=self._pass_on, args=(one, other), daemon=True).start()

    def _pass_on(self, one: socket.socket, other: socket.socket) -> None:
        with contextlib.suppress(OSError):
            while data := one.recv(65536):
                other.sendall(data)
        self._end(one)
        self._end(other)

    def _end(self, end: socket.socket) -> None:
        self.open.discard(end)
        with contextlib.suppress(OSError):
            end.shutdown(socket.SHUT_RDWR)
        end.close()
