#!/usr/bin/python3
# SPDX-License-Identifier: BSD-3-Clause
# Copyright(c) 2026 eswitch contributors
"""Stock OVS-DPDK switches between VFs and the uplink: ping, ARP, TCP, VLANs with the VFs' policy, mirrors.

The TAP interfaces are handed to their namespaces before OVS knows the ports.
"""
import time

from ovs import BRIDGE, main, ovs
from lab import frames
from lab.cases import drops, expect, expect_range


def ping_and_tcp():
    """VF to VF, and to the station behind the uplink; TCP both ways; nothing dropped, nothing to complain about."""
    with ovs() as o:
        expect("replies from VF 3 to VF 0", o.ns[0].ping("10.0.0.4", 5)[0], 5)
        expect("replies from the wire to VF 1", o.ns[1].ping("10.0.0.9", 5)[0], 5)
        expect("replies from VF 2 to the wire", o.ns["wire"].ping("10.0.0.3", 5)[0], 5)
        expect("drops of VF 0 to 3", [drops(o.ask("stats", vf)) for vf in range(4)], [{}] * 4)
        expect("neighbour that VF 0 found by ARP",
               o.mac(3) in o.ns[0].run("ip neigh show 10.0.0.4"), True)
        for server, address in (("vf1", "10.0.0.2"), ("wire", "10.0.0.9")):
            for reverse in (False, True):
                rate = o.ns[0].iperf(o.ns["wire" if server == "wire" else 1], address, 1, reverse)
                expect_range("TCP bit/s to %s, reverse=%s" % (server, reverse), rate, 20e6, 1e12)
        flows = o.appctl("dpctl/dump-flows", "-m")
        expect("flows in the datapath", "packets:" in flows, True)
        expect("offloaded ones", "dp:dpdk" in flows, False)
        expect("complaints", o.complaints(), [])


def two_threads():
    """Two PMD threads share two queues of each port: nothing is lost, nothing goes wrong."""
    with ovs(config=("other_config:pmd-cpu-mask=0x3",)) as o:
        for name in ["up"] + ["rep%d" % vf for vf in range(4)]:
            o.vsctl("set", "interface", name, "options:n_rxq=2")
        expect("queues by thread", o.appctl("dpif-netdev/pmd-rxq-show").count("queue-id:"), 10)
        expect("replies", o.ns[0].ping("10.0.0.2", 20, options="-i 0.02")[0], 20)
        for reverse in (False, True):
            expect_range("TCP bit/s, reverse=%s" % reverse, o.ns[0].iperf(o.ns[1], "10.0.0.2", 1, reverse), 20e6, 1e12)
        expect("complaints", o.complaints(), [])


def tag_of_the_bridge():
    """tag= on representors: VFs of different tags do not meet, and the uplink, a trunk, sees the tags."""
    with ovs() as o:
        for vf, tag in enumerate((100, 100, 200, 200)):
            o.vsctl("set", "port", "rep%d" % vf, "tag=%d" % tag)
        expect("replies, VLAN 100 to 100", o.ns[0].ping("10.0.0.2", 2)[0], 2)
        expect("replies, VLAN 200 to 200", o.ns[2].ping("10.0.0.4", 2)[0], 2)
        expect("replies, VLAN 100 to 200", o.ns[0].ping("10.0.0.3", 2)[0], 0)
        wire = o.ns["wire"].port(promiscuous=True)
        vf = o.ns[2].port()
        vf.send(frames.frame(frames.BROADCAST, o.mac(2), mark=b"case"))
        want = frames.frame(frames.BROADCAST, o.mac(2), [(frames.TPID_C, 200)], b"case", 64)
        expect("VF 2's frame on the wire", [g.hex() for g in wire.receive(b"case", 2, 1)], [want.hex()])
        wire.close()
        vf.close()
        o.ns["wire"].vlan(100, "10.0.1.9/24")
        o.ns[0].address("10.0.1.1/24")
        expect("replies from the wire, VLAN 100", o.ns[0].ping("10.0.1.9", 2)[0], 2)


