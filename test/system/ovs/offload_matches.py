#!/usr/bin/python3
# SPDX-License-Identifier: BSD-3-Clause
# Copyright(c) 2026 eswitch contributors
"""What flows of stock OVS-DPDK match beside addresses and ports."""
from compare import both
from ovs import main
from lab.frames import TPID_C, TPID_S, frame
from lab.packets import ICMP, TCP, UDP


def fragments():
    """First and later fragments and whole packets are different flows.

    OVS 3.1 offers the e-switch later fragments from an offset of 64 octets on only, and where it rewrites an address
    itself it "corrects" a checksum that later fragments do not have: neither is asked for here.
    """
    def scenario(o):
        o.ofctl("add-flow", "priority=1,in_port=rep0,ip,actions=mod_nw_dst:198.51.100.7,output:rep1")
        o.ofctl("add-flow", "priority=2,in_port=rep0,ip,ip_frag=later,actions=mod_dl_src:02:00:00:00:00:77,output:rep1")
        o.ofctl("add-flow", "priority=1,in_port=rep0,ipv6,actions=dec_ttl,output:rep1")
        rows = ((4, 0x4000, "frag=no)"), (4, 0x2000, "frag=first)"), (4, 0x20b9, "frag=later)"),
                (4, 0x0172, "frag=later)"), (6, None, "frag=no)"), (6, 0x0001, "frag=first)"),
                (6, 0x0009, "frag=later)"), (6, 0x0b90, "frag=later)"))
        return {"IPv%d %s" % (version, bits): o.through(0, o.packet(0, 1, UDP, 7, version, fragment=bits), {1: 1},
                                                        "ipv%d(" % version, kind)
                for version, bits, kind in rows}
    both(scenario)


def other_protocols():
    """Flows that match ICMP types, TCP flags, another IP protocol, and no IP at all."""
    def scenario(o):
        o.ofctl("add-flow", "priority=1,in_port=rep0,actions=output:rep1")
        o.ofctl("add-flow", "priority=2,in_port=rep0,icmp,icmp_type=8,actions=output:rep2")
        o.ofctl("add-flow", "priority=2,in_port=rep0,tcp,tcp_flags=+syn,actions=drop")
        return {"EtherType 0x88b5": o.through(0, frame(o.mac(1), o.mac(0), mark=o.mark()), {1: 1}, "eth_type(0x88b5)"),
                "echo request": o.through(0, o.packet(0, 1, ICMP, 0, icmp=8), {2: 1}, "icmp(type=8"),
                "echo reply": o.through(0, o.packet(0, 1, ICMP, 0, icmp=0), {1: 1}, "icmp(type=0"),
                "SYN": o.through(0, o.packet(0, 1, TCP, 7, flags=2), {}, "flags(+syn)"),
                "ACK": o.through(0, o.packet(0, 1, TCP, 7, flags=16), {1: 1}, "flags(-syn)"),
                "other IP": o.through(0, o.packet(0, 1, 89, 0), {1: 1}, "proto=89")}
    both(scenario, policy="[vf 2]\ntrust = on\n")


def tags():
    """One tag and two, of either kind; OVS looks at the outer one, and at the EtherType behind it."""
    def scenario(o):
        o.ofctl("add-flow", "priority=1,in_port=rep0,actions=output:rep1")
        o.ofctl("add-flow", "priority=2,in_port=rep0,dl_vlan=7,actions=mod_vlan_vid:8,output:rep1")
        o.ofctl("add-flow", "priority=2,in_port=rep0,dl_vlan=9,actions=strip_vlan,output:rep1")
        return {str(stack): o.through(0, frame(o.mac(1), o.mac(0), stack, o.mark()), {1: 1}, word)
                for word, *stack in (("vlan(vid=5,", (TPID_C, 5)), ("vlan(vid=6,", (TPID_C, 6), (TPID_C, 1)),
                                     ("vlan(vid=7,", (TPID_C, 0x6007), (TPID_C, 1)),
                                     ("vlan(vid=9,", (TPID_C, 9), (TPID_C, 2)), ("eth_type(0x88a8),vlan(vid=3,", (TPID_S, 3)),
                                     ("),eth_type(0x88b5)",))}
    both(scenario, policy="[vf 0-1]\nvlan = all\n")


if __name__ == "__main__":
    main([fragments, other_protocols, tags])
