#!/usr/bin/python3
# SPDX-License-Identifier: BSD-3-Clause
# Copyright(c) 2026 eswitch contributors
"""Flows of stock OVS-DPDK that tag, untag and copy, as rules of the e-switch: see offload.py."""
from compare import IP, both, eth, pings
from ovs import BRIDGE, main, until
from lab import frames
from lab.cases import expect


def vlans_of_the_bridge():
    """tag= ports push on the way to a trunk and pop on the way back; from trunk to trunk the tag stays."""
    tag = [(frames.TPID_C, 100)]

    def scenario(o):
        o.vsctl("set", "port", "rep0", "tag=100", "--", "set", "port", "rep1", "tag=100")
        o.ns["wire"].vlan(100, "10.0.1.9/24")
        for vf in (0, 1, 2):
            o.ns[vf].address("10.0.1.%d/24" % (vf + 1), "vf%d" % vf)
        o.ns[2].vlan(100, "10.0.2.3/24")
        expect("replies in the VLAN", o.ns[0].ping("10.0.1.2", 2)[0], 2)
        expect("replies from the wire's VLAN", o.ns[0].ping("10.0.1.9", 2)[0], 2)
        trunk = o.ns[2].port()
        trunk.send(frames.frame(frames.BROADCAST, o.mac(2), tag))
        trunk.close()
        got = {}
        for source, destination, tagged in ((0, 1, False), (0, "wire", False), (0, 2, False),
                                            ("wire", 0, True), ("wire", 2, True), (2, 1, True), (2, "wire", True)):
            data = o.udp(source, destination, 7)
            words = [eth(o, source, destination), IP]
            if tagged:
                data = data[:12] + bytes.fromhex("8100a064") + data[12:]
                words.append("vlan(vid=100,pcp=5")
            what = "%s to %s" % (source, destination)
            got[what] = o.through(source, data, {destination: 1}, *words)
        for what, action in (("0 to 1", "rep1"), ("0 to wire", "push_vlan(vid=100,pcp=0),up"),
                             ("0 to 2", "push_vlan(vid=100,pcp=0),rep2"), ("wire to 0", "pop_vlan,rep0"),
                             ("wire to 2", "rep2"), ("2 to 1", "pop_vlan,rep1"), ("2 to wire", "up")):
            expect(what, got[what][1], action)
        return got
    both(scenario, policy="[vf 2]\nvlan = all\n")


def several_outputs():
    """output:A,B,C, with and without edits between them; each gets the frame as it is at its place in the list."""
    def scenario(o):
        for port, actions in ((7, "output:rep1,output:rep2,output:up"),
                              (8, "output:rep1,mod_vlan_vid:200,output:up"),
                              (9, "push_vlan:0x8100,mod_vlan_vid:300,output:up,strip_vlan,output:rep1"),
                              (10, "mod_dl_src:02:00:00:00:00:77,output:rep1,mod_nw_dst:198.51.100.7,output:rep2")):
            o.ofctl("add-flow", "in_port=rep0,udp,tp_dst=%d,actions=%s" % (port, actions), "-O", "OpenFlow13")
        return {"port %d" % port: o.through(0, o.udp(0, 1, port), dict.fromkeys(want, 1),
                                            "dst=%d)" % port)
                for port, want in ((7, (1, 2, "wire")), (8, (1, "wire")), (9, (1, "wire")), (10, (1, 2)))}
    both(scenario, policy="[vf 1-3]\ntrust = on\n")


def mirrored():
    """A mirror is one more output of the same rule."""
    def scenario(o):
        o.vsctl("--", "--id=@s", "get", "port", "rep0", "--", "--id=@o", "get", "port", "rep3", "--", "--id=@m",
                "create", "mirror", "name=m0", "select_src_port=@s", "select_dst_port=@s", "output_port=@o", "--",
                "add", "bridge", BRIDGE, "mirrors", "@m")
        pings(o, (0, 1), (0, "wire"))
        got = {"%s to %s" % (s, d): o.through(s, o.udp(s, d, 7), {d: 1, 3: 1}, eth(o, s, d), IP)
               for s, d in ((0, 1), (1, 0), (0, "wire"), ("wire", 0))}
        o.vsctl("clear", "bridge", BRIDGE, "mirrors")
        o.appctl("revalidator/purge")  # OVS 3.1 does not look at its flows again for a mirror that goes
        until("rules", o.rules, {})
        got["afterwards"] = o.through(0, o.udp(0, 1, 7), {1: 1}, eth(o, 0, 1), IP)
        return got
    both(scenario, policy="[vf 3]\ntrust = on\n")


if __name__ == "__main__":
    main([vlans_of_the_bridge, several_outputs, mirrored])
