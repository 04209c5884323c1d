#!/usr/bin/python3
# SPDX-License-Identifier: BSD-3-Clause
# Copyright(c) 2026 eswitch contributors
"""What OVS does to a port: removal and return, representors asked for later, MAC, MTU."""
from ovs import BRIDGE, PF, main, ovs, until
from lab.cases import expect, expect_range


def removal_and_return():
    """del-port stops a VF's traffic and nobody else's; add-port gives it back; ten times over."""
    with ovs() as o:
        expect("replies at first", o.ns[0].ping("10.0.0.2", 2)[0], 2)
        o.vsctl("del-port", "rep0")
        expect("replies without the port", o.ns[0].ping("10.0.0.2", 2)[0], 0)
        expect("replies between others", o.ns[2].ping("10.0.0.2", 2)[0], 2)
        o.vsctl("del-port", "up")
        expect("replies without the uplink", o.ns[1].ping("10.0.0.9", 2)[0], 0)
        o.add("up", PF)
        for _ in range(10):
            o.add("rep0", "%s,representor=vf0" % PF)
            o.vsctl("del-port", "rep0")
        o.add("again", "%s,representor=[0]" % PF)
        expect("replies afterwards", o.ns[0].ping("10.0.0.2", 3)[0], 3)
        expect("replies from the wire afterwards", o.ns[0].ping("10.0.0.9", 3)[0], 3)
        o.vsctl("del-br", BRIDGE)
        o.bridge()
        expect("replies on a new bridge", o.ns[0].ping("10.0.0.9", 3)[0], 3)
        expect("complaints", o.complaints(), [])


def representor_asked_for_later():
    """A representor that the PF was not made with; closed by del-port, made again by add-port."""
    with ovs(reps=[0, 1]) as o:
        for spelling in ("representor=vf3", "representor=[3]", "representor=pf0vf3"):
            o.add("late", "%s,%s" % (PF, spelling))
            expect("replies with " + spelling, o.ns[3].ping("10.0.0.1", 2)[0], 2)
            expect("its representor's port", o.ask("vf", 3)["state"]["representor_port"] >= 0, True)
            o.vsctl("del-port", "late")
            expect("its representor afterwards", o.ask("vf", 3)["state"]["representor_port"], -1)
        expect("replies of the others", o.ns[0].ping("10.0.0.2", 2)[0], 2)
        for wrong in ("representor=vf4", "representor=sf0", "representor=pf1vf0"):
            o.vsctl("--", "add-port", BRIDGE, "wrong", "--", "set", "interface", "wrong", "type=dpdk",
                    'options:dpdk-devargs="%s,%s"' % (PF, wrong))
            expect("error for " + wrong, wrong in o.interface("wrong", "error"), True)
            o.vsctl("del-port", "wrong")
        expect("replies of the others at last", o.ns[0].ping("10.0.0.2", 2)[0], 2)


def other_devices():
    """Names that are none are refused in words; a second NIC comes and goes with its port; detach takes the first."""
    with ovs() as o:
        for wrong, words in (("net_eswitch_pf0_vf2", "not a device name"),
                             ("net_eswitch_pf0_representor_vf2", "not a device name"),
                             ("net_eswitch_vf9", "needs pf="),
                             ("net_eswitch_vf9,pf=net_eswitch_pf0,vf=0", "handed to port net_tap0")):
            o.vsctl("add-port", BRIDGE, "w", "--", "set", "interface", "w", "type=dpdk",
                    'options:dpdk-devargs="%s"' % wrong)
            expect("error of " + wrong, wrong in o.interface("w", "error"), True)
            expect("reason for " + wrong, words in o.log_text(), True)
            o.vsctl("del-port", "w")
        o.add("w", "net_eswitch_pf1,vfs=2,representor=vf0")
        expect("devices", o.telemetry.ask("/eswitch/list"), [PF, "net_eswitch_pf1"])
        o.vsctl("del-port", "w")
        expect("devices afterwards", o.telemetry.ask("/eswitch/list"), [PF])
        expect("replies", o.ns[0].ping("10.0.0.2", 2)[0], 2)
        o.vsctl("del-br", BRIDGE)
        o.appctl("netdev-dpdk/detach", PF)
        expect("devices after detach", o.telemetry.ask("/eswitch/list"), [])


def mac_of_the_vf():
    """options:dpdk-vf-mac sets the VF's address: policy, status, and what the VF may send."""
    new = "02:aa:bb:cc:dd:07"
    with ovs() as o:
        old = o.mac(1)
        o.vsctl("set", "interface", "rep1", "options:dpdk-vf-mac=%s" % new)
        expect("policy", o.mac(1), new)
        until("status:dpdk-vf-mac", lambda: o.interface("rep1", "status:dpdk-vf-mac"), new)
        expect("mac_in_use", o.interface("rep1", "mac_in_use"), new)
        expect("replies with the old source address", o.ns[1].ping("10.0.0.1", 2)[0], 0)
        expect_range("frames of the old address", o.ask("stats", 1)["tx_spoof"], 1, 10)
        # In a namespace of its own the interface is its user's.
        o.ns[1].run("ip link set vf1 address " + new)
        expect("replies with the new one", o.ns[1].ping("10.0.0.1", 3)[0], 3)
        # A port that is stopped and started keeps it, although ethdev replays addresses.
        o.vsctl("set", "interface", "rep1", "options:n_rxq_desc=1024")
        expect("policy after reconfiguration", o.mac(1), new)
        # One that another VF has is refused, and changes nothing.
        o.vsctl("set", "interface", "rep1", "options:dpdk-vf-mac=%s" % o.mac(2))
        expect("policy after a refusal", o.mac(1), new)
        expect("log of the refusal", o.mac(2) in "\n".join(o.complaints()).lower(), True)
        o.vsctl("set", "interface", "rep1", "options:dpdk-vf-mac=%s" % old)
        o.ns[1].run("ip link set vf1 address " + old)
        expect("replies with the first one again", o.ns[1].ping("10.0.0.1", 3)[0], 3)


