#!/usr/bin/python3
# SPDX-License-Identifier: BSD-3-Clause
# Copyright(c) 2026 eswitch contributors
"""Stock OVS-DPDK between two ports of eswitch-bench, in turn: rules offloaded into the e-switch, the same bridge without
offload, and OVS's own vhost-user ports, which know no offload. One core is OVS's, the other the bench's.

The bench reaches the VFs by net_memif or by virtio-user (net_vhost in OVS's process). OVS with net_memif ports of its own
is not measured: it sends on queues that the bench's end of the memif does not have.

usage: bench_ovs.py [--rounds N] [--sizes 64,1518] [--only NAME,...]
"""
import argparse
import contextlib
import json
import os
import re
import statistics
import subprocess
import sys
import time

sys.dont_write_bytecode = True
TOP = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
sys.path.insert(0, os.path.join(TOP, "test/system/ovs"))
import ovs  # noqa: E402
from ovs import BRIDGE, ENV, PF, PREFIX, RUN, Ovs, missing, plugin  # noqa: E402
from lab import sandbox  # noqa: E402
from lab.sandbox import die_with_parent  # noqa: E402
from lab.switch import BUILD  # noqa: E402

MAC = ["02:00:00:00:00:01", "02:00:00:00:00:02"]
POLICY = "".join("[vf %d]\nmac = %s\n" % (i, m) for i, m in enumerate(MAC))
RATE = "500k"  # frames a second at which latency is measured: less than any case takes
MEMIF = "socket=@eswbench,socket-abstract=yes,id=%d"


class BenchOvs(Ovs):
    """OVS with two ports to the bench, by "memif" or "vhost"; behind: they are behind VFs, else OVS's own.

    rules: a flow each way; else what a new bridge does, actions=normal.
    """

    def __init__(self, transport, behind, offload, rules=True):
        self.transport = transport
        self.behind = behind
        super().__init__(n_vfs=2, policy=POLICY, ports=False,
                         config=("other_config:hw-offload=%s" % str(offload).lower(), "other_config:pmd-maxsleep=0"))
        for i in range(2):
            self.plug(i)
        for i in range(2 if rules else 0):  # as few as are needed to have all that is sent taken by a rule
            self.ofctl("add-flow", "in_port=p%d,actions=output:p%d" % (i, 1 - i))

    def hand_out(self):
        """Nothing: the ports' other ends are the bench's."""

    def start(self):
        """Other vdevs than the tests' are wanted, and they are said in the database before the daemon starts."""
        vdevs = []
        if self.behind:
            port = {"memif": "net_memif%d,role=server," + MEMIF, "vhost": "net_vhost%d,iface=" + RUN + "/vhost%d,client=1"}
            vdevs = [port[self.transport] % (i, i) for i in range(2)]
            vdevs.append("%s,vfs=2,representor=vf[0-1],attach=vf0:net_%s0,attach=vf1:net_%s1,policy=%s,control=telemetry" % (
                PF, self.transport, self.transport, os.path.join(RUN, "policy.ini")))
        extra = "--no-pci --file-prefix=%s -d %s %s" % (PREFIX, plugin(), " ".join("--vdev=" + v for v in vdevs))
        self.vsctl("set", "Open_vSwitch", ".", 'other_config:dpdk-extra="%s"' % extra, wait=False)
        super().start()

    def plug(self, i):
        """Port p<i> of the bridge."""
        if self.behind:
            self.add("p%d" % i, "%s,representor=vf%d" % (PF, i))
        else:
            self.vsctl("add-port", BRIDGE, "p%d" % i, "--", "set", "interface", "p%d" % i, "type=dpdkvhostuserclient",
                       "options:vhost-server-path=%s/vhost%d" % (RUN, i))

    def bench(self, mode, size, *more):
        """eswitch-bench from port 0 to port 1; its report."""
        code, report, text = self.attempt(mode, "--size", str(size), *more)
        if code not in (0, 3):
            raise RuntimeError("eswitch-bench: exit code %d: %s" % (code, text[-1500:]))
        return report

    def attempt(self, *args):
        """eswitch-bench from port 0 to port 1; exit code, report or None, and what it said."""
        if self.transport == "vhost":
            ports = ["net_virtio_user%d" % i for i in range(2)]
            vdevs = ["%s,path=%s/vhost%d,server=1,queues=1,mac=%s" % (ports[i], RUN, i, MAC[i]) for i in range(2)]
        else:
            ports = ["net_memif%d" % i for i in range(2)]
            vdevs = ["%s,role=client,%s,mac=%s" % (ports[i], MEMIF % i, MAC[i]) for i in range(2)]
        report = os.path.join(RUN, "report.json")
        with contextlib.suppress(FileNotFoundError):
            os.unlink(report)
        command = [os.path.join(BUILD, "app/eswitch-bench"), "-l", "0", "--in-memory", "--single-file-segments", "-m", "256", "--no-pci",
                   "--log-level=error", "--file-prefix=eswbenchgen"] + ["--vdev=" + v for v in vdevs]
        command += ["--"] + list(args) + ["--tx", ports[0], "--rx", ports[1], "--dst", MAC[1], "--json", report]
        p = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=170,
                           check=False, env=ENV, preexec_fn=die_with_parent)
        if not os.path.exists(report):
            return p.returncode, None, p.stdout + p.stderr
        with open(report, encoding="utf-8") as f:
            return p.returncode, json.load(f), p.stdout + p.stderr

    def pmd(self):
        """What the PMD thread says of itself: packets received, cycles in them, part of its time that it was busy."""
        text = self.appctl("dpif-netdev/pmd-stats-show").split("main thread")[0]

        def number(pattern):
            found = re.search(pattern, text)
            return float(found.group(1)) if found else 0.0
        return {"packets": number(r"packets received: (\d+)"), "busy_pct": number(r"processing cycles: \d+ \(([\d.]+)%\)"),
                "cycles": number(r"avg processing cycles per packet: ([\d.]+)")}


