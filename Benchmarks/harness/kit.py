"""The kit's tools and the folders of a run."""

import json
import os
import pathlib
import resource
import subprocess
import tempfile

ROOT = pathlib.Path(__file__).resolve().parents[2]
BUILD = ROOT / ".build-bench"
RESULTS = BUILD / "results"
PROFILE = ROOT / "Benchmarks" / "bench-profile.json"

# Sockets need short paths, and the map of stamps no disk under it. Others may look in: gpsd gives up root.
SCRATCH = pathlib.Path(tempfile.mkdtemp(prefix="thenar-bench-", dir="/dev/shm" if os.access("/dev/shm", os.W_OK) else None))
SCRATCH.chmod(0o755)


def allow_many_descriptors():
    """A thousand consumers need more descriptors than a shell allows, in the programs and in the consumers."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    most = 65_536 if hard == resource.RLIM_INFINITY else min(hard, 65_536)
    if soft < most:
        resource.setrlimit(resource.RLIMIT_NOFILE, (most, hard))


def tool(name):
    """Path of one of the kit's programs."""
    return str(ROOT / "Benchmarks" / "kit" / "build" / name)


def start(command, **options):
    """Starts a program whose answer, if any, is one line of JSON."""
    log = open(BUILD / "last-errors.log", "a")
    options = {"stdin": subprocess.DEVNULL, "stdout": subprocess.PIPE, "stderr": log, "text": True} | options
    with log:
        return subprocess.Popen([str(part) for part in command], cwd=SCRATCH, **options)


def answer(process, seconds):
    """The JSON that a tool prints at its end; None when it printed none."""
    try:
        text, _ = process.communicate(timeout=seconds)
    except subprocess.TimeoutExpired:
        process.kill()
        text, _ = process.communicate()
    lines = [line for line in text.splitlines() if line.startswith("{")]
    return json.loads(lines[-1]) if lines else None


def stop(process):
    """Ends a program in good order, or at all."""
    process.terminate()
    try:
        process.communicate(timeout=10)
    except subprocess.TimeoutExpired:
        process.kill()
        process.communicate()


def wait_for_quiet(percent, seconds):
    """Waits until other work takes less than so many percent of one core."""
    subprocess.run([tool("quietwait"), str(percent), str(seconds)], stdout=subprocess.DEVNULL, check=False)
