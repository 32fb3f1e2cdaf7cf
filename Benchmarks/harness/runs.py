"""Single runs: latency and CPU time, memory, start-up."""

import json
import os
import signal
import socket
import time

import kit
import processes

# Seconds in which a burst has surely reached every consumer.
TAIL = 8


def until(condition, seconds=20):
    """Waits for something to come true."""
    end = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > end:
            raise TimeoutError("a program did not come up; see .build-bench/last-errors.log")
        time.sleep(0.002)


def hold_source(pipeline, rate, seconds, count=0, delay=0.3):
    """Starts the instrument and holds it still until it gets SIGCONT; its first line comes `delay` seconds later."""
    for name in ("tty", "map", "ready"):
        (kit.SCRATCH / name).unlink(missing_ok=True)
    source = kit.start(
        [kit.tool("tty_source"), "--link", "tty", "--template", pipeline.template, "--map", "map", "--rate", rate,
         "--secs", seconds, "--delay", delay, *(["--count", count] if count else []), *pipeline.source_options])
    map_file = kit.SCRATCH / "map"
    until(lambda: (kit.SCRATCH / "tty").is_symlink() and map_file.exists() and map_file.stat().st_size > 0)
    source.send_signal(signal.SIGSTOP)
    return source


def stream(pipeline, consumers, rate, seconds, count=0, memory=False):
    """One run: the instrument plays, every consumer reads; gives what the kit's consumer says and what we add.

    `rate` in lines a second, 0 for as fast as it goes; `count` bounds the lines.
    """
    # Consumers leave when nothing has come for a while; after a burst, when they are told to: a queue may still empty.
    idle = 100 if count else 0.6
    source = hold_source(pipeline, rate, seconds, count)
    server = readers = None
    result = {"program": pipeline.name, "consumers": consumers, "rate": rate, "memory": {}}
    try:
        server = pipeline.start()
        if memory:
            time.sleep(1.5)
            result["memory"]["idle"] = memories(server)
        readers = kit.start(
            [kit.tool("consumer"), *pipeline.consumer_options(), "--clients", consumers,
             "--processes", reader_processes(consumers), "--secs", seconds + 60, "--idle", idle,
             "--warm", int(rate / 5), "--ready-file", "ready"], start_new_session=True)
        until((kit.SCRATCH / "ready").exists)
        time.sleep(pipeline.seconds_to_join(consumers))
        pids = processes.tree(server.pid) if server else []
        before, begin = processes.cpu_ns(pids), time.monotonic()
        source.send_signal(signal.SIGCONT)
        if memory:
            time.sleep(0.3 + seconds * 0.8)
            result["memory"]["streaming"] = memories(server)
        sent = json.loads(source.stdout.readline())
        # It would hang up now, and the program's part that reads the tty would end before its time is taken.
        source.send_signal(signal.SIGSTOP)
        if count:
            time.sleep(TAIL)
            os.killpg(readers.pid, signal.SIGTERM)
        said = kit.answer(readers, 60)
        wall = time.monotonic() - begin
        spent = [after - before[pid] for pid, after in processes.cpu_ns(pids).items()]
        if memory:
            result["memory"]["after"] = memories(server)
    finally:
        for process in (readers, server, source):
            if process:
                process.send_signal(signal.SIGCONT)
                kit.stop(process)
    return result | account(said, sent, consumers, spent, wall)


def reader_processes(consumers):
    """A process each; of many, fifty in one: a thousand processes would measure the scheduler."""
    return consumers if consumers <= 100 else consumers // 50


def account(said, sent, consumers, spent, wall):
    """Figures of one run from what consumer and source counted."""
    lines, delivered = sent["lines"], said["readings"] - said["repeated"]
    known = sum(spent) / 1e9 + said["cpu_seconds"] + sent["cpu_seconds"]
    others = said["machine_busy_pct"] - 100 * known / wall
    cpu = [nanoseconds / 1e3 for nanoseconds in spent]
    return {
        "p50": said["p50_us"], "p99": said["p99_us"], "lines": lines, "late": sent["late_ticks"],
        "delivered_per_s": said["delivered_per_s"], "per_consumer_per_s": said["delivered_per_s"] / consumers,
        "cpu_per_record": sum(cpu) / max(lines, 1), "cpu_per_delivery": sum(cpu) / max(delivered, 1),
        "cpu_of_parts": [part / max(lines, 1) for part in cpu],
        "lost": lines * consumers - delivered, "repeated": said["repeated"], "closed": said["closed"],
        "least": said["least"], "most": said["most"],
        "noise": max(0, others) + said["steal_pct"],
    }


def memories(server):
    """Memory of a program's processes, the first one first."""
    return [processes.memory_kib(pid) for pid in processes.tree(server.pid)]


def fan_out_floor(consumers, rate, seconds):
    """The kernel's part alone: one producer, so many consumers, what is due in one write each."""
    said = kit.answer(
        kit.start(
            [kit.tool("fanout_floor"), "--listen", kit.SCRATCH / "floor.sock", "--clients", consumers,
             "--processes", reader_processes(consumers), "--rate", rate, "--secs", seconds]),
        seconds + 40)
    cpu, known = said["cpu_seconds"] * 1e6, said["cpu_seconds"] + said["consumers_cpu_seconds"]
    others = said["machine_busy_pct"] - 100 * known / said["seconds"]
    return {
        "program": "floor", "consumers": consumers, "rate": rate, "p50": said["p50_us"], "p99": said["p99_us"],
        "lines": said["lines"], "late": 0, "delivered_per_s": said["delivered_per_s"],
        "cpu_per_record": cpu / max(said["lines"], 1), "cpu_per_delivery": cpu / max(said["readings"], 1),
        "cpu_of_parts": [], "lost": said["lines"] * consumers - said["readings"], "repeated": 0, "least": None,
        "most": None, "noise": max(0, others) + said["steal_pct"],
    }


def start_up(pipeline):
    """Milliseconds from the start of the program to its socket, and to the first line at a consumer."""
    source = hold_source(pipeline, 1000, 30, delay=0)
    source.send_signal(signal.SIGCONT)
    pipeline.socket.unlink(missing_ok=True)
    command = pipeline.command()
    begin = time.monotonic()
    server = kit.start(command)
    try:
        client = connect(pipeline.socket)
        there = time.monotonic()
        client.sendall((pipeline.request + "\n").encode())
        text = b""
        while pipeline.first not in text:
            part = client.recv(65536)
            if not part:
                raise ConnectionError(f"{pipeline.name} closed the connection: {text[-300:]}")
            text = text[-100:] + part
        done = time.monotonic()
        client.close()
    finally:
        kit.stop(server)
        kit.stop(source)
    return {"program": pipeline.name, "socket_ms": (there - begin) * 1e3, "first_ms": (done - begin) * 1e3}


def connect(path, seconds=20):
    """A connection to a socket that may not be there yet."""
    end = time.monotonic() + seconds
    while True:
        client = socket.socket(socket.AF_UNIX)
        try:
            client.connect(os.fspath(path))
            client.settimeout(seconds)
            return client
        except OSError:
            client.close()
            if time.monotonic() > end:
                raise
            time.sleep(0.0005)
