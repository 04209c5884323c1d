# SPDX-License-Identifier: BSD-3-Clause
# Copyright(c) 2026 eswitch contributors
"""Flow rules of templates, by testpmd's commands: configure, templates, tables, queues with push and pull."""
import re

from flowbed import MAC, OUTSIDE, PF, REP0, REP1, Bed, hits, main, tcp, tcp6, udp, udp6
from testpmd import equal, expect

TO_WIRE = f"represented_port ethdev_port_id {PF}"
TO_VF1 = f"represented_port ethdev_port_id {REP1}"


STATE = "unknown type"  # testpmd 22.11 has no words for RTE_FLOW_ERROR_TYPE_STATE


class Flows:
    """A port of a testpmd with two flow queues, made while it is stopped."""

    def __init__(self, t, port, attr="transfer", size=64):
        self.t, self.port, self.attr = t, port, attr
        t.do("stop", f"port stop {port}")
        t.says(f"flow configure {port} queues_number 2 queues_size {size} counters_number 16 aging_counters_number 16 "
               "meters_number 0 flags 0", f"Configure flows on port {port}: number of queues 2 with {size} elements")
        t.do(f"port start {port}")
        t.poll()

    def pattern(self, number, items, relaxed="no"):
        self.t.says(f"flow pattern_template {self.port} create pattern_template_id {number} relaxed {relaxed} {self.attr} "
                    f"template {items} / end", f"Pattern template #{number} created")

    def actions(self, number, actions, mask=None):
        """A mask that differs from the actions has the fields that all rules share."""
        self.t.says(f"flow actions_template {self.port} create {self.attr} actions_template_id {number} template {actions} / end "
                    f"mask {mask or actions} / end", f"Actions template #{number} created")

    def table(self, number, patterns, actions, attr="", rules=100):
        self.t.says(f"flow template_table {self.port} create table_id {number} {attr} {self.attr} rules_number {rules} " +
                    " ".join([f"pattern_template {n}" for n in patterns] + [f"actions_template {n}" for n in actions]),
                    f"Template table #{number} created")

    def command(self, table, items, actions, queue=0, which=(0, 0), postpone="no"):
        """What enqueues a rule. which: indices of its templates in the table."""
        return (f"flow queue {self.port} create {queue} template_table {table} pattern_template {which[0]} actions_template "
                f"{which[1]} postpone {postpone} pattern {items} / end actions {actions} / end")

    def enqueue(self, *args, **kwargs):
        """The number of a rule that is on its way."""
        answer = self.t.says(self.command(*args, **kwargs), "creation enqueued")
        return int(re.search(r"Flow rule #(\d+) creation", answer)[1])

    def destroy(self, rule, queue=0, postpone="no"):
        self.t.says(f"flow queue {self.port} destroy {queue} postpone {postpone} rule {rule}",
                    f"Flow rule #{rule} destruction enqueued")

    def push(self, queue=0):
        self.t.says(f"flow push {self.port} queue {queue}", f"Queue #{queue} operations pushed")

    def pulled(self, good, bad=0, queue=0):
        self.t.says(f"flow pull {self.port} queue {queue}",
                    f"Queue #{queue} pulled {good + bad} operations ({bad} failed, {good} succeeded)")

    def make(self, *args, **kwargs):
        """A rule that is in force."""
        rule = self.enqueue(*args, **kwargs)
        self.pulled(1, queue=kwargs.get("queue", 0))
        return rule


def test_info(so):
    """What can be asked for, and that it is asked for in time."""
    t = Bed(so)
    for port in (PF, REP0, t.vf2):
        t.says(f"flow info {port}", f"Flow engine resources on port {port}", "Number of queues: 64", "Size of queues: 65536")
    t.refused(f"flow configure {REP0} queues_number 1 queues_size 16 counters_number 0 aging_counters_number 0 meters_number 0 "
              "flags 0", "cause unspecified", "Invalid argument")  # ethdev's own: the port is started
    t.says(f"flow actions_template {REP0} create transfer actions_template_id 1 template drop / end mask drop / end",
           f"Flow engine on port_id={REP0} is not configured")
    t.do("stop", f"port stop {REP0}")
    for what, words in (("queues_number 65 queues_size 16 counters_number 0 aging_counters_number 0 meters_number 0", "65 queues"),
                        ("queues_number 1 queues_size 65537 counters_number 0 aging_counters_number 0 meters_number 0",
                         "65537 operations of a queue")):
        t.refused(f"flow configure {REP0} {what} flags 0", "cause unspecified", words + " are out of range 0 to ")
    equal(t.quit(), 0, "exit status")


