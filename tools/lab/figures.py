# SPDX-License-Identifier: BSD-3-Clause
# Copyright(c) 2026 eswitch contributors
"""From the reports of eswitch-bench to a table: figures of one case in one round, their medians, Markdown."""
import statistics

# Key, title, digits. Several keys in one column are shown with a slash.
COLUMNS = [(("hop",), "hop, TSC cycles", 1), (("batch",), "median batch", 1), (("core",), "core cycles", 1),
           (("ndr",), "NDR, Mpps", 2), (("pdr",), "PDR, Mpps", 2), (("ping_p50", "ping_p99"), "ping p50 / p99, µs", 3),
           (("low_p50", "low_p99"), "10 % load p50 / p99, µs", 3),
           (("burst_p50", "burst_p99"), "10 % load, bursts of 4, p50 / p99, µs", 3)]
LOADS = {"one in flight": "ping", "10 %": "low"}


def results(report, kind):
    """Those results of a report that are of this kind."""
    return [r for r in report["results"] if r.get("kind") == kind]


def median_of(stats):
    """The median of statistics in a report, None where there are none."""
    return None if stats is None else stats.get("median")


def latency(result, prefix):
    """p50 and p99 of a latency result, in microseconds."""
    values = {prefix + "_" + p: result["latency_ns"].get(p) for p in ("p50", "p99")}
    return {k: v / 1000 for k, v in values.items() if v is not None}


def of_report(report):
    """Figures of the run with all modes."""
    found = {}
    for r in results(report, "hop"):
        found["hop"] = median_of(r["cycles"])
        found["batch"] = median_of(r["cycles_median_batch"])
        found["core"] = median_of(r.get("core_cycles"))
        found["stages"] = r.get("stages")
    for r in results(report, "throughput"):
        for goal in r["goals"]:
            pps = median_of(goal["pps"])
            found[goal["name"].lower()] = pps / 1e6 if pps else None
    for r in results(report, "latency"):
        if r["load"] in LOADS:
            found.update(latency(r, LOADS[r["load"]]))
    return {k: v for k, v in found.items() if v is not None}


def of_bursts(report):
    """Figures of the run at 10 % load in bursts."""
    found = {}
    for r in results(report, "latency"):
        if r["load"] == "--rate":
            found.update(latency(r, "burst"))
    return found


def spread(rounds, key):
    """Median, least and most of a figure over the rounds that have it; None if none has."""
    values = sorted(r[key] for r in rounds if key in r)
    return (statistics.median(values), values[0], values[-1]) if values else None


def cell(rounds, keys, digits):
    """A cell of the table: median [least - most], medians alone where several share the cell."""
    found = [spread(rounds, k) for k in keys]
    if all(f is None for f in found):
        return "-"
    if len(found) > 1:
        return " / ".join("-" if f is None else "%.*f" % (digits, f[0]) for f in found)
    middle, least, most = found[0]
    if least == most:
        return "%.*f" % (digits, middle)
    return "%.*f [%.*f - %.*f]" % (digits, middle, digits, least, digits, most)


def line(cells):
    """A line of a Markdown table."""
    return "| " + " | ".join(cells) + " |"


def table(cases, measured):
    """Lines of Markdown: a line a case, those on one core first; columns without any figure are left out."""
    every = [r for rounds in measured.values() for r in rounds]
    columns = [c for c in COLUMNS if any(k in r for r in every for k in c[0])]
    out = []
    for cores, title in ((1, "one core"), (2, "two cores")):
        rows = [c for c in cases if c.cores == cores and measured.get(c.name)]
        if not rows:
            continue
        shown = [c for c in columns if any(k in r for row in rows for r in measured[row.name] for k in c[0])]
        out += ["", line([title] + [c[1] for c in shown]), line(["---"] * (len(shown) + 1))]
        for row in rows:
            out.append(line([row.title] + [cell(measured[row.name], keys, digits) for keys, _, digits in shown]))
    return out


def stage_table(cases, measured):
    """Lines of Markdown: cycles a frame in each stage of the fast path, of the round with the least hop."""
    rows = [(c, min((r for r in measured[c.name] if "stages" in r), key=lambda r: r["hop"], default=None))
            for c in cases if measured.get(c.name)]
    rows = [(c, r) for c, r in rows if r is not None]
    names = []
    for _, r in rows:
        names += [s["name"] for s in r["stages"] if s["name"] not in names]
    if not names:
        return []
    out = ["", line(["TSC cycles a frame"] + names + ["all"]), line(["---"] * (len(names) + 2))]
    for c, r in rows:
        cycles = {s["name"]: s["cycles"] for s in r["stages"]}
        out.append(line([c.title] + ["%.1f" % cycles[n] if n in cycles else "-" for n in names] +
                        ["%.1f" % sum(cycles.values())]))
    return out


def machine(report):
    """A sentence about where a report was made."""
    env = report["environment"]
    cpu = env["cpu"]
    return "%d virtual cores of %s" % (cpu["online"], cpu["model"]) if cpu.get("virtual") else "%d cores of %s" % (
        cpu["online"], cpu["model"])


def heading(report, commit, command, rounds, memory, seconds):
    """What a reader must know before the table, as one paragraph."""
    env = report["environment"]
    return ("%s, %s (TSC %.3f GHz), Linux %s, %s, commit %s, %s, `%s`: %d round%s, everything in turn, in %d s; "
            "64-byte frames, bursts of 32, median [least - most] of the rounds. Hop: cycles a packet in tx_burst + "
            "rx_burst; the median batch hardly feels what else runs. The tester's own work is in all other figures." % (
                report["started"][:10], machine(report), env["tsc_hz"] / 1e9, env["kernel"], env["dpdk"], commit,
                memory, command, rounds, "" if rounds == 1 else "s", seconds))
