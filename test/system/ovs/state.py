#!/usr/bin/python3
# SPDX-License-Identifier: BSD-3-Clause
# Copyright(c) 2026 eswitch contributors
"""What OVS shows of a port, and the port's carrier: admin state, link, statistics."""
import re

from ovs import main, ovs, until
from lab.cases import expect, expect_range


def admin_state():
    """ovs-ofctl mod-port down takes the VF's carrier away, up gives it back."""
    with ovs() as o:
        o.ofctl("mod-port", "rep0", "down")
        until("VF 0's link", lambda: o.ask("vf", 0)["state"]["link"], "down")
        expect("policy", o.ask("vf", 0)["link"], "down")
        expect("replies", o.ns[0].ping("10.0.0.2", 2)[0], 0)
        o.ofctl("mod-port", "rep0", "up")
        until("VF 0's link", lambda: o.ask("vf", 0)["state"]["link"], "up")
        expect("policy afterwards", o.ask("vf", 0)["link"], "auto")
        expect("replies afterwards", o.ns[0].ping("10.0.0.2", 3)[0], 3)


def link_of_the_policy():
    """A VF whose policy says down: OVS sees its representor down."""
    with ovs() as o:
        o.ask("vf/set", 0, "link=down")
        until("link_state", lambda: o.interface("rep0", "link_state"), "down")
        o.ask("vf/set", 0, "link=auto")
        until("link_state afterwards", lambda: o.interface("rep0", "link_state"), "up")
        expect("link_speed", o.interface("rep0", "link_speed"), "100000000000")


def statistics():
    """Frames and octets in ovs-vsctl, exact; drops by kind; dpctl and mempool commands answer."""
    with ovs() as o:
        expect("replies", o.ns[0].ping("10.0.0.2", 10, 500)[0], 10)
        until("frames from VF 0", lambda: o.statistics("rep0")["rx_packets"], o.ask("stats", 0)["tx_forwarded"])
        for vf in (0, 1):
            mine, got = o.ask("stats", vf), o.statistics("rep%d" % vf)
            for theirs, ours in (("rx_packets", "tx_forwarded"), ("rx_bytes", "tx_bytes"),
                                 ("tx_packets", "rx_delivered"), ("tx_bytes", "rx_bytes")):
                expect("rep%d: %s" % (vf, theirs), got[theirs], mine[ours])
            expect_range("rep%d: rx_bytes" % vf, got["rx_bytes"], 10 * 542, 10 * 542 + 1000)
            expect("rep%d: errors" % vf, (got["rx_errors"], got["tx_errors"]), (0, 0))
        sender = o.ns[0].port()
        sender.send(bytes.fromhex("02000000000102666666666688b5") + bytes(46), 7)
        sender.close()
        until("errors by spoofing", lambda: o.statistics("rep0")["rx_errors"], 7)
        shown = o.appctl("dpctl/show")
        for name in ["up"] + ["rep%d" % v for v in range(4)]:
            expect("%s in dpctl/show" % name, re.search(r"port \d+: %s \(dpdk: " % name, shown) is not None, True)
        expect("a pool in get-mempool-info", "mempool <ovs" in o.appctl("netdev-dpdk/get-mempool-info", "rep0"), True)
        expect("driver_name", o.interface("rep0", "status:driver_name"), "net_eswitch_pf")


if __name__ == "__main__":
    main([admin_state, link_of_the_policy, statistics])