def test_rules(so):
    """Two patterns and three lists of actions in one table; values of the template and of each rule; from a queue each."""
    t = Bed(so)
    f = Flows(t, REP0)
    f.pattern(1, "eth / ipv4 dst mask 255.255.255.255 / udp")
    f.pattern(2, "eth / ipv6 / tcp dst mask 0xffff")
    f.actions(1, f"count / {TO_WIRE}", f"count / {TO_WIRE.replace(str(PF), '0xffff')}")
    f.actions(2, f"set_ipv4_dst ipv4_addr 0.0.0.0 / {TO_WIRE}", "set_ipv4_dst ipv4_addr 0.0.0.0 / represented_port ethdev_port_id 0")
    f.actions(3, "drop")
    t.refused(f"flow template_table {REP0} create table_id 7 transfer rules_number 9 pattern_template 2 actions_template 2",
              "specific action", "no item says that there is an IPv4 header")
    f.table(7, (1,), (1, 2), "group 5 priority 2")
    f.table(8, (2,), (1, 3), "group 5 priority 2")
    t.rule(f"{REP0} transfer pattern eth / end actions jump group 5 / end")
    kept = f.make(7, "eth / ipv4 dst is 10.0.0.2 / udp", f"count / {TO_WIRE}")
    f.make(7, "eth / ipv4 dst is 10.0.0.3 / udp", f"set_ipv4_dst ipv4_addr 10.9.9.9 / {TO_VF1}", which=(0, 1), queue=1)
    f.make(8, "eth / ipv6 / tcp dst is 99", "drop", which=(0, 1))
    f.make(8, "eth / ipv6 / tcp dst is 98", f"count / {TO_WIRE}")
    equal(len(t.dump(REP0)), 5, "rules")
    expect(all("from vf0 group 5 priority 2" in line for line in t.dump(REP0)[1:]), t.dump(REP0))
    t.passes("vf0", udp(), wire=udp(), times=3)
    t.passes("vf0", udp(dst=MAC[1], daddr="10.0.0.3"), vf1=udp(dst=MAC[1], daddr="10.9.9.9"))
    t.passes("vf0", tcp6(dport=99), "tx_flow_drop")
    t.passes("vf0", tcp6(dport=98), wire=tcp6(dport=98))
    t.passes("vf0", tcp(dport=99), rep0=1)
    t.passes("vf0", udp(daddr="10.0.0.4"), rep0=1)
    t.passes("vf0", udp6(dport=99), rep0=1)
    equal(t.count(REP0, kept), (3, 3 * len(udp())), "what was counted")
    t.says(f"flow list {REP0}", f"{kept}\t5\t2\t--t\tETH IPV4 UDP => COUNT REPRESENTED_PORT")
    f.destroy(kept)
    f.pulled(1)
    t.passes("vf0", udp(), rep0=1)
    equal(t.quit(), 0, "exit status")


def test_postponed(so):
    """Nothing happens before a push, or before an operation that is not postponed; then all, in order."""
    t = Bed(so)
    f = Flows(t, REP0)
    f.pattern(1, "eth / ipv4 dst mask 255.255.255.255")
    f.actions(1, "count / drop")
    f.table(1, (1,), (1,))
    rules = [f.enqueue(1, f"eth / ipv4 dst is 10.0.0.{i}", "count / drop", postpone="yes") for i in range(2, 12)]
    f.pulled(0)
    equal(t.dump(REP0), [], "rules")
    t.passes("vf0", udp(), rep0=1)
    f.push()
    t.passes("vf0", udp(), "tx_flow_drop")
    f.pulled(10)
    f.pulled(0)
    equal(len(t.dump(REP0)), 10, "rules")
    f.destroy(rules[0], postpone="yes")
    again = f.enqueue(1, "eth / ipv4 dst is 10.0.0.2", "count / drop", postpone="yes")
    t.passes("vf0", udp(), "tx_flow_drop")
    equal(t.count(REP0, rules[1]), (0, 0), "counter of another")
    f.push()
    f.pulled(2)
    t.passes("vf0", udp(), "tx_flow_drop")
    equal(t.count(REP0, again)[0], 1, "counter of the new rule")
    f.destroy(again, postpone="yes")
    f.enqueue(1, "eth / ipv4 dst is 10.0.1.1", "count / drop")  # takes those that wait along
    t.passes("vf0", udp(), rep0=1)
    f.pulled(2)
    equal(t.quit(), 0, "exit status")


