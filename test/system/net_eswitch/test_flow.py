# SPDX-License-Identifier: BSD-3-Clause
# Copyright(c) 2026 eswitch contributors
"""Flow rules by testpmd's commands: their life, their refusals, and which rule a frame meets."""
import os
import re

from flowbed import MAC, OUTSIDE, PF, REP0, REP1, REP2, Bed, hits, main, tcp, udp, udp6
from testpmd import Testpmd, equal, expect, wait_for

NIC = "net_eswitch_pf0"
TOP = os.path.join(os.path.dirname(os.path.abspath(__file__)), "../../..")
IN = {"src": OUTSIDE, "dst": MAC[0]}  # a frame from the wire


def test_life(so):
    """On the PF's port, a representor (both kinds of rule) and a VF's port: made, listed, counted, shown, ended."""
    t = Bed(so)
    t.rule(f"0 transfer priority 60000 pattern eth dst is {MAC[2]} / end actions port_id id {t.vf2} / end")
    for port, attr, place, packet, side, other, fate in (
            (PF, "transfer", "wire", udp(**IN), "from wire", {"pf": 1}, "tx_flow_drop"),
            (REP0, "transfer", "vf0", udp(), "from vf0", {"rep0": 1}, "tx_flow_drop"),
            (REP0, "ingress", "vf0", udp(), "to rep0", {"rep0": 1}, "tx_forwarded"),
            (t.vf2, "ingress", "wire", udp(src=OUTSIDE, dst=MAC[2]), "to vf2", {"vf2": 1}, "tx_forwarded")):
        mine = len(t.rules(port))
        text = f"{port} {attr} pattern eth / ipv4 / udp dst is 2000 / end actions count / drop / end"
        t.says("flow validate " + text, "Flow rule validated")
        t.passes(place, packet, **other)  # validated is not made
        rule = t.rule(text)
        next_rule = t.rule(f"{port} {attr} priority 1 pattern eth / ipv4 / end actions drop / end")
        equal(next_rule, rule + 1, "numbers")
        t.passes(place, packet, fate, times=5)
        equal(t.count(port, rule), (5, 5 * len(packet)), "what was counted")
        t.says(f"flow query {port} {rule} count", "hits_set: 1", "bytes_set: 1")
        t.refused(f"flow query {port} {next_rule} count", "specific action", "the rule has no such action")
        t.refused(f"flow query {port} {rule} age", "specific action", "the rule has no such action")
        t.says(f"flow list {port}", f"{rule}\t0\t0\t{'--t' if attr == 'transfer' else 'i--'}\tETH IPV4 UDP => COUNT DROP")
        line = f"{side} group 0 priority 0: l3=4 l4=17 dport=2000 => count=5/{5 * len(packet)} drop"
        equal(t.dump(port)[mine:], [line, f"{side} group 0 priority 1: l3=4 => drop"], "dump")
        text = t.says(f"flow dump {port} rule {rule}", line, "Flow dump finished")
        expect("priority 1" not in text, text)
        t.says(f"flow destroy {port} rule {rule}", f"Flow rule #{rule} destroyed")
        t.says(f"flow query {port} {rule} count", f"Flow rule #{rule} not found")
        t.passes(place, packet, fate)  # by the second
        t.says(f"flow destroy {port} rule {next_rule}", f"Flow rule #{next_rule} destroyed")
        t.passes(place, packet, **other)
        equal(len(t.rules(port)), mine, "rules left")
    for port in (PF, REP0, t.vf2):
        t.rule(f"{port} ingress pattern eth / end actions count / drop / end")
        t.silent(f"flow flush {port}")
        equal((t.rules(port), t.dump(port)), ([], []), "rules after a flush")
    t.passes("wire", udp(src=OUTSIDE, dst=MAC[2]), pf=1)
    equal(t.quit(), 0, "exit status")


