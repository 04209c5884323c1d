# SPDX-License-Identifier: BSD-3-Clause
# Copyright(c) 2026 eswitch contributors
"""Every device argument: that it does what it says, and what is refused."""
import re
import shutil
import subprocess

from testpmd import PF, Skip, Testpmd, equal, expect, main, policy_file, wait_for

VF0 = ["--vdev", "net_eswitch_vf0,pf=net_eswitch_pf0,vf=0"]
VF1 = ["--vdev", "net_eswitch_vf1,pf=net_eswitch_pf0,vf=1"]


def refused(so, args, says):
    t = Testpmd(so, ["--vdev", args], must_start=False)
    expect(says in t.start, f"{args}: {t.start}")
    expect(not t.up() or t.ports() == {}, f"{args}: there are ports")


def test_refused(so):
    """One of each kind; the unit tests have them all."""
    refused(so, f"{PF},vfs=0", "vfs: 0 is out of range 1 to 256")
    refused(so, f"{PF},vfs=257", "vfs: 257 is out of range 1 to 256")
    refused(so, f"{PF},polcy=x", "'polcy' is not a known key")
    refused(so, f"{PF},vfs=2,representor=vf2", "representor: VF 2 is out of range 0 to 1")
    refused(so, f"{PF},vfs=64,representor=[0-31]", "33 ports are needed and 32 of RTE_MAX_ETHPORTS (32) are left")


def test_policy_file_refused(so):
    with policy_file("[vf 0]\nspoofchk = off\nmtu = 67\n") as path:
        refused(so, f"{PF},vfs=1,policy={path}", f"{path}:3: mtu: ")
    with policy_file("[vf 0]\nmac = 02:00:00:00:00:01\n[vf 1]\nmac = 02:00:00:00:00:01\n") as path:
        refused(so, f"{PF},vfs=2,policy={path}", f"{path}:4: mac: 02:00:00:00:00:01 is the address of VF 0 already")
    with policy_file("[vf 0]\nmtu = 9217\n") as path:  # the file does not know the device
        refused(so, f"{PF},vfs=1,policy={path}", f"{path}: vf 0: mtu: 9217 is out of range 68 to 9216")
    refused(so, f"{PF},vfs=1,policy=/no/such/file", "/no/such/file")


def test_no_arguments(so):
    t = Testpmd(so, ["--vdev", PF])
    expect("Controller 0, PF 0, VF 0" in t.do("show port info 0 representor"), "one VF")
    equal(t.info(0)["Link speed"], "100 Gbps", "speed")
    equal(t.quit(), 0, "exit status")


def test_256_vfs(so):
    t = Testpmd(so, ["--vdev", f"{PF},vfs=256,representor=[0,255]",
                     "--vdev", "net_eswitch_vf0,pf=net_eswitch_pf0,vf=255"],
                memory=("--no-huge", "-m", "512"))
    equal(len(t.ports()), 4, "ports")
    equal(t.info(2)["MAC address"], t.info(3)["MAC address"], "MAC of VF 255 and of its representor")
    equal(t.quit(), 0, "exit status")


def test_speed_mtu(so):
    t = Testpmd(so, ["--vdev", f"{PF},speed=25000,mtu=4000", *VF0])
    equal(t.info(0)["Link speed"], "25 Gbps", "speed of the PF")
    equal(t.info(1)["Link speed"], "25 Gbps", "speed of the VF")
    equal(t.info(0)["Maximum configurable length of RX packet"], "4018", "longest frame")
    expect("(4001) > device max MTU (4000)" in t.do("port config mtu 0 4001"), "MTU")
    equal(t.quit(), 0, "exit status")


def test_seed_makes_addresses(so):
    macs = []
    for seed in ("1", "1", "2"):
        t = Testpmd(so, ["--vdev", f"{PF},vfs=2,seed={seed}", *VF0, *VF1])
        macs.append((t.info(0)["MAC address"], t.info(1)["MAC address"], t.info(2)["MAC address"]))
        equal(t.quit(), 0, "exit status")
    equal(macs[0], macs[1], "same seed")
    equal(len({m for row in macs[1:] for m in row}), 6, "different addresses")


