# SPDX-License-Identifier: BSD-3-Clause
# Copyright(c) 2026 eswitch contributors
"""Flow rules that change frames, by testpmd's commands: what comes out, octet by octet, with lengths and checksums."""
from flowbed import IP, MAC, OUTSIDE, PF, REP0, REP1, TCP, UDP, Bed, Ether, IPv6, Raw, main, tagged, tcp, tcp6, udp, udp6
from scapy.layers.inet import IPOption_NOP
from scapy.layers.vxlan import VXLAN
from testpmd import equal, expect

TO_WIRE = f"represented_port ethdev_port_id {PF}"
TO_VF0 = f"represented_port ethdev_port_id {REP0}"
TO_VF1 = f"represented_port ethdev_port_id {REP1}"
C, S = 0x8100, 0x88a8
ROUTER = "02:00:00:00:0f:02"


def edits(t, pattern, actions, *cases, tag=0):
    """From VF 0 to the wire under one rule. cases: what is sent, and what comes out. tag: octets that the policy adds."""
    rule = t.rule(f"{REP0} transfer pattern {pattern} / end actions {actions} / count / {TO_WIRE} / end")
    for sent, got in cases:
        t.passes("vf0", sent, wire=got)
    equal(t.count(REP0, rule), (len(cases), sum(len(bytes(sent)) + tag for sent, _ in cases)), f"count of {actions}")
    t.do(f"flow destroy {REP0} rule {rule}")


def test_vlan_push(so):
    """A first tag with TCI 0, a second with that of the first, VID and priority of the outer one."""
    t = Bed(so)
    p = udp()
    edits(t, "eth", f"of_push_vlan ethertype {C}", (p, tagged(p, (C, 0))))
    edits(t, "eth", f"of_push_vlan ethertype {S} / of_set_vlan_vid vlan_vid 4095", (p, tagged(p, (S, 4095))))
    edits(t, "eth / ipv6", f"of_push_vlan ethertype {C} / of_set_vlan_vid vlan_vid 100 / of_set_vlan_pcp vlan_pcp 5",
          (udp6(), tagged(udp6(), (C, 5 << 13 | 100))), (tcp6(), tagged(tcp6(), (C, 5 << 13 | 100))))
    edits(t, "eth", f"of_push_vlan ethertype {C} / of_set_vlan_vid vlan_vid 10 / of_set_vlan_pcp vlan_pcp 3 / "
          f"of_push_vlan ethertype {S}", (p, tagged(p, (S, 3 << 13 | 10), (C, 3 << 13 | 10))))
    edits(t, "eth", f"of_push_vlan ethertype {C} / of_set_vlan_vid vlan_vid 10 / of_push_vlan ethertype {S} / "
          "of_set_vlan_vid vlan_vid 20 / of_set_vlan_pcp vlan_pcp 1", (p, tagged(p, (S, 1 << 13 | 20), (C, 10))))
    edits(t, "eth", f"of_push_vlan ethertype {C} / of_pop_vlan", (p, p))
    equal(t.quit(), 0, "exit status")


