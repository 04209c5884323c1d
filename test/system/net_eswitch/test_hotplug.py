# SPDX-License-Identifier: BSD-3-Clause
# Copyright(c) 2026 eswitch contributors
"""Ports that come and go while others carry traffic."""
from testpmd import PF, Testpmd, equal, expect, main, policy_file, wait_for

VF = "net_eswitch_vf{0},pf=net_eswitch_pf0,vf={0}"


def busy(so):
    """VF 0 and its representor send to each other for ever; three more VFs are there to be plugged."""
    t = Testpmd(so, ["--vdev", f"{PF},vfs=4,representor=[0],policy={POLICY}", "--vdev", VF.format(0)],
                app=["--port-topology=loop", "--no-flush-rx"])
    t.do("set portlist 1,2", "set fwd io", "start tx_first")
    check_busy(t)
    return t


def check_busy(t):
    before = t.xstats(2)["tx_forwarded"]
    wait_for(lambda: t.xstats(2)["tx_forwarded"] > before + 1000, "traffic of VF 0 goes on")


def take_out(t, port, how):
    """
    `how` is detach or close. testpmd forwards on new ports too, stops none that it forwards on and starts with none
    stopped: the others pause for that moment.
    """
    text = t.do("stop", f"port stop {port}", f"port {how} {port}")
    t.do("set portlist 1,2", "start tx_first")
    check_busy(t)
    return text


def test_vf_in_and_out(so):
    t = busy(so)
    for _ in range(3):
        t.do("port attach " + VF.format(1))
        port = t.ports()["net_eswitch_vf1"]
        mac = t.info(port)["MAC address"]
        t.do(f"port start {port}")
        check_busy(t)
        text = take_out(t, port, "detach")
        expect("Done" in text and "net_eswitch_vf1" not in t.ports(), text)
        # never started: comes and goes while the others carry traffic
        t.do("port attach " + VF.format(1))
        text = t.do(f"port detach {t.ports()['net_eswitch_vf1']}")
        expect("Done" in text and "net_eswitch_vf1" not in t.ports(), text)
        check_busy(t)
    t.do("port attach " + VF.format(1))
    equal(t.info(t.ports()["net_eswitch_vf1"])["MAC address"], mac, "the VF's MAC")
    t.do("stop")
    equal(t.quit(), 0, "exit status")


def test_representor_asked_for_later(so):
    t = busy(so)
    text = t.do(f"port attach {PF},representor=[2]")
    expect(f"{PF}_representor_vf2" in t.ports(), text)
    check_busy(t)
    port = t.ports()[f"{PF}_representor_vf2"]
    t.do(f"port start {port}")
    take_out(t, port, "close")
    expect(f"{PF}_representor_vf2" not in t.ports(), "closed")
    check_busy(t)
    text = t.do(f"port attach {PF},representor=pf0vf2")
    expect(f"{PF}_representor_vf2" in t.ports(), text)
    text = t.do(f"port attach {PF},representor=[9]")
    expect("VF 9 is out of range 0 to 3" in text, text)
    t.do("stop")
    equal(t.quit(), 0, "exit status")


def test_refusals(so):
    t = Testpmd(so, ["--vdev", f"{PF},vfs=2,attach=vf1:net_nothing0", "--vdev", VF.format(0)])
    for args, says in (
            ("net_eswitch_vf8,pf=net_eswitch_pf0,vf=2", "vf: 2 is out of range 0 to 1"),
            ("net_eswitch_vf8,pf=net_eswitch_pf0,vf=0", "vf: 0 of net_eswitch_pf0 has a port already, net_eswitch_vf0"),
            ("net_eswitch_vf8,pf=net_eswitch_pf0,vf=1", "handed to port net_nothing0 by attach="),
            ("net_eswitch_vf8,pf=net_eswitch_pf7,vf=1", "pf: there is no device net_eswitch_pf7"),
            ("net_eswitch_vf8", "a VF's port needs pf=<PF device> and vf=<index>"),
            ("net_eswitch_pf0_vf1", "not a device name"),
            ("net_eswitch_pf1,vfs=0", "vfs: 0 is out of range 1 to 256")):
        text = t.do("port attach " + args)
        expect(says in text, f"{args}: {text}")
    equal(sorted(t.ports().values()), [0, 1], "ports")
    equal(t.quit(), 0, "exit status")


def test_pf_goes_before_its_vf(so):
    t = Testpmd(so, ["--vdev", f"{PF},vfs=2,representor=[0-1]", "--vdev", VF.format(0)])
    t.do("port stop 0", "port stop 1", "port stop 2", "port detach 0")
    equal(t.ports(), {"net_eswitch_vf0": 3}, "ports")
    wait_for(lambda: t.info(3)["Link status"] == "down", "link of an orphan is down")
    t.do("set portlist 3", "set fwd txonly", "start")
    wait_for(lambda: t.xstats(3)["tx_link_down"] > 0, "drops are counted")
    t.do("stop", "port stop 3", "port detach 3", f"port attach {PF},vfs=1", "port attach " + VF.format(0))
    equal(len(t.ports()), 2, "ports")
    equal(t.quit(), 0, "exit status")


POLICY = ""

if __name__ == "__main__":
    with policy_file("[default]\nspoofchk = off\n") as POLICY:
        main(globals())
