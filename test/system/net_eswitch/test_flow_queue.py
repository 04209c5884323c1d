# SPDX-License-Identifier: BSD-3-Clause
# Copyright(c) 2026 eswitch contributors
"""Flow rules by testpmd's commands: queues, RSS and marks of a VF's port, of a representor and of the PF; meters."""
import os
import re
import time

from flowbed import MAC, OUTSIDE, PF, REP0, REP1, REP2, Bed, main, tcp, udp, udp6
from testpmd import Failed, equal, expect

QUEUES = 4
TO_WIRE = f"represented_port ethdev_port_id {PF}"


def queued(t, port):
    """Frames that wait in each receive queue of a port that nobody polls."""
    return [int(t.do(f"show port {port} rxq {q} desc used count").split("count = ")[1].split()[0]) for q in range(QUEUES)]


class Idle:
    """
    A port that nobody polls while frames are sent to it, by a transfer rule: VF 2 or a representor from the wire, the PF
    from VF 0. `to` is how an action names it.
    """

    def __init__(self, t, port):
        self.t, self.port = t, port
        self.place, sender = ("vf0", REP0) if port == PF else ("wire", PF)
        self.ends = {"src": MAC[0] if port == PF else OUTSIDE, "dst": MAC[2]}
        self.to = f"port_representor port_id {port}"
        self.only([p for p in (PF, REP0, REP1) if p != port])
        t.rule(f"{sender} transfer priority 9 pattern eth / end actions mark id 1000 / {self.to} / end")

    def only(self, ports):
        """Those ports are polled, and no others."""
        self.t.do("stop", "set portlist " + ",".join(map(str, ports)), "set fwd rxonly", "start")

    def rule(self, text):
        """An ingress rule of the port."""
        return self.t.rule(f"{self.port} ingress {text} / end")

    def queues(self, *frames):
        """What each of the port's queues gets of these. A frame: a function that makes it, and its fields."""
        before = queued(self.t, self.port)
        for make, fields in frames:
            self.t.send(self.place, make(**{**self.ends, **fields}))
        self.t.becomes(len(frames), lambda: sum(queued(self.t, self.port)) - sum(before), "frames in all queues")
        return [now - then for now, then in zip(queued(self.t, self.port), before)]

    def reads(self):
        """(queue, mark) of each frame that waits there, as testpmd shows it when it polls the port at last."""
        total, t = sum(queued(self.t, self.port)), self.t
        t.do("stop", f"set portlist {self.port}", "set verbose 1")
        os.write(t.master, b"start\n")
        text, end = "", time.monotonic() + 10
        while len(found := re.findall(r"length=\d+ .*?Receive queue=0x(\d)", text)) < total:
            if time.monotonic() > end:
                raise Failed(f"{total} frames are not read: {text}")
            text += os.read(t.master, 65536).decode(errors="replace")
        t.output += text
        t.do("stop", "set verbose 0")
        marks = re.findall(r"length=\d+ - nb_segs=1 (?:- RSS hash=0x\w+ - RSS queue=0x\w+ )?- (FDIR matched (?:hash=\w+ )?ID=\w+)?"
                           r".*?Receive queue", text)
        return sorted((int(q), m) for q, m in zip(found, marks))


MARKED = "FDIR matched ID=0x{:x}"
FLAGGED = "FDIR matched hash=0x0 ID=0x0"


def three(so):
    """A testpmd for each of VF 2's port, a representor and the PF, as ports that nobody polls."""
    for port in (REP2, PF, None):
        t = Bed(so, queues=QUEUES)
        yield t, Idle(t, port if port is not None else t.vf2)
        equal(t.quit(), 0, "exit status")


