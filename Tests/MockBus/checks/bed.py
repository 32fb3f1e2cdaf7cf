"""What every check works with: the bus, and a folder for the emulators' sockets."""

from __future__ import annotations

import contextlib
import os
import select
import statistics
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from .control_client import BusClient
from .emulators import Emulator, echo_hid, echo_tty
from .small_go_direct import REPORT_DESCRIPTOR

# Half of the unplugs must be seen sooner. The worst one is only reported: it is the scheduler's on a busy machine.
LONGEST_UNPLUG_MS = 100.0
FACTORIES = {"hid": echo_hid, "tty": echo_tty}


class Bed:
    """Plugs devices with echoing emulators in and out."""

    def __init__(self, bus: BusClient, folder: Path) -> None:
        self.bus = bus
        self.folder = folder
        self._sockets = 0

    def socket_path(self) -> str:
        """A new path for an emulator's socket."""
        self._sockets += 1
        return str(self.folder / f"emulator{self._sockets}.sock")

    @contextlib.contextmanager
    def plugged(
        self, kind: str, id: str, port: str, node: int, make: Callable[[str], Emulator] | None = None, **changes: Any
    ) -> Iterator[Emulator]:
        """A device with an echoing emulator (or the one that `make` makes), unplugged at the end if still there."""
        path = self.socket_path()
        emulator = (make or FACTORIES[kind])(path)
        self.bus.must(**request(kind, id, port, node, path) | changes)
        try:
            yield emulator
        finally:
            if id in self.bus.must(op="state")["devices"]:
                self.bus.must(op="unplug", id=id)

    def await_state(self, id: str, **wanted: object) -> None:
        """Wait until the state of a device has these values."""
        deadline = time.monotonic() + 5
        while wanted.items() - (state := self.bus.must(op="state")["devices"][id]).items():
            assert time.monotonic() < deadline, (wanted, state)


def request(kind: str, id: str, port: str, node: int, emulator: str) -> dict[str, Any]:
    """A plug request for an instrument of either kind."""
    fields: dict[str, Any] = {"op": "plug", "id": id, "kind": kind, "port": port, "node": node, "emulator": emulator}
    if kind == "hid":
        return fields | {
            "vendor": "08f7",
            "product": "0010",
            "manufacturer": "Vernier",
            "name": "Go Direct",
            "serial": f"A{id}",
            "report_descriptor": REPORT_DESCRIPTOR,
        }
    return fields | {
        "vendor": "0403",
        "product": "6001",
        "manufacturer": "FTDI",
        "name": "FT232R USB UART",
        "serial": f"B{id}",
    }


def unplug_delays_ms(bed: Bed, kind: str, node: str, count: int) -> list[float]:
    """How long after each of `count` unplugs a program that is blocked in poll() gets POLLHUP."""
    delays = []
    for _ in range(count):
        with bed.plugged(kind, "gone", "1-9", 9):
            descriptor = os.open(node, os.O_RDWR | os.O_NONBLOCK)
            seen: list[tuple[int, int]] = []
            thread = threading.Thread(target=_await_hang_up, args=(descriptor, seen))
            thread.start()
            time.sleep(0.02)
            at_us = bed.bus.must(op="unplug", id="gone")["at_us"]
            thread.join()
            os.close(descriptor)
            events, seen_us = seen[0]
            assert events & select.POLLHUP, f"poll gave {events:#x}, without POLLHUP"
            delays.append((seen_us - at_us) / 1000)
    return delays


def _await_hang_up(descriptor: int, seen: list[tuple[int, int]]) -> None:
    poll = select.poll()
    poll.register(descriptor, select.POLLIN)
    ready = poll.poll(5000)
    now_us = time.clock_gettime_ns(time.CLOCK_BOOTTIME) // 1000
    seen.append((ready[0][1] if ready else 0, now_us))


def delay_summary(delays: list[float]) -> str:
    """Median and worst of some delays; fails when the median is too long."""
    assert statistics.median(delays) < LONGEST_UNPLUG_MS, delays
    return f"median {statistics.median(delays):.2f} ms, worst {max(delays):.2f} ms of {len(delays)}"
