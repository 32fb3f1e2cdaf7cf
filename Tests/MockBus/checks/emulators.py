"""Emulators for the checks: they listen on Unix sockets as every instrument's emulator does."""

from __future__ import annotations

import contextlib
import queue
import socket
import threading
from collections.abc import Callable

FLOOD = 1000

Serve = Callable[[socket.socket], None]


class Emulator:
    """Listens on a Unix socket and serves one connection after the other on a thread."""

    def __init__(self, path: str, kind: int, serve: Serve) -> None:
        self._serve = serve
        self._connections: queue.SimpleQueue[socket.socket] = queue.SimpleQueue()
        self._listener = socket.socket(socket.AF_UNIX, kind)
        self._listener.bind(path)
        self._listener.listen()
        threading.Thread(target=self._run, daemon=True).start()

    def _run(self) -> None:
        while True:
            connection, _ = self._listener.accept()
            self._connections.put(connection)
            with connection, contextlib.suppress(OSError):
                self._serve(connection)

    def go_away(self) -> None:
        """End the connection, as an emulator that crashed."""
        self._connections.get(timeout=5).shutdown(socket.SHUT_RDWR)


def echo(connection: socket.socket) -> None:
    """Send everything back."""
    while data := connection.recv(65536):
        connection.sendall(data)


def flood(connection: socket.socket) -> None:
    """Send FLOOD numbered reports at once for each message."""
    while connection.recv(65536):
        for number in range(FLOOD):
            connection.send(flood_report(number))


def flood_report(number: int) -> bytes:
    """One of the flood's reports; as a terminal's line, its bytes would mean something."""
    return number.to_bytes(4, "little") * 16


def echo_hid(path: str) -> Emulator:
    """A HID instrument that sends every output report back as an input report."""
    return Emulator(path, socket.SOCK_SEQPACKET, echo)


def echo_tty(path: str) -> Emulator:
    """A serial instrument that sends every byte back."""
    return Emulator(path, socket.SOCK_STREAM, echo)


def flood_hid(path: str) -> Emulator:
    """A HID instrument that sends faster than anyone reads."""
    return Emulator(path, socket.SOCK_SEQPACKET, flood)
