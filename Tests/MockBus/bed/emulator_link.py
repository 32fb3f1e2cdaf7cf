"""The connection to an instrument's emulator, which listens on a Unix socket."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Callable


class EmulatorLink:
    """Messages to and from one emulator. HID: SOCK_SEQPACKET, one message is one report. tty: SOCK_STREAM.

    An emulator that goes away leaves a silent instrument: nothing comes any more and what is sent is swallowed.
    """

    def __init__(self, path: str, keeps_messages: bool) -> None:
        kind = socket.SOCK_SEQPACKET if keeps_messages else socket.SOCK_STREAM
        self._socket = socket.socket(socket.AF_UNIX, kind)
        try:
            self._socket.connect(path)
        except OSError as error:
            self._socket.close()
            what = "SOCK_SEQPACKET" if keeps_messages else "SOCK_STREAM"
            raise ValueError(f"No emulator listens on {path} ({what}): {error.strerror}; start it first.") from error
        self._socket.setblocking(False)
        self._loop = asyncio.get_running_loop()
        self._receive: Callable[[bytes], bool] = lambda _: True
        self.connected = True

    def start(self, receive: Callable[[bytes], bool]) -> None:
        """Deliver messages to `receive` until it returns False; `resume` starts delivery again."""
        self._receive = receive
        self.resume()

    def resume(self) -> None:
        """Deliver messages (again)."""
        if self.connected:
            self._loop.add_reader(self._socket, self._read)

    def _read(self) -> None:
        try:
            message = self._socket.recv(65536)
        except BlockingIOError:
            return
        except OSError:
            message = b""
        if not message:
            self.close()
        elif not self._receive(message):
            self._loop.remove_reader(self._socket)

    def send(self, message: bytes) -> bool:
        """Send at once, from any thread. False: the emulator does not take it, so the instrument would not either."""
        try:
            return self._socket.send(message) == len(message)
        except BlockingIOError:
            return False
        except OSError:
            return True

    def close(self) -> None:
        """Hang up; the emulator sees the end of the connection."""
        if self.connected:
            self.connected = False
            self._loop.remove_reader(self._socket)
            self._socket.close()
