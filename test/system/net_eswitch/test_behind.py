# SPDX-License-Identifier: BSD-3-Clause
# Copyright(c) 2026 eswitch contributors
"""
Ports of DPDK's own drivers behind the wire and behind VFs, frames both ways. net_ring is in test_devargs.py and the
unit tests; net_tap and net_af_packet are in the tests of vfswitch.
"""
import contextlib
import os
import shutil
import struct
import tempfile

from testpmd import PF, HugeDir, Testpmd, equal, expect, main, policy_file, wait_for

REP = PF + "_representor_vf1"


@contextlib.contextmanager
def folder():
    path = tempfile.mkdtemp(prefix="esw-behind-")
    try:
        yield path
    finally:
        shutil.rmtree(path, ignore_errors=True)


def write_pcap(path, frames):
    with open(path, "wb") as f:
        f.write(struct.pack("<IHHiIII", 0xa1b2c3d4, 2, 4, 0, 0, 65535, 1))
        for frame in frames:
            f.write(struct.pack("<IIII", 0, 0, len(frame), len(frame)) + frame)


def read_pcap(path):
    with open(path, "rb") as f:
        data = f.read()[24:]
    frames = []
    while len(data) >= 16:
        size = struct.unpack("<8xI4x", data[:16])[0]
        frames.append(data[16:16 + size])
        data = data[16 + size:]
    return frames


def frame(number):
    return bytes.fromhex("ffffffffffff" "020000000055" "88b5") + bytes([number]) * 50


def test_pcap_uplink(so):
    """Three frames come out of a file, reach the PF, are sent back by testpmd and stand in another file."""
    with folder() as path:
        write_pcap(f"{path}/in.pcap", [frame(i) for i in range(3)])
        t = Testpmd(so, ["--vdev", f"net_pcap0,rx_pcap={path}/in.pcap,tx_pcap={path}/out.pcap",
                         "--vdev", f"{PF},uplink=net_pcap0"], app=["--no-flush-rx"])
        port = t.ports()[PF]
        t.do("set fwd io", "start")
        wait_for(lambda: t.xstats(port)["uplink_tx_packets"] == 3, "three frames there and back")
        t.do("stop")
        equal(t.xstats(port)["rx_delivered"], 3, "frames for the PF")
        equal(t.quit(), 0, "exit status")
        equal(read_pcap(f"{path}/out.pcap"), [frame(i) for i in range(3)], "frames in the file")


def test_pcap_behind_a_vf(so):
    """The frames' source is nobody's: its VF may send them with spoofchk off alone."""
    for spoofchk, count in (("on", "tx_spoof"), ("off", "tx_forwarded")):
        with folder() as path, policy_file(f"[vf 1]\nspoofchk = {spoofchk}\n") as policy:
            write_pcap(f"{path}/in.pcap", [frame(i) for i in range(3)])
            t = Testpmd(so, ["--vdev", f"{PF},vfs=2,representor=1,attach=vf1:net_pcap0,policy={policy}",
                             "--vdev", f"net_pcap0,rx_pcap={path}/in.pcap,tx_pcap={path}/out.pcap"],
                        app=["--no-flush-rx"])
            t.do(f"set portlist {t.ports()[REP]}", "set fwd io", "start")
            wait_for(lambda t=t, count=count: t.xstats(t.ports()[REP])[count] == 3, count)
            t.do("stop")
            equal(t.quit(), 0, "exit status")
            equal(len(read_pcap(f"{path}/out.pcap")), 3 if spoofchk == "off" else 0, "frames sent back")


def received(t, port):
    return int(t.do(f"show port stats {port}").split("RX-packets: ")[1].split()[0])


# DPDK's net_memif (22.11 and later) has two races of its own with EAL's interrupt thread, whoever uses it. They end a
# process with SIGSEGV once in some dozen times, so these tests keep out of their way:
# - memif_socket_remove_device() frees the listener of role=server but leaves it registered, an interrupt source whose
#   handle is in DPDK's memory. rte_eal_cleanup() unmaps that memory while the interrupt thread, woken last by
#   rte_eal_alarm_cleanup(), still walks its sources (rte_intr_fd_get() in eal_intr_thread_main() and
#   eal_intr_process_interrupts()). So a process with role=server is killed and does not end in order.
# - memif_disconnect() holds a lock for pmd->cc alone. The thread that stops a port and the interrupt thread, when the
#   other end goes, free the same region in memif_free_regions() ("EAL: Error: Invalid memory"), or one that is being
#   polled. So the ends are in two processes, and neither is stopped or polled while the other one goes.


@contextlib.contextmanager
def memif_server(so):
    """Another process with role=server, which the end of the test kills; and the devargs of its client."""
    with folder() as path:
        link = f"id=0,socket={path}/memif.sock,socket-abstract=no"
        far = Testpmd(so, ["--vdev", f"net_memif0,role=server,{link}"], app=["--no-flush-rx"], lcores="(2-3)@1")
        yield far, f"net_memif0,role=client,{link}"


