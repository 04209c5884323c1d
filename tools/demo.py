#!/usr/bin/python3
# SPDX-License-Identifier: BSD-3-Clause
# Copyright(c) 2026 eswitch contributors
"""The main job on one screen: four VFs with four policies, real traffic, every violation blocked, and figures.

Runs in a sandbox of namespaces (lab/sandbox.py). Where that is not allowed, the VFs are fed from capture files
instead, in process.
"""
import json
import os
import signal
import subprocess
import sys
import tempfile
import time

sys.dont_write_bytecode = True
from lab import frames, sandbox  # noqa: E402
from lab.switch import BUILD, PF, TOP, Switch, forget  # noqa: E402

POLICY_FILE = os.path.join(TOP, "examples/demo/policy.ini")
SECONDS = 110
COUNT = 20
STRANGER = "02:99:99:99:99:99"
VLANS = {0: 100, 1: 100, 2: 100, 3: 200}
VFS = 4
FIELDS = ("mac", "vlan", "mtu", "spoofchk", "trust")


class Verdict:
    """What did not go as it should."""

    def __init__(self):
        self.wrong = 0

    def line(self, what, shown, good, then=""):
        """One line of the summary."""
        if not good:
            self.wrong += 1
            then = "NOT AS EXPECTED"
        print("  %-46s %-28s %s" % (what, shown, then), flush=True)


def heading(text):
    """A part begins."""
    print("\n" + text, flush=True)


def read(path):
    """A whole text file."""
    with open(path, encoding="utf-8") as f:
        return f.read()


def show_policies(switch):
    """The policies as the e-switch has them, not as the file says."""
    heading("Policy (examples/demo/policy.ini), read back from the e-switch")
    print("  %-5s %-18s %-30s %-5s %-9s %s" % (("vf",) + FIELDS))
    for vf in range(VFS):
        policy = switch.ask("vf", vf)
        print("  %-5d %-18s %-30s %-5s %-9s %s" % ((vf,) + tuple(policy[f] for f in FIELDS)))


def show_traffic(switch, verdict):
    """Ping and TCP between the namespaces."""
    heading("Traffic between kernel network namespaces, one for each VF")
    ns = switch.ns
    for vf in range(VFS):
        ns[vf].address("10.0.0.%d/24" % (vf + 1))
    ns[2].vlan(200, "10.2.0.3/24")
    ns[3].address("10.2.0.4/24")
    for a, b, to, why in ((0, 1, "10.0.0.2", "both in VLAN 100"), (1, 2, "10.0.0.3", "native VLAN 100"),
                          (2, 3, "10.2.0.4", "VLAN 200: tagged there, access here")):
        got, rtt = ns[a].ping(to, 5)
        verdict.line("ping  vf %d -> vf %d" % (a, b),
                     "%d of 5%s" % (got, ", %.2f ms" % rtt if rtt else ""), got == 5, why)
    got, _ = ns[0].ping("10.0.0.4", 2)
    verdict.line("ping  vf 0 -> vf 3", "%d of 2" % got, got == 0, "blocked: VLAN 100 and VLAN 200")
    for a, b, to in ((0, 1, "10.0.0.2"), (1, 0, "10.0.0.1")):
        rate = ns[a].iperf(ns[b], to, 2)
        verdict.line("iperf3  TCP vf %d -> vf %d, 2 s" % (a, b), "%.0f Mbit/s" % (rate / 1e6), rate > 1e6)


def violations(mac):
    """(what, sender, frame, where it is counted, counter, explanation) for each kind."""
    f = frames.frame
    return (
        ("spoofed source, vf 0", 0, f(mac[1], "02:66:66:66:66:66", mark=b"demo"), 0, "tx_spoof"),
        ("foreign VLAN tag, vf 2 sends VLAN 300", 2,
         f(mac[3], mac[2], [(frames.TPID_C, 300)], b"demo"), 2, "tx_vlan"),
        ("oversize, vf 1 sends 1401 octets of payload", 1,
         f(mac[0], mac[1], mark=b"demo", size=1415), 1, "tx_mtu"),
        ("promiscuous without trust, vf 1 listens", 0, f(STRANGER, mac[0], mark=b"demo"), 1, "rx_filtered"),
        ("spoofed source, vf 2 pretends to be vf 0", 2, f(mac[1], mac[0], mark=b"demo"), 2, "tx_spoof"),
        ("link forced down, vf 3 sends", 3, f(mac[2], mac[3], mark=b"demo"), 3, "tx_link_down"),
    )


def show_violations(switch, verdict):
    """Each violation, sent from a raw socket in the namespace; every other VF listens."""
    heading("Violations: %d frames each, all other VFs listen to everything" % COUNT)
    for vf in range(VFS):
        switch.ns[vf].run("ip link set vf%d mtu 9000 promisc on" % vf)
    ports = [switch.ns[vf].port() for vf in range(VFS)]
    for what, sender, data, at, counter in violations([switch.mac(vf) for vf in range(VFS)]):
        if counter == "tx_link_down":
            switch.ask("vf/set", sender, "link=down")
        before = switch.settle(at)[counter]
        ports[sender].send(data, COUNT)
        arrived = sum(len(p.receive(b"demo", 0.2)) for vf, p in enumerate(ports) if vf != sender)
        counted = switch.settle(at)[counter] - before
        verdict.line(what, "%d arrived, %s +%d" % (arrived, counter, counted),
                     arrived == 0 and counted == COUNT, "blocked")
    for p in ports:
        p.close()


