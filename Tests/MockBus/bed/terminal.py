"""A pseudo-terminal of our own behind a mocked device node."""

from __future__ import annotations

import asyncio
import os
import termios
import tty
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

END_OF_REPORT = 0x04
QUOTE = 0x16
# Bytes that a canonical terminal would take for itself; the quote makes it take the next byte as it is.
SPECIAL = frozenset({END_OF_REPORT, QUOTE, ord("\n"), ord("\r"), 0x00})
# The speed in baud for each constant Bn of termios.
BAUD = {getattr(termios, name): int(name[1:]) for name in dir(termios) if name[0] == "B" and name[1:].isdigit()}


class Terminal:
    """The reader's program has the far end open; this end is fed with what the instrument sends.

    Raw terminals carry bytes. Terminals that keep reports carry one report per read(): each report is one line
    of a canonical terminal, closed by an end-of-file character. poll(), O_NONBLOCK and POLLHUP are the kernel's.
    The far end is also held open here: otherwise reading this end fails whenever no program has it open.
    """

    def __init__(self, root: Path, node: str, keeps_reports: bool) -> None:
        self.keeps_reports = keeps_reports
        self._near, self._far = os.openpty()
        os.set_blocking(self._near, False)
        if keeps_reports:
            self._set_canonical()
        else:
            tty.setraw(self._far)
        self._loop = asyncio.get_running_loop()
        self._backlog = bytearray()
        self._on_room: Callable[[], None] = lambda: None
        self.link = root / node.lstrip("/")
        self.link.parent.mkdir(parents=True, exist_ok=True)
        self.link.unlink(missing_ok=True)
        self.link.symlink_to(os.ttyname(self._far))

    def _set_canonical(self) -> None:
        flags = termios.tcgetattr(self._far)
        flags[0] = flags[1] = 0
        flags[3] = termios.ICANON | termios.IEXTEN
        characters: list[bytes | int] = [b"\x00"] * len(flags[6])
        characters[termios.VEOF] = bytes([END_OF_REPORT])
        characters[termios.VLNEXT] = bytes([QUOTE])
        flags[6] = characters
        termios.tcsetattr(self._far, termios.TCSANOW, flags)

    def feed(self, data: bytes, on_room: Callable[[], None]) -> bool:
        """Hand bytes, or one report, to the reader. False: the terminal is full, and `on_room` is called once
        everything has gone in; do not feed more before that."""
        self._backlog += quoted(data) if self.keeps_reports else data
        self._on_room = on_room
        self._drain()
        return not self._backlog

    def _drain(self) -> None:
        with suppress(BlockingIOError):
            del self._backlog[: os.write(self._near, self._backlog)]
        if self._backlog:
            self._loop.add_writer(self._near, self._drain)
        elif self._loop.remove_writer(self._near):
            self._on_room()

    def forget_unread(self) -> None:
        """Throw away what no program has read: a real node gives a reader nothing from before it was opened."""
        if self._near < 0:
            return
        self._backlog.clear()
        if self.keeps_reports:
            # Leaving canonical mode also makes the terminal forget a quote whose byte has not come.
            tty.setraw(self._far)
            self._set_canonical()
        termios.tcflush(self._far, termios.TCIFLUSH)
        if self._loop.remove_writer(self._near):
            self._on_room()

    def on_bytes(self, receive: Callable[[bytes], object]) -> None:
        """Call `receive` with what the reader's program writes (raw terminals)."""

        def read() -> None:
            try:
                data = os.read(self._near, 4096)
            except BlockingIOError:
                return
            receive(data)

        self._loop.add_reader(self._near, read)

    def baud(self) -> int:
        """The speed that the reader's program has set, in baud, 0 for one that has no standard constant."""
        return BAUD.get(termios.tcgetattr(self._far)[5], 0)

    def hang_up(self) -> None:
        """Make every open descriptor of the node fail, at once (readers get POLLHUP), and remove the node.

        The event loop's epoll holds no reference to the descriptor, so this close is the last one and takes effect
        before it returns; a thread blocked in poll() or read() on it would delay it.
        """
        self._loop.remove_reader(self._near)
        self._loop.remove_writer(self._near)
        near, far = self._near, self._far
        self._near = self._far = -1
        os.close(near)
        os.close(far)
        self.link.unlink(missing_ok=True)


def quoted(report: bytes) -> bytes:
    """A report as the line of a canonical terminal that reads back as exactly these bytes."""
    line = bytearray()
    for byte in report:
        if byte in SPECIAL:
            line.append(QUOTE)
        line.append(byte)
    line.append(END_OF_REPORT)
    return bytes(line)