def test_queue_and_mark(so):
    """A queue by rule; a mark of the transfer rule, of a local rule and by passthru: the last one holds."""
    for t, i in three(so):
        i.rule("pattern eth / ipv4 / udp dst is 1 / end actions queue index 3")
        i.rule("pattern eth / ipv4 / udp dst is 2 / end actions mark id 77 / queue index 2")
        i.rule("pattern eth / ipv4 / udp dst is 3 / end actions flag / queue index 1")
        i.rule("pattern eth / ipv4 / tcp / end actions mark id 5 / passthru")
        i.rule("priority 1 pattern eth / ipv4 / tcp dst is 4 / end actions queue index 0")
        i.rule("priority 1 pattern eth / ipv4 / tcp dst is 5 / end actions mark id 6 / queue index 1")
        jump = i.rule("pattern eth / ipv6 / end actions count / jump group 3")
        i.rule("group 3 pattern eth / ipv6 / udp dst is 6 / end actions mark id 4294967295 / queue index 2")
        drop = i.rule("group 3 pattern eth / ipv6 / udp dst is 7 / end actions count / drop")
        for want, make, dport in (([0, 0, 0, 1], udp, 1), ([0, 0, 1, 0], udp, 2), ([0, 1, 0, 0], udp, 3), ([1, 0, 0, 0], tcp, 4),
                                  ([0, 1, 0, 0], tcp, 5), ([0, 0, 1, 0], udp6, 6)):
            equal(i.queues((make, {"dport": dport})), want, f"queues, port {dport}")
        t.send(i.place, udp6(dport=7, **i.ends))
        t.becomes(1, lambda i=i: i.t.count(i.port, drop)[0], "dropped")
        equal(t.count(i.port, jump)[0], 2, "jumped")
        equal(i.reads(), sorted((queue, MARKED.format(mark)) for queue, mark in (
            (0, 5), (1, 6), (1, 1000), (2, 77), (2, 0xffffffff), (3, 1000))), "what is read")


def test_flag(so):
    """A flag alone has no number."""
    for t, i in three(so):
        t.do(f"flow flush {PF}", f"flow flush {REP0}")
        t.rule(f"{REP0 if i.port == PF else PF} transfer pattern eth / end actions {i.to} / end")
        i.rule("pattern eth / ipv4 / udp / end actions flag / queue index 1")
        i.rule("pattern eth / ipv4 / tcp / end actions queue index 2")
        equal(i.queues((udp, {}), (tcp, {})), [0, 1, 1, 0], "queues")
        equal(i.reads(), [(1, FLAGGED), (2, "")], "what is read")


def test_rss(so):
    """Over the queues that a rule names, by the types and the key that it names."""
    key = "6d5a" * 20  # of this key a flow and its answers have one hash
    for t, i in three(so):
        for text, kind, words in (("rss queues 1 4 end", "action configuration", "the port has 4 receive queues"),
                                  ("rss level 2 types udp end queues 1 end", "action configuration", "only the outermost"),
                                  ("rss func simple_xor queues 1 end", "action configuration", "Toeplitz"),
                                  ("rss key 1234 key_len 2 queues 1 end", "action configuration", "40 octets")):
            t.refused(f"flow create {i.port} ingress pattern eth / ipv4 / udp / end actions {text} / end", kind, words)
        i.rule("pattern eth / ipv4 / udp / end actions rss func toeplitz types ipv4-udp end queues 1 3 end")
        i.rule(f"pattern eth / ipv4 / tcp / end actions rss types ipv4-tcp end key {key} key_len 40 queues 0 1 2 3 end")
        i.rule("pattern eth / ipv6 / end actions rss types ipv4 end queues 2 end")
        flows = [(udp, {"sport": sport}) for sport in range(1000, 1040)]
        got = i.queues(*flows)
        expect(got[0] == got[2] == 0 and got[1] > 5 and got[3] > 5, f"40 flows over queues 1 and 3: {got}")
        expect(sorted(i.queues(*flows[:1] * 10)) == [0, 0, 0, 10], "one flow, one queue")
        for sport in range(2000, 2006):
            there = i.queues((tcp, {"sport": sport, "dport": 80}))
            back = i.queues((tcp, {"sport": 80, "dport": sport, "saddr": "10.0.0.2", "daddr": "10.0.0.1"}))
            equal(there, back, "queue of a connection's two directions")
        equal(i.queues((udp6, {}), (udp6, {"sport": 9})), [0, 0, 2, 0], "one queue")


