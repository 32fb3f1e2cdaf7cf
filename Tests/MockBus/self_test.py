#!/usr/bin/python3
"""Checks the mock bus itself, without Thenar: `python3 Tests/MockBus/self_test.py`.

Prints one line for each check and exits with 1 if one fails. The checks run in a program inside the mocked
environment, which this script starts through mock_bus.py; those of the bus's own life run outside.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import tempfile
import time
import traceback
from collections.abc import Callable
from functools import partial
from pathlib import Path

HERE = Path(__file__).resolve().parent


def bus_command(control: Path, *command: str) -> list[str]:
    """The command line that runs a program on a mocked bus."""
    return [
        "umockdev-wrapper",
        "/usr/bin/python3",
        str(HERE / "mock_bus.py"),
        "--control",
        str(control),
        "--",
        *command,
    ]


def check(name: str, body: Callable[[], str]) -> bool:
    """Run one check and print its line."""
    started = time.monotonic()
    try:
        note = body()
        verdict, trace = ("SKIP" if note.startswith("SKIPPED") else "ok  "), ""
    except Exception as error:  # every failure is a line, and the other checks still run
        verdict, note, trace = "FAIL", f"{type(error).__name__}: {error}", traceback.format_exc()
    print(f"{verdict} {name} ({time.monotonic() - started:.1f} s){': ' + note if note else ''}", flush=True)
    if trace:
        print(trace, file=sys.stderr, flush=True)
    return verdict != "FAIL"


def status_is_the_programs(folder: Path) -> str:
    """The bus exits with its program's status and leaves no files."""
    control = folder / "status.sock"
    command = bus_command(control, "sh", "-c", 'echo "$UMOCKDEV_DIR"; test -S "$0" || exit 9; exit 7', str(control))
    ended = subprocess.run(command, capture_output=True, text=True, timeout=20)
    assert ended.returncode == 7, ended
    assert not Path(ended.stdout.strip()).exists() and not control.exists(), ended.stdout
    return ""


def signals_are_passed_on(folder: Path) -> str:
    """SIGTERM reaches the program, whose answer to it becomes the bus's status."""
    command = bus_command(
        folder / "signals.sock", "sh", "-c", 'trap "exit 5" TERM; echo up; while :; do sleep 0.05; done'
    )
    with subprocess.Popen(command, stdout=subprocess.PIPE) as bus:
        assert bus.stdout is not None and bus.stdout.readline() == b"up\n"
        bus.send_signal(signal.SIGTERM)
        assert bus.wait(20) == 5
    return ""


def inside(folder: Path) -> int:
    """The checks that see the mocked bus; the libraries are loaded here, where they exist for it."""
    from checks import bus_checks, hid_checks, program_checks, tty_checks
    from checks.bed import Bed
    from checks.control_client import BusClient

    bed = Bed(BusClient(str(folder / "bus.sock")), folder)
    checks: list[tuple[str, Callable[[Bed], str]]] = [
        ("hid: hid_enumerate shows the identity", hid_checks.identity_is_listed),
        ("hid: reports keep their boundaries", hid_checks.reports_keep_their_boundaries),
        ("hid: numbered reports keep their id", hid_checks.numbered_reports_keep_their_number),
        ("hid: nothing is kept for the next reader", hid_checks.nothing_is_kept_for_the_next_reader),
        ("hid: a slow reader gets all", hid_checks.slow_reader_gets_all),
        ("hid: POLLHUP after an unplug", hid_checks.unplug_is_seen_at_once),
        ("hid: hid_read_timeout fails after an unplug", hid_checks.hidapi_sees_the_unplug),
        ("hid: replug under another node", hid_checks.replug_under_another_node),
        ("hid: two devices at once", hid_checks.two_devices_at_once),
        ("hid: a lost emulator leaves silence", hid_checks.lost_emulator_leaves_silence),
        ("tty: libserialport opens the port", tty_checks.libserialport_opens_the_port),
        ("tty: a port without serial number", tty_checks.port_without_serial_number),
        ("tty: libserialport sees the unplug", tty_checks.libserialport_sees_the_unplug),
        ("tty: POLLHUP after an unplug", tty_checks.unplug_is_seen_at_once),
        ("udev: events are like the kernel's", bus_checks.events_are_like_the_kernels),
        ("udev: a slow listener hears all", bus_checks.slow_listener_hears_all),
        ("control: wrong requests are refused", bus_checks.wrong_requests_are_refused),
        ("control: programs are run", program_checks.programs_are_run),
        ("control: two programs hear events", program_checks.two_programs_hear_events),
        ("vendor: Vernier's client reads an emulator", program_checks.vendor_client_reads_us),
    ]
    results = [check(name, partial(body, bed)) for name, body in checks]
    return 0 if all(results) else 1


def main() -> int:
    """Run everything."""
    with tempfile.TemporaryDirectory(prefix="mock-bus-") as name:
        folder = Path(name)
        life = [
            check("bus: the status is the program's", partial(status_is_the_programs, folder)),
            check("bus: signals are passed on", partial(signals_are_passed_on, folder)),
        ]
        script = (sys.executable, str(HERE / "self_test.py"), "--inside", name)
        on_bus = subprocess.run(bus_command(folder / "bus.sock", *script), timeout=60).returncode
    return 0 if all(life) and on_bus == 0 else 1


if __name__ == "__main__":
    if sys.argv[1:2] == ["--inside"]:
        status = inside(Path(sys.argv[2]))
        sys.stdout.flush()
        # The emulators' threads never end by themselves.
        os._exit(status)
    sys.exit(main())
