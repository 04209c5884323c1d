# SPDX-License-Identifier: BSD-3-Clause
# Copyright(c) 2026 eswitch contributors
"""Ports as testpmd shows them, and frames between a VF and its representor."""
from testpmd import PF, Testpmd, equal, expect, main, policy_file, wait_for

VF0 = ["--vdev", "net_eswitch_vf0,pf=net_eswitch_pf0,vf=0"]
VF1 = ["--vdev", "net_eswitch_vf1,pf=net_eswitch_pf0,vf=1"]


def test_names_and_order(so):
    t = Testpmd(so, ["--vdev", f"{PF},vfs=4,representor=vf[0-3]", *VF0])
    ports = t.ports()
    equal(ports, {PF: 0, **{f"{PF}_representor_vf{i}": i + 1 for i in range(4)}, "net_eswitch_vf0": 5}, "ports")
    pf, rep, vf = t.info(0), t.info(1), t.info(5)
    equal(pf["Driver name"], PF[:-1], "driver of the PF")
    equal(vf["Driver name"], "net_eswitch_vf", "driver of the VF")
    equal(pf["Switch domain Id"], rep["Switch domain Id"], "domain of PF and representor")
    expect("Switch domain Id" not in vf, "a VF is not on the switch side")
    equal(vf["MTU"], "1500", "MTU")
    text = t.do("show port info 0 representor")
    expect("Controller 0, PF 0, VF 0..3" in text, text)
    text = t.do("show device info all")
    expect("Port id: 4" in text and "net_eswitch_vf0" in text, text)
    equal(t.quit(), 0, "exit status")


def test_two_pfs(so):
    t = Testpmd(so, ["--vdev", f"{PF},vfs=2,representor=0", "--vdev", "net_eswitch_pf1,vfs=2,representor=1"])
    ports = t.ports()
    equal(sorted(ports.values()), [0, 1, 2, 3], "ports")
    domain = {n: t.info(p)["Switch domain Id"] for n, p in ports.items()}
    expect(domain[PF] != domain["net_eswitch_pf1"], domain)
    equal(domain[PF + "_representor_vf0"], domain[PF], "domain")
    equal(t.quit(), 0, "exit status")


def test_vf_to_representor_and_back(so):
    """Two VFs, their representors bridged by testpmd: what one VF sends reaches the other."""
    t = Testpmd(so, ["--vdev", f"{PF},vfs=2,representor=[0-1],policy={POLICY}", *VF0, *VF1],
                app=["--no-flush-rx"])
    t.do("set portlist 3,4", "set fwd io", "start tx_first 4")
    wait_for(lambda: t.xstats(3)["tx_forwarded"] > 0, "VF 0 sends")
    t.do("stop")
    sent = t.xstats(3)["tx_forwarded"]
    expect(sent >= 128, sent)
    # nobody polled the representors meanwhile: their queues hold what fits
    rep = t.xstats(1)
    equal(rep["rep_rx_delivered"] + rep["rep_rx_full"] + rep["rep_rx_no_buffer"], sent, "frames at the representor")
    t.do("set portlist 1,2", "start")
    wait_for(lambda: t.xstats(4)["rx_delivered"] > 0, "VF 1 receives")
    t.do("stop")
    equal(t.quit(), 0, "exit status")


def test_spoofed_source_is_dropped(so):
    t = Testpmd(so, ["--vdev", f"{PF},vfs=1,representor=0", *VF0])
    t.do("set portlist 2", "set fwd txonly", "start")
    wait_for(lambda: t.xstats(2)["tx_forwarded"] > 0, "own address passes")
    t.do("stop")
    before = t.xstats(2)
    equal(before["tx_spoof"], 0, "spoofed")
    # flowgen makes up addresses
    t.do("set fwd flowgen", "start")
    wait_for(lambda: t.xstats(2)["tx_spoof"] > 0, "spoofed frames counted")
    t.do("stop")
    equal(t.quit(), 0, "exit status")


def test_mac_of_vf_by_representor(so):
    t = Testpmd(so, ["--vdev", f"{PF},vfs=2,representor=[0-1]", *VF0])
    t.do("mac_addr set 1 02:00:00:00:aa:01")
    equal(t.info(3)["MAC address"], "02:00:00:00:AA:01", "the VF's MAC")
    t.do("port stop 3", "port start 3", "port stop 1", "port start 1")
    equal(t.info(3)["MAC address"], "02:00:00:00:AA:01", "after a restart")
    text = t.do("mac_addr set 3 02:00:00:00:aa:02")
    equal(t.info(3)["MAC address"], "02:00:00:00:AA:01", "mac-change = deny: " + text)
    text = t.do("mac_addr set 2 02:00:00:00:aa:01")
    expect("02:00:00:00:AA:01" != t.info(2)["MAC address"], "a MAC twice in one device")
    equal(t.quit(), 0, "exit status")


def test_carrier_by_representor(so):
    t = Testpmd(so, ["--vdev", f"{PF},vfs=1,representor=0", *VF0])
    equal(t.info(2)["Link status"], "up", "link")
    t.do("set link-down port 1")
    wait_for(lambda: t.info(2)["Link status"] == "down", "link down")
    t.do("set link-up port 1")
    wait_for(lambda: t.info(2)["Link status"] == "up", "link up")
    equal(t.quit(), 0, "exit status")


def test_sixteen_queues_with_rss(so):
    t = Testpmd(so, ["--vdev", f"{PF},vfs=1,representor=0", *VF0],
                app=["--rxq=16", "--txq=16", "--rss-ip", "--total-num-mbufs=20000"], memory=("--no-huge", "-m", "256"))
    info = t.info(2)
    equal(info["Current number of RX queues"], "16", "rx queues")
    text = t.do("show port 2 rss-hash key")
    expect("6D5A56DA" in text.upper(), text)
    text = t.do("show port 2 rss reta 128 (0x1,0x0)")
    expect("RSS RETA configuration: hash index=0, queue=0" in text, text)
    t.do("port config 2 rss reta (0,5)")
    text = t.do("show port 2 rss reta 128 (0x1,0x0)")
    expect("hash index=0, queue=5" in text, text)
    t.do("port stop 2", "port start 2", "port 2 rxq 3 stop", "port 2 rxq 3 start")
    equal(t.quit(), 0, "exit status")


def test_reset_and_close(so):
    t = Testpmd(so, ["--vdev", f"{PF},vfs=2,representor=[0-1]", *VF0])
    t.do("port stop 3", "port reset 3", "port start 3")
    equal(t.info(3)["Link status"], "up", "link after reset")
    t.do("port stop all", "port close 0")
    equal(sorted(t.ports().values()), [1, 2, 3], "ports after the PF's is closed")
    t.do("port start 1", "port stop 1", "port close 1", "port close 3")
    equal(sorted(t.ports().values()), [2], "ports")
    equal(t.quit(), 0, "exit status")


POLICY = ""

if __name__ == "__main__":
    with policy_file("[default]\nspoofchk = off\n") as POLICY:
        main(globals())
