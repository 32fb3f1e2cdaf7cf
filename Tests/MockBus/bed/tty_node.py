"""/dev/ttyUSBN: a pseudo-terminal that answers the modem-line ioctls, without which libserialport opens no port."""

from __future__ import annotations

import struct
import termios
from typing import Any

from .node import Node

DTR, RTS, CTS, CARRIER, DSR = 0x002, 0x004, 0x020, 0x040, 0x100
READ_LINES, SET_LINES, CLEAR_LINES, WRITE_LINES = (
    termios.TIOCMGET,
    termios.TIOCMBIS,
    termios.TIOCMBIC,
    termios.TIOCMSET,
)
BREAK_ON, BREAK_OFF = 0x5427, 0x5428


class TtyNode(Node):
    """A serial port: bytes both ways, and the modem lines that a pseudo-terminal does not have."""

    def __init__(self, testbed: Any, path: str, emulator: str) -> None:
        self._lines = CTS | CARRIER | DSR
        self._break = False
        super().__init__(testbed, path, emulator, keeps_reports=False)
        self.terminal.on_bytes(self.link.send)

    def answer_ioctl(self, client: Any) -> bool:
        """Modem lines and break; everything else is done on the terminal, in the program."""
        request = client.get_request()
        if request in (READ_LINES, SET_LINES, CLEAR_LINES, WRITE_LINES):
            self._answer_lines(client, request)
        elif request in (BREAK_ON, BREAK_OFF):
            self._break = request == BREAK_ON
            client.complete(0, 0)
        else:
            result, error = client.execute()
            client.complete(result, error)
        return True

    def _answer_lines(self, client: Any, request: int) -> None:
        data = client.get_arg().resolve(0, 4)
        if request == READ_LINES:
            data.update(0, list(struct.pack("<i", self._lines)))
        else:
            (lines,) = struct.unpack("<i", bytes(data.retrieve()))
            if request == SET_LINES:
                self._lines |= lines
            elif request == CLEAR_LINES:
                self._lines &= ~lines
            else:
                self._lines = (self._lines & ~(DTR | RTS)) | (lines & (DTR | RTS))
        client.complete(0, 0)

    def state(self) -> dict[str, object]:
        """Also the lines and the speed that the reader has set."""
        return super().state() | {
            "baud": self.terminal.baud(),
            "dtr": bool(self._lines & DTR),
            "rts": bool(self._lines & RTS),
            "break": self._break,
        }
