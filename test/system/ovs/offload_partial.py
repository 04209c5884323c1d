#!/usr/bin/python3
# SPDX-License-Identifier: BSD-3-Clause
# Copyright(c) 2026 eswitch contributors
"""What stock OVS-DPDK can not offload whole: the e-switch marks the frames, and OVS finds their flow by the mark.

And tunnels: OVS 3.1 offloads VXLAN on the way out. On the way in it can not, for that takes experimental functions
of DPDK (rte_flow_tunnel_decap_set() ...), which Debian's build does not use.
"""
from compare import IP, TIMES, WIRE_MAC, both
from ovs import BRIDGE, PF, main
from lab.cases import expect, expect_range
from lab.packets import UDP, ethernet, ipv4
from lab.switch import run

# OpenFlow actions, how the flow shows them, and where frames go.
PARTIAL = (
    ("mod_nw_tos:32,output:rep1", "set(ipv4(tos=", {1: 1}),
    ("output:rep1,LOCAL", "rep1,br0", {1: 1}),
    ("ct(commit),output:rep1", "ct(commit),rep1", {1: 1}),
    ("push_mpls:0x8847,output:up", "push_mpls(", {"wire": 1}),
    ("controller(max_len=0),output:rep1", "userspace(", {1: 1}),
    ("mod_dl_dst:VF0,output:in_port", "rep0", {0: 1}),
)


def marked():
    """An action that OVS can not offload, or the e-switch refuses: `offloaded:partial, dp:ovs`, frames as ever."""
    def scenario(o):
        got = {}
        for port, (text, shown, want) in enumerate(PARTIAL, 1):
            text = text.replace("VF0", o.mac(0))
            o.ofctl("add-flow", "in_port=rep0,udp,tp_dst=%d,actions=%s" % (port, text), "-O", "OpenFlow13")
            before = o.marked()[0]
            got[text] = result = o.through(0, o.udp(0, 1, port), want, "dst=%d)" % port, where="partial ovs")
            expect("actions of " + text, shown in result[1], True)
            expect("frames that OVS knew by their mark", o.marked()[0] - before, TIMES if o.offload else 0)
        # Another NIC's port: each of the two knows only its own.
        o.add("other", "net_eswitch_pf1,vfs=1,representor=vf0")
        o.ofctl("add-flow", "in_port=rep0,udp,tp_dst=99,actions=output:other,output:rep1")
        got["another NIC"] = o.through(0, o.udp(0, 1, 99), {1: 1}, "dst=99)", where="partial ovs")
        if o.offload:
            expect("flows of type=partially-offloaded", len(o.flows(kind="partially-offloaded")), len(PARTIAL) + 1)
            expect("rules", o.rules(), {"rep0": len(PARTIAL) + 1})
        return got
    both(scenario)


def tunnel_bridge(o):
    """br-phy has the uplink and the tunnel's address, the other bridge the VFs and the tunnel vx."""
    o.vsctl("add-br", "br-phy", "--", "set", "bridge", "br-phy", "datapath_type=netdev",
            'other_config:hwaddr="02:00:00:00:00:50"', "--", "add-port", "br-phy", "up", "--",
            "set", "interface", "up", "type=dpdk", "options:dpdk-devargs=" + PF)
    for vf in o.reps:
        o.add("rep%d" % vf, "%s,representor=vf%d" % (PF, vf))
    o.vsctl("add-port", BRIDGE, "vx", "--", "set", "interface", "vx", "type=vxlan", "options:remote_ip=172.16.0.2",
            "options:key=77")
    run("sysctl -q net.ipv6.conf.br-phy.disable_ipv6=1; ip addr replace 172.16.0.1/24 dev br-phy; "
        "ip link set br-phy up", check=False)
    o.appctl("tnl/neigh/set", "br-phy", "172.16.0.2", WIRE_MAC)


def without_source_port(frames):
    """The VXLAN frames but for the outer UDP source port: OVS takes one of 32768 to 61000, the e-switch one of
    49152 to 65535 (RFC 7348 5), each by a hash of its own."""
    frames = [bytes.fromhex(f) for f in frames]
    for data in frames:
        expect_range("source port", int.from_bytes(data[34:36], "big"), 32768, 65535)
    return sorted({data[:34].hex() + "...." + data[36:].hex() for data in frames})


def vxlan():
    """A VF's frame to a VXLAN port leaves on the wire encapsulated by the e-switch; what comes back OVS unpacks."""
    def scenario(o):
        tunnel_bridge(o)
        o.ofctl("add-flow", "in_port=rep0,udp,tp_dst=7,actions=output:vx")
        o.ofctl("add-flow", "in_port=rep0,udp,tp_dst=8,actions=output:rep1,output:vx")
        o.ofctl("add-flow", "in_port=rep0,udp,tp_dst=9,actions=output:vx,output:rep1")
        o.ofctl("add-flow", "in_port=vx,actions=output:rep0")
        got = {}
        for port, want, where in ((7, {"wire": 1}, "yes dpdk"), (8, {1: 1, "wire": 1}, "yes dpdk"),
                                  (9, {1: 1, "wire": 1}, "partial ovs")):
            inner = o.udp(0, 1, port)
            frames, actions = o.through(0, inner, want, "dst=%d)" % port, where=where)
            outer = without_source_port(frames.pop("wire"))
            expect("what is inside", [f[100:] for f in outer], [inner.hex()])
            got["to port %d" % port] = outer, frames, actions
        inner = o.udp(1, 0, 7)
        data = ethernet("02:00:00:00:00:50", WIRE_MAC, 0x0800,
                        ipv4("172.16.0.2", "172.16.0.1", UDP, (50000, 4789),
                             bytes.fromhex("0800000000004d00") + inner))
        got["back"] = o.through("wire", data, {0: 1}, IP, "dst=4789)", where="partial ovs")
        expect("what was inside", got["back"], ({0: [inner.hex()]}, "tnl_pop(vxlan_sys_4789)"))
        expect("the flow behind it", [f.where for f in o.flows("in_port(vxlan_sys_4789)")], ["no ovs"])
        return got
    both(scenario, ports=False)


if __name__ == "__main__":
    main([marked, vxlan])
