"""Medians, ratios to the reference of the same round, and the aims."""

import statistics

import aims
import plan

# More of one core than this taken by others, and a run says little.
NOISY = 30


def text(rounds):
    """Everything that came out, for a person."""
    sections = [latency(rounds), limit(rounds), burst(rounds), start_up(rounds), memory(rounds), aims.text(rounds)]
    return "\n\n".join(section for section in sections if section)


def rows(rounds, part):
    """Runs of one part by what they measure: {(rate, consumers, program): [run or None per round]}."""
    found = {}
    for number, results in enumerate(rounds):
        for run in results:
            if run["part"] == part:
                key = (run["rate"], run["consumers"], run["program"])
                found.setdefault(key, [None] * len(rounds))[number] = run
    return found


def median(runs, figure):
    """Median over the rounds; None without a figure."""
    values = [run[figure] for run in runs if run and run[figure] is not None]
    return statistics.median(values) if values else None


def ratio(table, key, figure, other="refd"):
    """Median of the ratios within a round: the rounds may differ by a factor of two, two runs of one round do not."""
    mine, theirs = table.get(key, []), table.get((key[0], key[1], other), [])
    values = [a[figure] / b[figure] for a, b in zip(mine, theirs) if a and b and a[figure] and b[figure]]
    return statistics.median(values) if values else None


def latency(rounds):
    table = rows(rounds, "latency")
    if not table:
        return ""
    lines = [
        "One way from the tty to the consumer; medians of the rounds, and ratios to refd of the same round (x).",
        "CPU: all processes of the program, per line that was sent and per line that was delivered. gpsd has 60 places.",
        "",
        f"{'lines/s':>7} {'cons.':>5} {'program':<14} {'p50 us':>8} {'x':>5} {'p99 us':>9} {'x':>5} "
        f"{'CPU us/line':>11} {'x':>5} {'/delivery':>9} {'lost':>6} {'least/most':>10} {'noise %':>8}",
    ]
    for key, runs in table.items():
        shown = f"{key[0]:>7} {key[1]:>5} {key[2]:<14}"
        for figure, width in (("p50", 8), ("p99", 9), ("cpu_per_record", 11)):
            shown += f" {number(median(runs, figure)):>{width}} {times(ratio(table, key, figure)):>5}"
        lines.append(f"{shown} {number(median(runs, 'cpu_per_delivery')):>9} {counts(runs)} {noise(runs):>8}")
    return "\n".join(lines)


def limit(rounds):
    return busy(
        rounds, "limit",
        f"Sustained: {plan.LIMIT} records a second is all that one device may send (no setting changes that; a driver that "
        "says more is ended), so this is the highest rate that can be measured in the long run.")


def burst(rounds):
    return busy(
        rounds, "burst",
        f"As fast as it goes: {plan.BURST} lines at once, which the limit lets through as a burst.")


def busy(rounds, part, title):
    table = rows(rounds, part)
    if not table:
        return ""
    lines = [
        title, "",
        f"{'cons.':>5} {'program':<14} {'records/s':>10} {'x':>5} {'delivered/s':>12} {'CPU us/line':>11} {'x':>5} "
        f"{'/delivery':>9} {'p50 us':>9} {'lost':>6} {'least/most':>10} {'noise %':>8}",
    ]
    for key, runs in table.items():
        lines.append(
            f"{key[1]:>5} {key[2]:<14} {number(median(runs, 'per_consumer_per_s')):>10} "
            f"{times(ratio(table, key, 'per_consumer_per_s')):>5} {number(median(runs, 'delivered_per_s')):>12} "
            f"{number(median(runs, 'cpu_per_record')):>11} {times(ratio(table, key, 'cpu_per_record')):>5} "
            f"{number(median(runs, 'cpu_per_delivery')):>9} {number(median(runs, 'p50')):>9} {counts(runs)} {noise(runs):>8}")
    return "\n".join(lines)


def start_up(rounds):
    runs = [run for results in rounds for run in results if run["part"] == "startup"]
    lines = []
    for name in dict.fromkeys(run["program"] for run in runs):
        mine = [run for run in runs if run["program"] == name]
        lines.append(
            f"{name:<14} socket after {median(mine, 'socket_ms'):6.1f} ms, first line at a consumer after "
            f"{median(mine, 'first_ms'):6.1f} ms (median of {len(mine)}, "
            f"{min(run['first_ms'] for run in mine):.1f} to {max(run['first_ms'] for run in mine):.1f})")
    return "\n".join(["From the start of the program, with an instrument that sends 1,000 lines a second.", ""] + lines) if lines else ""


def memory(rounds):
    runs = [run for results in rounds for run in results if run["part"] == "memory"]
    if not runs:
        return ""
    lines = [
        "Memory in MiB; streaming is 10 consumers at the highest rate, after it the newest records fill their room.", "",
        f"{'program':<8} {'process':<8} {'when':<10} {'resident':>8} {'share':>8} {'anonymous':>9} {'most ever':>9}",
    ]
    for name in dict.fromkeys(run["program"] for run in runs):
        for when in ("idle", "streaming", "after"):
            for place in range(2):
                found = process_memory(runs, name, when, place)
                if found:
                    shown = " ".join(f"{found[key] / 1024:{width}.1f}" for key, width in (
                        ("rss", 8), ("pss", 8), ("anonymous", 9), ("peak", 9)))
                    lines.append(f"{name:<8} {part_name(name, place):<8} {when:<10} {shown}")
    return "\n".join(lines)


def process_memory(runs, name, when, place):
    """Medians of one process of a program, or None when it has no such process."""
    found = [run["memory"][when][place] for run in runs if run["program"] == name and len(run["memory"][when]) > place]
    return {key: statistics.median(one[key] for one in found) for key in found[0]} if found else None


def part_name(program, place):
    names = {"thenar": ("hub", "worker"), "refd": ("core", "driver")}
    return names.get(program, ("daemon", "child"))[place]


def number(value):
    if value is None:
        return "-"
    return f"{value:,.0f}" if value >= 100 else f"{value:.1f}" if value >= 10 else f"{value:.2f}"


def times(value):
    return "-" if value is None else f"{value:.2f}"


def counts(runs):
    """What was lost in all rounds, and how far the worst served consumer fell behind the best, in the worst round."""
    made = [run for run in runs if run]
    shares = [run["least"] / run["most"] for run in made if run["most"]]
    return f"{sum(run['lost'] for run in made):>6} {f'{min(shares):.3f}' if shares else '-':>10}"


def noise(runs):
    value = median(runs, "noise")
    return f"{value:.0f}" + ("~" if value > NOISY else "")
