"""The mocked USB bus: plugs devices in and pulls them out."""

from __future__ import annotations

import asyncio
import os
import shutil
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import gi

gi.require_version("UMockdev", "1.0")
from gi.repository import UMockdev  # noqa: E402 (the version must be named first)

from .hid_node import HidNode  # noqa: E402
from .listeners import Listeners  # noqa: E402
from .node import Node, boot_time_us  # noqa: E402
from .requests import Plug  # noqa: E402
from .sysfs import Record, UsbPlace, hid_records, physical_path, root_hub, tty_records  # noqa: E402
from .tty_node import TtyNode  # noqa: E402


@dataclass(frozen=True)
class Device:
    """A device that is plugged in, with its sysfs records from the USB device down to the node."""

    request: Plug
    place: UsbPlace
    node: Node
    records: list[Record]


class Bus:
    """All mocked devices. It lives in the process that runs under umockdev-wrapper; its children see the devices."""

    def __init__(self) -> None:
        self._testbed = UMockdev.Testbed.new()
        self.root = Path(self._testbed.get_root_dir())
        self.devices: dict[str, Device] = {}
        self._buses: set[int] = set()
        self._plugged = 0
        self._address = 1
        self._listeners = Listeners(self.root)
        self._turn = asyncio.Lock()

    async def plug(self, request: Plug) -> dict[str, object]:
        """Plug a device in. The answer's at_us is the boot-time just before the node's add event."""
        async with self._turn:
            self._check_free(request)
            self._plugged += 1
            place = UsbPlace(request.port, self._new_address())
            records = self._records(request, place)
            # The add event makes programs open the node, so it is there first.
            self.devices[request.id] = Device(request, place, self._node(request, place), records)
            if place.bus not in self._buses:
                self._buses.add(place.bus)
                await self._add(root_hub(place.bus))
            for record in records[:-1]:
                await self._add(record)
            at_us = await self._add(records[-1])
            return {"node": request.path, "at_us": at_us}

    def _new_address(self) -> int:
        """The next free address after the last one, from 2 (the root hub has 1) to 127, as the kernel does it."""
        taken = {device.place.address for device in self.devices.values()}
        after = [2 + (self._address - 1 + step) % 126 for step in range(126)]
        self._address = next(address for address in after if address not in taken)
        return self._address

    async def _add(self, record: Record) -> int:
        at_us = 0

        def add() -> None:
            nonlocal at_us
            at_us = boot_time_us()
            self._testbed.add_from_string(record.text())

        await self._listeners.announce(add)
        return at_us

    async def unplug(self, id: str) -> dict[str, object]:
        """Pull a device out: its readers fail, its node goes, then the events come, the node's first."""
        async with self._turn:
            if id not in self.devices:
                raise ValueError(f"No device {id} is plugged in.")
            device = self.devices.pop(id)
            at_us = device.node.fail()
            await self._remove(device.records)
            device.node.detach()
            return {"at_us": at_us}

    def state(self) -> dict[str, object]:
        """Every device that is plugged in."""
        return {
            id: device.node.state() | {"kind": device.request.kind, "port": device.request.port}
            for id, device in self.devices.items()
        }

    def close(self) -> None:
        """Remove the testbed's files: umockdev leaves them when the process ends."""
        shutil.rmtree(self.root, ignore_errors=True)

    def _check_free(self, request: Plug) -> None:
        for id, device in self.devices.items():
            if id == request.id:
                raise ValueError(f"A device {id} is plugged in already.")
            if device.request.port == request.port:
                raise ValueError(f"Port {request.port} already holds the device {id}.")
            if device.request.path == request.path:
                raise ValueError(f"The node {request.path} belongs to the device {id}.")

    def _node(self, request: Plug, place: UsbPlace) -> Node:
        if request.kind == "hid":
            physical = physical_path(place)
            return HidNode(
                self._testbed, request.path, request.emulator, request.identity, physical, request.descriptor
            )
        return TtyNode(self._testbed, request.path, request.emulator)

    def _records(self, request: Plug, place: UsbPlace) -> list[Record]:
        if request.kind == "hid":
            return hid_records(request.identity, place, request.node, self._plugged, request.descriptor)
        return tty_records(request.identity, place, request.node)

    async def _remove(self, records: list[Record]) -> None:
        """Leaf first: umockdev leaves the bus links of children behind otherwise, and aborts when they come back.

        The parents are hidden while the node's event goes out. In the real kernel they are gone before a listener
        looks: libudev then finds the root hub as the USB parent of the removed node, and so it does here.
        """
        paths = ["/sys" + record.path for record in reversed(records)]
        uevents = {path: Path(f"{self.root}{path}/uevent") for path in paths}
        for path in paths[1:]:
            uevents[path].rename(uevents[path].with_name("uevent.hidden"))
        for path in paths:
            if not uevents[path].exists():
                os.rename(uevents[path].with_name("uevent.hidden"), uevents[path])
            await self._listeners.announce(partial(self._testbed.uevent, path, "remove"))
            self._testbed.remove_device(path)
