# SPDX-License-Identifier: BSD-3-Clause
# Copyright(c) 2026 eswitch contributors
"""What "./run bench" measures: this e-switch and its peers, each a Case that says how it is set up.

In a case on one core eswitch-bench has both ends in its process and does everything. On two cores either one sends and
the other receives, or the second belongs to a program of its own that forwards (testpmd, l2fwd, OVS-DPDK).
"""
import contextlib
import json
import os
import re
import shutil
import subprocess
import time

from .sandbox import die_with_parent
from .switch import BUILD

BENCH = os.path.join(BUILD, "app/eswitch-bench")
PF = "net_eswitch_pf0"
POLICY = "[default]\nvlan = access 100\ntrust = on\n"
MEGABYTES = 256  # of each process
TIMEOUT = 60  # seconds that one measurement may take


class Failed(Exception):
    """A case could not be measured; the text says why."""


class Place:
    """Where a run happens: a private folder, the kind of memory, the cores."""

    def __init__(self, folder, huge, cores, l2fwd):
        self.folder = folder
        self.huge = huge
        self.cores = cores  # numbers of two cores, or of one
        self.l2fwd = l2fwd  # program, or the reason why there is none
        self.n = 0
        with open(os.path.join(folder, "policy.ini"), "w", encoding="utf-8") as f:
            f.write(POLICY)

    def eal(self, role, cores):
        """EAL arguments of a process, all but its devices."""
        memory = ["--in-memory"] if self.huge else ["--no-huge"]
        # One file for all memory: zero copy of memif and vhost hand file descriptors over.
        return memory + ["--single-file-segments", "-m", str(MEGABYTES), "--no-pci", "--log-level=error",
                         "-l", ",".join(str(c) for c in cores), "--file-prefix=bench%d%s" % (os.getpid(), role)]


def start(argv, log):
    """A process that goes when this one goes; its standard input stays open, which keeps testpmd running."""
    with open(log, "w", encoding="utf-8") as f:
        return subprocess.Popen(argv, stdin=subprocess.PIPE, stdout=f, stderr=f, preexec_fn=die_with_parent)


def end(process):
    """Stop a process that start() started: by its number, and whatever it does."""
    process.terminate()
    try:
        process.wait(5)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
    process.stdin.close()


class Case:
    """devices: --vdev of the bench; ports: its arguments that name ports; "{run}" is the private folder.

    forwarder: None, or (place, memif option) -> argv of a second process with two memif servers.
    """

    def __init__(self, name, title, devices, ports, cores=1, forwarder=None):
        self.name = name
        self.title = title
        self.devices = devices
        self.ports = ports
        self.cores = cores
        self.forwarder = forwarder
        self.hop = cores == 1

    def missing(self, place):
        """Why this can not be measured here, or ""."""
        if self.cores > len(place.cores):
            return "needs two cores"
        if self.forwarder is not None and isinstance(self.forwarder(place), str):
            return self.forwarder(place)
        return ""

    @contextlib.contextmanager
    def up(self, place):
        """Set up; yields a function(modes and options) -> (exit code, report or None, output)."""
        for name in os.listdir(place.folder):
            if name.endswith(".sock"):
                os.unlink(os.path.join(place.folder, name))
        yield lambda *args: self.run_with_forwarder(place, args)

    def run_with_forwarder(self, place, args):
        """One eswitch-bench, and a forwarder for it alone: net_memif does not survive every end of its other side."""
        if self.forwarder is None:
            return self.run(place, args)
        log = os.path.join(place.folder, "forwarder.log")
        other = start(self.forwarder(place), log)
        wait_until_ready(other, log)
        try:
            return self.run(place, args)
        finally:
            end(other)

    def run(self, place, args):
        """One eswitch-bench."""
        report = os.path.join(place.folder, "report.json")
        with contextlib.suppress(FileNotFoundError):
            os.unlink(report)
        cores = place.cores[:1] if self.forwarder is not None else place.cores[:self.cores]
        argv = [BENCH] + place.eal("bench", cores)
        argv += ["--vdev=" + d.format(run=place.folder) for d in self.devices] + ["--"] + list(args)
        argv += [p.format(run=place.folder) for p in self.ports] + ["--json", report]
        try:
            p = subprocess.run(argv, stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=TIMEOUT,
                               check=False, preexec_fn=die_with_parent)
        except subprocess.TimeoutExpired:
            raise Failed("not done after %d s" % TIMEOUT) from None
        if not os.path.exists(report):
            return p.returncode, None, p.stdout + p.stderr
        with open(report, encoding="utf-8") as f:
            return p.returncode, json.load(f), p.stdout + p.stderr


def wait_until_ready(process, log):
    """Until the forwarder's ports are started: a memif server that is not turns its client away for good."""
    text = ""
    for _ in range(100):
        with open(log, encoding="utf-8", errors="replace") as f:
            text = f.read()
        if re.search("Press enter to exit|Checking link status", text):
            return
        if process.poll() is not None:
            break
        time.sleep(0.1)
    end(process)
    raise Failed("the forwarder did not come up: %s" % (text.strip().splitlines() or ["it said nothing"])[-1])