def test_numbers_of_ones_own(so):
    """user_id is an option of later testpmds; here numbers rise, also after rules have gone."""
    t = Bed(so)
    first = [t.rule(f"{REP0} transfer pattern eth / ipv4 src is 10.0.1.{i} / end actions drop / end") for i in range(40)]
    equal(first, list(range(40)), "numbers")
    t.says(f"flow destroy {REP0} rule 3 rule 17 rule 39", "#3 destroyed", "#17 destroyed", "#39 destroyed")
    equal(t.rules(REP0), [n for n in first if n not in (3, 17, 39)], "rules left")
    equal(len(t.dump(REP0)), 37, "dump")
    t.passes("vf0", udp(src=MAC[0]), rep0=1)
    for i, fate in ((3, "tx_forwarded"), (4, "tx_flow_drop"), (17, "tx_forwarded"), (38, "tx_flow_drop")):
        to = {"rep0": 1} if fate == "tx_forwarded" else {}
        packet = udp()
        packet.payload.src = f"10.0.1.{i}"
        t.passes("vf0", packet, fate, **to)
    equal(t.quit(), 0, "exit status")


def test_refusals(so):
    """testpmd's words for the cause are those of the type that the driver gave, and nothing is made."""
    t = Bed(so)
    for rule, kind, words in (
            ("1 egress pattern eth / end actions drop / end", "egress field", "what a port sends is for transfer rules"),
            ("1 pattern eth / end actions drop / end", "ingress field", "either ingress or transfer"),
            (f"{t.vf2} transfer pattern eth / end actions drop / end", "transfer field", "a VF does not program the e-switch"),
            ("1 transfer priority 65536 pattern eth / end actions drop / end", "priority field", "out of range 0 to 65535"),
            ("1 transfer pattern eth / gre / end actions drop / end", "specific pattern item", "not supported"),
            ("1 transfer pattern ipv4 / eth / end actions drop / end", "specific pattern item", "not in the order of headers"),
            ("1 transfer pattern eth / ipv4 / icmp6 / end actions drop / end", "specific pattern item", "no such header behind"),
            ("1 transfer pattern eth / ipv4 / udp dst spec 9 dst last 8 dst mask 0xffff / end actions drop / end",
             "item specification range", "ends before it begins"),
            ("1 transfer pattern vxlan vni spec 5 vni mask 0xffffff last_rsvd is 1 / end actions drop / end",
             "item specification mask", "only flags and VNI"),
            ("1 ingress pattern represented_port ethdev_port_id is 1 / end actions drop / end", "specific pattern item",
             "port items are for transfer rules"),
            (f"1 transfer pattern represented_port ethdev_port_id is {t.vf2} / end actions drop / end", "specific pattern item",
             "represents nothing"),
            ("1 transfer pattern port_id id is 31 / end actions drop / end", "specific pattern item", "there is no such port"),
            ("1 transfer pattern port_id / end actions drop / end", "specific pattern item", "the item names none"),
            ("1 transfer pattern port_id id is 1 / port_id id is 2 / end actions drop / end", "specific pattern item", "already"),
            ("1 transfer pattern eth / end actions count / end", "specific action", "no action says where the frame goes"),
            ("1 transfer pattern eth / end actions queue index 0 / end", "specific action", "for ingress rules only"),
            ("1 ingress pattern eth / end actions represented_port ethdev_port_id 2 / end", "specific action",
             "for transfer rules only"),
            ("1 ingress pattern eth / end actions queue index 1 / end", "action configuration", "the port has 1 receive queues"),
            ("1 transfer pattern eth / end actions drop / drop / end", "specific action", "another action says"),
            ("1 transfer group 2 pattern eth / end actions jump group 2 / end", "action configuration", "higher than its own"),
            ("1 transfer pattern eth / end actions represented_port ethdev_port_id 1 / end", "specific action",
             "back to who sent them"),
            ("1 transfer pattern eth / end actions represented_port ethdev_port_id 2 / drop / end", "specific action",
             "went to a port before"),
            ("1 transfer pattern eth / end actions of_pop_vlan / port_id id 2 / end", "specific action", "there is a VLAN tag"),
            ("1 transfer pattern eth / end actions of_push_vlan ethertype 0x9100 / port_id id 2 / end", "action configuration",
             "neither 0x8100 nor 0x88a8"),
            ("1 transfer pattern eth / ipv6 / end actions set_ipv4_src ipv4_addr 10.0.0.1 / port_id id 2 / end",
             "specific action", "there is an IPv4 header"),
            ("1 transfer pattern eth / ipv4 / end actions set_tp_dst port 5 / port_id id 2 / end", "specific action",
             "there is a TCP or UDP header"),
            ("1 transfer pattern eth / end actions vxlan_decap / port_id id 2 / end", "specific action", "there is a VXLAN header"),
            ("1 transfer pattern eth / end actions count / count / drop / end", "specific action", "one counter"),
            ("1 transfer pattern eth / end actions age timeout 0 / drop / end", "action configuration", "1 to 16777215"),
            ("1 transfer pattern eth / end actions meter mtr_id 4 / drop / end", "action configuration", "no meter 4"),
            ("1 transfer pattern eth / end actions dec_tcp_seq value 1 / drop / end", "specific action", "not supported")):
        t.refused("flow validate " + rule, kind, words)
        t.refused("flow create " + rule, kind, words)
    for port in (REP0, t.vf2):
        equal((t.rules(port), t.dump(port)), ([], []), "rules")
    t.rule("1 transfer priority 3 pattern eth / ipv4 / end actions drop / end")
    t.refused("flow create 1 transfer priority 3 pattern eth / ipv4 / end actions passthru / end", "cause unspecified",
              "a rule with this pattern and priority 3 is there already")
    t.refused("flow indirect_action 1 create action_id 9 transfer action drop / end", "specific action",
              "only COUNT, AGE and METER can be shared")
    equal(len(t.dump(REP0)), 1, "rules")
    equal(t.quit(), 0, "exit status")


