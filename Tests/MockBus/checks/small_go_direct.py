"""A Go Direct force sensor just large enough for the vendor's client (Plugins/GoDirect/PROTOCOL.md)."""

from __future__ import annotations

import socket
import struct
import threading

from .emulators import Emulator

REPORT_DESCRIPTOR = "06 00 ff 09 01 a1 01 15 00 26 ff 00 75 08 95 40 09 01 81 02 95 40 09 01 91 02 c0"
REPORT_SIZE = 64
NAME, ORDER_CODE, SERIAL, UNIT = "GDX-HD 151000C1", "GDX-HD", "151000C1", "N"
FORCE_CHANNEL = 1
COMMAND, RESPONSE, INIT_RESPONSE, MEASUREMENT = 0x58, 0x98, 0xB8, 0x20
INIT, STATUS, INFO, DEFAULT_MASK, AVAILABLE_MASK, SENSOR = 0x1A, 0x10, 0x55, 0x56, 0x51, 0x50
SET_PERIOD, START, STOP, DISCONNECT = 0x1B, 0x18, 0x19, 0x54
INIT_PAYLOAD = bytes.fromhex("55aa56a957a858a759a65aa55ba45ca35da25ea1")
NOT_SUPPORTED = 0x31


class Session:
    """One connection: answers commands and, once started, sends 10, 12.5, 15 ... newtons."""

    def __init__(self, connection: socket.socket) -> None:
        self._connection = connection
        self._counter = 0
        self._period_s = 0.1
        self._stopped = threading.Event()
        self._sending = threading.Lock()

    def serve(self) -> None:
        """Answer until the connection ends."""
        try:
            while report := self._connection.recv(REPORT_SIZE):
                frame = report[1 : 1 + report[0]]
                if len(frame) >= 5 and frame[0] == COMMAND and frame[3] == checksum(frame):
                    self._answer(frame[4], frame[2], frame[5:])
        finally:
            self._stopped.set()

    def _answer(self, command: int, counter: int, parameters: bytes) -> None:
        header, payload = RESPONSE, b"\x00"
        if command == INIT:
            self._stopped.set()
            self._counter = 0
            header, payload = INIT_RESPONSE, INIT_PAYLOAD
        elif command == STATUS:
            payload = struct.pack("<BBBBHBBHBB", 0, 0, 1, 8, 564, 2, 3, 5, 87, 0)
        elif command == INFO:
            payload = device_info()
        elif command in (DEFAULT_MASK, AVAILABLE_MASK):
            payload = struct.pack("<I", 1 << FORCE_CHANNEL)
        elif command == SENSOR:
            payload = sensor_info(parameters[0])
        elif command == SET_PERIOD:
            self._period_s = struct.unpack_from("<Q", parameters, 2)[0] / 1e6
        elif command in (STOP, DISCONNECT):
            self._stopped.set()
        elif command != START:
            payload = bytes([NOT_SUPPORTED])
        self._send(header, bytes([command, counter]) + payload)
        if command == START:
            self._stopped = threading.Event()
            threading.Thread(target=self._stream, args=(self._stopped,), daemon=True).start()

    def _stream(self, stopped: threading.Event) -> None:
        force = 10.0
        while not stopped.wait(self._period_s):
            self._send(MEASUREMENT, struct.pack("<BHBBf", 0x06, 1 << FORCE_CHANNEL, 1, 0, force))
            force += 2.5

    def _send(self, header: int, body: bytes) -> None:
        with self._sending:
            frame = bytearray([header, 4 + len(body), self._counter, 0]) + body
            frame[3] = checksum(frame)
            self._counter = (self._counter + 1) & 0xFF
            for at in range(0, len(frame), REPORT_SIZE - 1):
                piece = frame[at : at + REPORT_SIZE - 1]
                try:
                    self._connection.send((bytes([len(piece)]) + piece).ljust(REPORT_SIZE, b"\0"))
                except OSError:
                    self._stopped.set()


def checksum(frame: bytes | bytearray) -> int:
    """The sum of all bytes but the checksum itself."""
    return (sum(frame) - frame[3]) & 0xFF


def device_info() -> bytes:
    """GET_DEVICE_INFO's payload, 152 bytes."""
    texts = struct.pack("<16s16s32s", ORDER_CODE.encode(), SERIAL.encode(), NAME.encode())
    numbers = struct.pack("<HHBBBBHBBH6sI", 1, 2021, 6, 15, 1, 8, 564, 2, 3, 5, bytes(6), 0)
    return texts + numbers + struct.pack("<64s", b"Go Direct Hand Dynamometer")


def sensor_info(channel: int) -> bytes:
    """GET_SENSOR_INFO's payload, 148 bytes."""
    texts = struct.pack("<BBIBB60s32s", channel, 0, 1, 0, 0, b"Force", UNIT.encode())
    return texts + struct.pack("<dddIQIII", 0.6, 0.0, 850.0, 1000, 86_400_000_000, 20_000, 1000, 0)


def small_go_direct(path: str) -> Emulator:
    """The emulator on a socket."""
    return Emulator(path, socket.SOCK_SEQPACKET, lambda connection: Session(connection).serve())
