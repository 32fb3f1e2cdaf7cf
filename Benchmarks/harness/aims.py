"""The aims, and whether this measurement meets them. They are said, never enforced: a shared machine lies."""

import summary

P50_TIMES = 1.5
CPU_TIMES = 2.0
WORKER_MIB = 8
HUB_MIB = 20


def text(rounds):
    table = summary.rows(rounds, "latency")
    found = []
    for figure, most, what in (("p50", P50_TIMES, "p50"), ("cpu_per_record", CPU_TIMES, "CPU per record")):
        for key in sorted(key for key in table if key[2] == "thenar"):
            times = summary.ratio(table, key, figure)
            if times:
                consumers = f"{key[1]} consumer{'s' if key[1] > 1 else ''}"
                found.append((f"{what} at most {most} x refd, {key[0]}/s, {consumers}", times <= most, f"{times:.2f} x"))
    for rate in (100, 1000):
        times = summary.ratio(table, (rate, 10, "thenar"), "p50", "gpsd")
        if times:
            found.append((f"p50 ahead of gpsd, {rate}/s, 10 consumers", times < 1, f"{times:.2f} x gpsd"))
    runs = [run for results in rounds for run in results if run["part"] == "memory"]
    for place, name, most in ((1, "worker", WORKER_MIB), (0, "hub", HUB_MIB)):
        sizes = [
            memory["rss"] for when in ("idle", "streaming", "after")
            if (memory := summary.process_memory(runs, "thenar", when, place))
        ]
        if sizes:
            most_ever = max(sizes) / 1024
            found.append((f"{name} at most {most} MiB resident", most_ever <= most, f"{most_ever:.1f} MiB"))
    exact = [run for results in rounds for run in results if run["program"].startswith("thenar") and "lost" in run]
    if exact:
        lost, twice = sum(run["lost"] for run in exact), sum(run["repeated"] for run in exact)
        found.append(("nothing lost, nothing doubled", lost == 0 and twice == 0, f"{lost} lost, {twice} doubled"))
    if not found:
        return ""
    width = max(len(what) for what, _, _ in found)
    lines = [f"{what:<{width}}  {'yes' if met else 'no ':<3}  {measured}" for what, met, measured in found]
    return "\n".join(["Aims, met or not in this measurement:", ""] + lines)
