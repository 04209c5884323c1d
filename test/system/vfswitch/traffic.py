#!/usr/bin/python3
# SPDX-License-Identifier: BSD-3-Clause
# Copyright(c) 2026 eswitch contributors
"""Kernel traffic through vfswitch, and through the e-switch alone (VEB mode): ping, TCP, jumbo frames, uplink.

Every case ends by comparing what the kernel sent and got with the sum of the fates: nothing may be unaccounted for.
"""
import contextlib
import os
import sys
import time

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "../../../tools"))
from lab.cases import drops, expect, expect_range, main, total  # noqa: E402
from lab.switch import Netns, Switch, run  # noqa: E402

TWO = "[vf 0-1]\nvlan = access 100\n"
JUMBO = TWO + "mtu = 9000\n"


def conserved(switch):
    """Frames in = frames out + drops, at every VF: the kernel's own counters against the fates."""
    for vf, ns in switch.ns.items():
        if vf == "wire":
            continue
        # A frame is delivered when it is in the VF's queue; a switch that gets no time brings it to the TAP later.
        end = time.monotonic() + 5
        while True:
            c = switch.settle(vf)
            kernel = {d: int(ns.run("cat /sys/class/net/%s/statistics/%s_packets" % (ns.interface, d)))
                      for d in ("tx", "rx")}
            got = c["rx_delivered"] - c["backing_tx_dropped"]
            if (total(c, "tx"), got) == (kernel["tx"], kernel["rx"]) or time.monotonic() > end:
                break
        expect("vf %d: fates of what it sent" % vf, total(c, "tx"), kernel["tx"])
        expect("vf %d: what it got" % vf, got, kernel["rx"])
        expect("vf %d: what its interface refused" % vf, c["backing_tx_dropped"], 0)


@contextlib.contextmanager
def two(mode, policy=TWO, **more):
    """VFs 0 and 1 as 10.0.0.1 and 10.0.0.2, each in its own namespace; stopped and accounted for at the end."""
    switch = Switch(2, policy, taps=(0, 1), devargs=",mode=%s%s" % (mode, more.pop("devargs", "")), **more)
    try:
        for vf in (0, 1):
            switch.ns[vf].address("10.0.0.%d/24" % (vf + 1))
        yield switch
        conserved(switch)
        expect("exit code after SIGINT", switch.stop(), 0)
    finally:
        switch.remove()


def interface_is_the_vf():
    """The kernel's interface has the VF's MAC and MTU without anybody setting them there."""
    with two("switchdev", "[default]\nmtu = 1400\n[vf 0]\nmac = 02:aa:bb:cc:dd:01\n") as s:
        link = s.ns[0].link()
        expect("MAC", link["address"], "02:aa:bb:cc:dd:01")
        expect("MTU", link["mtu"], 1400)
        expect("MAC of vf 1", s.ns[1].link()["address"], s.mac(1).lower())


def _ping_and_tcp(mode):
    with two(mode) as s:
        expect("replies", s.ns[0].ping("10.0.0.2", 5)[0], 5)
        expect("drops of vf 0", drops(s.counters(0)), {})
        for reverse in (False, True):
            rate = s.ns[0].iperf(s.ns[1], "10.0.0.2", 2, reverse)
            expect_range("TCP bit/s, reverse=%s" % reverse, rate, 20e6, 1e12)


def ping_and_tcp_switchdev():
    """Ping, and TCP both ways, through representors and vfswitch."""
    _ping_and_tcp("switchdev")


def ping_and_tcp_veb():
    """The same where the e-switch forwards by itself."""
    _ping_and_tcp("veb")


def _jumbo(mode):
    with two(mode, JUMBO, devargs=",mtu=9000") as s:
        for vf in (0, 1):
            s.ns[vf].run("ip link set vf%d mtu 9000" % vf)
        expect("replies of 9000 octets", s.ns[0].ping("10.0.0.2", 3, 8972, "-M do")[0], 3)
        expect_range("TCP bit/s", s.ns[0].iperf(s.ns[1], "10.0.0.2", 1), 20e6, 1e12)


def jumbo_switchdev():
    """9000 octets of MTU, not fragmented."""
    _jumbo("switchdev")


def jumbo_veb():
    """The same in VEB mode."""
    _jumbo("veb")


def _uplink(mode):
    with two(mode, uplink=True) as s:
        s.ns["wire"].vlan(100, "10.0.0.9/24")
        s.ns["wire"].address("10.0.1.9/24")
        expect("replies from outside, VLAN 100", s.ns[0].ping("10.0.0.9", 3)[0], 3)
        expect("replies from VF 1 to outside", s.ns["wire"].ping("10.0.0.2", 3)[0], 3)
        s.ns[0].address("10.0.1.1/24")
        expect("replies from outside, untagged", s.ns[0].ping("10.0.1.9", 2)[0], 0)
        expect_range("TCP bit/s", s.ns[0].iperf(s.ns["wire"], "10.0.0.9", 1), 20e6, 1e12)
        wire = s.settle("wire")
        expect_range("frames to the wire", wire["rx_delivered"], 10, 1 << 40)


def uplink_switchdev():
    """A station behind the uplink, which sees the access VLAN as a tag."""
    _uplink("switchdev")


def uplink_veb():
    """The same in VEB mode."""
    _uplink("veb")


def two_workers():
    """Two lcores that share the ports: nothing is lost or sent twice."""
    with two("switchdev", lcores="0,1") as s:
        expect("replies", s.ns[0].ping("10.0.0.2", 5)[0], 5)
        for reverse in (False, True):
            rate = s.ns[0].iperf(s.ns[1], "10.0.0.2", 2, reverse)
            expect_range("TCP bit/s, reverse=%s" % reverse, rate, 20e6, 1e12)


def uplink_af_packet():
    """The uplink is one end of a veth pair; the kernel takes tags out of what it gives to AF_PACKET."""
    run("ip link add name up0 type veth peer name up1 && ip link set up0 up && ip link set up1 up")
    try:
        with two("switchdev", vdevs=["net_af_packet0,iface=up0"], devargs=",uplink=net_af_packet0") as s:
            outside = Netns("outside", "up1")
            try:
                outside.vlan(100, "10.0.0.9/24")
                expect("replies from outside, VLAN 100", s.ns[0].ping("10.0.0.9", 3)[0], 3)
                expect("replies from VF 1 to outside", outside.ping("10.0.0.2", 3)[0], 3)
            finally:
                outside.remove()
    finally:
        run("ip link del up0", check=False)


if __name__ == "__main__":
    main([interface_is_the_vf, ping_and_tcp_switchdev, ping_and_tcp_veb, jumbo_switchdev, jumbo_veb,
          uplink_switchdev, uplink_veb, two_workers, uplink_af_packet])