CASES = [("memif, VFs, offloaded", "memif", True, True), ("memif, VFs, OVS in software", "memif", True, False),
         ("virtio, VFs, offloaded", "vhost", True, True), ("virtio, VFs, OVS in software", "vhost", True, False),
         ("virtio, OVS's own ports", "vhost", False, False)]


def measure(case, sizes):
    """One round of one case."""
    o = BenchOvs(*case)
    try:
        out = {}
        for size in sizes:
            o.appctl("dpif-netdev/pmd-stats-clear")
            report = o.bench("throughput", size, "--loss", "0.5", "--reps", "1")
            pmd = o.pmd()
            flows = o.appctl("dpctl/dump-flows", "-m")
            latency = o.bench("latency", size, "--rate", RATE, "--duration", "2")
            out[size] = {"report": report, "latency": latency, "pmd": pmd,
                         "offloaded": "offloaded:yes, dp:dpdk" in flows}
        o.stop()
        return out
    finally:
        o.remove()


def main():
    """All cases, in turn, as often as asked for."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--sizes", default="64,1518")
    parser.add_argument("--raw", help="write everything that was measured to this file")
    args = parser.parse_args()
    reason = missing()
    if not sandbox.inside():
        ovs.PAGES += 256  # the bench's own
        with ovs.hugepages() as no_pages:
            reason = reason or no_pages
            if not reason:
                sandbox.enter(3400)
        sys.exit("not possible here: %s" % reason)
    sandbox.enter(0)
    sizes = [int(s) for s in args.sizes.split(",")]
    results = {}
    for r in range(args.rounds):
        for name, *case in CASES:
            start = time.monotonic()
            results.setdefault(name, []).append(measure(case, sizes))
            print("round %d: %-28s %.0f s" % (r + 1, name, time.monotonic() - start), flush=True)
            if args.raw:
                with open(args.raw, "w", encoding="utf-8") as f:
                    json.dump(results, f)
    show(results, sizes)


COLUMNS = [("Mpps", lambda c: best_rate(c["report"]) / 1e6), ("p50 us", lambda c: percentile(c["latency"], "p50")),
           ("p99 us", lambda c: percentile(c["latency"], "p99")), ("OVS busy %", lambda c: c["pmd"]["busy_pct"]),
           ("OVS cycles", lambda c: c["pmd"]["cycles"])]


def show(results, sizes):
    """A line a case and size: median [least - most] of the rounds."""
    for size in sizes:
        print("\n%-28s%s  offloaded" % ("%s octets" % size, "".join("%26s" % name for name, _ in COLUMNS)))
        for name, rounds in results.items():
            cells = [r[size] for r in rounds]
            line = ""
            for _, get in COLUMNS:
                values = sorted(get(c) for c in cells)
                line += "%26s" % ("%.2f [%.2f - %.2f]" % (statistics.median(values), values[0], values[-1]))
            print("%-28s%s  %s" % (name, line, "yes" if all(c["offloaded"] for c in cells) else "no"))


def best_rate(report):
    """Frames a second at the loss limit of the second goal (PDR); NaN: the search found none."""
    return report["results"][0]["goals"][-1]["throughput"] or float("nan")


def percentile(report, name):
    """Microseconds at the load that was asked for."""
    return (report["results"][-1]["latency_ns"][name] or float("nan")) / 1000


if __name__ == "__main__":
    main()