def test_which_rule(so):
    """Priorities, the first that was made, groups and jumps, passthru, drop."""
    t = Bed(so)
    to_wire = "represented_port ethdev_port_id 0"
    low = t.rule(f"{REP0} transfer priority 7 pattern eth / end actions count / {to_wire} / end")
    t.passes("vf0", udp(), wire=udp())
    high = t.rule(f"{REP0} transfer priority 2 pattern eth / ipv4 / end actions count / represented_port ethdev_port_id 2 / end")
    t.passes("vf0", udp(dst=MAC[1]), vf1=udp(dst=MAC[1]))
    t.passes("vf0", udp6(), wire=udp6())
    # of one priority, the one that was made first
    later = t.rule(f"{REP0} transfer priority 2 pattern eth / ipv4 / udp / end actions count / drop / end")
    t.passes("vf0", udp(dst=MAC[1]), vf1=udp(dst=MAC[1]))
    equal([t.count(REP0, r)[0] for r in (low, high, later)], [2, 2, 0], "which were met")
    t.do(f"flow destroy {REP0} rule {high}")
    t.passes("vf0", udp(dst=MAC[1]), "tx_flow_drop")
    t.passes("vf0", tcp(), wire=tcp())
    equal([t.count(REP0, r)[0] for r in (low, later)], [3, 1], "which were met")
    t.do(f"flow flush {REP0}")
    # groups: without a jump nothing gets there; in a group that has no rule for it a frame goes on as ever
    four = t.rule(f"{REP0} transfer group 4 pattern eth / ipv4 / udp / end actions count / drop / end")
    t.passes("vf0", udp(), rep0=1)
    jump = t.rule(f"{REP0} transfer pattern eth / ipv4 / end actions count / jump group 4 / end")
    t.passes("vf0", udp(), "tx_flow_drop")
    t.passes("vf0", tcp(), rep0=1)
    equal([t.count(REP0, r)[0] for r in (four, jump)], [1, 2], "which were met")
    t.do(f"flow destroy {REP0} rule {four}")
    t.rule(f"{REP0} transfer group 4 pattern eth / ipv4 / udp / end actions jump group 1000000 / end")
    t.rule(f"{REP0} transfer group 1000000 pattern eth / ipv4 / udp dst is 2000 / end actions {to_wire} / end")
    t.passes("vf0", udp(), wire=udp())
    t.passes("vf0", udp(dport=9), rep0=1)
    t.do(f"flow flush {REP0}")
    # passthru: each that matches counts, the last says where to
    rules = [t.rule(f"{REP0} transfer priority {i} pattern {pattern} / end actions count / {fate} / end") for i, (pattern, fate) in
             enumerate((("eth / ipv4", "passthru"), ("eth / ipv4 / tcp", "passthru"), ("eth / ipv4 / udp", "passthru"),
                        ("eth", to_wire), ("eth", "drop")))]
    t.passes("vf0", udp(), wire=udp())
    t.passes("vf0", tcp(), wire=tcp())
    t.passes("vf0", udp6(), wire=udp6())
    equal([t.count(REP0, r)[0] for r in rules], [2, 1, 1, 3, 0], "which were met")
    equal(t.quit(), 0, "exit status")