def test_vlan_of_the_frame(so):
    """Tags that a frame came with: popped, renumbered with DEI kept, and tagged again."""
    t = Bed(so)
    p = udp(src=OUTSIDE, dst=MAC[1])
    for pattern, actions, sent, got in (
            ("eth / vlan vid is 100", "of_pop_vlan", [(C, 100)], []),
            ("eth / vlan vid is 100", "of_pop_vlan", [(S, 100), (C, 7)], [(C, 7)]),
            ("eth / vlan vid is 100 / vlan vid is 7", "of_pop_vlan / of_pop_vlan", [(S, 100), (C, 7)], []),
            ("eth / vlan tci spec 0x1000 tci mask 0x1000", "of_set_vlan_vid vlan_vid 8", [(C, 0xb000 | 5)], [(C, 0xb000 | 8)]),
            ("eth / vlan pcp is 2", "of_set_vlan_pcp vlan_pcp 7", [(S, 0x5000 | 9)], [(S, 0xf000 | 9)]),
            ("eth has_vlan is 1", f"of_push_vlan ethertype {S} / of_set_vlan_vid vlan_vid 9", [(C, 5)], [(S, 9), (C, 5)]),
            ("eth type is 0x8100 / vlan inner_type is 0x0800 / ipv4 / udp dst is 2000", "of_pop_vlan / "
             f"of_push_vlan ethertype {S}", [(C, 5)], [(S, 0)])):
        rule = t.rule(f"{PF} transfer pattern {pattern} / end actions {actions} / {TO_VF1} / end")
        t.passes("wire", tagged(p, *sent), vf1=tagged(p, *got))
        t.passes("wire", udp(src=OUTSIDE, dst=MAC[1]), pf=1)  # no tag, not of this rule
        t.do(f"flow destroy {PF} rule {rule}")
    # the tag of the VF's own policy is in the frame when rules look, and its receiver's policy looks afterwards
    t.do(f"tx_vlan set pvid {REP0} 100 on")
    edits(t, "eth / vlan vid is 100", "of_pop_vlan", (udp(), udp()), tag=4)
    edits(t, "eth / vlan vid is 100", "of_set_vlan_vid vlan_vid 200", (udp(), tagged(udp(), (C, 200))), tag=4)
    into = udp(src=OUTSIDE, dst=MAC[0])
    t.rule(f"{PF} transfer pattern eth / vlan vid is 5 / end actions of_set_vlan_vid vlan_vid 100 / {TO_VF0} / end")
    t.rule(f"{PF} transfer pattern eth / vlan vid is 6 / end actions {TO_VF0} / end")
    t.passes("wire", tagged(into, (C, 5)), vf0=into)
    before = t.stats("vf0")["rx_vlan"]
    t.passes("wire", tagged(into, (C, 6)))
    equal(t.stats("vf0")["rx_vlan"], before + 1, "a VLAN that the policy does not allow")
    equal(t.quit(), 0, "exit status")


def test_addresses(so):
    """Each edit of addresses, and checksums of IPv4, TCP and UDP behind it."""
    t = Bed(so)
    edits(t, "eth", f"set_mac_src mac_addr {ROUTER}", (udp(), udp(src=ROUTER)))
    edits(t, "eth", f"set_mac_dst mac_addr {ROUTER}", (udp6(), udp6(dst=ROUTER)))
    edits(t, "eth", "mac_swap", (udp(), udp(src=OUTSIDE, dst=MAC[0])))
    for way, field in (("src", "saddr"), ("dst", "daddr")):
        new = {field: "203.0.113.254"}
        edits(t, "eth / ipv4", f"set_ipv4_{way} ipv4_addr {new[field]}", (udp(), udp(**new)), (tcp(), tcp(**new)),
              (udp(options=[IPOption_NOP()] * 4), udp(options=[IPOption_NOP()] * 4, **new)))
        new = {field: "2001:db8:ffff::abcd"}
        edits(t, "eth / ipv6", f"set_ipv6_{way} ipv6_addr {new[field]}", (udp6(), udp6(**new)), (tcp6(), tcp6(**new)))
    for way, field in (("src", "sport"), ("dst", "dport")):
        for pattern, kind in (("eth / ipv4 / udp", udp), ("eth / ipv4 / tcp", tcp), ("eth / ipv6 / udp", udp6),
                              ("eth / ipv6 / tcp", tcp6)):
            edits(t, pattern, f"set_tp_{way} port 53", (kind(), kind(**{field: 53})))
    equal(t.quit(), 0, "exit status")