def test_refusals(so):
    """What is wrong when it is enqueued, what turns out to be wrong when it is done, and what is still in use."""
    t = Bed(so)
    f = Flows(t, REP0, size=4)
    t.refused(f"flow pattern_template {REP0} create pattern_template_id 1 relaxed no transfer template eth / gre / end",
              "specific pattern item", "this item is not supported")
    t.refused(f"flow pattern_template {REP0} create pattern_template_id 1 relaxed no egress template eth / end",
              "egress field", "what a port sends is for transfer rules")
    t.refused(f"flow actions_template {REP0} create transfer actions_template_id 1 template dec_tcp_seq value 1 / end "
              "mask dec_tcp_seq value 1 / end", "specific action", "this action is not supported")
    f.pattern(1, "eth / ipv4 dst mask 255.255.255.255")
    f.actions(1, "drop")
    f.actions(2, f"count / {TO_WIRE}", f"count / {TO_WIRE.replace(str(PF), '0')}")
    f.table(1, (1,), (1, 2), rules=3)
    # For a creation that is refused some testpmds destroy rule 0, which is another one.
    t.rule(f"{REP0} transfer priority 9 pattern eth / ipv6 / end actions drop / end")
    rules = [f.make(1, f"eth / ipv4 dst is 10.0.0.{i}", "drop") for i in (2, 3)]
    # the same once more, found out when it is done
    f.enqueue(1, "eth / ipv4 dst is 10.0.0.2", "drop")
    f.pulled(0, 1)
    equal(len(t.dump(REP0)), 3, "rules")
    t.refused(f.command(1, "eth / ipv4 dst is 10.0.0.5", "count / represented_port ethdev_port_id 31", which=(0, 1)),
              "specific action", "there is no such port")
    f.pulled(0)
    equal(len(t.dump(REP0)), 3, "rules")
    t.says(f"flow template_table {REP0} destroy table 1", "the table has 2 rules")
    t.says(f"flow pattern_template {REP0} destroy pattern_template 1", "the template is in 1 tables")
    t.says(f"flow actions_template {REP0} destroy actions_template 1", "the template is in 1 tables")
    for rule in rules:
        f.destroy(rule)
    f.pulled(2)
    t.says(f"flow template_table {REP0} destroy table 1", "Template table #1 destroyed")
    t.says(f"flow pattern_template {REP0} destroy pattern_template 1", "Pattern template #1 destroyed")
    t.says(f"flow actions_template {REP0} destroy actions_template 1 actions_template 2", "#1 destroyed", "#2 destroyed")
    equal(t.quit(), 0, "exit status")


def test_shared_actions(so):
    """
    Made, asked, changed and ended through a queue, and in a template. testpmd's masks have a configuration always: the
    template's action is that of all its rules.
    """
    t = Bed(so)
    f = Flows(t, REP0)
    for number, action in ((5, "count"), (7, "age timeout 100000")):
        t.says(f"flow queue {REP0} indirect_action 1 create postpone no action_id {number} transfer action {action} / end",
               f"Indirect action #{number} creation queued")
        f.pulled(1, queue=1)
    f.pattern(1, "eth / ipv4 dst mask 255.255.255.255")
    f.actions(1, f"indirect 5 / {TO_WIRE}", f"count / {TO_WIRE.replace(str(PF), '0xffff')}")
    f.table(1, (1,), (1,))
    f.make(1, "eth / ipv4 dst is 10.0.0.2", f"indirect 5 / {TO_WIRE}")
    f.make(1, "eth / ipv4 dst is 10.0.0.3", f"indirect 5 / {TO_WIRE}")
    t.passes("vf0", udp(), wire=udp(), times=2)
    t.passes("vf0", udp(daddr="10.0.0.3"), wire=udp(daddr="10.0.0.3"))
    t.do(f"flow queue {REP0} indirect_action 1 query 5")
    equal(hits(t.do(f"flow pull {REP0} queue 1")), (3, 3 * len(udp())), "shared counter")
    t.says(f"flow queue {REP0} indirect_action 1 update 7 postpone no action age_update timeout 5 / end", "update queued")
    f.pulled(1, queue=1)
    t.do(f"flow flush {REP0}", f"flow template_table {REP0} destroy table 1")
    t.says(f"flow actions_template {REP0} destroy actions_template 1", "#1 destroyed")
    for number in (5, 7):
        t.says(f"flow queue {REP0} indirect_action 1 destroy postpone yes action_id {number}", "destruction queued")
    f.push(1)
    f.pulled(2, queue=1)
    equal(t.quit(), 0, "exit status")


