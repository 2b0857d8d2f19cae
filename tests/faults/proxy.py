"""A proxy in front of a server's socket: what is between two hosts, to be cut, slowed or silenced by a test."""

from __future__ import annotations

import socket
import time
from pathlib import Path
from threading import Event, Thread


class Proxy:
    """Listens on a private TCP port and hands everything on to a Unix socket."""

    def __init__(self, target: Path) -> None:
        self.target = str(target)
        self.delay = 0.0  # seconds before each piece is handed on
        self._flowing = Event()
        self._flowing.set()
        self._pairs: list[socket.socket] = []
        self._listener: socket.socket | None = None
        self.port = 0
        self.open()

    @property
    def url(self) -> str:
        return f"redis://127.0.0.1:{self.port}/0"

    def open(self) -> None:
        """Listen, on the same port as before."""
        self._listener = socket.create_server(("127.0.0.1", self.port), reuse_port=False)
        self.port = self._listener.getsockname()[1]
        Thread(target=self._accept, args=[self._listener], daemon=True).start()

    def cut(self) -> None:
        """Refuse whoever comes, and end what is open."""
        listener, self._listener = self._listener, None
        if listener is not None:
            listener.shutdown(socket.SHUT_RDWR)
            listener.close()
        for end in self._pairs:
            _end(end)
        self._pairs.clear()

    def silence(self) -> None:
        """Half open: connections stand and are accepted, and nothing arrives any more."""
        self._flowing.clear()

    def restore(self) -> None:
        """All is well again; what was silenced is delivered late."""
        self._flowing.set()
        if self._listener is None:
            self.open()

    def close(self) -> None:
        self._flowing.set()
        self.cut()

    def _accept(self, listener: socket.socket) -> None:
        while True:
            try:
                near, _ = listener.accept()
            except OSError:
                return
            far = socket.socket(socket.AF_UNIX)
            try:
                far.connect(self.target)
            except OSError:
                near.close()
                continue
            self._pairs += [near, far]
            for source, target in ((near, far), (far, near)):
                Thread(target=self._pump, args=[source, target], daemon=True).start()

    def _pump(self, source: socket.socket, target: socket.socket) -> None:
        try:
            while piece := source.recv(65_536):
                time.sleep(self.delay)
                self._flowing.wait()
                target.sendall(piece)
        except OSError:
            pass
        _end(source)
        _end(target)


def _end(one: socket.socket) -> None:
    try:
        one.shutdown(socket.SHUT_RDWR)
    except OSError:  # ended already
        pass
    one.close()