def test_who_sends_and_who_receives(so):
    """Items and actions for ports, in each way to say them; several outputs; rules that meet no other sender's frames."""
    t = Bed(so)
    # made on the PF's port, about others
    for item, place, packet in ((f"represented_port ethdev_port_id is {REP0}", "vf0", udp()),
                                (f"port_id id is {REP0}", "vf0", udp()),
                                (f"represented_port ethdev_port_id is {PF}", "wire", udp(**IN)),
                                (f"port_id id is {PF}", "wire", udp(**IN))):
        rule = t.rule(f"{PF} transfer pattern {item} / eth / end actions count / port_representor port_id {REP2} / end")
        t.passes(place, packet, rep2=1)
        t.passes("vf1", udp(src=MAC[1]), rep1=1)
        equal(t.count(PF, rule), (1, len(packet)), item)
        t.do(f"flow destroy {PF} rule {rule}")
    # who receives
    for action, to in ((f"represented_port ethdev_port_id {PF}", {"wire": udp(dst=MAC[1])}),
                       (f"represented_port ethdev_port_id {REP1}", {"vf1": udp(dst=MAC[1])}),
                       (f"port_id id {PF}", {"wire": udp(dst=MAC[1])}), (f"port_id id {REP1}", {"vf1": udp(dst=MAC[1])}),
                       (f"port_representor port_id {PF}", {"pf": 1}), (f"port_representor port_id {REP0}", {"rep0": 1}),
                       (f"port_representor port_id {REP1}", {"rep1": 1})):
        rule = t.rule(f"{REP0} transfer pattern eth / end actions {action} / end")
        t.passes("vf0", udp(dst=MAC[1]), **to)
        t.do(f"flow destroy {REP0} rule {rule}")
    for action in (f"port_id id {t.vf2}", f"port_representor port_id {t.vf2}", f"represented_port ethdev_port_id {REP2}"):
        rule = t.rule(f"{REP0} transfer pattern eth / end actions {action} / end")
        t.passes("vf0", udp(dst=MAC[2]), vf2=1)
        t.do(f"flow destroy {REP0} rule {rule}")
    # four copies of one frame, and a receiver's policy is asked all the same
    t.rule(f"{REP0} transfer pattern eth / end actions represented_port ethdev_port_id {PF} / represented_port ethdev_port_id "
           f"{REP1} / port_representor port_id {PF} / port_representor port_id {REP0} / end")
    frame = udp(dst="ff:ff:ff:ff:ff:ff")
    t.passes("vf0", frame, wire=frame, vf1=frame, pf=1, rep0=1, times=3)
    before = t.stats("vf1")["rx_filtered"]
    t.passes("vf0", udp(dst=MAC[2]), wire=udp(dst=MAC[2]), pf=1, rep0=1)
    equal(t.stats("vf1")["rx_filtered"], before + 1, "not for VF 1")
    # a representor's own frames
    t.do("stop", f"set portlist {REP1}", f"set eth-peer {REP1} {OUTSIDE}", "set fwd txonly", "set burst 1")
    rule = t.rule(f"{REP0} transfer pattern port_representor port_id is {REP1} / eth / end actions count / drop / end")
    t.do("start")
    wait_for(lambda: t.count(REP0, rule)[0] > 0, "what the representor sends")
    t.do("stop")
    equal(t.count(REP0, rule)[0], t.stats("rep1")["tx_flow_drop"], "frames dropped")
    equal(t.quit(), 0, "exit status")


