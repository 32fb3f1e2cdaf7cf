"""/dev/hidrawN, with the ioctls of linux/hidraw.h (Plugins/HIDForce/PROTOCOL.md 6)."""

from __future__ import annotations

import errno
import struct
from typing import Any

from .node import Node
from .sysfs import UsbIdentity

HIDIOCGRDESCSIZE = 0x80044801
HIDIOCGRDESC = 0x90044802
HIDIOCGRAWINFO = 0x80084803
NAME, PHYSICAL, UNIQUE = 0x04, 0x05, 0x08
BUS_USB = 3


class HidNode(Node):
    """A hidraw node: one read() or write() is one report."""

    def __init__(
        self, testbed: Any, path: str, emulator: str, identity: UsbIdentity, physical: str, descriptor: bytes
    ) -> None:
        self._identity = identity
        self._texts = {
            NAME: f"{identity.manufacturer} {identity.name}",
            PHYSICAL: physical,
            UNIQUE: identity.serial or "",
        }
        self._descriptor = descriptor
        self._numbered = has_report_ids(descriptor)
        super().__init__(testbed, path, emulator, keeps_reports=True)

    def answer_ioctl(self, client: Any) -> bool:
        """The requests of type 'H'. Feature reports are refused with the EPIPE of a device that has none."""
        request = client.get_request()
        kind, number, size = (request >> 8) & 0xFF, request & 0xFF, (request >> 16) & 0x3FFF
        if kind != ord("H"):
            return False
        if request == HIDIOCGRDESCSIZE:
            answer(client, struct.pack("<i", len(self._descriptor)))
        elif request == HIDIOCGRDESC:
            self._answer_descriptor(client)
        elif request == HIDIOCGRAWINFO:
            vendor, product = self._identity.vendor, self._identity.product
            answer(client, struct.pack("<IHH", BUS_USB, vendor, product))
        elif number in self._texts and size > 0:
            text = (self._texts[number].encode() + b"\0")[:size]
            answer(client, text, result=len(text))
        else:
            client.complete(-1, errno.EPIPE)
        return True

    def _answer_descriptor(self, client: Any) -> None:
        # The size word comes first and is the program's: how many bytes it wants.
        data = client.get_arg().resolve(0, 4 + len(self._descriptor))
        (wanted,) = struct.unpack("<I", bytes(data.retrieve())[:4])
        data.update(4, list(self._descriptor[:wanted]))
        client.complete(0, 0)

    def answer_read(self, client: Any) -> bool:
        """A pulled device fails at once, also with reports still unread."""
        if self.gone:
            client.complete(-1, errno.EIO)
        return self.gone

    def answer_write(self, client: Any) -> bool:
        """An output report: the instrument of unnumbered reports never sees the leading 00."""
        report = bytes(client.get_arg().retrieve())
        if self.gone:
            client.complete(-1, errno.ENODEV)
        elif len(report) < 2:
            client.complete(-1, errno.EINVAL)
        elif self.link.send(report if self._numbered else report[1:]):
            client.complete(len(report), 0)
        else:
            client.complete(-1, errno.ETIMEDOUT)
        return True


def answer(client: Any, data: bytes, result: int = 0) -> None:
    """Write an ioctl's answer into the program's memory."""
    client.get_arg().resolve(0, len(data)).update(0, list(data))
    client.complete(result, 0)


def has_report_ids(descriptor: bytes) -> bool:
    """Whether a report descriptor numbers its reports: it has a Report ID item."""
    at = 0
    while at < len(descriptor):
        prefix = descriptor[at]
        if prefix == 0xFE:  # a long item: its size is the next byte
            at += 3 + (descriptor[at + 1] if at + 1 < len(descriptor) else 0)
            continue
        if prefix & 0xFC == 0x84:
            return True
        at += 1 + (0, 1, 2, 4)[prefix & 3]
    return False