def test_checksums(so):
    """A UDP checksum of 0 stays so, one that would become 0 is 0xffff; a later fragment has none; a wrong one stays wrong."""
    t = Bed(so)
    change = "set_ipv4_dst ipv4_addr 10.9.9.9 / set_ipv4_src ipv4_addr 10.8.8.8"
    new = {"saddr": "10.8.8.8", "daddr": "10.9.9.9"}
    none, none_new = udp(), udp(**new)
    none[UDP].chksum = none_new[UDP].chksum = 0
    # the payload that makes the new checksum 0: what it was, added to a word that is 0
    fill = udp(data=bytes(32), **new)
    value = UDP(bytes(fill[UDP])).chksum
    data = value.to_bytes(2, "big") + bytes(30)
    ones = udp(data=data, **new)
    equal(UDP(bytes(ones[UDP])).chksum, 0xffff, "the case that is meant")
    later, later_new = (Ether(src=MAC[0], dst=OUTSIDE) / IP(src=src, dst=dst, id=9, frag=40, flags="MF", proto=17) /
                        Raw(b"the rest of a datagram, whose header was in another frame")
                        for src, dst in (("10.0.0.1", "10.0.0.2"), ("10.8.8.8", "10.9.9.9")))
    edits(t, "eth / ipv4", change, (none, none_new), (udp(data=data), ones), (later, later_new))
    bad = tcp()
    bad[TCP].chksum = TCP(bytes(tcp()[TCP])).chksum ^ 0x0100
    t.rule(f"{REP0} transfer pattern eth / end actions set_mac_src mac_addr {ROUTER} / {TO_WIRE} / end")
    sent = bytes(bad)
    t.passes("vf0", sent, wire=sent[:6] + bytes.fromhex(ROUTER.replace(":", "")) + sent[12:])
    equal(t.quit(), 0, "exit status")


def test_ttl_and_dscp(so):
    """Hop limits set and counted down, to the last; DSCP without ECN."""
    t = Bed(so)
    edits(t, "eth / ipv4", "set_ttl ttl_value 9", (udp(), udp(ttl=9)), (tcp(ttl=255), tcp(ttl=9)))
    edits(t, "eth / ipv6", "set_ttl ttl_value 9", (udp6(), udp6(hlim=9)))
    edits(t, "eth / ipv4", "dec_ttl", (udp(), udp(ttl=63)), (udp(ttl=2), udp(ttl=1)))
    edits(t, "eth / ipv6", "dec_ttl / dec_ttl", (tcp6(hlim=255), tcp6(hlim=253)))
    edits(t, "eth / ipv4", "set_ipv4_dscp dscp_value 46", (udp(), udp(tos=46 << 2)), (tcp(tos=0xff), tcp(tos=46 << 2 | 3)))
    edits(t, "eth / ipv6", "set_ipv6_dscp dscp_value 10", (udp6(tc=2, fl=0xabcde), udp6(tc=10 << 2 | 2, fl=0xabcde)))
    t.rule(f"{REP0} transfer pattern eth / ipv4 / end actions dec_ttl / {TO_WIRE} / end")
    t.rule(f"{REP0} transfer pattern eth / ipv6 / end actions dec_ttl / {TO_WIRE} / end")
    for packet in (udp(ttl=1), udp(ttl=0), tcp6(hlim=1)):
        t.passes("vf0", packet, "tx_ttl")
    equal(t.quit(), 0, "exit status")


