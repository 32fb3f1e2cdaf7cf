"""Reads a Go Direct sensor with Vernier's own client, unmodified, and prints what the client saw as one JSON object.

    .venv-vendor/bin/python Tests/MockBus/read_with_vendor_client.py --sensors 1 --values 5 --period-ms 100

Run it inside the mock bus (request `run`). The client is GPL-3.0: it is never linked with or imported into Thenar,
only started as this separate program; scripts/test-venv installs it. `values` and `unit` are those of the first
sensor asked for, `sensors` holds all of them. Exits with 1 and a sentence when a reading fails.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import sys

import hidraw

# The client imports `hid`, which is the build on libusb; a mocked bus has only hidraw.
sys.modules["hid"] = hidraw

from godirect import GoDirect  # noqa: E402 (after the line above)


def read(numbers: list[int], count: int, period_ms: int, timeout_ms: int) -> dict[str, object]:
    """Open the first Go Direct device, read `count` values of each sensor and close it."""
    client = GoDirect(use_ble=False, use_usb=True)
    device = client.get_device()
    if device is None:
        raise RuntimeError("The vendor's client finds no Go Direct device.")
    if not device.open(auto_start=False):
        raise RuntimeError("The vendor's client could not open the device.")
    device.enable_sensors(numbers)
    sensors = device.get_enabled_sensors()
    if sorted(each.sensor_number for each in sensors) != sorted(numbers):
        raise RuntimeError(f"The device does not have all of the sensors {numbers}.")
    if not device.start(period=period_ms):
        raise RuntimeError("The device did not start measuring.")
    while any(len(each.values) < count for each in sensors):
        if not device.read(timeout=timeout_ms):
            raise RuntimeError("The vendor's client got no measurement.")
    stopped = device.stop()
    readings = [
        {
            "number": each.sensor_number,
            "description": each.sensor_description,
            "unit": each.sensor_units,
            "values": each.values[:count],
        }
        for each in sorted(sensors, key=lambda sensor: numbers.index(sensor.sensor_number))
    ]
    result = {
        "name": device.name,
        "order_code": device.order_code,
        "serial": device.serial_number,
        "values": readings[0]["values"],
        "unit": readings[0]["unit"],
        "sensors": readings,
        "stopped": bool(stopped),
    }
    device.close()
    client.quit()
    return result


def main() -> int:
    """Read the command line, read the device, print."""
    parser = argparse.ArgumentParser(description="Read a Go Direct sensor with the vendor's own client.")
    parser.add_argument("--sensors", type=int, nargs="+", default=[1], metavar="NUMBER")
    parser.add_argument("--values", type=int, default=5, metavar="COUNT")
    parser.add_argument("--period-ms", type=int, default=100)
    parser.add_argument("--timeout-ms", type=int, default=5000, help="longest wait for one measurement")
    arguments = parser.parse_args()
    try:
        # The client prints its own complaints; standard output is for the result.
        with contextlib.redirect_stdout(sys.stderr):
            result = read(arguments.sensors, arguments.values, arguments.period_ms, arguments.timeout_ms)
    except (RuntimeError, OSError) as error:
        print(f"read_with_vendor_client: {error}", file=sys.stderr)
        return 1
    print(json.dumps(result))
    return 0


if __name__ == "__main__":
    sys.exit(main())
