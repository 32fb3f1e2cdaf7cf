"""What a round contains."""

import os
from dataclasses import dataclass

import pipelines
import runs

# A device may send 5,000 records a second, and 20,000 at once: Thenar ends a driver that says more.
LIMIT = 5000
BURST = 15_000
MANY = 1000


@dataclass
class Options:
    rounds: int
    seconds: float
    only: list
    programs: list
    quiet: bool

    @classmethod
    def from_environment(cls):
        quick = os.environ.get("QUICK", "") not in ("", "0")
        listed = lambda name, usual: [word for word in os.environ.get(name, usual).split(",") if word]
        return cls(
            rounds=int(os.environ.get("ROUNDS", 1 if quick else 3)),
            seconds=float(os.environ.get("SECS", 1.5 if quick else 4)),
            only=listed("ONLY", "latency,limit,burst,startup,memory"),
            programs=listed("PROGRAMS", "thenar,refd,floor,gpsd"),
            quiet=not quick,
        )


def everything(options):
    """The runs of one round: (part, what it is called, a function that makes it)."""
    for part, label, make in parts(options):
        if part in options.only:
            yield part, label, make


def parts(options):
    programs, seconds = options.programs, options.seconds
    thenar = pipelines.Thenar(os.environ["THENAR"])
    events = pipelines.ThenarEvents(os.environ["THENAR"])
    by_name = {"thenar": thenar, "refd": pipelines.Reference(), "gpsd": pipelines.Gpsd()}
    pipes = [by_name[name] for name in programs if name in by_name]
    ours = [pipe for pipe in pipes if pipe.name in ("thenar", "refd")]

    for rate, all_consumers in ((100, (1, 10, 100)), (1000, (1, 10, 100, MANY))):
        for consumers in all_consumers:
            for pipe in pipes:
                if consumers == MANY and pipe.most_consumers < MANY:
                    continue
                served = min(consumers, pipe.most_consumers)
                yield "latency", f"{pipe.name}, {rate}/s, {served}", run(runs.stream, pipe, served, rate, seconds)
            if "floor" in programs and consumers == 1:
                yield "latency", f"floor, {rate}/s, 1", run(runs.stream, pipelines.Direct(), 1, rate, seconds)
            elif "floor" in programs:
                label = f"floor, {rate}/s, {consumers}"
                yield "latency", label, run(runs.fan_out_floor, consumers, rate, seconds)
            if "thenar" in programs and rate == 1000 and consumers < 100:
                label = f"{events.name}, {rate}/s, {consumers}"
                yield "latency", label, run(runs.stream, events, consumers, rate, seconds)
    for pipe in ours:
        yield "limit", f"{pipe.name}, {LIMIT}/s, 10", run(runs.stream, pipe, 10, LIMIT, seconds)
    for consumers in (1, 10, 100):
        for pipe in ours:
            label = f"{pipe.name}, {BURST} at once, {consumers}"
            yield "burst", label, run(runs.stream, pipe, consumers, 0, 20, BURST)
    for pipe in pipes:
        label = f"{pipe.name}, memory"
        # Long enough to fill what Thenar keeps of the newest records.
        yield "memory", label, run(runs.stream, pipe, 10, 1000 if pipe.name == "gpsd" else LIMIT, 12, memory=True)
    for pipe in ours:
        for _ in range(10 if options.quiet else 2):
            yield "startup", f"{pipe.name}, start", run(runs.start_up, pipe)


def run(function, *arguments, **named):
    return lambda: function(*arguments, **named)
