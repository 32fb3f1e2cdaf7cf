"""Checks of the mocked hidraw nodes, through the real libhidapi."""

from __future__ import annotations

import os
import select
import socket
import threading
import time

from .bed import Bed, delay_summary, unplug_delays_ms
from .emulators import FLOOD, Emulator, echo, flood_hid, flood_report
from .hidapi import Device, Listed, enumerate_devices

# One application collection with report id 7: 8 bytes in, 8 bytes out.
NUMBERED = "06 00 ff 09 01 a1 01 85 07 15 00 26 ff 00 75 08 95 08 09 01 81 02 95 08 09 01 91 02 c0"


def identity_is_listed(bed: Bed) -> str:
    """hid_enumerate shows who the device is."""
    with bed.plugged("hid", "h0", "1-1", 0):
        expected = Listed("/dev/hidraw0", 0x08F7, 0x0010, "Ah0", "Vernier", "Go Direct", 0xFF00, 1, 0)
        assert enumerate_devices() == [expected], enumerate_devices()
    assert enumerate_devices() == [], enumerate_devices()
    return ""


def reports_keep_their_boundaries(bed: Bed) -> str:
    """Reports of every length with every byte value come back whole, also when the reader is late."""
    reports = [bytes((length * 4 + at) & 0xFF for at in range(length)) for length in range(1, 65)]
    reports += [bytes([value] * 64) for value in range(256)]
    with bed.plugged("hid", "h0", "1-1", 0):
        device = Device("/dev/hidraw0")
        for report in reports:
            assert device.write(b"\0" + report) == len(report) + 1
            assert (back := device.read(2000)) == report, (report, back)
        for report in reports[:50]:
            device.write(b"\0" + report)
        time.sleep(0.2)
        late = [device.read(2000) for _ in range(50)]
        assert late == reports[:50]
        device.close()
    return f"{len(reports) + 50} reports"


def numbered_reports_keep_their_number(bed: Bed) -> str:
    """The emulator of numbered reports gets and gives the report id; a foreign 0x85 in the data changes nothing."""
    report = bytes([7, 0x85, 1, 2, 3, 4, 5, 6, 0])
    with bed.plugged("hid", "h0", "1-1", 0, report_descriptor=NUMBERED):
        device = Device("/dev/hidraw0")
        assert device.write(report) == len(report)
        assert device.read(2000) == report
        device.close()
    return ""


def nothing_is_kept_for_the_next_reader(bed: Bed) -> str:
    """Reports from before a program opened the node, or left unread by another, are not given to it."""
    greeted = threading.Event()

    def greet(connection: socket.socket) -> None:
        connection.send(bytes([3] * 64))
        greeted.set()
        echo(connection)

    with bed.plugged("hid", "h0", "1-1", 0, lambda path: Emulator(path, socket.SOCK_SEQPACKET, greet)):
        assert greeted.wait(5)
        bed.await_state("h0", readers=0)
        descriptor = os.open("/dev/hidraw0", os.O_RDWR)
        os.write(descriptor, b"\0" + bytes([1] * 64))
        assert select.select([descriptor], [], [], 2)[0]
        assert os.read(descriptor, 64) == bytes([1] * 64)
        os.write(descriptor, b"\0" + bytes([1] * 64))
        assert select.select([descriptor], [], [], 2)[0]
        os.close(descriptor)
        bed.await_state("h0", readers=0)
        device = Device("/dev/hidraw0")
        assert device.read(50) == b""
        device.write(b"\0" + bytes([2] * 64))
        assert device.read(2000) == bytes([2] * 64)
        device.close()
    return ""


def unplug_is_seen_at_once(bed: Bed) -> str:
    """poll() gives POLLHUP soon after the plug is pulled."""
    delays = unplug_delays_ms(bed, "hid", "/dev/hidraw9", 20)
    return delay_summary(delays)