def jumbo():
    """mtu_request of 9000 on the ports, with a policy that allows it; the smaller of the two counts."""
    with ovs(policy="[default]\nmtu = 9000\n[vf 2]\nmtu = 1500\n", ports=False) as o:
        # The PF's MTU can't be less than its VFs': what OVS wants if nothing is said is refused in words.
        o.vsctl("add-port", BRIDGE, "up", "--", "set", "interface", "up", "type=dpdk", "options:dpdk-devargs=" + PF)
        expect("a PF of MTU 1500", o.interface("up", "error") != "[]", True)
        expect("log of that", "PF mtu: 1500 is below the 9000 of vf 0" in o.log_text(), True)
        o.vsctl("del-port", "up")
        refused = len(o.complaints())
        o.add("up", PF, "mtu_request=9000")
        for vf in o.reps:
            o.add("rep%d" % vf, "%s,representor=vf%d" % (PF, vf))
        for name in ("up", "rep0", "rep1", "rep2"):
            o.vsctl("set", "interface", name, "mtu_request=9000")
            until("mtu of " + name, lambda: o.interface(name, "mtu"), "9000")  # pylint: disable=cell-var-from-loop
            expect("error of " + name, o.interface(name, "error"), "[]")
        expect("further complaints", o.complaints()[refused:], [])
        for ns in o.ns.values():
            ns.run("ip link set %s mtu 9000" % ns.interface)
        expect("VF 0's MTU", o.ask("vf", 0)["state"]["mtu"], 9000)
        expect("replies of 9000 octets", o.ns[0].ping("10.0.0.2", 3, 8972, "-M do")[0], 3)
        expect("the same from the wire", o.ns[0].ping("10.0.0.9", 3, 8972, "-M do")[0], 3)
        expect("to a VF of MTU 1500", o.ns[0].ping("10.0.0.3", 2, 8972, "-M do")[0], 0)
        expect("drops for its size", o.ask("stats", 2)["rx_mtu"], 2)
        # VF 3's representor stays at 1500, whatever its policy allows: OVS drops what is sent to it.
        expect("to a representor of MTU 1500", o.ns[0].ping("10.0.0.4", 2, 8972, "-M do")[0], 0)
        # 1928 octets fit into the buffers of a port of MTU 1500; net_tap itself drops what does not.
        expect("from a VF behind it", o.ns[3].ping("10.0.0.1", 2, 1900, "-M do")[0], 0)
        expect_range("drops of VF 3 for its size", o.ask("stats", 3)["tx_mtu"], 2, 3)
        expect_range("TCP bit/s", o.ns[0].iperf(o.ns[1], "10.0.0.2", 1), 20e6, 1e12)
        o.vsctl("set", "interface", "rep0", "mtu_request=1500")
        until("mtu afterwards", lambda: o.interface("rep0", "mtu"), "1500")
        expect("VF 0's MTU afterwards", o.ask("vf", 0)["state"]["mtu"], 1500)
        expect("replies of 1500 octets", o.ns[0].ping("10.0.0.2", 3, 1472, "-M do")[0], 3)


def changes_under_load():
    """Ports that go and come, MTUs and addresses that change, while TCP and ping run: OVS lives, and traffic resumes."""
    with ovs(policy="[default]\nmtu = 9000\n", ports=False) as o:
        o.add("up", PF, "mtu_request=9000")
        for vf in o.reps:
            o.add("rep%d" % vf, "%s,representor=vf%d" % (PF, vf))
        server = o.ns[1].popen("iperf3", "-s", "-1")
        until("server", lambda: ":5201 " in o.ns[1].run("ss -Hltn"), True)
        load = [o.ns[0].popen("iperf3", "-c", "10.0.0.2", "-t", "60"),
                o.ns[2].popen("ping", "-q", "-f", "10.0.0.4"), o.ns[2].popen("ping", "-q", "-f", "10.0.0.9")]
        for i in range(6):
            for name in ("rep1", "rep3", "up"):
                o.vsctl("set", "interface", name, "mtu_request=%d" % (9000 if name == "up" or i % 2 else 2000))
            o.vsctl("del-port", "rep0")
            o.add("rep0", "%s,representor=vf0" % PF)
            o.vsctl("set", "interface", "rep2", "options:n_rxq_desc=%d" % (1024 << i % 2))
            o.vsctl("set", "interface", "rep3", "options:n_rxq=%d" % (1 + i % 2))
            o.ask("vf/set", 1, "vlan=%s" % ("off", "all")[i % 2])
        expect("processes that gave up", [p.args for p in load[1:] if p.poll() is not None], [])
        for p in load + [server]:
            p.kill()
            p.communicate()
        replies = [o.ns[0].ping(a, 3)[0] for a in ("10.0.0.2", "10.0.0.4", "10.0.0.9")]
        expect("replies afterwards", replies, [3, 3, 3])
        expect("complaints", [c for c in o.complaints() if "Too big size" not in c], [])


if __name__ == "__main__":
    main([removal_and_return, representor_asked_for_later, other_devices, mac_of_the_vf, jumbo, changes_under_load])
