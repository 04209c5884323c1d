# SPDX-License-Identifier: BSD-3-Clause
# Copyright(c) 2026 eswitch contributors
"""The same frames through the same bridge, switched by the e-switch's flow rules and by OVS itself."""
import itertools
import re
import time

from ovs import Ovs, ovs, until
from lab.cases import expect
from lab.packets import UDP, ethernet, ipv4, ipv6

OFFLOAD = "other_config:hw-offload=true"
TIMES = 5
IP = "eth_type(0x0800)"  # in a flow's match
WIRE_MAC = "02:00:00:00:00:99"


def eth(o, source, destination):
    """How a flow's match names two members."""
    return "eth(src=%s,dst=%s)" % (o.address(source), o.address(destination))


def pings(o, *pairs):
    """The bridge learns both, and the e-switch gets a flow each way."""
    for source, destination in pairs:
        address = "10.0.0.9" if destination == "wire" else "10.0.0.%d" % (destination + 1)
        expect("replies from %s to %s" % (destination, source), o.ns[source].ping(address, 3)[0], 3)


def offloaded(o, *pairs):
    """The same, and wait until the flows are in the e-switch."""
    pings(o, *pairs)
    for source, destination in pairs:
        for s, d in ((source, destination), (destination, source)):
            o.carrier(s, (eth(o, s, d), IP), "yes dpdk")


class Members(Ovs):
    """An Ovs whose members are the VFs' numbers and "wire", with addresses that are the same in each run."""

    def __init__(self, offload=True, config=(), **more):
        self.offload = offload
        self.count = itertools.count()
        super().__init__(config=tuple(config) + ((OFFLOAD,) if offload else ()), **more)

    def hand_out(self):
        super().hand_out()
        self.ns["wire"].run("ip link set wire address " + WIRE_MAC)

    def address(self, member):
        """A member's MAC address."""
        return WIRE_MAC if member == "wire" else self.mac(member)

    def mark(self):
        """What a receiver knows a frame by; not the same twice in a run, but in each run."""
        return b"case%04d" % next(self.count)

    def packet(self, source, destination, proto, port, version=4, source_port=5000, **more):
        """A marked IP frame between two members, neither of whom has these IP addresses: no kernel answers."""
        ethertype, make, addresses = {4: (0x0800, ipv4, ("192.0.2.1", "192.0.2.2")),
                                      6: (0x86dd, ipv6, ("2001:db8::1", "2001:db8::2"))}[version]
        return ethernet(self.address(destination), self.address(source), ethertype,
                        make(*addresses, proto, (source_port, port), self.mark(), **more))

    def udp(self, source, destination, port, **more):
        """The same, UDP over IPv4."""
        return self.packet(source, destination, UDP, port, **more)

    def port_of(self, member):
        """The bridge's port of a member."""
        return "up" if member == "wire" else "rep%d" % member

    def by_software(self, member):
        """How many frames of a member OVS has received so far."""
        return self.ask("stats", "pf" if member == "wire" else "rep%d" % member)["rx_delivered"]

    def carrier(self, member, words, where):
        """The flow that carries a member's frames, once it is where it belongs: "yes dpdk" or another."""
        def found():
            flows = self.flows("in_port(%s)" % self.port_of(member), *words)
            return [f.where for f in flows], flows
        until("flows of %s with %s" % (self.port_of(member), words), lambda: found()[0],
              [where if self.offload else "no ovs"])
        return found()[1][0]

    def marked(self):
        """How many frames each PMD thread has known by the mark of a flow that is offloaded in part."""
        return [int(n) for n in re.findall("phwol hits: ([0-9]+)", self.appctl("dpif-netdev/pmd-stats-show"))][:-1]

    def settle(self):
        """Wait until OVS has no change of a rule under way: it takes a rule away before it puts the next one there."""
        def offloads():
            text = self.appctl("dpctl/offload-stats-show")
            return re.findall(r"Total +(?:Enqueued|Inserted) offloads: +([0-9]+)", text)
        before = offloads()
        for _ in range(12):
            time.sleep(0.7)  # OVS looks at its flows every 500 ms
            now = offloads()
            if now == before and now[0] == "0":
                break
            before = now

    def through(self, member, data, want, *words, where="yes dpdk"):
        """Send the frame once, and as soon as OVS has put its flow in place, TIMES times more.

        words: parts of the flow's match. want: how many of each frame the receivers get. The result is what they
        got, an entry for each frame that differs, and the flow's actions.
        """
        case = data[data.index(b"case"):][:8]
        receivers = {r: self.ns[r].port(promiscuous=True) for r in list(range(self.n_vfs)) + ["wire"]}
        sender = self.ns[member].port()
        got = {r: [] for r in receivers}

        def collect(times):
            for r, port in receivers.items():
                count = want.get(r, 0) * times
                frames = port.receive(case, 4, count) if count > 0 else []
                expect("frames of %s for %s" % (words, r), len(frames), count)
                got[r] += frames
        try:
            sender.send(data)
            collect(1)
            flow = self.carrier(member, words, where)
            seen = self.by_software(member)
            sender.send(data, TIMES)
            collect(TIMES)
            time.sleep(0.1)  # for what should not come
            for r, port in receivers.items():
                expect("more frames of %s for %s" % (words, r), len(port.receive(case, 0.01)), 0)
            hardware = self.offload and where == "yes dpdk"
            expect("frames of %s that OVS received" % (words,), self.by_software(member) - seen,
                   0 if hardware else TIMES)
            if hardware:
                until("frames that the flow counts", lambda: self.carrier(member, words, where).packets - flow.packets,
                      TIMES)
                expect("octets that the flow counts", self.carrier(member, words, where).bytes - flow.bytes,
                       TIMES * len(data))
        finally:
            for port in list(receivers.values()) + [sender]:
                port.close()
        return {r: sorted({f.hex() for f in frames}) for r, frames in got.items() if frames}, flow.actions


def members(**more):
    """As ovs(), of class Members."""
    return ovs(make=Members, **more)


def both(scenario, **more):
    """A scenario with and without offload: a function that gives a dict. What it gives must be the same."""
    results = []
    for offload in (True, False):
        with members(offload=offload, **more) as o:
            results.append(scenario(o))
            expect("complaints", o.complaints(), [])
            if not offload:
                expect("rules in the e-switch", o.rules(), {})
    expect("what was sent", list(results[0]), list(results[1]))
    for what, got in results[0].items():
        expect(what + ", with offload", got, results[1][what])
    return results[0]
