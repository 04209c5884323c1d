#!/usr/bin/python3
# SPDX-License-Identifier: BSD-3-Clause
# Copyright(c) 2026 eswitch contributors
"""Every mode of eswitch-bench on a device whose answer is known: how deep a queue is, how large a table,
what a policy forbids. Rates are not judged, for the machine may be busy."""
import json
import os
import subprocess
import sys
import tempfile

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "../../../tools"))
from lab.cases import expect, expect_range, main  # noqa: E402
from lab.switch import BUILD, PF  # noqa: E402

PROGRAM = os.path.join(BUILD, "app/eswitch-bench")
EAL = ["--no-huge", "-m", "512", "--no-pci", "--no-telemetry", "--file-prefix",
       "eswmodes%d" % os.getpid()]
RING = ["--vdev", "net_ring0"]
OK, WRONG, UNSTABLE = 0, 2, 3
FIGURES = ("forwarding", "congestion", "broadcast", "learning", "capacity", "violation", "policy_change")


def vf(index):
    """The name of a VF's port."""
    return "net_eswitch_vf%d" % index


def bench(eal, options, codes=(OK, UNSTABLE), lcores="0"):
    """The results of a run, by their kind."""
    with tempfile.TemporaryDirectory() as folder:
        report = os.path.join(folder, "report.json")
        p = subprocess.run([PROGRAM, "-l", lcores] + EAL + eal + ["--"] + options
                           + ["--profile", "ci", "--size", "64", "--seed", "7", "--json", report],
                           capture_output=True, text=True, timeout=90, stdin=subprocess.DEVNULL, check=False)
        if p.returncode not in codes:
            raise AssertionError("%s: exit code %d, not of %s:\n%s%s"
                                 % (options, p.returncode, codes, p.stdout, p.stderr))
        with open(report, encoding="utf-8") as f:
            results = json.load(f)["results"]
    kinds = {}
    for r in results:
        kinds.setdefault(r["kind"], []).append(r)
    return kinds


def on_ring(modes, **more):
    """A run on a port that gives back what it is sent."""
    return bench(RING, modes + ["--tx", "net_ring0"], **more)


def on_eswitch(modes, policy="", device="", ports=2, mesh=False, **more):
    """A run on VFs in VEB mode: VF 0 to VF 1, or all to all."""
    names = [vf(i) for i in range(ports)]
    with tempfile.NamedTemporaryFile("w", suffix=".ini") as f:
        f.write("[default]\n" + policy)
        f.flush()
        eal = ["--vdev", "%s,vfs=%d,mode=veb,policy=%s%s" % (PF, ports + 1, f.name, device)]
        for i, name in enumerate(names):
            eal += ["--vdev", "%s,pf=%s,vf=%d" % (name, PF, i)]
        where = ["--tx", ",".join(names)] if mesh else ["--tx", names[0], "--rx", names[1]]
        return bench(eal, modes + where, **more)


def named(results, name):
    """The one figure of that name."""
    found = [r for r in results if r["name"] == name]
    expect("results named %s" % name, len(found), 1)
    return found[0]


def check_curve(result):
    """From 100 % down in steps of 10 %, ended by two trials without loss."""
    points = result["points"]
    expect("size", result["size"], "64")
    for i, p in enumerate(points):
        expect_range("share %d" % i, p["share"], 1 - 0.1 * i - 1e-6, 1 - 0.1 * i + 1e-6)
        expect_range("load at %g" % p["share"], p["load_pps"] / result["max_load_pps"], p["share"] - 1e-6,
                     p["share"] + 1e-6)
        expect("clean at %g" % p["share"], p["loss_ratio"] == 0, p["tally"]["lost"] == 0 and not p["short_offer"])
    clean = [p["loss_ratio"] == 0 for p in points]
    expect("complete", result["complete"], clean[-2:] == [True, True])
    for i in range(len(clean) - 2):
        expect("went on for a reason after point %d" % i, clean[i] and clean[i + 1], False)


def loss():
    """RFC 2544's curve on both devices."""
    check_curve(on_ring(["loss"])["loss"][0])
    check_curve(on_eswitch(["loss"])["loss"][0])


