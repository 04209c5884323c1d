#!/usr/bin/python3
# SPDX-License-Identifier: BSD-3-Clause
# Copyright(c) 2026 eswitch contributors
"""OpenFlow actions of stock OVS-DPDK that edit a frame: what the e-switch does is, octet by octet, what OVS does."""
from compare import both
from ovs import main
from lab.cases import expect
from lab.packets import TCP, UDP

def actions(rows):
    """rows: (protocol in OpenFlow, actions, what the flow's actions must contain, arrives at)"""
    def scenario(o):
        got = {}
        for port, (proto, text, shown, receiver) in enumerate(rows, 1):
            o.ofctl("add-flow", "in_port=rep0,%s,tp_dst=%d,actions=%s" % (proto, port, text), "-O", "OpenFlow13")
        for port, (proto, text, shown, receiver) in enumerate(rows, 1):
            data = o.packet(0, 1, TCP if proto.startswith("tcp") else UDP, port, 6 if proto.endswith("6") else 4)
            got[proto + " " + text] = result = o.through(0, data, {receiver: 1}, "dst=%d)" % port)
            expect("actions of " + text, [s for s in shown.split() if s not in result[1]], [])
        return got
    both(scenario, policy="[vf 1]\ntrust = on\n")


def addresses():
    """Ethernet and IPv4 addresses and the TTL, with TCP and UDP checksums that follow."""
    actions((
        ("udp", "mod_dl_dst:02:00:00:00:00:77,output:rep1", "eth(dst=", 1),
        ("udp", "mod_dl_src:02:00:00:00:00:77,output:up", "eth(src=", "wire"),
        ("udp", "mod_nw_dst:198.51.100.7,output:rep1", "ipv4(dst=", 1),
        ("tcp", "mod_nw_src:198.51.100.7,output:rep1", "ipv4(src=", 1),
        ("tcp", "mod_nw_src:198.51.100.7,mod_nw_dst:198.51.100.8,output:up", "ipv4(src=198.51.100.7,dst=", "wire"),
        ("udp", "dec_ttl,output:rep1", "ipv4(ttl=63)", 1),
        ("tcp", "dec_ttl,dec_ttl,output:up", "ipv4(ttl=62)", "wire"),
        ("udp", "set_field:9->nw_ttl,output:rep1", "ipv4(ttl=9)", 1),
    ))


def ports_and_ipv6():
    """L4 ports, and the same for IPv6."""
    actions((
        ("tcp", "mod_tp_dst:8080,output:rep1", "tcp(dst=8080)", 1),
        ("udp", "mod_tp_src:53,output:rep1", "udp(src=53)", 1),
        ("udp", "mod_tp_src:53,mod_tp_dst:54,output:up", "udp(src=53,dst=54)", "wire"),
        ("udp6", "set_field:2001:db8::99->ipv6_dst,output:rep1", "ipv6(dst=", 1),
        ("tcp6", "set_field:2001:db8::99->ipv6_src,output:up", "ipv6(src=", "wire"),
        ("udp6", "dec_ttl,output:rep1", "ipv6(hlimit=63)", 1),
        ("tcp6", "mod_tp_dst:8080,output:rep1", "tcp(dst=8080)", 1),
        ("udp6", "mod_tp_src:53,set_field:2001:db8::98->ipv6_src,dec_ttl,output:up", "ipv6( udp(", "wire"),
    ))


def vlans_and_routing():
    """Tags pushed, changed and popped, and all that a router does at once."""
    actions((
        ("udp", "push_vlan:0x8100,set_field:4196->vlan_vid,output:up", "push_vlan(vid=100,pcp=0)", "wire"),
        ("udp", "mod_vlan_vid:100,mod_vlan_pcp:3,output:up", "push_vlan(vid=100,pcp=3)", "wire"),
        ("udp", "push_vlan:0x88a8,set_field:4196->vlan_vid,output:up", "push_vlan(tpid=0x88a8,vid=100,pcp=0)", "wire"),
        ("tcp", "mod_dl_src:02:00:00:00:00:77,mod_dl_dst:02:00:00:00:00:78,mod_nw_src:198.51.100.7,mod_tp_src:6000,"
                "dec_ttl,mod_vlan_vid:200,output:up", "eth( ipv4( tcp( push_vlan(", "wire"),
        ("udp", "mod_dl_src:02:00:00:00:00:77,mod_dl_dst:02:00:00:00:00:78,mod_nw_dst:198.51.100.7,mod_tp_dst:6000,"
                "dec_ttl,output:rep1", "eth( ipv4( udp(", 1),
    ))


if __name__ == "__main__":
    main([addresses, ports_and_ipv6, vlans_and_routing])
