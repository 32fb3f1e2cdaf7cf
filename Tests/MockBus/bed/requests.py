"""The requests of the control socket, checked."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from .sysfs import UsbIdentity


@dataclass(frozen=True)
class Plug:
    """A device to plug in."""

    id: str
    kind: str
    port: str
    node: int
    identity: UsbIdentity
    emulator: str
    descriptor: bytes

    @property
    def path(self) -> str:
        """The node that it will have."""
        return f"/dev/hidraw{self.node}" if self.kind == "hid" else f"/dev/ttyUSB{self.node}"


def plug(fields: dict[str, Any]) -> Plug:
    """Read a plug request; raises ValueError with a sentence."""
    keys = {"op", "id", "kind", "port", "vendor", "product", "manufacturer", "name", "serial", "node", "emulator"}
    kind = fields.get("kind")
    if kind not in ("hid", "tty"):
        raise ValueError(f'The kind of a device is "hid" or "tty", not {kind!r}.')
    if kind == "hid":
        keys.add("report_descriptor")
    only(fields, keys)
    port = text(fields, "port")
    if not re.fullmatch(r"[1-9]\d*-[1-9]\d*(\.[1-9]\d*)*", port):
        raise ValueError(f"The port {port!r} is not a USB port such as 1-1 or 1-2.4.")
    if type(fields["node"]) is not int or not 0 <= fields["node"] <= 255:
        raise ValueError("The node is the number in hidrawN or ttyUSBN, 0 to 255.")
    identity = UsbIdentity(
        usb_number(fields, "vendor"),
        usb_number(fields, "product"),
        text(fields, "manufacturer"),
        text(fields, "name"),
        None if fields["serial"] is None else text(fields, "serial"),
    )
    return Plug(
        text(fields, "id"),
        kind,
        port,
        fields["node"],
        identity,
        text(fields, "emulator"),
        report_descriptor(fields) if kind == "hid" else b"",
    )


def only(fields: dict[str, Any], keys: set[str]) -> None:
    """Refuse missing and unknown keys."""
    if missing := sorted(keys - fields.keys()):
        raise ValueError(f"The request lacks {', '.join(missing)}.")
    if unknown := sorted(fields.keys() - keys):
        raise ValueError(f"The request has keys that are not known: {', '.join(unknown)}.")


def text(fields: dict[str, Any], key: str) -> str:
    """A text of at least one character, without control characters (they would end a sysfs record)."""
    value = fields[key]
    if not isinstance(value, str) or not value or not value.isprintable():
        raise ValueError(f"{key} must be a printable text that is not empty.")
    return value


def usb_number(fields: dict[str, Any], key: str) -> int:
    """A USB vendor or product number, written as four hexadecimal digits."""
    value = fields[key]
    if not isinstance(value, str) or not re.fullmatch("[0-9a-fA-F]{4}", value):
        raise ValueError(f'{key} must be four hexadecimal digits such as "08f7".')
    return int(value, 16)


def report_descriptor(fields: dict[str, Any]) -> bytes:
    """The report descriptor, written in hexadecimal."""
    value = fields["report_descriptor"]
    try:
        descriptor = bytes.fromhex(value)
    except (TypeError, ValueError):
        descriptor = b""
    if not 1 <= len(descriptor) <= 4096:
        raise ValueError("report_descriptor must be 1 to 4096 bytes in hexadecimal.")
    return descriptor