def meter(t, port, number=0):
    """Counters of a meter, by testpmd's names."""
    text = t.do(f"show port meter stats {port} {number} no")
    return {m[1]: int(m[2]) for m in re.finditer(r"^\s(Pkts \w+|Bytes \w+): (\d+)$", text, re.M)}


def test_meter(so):
    """
    Ten green, five yellow, the rest red, by packets and by octets; a machine that takes its time gets a green one more
    each second.
    """
    t = Bed(so)
    size = len(udp())
    for number, unit in ((0, 1), (1, size)):
        t.silent(f"add port meter profile srtcm_rfc2697 {REP0} {number} {unit} {10 * unit} {5 * unit} {int(unit == 1)}")
    t.silent(f"add port meter policy {REP0} 0 g_actions end y_actions end r_actions drop / end")
    t.silent(f"add port meter policy {REP0} 1 g_actions end y_actions drop / end r_actions drop / end")
    for number, (profile, policy) in enumerate(((0, 0), (1, 0), (0, 1), (1, 1))):
        t.silent(f"create port meter {REP0} {number} {profile} {policy} yes 0xff 0 g 0")
        notes = f"count / meter mtr_id {number}" if policy == 0 else f"meter mtr_id {number} / count"
        rule = t.rule(f"{REP0} transfer pattern eth / ipv4 / udp / end actions {notes} / {TO_WIRE} / end")
        before = t.stats("vf0")
        began = time.monotonic()
        t.send("vf0", *[udp()] * 40)
        t.becomes(40, lambda i=number: sum(n for k, n in meter(t, REP0, i).items() if k.startswith("Pkts")), "frames metered")
        more = int(time.monotonic() - began) + 1
        got = meter(t, REP0, number)
        # a colour counts what passed (rte_mtr_stats)
        expect(10 <= got["Pkts G"] <= 10 + more and got["Pkts Y"] == (5 if policy == 0 else 0) and got["Pkts R"] == 0, got)
        passed = got["Pkts G"] + got["Pkts Y"]
        for colour in ("G", "Y", "R", "DROPPED"):
            equal(got["Bytes " + colour], size * got["Pkts " + colour], "octets")
        equal(t.get("wire", passed), [bytes(udp())] * passed, "at the wire")
        equal(t.get("wire", 1, 0.01), [], "at the wire")
        after = t.stats("vf0")
        equal([after[fate] - before[fate] for fate in ("tx_meter", "tx_forwarded")], [40 - passed, passed], "fates")
        counted = 40 if policy == 0 else passed
        equal(t.count(REP0, rule), (counted, counted * size), "a COUNT in front of the meter, or behind it")
        t.do(f"flow destroy {REP0} rule {rule}")
    t.do(f"show port meter stats {REP0} 0 yes")
    equal(set(meter(t, REP0).values()), {0}, "cleared")
    t.silent(f"set port meter stats mask {REP0} 0 0x1")
    equal(list(meter(t, REP0)), ["Pkts G"], "counters that are enabled")
    equal(t.quit(), 0, "exit status")


