"""The programs that listen for udev events, and how not to lose or be killed by a slow one."""

from __future__ import annotations

import asyncio
import select
import socket
import sys
from collections.abc import Callable
from pathlib import Path

LONGEST_WAIT_S = 2.0


class Listeners:
    """Sends events one at a time, each when every listener has room for it.

    A listener's socket holds some ten events (net.unix.max_dgram_qlen), a plug makes four, and umockdev aborts this
    process when one does not fit. A listener that stays full for two seconds misses events until it reads again, as
    with the kernel's netlink.
    """

    def __init__(self, root: Path) -> None:
        self._root = root
        self._stuck: set[Path] = set()

    async def announce(self, send: Callable[[], object]) -> None:
        """Call `send`, which makes umockdev send one event."""
        await self._wait_for_room()
        aside = [(path, path.with_name(f"full.{path.name}")) for path in self._stuck]
        for path, hidden in aside:
            path.rename(hidden)
        try:
            send()
        finally:
            for path, hidden in aside:
                hidden.rename(path)

    async def _wait_for_room(self) -> None:
        deadline = asyncio.get_running_loop().time() + LONGEST_WAIT_S
        while (full := self._full()) - self._stuck:
            if asyncio.get_running_loop().time() > deadline:
                names = ", ".join(sorted(path.name for path in full))
                print(f"mock_bus: {names} does not read its udev events and misses some", file=sys.stderr, flush=True)
                break
            await asyncio.sleep(0.001)
        self._stuck = full

    def _full(self) -> set[Path]:
        return {path for path in self._root.glob("event[0-9]*") if not has_room(path)}


def has_room(path: Path) -> bool:
    """Whether a listener's socket takes another event; one whose program has gone does (umockdev removes it)."""
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect(str(path))
        except OSError:
            return True
        poll = select.poll()
        poll.register(probe, select.POLLOUT)
        return bool(poll.poll(0))
