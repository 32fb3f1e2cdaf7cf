"""The test's end of the control socket."""

from __future__ import annotations

import json
import socket
import time
from typing import Any


class BusClient:
    """Sends requests to the mock bus and returns its answers."""

    def __init__(self, path: str) -> None:
        self._socket = socket.socket(socket.AF_UNIX)
        deadline = time.monotonic() + 10
        while True:
            try:
                self._socket.connect(path)
                break
            except (FileNotFoundError, ConnectionRefusedError):
                if time.monotonic() > deadline:
                    raise
                time.sleep(0.01)
        self._lines = self._socket.makefile("r")

    def ask(self, **request: object) -> dict[str, Any]:
        """Send one request; the answer may be a refusal."""
        self._socket.sendall(json.dumps(request).encode() + b"\n")
        answer: dict[str, Any] = json.loads(self._lines.readline())
        return answer

    def must(self, **request: object) -> dict[str, Any]:
        """Send one request that must succeed."""
        answer = self.ask(**request)
        if not answer["ok"]:
            raise AssertionError(answer["error"])
        return answer
