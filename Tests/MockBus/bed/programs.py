"""Programs that are run inside the mocked environment on request."""

from __future__ import annotations

import asyncio
import shutil
import tempfile
from dataclasses import dataclass
from typing import IO, Any

# umockdev names a program's uevent socket after its descriptor number, so of two programs that listen under the
# same number one hears nothing. Each program therefore starts with its own range of numbers taken; bash does it,
# with copies of one descriptor, since umockdev aborts a program that opens more than about 50 files below /dev.
DESCRIPTORS_PER_PROGRAM = 64
MOST_PROGRAMS = 12
RESERVE = 'exec 3</dev/null; for ((n = 4; n < 3 + $1; n++)); do eval "exec $n<&3"; done; shift; exec "$@"'


@dataclass
class Run:
    """A program that was started, with the files that take its output."""

    process: asyncio.subprocess.Process
    slot: int
    out: IO[bytes]
    err: IO[bytes]


class Programs:
    """The programs that were started and not yet waited for."""

    def __init__(self) -> None:
        self.runs: dict[int, Run] = {}

    async def run(self, arguments: Any) -> dict[str, object]:
        """Start a program; its pid is a real one, to which a test can send signals."""
        if not isinstance(arguments, list) or not arguments or not all(isinstance(each, str) for each in arguments):
            raise ValueError("argv must be a list of texts that begins with the program.")
        if shutil.which(arguments[0]) is None:
            raise ValueError(f"There is no program {arguments[0]}.")
        taken = {run.slot for run in self.runs.values()}
        slot = next((each for each in range(1, MOST_PROGRAMS + 1) if each not in taken), None)
        if slot is None:
            raise ValueError(f"{MOST_PROGRAMS} programs are running already; wait for one first.")
        out, err = tempfile.TemporaryFile(), tempfile.TemporaryFile()
        process = await asyncio.create_subprocess_exec(
            *("bash", "-c", RESERVE, "bash", str(slot * DESCRIPTORS_PER_PROGRAM), *arguments),
            stdin=asyncio.subprocess.DEVNULL,
            stdout=out,
            stderr=err,
        )
        self.runs[process.pid] = Run(process, slot, out, err)
        return {"pid": process.pid}

    async def wait(self, pid: Any, timeout_s: Any) -> dict[str, object]:
        """Wait for a program's end and give its exit status (128 + signal if killed) and its output."""
        run = self.runs.get(pid) if type(pid) is int else None
        if run is None:
            raise ValueError(f"No program with pid {pid} was started here, or it was waited for already.")
        try:
            status = await asyncio.wait_for(run.process.wait(), timeout_s)
        except TimeoutError:
            raise ValueError(f"The program with pid {pid} still runs after {timeout_s} s.") from None
        self.runs.pop(pid, None)
        return {"status": exit_status(status), "stdout": contents(run.out), "stderr": contents(run.err)}

    def kill(self) -> None:
        """End the programs that nobody waited for."""
        for run in self.runs.values():
            if run.process.returncode is None:
                run.process.kill()


def exit_status(returncode: int) -> int:
    """A program's status as a shell shows it."""
    return returncode if returncode >= 0 else 128 - returncode


def contents(file: IO[bytes]) -> str:
    """All that a program wrote."""
    with file:
        file.seek(0)
        return file.read().decode(errors="replace")