def with_namespaces(verdict):
    """The real thing."""
    switch = Switch(VFS, read(POLICY_FILE), taps=range(VFS), devargs=",control=telemetry")
    try:
        show_policies(switch)
        show_traffic(switch, verdict)
        show_violations(switch, verdict)
        switch.stop()
    finally:
        switch.remove()


def in_process(verdict, folder):
    """Without TAP: each VF is fed from a capture file, again and again; the counters tell what became of it."""
    mac = ["02:00:00:00:00:1%d" % vf for vf in range(VFS)]
    good = frames.frame
    feed = {0: [good(mac[1], mac[0])], 1: [good(mac[0], mac[1])], 2: [good(mac[1], mac[2])],
            3: [good(mac[2], mac[3])]}
    bad = violations(mac)
    for _what, sender, data, _at, counter in bad:
        if counter != "tx_link_down":
            feed[sender].append(data)
    vdevs = []
    for vf, data in feed.items():
        path = os.path.join(folder, "vf%d.pcap" % vf)
        frames.write_pcap(path, data)
        vdevs.append("net_pcap%d,rx_pcap=%s,infinite_rx=1" % (vf, path))
    switch = Switch(VFS, read(POLICY_FILE), vdevs=vdevs, devargs=",control=telemetry",
                    attach={vf: "net_pcap%d" % vf for vf in range(VFS)}, workdir=folder)
    try:
        show_policies(switch)
        time.sleep(0.5)
        heading("Traffic from capture files, one for each VF")
        for vf in range(VFS - 1):
            got = switch.counters(vf)["rx_delivered"]
            verdict.line("frames to vf %d" % vf, "%d delivered" % got, got > 0)
        heading("Violations in the same files")
        for what, sender, _data, at, counter in bad:
            if counter == "tx_link_down":
                switch.ask("vf/set", sender, "link=down")
                time.sleep(0.3)
            counted = switch.counters(at)[counter]
            verdict.line(what, "%s %d" % (counter, counted), counted > 0, "blocked")
        switch.stop()
    finally:
        switch.remove()


def bench_lines(report, verdict, code):
    """The report's main figures; the exit codes 0 (all well) and 3 (the machine is restless) are fine."""
    lines = []
    for r in report["results"]:
        if r["kind"] == "throughput":
            lines.append(("throughput without loss, %s octets" % r["size"],
                          "%.2f Mpps" % (r["goals"][0]["throughput"] / 1e6)))
        elif r["kind"] == "latency" and r["load"] == "50 %":
            ns = r["latency_ns"]
            lines.append(("latency at 50 %% load, %s octets" % r["size"],
                          "p50 %.2f us, p99 %.2f us" % (ns["p50"] / 1e3, ns["p99"] / 1e3)))
    for what, shown in lines:
        verdict.line(what, shown, code in (0, 3))
    if not lines:
        verdict.line("eswitch-bench", "no results, exit code %d" % code, False)


def show_bench(verdict, folder):
    """eswitch-bench, VF 0 to VF 1 through the e-switch, all in one process and on one core."""
    heading("eswitch-bench: VF to VF in one process, one core sends, switches and receives")
    path = os.path.join(folder, "bench.json")
    prefix = "eswbench%d" % os.getpid()
    command = [os.path.join(BUILD, "app/eswitch-bench"), "-l", "0", "--no-huge", "-m", "512", "--no-pci",
               "--no-telemetry", "--log-level", "error", "--file-prefix", prefix,
               "--vdev", PF + ",vfs=2,mode=veb"]
    for vf in (0, 1):
        command += ["--vdev", "net_eswitch_vf%d,pf=%s,vf=%d" % (vf, PF, vf)]
    command += ["--", "throughput", "latency", "--tx", "net_eswitch_vf0", "--rx", "net_eswitch_vf1",
                "--size", "64,1518", "--loss", "0", "--profile", "quick", "--json", path]
    try:
        p = subprocess.run(command, capture_output=True, text=True, timeout=60, stdin=subprocess.DEVNULL,
                           preexec_fn=sandbox.die_with_parent, check=False)
    finally:
        forget(prefix)
    if not os.path.exists(path):
        verdict.line("eswitch-bench", "exit code %d" % p.returncode, False)
        print(p.stdout[-2000:] + p.stderr[-2000:])
        return
    bench_lines(json.loads(read(path)), verdict, p.returncode)


def main():
    """Exit code 0 if everything went as it should."""
    # "./run demo --in-process" shows what a machine without TAP shows.
    reason = "as asked" if "--in-process" in sys.argv[1:] else sandbox.enter(SECONDS)
    for s in (signal.SIGINT, signal.SIGTERM):
        signal.signal(s, lambda signum, _frame: sys.exit(128 + signum))
    verdict = Verdict()
    start = time.monotonic()
    print("One PF, %d VFs, %d representors; vfswitch switches between the representors." % (VFS, VFS))
    # The sandbox's /run goes with it, also when it is killed.
    with tempfile.TemporaryDirectory(prefix="eswitch-demo-", dir="/run" if sandbox.inside() else None) as folder:
        if reason:
            print("TAP interfaces or namespaces are not allowed here (%s): the rest runs in process." % reason)
            in_process(verdict, folder)
        else:
            with_namespaces(verdict)
        show_bench(verdict, folder)
    print("\n%s, %.0f s" % ("All as it should be" if verdict.wrong == 0 else
                            "%d lines are NOT as expected" % verdict.wrong, time.monotonic() - start))
    return 0 if verdict.wrong == 0 else 1


if __name__ == "__main__":
    sys.exit(main())
