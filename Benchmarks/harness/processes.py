"""CPU time and memory of running processes."""

import pathlib
import time


def tree(pid):
    """A process and its children, whichever of its threads started them."""
    children = []
    for entry in pathlib.Path("/proc").iterdir():
        if not entry.name.isdigit():
            continue
        try:
            parent = int((entry / "stat").read_text().rpartition(")")[2].split()[1])
        except (OSError, IndexError):
            continue
        if parent == pid:
            children.append(int(entry.name))
    return [pid] + sorted(children)


def cpu_ns(pids):
    """Scheduler time of each process, all threads, those that ended included."""
    # The clock of another process: CPUCLOCK_SCHED of its id, as clock_getcpuclockid(3) makes it.
    return {pid: time.clock_gettime_ns((~pid << 3) | 2) for pid in pids}


def memory_kib(pid):
    """What a process holds in memory, and the most that it has held."""
    found = {}
    for line in pathlib.Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()[1:]:
        key, value = line.split()[:2]
        found[key.rstrip(":")] = int(value)
    status = pathlib.Path(f"/proc/{pid}/status").read_text()
    peak = next(int(line.split()[1]) for line in status.splitlines() if line.startswith("VmHWM"))
    return {"rss": found["Rss"], "pss": found["Pss"], "anonymous": found["Anonymous"], "peak": peak}
