"""The control socket: one JSON object a line in, one JSON object a line out."""

from __future__ import annotations

import asyncio
import json
import os
from typing import Any

from . import requests
from .bus import Bus
from .programs import Programs

LONGEST_LINE = 1 << 20


class Control:
    """Answers requests from any number of connections; each connection's requests are answered in order."""

    def __init__(self, bus: Bus, programs: Programs) -> None:
        self._bus = bus
        self._programs = programs

    async def listen(self, path: str) -> None:
        """Listen on `path`, which appears only once a connection to it succeeds."""
        unready = path + ".starting"
        await asyncio.start_unix_server(self._serve, unready, limit=LONGEST_LINE)
        os.rename(unready, path)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while line := await reader.readline():
                writer.write(json.dumps(await self._answer(line)).encode() + b"\n")
                await writer.drain()
        except (ConnectionError, ValueError):
            pass  # the other end has gone, or sends a line without end
        finally:
            writer.close()

    async def _answer(self, line: bytes) -> dict[str, object]:
        try:
            request = json.loads(line)
            if not isinstance(request, dict):
                raise ValueError("A request is a JSON object.")
            return {"ok": True} | await self._carry_out(request)
        except json.JSONDecodeError as error:
            return {"ok": False, "error": f"The request is not JSON: {error}."}
        except Exception as error:  # a test must hear about every failure
            return {"ok": False, "error": str(error) or repr(error)}

    async def _carry_out(self, request: dict[str, Any]) -> dict[str, object]:
        match request.get("op"):
            case "plug":
                return await self._bus.plug(requests.plug(request))
            case "unplug":
                requests.only(request, {"op", "id"})
                return await self._bus.unplug(requests.text(request, "id"))
            case "state":
                requests.only(request, {"op"})
                return {"devices": self._bus.state(), "programs": sorted(self._programs.runs)}
            case "run":
                requests.only(request, {"op", "argv"})
                return await self._programs.run(request["argv"])
            case "wait":
                timeout_s = request.setdefault("timeout_s", None)
                requests.only(request, {"op", "pid", "timeout_s"})
                return await self._programs.wait(request["pid"], timeout_s)
            case other:
                raise ValueError(f"There is no request {other!r}; there are plug, unplug, state, run and wait.")
