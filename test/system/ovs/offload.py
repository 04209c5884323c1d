#!/usr/bin/python3
# SPDX-License-Identifier: BSD-3-Clause
# Copyright(c) 2026 eswitch contributors
"""Stock OVS-DPDK with hw-offload=true: its flows become rules of the e-switch, which switches as OVS would have.

Each scenario runs twice, with and without offload, and what the receivers got is compared octet by octet.
"""
import re

from compare import IP, TIMES, both, eth, members, pings
from ovs import main, until
from lab.cases import expect, expect_range

def vf_to_vf_and_wire():
    """Between VFs, and between a VF and the wire, both ways."""
    pairs = ((0, 1), (1, 0), (0, "wire"), ("wire", 0))

    def scenario(o):
        pings(o, (0, 1), (0, "wire"))
        got = {}
        for source, destination in pairs:
            got["%s to %s" % (source, destination)] = o.through(
                source, o.udp(source, destination, 7), {destination: 1}, eth(o, source, destination), IP)
        flows = o.flows(IP, kind="dpdk")
        expect("flows of type=dpdk", sorted((f.in_port, f.where, f.actions) for f in flows),
               sorted((o.port_of(s), "yes dpdk", o.port_of(d)) for s, d in pairs) if o.offload else [])
        # ARP replies went the same way.
        expect("rules", o.rules(), {"rep0": 2, "rep1": 2, "up": 2} if o.offload else {})
        return got
    both(scenario)


def statistics():
    """OVS's own counters rise, of datapath flows and of OpenFlow rules, while its threads see no frame."""
    with members() as o:
        pings(o, (0, 1))
        o.carrier(0, (eth(o, 0, 1), IP), "yes dpdk")
        o.carrier(1, (eth(o, 1, 0), IP), "yes dpdk")
        ports = [o.ask("vf", vf)["state"]["representor_port"] for vf in (0, 1)]

        def own():
            """What the representors have received and sent themselves, by telemetry and by ethdev."""
            stats = [o.ask("stats", "rep%d" % vf) for vf in (0, 1)]
            xstats = [o.telemetry.ask("/ethdev/xstats,%d" % p) for p in ports]
            return [[s["rx_delivered"] for s in stats], [s["tx_forwarded"] for s in stats],
                    [x["rep_rx_delivered"] for x in xstats], [x["rep_tx_forwarded"] for x in xstats]]

        def by_flow():
            return o.carrier(0, (eth(o, 0, 1), IP), "yes dpdk")

        def by_rule():
            return sum(int(n) for n in re.findall(r"n_packets=(\d+)", o.ofctl("dump-flows")))
        before, seen = own(), o.received()
        flow, rule, vf = by_flow(), by_rule(), o.ask("stats", 0)
        expect("replies", o.ns[0].ping("10.0.0.2", 20, 500, "-i 0.02")[0], 20)
        # ARP would be asked again only after a minute.
        expect("frames of the representors", own(), before)
        expect("frames that the threads received", o.received() - seen, 0)
        until("frames of the flow", lambda: by_flow().packets - flow.packets, 20)
        expect("octets of the flow", by_flow().bytes - flow.bytes, 20 * 542)
        expect("frames of VF 0", o.ask("stats", 0)["tx_forwarded"] - vf["tx_forwarded"], 20)
        until("frames of the OpenFlow rule", lambda: by_rule() - rule >= 40, True)
        rate = o.ns[0].iperf(o.ns[1], "10.0.0.2", 1)
        expect_range("TCP bit/s", rate, 20e6, 1e12)
        expect("frames that the threads received during TCP", o.received() - seen, 0)
        until("octets of the flow, TCP", lambda: by_flow().bytes - flow.bytes > rate / 8 / 2, True)
        until("frames of interface rep0", lambda: o.statistics("rep0")["rx_packets"],
              o.ask("stats", 0)["tx_forwarded"])
        expect("complaints", o.complaints(), [])


def drop_rules():
    """actions=drop: the frames end in the e-switch, and count as such."""
    def scenario(o):
        o.ofctl("add-flow", "priority=9,in_port=rep0,udp,tp_dst=7,actions=drop")
        o.ofctl("add-flow", "priority=9,in_port=up,udp,tp_dst=7,actions=drop")
        pings(o, (0, 1), (0, "wire"))
        got = {"VF 0": o.through(0, o.udp(0, 1, 7), {}, "dst=7)"),
               "wire": o.through("wire", o.udp("wire", 0, 7), {}, "dst=7)"),
               "another port": o.through(0, o.udp(0, 1, 8), {1: 1}, eth(o, 0, 1), "dst=8/0xfff8)")}
        expect("action", got["VF 0"], ({}, "drop"))
        drops = [o.ask("stats", port)["tx_flow_drop"] for port in (0, "wire")]
        expect("tx_flow_drop of VF 0 and the wire", drops, [TIMES, TIMES] if o.offload else [0, 0])
        return got
    both(scenario)


if __name__ == "__main__":
    main([vf_to_vf_and_wire, statistics, drop_rules])