def both_ways(t, near, backing, far):
    """near: PF or representor, sends all back that it gets. far: the process at the other end of what lies behind."""
    t.do(f"set portlist {near}", "set fwd io", "start")
    far.do("set fwd flowgen", "start")  # receives and sends
    wait_for(lambda: t.xstats(near)[f"{backing}_rx_packets"] > 0, "frames of the port behind")
    wait_for(lambda: t.xstats(near)[f"{backing}_tx_packets"] > 0, "frames for the port behind")
    wait_for(lambda: received(far, 0) > 0, "frames at the other end")
    far.do("stop")
    t.do("stop")


def test_memif_uplink(so):
    with memif_server(so) as (far, client):
        t = Testpmd(so, ["--vdev", client, "--vdev", f"{PF},uplink=net_memif0"], app=["--no-flush-rx"])
        port = t.ports()[PF]
        both_ways(t, port, "uplink", far)
        expect(t.xstats(port)["rx_delivered"] > 0, "the PF receives")
        equal(t.quit(), 0, "exit status")


def test_memif_behind_a_vf(so):
    """The VF's link goes down with its policy, whatever memif says."""
    with memif_server(so) as (far, client), policy_file("[vf 1]\nspoofchk = off\n") as policy:
        t = Testpmd(so, ["--vdev", f"{PF},vfs=2,representor=1,attach=vf1:net_memif0,policy={policy}",
                         "--vdev", client], app=["--no-flush-rx"])
        port = t.ports()[REP]
        both_ways(t, port, "backing", far)
        t.do(f"set link-down port {port}", "set fwd flowgen", "start")
        wait_for(lambda: t.xstats(port)["rx_link_down"] > 0, "frames for a VF whose link is down")
        t.do("stop")
        equal(t.quit(), 0, "exit status")


def test_vhost_behind_a_vf(so):
    """As to a guest: a virtio-user port of another process at the other end, both on hugepages."""
    with HugeDir() as huge, folder() as path, policy_file("[vf 1]\nspoofchk = off\n") as policy:
        memory = ("--huge-dir", huge, "-m", "128", "--single-file-segments")
        virtio = ["--vdev", f"net_virtio_user0,path={path}/vhost.sock,queues=1"]
        t = Testpmd(so, ["--vdev", f"{PF},vfs=2,representor=1,attach=vf1:net_vhost0,policy={policy}",
                         "--vdev", f"net_vhost0,iface={path}/vhost.sock,queues=1"],
                    app=["--no-flush-rx"], memory=memory)
        port = t.ports()[REP]
        wait_for(lambda: os.path.exists(f"{path}/vhost.sock"), "socket")
        # flowgen receives and sends; txonly would never poll
        t.do(f"set portlist {port}", "set fwd flowgen", "start")
        for _ in range(2):
            before = t.xstats(port)
            guest = Testpmd(so, virtio, app=["--no-flush-rx"], memory=memory, lcores="(2-3)@1")
            guest.do("set fwd flowgen", "start")
            wait_for(lambda b=before: t.xstats(port)["backing_rx_packets"] > b["backing_rx_packets"], "from the guest")
            wait_for(lambda b=before: t.xstats(port)["backing_tx_packets"] > b["backing_tx_packets"], "to the guest")
            wait_for(lambda g=guest: received(g, 0) > 0, "the guest receives")
            # it dies, and another one takes its place; nobody is held up meanwhile
            guest.kill()
            before = t.xstats(port)["rep_tx_forwarded"]
            wait_for(lambda b=before: t.xstats(port)["rep_tx_forwarded"] > b, "the representor sends on")
        t.do("stop")
        equal(t.quit(), 0, "exit status")


def test_wire_takes_the_link_of_its_port_along(so):
    """The far end of the uplink goes: VFs with link = auto lose their carrier, one with link = up does not."""
    with folder() as path, policy_file("[vf 1]\nlink = up\n") as policy:
        link = f"id=0,socket={path}/memif.sock,socket-abstract=no"
        t = Testpmd(so, ["--vdev", f"net_memif0,role=server,{link}",
                         "--vdev", f"{PF},vfs=2,uplink=net_memif0,policy={policy}",
                         "--vdev", "net_eswitch_vf0,pf=net_eswitch_pf0,vf=0",
                         "--vdev", "net_eswitch_vf1,pf=net_eswitch_pf0,vf=1"], app=["--no-flush-rx"])
        ports = t.ports()
        vf = [ports["net_eswitch_vf0"], ports["net_eswitch_vf1"]]
        equal(t.info(vf[0])["Link status"], "down", "link while nobody is there")
        far = Testpmd(so, ["--vdev", f"net_memif0,role=client,{link}"], app=["--no-flush-rx"], lcores="(2-3)@1")
        wait_for(lambda: t.info(vf[0])["Link status"] == "up", "link")
        far.do("port stop 0")
        wait_for(lambda: t.info(vf[0])["Link status"] == "down", "link lost")
        equal(t.info(vf[1])["Link status"], "up", "link of the other VF")
        expect("link state change event" in t.output, "LSC event of the VF")
        far.do("port start 0")
        wait_for(lambda: t.info(vf[0])["Link status"] == "up", "link again")
        t.kill()  # it has role=server, see above: a client is what connects again


if __name__ == "__main__":
    main(globals())