def aged(t, port, *wanted):
    """Until testpmd lists as many aged things, which it names like this."""
    def listed():
        text = t.do(f"flow aged {port}")
        return f"total aged flows: {len(wanted)}" in text and all(w in text for w in wanted)
    wait_for(listed, f"aged: {wanted}", 15)


def test_age(so):
    """Told by an event, listed, queried, touched by a frame, and ended by `flow aged ... destroy`."""
    t = Bed(so)
    to_wire = "represented_port ethdev_port_id 0"
    young = t.rule(f"{REP0} transfer pattern eth / ipv4 / tcp / end actions age timeout 100000 / {to_wire} / end")
    old = t.rule(f"{REP0} transfer pattern eth / ipv4 / udp / end actions age timeout 1 / count / {to_wire} / end")
    t.rule(f"{t.vf2} ingress pattern eth / end actions age timeout 1 / queue index 0 / end")
    t.says(f"flow query {REP0} {young} age", "aged: 0", "sec_since_last_hit_valid: 1", "sec_since_last_hit: 0")
    for port, rule in ((REP0, old), (t.vf2, 0)):
        wait_for(lambda p=port: t.do("") and f"Port {p}: flow aged event" in t.output, "event", 15)
        aged(t, port, f"{rule}\t0\t0\t")
        t.says(f"flow query {port} {rule} age", "aged: 1")
    # a frame starts the time again, but what has aged stays so
    t.passes("vf0", udp(), wire=udp())
    t.says(f"flow query {REP0} {old} age", "aged: 1", "sec_since_last_hit_valid: 1", "sec_since_last_hit: ")
    equal(t.count(REP0, old), (1, len(udp())), "counter beside the age")
    t.says(f"flow aged {REP0} destroy", f"Flow rule #{old} destroyed")
    equal(t.rules(REP0), [young], "rules left")
    aged(t, REP0)
    t.passes("vf0", udp(), rep0=1)
    equal(t.quit(), 0, "exit status")


