#!/usr/bin/python3
# SPDX-License-Identifier: BSD-3-Clause
# Copyright(c) 2026 eswitch contributors
"""What the policy forbids does not arrive, and is counted under the right name; what it allows, arrives.

VF 0 sends; VF 1 is its peer in VLAN 100; VF 2 is a trunk of 200 and 201 with native VLAN 100; VF 3 is access 200.
"""
import contextlib
import os
import sys
import time

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "../../../tools"))
from lab import frames  # noqa: E402
from lab.cases import drops, expect, main, total  # noqa: E402
from lab.switch import Switch  # noqa: E402

POLICY = """
[vf 0]
vlan = access 100
[vf 1]
vlan = access 100
mtu = 1400
[vf 2]
vlan = trunk 200-201 native 100
[vf 3]
vlan = access 200
"""
COUNT = 20


@contextlib.contextmanager
def four(mode="switchdev", policy=POLICY):
    """Four VFs in four namespaces."""
    switch = Switch(4, policy, taps=range(4), devargs=",control=telemetry,mode=" + mode)
    try:
        yield switch
        expect("exit code after SIGINT", switch.stop(), 0)
    finally:
        switch.remove()


def blocked(s, data, fate, sender=0, counted_at=None, receivers=(1, 2, 3)):
    """COUNT frames sent by a VF reach no other, and only `fate` counts them."""
    at = sender if counted_at is None else counted_at
    ports = [s.ns[vf].port(promiscuous=True) for vf in receivers]
    before = s.settle(at)
    tx = s.ns[sender].port()
    tx.send(data, COUNT)
    got = [len(p.receive(b"case", 0.3)) for p in ports]
    after = s.settle(at)
    for p in ports + [tx]:
        p.close()
    expect("frames that arrived", got, [0] * len(got))
    expect(fate, after[fate] - before[fate], COUNT)
    direction = fate[:2]
    expect("all %s fates" % direction, total(after, direction) - total(before, direction), COUNT)


def arrives(s, sender, data, receiver, want):
    """COUNT frames sent by one VF reach the other as `want`."""
    rx = s.ns[receiver].port(promiscuous=True)
    tx = s.ns[sender].port()
    tx.send(data, COUNT)
    got = rx.receive(b"case", 2, COUNT)
    rx.close()
    tx.close()
    expect("frames from vf %d to vf %d" % (sender, receiver), len(got), COUNT)
    expect("what arrived", got[0].hex(), want.hex())


def _violations(mode):
    with four(mode) as s:
        mac = [s.mac(vf) for vf in range(4)]
        f = frames.frame
        blocked(s, f(mac[1], "02:66:66:66:66:66", mark=b"case"), "tx_spoof")
        blocked(s, f(mac[1], mac[3], mark=b"case"), "tx_spoof")
        blocked(s, f(mac[1], "03:66:66:66:66:66", mark=b"case"), "tx_src_mcast")
        # An access VF may tag nothing, not even its own VLAN.
        blocked(s, f(mac[3], mac[0], [(frames.TPID_C, 200)], b"case"), "tx_vlan")
        blocked(s, f(mac[1], mac[0], [(frames.TPID_C, 100)], b"case"), "tx_vlan")
        blocked(s, f(mac[1], mac[0], [(frames.TPID_S, 100)], b"case"), "tx_vlan")
        # A trunk: what is not in its list, also its native VLAN when it tags that itself.
        blocked(s, f(mac[0], mac[2], [(frames.TPID_C, 202)], b"case"), "tx_vlan", 2, receivers=(0, 1, 3))
        blocked(s, f(mac[0], mac[2], [(frames.TPID_C, 100)], b"case"), "tx_vlan", 2, receivers=(0, 1, 3))


def violations_switchdev():
    """Spoofed sources and foreign tags end at the sender."""
    _violations("switchdev")


def violations_veb():
    """The same where the e-switch forwards by itself."""
    _violations("veb")


def oversize_both_ways():
    """Larger than the sender's MTU ends there, larger than the receiver's MTU ends at the receiver."""
    with four() as s:
        mac = [s.mac(vf) for vf in range(4)]
        for vf in range(4):
            s.ns[vf].run("ip link set vf%d mtu 9000" % vf)
        arrives(s, 0, frames.frame(mac[1], mac[0], mark=b"case", size=1414), 1,
                frames.frame(mac[1], mac[0], mark=b"case", size=1414))
        blocked(s, frames.frame(mac[1], mac[0], mark=b"case", size=1415), "rx_mtu", 0, 1)
        blocked(s, frames.frame(mac[1], mac[0], mark=b"case", size=1515), "tx_mtu")
        blocked(s, frames.frame(mac[0], mac[1], mark=b"case", size=1415), "tx_mtu", 1, receivers=(0, 2, 3))
        # The outermost tag is not counted.
        arrives(s, 2, frames.frame(mac[3], mac[2], [(frames.TPID_C, 200)], b"case", 1518), 3,
                frames.frame(mac[3], mac[2], [], b"case", 1514))


