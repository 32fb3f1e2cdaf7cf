"""The aims, and whether this measurement meets them. They are said, never enforced: a shared machine lies."""

import plan
import summary

P50_TIMES = 1.25
CPU_TIMES = 1.5
BURST_DELIVERIES = 10_000_000
WORKER_MIB = 9
WORKER_OWN_MIB = 1
HUB_MIB = 20


def text(rounds):
    """A line for each aim that this measurement says something about."""
    found = latency(rounds) + burst(rounds) + memory(rounds) + losses(rounds)
    if not found:
        return ""
    width = max(len(what) for what, _, _ in found)
    lines = [f"{what:<{width}}  {'yes' if met else 'no ':<3}  {measured}" for what, met, measured in found]
    return "\n".join(["Aims, met or not in this measurement:", ""] + lines)


def latency(rounds):
    """(what, met or not, measured) of the paced runs."""
    table = summary.rows(rounds, "latency")
    found = []
    for figure, most, what in (("p50", P50_TIMES, "p50"), ("cpu_per_record", CPU_TIMES, "CPU per line")):
        for key in sorted(key for key in table if key[2] == "thenar" and key[1] < plan.MANY):
            times = summary.ratio(table, key, figure)
            if times:
                consumers = f"{key[1]} consumer{'s' if key[1] > 1 else ''}"
                aim = f"{what} at most {most} x refd, {key[0]}/s, {consumers}"
                found.append((aim, times <= most, f"{times:.2f} x"))
    for rate in (100, 1000):
        for consumers in (1, 10):
            times = summary.ratio(table, (rate, consumers, "thenar"), "p50", "gpsd")
            if times:
                what = f"p50 ahead of gpsd, {rate}/s, {consumers} consumer{'s' if consumers > 1 else ''}"
                found.append((what, times < 1, f"{times:.2f} x gpsd"))
    many = [run for run in table.get((1000, plan.MANY, "thenar"), []) if run]
    if many:
        lost = sum(run["lost"] for run in many)
        found.append((f"nothing lost, 1000/s, {plan.MANY} consumers", lost == 0, f"{lost} lost"))
    return found


def burst(rounds):
    """The same of the lines at once."""
    rate = summary.median(summary.rows(rounds, "burst").get((0, 100, "thenar"), []), "delivered_per_s")
    if rate is None:
        return []
    what = f"{plan.BURST} lines at once, 100 consumers: {BURST_DELIVERIES / 1e6:.0f} M deliveries/s"
    return [(what, rate >= BURST_DELIVERIES, f"{rate / 1e6:.1f} M/s")]


def memory(rounds):
    """The same of the processes' sizes."""
    runs = [run for results in rounds for run in results if run["part"] == "memory"]
    found = []
    for place, name, figure, what, most in (
        (1, "worker", "rss", "resident", WORKER_MIB), (1, "worker", "anonymous", "anonymous", WORKER_OWN_MIB),
        (0, "hub", "rss", "resident", HUB_MIB),
    ):
        sizes = [
            size[figure] for when in ("idle", "streaming", "after")
            if (size := summary.process_memory(runs, "thenar", when, place))
        ]
        if sizes:
            largest = max(sizes) / 1024
            found.append((f"{name} at most {most} MiB {what}", largest <= most, f"{largest:.1f} MiB"))
    return found


def losses(rounds):
    """The same of all runs that can be held without loss."""
    exact = [
        run for results in rounds for run in results
        if run["program"].startswith("thenar") and "lost" in run and run["consumers"] < plan.MANY
    ]
    if not exact:
        return []
    lost, twice = sum(run["lost"] for run in exact), sum(run["repeated"] for run in exact)
    return [("nothing lost, nothing doubled", lost == 0 and twice == 0, f"{lost} lost, {twice} doubled")]