def test_shared_count(so):
    """One counter of two rules and, read on its own, of nobody else; in use it cannot go."""
    t = Bed(so)
    t.says(f"flow indirect_action {REP0} create action_id 100 transfer action count / end", "Indirect action #100 created")
    t.says(f"flow indirect_action {REP0} create action_id 101 ingress action count / end", "Indirect action #101 created")
    for pattern in ("eth / ipv4 / udp", "eth / ipv6"):
        t.rule(f"{REP0} transfer pattern {pattern} / end actions indirect 100 / represented_port ethdev_port_id 0 / end")
    own = t.rule(f"{REP0} transfer pattern eth / ipv4 / tcp / end actions indirect 100 / count / drop / end")
    local = t.rule(f"{REP0} ingress pattern eth / end actions indirect 101 / queue index 0 / end")
    t.passes("vf0", udp(), wire=udp(), times=2)
    t.passes("vf0", udp6(), wire=udp6())
    t.passes("vf0", tcp(), "tx_flow_drop")
    octets = 2 * len(udp()) + len(udp6()) + len(tcp())
    equal(hits(t.says(f"flow indirect_action {REP0} query 100", "Indirect COUNT action")), (4, octets), "shared counter")
    equal(t.count(REP0, own), (1, len(tcp())), "its own counter")
    arp = udp()
    arp.type = 0x88b5
    t.passes("vf0", arp, rep0=1)
    equal(hits(t.do(f"flow indirect_action {REP0} query 101")), (1, len(arp)), "shared counter of a local rule")
    t.refused(f"flow indirect_action {REP0} destroy action_id 100", "flow rule (handle)", "used by 3 rules")
    t.refused(f"flow indirect_action {REP0} update 100 action count / end", "specific action", "only an AGE can be updated")
    t.do(f"flow destroy {REP0} rule {local}")
    t.says(f"flow indirect_action {REP0} destroy action_id 101", "Indirect action #101 destroyed")
    t.says(f"flow indirect_action {REP0} query 101", "Failed to find indirect action #101")
    t.do(f"flow flush {REP0}")
    equal(hits(t.do(f"flow indirect_action {REP0} query 100")), (4, octets), "outlives its rules")
    t.says(f"flow indirect_action {REP0} destroy action_id 100", "Indirect action #100 destroyed")
    equal(t.quit(), 0, "exit status")


def test_shared_age(so):
    """Aged only when no rule of it was met; its timeout can be changed."""
    t = Bed(so)
    t.says(f"flow indirect_action {REP0} create action_id 1 transfer action age timeout 100000 / end", "#1 created")
    for pattern in ("eth / ipv4 / udp", "eth / ipv4 / tcp"):
        t.rule(f"{REP0} transfer pattern {pattern} / end actions indirect 1 / represented_port ethdev_port_id 0 / end")
    t.says(f"flow indirect_action {REP0} query 1", "Indirect AGE action", "aged: 0")
    t.refused(f"flow indirect_action {REP0} update 1 action age timeout 1 / end", "specific action", "has a timeout or a touch")
    t.says(f"flow indirect_action {REP0} update 1 action age_update timeout 1 / end", "Indirect action #1 updated")
    wait_for(lambda: "aged: 1" in t.do(f"flow indirect_action {REP0} query 1"), "aged", 15)
    wait_for(lambda: t.do("") and f"Port {REP0}: flow aged event" in t.output, "event")
    aged(t, REP0, "Indirect action")
    t.passes("vf0", tcp(), wire=tcp())
    t.says(f"flow indirect_action {REP0} query 1", "aged: 1")
    t.says(f"flow indirect_action {REP0} update 1 action age_update timeout 100000 touch 1 / end", "#1 updated")
    t.says(f"flow indirect_action {REP0} query 1", "aged: 0")
    aged(t, REP0)
    t.refused(f"flow indirect_action {REP0} destroy action_id 1", "flow rule (handle)", "used by 2 rules")
    t.silent(f"flow flush {REP0}")
    t.says(f"flow indirect_action {REP0} destroy action_id 1", "#1 destroyed")
    aged(t, REP0)
    equal(t.quit(), 0, "exit status")


def test_isolate(so):
    """An isolated port gets what its rules queue and what a transfer rule sends to it, and is itself again afterwards."""
    t = Bed(so)
    for port, ep, place, packet, other in ((REP0, "rep0", "vf0", udp(), tcp()), (PF, "pf", "wire", udp(**IN), tcp(**IN))):
        t.says(f"flow isolate {port} 1", f"Ingress traffic on port {port} is now restricted to the defined flow rules")
        before = t.stats(ep)["rx_no_flow"]
        t.passes(place, packet)
        t.rule(f"{port} ingress pattern eth / ipv4 / udp / end actions queue index 0 / end")
        t.passes(place, packet, **{ep: 1})
        t.passes(place, other)
        equal(t.stats(ep)["rx_no_flow"] - before, 2, "rx_no_flow")
        rule = t.rule(f"{port} transfer pattern eth / end actions port_representor port_id {port} / end")
        t.passes(place, other, **{ep: 1})
        t.do(f"flow destroy {port} rule {rule}")
        t.passes(place, other)
        t.says(f"flow isolate {port} 0", f"Ingress traffic on port {port} is not restricted anymore")
        t.passes(place, other, **{ep: 1})
    equal(t.quit(), 0, "exit status")


