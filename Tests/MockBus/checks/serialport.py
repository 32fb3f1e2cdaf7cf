"""The few calls of the real libserialport that the checks need."""

from __future__ import annotations

import ctypes

_library = ctypes.CDLL("libserialport.so.0")
_library.sp_get_port_usb_serial.restype = ctypes.c_char_p
_library.sp_get_port_usb_manufacturer.restype = ctypes.c_char_p
for _function in (
    "sp_open",
    "sp_close",
    "sp_free_port",
    "sp_input_waiting",
    "sp_get_port_usb_serial",
    "sp_get_port_usb_manufacturer",
):
    getattr(_library, _function).argtypes = [ctypes.c_void_p]
_library.sp_set_baudrate.argtypes = [ctypes.c_void_p, ctypes.c_int]
_library.sp_set_dtr.argtypes = [ctypes.c_void_p, ctypes.c_int]
_library.sp_set_rts.argtypes = [ctypes.c_void_p, ctypes.c_int]
_library.sp_blocking_write.argtypes = [ctypes.c_void_p, ctypes.c_char_p, ctypes.c_size_t, ctypes.c_uint]
_library.sp_blocking_read.argtypes = [ctypes.c_void_p, ctypes.c_char_p, ctypes.c_size_t, ctypes.c_uint]
_library.sp_get_port_usb_vid_pid.argtypes = [ctypes.c_void_p, ctypes.c_void_p, ctypes.c_void_p]

READ_WRITE = 3


class Port:
    """A serial port, opened for reading and writing."""

    def __init__(self, name: str) -> None:
        self._port = ctypes.c_void_p()
        self._must(_library.sp_get_port_by_name(name.encode(), ctypes.byref(self._port)))
        self._must(_library.sp_open(self._port, READ_WRITE))

    @staticmethod
    def _must(result: int) -> int:
        if result < 0:
            raise OSError(f"libserialport says {result}")
        return result

    def identity(self) -> tuple[int, int, bytes | None, bytes | None]:
        """Vendor, product, manufacturer and serial number of the USB device."""
        vendor, product = ctypes.c_int(), ctypes.c_int()
        self._must(_library.sp_get_port_usb_vid_pid(self._port, ctypes.byref(vendor), ctypes.byref(product)))
        manufacturer = _library.sp_get_port_usb_manufacturer(self._port)
        return vendor.value, product.value, manufacturer, _library.sp_get_port_usb_serial(self._port)

    def configure(self, baud: int, dtr: bool, rts: bool) -> None:
        """Set speed and lines."""
        self._must(_library.sp_set_baudrate(self._port, baud))
        self._must(_library.sp_set_dtr(self._port, int(dtr)))
        self._must(_library.sp_set_rts(self._port, int(rts)))

    def write(self, data: bytes) -> int:
        """sp_blocking_write."""
        return self._must(_library.sp_blocking_write(self._port, data, len(data), 1000))

    def read(self, count: int) -> bytes:
        """sp_blocking_read with a limit of one second."""
        buffer = ctypes.create_string_buffer(count)
        got = self._must(_library.sp_blocking_read(self._port, buffer, count, 1000))
        return buffer.raw[:got]

    def input_waiting(self) -> int:
        """sp_input_waiting: below 0 once the device has gone."""
        return int(_library.sp_input_waiting(self._port))

    def close(self) -> None:
        """Close and free."""
        _library.sp_close(self._port)
        _library.sp_free_port(self._port)
