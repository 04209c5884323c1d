# SPDX-License-Identifier: BSD-3-Clause
# Copyright(c) 2026 eswitch contributors
"""
What the tests of flow rules share: a testpmd in a sandbox, with raw sockets at the wire and at two VFs, and packets.

Ports are the wire's TAP interface "wire", those of VF 0 and VF 1, "vf0" and "vf1", and a port of testpmd itself for VF 2.
scapy builds what is sent and what is expected: it computes checksums and lengths by itself.
"""
import logging
import os
import re
import struct
import sys
import time

import testpmd
from testpmd import Failed, Testpmd, equal, expect, policy_file

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "../../../tools"))
from lab import frames, sandbox  # noqa: E402

logging.getLogger("scapy").setLevel(logging.ERROR)  # it warns that interfaces have no address
try:
    from scapy.layers.inet import IP, TCP, UDP
    from scapy.layers.inet6 import IPv6
    from scapy.layers.l2 import Ether
    from scapy.packet import Raw
except ImportError:
    Ether = None

MAC = [f"02:00:00:00:00:0{i}" for i in range(3)]
POLICY = "".join(f"[vf {i}]\nmac = {mac}\n" for i, mac in enumerate(MAC)) + "[vf 1]\nvlan = all\n"
OUTSIDE = "02:00:00:00:0f:01"  # somebody beyond the wire
PLACES = ("wire", "vf0", "vf1")
ENDPOINTS = (*PLACES, "vf2", "pf", "rep0", "rep1", "rep2")
PF, REP0, REP1, REP2 = range(4)
RULE = re.compile(r"Flow rule #(\d+) created")


def make(l3, l4, src=MAC[0], dst=OUTSIDE, saddr=None, daddr=None, sport=1000, dport=2000, data=b"some data for somebody", **more):
    """Ethernet, IPv4 or IPv6, UDP or TCP. saddr, daddr: of IP; more: other fields of it."""
    first, second = ("2001:db8::1", "2001:db8::2") if l3 is IPv6 else ("10.0.0.1", "10.0.0.2")
    ports = {"sport": sport, "dport": dport}
    if l3 is IP:
        more = {"id": 7, **more}
    return Ether(src=src, dst=dst) / l3(src=saddr or first, dst=daddr or second, **more) / \
        (UDP(**ports) if l4 is UDP else TCP(**ports, seq=5, ack=6, flags="PA")) / Raw(data)


def udp(**fields):
    """Over IPv4."""
    return make(IP, UDP, **fields)


def tcp(**fields):
    """Over IPv4."""
    return make(IP, TCP, **fields)


def udp6(**fields):
    """Over IPv6."""
    return make(IPv6, UDP, **fields)


def tcp6(**fields):
    """Over IPv6."""
    return make(IPv6, TCP, **fields)


def tagged(packet, *tags):
    """Octets of a packet with VLAN tags: (TPID, TCI), the outermost first."""
    octets = bytes(packet)
    return octets[:12] + b"".join(struct.pack("!HH", *tag) for tag in tags) + octets[12:]


def main(names, seconds=110):
    """As testpmd.main(), in a sandbox."""
    reason = sandbox.enter(seconds)
    if reason or Ether is None:
        print(f"skipped: {reason or 'no scapy'}")
        sys.exit(77)
    testpmd.main(names)


