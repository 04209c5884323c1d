#!/usr/bin/python3
# SPDX-License-Identifier: BSD-3-Clause
# Copyright(c) 2026 eswitch contributors
"""The learning bridge: who learns what, where floods go, and that a policy change is followed.

All VFs are untagged and without spoofchk, so that addresses can come up anywhere and every VF would show a flood.
"""
import contextlib
import os
import sys
import time

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "../../../tools"))
from lab import frames  # noqa: E402
from lab.cases import expect, expect_range, main  # noqa: E402
from lab.switch import Switch  # noqa: E402

POLICY = "[default]\nspoofchk = off\n"
STATION = "02:77:00:00:00:01"


class Net:
    """Three VFs and the uplink, with a raw socket on each."""

    def __init__(self, switch):
        self.switch = switch
        self.port = {k: ns.port(promiscuous=True) for k, ns in switch.ns.items()}

    def who_gets(self, sender, data, times=1):
        """Which ports a frame arrives at."""
        self.port[sender].send(data, times)
        return sorted(str(k) for k, p in self.port.items()
                      if k != sender and len(p.receive(b"case", 0.3, times)) == times)


@contextlib.contextmanager
def net(options=(), policy=POLICY):
    """A fresh bridge."""
    switch = Switch(3, policy, taps=range(3), uplink=True, devargs=",control=telemetry", options=options)
    n = Net(switch)
    try:
        yield n
        expect("exit code after SIGINT", switch.stop(), 0)
    finally:
        for p in n.port.values():
            p.close()
        switch.remove()


def to(dst, src):
    """A frame that is known by its mark."""
    return frames.frame(dst, src, mark=b"case")


def unknown_floods_known_does_not():
    """A station is found after its first frame, moves with its last, and is forgotten."""
    with net(("--age", "10")) as n:
        other = "02:77:00:00:00:02"
        expect("unknown", n.who_gets(0, to(STATION, other)), ["1", "2", "wire"])
        n.who_gets(1, to(other, STATION))
        expect("behind vf 1", n.who_gets(0, to(STATION, other)), ["1"])
        n.who_gets("wire", to(other, STATION))
        expect("moved to the uplink", n.who_gets(0, to(STATION, other)), ["wire"])
        time.sleep(12.5)
        expect("aged out", n.who_gets(0, to(STATION, other)), ["1", "2", "wire"])
        report = n.switch.reports()[-1]
        expect("moves", report["fdb"]["moved"], 1)
        expect_range("aged", report["fdb"]["aged"], 2, 3)


def a_vf_address_cannot_be_taken():
    """Neither the uplink nor another VF attracts what is meant for a VF, though nobody checks their source."""
    with net() as n:
        victim = n.switch.mac(1)
        n.who_gets("wire", to(frames.BROADCAST, victim))
        n.who_gets(2, to(frames.BROADCAST, victim))
        expect("frames for vf 1", n.who_gets(0, to(victim, STATION)), ["1"])


def a_station_behind_its_own_port():
    """No hairpin: a frame is not sent back where it came from."""
    with net() as n:
        n.who_gets(0, to(frames.BROADCAST, STATION))
        expect("to itself", n.who_gets(0, to(STATION, "02:77:00:00:00:02"), 3), [])
        time.sleep(1.2)
        port = [p for p in n.switch.reports()[-1]["ports"] if p["port"] == "vf 0"][0]
        expect("sw_hairpin", port["counters"]["sw_hairpin"], 3)


def reserved_addresses_end_here():
    """IEEE 802.1Q-2018 table 8-1: not forwarded. The next address is."""
    with net() as n:
        expect("01-80-c2-00-00-0e", n.who_gets(0, to("01:80:c2:00:00:0e", STATION)), [])
        expect("01-80-c2-00-00-10", n.who_gets(0, to("01:80:c2:00:00:10", STATION)), ["1", "2", "wire"])


def policy_is_followed_while_it_runs():
    """A VF that joins a VLAN gets its broadcasts, one that leaves gets none; isolation works at once too."""
    with net() as n:
        s = n.switch
        everyone = to(frames.BROADCAST, STATION)
        s.ask("vf/set", 1, "vlan=access 300")
        time.sleep(0.3)
        expect("vf 1 left", n.who_gets(0, everyone), ["2", "wire"])
        s.ask("vf/set", 1, "vlan=off")
        time.sleep(0.3)
        expect("vf 1 is back", n.who_gets(0, everyone), ["1", "2", "wire"])
        for vf in (0, 1):
            s.ask("vf/set", vf, "isolate=on")
        time.sleep(0.3)
        expect("vf 0 and 1 isolated", n.who_gets(0, everyone), ["2", "wire"])


if __name__ == "__main__":
    main([unknown_floods_known_does_not, a_vf_address_cannot_be_taken, a_station_behind_its_own_port,
          reserved_addresses_end_here, policy_is_followed_while_it_runs])
