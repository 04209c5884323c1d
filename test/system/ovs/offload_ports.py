#!/usr/bin/python3
# SPDX-License-Identifier: BSD-3-Clause
# Copyright(c) 2026 eswitch contributors
"""Ports that go, come and change under OVS's rules in the e-switch."""
from compare import IP, eth, members, offloaded
from ovs import PF, main, until
from lab.cases import expect


def late_representor():
    """A representor that OVS itself attaches, and closes with rules in place: nothing of them stays."""
    with members(reps=[0, 1]) as o:
        for _ in range(3):
            o.add("rep3", "%s,representor=vf3" % PF)
            offloaded(o, (3, 0), (0, 1))
            o.vsctl("del-port", "rep3")
            until("rules of rep3", lambda: "rep3" in o.rules(), False)
            until("flows to rep3", lambda: [f for f in o.flows() if f.actions == "rep3"], [])
        o.settle()
        expect("replies of VF 3", o.ns[3].ping("10.0.0.1", 2)[0], 0)
        offloaded(o, (0, 1))
        expect("complaints", o.complaints(), [])


def mtu_and_mac():
    """mtu_request and dpdk-vf-mac make OVS stop and start the port: its rules outlive that, and are right."""
    new = "02:aa:bb:cc:dd:07"
    policy = "[default]\nmtu = 9000\n"
    with members(policy=policy, ports=False) as o:
        o.add("up", PF, "mtu_request=9000")
        for vf in o.reps:
            o.add("rep%d" % vf, "%s,representor=vf%d" % (PF, vf), "mtu_request=9000")
        for ns in o.ns.values():
            ns.run("ip link set %s mtu 9000" % ns.interface)
        offloaded(o, (0, 1), (0, "wire"))
        before = o.rules()
        expect("replies of 9000 octets", o.ns[0].ping("10.0.0.2", 3, 8972, "-M do")[0], 3)
        o.vsctl("set", "interface", "rep1", "mtu_request=4000")
        until("mtu", lambda: o.interface("rep1", "mtu"), "4000")
        expect("rules", o.rules(), before)
        expect("replies of 4000 octets", o.ns[0].ping("10.0.0.2", 3, 3972, "-M do")[0], 3)
        expect("replies of 9000 octets to an MTU of 4000", o.ns[0].ping("10.0.0.2", 2, 8972, "-M do")[0], 0)
        expect("replies of 9000 octets from the wire", o.ns[0].ping("10.0.0.9", 3, 8972, "-M do")[0], 3)
        o.vsctl("set", "interface", "rep1", "options:dpdk-vf-mac=" + new)
        o.ns[1].run("ip link set vf1 address " + new)
        o.ns[0].run("ip neigh flush all")
        until("address", lambda: o.mac(1), new)
        offloaded(o, (0, 1))
        o.through(0, o.udp(0, 1, 7), {1: 1}, eth(o, 0, 1), IP)
        expect("complaints", o.complaints(), [])


def changes_under_load():
    """Ports that go and come, tags and OpenFlow rules that change, while rules carry TCP and floods of pings."""
    with members() as o:
        offloaded(o, (0, 1), (2, 3), (2, "wire"))
        server = o.ns[1].popen("iperf3", "-s", "-1")
        until("server", lambda: ":5201 " in o.ns[1].run("ss -Hltn"), True)
        load = [o.ns[0].popen("iperf3", "-c", "10.0.0.2", "-t", "60"),
                o.ns[2].popen("ping", "-q", "-f", "10.0.0.4"), o.ns[2].popen("ping", "-q", "-f", "10.0.0.9")]
        for i in range(10):
            o.vsctl("del-port", "rep0")
            o.ofctl("add-flow", "priority=9,in_port=rep2,icmp,actions=" + ("normal", "output:up,LOCAL")[i % 2])
            o.add("rep0", "%s,representor=vf0" % PF)
            o.vsctl("set", "port", "rep3", "tag=%d" % (100 + i))
            o.vsctl("set", "interface", "rep2", "options:n_rxq_desc=%d" % (1024 << i % 2))
            o.vsctl("set", "interface", "rep3", "mtu_request=%d" % (1400 + i))
            o.vsctl("clear", "port", "rep3", "tag")
            o.appctl("revalidator/purge")
        expect("processes that gave up", [p.args for p in load[1:] if p.poll() is not None], [])
        for p in load + [server]:
            p.kill()
            p.communicate()
        o.ofctl("del-flows", "icmp")
        offloaded(o, (0, 1), (2, 3), (0, "wire"))
        # Frames that were on their way to a port whose MTU shrank, and from one that went.
        expect("complaints", [c for c in o.complaints()
                              if "Too big size" not in c and "received packet on unknown port" not in c], [])
        o.vsctl("--", *sum((["del-port", "rep%d" % vf, "--"] for vf in o.reps), []), "del-port", "up")
        until("rules without ports", o.rules, {})


if __name__ == "__main__":
    main([late_representor, mtu_and_mac, changes_under_load])