class Bed(Testpmd):
    """
    Ports 0 to 3 are the PF and three representors, `vf2` is that of VF 2. What is sent on the wire or by a VF is polled
    at once; VF 2 is polled by nobody, so that its queues show what they got.
    """

    def __init__(self, so, queues=1, app=(), **more):
        eal = ["--vdev", f"{testpmd.PF},vfs=3,representor=vf[0-2],uplink=net_tap0,attach=vf0:net_tap1,attach=vf1:net_tap2,policy="]
        for i, place in enumerate(PLACES):
            eal += ["--vdev", f"net_tap{i},iface={place}"]
        eal += ["--vdev", f"net_eswitch_vf2,pf={testpmd.PF},vf=2"]
        self.place = {}
        with policy_file(POLICY) as policy:
            eal[1] += policy
            super().__init__(so, eal, [f"--rxq={queues}", f"--txq={queues}", *app], memory=("--no-huge", "-m", "256"),
                             telemetry=True, **more)
        self.vf2 = self.ports()["net_eswitch_vf2"]
        self.poll()

    def poll(self):
        """
        Ports are polled, and what they get is thrown away. Sockets are opened again: an interface may have been down with
        its port.
        """
        for place in PLACES:
            if place in self.place:
                self.place.pop(place).close()
            self.place[place] = frames.Port(None, place, promiscuous=True)
        self.do("set fwd rxonly", f"set portlist {PF},{REP0},{REP1},{REP2}", "start")

    def close(self):
        for port in self.place.values():
            port.close()
        self.place.clear()
        super().close()

    # Rules.

    def rule(self, text):
        """flow create `text`; the rule's number."""
        answer = self.do("flow create " + text)
        expect(RULE.search(answer), f"flow create {text}: {answer}")
        return int(RULE.search(answer)[1])

    def says(self, command, *words):
        """The answer has all these words."""
        answer = self.do(command)
        for word in words:
            expect(word in answer, f"{command}: not {word!r} but: {answer}")
        return answer

    def silent(self, command):
        """The answer is nothing but the prompt: testpmd does not complain."""
        answer = self.do(command)
        expect(re.fullmatch(r"\s*testpmd> ", answer.split(command[-20:])[-1]), f"{command}: {answer}")

    def refused(self, command, kind, words):
        """The driver's own refusal. kind: what testpmd calls the type of the error."""
        answer = self.do(command)
        m = re.search(r"Caught PMD error type \d+ \(([^()]+(?:\(\w+\))?)\): (?:cause: 0x[0-9a-f]+, )?(.*)", answer)
        expect(m and m[1] == kind and words in m[2], f"{command}: not {kind}, {words} but: {answer}")

    def count(self, port, rule):
        """(frames, octets)"""
        return hits(self.do(f"flow query {port} {rule} count"))

    def rules(self, port):
        """Numbers of rules that testpmd lists."""
        return [int(n) for n in re.findall(r"^(\d+)\t", self.do(f"flow list {port}"), re.M)]

    def dump(self, port):
        """The e-switch's own lines."""
        return [line for line in self.do(f"flow dump {port} all").splitlines() if line.startswith(("from ", "to "))]

    # Frames.

    def stats(self, endpoint):
        """Counters of "pf", "wire", "vf0" or "rep0"."""
        return self.ask(f"/eswitch/stats,{testpmd.PF},{endpoint.removeprefix('vf')}")

    def send(self, place, *packets):
        for packet in packets:
            self.place[place].send(bytes(packet))

    def get(self, place, n, seconds=5.0):
        """n frames that come to a place; fewer if there are no more."""
        return self.place[place].receive(b"", seconds, n)

    def passes(self, place, packet, fate="tx_forwarded", times=1, **to):
        """
        What a place sends has this fate, and what arrives at the others is what `to` says, octet by octet: a packet, or
        several. Numbers are of what arrives at the applications of the PF and of representors, and at VF 2.
        """
        numbers = {where: want * times for where, want in to.items() if isinstance(want, int)}
        before = {where: self.stats(where) for where in ENDPOINTS}
        self.send(place, *[packet] * times)
        for where, want in to.items():
            if where not in numbers:
                want = [bytes(p) for p in (want if isinstance(want, list) else [want])] * times
                same(self.get(where, len(want)), want, f"at {where}")
                numbers[where] = len(want)
        self.becomes({fate: times}, lambda: changed(before[place], self.stats(place), "tx_"), f"fates of what {place} sent")
        self.becomes(numbers, lambda: {where: n for where in ENDPOINTS if (
            n := self.stats(where)["rx_delivered"] - before[where]["rx_delivered"])}, "who received")
        for where in PLACES:
            if where not in to and where != place:
                same(self.get(where, 1, 0.01), [], f"at {where}")

    @staticmethod
    def becomes(want, get, text):
        """A burst is counted a moment after it was sent."""
        end = time.monotonic() + 5
        while (got := get()) != want and time.monotonic() < end:
            time.sleep(0.01)
        equal(got, want, text)


def changed(before, after, prefix):
    """Fates whose counters went up, and by how much."""
    return {k: after[k] - before[k] for k in after
            if k.startswith(prefix) and after[k] != before[k] and not k.endswith(("_packets", "bytes"))}


def same(got, want, text):
    """Frames, octet by octet."""
    if got != want:
        raise Failed(f"{text}:\n" + "\n".join(f"got  {f.hex()}" for f in got) + "\n" + "\n".join(f"want {f.hex()}" for f in want))


def hits(answer):
    """Frames and octets of testpmd's answer to a query of a COUNT."""
    m = re.search(r"hits: (\d+)\s+bytes: (\d+)", answer)
    expect(m, answer)
    return int(m[1]), int(m[2])


