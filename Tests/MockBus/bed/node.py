"""A mocked device node: a terminal, the ioctl handler in front of it and the emulator behind it."""

from __future__ import annotations

import asyncio
import errno
import time
from abc import ABC, abstractmethod
from pathlib import Path
from typing import Any

import gi

gi.require_version("UMockdev", "1.0")
from gi.repository import UMockdev  # noqa: E402 (the version must be named first)

from .emulator_link import EmulatorLink  # noqa: E402
from .terminal import Terminal  # noqa: E402


class Node(ABC):
    """One node below /dev that a program can open.

    umockdev calls the `answer` functions on one thread for all nodes and all programs: they must answer at once.
    """

    def __init__(self, testbed: Any, path: str, emulator: str, keeps_reports: bool) -> None:
        self.path = path
        self.link = EmulatorLink(emulator, keeps_reports)
        self.terminal = Terminal(Path(testbed.get_root_dir()), path, keeps_reports)
        self.gone = False
        self.readers = 0
        self._loop = asyncio.get_running_loop()
        self._testbed = testbed
        self._handler = UMockdev.IoctlBase()
        self._handler.connect("handle-ioctl", self._handle_ioctl)
        self._handler.connect("handle-read", lambda _, client: self.answer_read(client))
        self._handler.connect("handle-write", lambda _, client: self.answer_write(client))
        self._handler.connect("client-connected", self._handle_opened)
        testbed.attach_ioctl(path, self._handler)
        self.link.start(self._deliver)

    def _deliver(self, message: bytes) -> bool:
        """Pass on what the instrument sends; with nobody reading, it is lost as on a real bus."""
        if self.gone or self.readers == 0:
            return True
        return self.terminal.feed(message, self.link.resume)

    def fail(self) -> int:
        """Make the node fail as a pulled plug does, and return the boot-time microseconds just before."""
        at_us = boot_time_us()
        self.gone = True
        self.terminal.hang_up()
        return at_us

    def detach(self) -> None:
        """Free the node's name and hang up on the emulator."""
        self._testbed.detach_ioctl(self.path)
        self.link.close()

    def _handle_opened(self, _handler: Any, client: Any) -> None:
        self.readers += 1
        # The handler has a signal client-vanished too, but umockdev 0.17 never sends it; the client's end does come.
        client.weak_ref(self._handle_closed)

    def _handle_closed(self) -> None:
        self.readers -= 1
        if self.readers == 0:
            self._loop.call_soon_threadsafe(self._last_reader_left)

    def _last_reader_left(self) -> None:
        if self.readers == 0 and not self.gone:
            self.terminal.forget_unread()

    def _handle_ioctl(self, _handler: Any, client: Any) -> bool:
        if self.gone:
            client.complete(-1, errno.ENODEV)
            return True
        return self.answer_ioctl(client)

    @abstractmethod
    def answer_ioctl(self, client: Any) -> bool:
        """Answer an ioctl; False leaves it to umockdev, which says ENOTTY."""

    def answer_read(self, client: Any) -> bool:
        """Answer a read(); False lets the program read the terminal."""
        return False

    def answer_write(self, client: Any) -> bool:
        """Answer a write(); False lets the program write to the terminal."""
        return False

    def state(self) -> dict[str, object]:
        """What the `state` request says about this node."""
        emulator = "connected" if self.link.connected else "gone"
        return {"node": self.path, "readers": self.readers, "emulator": emulator}


def boot_time_us() -> int:
    """CLOCK_BOOTTIME in microseconds, the clock of Thenar's time stamps."""
    return time.clock_gettime_ns(time.CLOCK_BOOTTIME) // 1000