def test_ports(so):
    """Ingress on a VF's port, and on the PF's a sender that differs from rule to rule."""
    t = Bed(so, queues=4)
    f = Flows(t, t.vf2, "ingress")
    f.pattern(1, "eth / ipv4 / udp dst mask 0xffff")
    f.actions(1, "mark id 0 / queue index 0", "mark id 0 / queue index 0")
    f.table(1, (1,), (1,))
    t.rule(f"{PF} transfer pattern eth dst is {MAC[2]} / end actions port_id id {t.vf2} / end")
    for i in range(4):
        f.make(1, f"eth / ipv4 / udp dst is {i}", f"mark id {i} / queue index {i}")
        t.send("wire", *[udp(src=OUTSIDE, dst=MAC[2], dport=i)] * (i + 1))
    t.becomes([1, 2, 3, 4], lambda: [int(t.do(f"show port {t.vf2} rxq {q} desc used count").split("count = ")[1].split()[0])
                                     for q in range(4)], "frames in the queues")
    f = Flows(t, PF)
    f.pattern(1, "represented_port ethdev_port_id mask 0xffff / eth / ipv4 / udp dst mask 0xffff")
    f.actions(1, "count / drop")
    f.table(1, (1,), (1,), "group 1")
    rules = [f.make(1, f"represented_port ethdev_port_id is {port} / eth / ipv4 / udp dst is 2000", "count / drop")
             for port in (PF, REP0, REP1)]
    for port in (PF, REP0, REP1):
        t.rule(f"{PF} transfer pattern represented_port ethdev_port_id is {port} / end actions jump group 1 / end")
    for i, (place, src) in enumerate((("wire", OUTSIDE), ("vf0", MAC[0]), ("vf1", MAC[1]))):
        t.passes(place, udp(src=src, dst=MAC[2]), "tx_flow_drop", times=i + 1)
    equal([t.count(PF, rule)[0] for rule in rules], [1, 2, 3], "frames of each sender")
    equal(t.quit(), 0, "exit status")


def test_stop_and_close(so):
    """testpmd flushes the rules at a stop, of templates too: these stay, and serve again. All of it goes with the port."""
    t = Bed(so)
    f = Flows(t, REP0)
    f.pattern(1, "eth / ipv4 dst mask 255.255.255.255")
    f.actions(1, "drop")
    f.table(1, (1,), (1,))
    f.make(1, "eth / ipv4 dst is 10.0.0.2", "drop")
    t.passes("vf0", udp(), "tx_flow_drop")
    t.do("stop", f"port stop {REP0}")
    equal((t.rules(REP0), t.dump(REP0)), ([], []), "rules")
    # with the numbers of before: testpmd believes in those of a refused one
    t.refused(f"flow configure {REP0} queues_number 2 queues_size 64 counters_number 0 aging_counters_number 0 meters_number 0 "
              "flags 0", STATE, "there are template tables")
    t.do(f"port start {REP0}")
    t.poll()
    t.passes("vf0", udp(), rep0=1)
    f.make(1, "eth / ipv4 dst is 10.0.0.2", "drop")
    t.passes("vf0", udp(), "tx_flow_drop")
    # operations that wait and results that nobody pulled go, too
    f.enqueue(1, "eth / ipv4 dst is 10.0.0.3", "drop")
    f.enqueue(1, "eth / ipv4 dst is 10.0.0.4", "drop", postpone="yes", queue=1)
    t.do("stop")
    t.refused(f"port stop {REP0}", STATE, "operations wait in the port's flow queues")
    t.do(f"port close {REP0}", "port attach net_eswitch_pf0,representor=[0]")
    port = t.ports()["net_eswitch_pf0_representor_vf0"]
    equal((t.rules(port), t.dump(port)), ([], []), "rules of the new port")
    # testpmd 22.11 itself remembers templates and tables of a port that was closed: other numbers
    t.says(f"flow actions_template {port} create transfer actions_template_id 2 template drop / end mask drop / end",
           f"Flow engine on port_id={port} is not configured")
    t.do(f"port start {port}")
    # and once more, left to the end of the process
    f = Flows(t, port)
    f.pattern(2, "eth / ipv4 dst mask 255.255.255.255")
    f.actions(2, "drop")
    f.table(2, (2,), (2,))
    f.enqueue(2, "eth / ipv4 dst is 10.0.0.2", "drop")
    f.enqueue(2, "eth / ipv4 dst is 10.0.0.4", "drop", postpone="yes", queue=1)
    t.passes("vf0", udp(), "tx_flow_drop")
    equal(t.quit(), 0, "exit status")


if __name__ == "__main__":
    main(globals())
