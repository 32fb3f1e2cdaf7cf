"""What the kernel shows in /sys for a USB device, as umockdev records (as its own recordings of devices do)."""

from __future__ import annotations

from dataclasses import dataclass, field

HOST_CONTROLLER = "/devices/pci0000:00/0000:00:14.0"


@dataclass(frozen=True)
class UsbIdentity:
    """What a device says about itself in its USB descriptors; `serial` is None when it has no such string."""

    vendor: int
    product: int
    manufacturer: str
    name: str
    serial: str | None


@dataclass(frozen=True)
class UsbPlace:
    """Where a device is plugged in: the port (such as 1-1 or 1-2.4) and its address on that bus."""

    port: str
    address: int

    @property
    def bus(self) -> int:
        """The bus number, the part of the port before the dash."""
        return int(self.port.split("-")[0])

    @property
    def path(self) -> str:
        """The device's path below /sys. Ports behind a hub lie beside the hub here, not below it."""
        return f"{HOST_CONTROLLER}/usb{self.bus}/{self.port}"


@dataclass(frozen=True)
class Record:
    """One sysfs directory: uevent properties, attribute files, binary attribute files and links."""

    path: str
    properties: dict[str, str]
    attributes: dict[str, str] = field(default_factory=dict)
    binaries: dict[str, bytes] = field(default_factory=dict)
    links: dict[str, str] = field(default_factory=dict)

    def text(self) -> str:
        """The record in umockdev's format, without an `N:` line: umockdev would put a terminal of its own behind
        the node, keep it for ever, and abort when the name comes back."""
        lines = [f"P: {self.path}"]
        lines += [f"E: {key}={value}" for key, value in self.properties.items()]
        for key, value in self.attributes.items():
            # `dev` has no newline here: with one, umockdev never removes the link below /sys/dev/char.
            end = "" if key == "dev" else "\\n"
            lines.append(f"A: {key}=" + value.replace("\\", "\\\\") + end)
        lines += [f"H: {key}={value.hex().upper()}" for key, value in self.binaries.items()]
        lines += [f"L: {key}={value}" for key, value in self.links.items()]
        return "\n".join(lines) + "\n\n"


def root_hub(bus: int) -> Record:
    """The root hub that the kernel shows above every device of a bus."""
    identity = UsbIdentity(0x1D6B, 0x0002, "Linux xhci-hcd", "xHCI Host Controller", "0000:00:14.0")
    return _usb_device(f"{HOST_CONTROLLER}/usb{bus}", bus, 1, "0", identity)


def hid_records(identity: UsbIdentity, place: UsbPlace, node: int, instance: int, descriptor: bytes) -> list[Record]:
    """A HID instrument from the USB device down to hidrawN; `instance` must be new at every plug."""
    interface = f"{place.path}/{place.port}:1.0"
    hid = f"0003:{identity.vendor:04X}:{identity.product:04X}.{instance:04X}"
    return [
        _device_at(place, identity),
        _interface(interface, 0x03, "usbhid"),
        Record(
            f"{interface}/{hid}",
            {
                "SUBSYSTEM": "hid",
                "DRIVER": "hid-generic",
                "HID_ID": f"0003:{identity.vendor:08X}:{identity.product:08X}",
                "HID_NAME": f"{identity.manufacturer} {identity.name}",
                "HID_PHYS": physical_path(place),
                "HID_UNIQ": identity.serial or "",
                "MODALIAS": f"hid:b0003g0001v{identity.vendor:08X}p{identity.product:08X}",
            },
            binaries={"report_descriptor": descriptor},
        ),
        Record(
            f"{interface}/{hid}/hidraw/hidraw{node}",
            {"SUBSYSTEM": "hidraw", "DEVNAME": f"/dev/hidraw{node}", "MAJOR": "240", "MINOR": str(node)},
            {"dev": f"240:{node}"},
            links={"device": f"../../../{hid}"},
        ),
    ]


def tty_records(identity: UsbIdentity, place: UsbPlace, node: int) -> list[Record]:
    """A USB serial adapter from the USB device down to ttyUSBN."""
    interface = f"{place.path}/{place.port}:1.0"
    name = f"ttyUSB{node}"
    properties = {
        "SUBSYSTEM": "tty",
        "DEVNAME": f"/dev/{name}",
        "MAJOR": "188",
        "MINOR": str(node),
        # udevd adds these to terminals, and not to hidraw nodes.
        "ID_BUS": "usb",
        "ID_VENDOR_ID": f"{identity.vendor:04x}",
        "ID_MODEL_ID": f"{identity.product:04x}",
        "ID_USB_INTERFACE_NUM": "00",
    }
    if identity.serial is not None:
        properties["ID_SERIAL_SHORT"] = identity.serial
    return [
        _device_at(place, identity),
        _interface(interface, 0xFF, "ftdi_sio"),
        Record(f"{interface}/{name}", {"SUBSYSTEM": "usb-serial", "DRIVER": "ftdi_sio"}, {"port_number": "0"}),
        Record(
            f"{interface}/{name}/tty/{name}", properties, {"dev": f"188:{node}"}, links={"device": f"../../../{name}"}
        ),
    ]


def physical_path(place: UsbPlace) -> str:
    """The HID_PHYS text of a place."""
    return f"usb-0000:00:14.0-{place.port.split('-')[1]}/input0"


def _device_at(place: UsbPlace, identity: UsbIdentity) -> Record:
    return _usb_device(place.path, place.bus, place.address, place.port.split("-")[1], identity)


def _usb_device(path: str, bus: int, address: int, port: str, identity: UsbIdentity) -> Record:
    minor = (bus - 1) * 128 + address - 1
    attributes = {
        "dev": f"189:{minor}",
        "busnum": str(bus),
        "devnum": str(address),
        "devpath": port,
        "idVendor": f"{identity.vendor:04x}",
        "idProduct": f"{identity.product:04x}",
        "bcdDevice": "0100",
        "manufacturer": identity.manufacturer,
        "product": identity.name,
        "speed": "12",
    }
    if identity.serial is not None:
        attributes["serial"] = identity.serial
    properties = {
        "SUBSYSTEM": "usb",
        "DEVTYPE": "usb_device",
        "DRIVER": "usb",
        "DEVNAME": f"/dev/bus/usb/{bus:03d}/{address:03d}",
        "PRODUCT": f"{identity.vendor:x}/{identity.product:x}/100",
        "BUSNUM": f"{bus:03d}",
        "DEVNUM": f"{address:03d}",
        "MAJOR": "189",
        "MINOR": str(minor),
    }
    return Record(path, properties, attributes)


def _interface(path: str, usb_class: int, driver: str) -> Record:
    properties = {"SUBSYSTEM": "usb", "DEVTYPE": "usb_interface", "DRIVER": driver, "INTERFACE": f"{usb_class}/0/0"}
    return Record(path, properties, {"bInterfaceNumber": "00", "bInterfaceClass": f"{usb_class:02x}"})
