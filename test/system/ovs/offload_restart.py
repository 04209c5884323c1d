#!/usr/bin/python3
# SPDX-License-Identifier: BSD-3-Clause
# Copyright(c) 2026 eswitch contributors
"""OVS with hardware offload through restarts, turned on and off, and with more than one thread."""
import re
import signal

from compare import IP, eth, members, offloaded, pings
from ovs import main, until
from lab.cases import expect, expect_range
from lab.packets import UDP
from lab.switch import TOP, run


def restarts():
    """SIGTERM, SIGKILL and exit, with rules in place: they go with the NIC, and come again with the next traffic."""
    with members() as o:
        for how in (signal.SIGTERM, signal.SIGKILL, "exit"):
            offloaded(o, (0, 1), (0, "wire"))
            o.stop(how)
            o.start()
        offloaded(o, (0, 1), (0, "wire"))
        o.through(0, o.udp(0, 1, 7), {1: 1}, eth(o, 0, 1), IP)
        expect("complaints", o.complaints(), [])


def offload_later():
    """hw-offload=true counts from the next start of OVS on, as its manual says; turned off, nothing is offloaded."""
    with members(offload=False) as o:
        pings(o, (0, 1))
        expect("rules without offload", o.rules(), {})
        o.vsctl("set", "Open_vSwitch", ".", "other_config:hw-offload=true", wait=False)
        o.stop()
        o.start()
        o.offload = True
        offloaded(o, (0, 1))
        o.vsctl("set", "Open_vSwitch", ".", "other_config:hw-offload=false")
        o.stop()
        o.start()
        o.offload = False
        pings(o, (0, 1))
        o.carrier(0, (eth(o, 0, 1), IP), "no ovs")
        expect("rules without offload again", o.rules(), {})
        expect("complaints", o.complaints(), [])


def two_threads():
    """Two PMD threads, two queues a port, two threads that offload: each flow is offloaded, marks find theirs."""
    config = ("other_config:pmd-cpu-mask=0x3", "other_config:n-offload-threads=2")
    with members(config=config) as o:
        for name in ["up"] + ["rep%d" % vf for vf in range(4)]:
            o.vsctl("set", "interface", name, "options:n_rxq=2")
        expect("queues by thread", o.appctl("dpif-netdev/pmd-rxq-show").count("queue-id:"), 10)
        o.ofctl("add-flow", "priority=9,in_port=rep0,udp,tp_dst=9,actions=output:rep1,LOCAL")
        offloaded(o, (0, 1), (2, 3), (1, "wire"))
        o.through(0, o.udp(0, 1, 7), {1: 1}, eth(o, 0, 1), "proto=17", IP)
        frames = [o.packet(0, 1, UDP, 9, source_port=port) for port in range(5000, 5032)]  # over both queues
        sender, receiver = o.ns[0].port(), o.ns[1].port()
        for data in frames:
            sender.send(data)
        until("flows by thread", lambda: [f.where for f in o.flows("dst=9)")], ["partial ovs"] * 2)
        receiver.receive(b"case", 4, len(frames))
        o.settle()
        before = o.marked()
        for data in frames:
            sender.send(data)
        expect("frames of the marked flow", len(receiver.receive(b"case", 4, len(frames))), len(frames))
        by_thread = [now - then for now, then in zip(o.marked(), before)]
        expect("frames that the threads knew by the mark", sum(by_thread), len(frames))
        expect_range("fewest by one thread", min(by_thread), 1, len(frames) / 2)
        sender.close()
        receiver.close()
        for reverse in (False, True):
            expect_range("TCP bit/s, reverse=%s" % reverse, o.ns[0].iperf(o.ns[1], "10.0.0.2", 1, reverse), 20e6, 1e12)
        expect("complaints", o.complaints(), [])


def example():
    """The commands that a user copies."""
    out = run("bash %s/examples/ovs-offload/offload.sh" % TOP)
    expect("pings without loss", out.count(" 0% packet loss"), 3)
    expect("flows in the e-switch", len(re.findall(r"\(frag=no\), packets:.* offloaded:yes, dp:dpdk, actions:", out)), 4)
    # ARP and what else the kernels say.
    expect_range("frames that OVS received", int(re.search(r"OVS received (\d+)", out).group(1)), 0, 40)


if __name__ == "__main__":
    main([restarts, offload_later, two_threads, example])
