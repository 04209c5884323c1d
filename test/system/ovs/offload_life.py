#!/usr/bin/python3
# SPDX-License-Identifier: BSD-3-Clause
# Copyright(c) 2026 eswitch contributors
"""Rules of the e-switch change with OVS's flows: idle ones, other OpenFlow rules, other tags."""
import signal

from compare import IP, eth, members, offloaded
from ovs import main, until
from lab.cases import expect, expect_range


def idle_flows():
    """A flow without frames goes after max-idle, and its rule with it; one with frames stays, though OVS sees none."""
    with members(config=("other_config:max-idle=2000",)) as o:
        offloaded(o, (0, 1), (2, 3))
        seen = o.received()
        traffic = o.ns[0].popen("ping", "-q", "-i", "0.2", "10.0.0.2")
        until("rules", o.rules, {"rep0": 1, "rep1": 1}, 12)
        expect("where VF 0's flow is", o.carrier(0, (eth(o, 0, 1), IP), "yes dpdk").actions, "rep1")
        # ARP may be asked again meanwhile.
        expect_range("frames that the threads received", o.received() - seen, 0, 4)
        traffic.send_signal(signal.SIGINT)
        expect("frames that were lost", ", 0% packet loss" in traffic.communicate()[0], True)
        until("rules without traffic", o.rules, {}, 12)
        expect("complaints", o.complaints(), [])


def changed_rules():
    """A change of an OpenFlow rule replaces the e-switch's: what was sent to VF 1 goes to VF 2, is dropped, goes up."""
    with members(policy="[vf 1-2]\ntrust = on\n") as o:
        for actions, want, shown in (("output:rep1", {1: 1}, "rep1"), ("output:rep2", {2: 1}, "rep2"),
                                     ("drop", {}, "drop"), ("mod_vlan_vid:100,output:up", {"wire": 1}, "push_vlan"),
                                     ("output:rep1", {1: 1}, "rep1")):
            o.ofctl("add-flow", "in_port=rep0,udp,tp_dst=7,actions=" + actions)
            if o.rules():
                until("the flow with " + actions,
                      lambda: o.carrier(0, ("dst=7)",), "yes dpdk").actions.startswith(shown), True)
                o.settle()
            o.through(0, o.udp(0, 1, 7), want, "dst=7)")
            expect("rules", o.rules(), {"rep0": 1})
        # To what can not be offloaded, and back.
        for actions, where in (("output:rep1,LOCAL", "partial ovs"), ("output:rep1", "yes dpdk")):
            o.ofctl("add-flow", "in_port=rep0,udp,tp_dst=7,actions=" + actions)
            until("where it is with " + actions, lambda: [f.where for f in o.flows("dst=7)")], [where])
            o.settle()
            o.through(0, o.udp(0, 1, 7), {1: 1}, "dst=7)", where=where)
            expect("rules", o.rules(), {"rep0": 1})
        expect("complaints", o.complaints(), [])


def changed_tags():
    """tag= of a port that has rules: they end at once, and come back with the old tag."""
    with members() as o:
        offloaded(o, (0, 1))
        o.vsctl("set", "port", "rep0", "tag=100")
        until("flows from VF 0 to VF 1", lambda: [f for f in o.flows(eth(o, 0, 1), IP) if f.actions == "rep1"], [])
        o.settle()
        expect("replies from VLAN 100 to none", o.ns[0].ping("10.0.0.2", 2)[0], 0)
        o.vsctl("set", "port", "rep1", "tag=100")
        offloaded(o, (0, 1))
        o.vsctl("clear", "port", "rep0", "tag", "--", "clear", "port", "rep1", "tag")
        offloaded(o, (0, 1))
        o.through(0, o.udp(0, 1, 7), {1: 1}, eth(o, 0, 1), IP)
        expect("complaints", o.complaints(), [])


if __name__ == "__main__":
    main([idle_flows, changed_rules, changed_tags])