def test_stop_and_start(so):
    """testpmd flushes what was made on a port that it stops, and nothing else: those outlive it."""
    t = Bed(so)
    kept = t.rule(f"{PF} transfer pattern represented_port ethdev_port_id is {REP0} / eth / ipv4 / udp / end "
                  f"actions count / represented_port ethdev_port_id {PF} / end")
    t.rule(f"{REP0} transfer pattern eth / ipv4 / tcp / end actions drop / end")
    t.do(f"flow indirect_action {REP0} create action_id 4 transfer action count / end", f"flow isolate {REP0} 1")
    t.passes("vf0", udp(), wire=udp())
    t.passes("vf0", tcp(), "tx_flow_drop")
    for _ in range(2):
        t.do("stop", f"port stop {REP0}")
        equal((t.rules(REP0), t.dump(REP0)), ([], []), "rules of the stopped port")
        equal(t.rules(PF), [kept], "rules of the other")
        # a rule for a port that is stopped
        rule = t.rule(f"{REP0} transfer priority 1 pattern eth / ipv4 / udp / end actions drop / end")
        equal(t.dump(REP0), ["from vf0 group 0 priority 1: l3=4 l4=17 => drop"], "a rule made on a stopped port")
        t.do(f"flow destroy {REP0} rule {rule}", f"port config {REP0} rxq 1", f"port start {REP0}")
        t.poll()
        t.passes("vf0", udp(), wire=udp())
        before = t.stats("rep0")["rx_no_flow"]
        t.passes("vf0", tcp())
        equal(t.stats("rep0")["rx_no_flow"], before + 1, "still isolated")
    equal(t.count(PF, kept)[0], 3, "counted all along")
    t.says(f"flow indirect_action {REP0} query 4", "Indirect COUNT action")
    equal(t.quit(), 0, "exit status")


def test_close(so):
    """Rules end with the port that they were made on; those of others that name it stay, and harm nobody."""
    t = Bed(so)
    kept = t.rule(f"{PF} transfer pattern eth dst is {MAC[2]} / end actions count / port_id id {t.vf2} / end")
    mine = t.rule(f"{PF} transfer pattern represented_port ethdev_port_id is {REP0} / eth / ipv4 / udp / end "
                  f"actions count / port_representor port_id {REP0} / end")
    t.rule(f"{REP0} transfer pattern eth / end actions age timeout 1 / count / drop / end")
    t.rule(f"{REP0} ingress pattern eth / end actions mark id 3 / queue index 0 / end")
    t.rule(f"{t.vf2} ingress pattern eth / end actions drop / end")
    for port in (REP0, t.vf2):
        t.do(f"flow isolate {port} 1", f"flow indirect_action {port} create action_id 7 ingress action age timeout 1 / end")
    t.passes("wire", udp(src=OUTSIDE, dst=MAC[2]))
    t.do("stop", f"port stop {t.vf2}", f"port detach {t.vf2}", f"port stop {REP0}", f"port close {REP0}")
    equal(t.rules(PF), [kept, mine], "rules of the PF's port")
    t.do(f"set portlist {PF}", "start")
    before = t.stats("vf2")["rx_stopped"]
    t.passes("wire", udp(src=OUTSIDE, dst=MAC[2]))
    equal(t.stats("vf2")["rx_stopped"], before + 1, "a VF without a port")
    t.do("stop", f"port attach {NIC},representor=[0]", f"port attach net_eswitch_vf2,pf={NIC},vf=2")
    ports = t.ports()
    rep, vf2 = ports[f"{NIC}_representor_vf0"], ports["net_eswitch_vf2"]
    t.do("port start all")
    for port in (rep, vf2):
        equal((t.rules(port), t.dump(port)), ([], []), "rules of a new port")
        aged(t, port)
    t.do(f"set portlist {PF},{rep}", "start")
    t.passes("wire", udp(src=OUTSIDE, dst=MAC[2]), vf2=1)
    t.passes("vf0", udp(), rep0=1)
    t.passes("vf0", tcp(), rep0=1)
    equal((t.count(PF, kept)[0], t.count(PF, mine)[0]), (3, 1), "counted by rules that stayed")
    # the last that knows of the rules
    t.rule(f"{rep} transfer pattern eth / ipv4 / end actions drop / end")
    equal(t.quit(), 0, "exit status")