def back_to_back():
    """The longest burst is the queue: net_ring's 1024 slots less one, and as many descriptors as a VF has."""
    for want, results in ((1023, on_ring(["back-to-back"])),
                          (128, on_eswitch(["back-to-back", "--desc", "128"])),
                          (1024, on_eswitch(["back-to-back", "--desc", "1024"]))):
        r = results["back_to_back"][0]
        expect("runs", r["runs"], 5)
        expect("frames", (r["frames"]["median"], r["frames"]["max"]), (want, want))
        expect_range("time", r["buffer_time_ns"]["median"] * r["line_rate_pps"] / 1e9, want - 1, want + 1)


def back_to_back_unbounded():
    """A queue that holds more than the tester has mbufs: no buffer time is invented."""
    r = on_ring(["back-to-back", "--mbufs", "600"])["back_to_back"][0]
    expect("buffer time", (r["buffer_time_ns"], "mbufs" in r["remark"]), (None, True))
    expect_range("frames", r["frames"]["max"], 32, 600)


def latency():
    """All loads, and the delay variation wherever there are samples enough for a p99.9."""
    for results in (on_ring(["latency"]), on_eswitch(["latency"])):
        loads = {r["load"]: r for r in results["latency"]}
        expect("loads", list(loads), ["one in flight", "tester alone", "10 %", "50 %", "90 %", "100 %"])
        for r in loads.values():
            h = r["latency_ns"]
            want = None if h["p99.9"] is None else h["p99.9"] - h["min"]
            expect("pdv at %s" % r["load"], r["pdv_ns"], want)
        expect("pdv of 20000 samples", loads["one in flight"]["pdv_ns"], None)


def not_applicable():
    """One port that gives back all: no number for what it cannot show."""
    results = on_ring(["congestion", "broadcast", "learning", "capacity", "violation", "policy-change"])
    for kind in FIGURES[1:]:
        for r in results[kind]:
            expect("%s of net_ring" % kind, r["value"], None)
            expect("a reason for %s" % kind, len(r["not_applicable"]) > 20, True)


def forwarding():
    """Three patterns, each at maximum load and at its best."""
    results = on_eswitch(["forwarding"], ports=4, mesh=True)["forwarding"]
    for pattern in ("mesh", "one-to-many", "many-to-one"):
        at_max = named(results, pattern + ", at maximum offered load")["value"]
        most = named(results, pattern + ", maximum")["value"]
        expect_range("forwarded by " + pattern, at_max["median"], 1, most["median"])
    one = on_ring(["forwarding"])["forwarding"]
    expect("one port alone", [r["value"] is None for r in one], [False, False, True, True])


def congestion():
    """One sender in three frames too many: a third is lost, and nothing of the other receiver's."""
    results = on_eswitch(["congestion"], ports=4, mesh=True)["congestion"]
    free = named(results, "uncongested receiver")
    expect("share of the uncongested receiver", (free["value"]["min"], free["tally"]["lost"]), (1, 0))
    expect_range("share of the congested one", named(results, "congested receiver")["value"]["median"], 0.62, 0.72)


def broadcast():
    """Each frame arrives at each of the three others, once."""
    r = on_eswitch(["broadcast"], ports=4, mesh=True)["broadcast"][0]
    expect("receivers", r["receivers"], 3)
    expect_range("rate", r["value"]["median"], 1, 1e9)
    expect_range("latencies of whole frames", r["latency_ns"]["count"] % 3, 0, 0)


def learning():
    """The table is as large as was asked for, and hashed: it is full somewhat below."""
    for size in (1024, 4096):
        results = on_eswitch(["capacity", "learning"], policy="spoofchk = off\n", device=",fdb=%d" % size)
        expect_range("capacity", results["capacity"][0]["value"]["median"], size * 0.6, size)
        expect("emptied", results["capacity"][0]["emptied"], True)
        expect_range("rate", results["learning"][0]["value"]["median"], 1, 1e9)
    results = on_eswitch(["capacity", "learning"])
    for kind in ("capacity", "learning"):
        if "spoofchk" not in results[kind][0]["not_applicable"]:
            raise AssertionError(results[kind][0])