def test_order_of_actions(so):
    """Each output gets the frame as it is there; what comes behind it changes its copy no more; later rules see the changes."""
    t = Bed(so)
    t.rule(f"{REP0} transfer pattern eth / ipv4 / udp / end actions {TO_WIRE} / set_ipv4_dst ipv4_addr 10.7.7.7 / dec_ttl / "
           f"set_mac_dst mac_addr {MAC[1]} / {TO_VF1} / set_tp_dst port 5 / port_representor port_id {PF} / end")
    t.passes("vf0", udp(), wire=udp(), vf1=udp(daddr="10.7.7.7", ttl=63, dst=MAC[1]), pf=1, times=3)
    t.do(f"flow flush {REP0}")
    # source NAT with everything that a router does, and back
    t.rule(f"{REP0} transfer pattern eth / ipv4 src spec 10.0.0.0 src prefix 24 / tcp / end actions set_mac_src mac_addr {ROUTER} / "
           f"set_mac_dst mac_addr {OUTSIDE} / dec_ttl / set_ipv4_src ipv4_addr 192.0.2.1 / set_tp_src port 40000 / "
           f"of_push_vlan ethertype {C} / of_set_vlan_vid vlan_vid 7 / {TO_WIRE} / end")
    t.rule(f"{PF} transfer pattern eth / vlan vid is 7 / ipv4 dst is 192.0.2.1 / tcp dst is 40000 / end actions of_pop_vlan / "
           f"set_mac_src mac_addr {ROUTER} / set_mac_dst mac_addr {MAC[0]} / dec_ttl / set_ipv4_dst ipv4_addr 10.0.0.1 / "
           f"set_tp_dst port 1000 / {TO_VF0} / end")
    t.passes("vf0", tcp(dst=ROUTER), wire=tagged(tcp(src=ROUTER, saddr="192.0.2.1", sport=40000, ttl=63), (C, 7)))
    back = {"saddr": "10.0.0.2", "sport": 2000}
    t.passes("wire", tagged(tcp(src=OUTSIDE, dst=ROUTER, daddr="192.0.2.1", dport=40000, **back), (C, 7)),
             vf0=tcp(src=ROUTER, dst=MAC[0], daddr="10.0.0.1", dport=1000, ttl=63, **back))
    # jump and passthru: what was changed is what the next rule matches
    for fate, attr in (("jump group 1", "group 1"), ("passthru", "priority 1")):
        t.do(f"flow flush {REP0}")
        t.rule(f"{REP0} transfer pattern eth / ipv4 / udp dst is 2000 / end actions set_ipv4_dst ipv4_addr 10.5.5.5 / "
               f"of_push_vlan ethertype {C} / {fate} / end")
        t.rule(f"{REP0} transfer {attr} pattern eth / vlan / ipv4 dst is 10.5.5.5 / udp dst is 2000 / end actions of_pop_vlan / "
               f"set_tp_dst port 2001 / {TO_WIRE} / end")
        t.passes("vf0", udp(), wire=udp(daddr="10.5.5.5", dport=2001))
    equal(t.quit(), 0, "exit status")


def test_sample(so):
    """A mirror, one frame in two, and what a sample alone changes."""
    t = Bed(so)
    frame = udp(dst="ff:ff:ff:ff:ff:ff")
    t.silent(f"set sample_actions 0 port_id id {REP1} / end")
    t.rule(f"{REP0} transfer pattern eth / end actions sample ratio 1 index 0 / {TO_WIRE} / end")
    t.passes("vf0", frame, wire=frame, vf1=frame, times=3)
    t.do(f"flow flush {REP0}")
    t.rule(f"{REP0} transfer pattern eth / ipv4 / end actions set_ipv4_src ipv4_addr 10.0.0.9 / sample ratio 1 index 0 / "
           f"set_ipv4_dst ipv4_addr 10.0.0.8 / {TO_WIRE} / end")
    broadcast = {"dst": "ff:ff:ff:ff:ff:ff", "saddr": "10.0.0.9"}
    t.passes("vf0", frame, vf1=udp(**broadcast), wire=udp(daddr="10.0.0.8", **broadcast))
    # one in two, at random: of 400 frames 200 +- 80, which is eight times the standard deviation
    t.do(f"flow flush {REP0}", f"set sample_actions 1 count / port_id id {REP1} / end")
    t.rule(f"{REP0} transfer pattern eth / end actions sample ratio 2 index 1 / {TO_WIRE} / end")
    before = t.stats("vf1")["rx_delivered"], t.stats("wire")["rx_delivered"]
    for _ in range(20):
        t.send("vf0", *[frame] * 20)
        equal(len(t.get("wire", 20)), 20, "frames that were sampled or not")
    sampled = t.stats("vf1")["rx_delivered"] - before[0]
    expect(120 <= sampled <= 280, f"{sampled} of 400")
    equal(t.stats("wire")["rx_delivered"] - before[1], 400, "frames")
    got = t.get("vf1", sampled)
    equal(got, [bytes(frame)] * sampled, "samples")
    # what the sample is wrapped in, the frame is not
    t.do(f"flow flush {REP0}", VXLAN_V4.format(5), f"set sample_actions 2 vxlan_encap / port_id id {PF} / end")
    t.rule(f"{REP0} transfer pattern eth / end actions sample ratio 1 index 2 / {TO_VF1} / end")
    t.passes("vf0", frame, vf1=frame, wire=outer(5) / frame)
    t.do(f"flow flush {REP0}", f"set raw_encap 3 {RAW_OUTER} / end_set",
         f"set sample_actions 3 raw_encap index 3 / port_id id {PF} / end")
    t.rule(f"{REP0} transfer pattern eth / end actions sample ratio 1 index 3 / {TO_VF1} / end")
    t.passes("vf0", frame, vf1=frame, wire=outer(1234, vni=99, ttl=7) / frame)
    equal(t.quit(), 0, "exit status")