def test_detach(so):
    """The device goes with rules, ages and shared actions on all its ports, and comes again without any."""
    t = Bed(so)
    for port in (PF, REP0, REP1):
        t.do(f"flow indirect_action {port} create action_id 1 transfer action age timeout 1 / end")
        t.rule(f"{port} transfer pattern eth / end actions indirect 1 / count / drop / end")
        t.rule(f"{port} ingress pattern eth / end actions age timeout 1 / queue index 0 / end")
    t.rule(f"{t.vf2} ingress pattern eth / end actions age timeout 1 / queue index 0 / end")
    t.passes("vf0", udp(), "tx_flow_drop")
    t.passes("wire", udp(**IN), "tx_flow_drop")
    # the VF's port stays behind as an orphan, with its rules
    t.do("stop", *[f"port stop {port}" for port in (PF, REP0, REP1, REP2)], f"port detach {PF}")
    equal([name for name in t.ports() if "eswitch" in name], ["net_eswitch_vf2"], "ports left")
    t.do(f"flow list {t.vf2}", f"flow dump {t.vf2} all", f"flow aged {t.vf2}", f"flow query {t.vf2} 0 age", f"flow flush {t.vf2}",
         f"flow isolate {t.vf2} 1", f"port stop {t.vf2}", f"port detach {t.vf2}")
    expect(t.up(), "testpmd is there")
    t.do(f"port attach {NIC},vfs=1,representor=[0]")
    pf = t.ports()[NIC]
    equal(t.dump(pf), [], "rules of the new device")
    t.do("port start all")
    rule = t.rule(f"{pf} transfer pattern eth / end actions count / drop / end")
    equal(t.count(pf, rule), (0, 0), "counter")
    equal(t.quit(), 0, "exit status")


def test_guide(so):
    """Each command of the guide does what it says there: an answer that the guide shows, or no complaint."""
    with open(os.path.join(TOP, "doc/guides/nics/eswitch.rst"), encoding="utf-8") as f:
        guide = f.read()
    lines = []
    for section in ("Flow rules", "Meters"):
        begin = guide.index(f"\n{section}\n---")
        lines += re.findall(r"^   (.*)$", guide[begin:guide.index("\n\n\n", begin)], re.M)
    t = Testpmd(so, ["--vdev", f"{NIC},vfs=2,representor=vf[0-1]", "--vdev", f"net_eswitch_vf0,pf={NIC},vf=0"])
    equal(list(t.ports().values()), [0, 1, 2, 3], "ports as the guide numbers them")
    done = 0
    for line, next_line in zip(lines, lines[1:] + [""]):
        if not line.startswith("testpmd> "):
            continue
        answer = t.do(line.removeprefix("testpmd> "))
        if next_line.startswith("port_flow_complain"):
            expect(re.sub("0x[0-9a-f]+", "", next_line) in re.sub("0x[0-9a-f]+", "", answer), f"{line}: {answer}")
        else:
            expect(not re.search(r"Bad arguments|Caught|error|ould not|ot found|nknown", answer), f"{line}: {answer}")
        done += 1
    expect(done > 25, f"{done} commands were found")
    equal(t.quit(), 0, "exit status")


if __name__ == "__main__":
    main(globals())
