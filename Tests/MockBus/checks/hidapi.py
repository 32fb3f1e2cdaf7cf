"""The few calls of the real libhidapi-hidraw that the checks need."""

from __future__ import annotations

import ctypes
from collections.abc import Iterator
from dataclasses import dataclass

_library = ctypes.CDLL("libhidapi-hidraw.so.0", use_errno=True)


class _Info(ctypes.Structure):
    pass


# struct hid_device_info of libhidapi 0.13, up to the last field that is read here.
_Info._fields_ = [
    ("path", ctypes.c_char_p),
    ("vendor_id", ctypes.c_ushort),
    ("product_id", ctypes.c_ushort),
    ("serial_number", ctypes.c_wchar_p),
    ("release_number", ctypes.c_ushort),
    ("manufacturer_string", ctypes.c_wchar_p),
    ("product_string", ctypes.c_wchar_p),
    ("usage_page", ctypes.c_ushort),
    ("usage", ctypes.c_ushort),
    ("interface_number", ctypes.c_int),
    ("next", ctypes.POINTER(_Info)),
]
_library.hid_enumerate.restype = ctypes.POINTER(_Info)
_library.hid_enumerate.argtypes = [ctypes.c_ushort, ctypes.c_ushort]
_library.hid_free_enumeration.argtypes = [ctypes.POINTER(_Info)]
_library.hid_open_path.restype = ctypes.c_void_p
_library.hid_open_path.argtypes = [ctypes.c_char_p]
_library.hid_close.argtypes = [ctypes.c_void_p]
_library.hid_write.argtypes = [ctypes.c_void_p, ctypes.c_char_p, ctypes.c_size_t]
_library.hid_read_timeout.argtypes = [ctypes.c_void_p, ctypes.c_char_p, ctypes.c_size_t, ctypes.c_int]


@dataclass(frozen=True)
class Listed:
    """One entry of hid_enumerate."""

    path: str
    vendor: int
    product: int
    serial: str
    manufacturer: str
    name: str
    usage_page: int
    usage: int
    interface: int


def enumerate_devices() -> list[Listed]:
    """All HID devices, by path."""
    first = _library.hid_enumerate(0, 0)
    try:
        return sorted(_entries(first), key=lambda listed: listed.path)
    finally:
        _library.hid_free_enumeration(first)


def _entries(entry: ctypes._Pointer[_Info]) -> Iterator[Listed]:
    while entry:
        info = entry.contents
        yield Listed(
            info.path.decode(),
            info.vendor_id,
            info.product_id,
            info.serial_number,
            info.manufacturer_string,
            info.product_string,
            info.usage_page,
            info.usage,
            info.interface_number,
        )
        entry = info.next


class Device:
    """An open HID device; read() gives None for a failed read and b"" for silence."""

    def __init__(self, path: str) -> None:
        self._device = _library.hid_open_path(path.encode())
        if not self._device:
            raise OSError(f"hid_open_path({path}) failed")

    def write(self, report: bytes) -> int:
        """hid_write: the bytes written, or -1."""
        return int(_library.hid_write(self._device, report, len(report)))

    def read(self, timeout_ms: int, size: int = 64) -> bytes | None:
        """hid_read_timeout."""
        buffer = ctypes.create_string_buffer(size)
        count = _library.hid_read_timeout(self._device, buffer, size, timeout_ms)
        return None if count < 0 else buffer.raw[:count]

    def close(self) -> None:
        """hid_close."""
        _library.hid_close(self._device)