FAR, NEAR = "02:00:00:00:01:02", "02:00:00:00:01:01"
VXLAN_V4 = ("set vxlan ip-version ipv4 vni 42 udp-src {} udp-dst 4789 ip-src 192.0.2.1 ip-dst 192.0.2.2 "
            f"eth-src {NEAR} eth-dst {FAR}")
RAW_OUTER = (f"eth dst is {FAR} src is {NEAR} type is 0x0800 / ipv4 src is 192.0.2.1 dst is 192.0.2.2 ttl is 7 / "
             "udp src is 1234 dst is 4789 / vxlan vni is 99")


def outer(sport, vni=42, l3=None, src=NEAR, dst=FAR, **ip):
    """What goes in front: lengths and the IPv4 checksum are scapy's, the UDP checksum is 0 (RFC 7348 5)."""
    l3 = l3 or IP(**{"src": "192.0.2.1", "dst": "192.0.2.2", "id": 0, "ttl": 64, **ip})
    return Ether(src=src, dst=dst) / l3 / UDP(sport=sport, dport=4789, chksum=0) / VXLAN(vni=vni, flags="Instance")


def test_vxlan(so):
    """Into tunnels over IPv4, IPv6 and a VLAN, with a source port of the flow; out of them, by VNI and inner headers."""
    t = Bed(so)
    t.silent(VXLAN_V4.format(5))
    edits(t, "eth", "vxlan_encap", (udp(), outer(5) / udp()), (tcp6(), outer(5) / tcp6()))
    t.silent(f"set vxlan-tos-ttl ip-version ipv4 vni 16777215 udp-src 5 udp-dst 4789 ip-tos 8 ip-ttl 9 ip-src 192.0.2.1 "
             f"ip-dst 192.0.2.2 eth-src {NEAR} eth-dst {FAR}")
    edits(t, "eth", "vxlan_encap", (udp(), outer(5, vni=16777215, tos=8, ttl=9) / udp()))
    t.silent(f"set vxlan-with-vlan ip-version ipv6 vni 42 udp-src 5 udp-dst 4789 ip-src 2001:db8::11 ip-dst 2001:db8::12 "
             f"vlan-tci 5 eth-src {NEAR} eth-dst {FAR}")
    six = IPv6(src="2001:db8::11", dst="2001:db8::12", hlim=64)
    edits(t, "eth", "vxlan_encap", (udp(), tagged(outer(5, l3=six) / udp(), (C, 5))))
    # the source port is the inner flow's
    t.silent(VXLAN_V4.format(0))
    t.rule(f"{REP0} transfer pattern eth / end actions vxlan_encap / {TO_WIRE} / end")
    ports = {}
    for sport in range(2000, 2008):
        for _ in range(2):
            t.send("vf0", udp(sport=sport))
            got = t.get("wire", 1)[0]
            port = int.from_bytes(got[34:36], "big")
            expect(49152 <= port <= 65535, f"source port {port}")
            equal(got, bytes(outer(port) / udp(sport=sport)), "in a tunnel")
            equal(ports.setdefault(sport, port), port, "source port of one flow")
    expect(len(set(ports.values())) > 1, ports)
    # and out again
    t.rule(f"{PF} transfer pattern eth / ipv4 dst is 192.0.2.2 / udp / vxlan vni is 42 / eth / ipv4 / udp dst is 2000 / end "
           f"actions vxlan_decap / count / {TO_VF0} / end")
    for inner in (udp(src=OUTSIDE, dst=MAC[0]), udp(src=OUTSIDE, dst=MAC[0], data=bytes(1300))):
        t.passes("wire", outer(50000) / inner, vf0=inner)
    inner = udp(src=OUTSIDE, dst=MAC[0])
    for other in (outer(50000, vni=43) / inner, outer(50000, dst=FAR) / udp(src=OUTSIDE, dst=MAC[0], dport=2001),
                  outer(50000) / tcp(src=OUTSIDE, dst=MAC[0]), inner):
        t.passes("wire", other, pf=1)
    # from one tunnel into another, with a change between them
    t.do(f"flow flush {REP0}", VXLAN_V4.format(6))
    t.rule(f"{REP0} transfer pattern eth / ipv4 / udp / vxlan / eth / ipv4 / end actions vxlan_decap / set_ipv4_src "
           f"ipv4_addr 10.1.1.1 / dec_ttl / vxlan_encap / {TO_WIRE} / end")
    t.passes("vf0", outer(7, vni=9, src=MAC[0]) / udp(), wire=outer(6) / udp(saddr="10.1.1.1", ttl=63))
    equal(t.quit(), 0, "exit status")