class OvsCase:
    """OVS-DPDK with one PMD core between two virtio-user ports, actions=normal."""

    name = "ovs"
    title = "OVS-DPDK, virtio-user ports, actions=normal"
    cores = 2
    hop = False
    forwarder = True

    def __init__(self, make, why_not):
        self.make = make
        self.why_not = why_not

    def missing(self, place):
        """Why this can not be measured here, or ""."""
        if len(place.cores) < 2 or place.cores[:2] != [0, 1]:
            return "needs the cores 0 and 1"
        return self.why_not() or ("" if place.huge else "OVS needs hugepages, and too few are free")

    @contextlib.contextmanager
    def up(self, _place):
        """As Case.up."""
        ovs = self.make()
        try:
            yield ovs.attempt
            ovs.stop()
        finally:
            ovs.remove()


def eswitch(n_vfs):
    """The devices of a PF with VFs."""
    pf = "%s,vfs=%d,mode=veb,policy={run}/policy.ini" % (PF, n_vfs)
    return [pf] + ["net_eswitch_vf%d,pf=%s,vf=%d" % (i, PF, i) for i in range(n_vfs)]


def memif_pair(more=""):
    """Two memif ports, the ends of one connection."""
    return ["net_memif0,role=server,id=0,socket={run}/memif.sock,socket-abstract=no",
            "net_memif1,role=client,id=0,socket={run}/memif.sock,socket-abstract=no" + more]


def memif_clients():
    """The bench's ports to a forwarder."""
    return ["net_memif%d,role=client,id=0,socket={run}/fwd%d.sock,socket-abstract=no" % (i, i) for i in range(2)]


def memif_servers(place):
    """The forwarder's ports."""
    return ["--vdev=net_memif%d,role=server,id=0,socket=%s/fwd%d.sock,socket-abstract=no" % (i, place.folder, i)
            for i in range(2)]


def testpmd(place):
    """DPDK's testpmd: the frames of each port to the other, untouched."""
    program = shutil.which("dpdk-testpmd")
    if program is None:
        return "there is no dpdk-testpmd"
    eal = place.eal("forwarder", place.cores) + ["--main-lcore=%d" % place.cores[0]]
    return ["stdbuf", "-oL", program] + eal + memif_servers(place) + [
        "--", "--forward-mode=io", "--auto-start", "--total-num-mbufs=16384", "--no-mlockall"]


def l2fwd(place):
    """DPDK's example, which leaves the addresses as they are when told so."""
    if not os.path.isabs(place.l2fwd):
        return place.l2fwd
    return ["stdbuf", "-oL", place.l2fwd] + place.eal("forwarder", place.cores[1:]) + memif_servers(place) + [
        "--", "-p", "3", "-q", "2", "-T", "0", "--no-mac-updating"]


def ports(tx, rx, *more):
    """Arguments that name ports."""
    return ["--tx", tx, "--rx", rx] + list(more)


def virtio(packed, to_vhost):
    """virtio-user and vhost in one process."""
    plug = "net_virtio_user0,path={run}/vhost.sock,queues=1,mac=02:00:00:00:00:01,packed_vq=%d" % packed
    ends = ("net_virtio_user0", "net_vhost0") if to_vhost else ("net_vhost0", "net_virtio_user0")
    name = ("virtio-vhost" if to_vhost else "vhost-virtio") + ("-packed" if packed else "")
    title = "%s, %s ring" % ("virtio-user to vhost" if to_vhost else "vhost to virtio-user",
                             "packed" if packed else "split")
    return Case(name, title, ["net_vhost0,iface={run}/vhost.sock"], ports(*ends, "--plug", plug))


RING = ports("net_ring0", "net_ring0")
MEMIF = ports("net_memif1", "net_memif0")
VF_PAIR = ports("net_eswitch_vf0", "net_eswitch_vf1")
ALL_VFS = ports("net_eswitch_vf0", "net_eswitch_vf[0-7]", "--macs", "64")


def standard(ovs):
    """All cases of the standard set, in the order in which a round measures them."""
    forwarded = ports("net_memif0", "net_memif1")
    return [
        Case("e-switch", "e-switch, VF to VF", eswitch(2), VF_PAIR),
        Case("e-switch-8vfs", "e-switch, 8 VFs, 64 addresses, another at each frame", eswitch(8), ALL_VFS),
        Case("e-switch-copied", "e-switch, VF to VF, copied to the receiver's pool", eswitch(2),
             VF_PAIR + ["--pools", "separate"]),
        Case("net_ring", "net_ring (a pointer, nothing checked)", ["net_ring0"], RING),
        Case("memif", "net_memif", memif_pair(), MEMIF),
        Case("memif-zc", "net_memif, zero copy", memif_pair(",zero-copy=yes"), MEMIF),
        virtio(False, True), virtio(False, False), virtio(True, True), virtio(True, False),
        Case("e-switch-2cores", "e-switch, VF to VF", eswitch(2), VF_PAIR, 2),
        Case("net_ring-2cores", "net_ring", ["net_ring0"], RING, 2),
        Case("memif-2cores", "net_memif", memif_pair(), MEMIF, 2),
        Case("testpmd", "testpmd io over net_memif", memif_clients(), forwarded, 2, testpmd),
        Case("l2fwd", "DPDK's l2fwd over net_memif", memif_clients(), forwarded, 2, l2fwd),
        ovs,
    ]