def test_meter_changes(so):
    """Off and on, another profile, shared by rules and by an indirect action, in use and free again, after a stop."""
    t = Bed(so)
    t.do(f"add port meter profile trtcm_rfc2698 {REP0} 0 1 1 1 1 1",
         f"add port meter profile trtcm_rfc4115 {REP0} 1 1000000 1 1000000 1 1",
         f"add port meter policy {REP0} 0 g_actions end y_actions drop / end r_actions drop / end",
         f"create port meter {REP0} 5 0 0 yes 0xff 1 g 0", f"create port meter {REP0} 6 0 0 yes 0xff 0 g 0")
    t.says(f"show port meter cap {REP0}", "cap.n_max 16384", "cap.meter_trtcm_rfc4115_n_max 16384")
    t.says(f"flow indirect_action {REP0} create action_id 3 transfer action meter mtr_id 5 / end", "Indirect action #3 created")
    t.rule(f"{REP0} transfer pattern eth / ipv4 / udp / end actions meter mtr_id 5 / {TO_WIRE} / end")
    t.rule(f"{REP0} transfer pattern eth / ipv4 / tcp / end actions indirect 3 / {TO_WIRE} / end")

    def burst(n=20):
        """How many of so many frames get through."""
        before, meant = t.stats("vf0"), t.stats("wire")["rx_delivered"]
        t.send("vf0", *[udp(), tcp()] * (n // 2))
        t.becomes(n, lambda: sum(t.stats("vf0")[f] - before[f] for f in ("tx_forwarded", "tx_meter")), "frames with a fate")
        t.get("wire", t.stats("wire")["rx_delivered"] - meant)
        return t.stats("vf0")["tx_forwarded"] - before["tx_forwarded"]

    expect(burst() < 10, "one a second")
    t.silent(f"disable port meter {REP0} 5")
    equal(burst(), 20, "by a meter that is off")
    t.silent(f"enable port meter {REP0} 5")
    expect(burst() < 10, "one a second")
    t.silent(f"set port meter profile {REP0} 5 1")
    equal(burst(), 20, "under another profile")
    t.refused(f"flow create {REP0} transfer pattern eth / ipv6 / end actions meter mtr_id 7 / {TO_WIRE} / end",
              "action configuration", "the port has no meter 7")
    t.rule(f"{REP0} transfer pattern eth / ipv6 / udp / end actions meter mtr_id 6 / {TO_WIRE} / end")
    t.refused(f"flow create {REP0} transfer pattern eth / ipv6 / tcp / end actions meter mtr_id 6 / {TO_WIRE} / end",
              "action configuration", "meter 6 is not shared, and a rule has it")
    t.says(f"del port meter {REP0} 5", "meter: 2 rules have it")
    t.says(f"del port meter policy {REP0} 0", "2 meters have it")
    t.says(f"del port meter profile {REP0} 1", "1 meters have it")
    # testpmd flushes rules at a stop; meters stay
    t.do("stop", f"port stop {REP0}", f"port start {REP0}")
    t.poll()
    t.rule(f"{REP0} transfer pattern eth / ipv4 / end actions indirect 3 / {TO_WIRE} / end")
    equal(burst(), 20, "after a stop")
    t.do(f"flow flush {REP0}", f"flow indirect_action {REP0} destroy action_id 3")
    for command in (f"del port meter {REP0} 5", f"del port meter {REP0} 6", f"del port meter policy {REP0} 0",
                    f"del port meter profile {REP0} 0", f"del port meter profile {REP0} 1"):
        t.silent(command)
    t.says(f"show port meter stats {REP0} 5 no", "there is no meter 5")
    equal(t.quit(), 0, "exit status")


def test_meter_of_a_receiver(so):
    """A local rule's meter: what is over the rate is the receiver's rx_flow_drop."""
    t = Bed(so, queues=QUEUES)
    i = Idle(t, t.vf2)
    t.do(f"add port meter profile srtcm_rfc2697 {t.vf2} 0 1 3 0 1",
         f"add port meter policy {t.vf2} 0 g_actions end y_actions drop / end r_actions drop / end",
         f"create port meter {t.vf2} 0 0 0 yes 0xff 0 g 0")
    i.rule("pattern eth / ipv4 / end actions meter mtr_id 0 / queue index 1")
    t.send("wire", *[udp(**i.ends)] * 30)
    t.becomes(30, lambda: t.stats("vf2")["rx_delivered"] + t.stats("vf2")["rx_flow_drop"], "frames offered")
    got = meter(t, t.vf2)
    expect(3 <= got["Pkts G"] < 30 and got["Pkts DROPPED"] == 30 - got["Pkts G"] == t.stats("vf2")["rx_flow_drop"], got)
    equal(queued(t, t.vf2), [0, got["Pkts G"], 0, 0], "queues")
    # gone with its port
    t.do("stop", f"port stop {t.vf2}", f"port detach {t.vf2}", "port attach net_eswitch_vf2,pf=net_eswitch_pf0,vf=2")
    t.says(f"show port meter stats {t.ports()['net_eswitch_vf2']} 0 no", "there is no meter 0")
    equal(t.quit(), 0, "exit status")


if __name__ == "__main__":
    main(globals())