def hidapi_sees_the_unplug(bed: Bed) -> str:
    """A waiting hid_read_timeout fails, and so do later reads and writes."""
    delays = []
    for _ in range(20):
        with bed.plugged("hid", "h0", "1-1", 0):
            device = Device("/dev/hidraw0")
            seen: list[tuple[bytes | None, int]] = []
            thread = threading.Thread(target=_read_once, args=(device, seen))
            thread.start()
            time.sleep(0.02)
            at_us = bed.bus.must(op="unplug", id="h0")["at_us"]
            thread.join()
            assert seen[0][0] is None, seen
            assert device.read(100) is None
            assert device.write(b"\0" + bytes(64)) == -1
            device.close()
            delays.append((seen[0][1] - at_us) / 1000)
    return delay_summary(delays)


def slow_reader_gets_all(bed: Bed) -> str:
    """A flood waits for a slow reader, in order and complete; a device can be unplugged in the middle of one."""
    with bed.plugged("hid", "h0", "1-1", 0, flood_hid):
        device = Device("/dev/hidraw0")
        device.write(b"\0" + bytes(64))
        time.sleep(0.3)
        for number in range(FLOOD):
            assert device.read(2000) == flood_report(number), number
        assert device.read(50) == b""
        device.write(b"\0" + bytes(64))
        time.sleep(0.1)
        bed.bus.must(op="unplug", id="h0")
        assert device.read(100) is None
        device.close()
    return f"{FLOOD} reports"


def replug_under_another_node(bed: Bed) -> str:
    """The same device comes back as hidraw5 while the old descriptor is still open; the names can be used again."""
    for node in (0, 5, 0):
        with bed.plugged("hid", "h0", "1-1", node):
            path = f"/dev/hidraw{node}"
            assert [(listed.path, listed.serial) for listed in enumerate_devices()] == [(path, "Ah0")]
            device = Device(path)
            device.write(b"\0" + bytes([node + 1] * 64))
            assert device.read(2000) == bytes([node + 1] * 64)
            bed.bus.must(op="unplug", id="h0")
            with bed.plugged("hid", "h1", "1-2", node + 1):
                assert [listed.serial for listed in enumerate_devices()] == ["Ah1"]
                assert device.read(100) is None
            device.close()
    return ""


def two_devices_at_once(bed: Bed) -> str:
    """Two devices of one kind, each with its own answers; unplugging one leaves the other alone."""
    with bed.plugged("hid", "h0", "1-1", 0), bed.plugged("hid", "h1", "1-2", 1):
        assert [listed.serial for listed in enumerate_devices()] == ["Ah0", "Ah1"]
        devices = [Device("/dev/hidraw0"), Device("/dev/hidraw1")]
        for turn in range(50):
            for number, device in enumerate(devices):
                device.write(b"\0" + bytes([number, turn] * 32))
            for number, device in enumerate(devices):
                assert device.read(2000) == bytes([number, turn] * 32)
        bed.bus.must(op="unplug", id="h0")
        devices[1].write(b"\0" + bytes([9] * 64))
        assert devices[1].read(2000) == bytes([9] * 64)
        for device in devices:
            device.close()
    return ""


def lost_emulator_leaves_silence(bed: Bed) -> str:
    """When the emulator goes away the device stays, takes reports and says nothing."""
    with bed.plugged("hid", "h0", "1-1", 0) as emulator:
        device = Device("/dev/hidraw0")
        emulator.go_away()
        bed.await_state("h0", emulator="gone")
        assert device.write(b"\0" + bytes(64)) == 65
        assert device.read(100) == b""
        device.close()
    return ""


def _read_once(device: Device, seen: list[tuple[bytes | None, int]]) -> None:
    seen.append((device.read(5000), boot_time_us()))


def boot_time_us() -> int:
    """The clock of the bus's at_us."""
    return time.clock_gettime_ns(time.CLOCK_BOOTTIME) // 1000
