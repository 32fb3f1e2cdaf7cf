"""Measures Thenar beside the reference, the floor and gpsd, round by round, and prints what came out."""

import datetime
import json
import shutil
import signal
import subprocess
import sys

import kit
import plan
import summary


def main():
    options = plan.Options.from_environment()
    rounds = []
    kit.allow_many_descriptors()
    (kit.BUILD / "last-errors.log").write_text("")
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        for number in range(options.rounds):
            rounds.append([])
            measure(options, f"round {number + 1} of {options.rounds}", rounds[-1])
    except KeyboardInterrupt:
        print("\nstopped: what follows is what was measured so far", file=sys.stderr)
    finally:
        shutil.rmtree(kit.SCRATCH, ignore_errors=True)
    path = save(options, rounds)
    print(summary.text(rounds))
    print(f"\nAll runs: {path.relative_to(kit.ROOT)}")


def measure(options, title, results):
    """Makes all runs of one round and adds what came out."""
    for part, label, make in plan.everything(options):
        progress(f"{title}: {part}: {label}")
        if options.quiet and part != "startup":
            kit.wait_for_quiet(25, 30)
        try:
            results.append({"part": part} | make())
        except Exception as problem:  # One run that fails is told, and costs only itself.
            progress("")
            print(f"{label}: {type(problem).__name__}: {problem}", file=sys.stderr)
    progress("")


def progress(text):
    """One line that is written over; nothing where nobody watches."""
    if sys.stderr.isatty():
        print(f"\r\033[K{text}", end="", file=sys.stderr, flush=True)


def save(options, rounds):
    now = datetime.datetime.now(datetime.timezone.utc).strftime("%Y%m%dT%H%M%SZ")
    commit = subprocess.run(
        ["git", "-C", kit.ROOT, "describe", "--always", "--dirty"], capture_output=True, text=True, check=False)
    path = kit.RESULTS / f"{now}.json"
    path.write_text(
        json.dumps({"time": now, "commit": commit.stdout.strip(), "seconds": options.seconds, "rounds": rounds}, indent=1))
    return path


main()
