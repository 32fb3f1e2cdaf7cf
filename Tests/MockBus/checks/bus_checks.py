"""Checks of the bus's events and of its answers."""

from __future__ import annotations

import threading
import time

from .bed import Bed, request
from .udev_monitor import Monitor


def events_are_like_the_kernels(bed: Bed) -> str:
    """libudev hears add and remove; the removed node's USB parent is the root hub already."""
    monitor = Monitor()
    cycles = 10
    heard: list[tuple[str, str, str] | None] = []

    def listen() -> None:
        # On a thread, so that it looks at the parents as soon as the event comes.
        for _ in range(4 * cycles):
            heard.append(monitor.next_node_event(5))

    def await_heard(count: int) -> None:
        while len(heard) < count and listener.is_alive():
            time.sleep(0.001)

    listener = threading.Thread(target=listen)
    listener.start()
    for cycle in range(cycles):
        with bed.plugged("hid", "h0", "1-1", 0), bed.plugged("tty", "t0", "1-2", 3):
            await_heard(4 * cycle + 2)
        await_heard(4 * cycle + 4)
    listener.join()
    monitor.close()
    added = [("add", "/dev/hidraw0", "08f7"), ("add", "/dev/ttyUSB3", "0403")]
    removed = [("remove", "/dev/ttyUSB3", "1d6b"), ("remove", "/dev/hidraw0", "1d6b")]
    assert heard == (added + removed) * cycles, heard
    return ""


def slow_listener_hears_all(bed: Bed) -> str:
    """A listener that reads late loses nothing, and the bus waits for it."""
    monitor = Monitor()

    def cycle() -> None:
        for _ in range(4):
            with bed.plugged("hid", "h0", "1-1", 0):
                pass

    thread = threading.Thread(target=cycle)
    thread.start()
    time.sleep(0.5)
    actions = [(monitor.next_node_event(2) or ("nothing",))[0] for _ in range(8)]
    thread.join()
    monitor.close()
    assert actions == ["add", "remove"] * 4, actions
    return ""


def wrong_requests_are_refused(bed: Bed) -> str:
    """Requests that cannot be carried out are answered with a sentence and change nothing."""
    with bed.plugged("hid", "h0", "1-1", 0):
        good = request("hid", "h1", "1-2", 1, "/nowhere.sock")
        cases = {
            "already holds": good | {"port": "1-1"},
            "belongs to": good | {"node": 0},
            "plugged in already": good | {"id": "h0"},
            "No emulator listens": good,
            "not known": good | {"color": "red"},
            "four hexadecimal": good | {"vendor": 2295},
            "No device": {"op": "unplug", "id": "h7"},
            "no request": {"op": "eject"},
        }
        for words, wrong in cases.items():
            answer = bed.bus.ask(**wrong)
            assert not answer["ok"] and words in answer["error"], (words, answer)
        assert list(bed.bus.must(op="state")["devices"]) == ["h0"]
    return ""
