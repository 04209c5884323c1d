# SPDX-License-Identifier: BSD-3-Clause
# Copyright(c) 2026 eswitch contributors
"""
DPDK's own watchers as secondary processes: dpdk-proc-info and dpdk-pdump on PF, representor and VF.

A mempool of one process is known to the other by the number of its driver. Debian's dpdk-testpmd is linked against the
one of DPAA, which dpdk-pdump would only meet after others: it is loaded first, or no pool of dpdk-pdump's works in
dpdk-testpmd, whatever the ports are.
"""
import contextlib
import glob
import os
import select
import signal
import subprocess
import tempfile

from testpmd import PF, Failed, HugeDir, Testpmd, equal, expect, main, wait_for

VDEVS = ["--vdev", f"{PF},vfs=2,representor=vf0", "--vdev", "net_eswitch_vf0,pf=net_eswitch_pf0,vf=0"]
REP = PF + "_representor_vf0"
VF = 2


def environment():
    found = glob.glob("/usr/lib/*/librte_mempool_dpaa.so.23")
    if not found:
        return dict(os.environ)
    return {**os.environ, "LD_PRELOAD": found[0]}


def watched(so, huge):
    return Testpmd(so, VDEVS, app=["--no-flush-rx"], memory=("--huge-dir", huge, "-m", "128", "--proc-type=primary"))


def test_proc_info(so):
    with HugeDir() as huge:
        t = watched(so, huge)
        t.do(f"set portlist {VF}", "set fwd txonly", "start")
        wait_for(lambda: t.xstats(VF)["tx_forwarded"] > 0, "VF 0 sends")
        for option, says in (("--stats", "TX-packets"), ("--xstats", "tx_forwarded"),
                             ("--show-port", "net_eswitch_vf0"), ("--show-port-private", "device " + PF)):
            p = subprocess.run(["dpdk-proc-info", "--no-pci", "--file-prefix", t.prefix, "-d", so, "--",
                                option, "-p", "0x7"], capture_output=True, text=True, timeout=30, check=False)
            equal(p.returncode, 0, option + p.stderr)
            expect(says in p.stdout, f"{option}: {p.stdout}")
        before = t.xstats(VF)["tx_forwarded"]
        wait_for(lambda: t.xstats(VF)["tx_forwarded"] > before, "traffic goes on")
        t.do("stop")
        equal(t.quit(), 0, "exit status")


def capture(so, t, port, side, path):
    """dpdk-pdump until something stands in the file. @return its size, what was said"""
    pcap = f"{path}/{side}"  # longer names are cut off
    with open(f"{path}/log", "w", encoding="utf-8") as log:
        p = subprocess.Popen(["dpdk-pdump", "--no-pci", "--lcores=(4-5)@0", "--file-prefix", t.prefix, "-d", so,
                              "--", "--pdump", f"device_id={port},queue=*,{side}-dev={pcap}"],
                             stdin=subprocess.DEVNULL, stdout=log, stderr=log, env=environment())
        with contextlib.suppress(Failed):
            wait_for(lambda: os.path.exists(pcap) and os.path.getsize(pcap) > 1000, "frames", 10)
        p.send_signal(signal.SIGINT)
        p.wait(20)
    while select.select([t.master], [], [], 0.2)[0]:  # what the primary says about the visitor
        t.output += os.read(t.master, 65536).decode(errors="replace")
    with open(f"{path}/log", encoding="utf-8") as log:
        return os.path.getsize(pcap) if os.path.exists(pcap) else 0, log.read()


def test_pdump(so):
    with HugeDir() as huge, tempfile.TemporaryDirectory(prefix="esw-pdump-") as path:
        t = watched(so, huge)
        t.do("set portlist 1,2", "set fwd io", "start tx_first")
        for port, side in ((REP, "rx"), ("net_eswitch_vf0", "tx")):
            size, text = capture(so, t, port, side, path)
            expect(size > 1000, f"nothing captured, {side} of {port}: {text}")
        before = t.xstats(VF)["tx_forwarded"]
        wait_for(lambda: t.xstats(VF)["tx_forwarded"] > before, "traffic goes on")
        t.do("stop")
        equal(t.quit(), 0, "exit status")


if __name__ == "__main__":
    main(globals())
