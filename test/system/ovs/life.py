#!/usr/bin/python3
# SPDX-License-Identifier: BSD-3-Clause
# Copyright(c) 2026 eswitch contributors
"""OVS comes and goes, and whatever ended it, nothing is left of it."""
import os
import re
import signal
import socket

from ovs import BRIDGE, RUN, main, ovs, until
from lab.pages import FREE, read_number  # noqa: E402
from lab.cases import expect
from lab.switch import TOP, run


def interfaces():
    """Names of the interfaces of all namespaces of the sandbox."""
    names = {name for _, name in socket.if_nameindex()}
    for ns in run("ip netns list").split():
        if os.path.exists("/run/netns/" + ns):
            names |= set(re.findall(r"^\d+: ([^:@]+)", run("ip -n %s -o link" % ns), re.M))
    return names


def nothing_left(pages):
    """Interfaces, hugepages, files in shared memory.

    OVS itself keeps the kernel's side of a bridge, so that a restart does not take its addresses; unless it was told
    to clean up.
    """
    expect("interfaces left", interfaces() - {"lo", BRIDGE, "ovs-netdev"}, set())
    until("hugepages are given back", lambda: read_number(FREE) >= pages, True)
    expect("files left in /dev/shm and /dev/hugepages",
           [f for d in ("/dev/shm", "/dev/hugepages") if os.path.isdir(d) for f in os.listdir(d) if "esw" in f], [])


def ended_by(how):
    """A bridge with traffic, ended; then a second one comes up in the same place."""
    pages = read_number(FREE)
    with ovs() as o:
        expect("replies", o.ns[0].ping("10.0.0.2", 2)[0], 2)
        o.stop(how)
        nothing_left(pages)
        o.start()
        expect("replies afterwards", o.ns[0].ping("10.0.0.2", 3)[0], 3)
        expect("replies from the wire afterwards", o.ns[3].ping("10.0.0.9", 3)[0], 3)


def ended_by_sigterm():
    """SIGTERM, as an init system ends it: nothing is left, and the next start finds the bridge in the database."""
    ended_by(signal.SIGTERM)


def ended_by_sigkill():
    """Killed in the middle: the same."""
    ended_by(signal.SIGKILL)


def ended_by_appctl():
    """exit --cleanup also takes the ports down."""
    pages = read_number(FREE)
    with ovs() as o:
        expect("replies", o.ns[0].ping("10.0.0.2", 2)[0], 2)
        o.stop("exit")
        nothing_left(pages)
        expect("its own interfaces", interfaces() - {"lo"}, set())
        expect("control socket", os.path.exists(RUN + "/ovs.ctl"), False)
        o.start()
        expect("replies afterwards", o.ns[0].ping("10.0.0.2", 3)[0], 3)


def addresses_after_a_restart():
    """Addresses derive from the PF's name, so a restart gives the same; what was set by hand is the database's."""
    with ovs() as o:
        macs = [o.mac(vf) for vf in range(4)]
        o.vsctl("set", "interface", "rep2", "options:dpdk-vf-mac=02:aa:bb:cc:dd:07")
        o.stop()
        o.start()
        macs[2] = "02:aa:bb:cc:dd:07"
        until("addresses", lambda: [o.mac(vf) for vf in range(4)], macs)
        # Whether the interface got it before it was handed over depends on who was first.
        o.ns[2].run("ip link set vf2 address " + macs[2])
        expect("replies of VF 2", o.ns[2].ping("10.0.0.1", 3)[0], 3)


def example():
    """The commands that a user copies."""
    out = run("bash %s/examples/ovs/bridge.sh" % TOP)
    expect("pings without loss", out.count(" 0% packet loss"), 2)
    expect("flows between VFs", "actions:" in out, True)


if __name__ == "__main__":
    main([ended_by_sigterm, ended_by_sigkill, ended_by_appctl, addresses_after_a_restart, example])