def test_mode_veb(so):
    """A VF reaches the other one without anybody polling the PF."""
    t = Testpmd(so, ["--vdev", f"{PF},vfs=2,mode=veb,seed=7", *VF0, *VF1], app=["--no-flush-rx"])
    peer = t.info(2)["MAC address"]
    t.do(f"set eth-peer 1 {peer}", "set portlist 1,2", "set fwd mac", "set portlist 1", "set fwd txonly", "start")
    wait_for(lambda: t.xstats(1)["tx_forwarded"] > 0, "VF 0 sends")
    t.do("stop")
    equal(t.xstats(1)["tx_spoof"], 0, "spoofed")
    expect(t.xstats(2)["rx_delivered"] > 0, "VF 1 receives")
    equal(t.quit(), 0, "exit status")


def test_policy_file(so):
    with policy_file("[vf 0]\nmac = 02:00:00:00:be:ef\nlink = down\n[vf 1]\ntrust = on\n") as path:
        t = Testpmd(so, ["--vdev", f"{PF},vfs=2,policy={path}", *VF0, *VF1])
    equal(t.info(1)["MAC address"], "02:00:00:00:BE:EF", "MAC")
    equal(t.info(1)["Link status"], "down", "link")
    equal(t.info(1)["Promiscuous mode"], "disabled", "VF 0 is not trusted")
    equal(t.info(2)["Promiscuous mode"], "enabled", "VF 1 is")
    equal(t.quit(), 0, "exit status")


def test_uplink_before_and_after(so):
    """net_ring devices loop what they are given: what the PF sends to the wire comes back."""
    for order in ((0, 1), (1, 0)):
        vdevs = [["--vdev", "net_ring0"], ["--vdev", f"{PF},uplink=net_ring0"]]
        t = Testpmd(so, [*vdevs[order[0]], *vdevs[order[1]]], app=["--no-flush-rx"])
        ports = t.ports()
        equal(list(ports), [PF], "ports that testpmd may use")
        port = ports[PF]
        wait_for(lambda: t.info(port)["Link status"] == "up", "link")
        t.do("set fwd io", "start tx_first")
        wait_for(lambda: t.xstats(port)["uplink_rx_packets"] > 100, "frames come back")
        t.do("stop")
        expect(t.xstats(port)["rx_delivered"] > 0, "the PF receives")
        equal(t.quit(), 0, "exit status")


def test_attach(so):
    """VF 1 is a looping port: what its representor sends to it comes back."""
    t = Testpmd(so, ["--vdev", f"{PF},vfs=2,representor=vf1,attach=vf1:net_ring0,policy={POLICY}", "--vdev", "net_ring0"],
                app=["--no-flush-rx"])
    equal(sorted(t.ports()), [PF, PF + "_representor_vf1"], "ports")
    t.do("set portlist 1", "set fwd io", "start tx_first")
    wait_for(lambda: t.xstats(1)["backing_tx_packets"] > 0, "frames for the VF reach its port")
    wait_for(lambda: t.xstats(1)["backing_rx_packets"] > 0, "frames of its port reach the e-switch")
    t.do("stop")
    expect(t.xstats(1)["tx_forwarded"] > 0, "and its representor")
    equal(t.quit(), 0, "exit status")


def test_fdb_age(so):
    t = Testpmd(so, ["--vdev", f"{PF},vfs=1,mode=veb,fdb=64,age=1", *VF0])
    equal(t.quit(), 0, "exit status")


def test_pmdinfo_lists_them(so):
    if shutil.which("dpdk-pmdinfo.py") is None:
        raise Skip("no dpdk-pmdinfo.py")
    out = subprocess.run(["dpdk-pmdinfo.py", so], capture_output=True, text=True, check=True).stdout
    for key in ("vfs", "representor", "mode", "uplink", "attach", "speed", "mtu", "seed", "policy", "control", "fdb", "age"):
        expect(re.search(rf"\b{key}=", out), f"{key} in {out}")


POLICY = ""

if __name__ == "__main__":
    with policy_file("[default]\nspoofchk = off\n") as POLICY:
        main(globals())
