"""Checks of the mocked serial ports, through the real libserialport."""

from __future__ import annotations

from .bed import Bed, delay_summary, unplug_delays_ms
from .serialport import Port


def libserialport_opens_the_port(bed: Bed) -> str:
    """Identity, speed, lines and every byte value both ways."""
    every_byte = bytes(range(256)) * 4
    with bed.plugged("tty", "t0", "1-3", 0):
        port = Port("/dev/ttyUSB0")
        assert port.identity() == (0x0403, 0x6001, b"FTDI", b"Bt0"), port.identity()
        port.configure(1200, dtr=True, rts=False)
        state = bed.bus.must(op="state")["devices"]["t0"]
        assert (state["baud"], state["dtr"], state["rts"]) == (1200, True, False), state
        assert port.write(every_byte) == len(every_byte)
        assert port.read(len(every_byte)) == every_byte
        port.close()
    return ""


def port_without_serial_number(bed: Bed) -> str:
    """An adapter without a serial number has none in libserialport either, and works."""
    with bed.plugged("tty", "t0", "2-1.4", 2, serial=None):
        port = Port("/dev/ttyUSB2")
        assert port.identity() == (0x0403, 0x6001, b"FTDI", None), port.identity()
        port.write(b"D\r")
        assert port.read(2) == b"D\r"
        port.close()
    return ""


def libserialport_sees_the_unplug(bed: Bed) -> str:
    """As with a real adapter: sp_input_waiting fails, a read just gives nothing."""
    with bed.plugged("tty", "t0", "1-3", 0):
        port = Port("/dev/ttyUSB0")
        assert port.input_waiting() == 0
        bed.bus.must(op="unplug", id="t0")
        assert port.input_waiting() < 0
        assert port.read(1) == b""
        port.close()
    return ""


def unplug_is_seen_at_once(bed: Bed) -> str:
    """poll() gives POLLHUP soon after the plug is pulled."""
    delays = unplug_delays_ms(bed, "tty", "/dev/ttyUSB9", 20)
    return delay_summary(delays)
