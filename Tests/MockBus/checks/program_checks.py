"""Checks of programs that run inside the mocked environment, Vernier's client among them."""

from __future__ import annotations

import json
import os
import signal
import time
from pathlib import Path

from .bed import Bed, request
from .small_go_direct import NAME, ORDER_CODE, SERIAL, UNIT, small_go_direct
from .udev_monitor import Monitor

HERE = Path(__file__).resolve().parent.parent
VENDOR_PYTHON = HERE.parent.parent / ".venv-vendor" / "bin" / "python"
# Says one line when it listens, and then what it hears first.
LISTENER = (
    f"import sys; sys.path.insert(0, {str(HERE)!r}); from checks.udev_monitor import Monitor; "
    "monitor = Monitor(); open(sys.argv[1], 'w').close(); print(monitor.next_node_event(5))"
)


def programs_are_run(bed: Bed) -> str:
    """A program's status and both outputs come back; one that is killed shows 128 + signal."""
    pid = bed.bus.must(op="run", argv=["sh", "-c", "echo out; echo err >&2; exit 3"])["pid"]
    answer = bed.bus.must(op="wait", pid=pid, timeout_s=10)
    assert answer == {"ok": True, "status": 3, "stdout": "out\n", "stderr": "err\n"}, answer
    pid = bed.bus.must(op="run", argv=["sleep", "60"])["pid"]
    assert "still runs" in bed.bus.ask(op="wait", pid=pid, timeout_s=0.05)["error"]
    os.kill(pid, signal.SIGTERM)
    assert bed.bus.must(op="wait", pid=pid, timeout_s=10)["status"] == 128 + signal.SIGTERM
    assert "was waited for" in bed.bus.ask(op="wait", pid=pid)["error"]
    return ""


def two_programs_hear_events(bed: Bed) -> str:
    """A monitor in this program and one in each of two others all hear the same plug."""
    own = Monitor()
    ready = [bed.folder / f"listening{number}" for number in (1, 2)]
    pids = [bed.bus.must(op="run", argv=["/usr/bin/python3", "-c", LISTENER, str(path)])["pid"] for path in ready]
    _await_files(ready)
    with bed.plugged("hid", "h0", "1-1", 0):
        expected = ("add", "/dev/hidraw0", "08f7")
        assert own.next_node_event(2) == expected
        heard = [bed.bus.must(op="wait", pid=pid, timeout_s=10)["stdout"] for pid in pids]
        assert heard == [f"{expected}\n"] * 2, heard
    own.close()
    return ""


def vendor_client_reads_us(bed: Bed) -> str:
    """Vernier's own client, unmodified, reads five values from a small Go Direct emulator."""
    if not VENDOR_PYTHON.exists():
        return "SKIPPED: run scripts/test-venv first"
    path = bed.socket_path()
    small_go_direct(path)
    bed.bus.must(**request("hid", "gdx", "1-1", 0, path))
    script = str(HERE / "read_with_vendor_client.py")
    argv = [str(VENDOR_PYTHON), script, "--sensors", "1", "--values", "5", "--period-ms", "50"]
    pid = bed.bus.must(op="run", argv=argv)["pid"]
    answer = bed.bus.must(op="wait", pid=pid, timeout_s=15)
    bed.bus.must(op="unplug", id="gdx")
    assert answer["status"] == 0, answer
    result = json.loads(answer["stdout"])
    seen = {key: result[key] for key in ("name", "order_code", "serial", "values", "unit", "stopped")}
    expected = {
        "name": NAME,
        "order_code": ORDER_CODE,
        "serial": SERIAL,
        "values": [10.0, 12.5, 15.0, 17.5, 20.0],
        "unit": UNIT,
        "stopped": True,
    }
    assert seen == expected, answer
    return f"{result['name']}: {result['values']} {result['unit']}"


def _await_files(paths: list[Path]) -> None:
    deadline = time.monotonic() + 10
    while not all(path.exists() for path in paths):
        assert time.monotonic() < deadline, "the other programs did not start to listen"
        time.sleep(0.01)
