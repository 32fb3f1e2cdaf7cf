"""A monitor of the real libudev, for the checks."""

from __future__ import annotations

import ctypes
import select

_library = ctypes.CDLL("libudev.so.1")
for _function, _arguments in {
    "udev_new": 0,
    "udev_monitor_new_from_netlink": 2,
    "udev_monitor_receive_device": 1,
    "udev_device_get_parent_with_subsystem_devtype": 3,
    "udev_device_get_action": 1,
    "udev_device_get_devnode": 1,
    "udev_device_get_subsystem": 1,
    "udev_device_get_sysattr_value": 2,
}.items():
    _wrapped = getattr(_library, _function)
    _wrapped.argtypes = [ctypes.c_void_p] + [ctypes.c_char_p] * (_arguments - 1) if _arguments else []
    _wrapped.restype = ctypes.c_char_p if "_get_" in _function and "parent" not in _function else ctypes.c_void_p
for _function in ("udev_monitor_enable_receiving", "udev_monitor_get_fd", "udev_monitor_unref", "udev_device_unref"):
    getattr(_library, _function).argtypes = [ctypes.c_void_p]


class Monitor:
    """Hears the events of hidraw and tty nodes."""

    def __init__(self) -> None:
        self._udev = _library.udev_new()
        self._monitor = _library.udev_monitor_new_from_netlink(self._udev, b"udev")
        _library.udev_monitor_enable_receiving(self._monitor)
        self._descriptor = _library.udev_monitor_get_fd(self._monitor)

    def next_node_event(self, timeout_s: float) -> tuple[str, str, str] | None:
        """The next event of a node: action, node, and the vendor of its USB parent at this time ("" if none)."""
        while select.select([self._descriptor], [], [], timeout_s)[0]:
            device = _library.udev_monitor_receive_device(self._monitor)
            if not device:
                continue
            subsystem = _library.udev_device_get_subsystem(device)
            if subsystem not in (b"hidraw", b"tty"):
                _library.udev_device_unref(device)
                continue
            parent = _library.udev_device_get_parent_with_subsystem_devtype(device, b"usb", b"usb_device")
            vendor = _library.udev_device_get_sysattr_value(parent, b"idVendor") if parent else None
            action = _library.udev_device_get_action(device)
            node = _library.udev_device_get_devnode(device)
            _library.udev_device_unref(device)
            return action.decode(), node.decode(), (vendor or b"").decode()
        return None

    def close(self) -> None:
        """Stop listening: a listener that does not read makes the bus wait."""
        _library.udev_monitor_unref(self._monitor)