def promiscuous_without_trust():
    """A promiscuous interface does not get what is meant for others, unless its VF is trusted."""
    stranger = "02:99:99:99:99:99"
    with four() as s:
        s.ns[1].run("ip link set vf1 promisc on")
        data = frames.frame(stranger, s.mac(0), mark=b"case")
        blocked(s, data, "rx_filtered", 0, 1, receivers=(1,))
        s.ask("vf/set", 1, "trust=on")
        time.sleep(0.3)
        arrives(s, 0, data, 1, data)


def link_forced_down():
    """Neither direction passes while the link is forced down; both do afterwards."""
    with four() as s:
        mac = [s.mac(vf) for vf in range(4)]
        data = frames.frame(mac[1], mac[0], mark=b"case")
        s.ask("vf/set", 0, "link=down")
        expect("state", s.ask("vf", 0)["link"], "down")
        blocked(s, data, "tx_link_down")
        s.ask("vf/set", 0, "link=auto")
        arrives(s, 0, data, 1, data)
        s.ask("vf/set", 1, "link=down")
        blocked(s, data, "rx_link_down", 0, 1)


def vlans_meet_where_they_should():
    """access 100 - native 100, access 200 - tag 200; nothing else; and useless copies are not even made."""
    with four() as s:
        mac = [s.mac(vf) for vf in range(4)]
        plain = frames.frame(frames.BROADCAST, mac[0], mark=b"case")
        before = s.settle(3)
        arrives(s, 0, plain, 2, plain)
        arrives(s, 0, plain, 1, plain)
        expect("drops of vf 3 by another VLAN's broadcasts", drops(s.settle(3)), drops(before))
        tagged = frames.frame(mac[3], mac[2], [(frames.TPID_C, 200)], b"case", 64)
        arrives(s, 2, tagged, 3, frames.frame(mac[3], mac[2], [], b"case", 60))
        # PCP 5: an access VF without qos gives its frames priority 0, a trunk keeps its own.
        urgent = frames.frame(mac[2], mac[3], [], b"case")
        arrives(s, 3, urgent, 2, frames.frame(mac[2], mac[3], [(frames.TPID_C, 200)], b"case", 64))


def kernel_vlans_over_a_trunk():
    """The kernel's own VLAN sub-interface on a trunk VF talks to an access VF, and to that VLAN only."""
    with four() as s:
        s.ns[2].vlan(200, "10.2.0.2/24")
        s.ns[2].vlan(201, "10.3.0.2/24")
        s.ns[2].address("10.1.0.2/24")
        s.ns[3].address("10.2.0.3/24")
        s.ns[3].address("10.3.0.3/24")
        s.ns[0].address("10.1.0.1/24")
        s.ns[1].address("10.1.0.3/24")
        expect("replies in VLAN 200", s.ns[2].ping("10.2.0.3")[0], 3)
        expect("replies in VLAN 201", s.ns[2].ping("10.3.0.3", 2)[0], 0)
        expect("replies in the native VLAN", s.ns[2].ping("10.1.0.1")[0], 3)


def isolated():
    """Two isolated VFs do not reach each other in any way; each reaches a third."""
    policy = "[default]\nisolate = on\n[vf 2-3]\nisolate = off\n"
    for mode in ("switchdev", "veb"):
        with four(mode, policy) as s:
            for vf in range(4):
                s.ns[vf].address("10.1.0.%d/24" % (vf + 1))
            expect("%s: isolated to isolated" % mode, s.ns[0].ping("10.1.0.2", 2)[0], 0)
            expect("%s: isolated to other" % mode, s.ns[0].ping("10.1.0.3", 2)[0], 2)
            expect("%s: other to isolated" % mode, s.ns[3].ping("10.1.0.2", 2)[0], 2)


if __name__ == "__main__":
    main([violations_switchdev, violations_veb, oversize_both_ways, promiscuous_without_trust,
          link_forced_down, vlans_meet_where_they_should, kernel_vlans_over_a_trunk, isolated])