def trunk_of_bridge_and_policy():
    """The policy's trunk and the bridge's trunk: a tag passes where both have it, and refusals are counted."""
    policy = "[vf 0]\nvlan = trunk 100,200\n[vf 1]\nvlan = all\n"
    with ovs(policy=policy) as o:
        o.vsctl("set", "port", "rep0", "vlan_mode=trunk", "trunks=100,300", "--",
                "set", "port", "rep1", "trunks=100,200,300", "--", "set", "port", "rep2", "tag=100")
        tx = o.ns[0].port()
        rx = o.ns[1].port(promiscuous=True)
        for vid, arrives in ((100, 1), (200, 0), (300, 0)):
            tx.send(frames.frame(o.mac(1), o.mac(0), [(frames.TPID_C, vid)], b"case"))
            got = [g.hex() for g in rx.receive(b"case", 0.7, 1)]
            expect("VLAN %d, from VF 0 to VF 1" % vid, got,
                   [frames.frame(o.mac(1), o.mac(0), [(frames.TPID_C, vid)], b"case").hex()] * arrives)
        # 300 is the bridge's but not the policy's; 200 is the policy's, and ended in OVS.
        expect("drops of VF 0", drops(o.ask("stats", 0)), {"tx_vlan": 1})
        # All tags and none: what VF 1 may send, the bridge judges.
        back = o.ns[0].port(promiscuous=True)
        o.ns[1].port().send(frames.frame(o.mac(0), o.mac(1), [(frames.TPID_C, 100)], b"case"))
        expect("VLAN 100, from VF 1 to VF 0", len(back.receive(b"case", 1, 1)), 1)
        for p in (tx, rx, back):
            p.close()
        o.ns[0].vlan(100, "10.0.1.1/24")
        o.ns[2].address("10.0.1.3/24")
        expect("replies, trunk VF to a tag=100 VF", o.ns[0].ping("10.0.1.3", 3)[0], 3)


def access_policy_under_a_bridge():
    """The policy tags what a VF sends: the bridge sees VLAN 100 on its representor, which must be a trunk."""
    with ovs(policy="[vf 0-1]\nvlan = access 100\n") as o:
        o.vsctl("set", "port", "rep2", "tag=100")
        expect("replies, access to access", o.ns[0].ping("10.0.0.2", 2)[0], 2)
        expect("replies, access 100 to tag=100", o.ns[0].ping("10.0.0.3", 2)[0], 2)
        expect("replies, access 100 to no VLAN", o.ns[0].ping("10.0.0.4", 2)[0], 0)


def policy_is_enforced_below_the_bridge():
    """A spoofed source ends before OVS sees it, and shows in the interface's statistics."""
    with ovs() as o:
        rx = o.ns[1].port(promiscuous=True)
        tx = o.ns[0].port()
        tx.send(frames.frame(o.mac(1), "02:66:66:66:66:66", mark=b"case"), 20)
        tx.send(frames.frame(o.mac(1), o.mac(0), mark=b"case"), 5)
        expect("frames that arrived", len(rx.receive(b"case", 2, 5)), 5)
        expect("and no more", len(rx.receive(b"case", 0.5)), 0)
        expect("drops of VF 0", drops(o.ask("stats", 0)), {"tx_spoof": 20})
        expect("what OVS saw of VF 0", "rx pkts=5," in o.ports("rep0"), True)
        rx.close()
        tx.close()


def mirror():
    """A mirror of one representor to another: both directions, as they are on the switch side."""
    with ovs() as o:
        # VF 3 is to take what is not for its address.
        o.vsctl("--", "--id=@m", "create", "mirror", "name=m0", "select-all=false", "--", "add", "bridge", BRIDGE,
                "mirrors", "@m", "--", "--id=@s", "get", "port", "rep0", "--", "set", "mirror", "m0",
                "select_src_port=@s", "select_dst_port=@s", "--", "--id=@o", "get", "port", "rep3", "--",
                "set", "mirror", "m0", "output_port=@o")
        o.ask("vf/set", 3, "trust=on")
        watcher = o.ns[3].port(promiscuous=True)
        ends = [o.ns[vf].port() for vf in (0, 1)]
        time.sleep(0.5)
        for me, you in ((0, 1), (1, 0)):
            ends[me].send(frames.frame(o.mac(you), o.mac(me), mark=b"case"), 3)
        got = watcher.receive(b"case", 2, 6)
        expect("mirrored", sorted(g[6:12].hex() for g in got),
               sorted([frames.mac_bytes(o.mac(vf)).hex() for vf in (0, 1)] * 3))
        for p in ends + [watcher]:
            p.close()
        o.vsctl("clear", "bridge", BRIDGE, "mirrors")


if __name__ == "__main__":
    main([ping_and_tcp, two_threads, tag_of_the_bridge, trunk_of_bridge_and_policy, access_policy_under_a_bridge,
          policy_is_enforced_below_the_bridge, mirror])
