#!/usr/bin/python3
# SPDX-License-Identifier: BSD-3-Clause
# Copyright(c) 2026 eswitch contributors
"""Rules of the e-switch go with the ports and the bridge of OVS, and nothing is left of them."""
from compare import eth, members, offloaded
from ovs import BRIDGE, PF, main, until
from lab.cases import expect


def removed_ports():
    """del-port takes the rules of the port and those that send to it; the others stay, and are used."""
    with members() as o:
        offloaded(o, (0, 1), (2, 3), (0, "wire"))
        o.vsctl("del-port", "rep1")
        until("rules of rep1", lambda: "rep1" in o.rules(), False)
        until("flows to rep1", lambda: [f for f in o.flows() if f.actions == "rep1"], [])
        o.settle()
        expect("replies", [o.ns[a].ping(b, 2)[0] for a, b in ((0, "10.0.0.2"), (2, "10.0.0.4"), (0, "10.0.0.9"))],
               [0, 2, 2])
        o.add("rep1", "%s,representor=vf1" % PF)
        offloaded(o, (0, 1))
        o.vsctl("del-port", "up")
        until("rules of up", lambda: "up" in o.rules(), False)
        o.add("up", PF)
        offloaded(o, (0, "wire"))
        expect("complaints", o.complaints(), [])


def nothing_is_left():
    """del-flows of both kinds and the removal of all ports leave no rule."""
    with members() as o:
        offloaded(o, (0, 1), (0, "wire"))
        o.appctl("revalidator/purge")
        until("rules after purge", o.rules, {})
        offloaded(o, (0, 1), (0, "wire"))
        o.ofctl("del-flows")
        # Without OpenFlow rules there are no outputs; what frames still come is dropped, by rules as well.
        until("flows with outputs", lambda: [f for f in o.flows() if f.actions != "drop"], [])
        o.settle()
        expect("replies", o.ns[0].ping("10.0.0.2", 2)[0], 0)
        for port in ["up"] + ["rep%d" % vf for vf in o.reps]:
            o.vsctl("del-port", port)
        until("rules", o.rules, {})
        expect("rules of all ports", o.ask("flows"), {"pf": 0, "representors": {}, "vfs": {}, "total": 0})
        o.vsctl("del-br", BRIDGE)
        o.bridge()
        offloaded(o, (0, 1), (0, "wire"))
        o.vsctl("del-br", BRIDGE)
        until("rules without a bridge", o.rules, {})
        expect("complaints", o.complaints(), [])


if __name__ == "__main__":
    main([removed_ports, nothing_is_left])