def test_raw(so):
    """Octets in front, off the front, and both: another Ethernet header, and a tunnel that nobody here knows by name."""
    t = Bed(so)
    t.silent(f"set raw_encap 0 {RAW_OUTER} / end_set")
    t.says("show raw_encap 0", "len=50")
    edits(t, "eth", "raw_encap index 0", (udp(), outer(1234, vni=99, ttl=7) / udp()))
    t.silent("set raw_decap 0 eth / ipv4 / udp / vxlan / end_set")
    t.says("show raw_decap 0", "len=50")
    t.rule(f"{PF} transfer pattern eth / ipv4 / udp dst is 4789 / end actions raw_decap index 0 / {TO_VF0} / end")
    inner = tcp(src=OUTSIDE, dst=MAC[0])
    t.passes("wire", outer(1234) / inner, vf0=inner)
    # Ethernet header for Ethernet and VLAN
    t.silent("set raw_decap 1 eth / end_set")
    t.silent(f"set raw_encap 1 eth src is {NEAR} dst is {FAR} type is 0x8100 / vlan tci is 0x2005 inner_type is 0x0800 / end_set")
    edits(t, "eth / ipv4", "raw_decap index 1 / raw_encap index 1", (udp(), tagged(udp(src=NEAR, dst=FAR), (C, 0x2005))))
    # Ethernet over GRE (RFC 2784, protocol 0x6558) over IPv4
    t.silent(f"set raw_encap 2 eth src is {NEAR} dst is {FAR} type is 0x0800 / ipv4 src is 192.0.2.1 dst is 192.0.2.2 ttl is 64 "
             "proto is 47 / gre protocol is 0x6558 / end_set")
    gre = Ether(src=NEAR, dst=FAR) / IP(src="192.0.2.1", dst="192.0.2.2", id=0, proto=47) / Raw(bytes.fromhex("00006558"))
    edits(t, "eth", "raw_encap index 2", (udp6(), gre / udp6()))
    equal(t.quit(), 0, "exit status")


if __name__ == "__main__":
    main(globals())
