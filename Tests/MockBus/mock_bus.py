#!/usr/bin/python3
"""A USB bus without hardware: runs a program that sees mocked instruments through the real libhidapi,
libserialport and libudev, while emulators answer for them.

    umockdev-wrapper /usr/bin/python3 Tests/MockBus/mock_bus.py --control PATH -- PROGRAM ARGUMENTS...

PROGRAM and its children see the bus; its exit status becomes ours; SIGTERM and SIGINT are passed on to it.
The Unix stream socket PATH takes one JSON object a line and answers each with one line, {"ok":true,...} or
{"ok":false,"error":"a sentence"}:

    {"op":"plug","id":"h0","kind":"hid","port":"1-1","vendor":"08f7","product":"0010","manufacturer":"Vernier",
     "name":"Go Direct","serial":"A1","node":0,"report_descriptor":"06 00 ff ...","emulator":"/tmp/h0.sock"}
                             -> "node":"/dev/hidraw0", "at_us": boot-time microseconds before the add event
    {"op":"plug","id":"t0","kind":"tty", ... the same without report_descriptor; "serial":null for none ...}
                             -> "node":"/dev/ttyUSB0", "at_us"
    {"op":"unplug","id":"h0"} -> "at_us": boot-time microseconds just before the node was made to fail
    {"op":"state"}           -> "devices": by id, node, readers, emulator, for a tty also baud, dtr, rts, break;
                                "programs": the pids of what was run and not waited for
    {"op":"run","argv":["PROGRAM",...]}      -> "pid": started inside the mocked environment
    {"op":"wait","pid":123,"timeout_s":20}   -> "status", "stdout", "stderr" (timeout_s may be left out)

The emulator listens on its Unix socket before the plug: SOCK_SEQPACKET for hid, one message one report (output
reports of unnumbered devices come without their leading 00, numbered ones keep their id), SOCK_STREAM for tty.
If it goes away the device stays and is silent. What it sends while nobody has the node open is lost.
Programs started with `run` begin with many descriptor numbers taken, so that each hears the udev events; of the
processes of one PROGRAM only one may listen for them.

What a mocked bus does not show: udev rules and permissions, feature reports, the timing of USB, the loss of
reports beyond 63 unread (here the emulator waits instead), libusb, serial formats other than 8 data bits. fstat on
an open node gives the terminal behind it. A program with about 50 nodes below /dev open at once is aborted.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import signal
import sys
from contextlib import suppress
from typing import NoReturn

from bed.bus import Bus
from bed.control import Control
from bed.programs import Programs, exit_status


async def run(bus: Bus, control: str, command: list[str]) -> int:
    """Serve the bus while the command runs, and return its exit status."""
    signals: asyncio.Queue[int] = asyncio.Queue()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, signals.put_nowait, number)
    programs = Programs()
    try:
        await Control(bus, programs).listen(control)
        program = await asyncio.create_subprocess_exec(*command)
        forwarding = asyncio.create_task(forward(signals, program))
        status = await program.wait()
        forwarding.cancel()
        return exit_status(status)
    finally:
        programs.kill()
        with suppress(OSError):
            os.unlink(control)


async def forward(signals: asyncio.Queue[int], program: asyncio.subprocess.Process) -> None:
    """Pass signals on to the program."""
    while True:
        number = await signals.get()
        with suppress(ProcessLookupError):
            program.send_signal(number)


def main() -> NoReturn:
    """Read the command line, run, and end with the program's status."""
    parser = argparse.ArgumentParser(description="Run a program that sees a mocked USB bus.")
    parser.add_argument("--control", required=True, metavar="PATH", help="the Unix socket that takes requests")
    parser.add_argument("command", nargs="+", metavar="PROGRAM", help="the program and its arguments, after --")
    arguments = parser.parse_args()
    if "libumockdev-preload" not in os.environ.get("LD_PRELOAD", ""):
        parser.error("run it under umockdev-wrapper, otherwise nobody sees the bus")
    bus = Bus()
    try:
        status = asyncio.run(run(bus, arguments.control, arguments.command))
    except OSError as error:
        print(f"mock_bus: {error}", file=sys.stderr)
        status = 2
    bus.close()
    sys.stdout.flush()
    sys.stderr.flush()
    # Without this the testbed would be destroyed, and abort on finding its files gone.
    os._exit(status)


if __name__ == "__main__":
    main()