def violation():
    """Each violating frame is blocked and counted as what it is; the share is the one asked for."""
    results = on_eswitch(["violation"])["violation"]
    expect("kinds", [r["name"] for r in results], ["none", "mtu", "vlan", "spoof", "all"])
    for r in results:
        t = r["tally"]
        expect("%s: counted, leaked" % r["name"], (r["counted"], t["leaked"]), (t["blocked"], 0))
        expect_range("%s: %% of all frames" % r["name"], 100 * t["blocked"] / (t["sent"] + t["blocked"]),
                     r["x"] - 0.2, r["x"] + 0.2)
    expect("shares", [r["x"] for r in results], [0, 10, 10, 10, 30])
    results = on_eswitch(["violation"], policy="spoofchk = off\nvlan = all\n")["violation"]
    expect("kinds that are left", [r["name"] for r in results], ["none", "mtu"])


def violation_leaks():
    """A policy that lets the frames pass: the run has failed."""
    results = on_eswitch(["violation", "--bad", "vlan:5:10"], policy="vlan = all\n", codes=(WRONG,))["violation"]
    expect_range("leaked", named(results, "vlan")["tally"]["leaked"], 1, 1e9)
    expect("counted", named(results, "vlan")["counted"], 0)


def policy_change():
    """Live changes of an uninvolved VF's and of the sender's policy forbid nothing."""
    results = on_eswitch(["policy-change"])["policy_change"]
    expect("names", [r["name"] for r in results], ["none", "uninvolved VF", "sending VF"])
    for r in results:
        expect("%s: forbidden" % r["name"], r["forbidden"], 0)
        expect("%s: latencies" % r["name"], r["latency_ns"]["count"], r["tally"]["received"])
        low, high = (0, 0) if r["name"] == "none" else (10, 1e9)
        expect_range("%s: changes/s" % r["name"], r["value"]["median"], low, high)


def check_scaling(results, name, cores):
    """Every frame came, and the first point is what the others are compared with."""
    expect("points of " + name, [(r["name"], r["x"]) for r in results], [(name, x) for x in cores])
    for r in results:
        expect("%s, %g: lost" % (name, r["x"]), (r["tally"]["lost"], r["tally"]["sent"] > 0), (0, True))
        expect_range("%s, %g: frames/s" % (name, r["x"]), r["value"]["median"], 1, 1e9)
        expect_range("%s, %g: undisturbed rounds" % (name, r["x"]), r["rounds"], 1, 1e9)
    expect("ratio of the first to itself", (results[0]["ratio"]["min"], results[0]["ratio"]["max"]), (1, 1))


def scaling():
    """A ring of ports on one core; two cores to VFs of their own, and to one VF with a queue for each."""
    reps = ["scaling", "--hop-reps", "2"]
    check_scaling(on_eswitch(reps, ports=5, mesh=True)["scaling"], "ring of ports", [2, 4, 5])
    for receivers, name in (((2, 3), "pairs"), ((2,), "to one receiver")):
        ends = ["--tx", "%s,%s" % (vf(0), vf(1)), "--rx", ",".join(vf(i) for i in receivers)]
        eal = ["--vdev", "%s,vfs=4,mode=veb" % PF]
        for i in range(4):
            eal += ["--vdev", "%s,pf=%s,vf=%d" % (vf(i), PF, i)]
        results = bench(eal, reps + ends, lcores="0,1")["scaling"]
        check_scaling(results, name, [1, 2])
        expect("receive queues", [r["rx_queues"] for r in results], [1, 2 if len(receivers) == 1 else 1])


def copies():
    """A hop that copies has a reference beside it, and one that moves frames has none."""
    hop = ["hop", "--hop-reps", "2"]
    expect("reference of moved frames", "copy_reference" in on_eswitch(hop)["hop"][0], False)
    r = on_eswitch(hop + ["--pools", "separate"])["hop"][0]
    expect_range("a copy without a device", r["copy_reference"]["median"], 1, r["cycles_median_batch"]["median"] * 2)


if __name__ == "__main__":
    main([loss, back_to_back, back_to_back_unbounded, latency, not_applicable, forwarding, congestion, broadcast,
          learning, violation, violation_leaks, policy_change, scaling, copies], seconds=170, needs_tap=False)
